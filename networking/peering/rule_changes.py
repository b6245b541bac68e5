"""The inbound rules of the private load balancer: which lack, and which we added for this peering. Pure.

A rule is known as ours by its description, which AWS keeps with each range:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from networking.peering.change import REQUESTER, REVOKE, RULE, PeeringChange
from networking.peering.checks.ranges import block_of
from networking.peering.checks.scene import PeeringScene
from networking.peering.checks.security_groups import shortfalls
from onboarding.stacks.naming import BALANCER_TAG
from portal.aws.facts.security_groups import PermissionFact, SecurityGroupFact
from portal.aws.facts.shapes import tag_value
from portal.findings.shapes import Evidence


def mark_of(peering_id: Any) -> str:
    """The description of every rule that we add for a peering."""
    return f"clickhouse-byoc-peering {peering_id}"


@dataclass(frozen=True)
class FoundRule:
    """One range on one port, as a rule of a group admits it; `ours` by its description."""

    group: str
    range: str
    port: int
    ours: bool

    @property
    def id(self) -> str:
        """What a person names it by."""
        return f"{self.group}:{self.range}:{self.port}"


@dataclass(frozen=True)
class BalancerRules:
    """The inbound rules of the registered groups; `mark` is the description of those of this peering."""

    scene: PeeringScene
    mark: str

    def lacking(self) -> tuple[PeeringChange, ...]:
        """One change for all ports that lack the same ranges of the target VPC, in the first group."""
        groups, ranges = self._groups, self.scene.ranges(self.scene.accepter)
        if not groups or ranges.doubt:
            return ()
        best = next((group for group in groups if tag_value(group.tags, BALANCER_TAG)), groups[0])
        missing = shortfalls(groups, self.scene.registered.ports, ranges.blocks)
        return tuple(
            self._change(RULE, best.id, tuple(block.text for block in blocks), tuple(ports))
            for blocks, ports in missing.items()
        )

    def found(self) -> tuple[FoundRule, ...]:
        """The rules that admit just a range of the target VPC on one registered port: ours, and others' like them."""
        return tuple(rule for group in self._groups for one in group.inbound for rule in self._rules_of(group.id, one))

    def revocations(self, rules: tuple[FoundRule, ...]) -> tuple[PeeringChange, ...]:
        """One change for all ports of a group that lose the same ranges."""
        ranges: dict[tuple[str, int], list[str]] = {}
        for rule in rules:
            ranges.setdefault((rule.group, rule.port), []).append(rule.range)
        ports: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for (group, port), texts in ranges.items():
            ports.setdefault((group, tuple(sorted(texts))), []).append(port)
        return tuple(
            self._change(REVOKE, group, texts, tuple(sorted(numbers))) for (group, texts), numbers in ports.items()
        )

    @property
    def _groups(self) -> list[SecurityGroupFact]:
        view, listed = self.scene.requester, set(self.scene.registered.security_group_ids)
        if view.is_unread or view.side.evidence is not Evidence.OBSERVED:
            return []
        groups = (one for one in view.side.security_groups or () if one.id in listed and one.vpc in {"", view.vpc_id})
        return sorted(groups, key=lambda group: group.id)

    def _rules_of(self, group: str, one: PermissionFact) -> Iterator[FoundRule]:
        port = one.from_port
        if one.protocol not in {"tcp", "6"} or port is None or port != one.to_port:
            return
        blocks = self.scene.ranges(self.scene.accepter).blocks
        for text in (*one.cidrs, *one.ipv6_cidrs):
            ours = tag_value(one.notes, text) == self.mark
            block = block_of(text)
            theirs = block is not None and any(wide.holds(block) for wide in blocks)
            if ours or (theirs and port in self.scene.registered.ports):
                yield FoundRule(group, text, port, ours)

    def _change(self, kind: str, group: str, ranges: tuple[str, ...], ports: tuple[int, ...]) -> PeeringChange:
        held = self.scene.registered
        return PeeringChange(
            kind=kind,
            side=REQUESTER,
            account=held.requester_account,
            region=held.requester_region,
            resource=group,
            ranges=ranges,
            ports=ports,
        )
