"""Policy documents: statements, and which of them speak about a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from portal.demo.emulator.iam import conditions
from portal.demo.emulator.iam.conditions import Context, pattern


@dataclass(frozen=True)
class Request:
    """One action on one resource, with its context."""

    action: str
    resource: str
    context: Context
    principal_arns: tuple[str, ...] = ()
    principal_account: str = ""
    principal_service: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement of a policy; lists are None where the element is absent."""

    allows: bool
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principal: Any
    not_principal: Any
    condition: Mapping[str, Any]
    sid: str = ""

    def names(self, request: Request) -> bool:
        """True when action, resource and principal fit, whatever the condition says."""
        return self._names_action(request) and self._names_resource(request) and self._names_principal(request)

    def applies(self, request: Request) -> bool:
        """True when the whole statement fits the request."""
        return self.names(request) and conditions.holds(self.condition, request.context)

    def _names_action(self, request: Request) -> bool:
        if self.actions is not None:
            return _is_among(request.action, self.actions)
        return not _is_among(request.action, self.not_actions or ())

    def _names_resource(self, request: Request) -> bool:
        if self.resources is not None:
            return any(_matches(glob, request) for glob in self.resources)
        if self.not_resources is not None:
            return not any(_matches(glob, request) for glob in self.not_resources)
        return True

    def _names_principal(self, request: Request) -> bool:
        if self.principal is not None:
            return _includes(self.principal, request)
        if self.not_principal is not None:
            return not _includes(self.not_principal, request)
        return True


@lru_cache(maxsize=65536)
def _is_among(action: str, globs: tuple[str, ...]) -> bool:
    """Whether one of `globs` names `action`, in whatever case; the same few are asked over and over."""
    return any(pattern(glob, ignore_case=True).fullmatch(action) for glob in globs)


def _matches(glob: str, request: Request) -> bool:
    filled = conditions.expand(glob, request.context)
    return filled is not None and pattern(filled).fullmatch(request.resource) is not None


def _includes(principal: Any, request: Request) -> bool:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"""
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return False
    if request.principal_service and request.principal_service in _listed(principal.get("Service")):
        return True
    account = request.principal_account
    for text in _listed(principal.get("AWS")):
        if text == "*" or (account and text in {account, f"arn:aws:iam::{account}:root"}):
            return bool(account) or text == "*"
        if text in request.principal_arns:
            return True
    return False


def names_account_only(principal: Any, account: str) -> bool:
    """True when a trust or resource policy trusts the account as a whole, not one of its users or roles."""
    if principal == "*":
        return True
    listed = _listed(principal.get("AWS")) if isinstance(principal, dict) else ()
    return any(text in {"*", account, f"arn:aws:iam::{account}:root"} for text in listed)


@dataclass(frozen=True)
class Policy:
    """A parsed policy with the name under which it is reported."""

    statements: tuple[Statement, ...]
    source: str = ""
    kind: str = "IAM Policy"
    document: str = field(default="", repr=False)


@lru_cache(maxsize=2048)
def parse(document: str, source: str = "", kind: str = "IAM Policy") -> Policy:
    """Reads a JSON policy. Raises ValueError for text that is not a policy."""
    loaded = json.loads(document)
    if not isinstance(loaded, dict) or "Statement" not in loaded:
        raise ValueError("A policy needs a Statement.")
    raw = loaded["Statement"]
    statements = raw if isinstance(raw, list) else [raw]
    return Policy(tuple(_statement(item) for item in statements), source, kind, document)


def _statement(raw: Mapping[str, Any]) -> Statement:
    return Statement(
        allows=raw.get("Effect") == "Allow",
        actions=_optional(raw, "Action"),
        not_actions=_optional(raw, "NotAction"),
        resources=_optional(raw, "Resource"),
        not_resources=_optional(raw, "NotResource"),
        principal=raw.get("Principal"),
        not_principal=raw.get("NotPrincipal"),
        condition=raw.get("Condition") or {},
        sid=str(raw.get("Sid", "")),
    )


def _optional(raw: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    return _listed(raw[name]) if name in raw else None


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)
