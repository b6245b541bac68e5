"""STS: AssumeRole by the role's trust policy, GetCallerIdentity, GetSessionToken.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.demo.emulator.authorisation import Authorisation
from portal.demo.emulator.calls import Call, Kind, NotEmulated, Principal, ServiceError
from portal.demo.emulator.iam.evaluation import Grants, Verdict, decide, matching
from portal.demo.emulator.iam.policies import Policy, Request, names_account_only, parse
from portal.demo.emulator.iam.tags import tag_pairs
from portal.demo.emulator.identities import Session
from portal.demo.emulator.world import World

SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
EXTERNAL_ID = re.compile(r"[\w+=,.@:\\/-]{2,1224}", re.ASCII)
ROLE = re.compile(r"arn:aws:iam::(\d{12}):role(/(?:.*/)?)([\w+=,.@-]{1,64})")
CHAINED = 3600
"""Seconds that a session may last at most when a role's session assumed the next role."""


def get_caller_identity(world: World, call: Call) -> Mapping[str, Any]:
    """Needs no permission; works with any valid credentials."""
    del world
    return {"UserId": call.principal.user_id, "Account": call.account, "Arn": call.principal.arn}


def get_session_token(world: World, call: Call) -> Mapping[str, Any]:
    """Temporary credentials of the same principal; not for a role's session."""
    if call.principal.kind is Kind.ROLE:
        raise ServiceError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
    seconds = int(call.parameters.get("DurationSeconds", 43200))
    return {"Credentials": _credentials(world.identities.open_session(call.principal, seconds))}


def assume_role(world: World, call: Call) -> Mapping[str, Any]:
    """Both sides must agree: the role's trust policy and, across accounts, the caller's own policies."""
    given = call.parameters
    _check_format(given)
    found = ROLE.fullmatch(given["RoleArn"])
    role = _role(world, found.group(1), given["RoleArn"]) if found else None
    if found is None or role is None or not _propagated(world, role):
        raise _refused(call)
    _check_trust(world, call, role)
    _check_duration(call, int(role.max_session_duration or 3600))
    session = world.identities.open_session(
        _assumed(call, role, found.group(1)), int(given.get("DurationSeconds", 3600))
    )
    return _answer(world, call, session)


def _check_format(given: Mapping[str, Any]) -> None:
    name = str(given.get("RoleSessionName", ""))
    if not SESSION_NAME.fullmatch(name):
        raise _invalid(name, "roleSessionName", r"[\w+=,.@-]*", length=(2, 64))
    external = given.get("ExternalId")
    if external is not None and not EXTERNAL_ID.fullmatch(str(external)):
        raise _invalid(str(external), "externalId", r"[\w+=,.@:\/-]*", length=(2, 1224))
    source = given.get("SourceIdentity")
    if source is not None and not SESSION_NAME.fullmatch(str(source)):
        raise _invalid(str(source), "sourceIdentity", r"[\w+=,.@-]*", length=(2, 64))
    if len(str(given.get("RoleArn", ""))) < 20:
        raise _invalid(str(given.get("RoleArn", "")), "roleArn", "arn", length=(20, 2048))


def _invalid(value: str, name: str, pattern: str, *, length: tuple[int, int]) -> ServiceError:
    if length[0] <= len(value) <= length[1]:
        rule = f"Member must satisfy regular expression pattern: {pattern}"
    elif len(value) > length[1]:
        rule = f"Member must have length less than or equal to {length[1]}"
    else:
        rule = f"Member must have length greater than or equal to {length[0]}"
    message = f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: {rule}"
    return ServiceError("ValidationError", message, 400)


def _check_duration(call: Call, longest: int) -> None:
    seconds = int(call.parameters.get("DurationSeconds", 3600))
    if not 900 <= seconds <= 43200:
        raise ServiceError(
            "ValidationError",
            f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: "
            "Member must have value between 900 and 43200",
        )
    if call.principal.kind is Kind.ROLE and seconds > CHAINED:
        message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        raise ServiceError("ValidationError", message)
    if seconds > longest:
        message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise ServiceError("ValidationError", message)


def _role(world: World, account: str, arn: str) -> Any:
    roles = world.moto.backend("iam", account, "us-east-1").roles
    return next((role for role in roles.values() if role.arn == arn), None)


def _propagated(world: World, role: Any) -> bool:
    """IAM is eventually consistent: a role is not assumable at once after it was made or its trust was changed.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
    """
    changed = world.shelf("trust-changed").get(role.id, 0.0)
    return float(changed) + world.durations["role_propagation"] <= world.clock.time()


def _check_trust(world: World, call: Call, role: Any) -> None:
    authorisation = Authorisation(world.moto, world.clock)
    trust = parse(role.assume_role_policy_document, "trust", "Trust Policy")
    shared = authorisation.context(call.principal, call.region) | _keys(call, role)
    service = call.principal.kind is Kind.SERVICE
    grants = Grants() if service else authorisation.holdings.grants(call.principal)
    for action in _actions(call):
        request = authorisation.request(call.principal, action, role.arn, shared)
        own = decide(request, grants)
        if own.verdict is Verdict.EXPLICIT_DENY or matching(request, (trust,), allows=False):
            raise _refused(call)
        trusted = matching(request, (trust,), allows=True)
        if not trusted or not _may(call, role, own.allowed, _named(trusted, request)):
            raise _refused(call)


def _actions(call: Call) -> list[str]:
    actions = ["sts:AssumeRole"]
    if call.parameters.get("SourceIdentity") or call.principal.source_identity:
        actions.append("sts:SetSourceIdentity")
    if call.parameters.get("Tags"):
        actions.append("sts:TagSession")
    return actions


def _may(call: Call, role: Any, own_allows: bool, named: bool) -> bool:  # noqa: FBT001 - two findings, no flags
    # In one account a trust policy that names the user or role itself is enough; a trust in the account as a
    # whole hands the decision to that account's IAM, as every trust across accounts does.
    if call.principal.kind is Kind.SERVICE:
        # Services have no policies of their own: the trust policy that names them decides.
        return True
    return own_allows or (call.principal.account == role.account_id and named)


def _named(trusted: tuple[tuple[Policy, Any], ...], request: Request) -> bool:
    account = request.principal_account
    return any(not names_account_only(statement.principal, account) for _, statement in trusted)


def _keys(call: Call, role: Any) -> dict[str, tuple[str, ...]]:
    given = call.parameters
    keys: dict[str, tuple[str, ...]] = {"sts:rolesessionname": (str(given["RoleSessionName"]),)}
    if given.get("ExternalId") is not None:
        keys["sts:externalid"] = (str(given["ExternalId"]),)
    if given.get("SourceIdentity"):
        keys["sts:sourceidentity"] = (str(given["SourceIdentity"]),)
    tags = tag_pairs(given.get("Tags"))
    if tags:
        keys |= {f"aws:requesttag/{key.lower()}": (value,) for key, value in tags.items()}
        keys["aws:tagkeys"] = tuple(tags)
        keys["sts:transitivetagkeys"] = tuple(given.get("TransitiveTagKeys") or ())
    keys |= {f"aws:resourcetag/{tag['Key'].lower()}": (tag["Value"],) for tag in role.tags or []}
    return keys


def _assumed(call: Call, role: Any, account: str) -> Principal:
    given = call.parameters
    if given.get("PolicyArns"):
        raise NotEmulated("AssumeRole with PolicyArns")
    policies = (str(given["Policy"]),) if given.get("Policy") else ()
    for text in policies:
        _check_session_policy(text)
    name = str(given["RoleSessionName"])
    return Principal(
        account=account,
        arn=f"arn:aws:sts::{account}:assumed-role/{role.name}/{name}",
        identity_arn=role.arn,
        user_id=f"{role.id}:{name}",
        kind=Kind.ROLE,
        name=role.name,
        session_policies=policies,
        session_tags=tag_pairs(given.get("Tags")),
        source_identity=str(given.get("SourceIdentity") or call.principal.source_identity),
        issued_at=0.0,
    )


def _check_session_policy(text: str) -> None:
    if len(text) > 2048:
        raise ServiceError("PackedPolicyTooLarge", "The session policy is longer than 2048 characters.")
    try:
        parse(text, "session", "Session Policy")
    except ValueError as error:
        raise ServiceError("MalformedPolicyDocument", f"The policy is not valid: {error}") from error


def _answer(world: World, call: Call, session: Session) -> Mapping[str, Any]:
    result: dict[str, Any] = {
        "Credentials": _credentials(session),
        "AssumedRoleUser": {"AssumedRoleId": session.principal.user_id, "Arn": session.principal.arn},
    }
    del world
    if call.parameters.get("Policy"):
        result["PackedPolicySize"] = max(1, len(call.parameters["Policy"]) * 100 // 2048)
    if session.principal.source_identity:
        result["SourceIdentity"] = session.principal.source_identity
    return result


def _credentials(session: Session) -> Mapping[str, Any]:
    return {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key,
        "SessionToken": session.token,
        "Expiration": datetime.fromtimestamp(session.expires, tz=UTC),
    }


def _refused(call: Call) -> ServiceError:
    # STS does not say which side refused, nor whether the role exists.
    target = call.parameters["RoleArn"]
    message = f"User: {call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: {target}"
    return ServiceError("AccessDenied", message, 403)


def not_emulated(world: World, call: Call) -> Mapping[str, Any]:
    """What STS can do and this emulator does not."""
    del world
    raise NotEmulated(f"sts:{call.operation}")


OPERATIONS = {
    "AssumeRole": assume_role,
    "GetCallerIdentity": get_caller_identity,
    "GetSessionToken": get_session_token,
    **dict.fromkeys(
        (
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "AssumeRoot",
            "DecodeAuthorizationMessage",
            "GetAccessKeyInfo",
            "GetFederationToken",
            "GetDelegatedAccessToken",
            "GetWebIdentityToken",
        ),
        not_emulated,
    ),
}
