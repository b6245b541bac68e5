"""What a result of the probe means: whether the name's addresses are private, and whether its ports answer. Pure.

Everything here rests on the customer's word: we have no host in their VPC.
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address, ip_network

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.checks.scene import ids
from networking.reach.probe import PORTS
from networking.reach.results import PortState, ReachResult
from onboarding.checks.catalogue import Entry
from onboarding.checks.judgments import Judgments
from portal.findings.shapes import Evidence, Finding

ADDRESSES, ANSWERS = "private-access.addresses", "private-access.ports"

#: RFC 1918, the shared range of RFC 6598 that VPCs may have, and the unique local addresses of RFC 4193. Loopback,
#: link-local and documentation ranges are private to nobody's VPC.
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))

_ENTRIES = (
    Entry(
        code=ADDRESSES,
        title=gettext_lazy("Addresses of the private endpoint"),
        remedy=gettext_lazy(
            "Look the private name up on a host in the target VPC. It answers once the private load balancer is there;"
            " if it answers with public addresses, ask support."
        ),
    ),
    Entry(
        code=ANSWERS,
        title=gettext_lazy("Ports of the private endpoint"),
        remedy=gettext_lazy(
            "Look at the path of the peering: it shows which route, network ACL or security group stops the way. Mend"
            " that, then run the script again."
        ),
    ),
)
CATALOGUE: Mapping[str, Entry] = {listed.code: listed for listed in _ENTRIES}
_SAY = Judgments(CATALOGUE, Evidence.DECLARED)


def judge_result(result: ReachResult) -> tuple[Finding, ...]:
    """The findings: one on the addresses, then one for all ports that did the same."""
    return (_addresses(result), *_ports(result))


def is_proven(findings: Iterable[Finding]) -> bool:
    """Whether all of it is fine. A result that lacks a port is not."""
    return all(finding.level.value == "passed" for finding in findings)


def is_private(address: str) -> bool:
    """Whether a VPC may have it as an address of its own that the internet does not reach."""
    found = ip_address(address)
    return any(found in network for network in _PRIVATE if network.version == found.version)


def _addresses(result: ReachResult) -> Finding:
    words, where = {"host": result.host}, (result.host, *result.addresses)
    if not result.resolved:
        said = _("%(host)s was not looked up: the host had no means to. Run the script on another host of the VPC.")
        return _SAY.unknown(ADDRESSES, said % words, where)
    if not result.addresses:
        said = _("%(host)s does not resolve there. See that the private load balancer is enabled, then run it again.")
        return _SAY.failed(ADDRESSES, said % words, where)
    strays = _strays(result)
    if strays:
        said = _(
            "%(host)s answers with a public address: %(addresses)s. Connections to it do not go through the peering."
        )
        return _SAY.failed(ADDRESSES, said % {**words, "addresses": ids(strays)}, where)
    said = _("%(host)s resolves to private addresses: %(addresses)s.")
    return _SAY.passed(ADDRESSES, said % {**words, "addresses": ids(result.addresses)}, where)


def _strays(result: ReachResult) -> list[str]:
    return [address for address in result.addresses if not is_private(address)]


def _ports(result: ReachResult) -> list[Finding]:
    if not result.addresses or _strays(result):
        said = _("Ports of %(host)s count once its name resolves to private addresses only. Mend that first.")
        return [_SAY.unknown(ANSWERS, said % {"host": result.host}, (result.host,))]
    wanted = sorted({*PORTS, *result.ports})
    states = {port: result.ports.get(port, PortState.UNTESTED) for port in wanted}
    return [
        _answer(result, state, [port for port in wanted if states[port] is state])
        for state in PortState
        if state in states.values()
    ]


def _answer(result: ReachResult, state: PortState, ports: Sequence[int]) -> Finding:
    words = {"host": result.host, "ports": ids(map(str, ports))}
    where = (result.host,)
    if state is PortState.OPEN:
        return _SAY.passed(ANSWERS, _("%(host)s answers on TCP %(ports)s.") % words, where)
    if state is PortState.REFUSED:
        said = _(
            "%(host)s refuses connections on TCP %(ports)s: packets arrive, and nothing listens there. Ask support"
            " whether the private load balancer has these ports."
        )
        return _SAY.failed(ANSWERS, said % words, where)
    if state is PortState.TIMEOUT:
        said = _(
            "%(host)s resolves, and nothing answers on TCP %(ports)s: a security group, a network ACL or a route drops"
            " it on the way there or back. The path of the peering shows which."
        )
        return _SAY.failed(ANSWERS, said % words, where)
    said = _(
        "TCP %(ports)s of %(host)s was not tried: the host had no means to. Run the script on a host with python3,"
        " bash, nc or curl."
    )
    return _SAY.unknown(ANSWERS, said % words, where)
