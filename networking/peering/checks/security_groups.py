"""Whether the security groups of the private load balancer admit the target VPC. Pure.

Several groups of one interface admit what any of them admits:
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.balancers import private_balancers
from networking.peering.checks.ranges import Block, Union, block_of
from networking.peering.checks.scene import PeeringScene, Ranges, View, weakest
from onboarding.checks.judgments import Judgments
from portal.aws.facts.security_groups import PermissionFact, SecurityGroupFact
from portal.findings.shapes import Finding

CODE = "peering.security-group"
ACTION = "ec2:DescribeSecurityGroups"
#: How AWS writes TCP: by name, or by number where a tool wrote the rule so.
_TCP = frozenset({"tcp", "6"})
_EVERYTHING = "-1"


def check_security_groups(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.security-group`: together the groups admit every range of the target VPC on every port, over TCP."""
    view, held = scene.requester, scene.registered
    say, listed = scene.say(view.side.evidence), tuple(sorted(set(held.security_group_ids)))
    if not listed or not held.ports:
        return (say.unknown(CODE, _unregistered(view, listed), listed or (view.vpc_id,)),)
    if view.is_unread or view.side.security_groups is None:
        return (say.unknown(CODE, view.unread(ACTION), listed),)
    every = {group.id: group for group in view.side.security_groups}
    strays = tuple(_stray(scene, say, every, name) for name in listed if not _is_here(scene, every, name))
    ranges = scene.ranges(scene.accepter)
    if ranges.doubt:
        return (*strays, say.unknown(CODE, ranges.doubt, (scene.accepter.vpc_id,)))
    groups = [every[name] for name in listed if _is_here(scene, every, name)]
    say = scene.say(weakest((view.side.evidence, ranges.evidence)))
    troubles = (*strays, *_judge(scene, say, groups, ranges)) if groups else strays
    if troubles:
        return troubles
    said = _("%(groups)s admit %(ranges)s on TCP %(ports)s.")
    words = {"groups": ids(listed), "ranges": ids(block.text for block in ranges.blocks), "ports": _ports(held.ports)}
    return (say.passed(CODE, said % words, listed),)


def _unregistered(view: View, groups: tuple[str, ...]) -> str:
    """Why nobody knows which rules should be there: the groups come with the private load balancer."""
    if not groups and not view.is_unread and private_balancers(view.side, view.vpc_id, groups) == ():
        said = _(
            "The security group to change comes with the private load balancer, and %(vpc)s has none yet. Enable that "
            "first."
        )
        return said % {"vpc": view.vpc_id}
    said = _("No security group or no port of the private load balancer in %(vpc)s is registered. Ask support.")
    return said % {"vpc": view.vpc_id}


def _is_here(scene: PeeringScene, every: Mapping[str, SecurityGroupFact], name: str) -> bool:
    return name in every and every[name].vpc in {"", scene.requester.vpc_id}


def _stray(scene: PeeringScene, say: Judgments, every: Mapping[str, SecurityGroupFact], name: str) -> Finding:
    words = {"group": name, "vpc": scene.requester.vpc_id, "account": scene.requester.account}
    if name not in every:
        said = _("%(group)s was not found in account %(account)s. Ask support which security group it is.")
        return say.failed(CODE, said % words, (name,))
    said = _("%(group)s is in %(other)s, not in %(vpc)s. Ask support which security group it is.")
    return say.failed(CODE, said % {**words, "other": every[name].vpc[:64]}, (name,))


def _judge(scene: PeeringScene, say: Judgments, groups: Sequence[SecurityGroupFact], ranges: Ranges) -> list[Finding]:
    """One finding for all ports that lack the same ranges."""
    lacking = shortfalls(groups, scene.registered.ports, ranges.blocks)
    return [_closed(say, groups, counting(groups), missing, ports) for missing, ports in lacking.items()]


def counting(groups: Iterable[SecurityGroupFact]) -> list[PermissionFact]:
    """The inbound rules that may speak of TCP."""
    return [rule for group in groups for rule in group.inbound if rule.protocol in {*_TCP, _EVERYTHING}]


def shortfalls(
    groups: Iterable[SecurityGroupFact], ports: Iterable[int], blocks: Iterable[Block]
) -> dict[tuple[Block, ...], list[int]]:
    """The ranges that the groups together do not admit, each set of them with the TCP ports that lack it."""
    rules, wanted = counting(groups), tuple(blocks)
    admitted = _admitted(rules)
    lacking: dict[tuple[Block, ...], list[int]] = {}
    for port in sorted(set(ports)):
        union = Union.of(block for block, rule in admitted if _opens(rules[rule], port))
        missing = tuple(block for block in wanted if not union.holds(block))
        if missing:
            lacking.setdefault(missing, []).append(port)
    return lacking


def _admitted(rules: Sequence[PermissionFact]) -> list[tuple[Block, int]]:
    """Every range that some rule admits, with the rule's place; sorted once for all ports."""
    found = (
        (block, place)
        for place, rule in enumerate(rules)
        for text in (*rule.cidrs, *rule.ipv6_cidrs)
        if (block := block_of(text)) is not None
    )
    return sorted(found, key=lambda pair: pair[0].order)


def _opens(rule: PermissionFact, port: int) -> bool:
    """Whether the rule speaks of the TCP port. All protocols are all ports, whatever else stands in the rule."""
    if rule.protocol == _EVERYTHING:
        return True
    return rule.from_port is not None and rule.to_port is not None and rule.from_port <= port <= rule.to_port


def _closed(
    say: Judgments,
    groups: Sequence[SecurityGroupFact],
    rules: Sequence[PermissionFact],
    missing: Sequence[Block],
    ports: Sequence[int],
) -> Finding:
    where = tuple(group.id for group in groups)
    open_ = [rule for rule in rules if all(_opens(rule, port) for port in ports)]
    lists = tuple(dict.fromkeys(name for rule in open_ for name in rule.prefix_lists))
    words = {
        "groups": ids(where),
        "ranges": ids(block.text for block in missing),
        "ports": _ports(ports),
        "lists": ids(lists),
    }
    if lists:
        said = _(
            "Whether %(groups)s admit %(ranges)s on TCP %(ports)s depends on what is in %(lists)s, into which nobody "
            "looked. Ask support for a rule with the ranges themselves."
        )
        return say.unknown(CODE, said % words, where)
    said = _("%(groups)s do not admit %(ranges)s on TCP %(ports)s. Ask support for an inbound rule.")
    if any(rule.groups for rule in open_):
        said += " " + _("A reference to another security group admits its members only, never a range.")
    return say.failed(CODE, said % words, where)


def _ports(ports: Iterable[int]) -> str:
    return ids(str(port) for port in sorted(set(ports)))
