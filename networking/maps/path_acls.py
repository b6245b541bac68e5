"""What a network ACL means for a connection through the peering: the way there, and the answers back. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.checks.network_acls import EPHEMERAL, Flow, Ruling, acl_of, ruling
from networking.peering.checks.ranges import Block
from networking.peering.checks.scene import View
from portal.aws.facts.network_acls import NetworkAclFact
from portal.findings.shapes import SEVERITY, Level

ACTION = "ec2:DescribeNetworkAcls"


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What network ACLs do: how it stands, which they are, and the reason."""

    level: Level
    acls: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A connection at the edge of one side's subnets: it enters them, or leaves them (`enters` False), to or from the
    ranges `far`, towards TCP `ports`.
    """

    view: View
    enters: bool
    far: tuple[Block, ...]
    ports: tuple[int, ...]


def gate_of(crossing: Crossing, subnets: Sequence[str]) -> Gate:
    """The worst of what the network ACLs of these subnets do."""
    acls = crossing.view.side.network_acls
    if crossing.view.is_unread or acls is None:
        return Gate(level=Level.UNKNOWN, acls="", reason=crossing.view.unread(ACTION))
    lost = tuple(subnet for subnet in subnets if acl_of(acls, subnet) is None)
    if lost or not subnets:
        said = _("No network ACL of %(subnets)s was shown. Allow %(action)s, then look again.")
        where = ids(lost) or crossing.view.vpc_id
        return Gate(level=Level.UNKNOWN, acls="", reason=said % {"subnets": where, "action": ACTION})
    return worst(_judged(crossing, acl) for acl in _each(acls, subnets))


def worst(gates: Iterable[Gate]) -> Gate:
    """The worst of several, with the ids of all."""
    found = tuple(gates)
    bad = min(found, key=lambda gate: SEVERITY.index(gate.level))
    return Gate(level=bad.level, acls=ids(dict.fromkeys(gate.acls for gate in found)), reason=bad.reason)


def _each(acls: Iterable[NetworkAclFact], subnets: Sequence[str]) -> list[NetworkAclFact]:
    return [acl for acl in acls if set(acl.subnets) & set(subnets)]


def _judged(crossing: Crossing, acl: NetworkAclFact) -> Gate:
    there = ruling(acl, _flow(crossing, egress=not crossing.enters, ports=[(port, port) for port in crossing.ports]))
    back = ruling(acl, _flow(crossing, egress=crossing.enters, ports=[EPHEMERAL]))
    level, said = _said(crossing, there, back)
    first, last = EPHEMERAL
    words = {
        "acl": acl.id,
        "far": ids(block.text for block in crossing.far),
        "ports": ids(map(str, crossing.ports)),
        "there": _rules(there.denied_by or there.allowed_by),
        "back": _rules(back.denied_by or back.allowed_by),
        "first": first,
        "last": last,
    }
    return Gate(level=level, acls=acl.id, reason=said % words)


def _flow(crossing: Crossing, *, egress: bool, ports: Sequence[tuple[int, int]]) -> Flow:
    return Flow(egress=egress, far=crossing.far, ports=tuple(ports))


def _said(crossing: Crossing, there: Ruling, back: Ruling) -> tuple[Level, str]:
    """How it stands, as a sentence with blanks."""
    if there.doubt or back.doubt:
        said = _("What %(acl)s does was not said whole. Look again with the answer of ec2:DescribeNetworkAcls.")
        return Level.UNKNOWN, said
    if there.denied_by:
        return Level.FAILED, _request_denied(crossing, part=bool(there.allowed_by))
    if back.stops or back.whole_ports:
        return Level.FAILED, _answers_denied(crossing)
    if back.denied_by:
        said = _(
            "%(acl)s drops answers to some ports of %(first)d to %(last)d (rule %(back)s); clients that pick such a"
            " port get none."
        )
        return Level.WARNING, said
    if crossing.enters:
        return Level.PASSED, _("%(acl)s lets TCP %(ports)s in (rule %(there)s) and answers out (rule %(back)s).")
    return Level.PASSED, _("%(acl)s lets TCP %(ports)s out (rule %(there)s) and answers in (rule %(back)s).")


def _request_denied(crossing: Crossing, *, part: bool) -> str:
    if crossing.enters and part:
        return _("%(acl)s denies part of TCP %(ports)s in from %(far)s (rule %(there)s). Allow it by a lower rule.")
    if crossing.enters:
        return _("%(acl)s denies TCP %(ports)s in from %(far)s (rule %(there)s). Allow it by a lower rule.")
    if part:
        return _("%(acl)s denies part of TCP %(ports)s out to %(far)s (rule %(there)s). Allow it by a lower rule.")
    return _("%(acl)s denies TCP %(ports)s out to %(far)s (rule %(there)s). Allow it by a lower rule.")


def _answers_denied(crossing: Crossing) -> str:
    if crossing.enters:
        return _(
            "%(acl)s denies answers out to %(far)s, TCP %(first)d to %(last)d (rule %(back)s). Allow them by a lower"
            " rule."
        )
    return _(
        "%(acl)s denies answers in from %(far)s, TCP %(first)d to %(last)d (rule %(back)s). Allow them by a lower rule."
    )


def _rules(numbers: Sequence[str]) -> str:
    return ids(numbers)
