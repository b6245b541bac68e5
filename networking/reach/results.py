"""What the probe printed, read as strictly as anything that comes from outside. Pure.

The format is a promise to people outside: `format` 1, the `host` that was looked at, its `addresses`, the `ports` with
what each did, `checked_at` in UTC; `resolver` is how the name was looked up, `none` where it was not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, Self

from django.utils.translation import gettext as _

from networking.facts.shapes import listed, misfit, text
from networking.facts.strict_json import UnreadableFacts, read_object

FORMAT = 1
#: Bytes. The script prints about 300.
LARGEST = 16 * 1024
#: A name of a load balancer has one address in each of its zones, in two families at most.
MOST_ADDRESSES = 32
MOST_PORTS = 8
_KEYS = frozenset({"format", "host", "resolver", "addresses", "ports", "checked_at"})
_RESOLVERS = ("getent", "python3", "dig", "nslookup", "none")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class PortState(StrEnum):
    """What a TCP port did."""

    OPEN = "open"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNTESTED = "untested"


@dataclass(frozen=True, kw_only=True)
class ReachResult:
    """One run of the probe. `resolved` is False where the host had no means to look the name up."""

    host: str
    resolver: str
    addresses: tuple[str, ...]
    ports: Mapping[int, PortState]
    checked_at: datetime

    @property
    def resolved(self) -> bool:
        """Whether the name was looked up at all."""
        return self.resolver != "none" or bool(self.addresses)

    def stored(self) -> dict[str, Any]:
        """The result as the database keeps it; `of` reads it back."""
        return {
            "format": FORMAT,
            "host": self.host,
            "resolver": self.resolver,
            "addresses": list(self.addresses),
            "ports": {str(port): state.value for port, state in self.ports.items()},
            "checked_at": self.checked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The result in a JSON object. Raises UnreadableFacts, whose message is for people."""
        if type(document.get("format")) is not int or document["format"] != FORMAT:
            raise UnreadableFacts(
                _("This is no result of the probe: its “format” must be %(number)s.") % {"number": FORMAT}
            )
        strange = next((key for key in document if key not in _KEYS), None)
        if strange is not None:
            raise UnreadableFacts(_("The result has a key that the probe does not write: %(key)s.") % {"key": strange})
        resolver = document.get("resolver", _RESOLVERS[0])
        if resolver not in _RESOLVERS:
            misfit("resolver", ", ".join(_RESOLVERS))
        return cls(
            host=_host(document.get("host")),
            resolver=resolver,
            addresses=_addresses(document.get("addresses")),
            ports=_ports(document.get("ports")),
            checked_at=_moment(document.get("checked_at")),
        )


def parse_result(data: bytes) -> ReachResult:
    """The result in a file or a pasted text. Raises UnreadableFacts, whose message is for people."""
    if len(data) > LARGEST:
        raise UnreadableFacts(
            _("This is longer than %(limit)s KiB. The probe prints one line: give us that line.")
            % {"limit": LARGEST // 1024}
        )
    return ReachResult.of(read_object(data))


def _host(value: Any) -> str:
    if not isinstance(value, str) or _HOST.fullmatch(value) is None:
        misfit("host", _("a host name in lower case"))
    return value


def _addresses(value: Any) -> tuple[str, ...]:
    listed(text, MOST_ADDRESSES)(value, "addresses")
    for place, one in enumerate(value):
        try:
            fits = str(ip_address(one)) == one and "%" not in one
        except ValueError:
            fits = False
        if not fits:
            misfit(f"addresses[{place}]", _("an IP address"))
    return tuple(dict.fromkeys(value))


def _ports(value: Any) -> dict[int, PortState]:
    if not isinstance(value, Mapping) or not 1 <= len(value) <= MOST_PORTS:
        misfit("ports", _("an object with one to %(most)d ports") % {"most": MOST_PORTS})
    states = {state.value for state in PortState}
    for port, state in value.items():
        if _PORT.fullmatch(port) is None or int(port) > 65535:
            misfit("ports", _("an object whose keys are ports"))
        if not isinstance(state, str) or state not in states:
            misfit(f"ports.{port}", ", ".join(sorted(states)))
    return {int(port): PortState(state) for port, state in value.items()}


def _moment(value: Any) -> datetime:
    example = _("text such as “%(example)s”") % {"example": "2026-11-23T03:00:00Z"}
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        misfit("checked_at", example)
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or a day before the first one
        misfit("checked_at", example)
