"""The role itself: its account, the version of its template, its boundary, path and longest session."""

import re

from django.utils.translation import gettext as _

from onboarding.checks.judgments import failed, passed, unknown, warning
from portal.aws.facts.roles import RoleFact
from portal.aws.facts.shapes import tag_value
from portal.findings.shapes import Finding

_CODES = ("role.account", "role.version", "role.boundary", "role.path", "role.session")
_VERSION = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,3})", re.ASCII)

#: The least that IAM sets; our own sessions last 900 seconds.
#: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
SESSION_SECONDS = 3600


def check_role(
    role: RoleFact | None,
    *,
    name: str,
    account: str,
    version: str,
    version_tag: str = "clickhouse-byoc-version",
    boundary: str = "ClickHouseByocBoundary",
) -> tuple[Finding, ...]:
    """The five findings on the role called `name`; all unknown when `role` is None, because it could not be
    read.

    `version` is the current version of the template (`1`, `1.2`), `boundary` the name of the boundary policy.
    """
    if role is None:
        said = _("%(role)s could not be read. Check again after the verifier role exists.") % {"role": name}
        return tuple(unknown(code, said, (name,)) for code in _CODES)
    return (
        _account(role, account),
        _version(role, version, version_tag),
        _boundary(role, account, boundary),
        _path(role),
        _session(role),
    )


def _account(role: RoleFact, account: str) -> Finding:
    found = role.arn.split(":")[4] if role.arn.count(":") >= 5 else ""
    words = {"role": role.name, "found": found, "account": account}
    if found != account:
        said = _("%(role)s is in account %(found)s, not in %(account)s. Deploy the bootstrap stack in %(account)s.")
        return failed("role.account", said % words, (role.arn,))
    return passed("role.account", _("%(role)s is in account %(account)s.") % words, (role.arn,))


def _version(role: RoleFact, current: str, tag: str) -> Finding:
    value = tag_value(role.tags, tag)
    words = {"role": role.name, "found": value, "current": current, "tag": tag}
    if value is None:
        said = _("%(role)s lacks the tag %(tag)s. Update the bootstrap stack with version %(current)s.")
        return failed("role.version", said % words, (role.arn,))
    found, wanted = _parts(value), _parts(current)
    if not found:
        said = _("The tag %(tag)s of %(role)s is %(found)s, which is no version. Update the bootstrap stack.")
        return unknown("role.version", said % words, (role.arn,))
    if found < wanted:
        said = _(
            "%(role)s is of template version %(found)s; the current one is %(current)s. Update the bootstrap stack."
        )
        return warning("role.version", said % words, (role.arn,))
    return passed("role.version", _("%(role)s is of template version %(found)s.") % words, (role.arn,))


def _parts(version: str) -> tuple[int, ...]:
    """`1.2` as (1, 2); trailing zeros count nothing. Empty for what is no version."""
    match = _VERSION.match(version)
    if match is None:
        return ()
    numbers = [int(part) for part in match[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _boundary(role: RoleFact, account: str, boundary: str) -> Finding:
    words = {"role": role.name, "found": role.boundary, "boundary": boundary}
    if not role.boundary:
        said = _("%(role)s has no permissions boundary. Set %(boundary)s on it.")
        return failed("role.boundary", said % words, (role.arn,))
    owner, _colon, path = role.boundary.partition(":policy/")
    if not owner.endswith(f"::{account}") or path.rpartition("/")[2] != boundary:
        said = _("%(role)s has the boundary %(found)s. Set %(boundary)s on it.")
        return failed("role.boundary", said % words, (role.arn, role.boundary))
    return passed("role.boundary", _("%(role)s stays within %(boundary)s.") % words, (role.arn,))


def _path(role: RoleFact) -> Finding:
    words = {"role": role.name, "path": role.path}
    if not role.path:
        return unknown("role.path", _("AWS did not say the path of %(role)s. Check again.") % words, (role.arn,))
    if role.path != "/":
        said = _("%(role)s has the path %(path)s. We assume it with the path / only.")
        return warning("role.path", said % words, (role.arn,))
    return passed("role.path", _("%(role)s has the path /.") % words, (role.arn,))


def _session(role: RoleFact) -> Finding:
    words = {"role": role.name, "seconds": role.max_session}
    if role.max_session is None:
        said = _("AWS did not say how long sessions of %(role)s may last. Check again.")
        return unknown("role.session", said % words, (role.arn,))
    if role.max_session > SESSION_SECONDS:
        said = _("Sessions of %(role)s may last %(seconds)d seconds. One hour is enough; lower the limit.")
        return warning("role.session", said % words, (role.arn,))
    return passed("role.session", _("Sessions of %(role)s last at most %(seconds)d seconds.") % words, (role.arn,))
