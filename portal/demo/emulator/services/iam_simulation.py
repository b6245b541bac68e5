"""SimulatePrincipalPolicy and SimulateCustomPolicy, by the engine that also judges real calls.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

import re
from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call, NotEmulated, ServiceError
from portal.demo.emulator.iam.evaluation import Decision, Grants, Verdict, decide
from portal.demo.emulator.iam.holdings import Holdings, entity_of
from portal.demo.emulator.iam.policies import Policy, Request, parse
from portal.demo.emulator.world import World

UNSUPPORTED = ("PolicyExclusionList", "ResourcePolicy", "ResourceOwner", "ResourceHandlingOption", "CallerArn")
_SEVERITY = (Verdict.EXPLICIT_DENY, Verdict.IMPLICIT_DENY, Verdict.ALLOWED)


def simulate_principal_policy(world: World, call: Call) -> Mapping[str, Any]:
    """By the policies that a user or role holds, and those given."""
    arn = str(call.parameters["PolicySourceArn"])
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    try:
        held = Holdings(world.moto).entity_grants(account or call.account, arn)
    except KeyError as error:
        raise ServiceError("NoSuchEntity", f"The entity with ARN {arn} cannot be found.", 404) from error
    entity = entity_of(world.moto.backend("iam", account, "us-east-1"), arn)
    known = {
        "aws:principalarn": (arn,),
        "aws:principalaccount": (account,),
        **{f"aws:principaltag/{tag['Key'].lower()}": (tag["Value"],) for tag in entity.tags or []},
    }
    return _simulate(call, held, known)


def simulate_custom_policy(world: World, call: Call) -> Mapping[str, Any]:
    """By the given policies alone."""
    del world
    return _simulate(call, Grants(), {})


def _simulate(call: Call, held: Grants, known: Mapping[str, tuple[str, ...]]) -> Mapping[str, Any]:
    given = call.parameters
    for name in UNSUPPORTED:
        if given.get(name):
            raise NotEmulated(f"{name} of {call.operation}")
    added = tuple(_parsed(text, f"PolicyInputList.{n}") for n, text in enumerate(given.get("PolicyInputList") or [], 1))
    boundaries = given.get("PermissionsBoundaryPolicyInputList") or []
    boundary = _parsed(boundaries[0], "PermissionsBoundaryPolicyInputList.1") if boundaries else held.boundary
    grants = Grants((*held.identity, *added), boundary)
    context = {**known, **_entries(given.get("ContextEntries") or [])}
    resources = given.get("ResourceArns") or ["*"]
    results = [_result(str(action), resources, context, grants) for action in given["ActionNames"]]
    return _page(results, given)


def _parsed(text: str, source: str) -> Policy:
    try:
        return parse(text, source, "IAM Policy")
    except ValueError as error:
        raise ServiceError("InvalidInput", f"The policy {source} is not valid.") from error


def _entries(entries: list[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    return {
        str(entry["ContextKeyName"]).lower(): tuple(str(value) for value in entry.get("ContextKeyValues") or [])
        for entry in entries
    }


def _result(
    action: str, resources: list[str], context: Mapping[str, tuple[str, ...]], grants: Grants
) -> dict[str, Any]:
    if not re.fullmatch(r"[\w-]+:\w+", action):
        raise ServiceError("InvalidInput", f"Invalid Action Name: {action}")
    decisions = {name: decide(Request(action, name, context), grants) for name in resources}
    worst = min(decisions.values(), key=lambda decision: _SEVERITY.index(decision.verdict))
    result = _detail(worst) | {
        "EvalActionName": action,
        "EvalResourceName": resources[0] if len(resources) == 1 else "*",
        "EvalDecision": worst.verdict.value,
        "MissingContextValues": sorted({key for decision in decisions.values() for key in decision.missing}),
    }
    if resources != ["*"]:
        result["ResourceSpecificResults"] = [
            _detail(decision)
            | {
                "EvalResourceName": name,
                "EvalResourceDecision": decision.verdict.value,
                "MissingContextValues": sorted(decision.missing),
            }
            for name, decision in decisions.items()
        ]
    return result


def _detail(decision: Decision) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "MatchedStatements": [
            {"SourcePolicyId": policy.source, "SourcePolicyType": policy.kind} for policy, _ in decision.matched
        ],
        "EvalDecisionDetails": {},
    }
    if decision.boundary_allows is not None:
        detail["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": decision.boundary_allows}
    return detail


def _page(results: list[dict[str, Any]], given: Mapping[str, Any]) -> Mapping[str, Any]:
    start, size = int(given.get("Marker") or 0), int(given.get("MaxItems") or 100)
    page: dict[str, Any] = {"EvaluationResults": results[start : start + size], "IsTruncated": False}
    if start + size < len(results):
        page |= {"IsTruncated": True, "Marker": str(start + size)}
    return page


OPERATIONS = {
    "SimulatePrincipalPolicy": simulate_principal_policy,
    "SimulateCustomPolicy": simulate_custom_policy,
}
