"""The host names of a deployment's service: the public one as people paste it, and the private one made of it. Pure.

The private name is the public one with `-private` after its first label. Both generations of names are those of the
rule profiles: `….aws.byoc.clickhouse.cloud` and `….aws.clickhouse-byoc.com`.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.inputs.characters import hidden_character
from onboarding.inputs.refusals import line, refuse
from onboarding.rules.profiles import Profile, profile, profile_names

#: RFC 1035, 2.3.4, without the dot at the end that people leave out.
LONGEST_NAME = 253
_PRIVATE = "-private"
_LONGEST_LABEL = 63
_LABEL = r"[a-z0-9](?:-?[a-z0-9])*"
#: What stands round a host name in an address bar or a connection string; names of users are refused apart.
_PASTED = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}(?::[a-z]{1,20})?://)?(?P<host>[^\s/?#:@\\]+)(?::[0-9]{1,5})?(?:[/?#][^\s\\]*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class ServiceName:
    """The parts of a public name, and the profile whose names have this form."""

    service: str
    deployment: str
    region: str
    edition: Profile

    @property
    def public(self) -> str:
        """The name that is reached from everywhere."""
        return self._name(private=False)

    @property
    def private(self) -> str:
        """The name that only a peered VPC reaches."""
        return self._name(private=True)

    def _name(self, *, private: bool) -> str:
        parts = {"service": self.service, "deployment": self.deployment, "region": self.region}
        return self.edition.host_name(**parts, private=private)


def service_name(text: object) -> ServiceName:
    """The name that somebody pasted: alone, with a dot at its end, or in an address with scheme, port and path.

    Raises `Refused`, a ValueError that says what it is and what to give: `host.missing`, `.malformed`, `.hidden`,
    `.user`, `.too-long`, `.letters`, `.private`, `.other-domain`, `.region`.
    """
    host = _host(line(text, missing=_right(), code="host"))
    if len(host) > LONGEST_NAME:
        said = _("This is %(count)d characters long; a host name has at most %(most)d. %(right)s")
        refuse(said % {"count": len(host), "most": LONGEST_NAME, "right": _right()}, "host.too-long")
    if not host.isascii() or any(label.startswith("xn--") for label in host.split(".")):
        said = _("The name has other letters than a to z and digits, so it is of another domain. %(right)s")
        refuse(said % {"right": _right()}, "host.letters")
    found = next((parts for name in profile_names() if (parts := _parts(host, profile(name)))), None)
    if found is None:
        said = _("%(host)s is no name of a deployment. %(right)s")
        refuse(said % {"host": _cut(host), "right": _right()}, "host.other-domain")
    return _sound(found)


def private_name(public_host: str) -> str:
    """The private name that belongs to a public one, in lower case. Raises `Refused` (a ValueError) as
    `service_name` does.
    """
    return service_name(public_host).private


def public_name(text: object) -> str:
    """The public name as it is kept: lower case, nothing round it. Raises `Refused` as `service_name` does."""
    return service_name(text).public


def _host(typed: str) -> str:
    if hidden_character(typed):
        refuse(_("The name holds a character that cannot be seen. Type it again."), "host.hidden")
    address = re.match(r"(?:[^/?#\\]*//)?([^/?#\\]*)", typed)
    if address is not None and "@" in address[1]:
        refuse(_("A user name stands before the host name. %(right)s") % {"right": _right()}, "host.user")
    found = _PASTED.fullmatch(typed)
    if found is None:
        refuse(_right(), "host.malformed")
    return found["host"].lower().removesuffix(".") if found["host"].isascii() else found["host"]


def _parts(host: str, edition: Profile) -> ServiceName | None:
    """The parts of a name of this edition; None when it is of another domain or has other labels."""
    fields = {name: f"(?P<{name}>{_LABEL})" for name in ("service", "deployment", "region")}
    pattern = re.escape(edition.host_pattern).replace(r"\{", "{").replace(r"\}", "}").format(**fields)
    found = re.fullmatch(pattern, host)
    return ServiceName(**found.groupdict(), edition=edition) if found else None


def _sound(name: ServiceName) -> ServiceName:
    service = name.service.removesuffix(_PRIVATE)
    if service != name.service:
        public = name.edition.host_name(service=service, deployment=name.deployment, region=name.region)
        said = _("This is the private name already. The public one is %(public)s: give that one.")
        refuse(said % {"public": public}, "host.private", suggestion=public)
    if len(name.service) + len(_PRIVATE) > _LONGEST_LABEL or len(name.deployment) > _LONGEST_LABEL:
        said = _("A part of the name between two dots is longer than a name may have. %(right)s")
        refuse(said % {"right": _right()}, "host.too-long")
    if name.region not in name.edition.region_codes:
        said = _("%(region)s is no region in which deployments run. %(right)s")
        refuse(said % {"region": _cut(name.region), "right": _right()}, "host.region")
    return name


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}…"


def _right() -> str:
    example = profile().host_name(service="h5ju65kv87", deployment="mhp0y4dmph", region="us-west-2")
    return _("Give the public host name that your clients connect to, such as %(example)s.") % {"example": example}
