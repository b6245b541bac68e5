"""Simulated permissions."""

import pytest

from onboarding.checks.permissions import check_permissions
from portal.aws.facts.simulations import SimulationFact
from portal.findings.shapes import Evidence

ROLE = "arn:aws:iam::222222222222:role/ClickHouseManagementRole"
CODE = "permissions.simulated"


def answer(action="ec2:CreateVpc", decision="allowed", **more):
    return {"EvalActionName": action, "EvalResourceName": "*", "EvalDecision": decision, **more}


def judged(*answers, needed=("ec2:CreateVpc",)):
    results = None if answers == (None,) else [SimulationFact.from_aws(found) for found in answers]
    return check_permissions(results, role_arn=ROLE, needed=needed)


def denied(decision, **more):
    return lambda: judged(answer(decision=decision, **more))


SCP = {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
BOUNDARY = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}}
MATCHED = {"MatchedStatements": [{"SourcePolicyId": "NoVpcs"}]}
MISSING = {"MissingContextValues": ["aws:RequestedRegion"]}

CASES = [
    ("allowed", lambda: judged(answer()), CODE, "passed", "the 1 permission"),
    ("case of actions", lambda: judged(answer("EC2:createvpc")), CODE, "passed", "the 1 permission"),
    ("no policy", denied("implicitDeny"), CODE, "failed", "no policy allows it"),
    ("explicit", denied("explicitDeny", **MATCHED), CODE, "failed", "NoVpcs denies it"),
    ("explicit, unnamed", denied("explicitDeny"), CODE, "failed", "a policy denies it"),
    ("organisation", denied("implicitDeny", **SCP), CODE, "failed", "AWS organisation"),
    ("boundary", denied("implicitDeny", **BOUNDARY), CODE, "failed", "permissions boundary"),
    ("missing context", denied("implicitDeny", **MISSING), CODE, "unknown", "aws:RequestedRegion"),
    ("missing context, explicit", denied("explicitDeny", **MISSING), CODE, "unknown", "aws:RequestedRegion"),
    ("no decision", denied(""), CODE, "unknown", "no decision"),
    (
        "not simulated",
        lambda: judged(answer(), needed=["ec2:CreateVpc", "iam:PassRole"]),
        CODE,
        "unknown",
        "iam:PassRole",
    ),
    ("could not be run", lambda: judged(None), CODE, "unknown", "could not be simulated"),
    ("nothing asked", lambda: judged(needed=()), CODE, "unknown", "No permission"),
]


@pytest.mark.parametrize(("name", "made", "code", "level", "words"), CASES)
def test_a_simulation_is_judged(name, made, code, level, words):
    (finding,) = made()
    assert (finding.code, finding.level) == (code, level)
    assert words in finding.message
    assert ROLE in finding.resources
    assert finding.evidence is Evidence.SIMULATED


def test_each_denied_action_is_a_finding_of_its_own():
    found = judged(answer(), answer("iam:CreateRole", "implicitDeny"), answer("s3:CreateBucket", "explicitDeny"))
    assert [finding.resources[0] for finding in found] == ["iam:CreateRole", "s3:CreateBucket"]
