"""The bootstrap as it would stand in account 222222222222, and a judge of what its roles may do there."""

from collections.abc import Mapping

from onboarding.bootstrap.boundary import boundary_document
from onboarding.bootstrap.grants import Option, RoleName
from onboarding.bootstrap.permissions import given
from onboarding.bootstrap.policies import policies_for, policy_document, rendered
from onboarding.stacks.naming import role_arn
from portal.demo.emulator.iam.evaluation import Decision, Grants, decide
from portal.demo.emulator.iam.policies import Policy, Request, parse

ACCOUNT = "222222222222"
VALUES = {"AccountId": ACCOUNT, "VendorAccountId": "426924874929", "ExternalId": "ext-0123456789abcdef"}
PROFILES = ("seed", "2026-08")
ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
NO_OPTIONS: frozenset[Option] = frozenset()


def _parsed(document: dict) -> Policy:
    import json

    return parse(json.dumps(rendered(document, VALUES)))


def grants(role: RoleName, profile: str = "seed", options: frozenset[Option] = NO_OPTIONS) -> Grants:
    """The role's policies under the customer's options, beneath the boundary."""
    policies = [p for p in policies_for(role, profile) if given(p.absent_when, p.present_when, options)]
    return Grants(tuple(_parsed(policy_document(p, profile)) for p in policies), _parsed(boundary_document()))


def administrator_under_boundary() -> Grants:
    """A role of ours to which somebody attached everything."""
    return Grants((_parsed(ADMINISTRATOR),), _parsed(boundary_document()))


def judge(
    holder: Grants,
    action: str,
    resource: str,
    context: Mapping[str, str | tuple[str, ...]] | None = None,
    *,
    principal: str = "",
) -> Decision:
    """The decision for one action by `principal` (an ARN; the management role by default)."""
    arn = principal or role_arn(ACCOUNT, RoleName.MANAGEMENT)
    keys = {"aws:principalarn": (arn,), "aws:requestedregion": ("eu-west-1",)}
    given = (context or {}).items()
    keys |= {key.lower(): (value,) if isinstance(value, str) else value for key, value in given}
    return decide(Request(action, resource, keys), holder)
