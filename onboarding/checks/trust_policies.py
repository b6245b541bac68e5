"""The text of a trust policy: who is let in, under which condition, for which actions.

The probes show what the policy does today; its text shows what it would do for others.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from onboarding.checks.judgments import failed, passed, unknown, warning
from portal.findings.shapes import Finding

#: What our sessions use: the role itself, an opaque actor (SourceIdentity) and session tags.
NEEDED_ACTIONS = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")

_CODES = ("trust.principal", "trust.condition", "trust.actions", "trust.statements")


@dataclass(frozen=True, kw_only=True)
class _Statement:
    """One Allow statement, with its principals and actions as flat tuples."""

    sid: str
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    conditions: Mapping[str, Any]
    inverted: bool

    def admits(self, account: str) -> bool:
        """Whether a principal of the account, or everybody, is let in."""
        return self.inverted or any(_is_of(principal, account) for principal in self.principals)

    @property
    def opens(self) -> bool:
        """Whether it allows to assume the role in some way, with SAML or web identity too."""
        return any(_allows(action, f"sts:{name}") for action in self.actions for name in _ASSUMING)


_ASSUMING = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")


def check_trust_policy(
    document: Mapping[str, Any] | None, *, role_arn: str, vendor_account: str, external_id: str
) -> tuple[Finding, ...]:
    """`trust.principal`, `trust.condition`, `trust.actions` and `trust.statements` for the role's trust
    policy.

    `document` is None when it could not be read; then all four are unknown.
    """
    if document is None:
        said = _("The trust policy of %(role)s could not be read. Check again after the verifier role exists.")
        return tuple(unknown(code, said % {"role": role_arn}, (role_arn,)) for code in _CODES)
    listed = tuple(_statements(document))
    admitting = tuple(found for found in listed if found.admits(vendor_account))
    ours = tuple(found for found in admitting if found.opens or found.inverted)
    others = tuple(found for found in listed if found not in admitting)
    return (
        _principal(ours, role_arn, vendor_account),
        *_condition(ours, role_arn, external_id),
        _actions(admitting, role_arn),
        *_others(others, role_arn),
    )


def _statements(document: Mapping[str, Any]) -> Iterator[_Statement]:
    for number, raw in enumerate(_listed(document.get("Statement")), start=1):
        if not isinstance(raw, Mapping) or raw.get("Effect") != "Allow":
            continue
        principal = raw.get("Principal")
        yield _Statement(
            sid=str(raw.get("Sid") or number),
            principals=tuple(_principals(principal)),
            # NotAction allows all but a few actions: read as everything.
            actions=tuple(map(str, _listed(raw.get("Action")))) or ("*",),
            conditions=raw["Condition"] if isinstance(raw.get("Condition"), Mapping) else {},
            inverted=principal is None,
        )


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _principals(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for kind, names in value.items():
            yield from (str(name) if kind == "AWS" else f"{kind}:{name}" for name in _listed(names))
    else:
        yield from map(str, _listed(value))


def _is_of(principal: str, account: str) -> bool:
    return principal in {"*", account} or f":{account}:" in principal


def _allows(pattern: str, action: str) -> bool:
    return fnmatch.fnmatchcase(action.lower(), pattern.lower())


def _principal(ours: tuple[_Statement, ...], role_arn: str, vendor_account: str) -> Finding:
    words = {"role": role_arn, "account": vendor_account}
    open_to_all = [found.sid for found in ours if found.inverted or "*" in found.principals]
    if open_to_all:
        said = _("Statement %(sid)s of the trust policy of %(role)s lets everybody in. Name only account %(account)s.")
        return failed("trust.principal", said % {**words, "sid": open_to_all[0]}, (role_arn,))
    if not ours:
        said = _("The trust policy of %(role)s does not name account %(account)s. Add it as principal.")
        return failed("trust.principal", said % words, (role_arn,))
    strangers = sorted({name for found in ours for name in found.principals if not _is_of(name, vendor_account)})
    if strangers:
        said = _(
            "The trust policy of %(role)s lets %(others)s in beside account %(account)s. Remove what is not yours."
        )
        return failed("trust.principal", said % {**words, "others": ", ".join(strangers)}, (role_arn, *strangers))
    return passed("trust.principal", _("The trust policy of %(role)s names account %(account)s.") % words, (role_arn,))


def _condition(ours: tuple[_Statement, ...], role_arn: str, external_id: str) -> Iterator[Finding]:
    """One finding for each statement that lets us in without exactly StringEquals on our ID."""
    faults = [(found.sid, fault) for found in ours if (fault := _fault(found, external_id))]
    for sid, fault in faults:
        said = _("Statement %(sid)s of the trust policy of %(role)s %(fault)s.")
        yield failed("trust.condition", said % {"sid": sid, "role": role_arn, "fault": fault}, (role_arn,))
    if not ours:
        said = _("The trust policy of %(role)s has no statement for us whose condition could be read.")
        yield unknown("trust.condition", said % {"role": role_arn}, (role_arn,))
    elif not faults:
        said = _("The trust policy of %(role)s asks for exactly your External ID.")
        yield passed("trust.condition", said % {"role": role_arn}, (role_arn,))


def _fault(statement: _Statement, external_id: str) -> str:
    """What is wrong with the statement's condition, empty if nothing is."""
    wanted = {
        operator: _listed(value)
        for operator, keys in statement.conditions.items()
        if isinstance(keys, Mapping)
        for key, value in keys.items()
        if key.lower() == "sts:externalid"
    }
    exact = next((values for operator, values in wanted.items() if operator.lower() == "stringequals"), None)
    if exact is not None:
        # Conditions are joined by AND: beside an exact one, another can only narrow.
        return "" if exact == [external_id] else _("compares sts:ExternalId with another value than yours")
    if not wanted:
        return _("has no condition on sts:ExternalId")
    operator, values = next(iter(wanted.items()))
    if operator.lower().endswith("ifexists"):
        return _("uses %(operator)s, which is true without any External ID") % {"operator": operator}
    if any("*" in str(value) or "?" in str(value) for value in values):
        return _("uses %(operator)s with a wildcard, which is true for other External IDs") % {"operator": operator}
    return _("uses %(operator)s in place of StringEquals on sts:ExternalId") % {"operator": operator}


def _actions(ours: tuple[_Statement, ...], role_arn: str) -> Finding:
    allowed = [pattern for found in ours for pattern in found.actions]
    missing = [action for action in NEEDED_ACTIONS if not any(_allows(pattern, action) for pattern in allowed)]
    words = {"role": role_arn, "actions": ", ".join(missing)}
    if not ours:
        said = _("The trust policy of %(role)s has no statement for us whose actions could be read.")
        return unknown("trust.actions", said % words, (role_arn,))
    if missing:
        said = _("The trust policy of %(role)s lacks %(actions)s. Add them to the statement for our account.")
        return failed("trust.actions", said % words, (role_arn, *missing))
    return passed("trust.actions", _("The trust policy of %(role)s allows what we use.") % words, (role_arn,))


def _others(others: tuple[_Statement, ...], role_arn: str) -> Iterator[Finding]:
    for found in others:
        names = ", ".join(found.principals)
        said = _(
            "Statement %(sid)s of the trust policy of %(role)s lets %(names)s in as well. Remove it if it is not yours."
        )
        yield warning(
            "trust.statements",
            said % {"sid": found.sid, "role": role_arn, "names": names},
            (role_arn, *found.principals),
        )
    if not others:
        said = _("The trust policy of %(role)s holds no other statements.")
        yield passed("trust.statements", said % {"role": role_arn}, (role_arn,))
