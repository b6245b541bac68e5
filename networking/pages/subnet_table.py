"""The subnets of a VPC as the rows of a table to choose from: each with its facts and the state of every rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from networking.checks.catalogue import entry
from networking.checks.judge import judge_subnets
from networking.routing import Routing
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.shapes import tag_value
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import SEVERITY, Finding, Level, verdict


@dataclass(frozen=True, kw_only=True)
class RuleState:
    """How one rule stands for one subnet: its check's code and title, and the sentence."""

    code: str
    title: str
    level: Level
    message: str


@dataclass(frozen=True, kw_only=True)
class SubnetRow:
    """One subnet. `free` is None when AWS did not say; `table` is empty when nobody can say which one it follows."""

    id: str
    name: str
    cidr: str
    zone_name: str
    zone_id: str
    free: int | None
    table: str
    inherited: bool
    elsewhere: str
    shared_from: str
    level: Level
    rules: tuple[RuleState, ...]
    chosen: bool
    proposed: bool

    @property
    def troubles(self) -> tuple[RuleState, ...]:
        """The rules that are not fine, the worst first."""
        wrong = [rule for rule in self.rules if rule.level is not Level.PASSED]
        return tuple(sorted(wrong, key=lambda rule: SEVERITY.index(rule.level)))

    @property
    def words(self) -> str:
        """What a search looks through."""
        return " ".join((self.id, self.name, self.cidr, self.zone_name, self.zone_id, self.table)).lower()


def subnet_rows(
    network: VpcNetwork, *, profile: Profile, chosen: Sequence[str], proposed: Sequence[str]
) -> tuple[SubnetRow, ...]:
    """A row per subnet: what is chosen and proposed first, then the others by zone and range."""
    judged = judge_subnets(network, profile=profile)
    routing = Routing.of(network)
    rows = (_row(fact, network, routing, judged, chosen, proposed) for fact in network.subnets or ())
    return tuple(sorted(rows, key=lambda row: (not row.chosen, not row.proposed, row.zone_id, row.cidr)))


def _row(
    fact: SubnetFact,
    network: VpcNetwork,
    routing: Routing,
    judged: Mapping[str, tuple[Finding, ...]],
    chosen: Sequence[str],
    proposed: Sequence[str],
) -> SubnetRow:
    followed = routing.followed(fact.id)
    found = judged.get(fact.id, ())
    return SubnetRow(
        id=fact.id,
        name=tag_value(fact.tags, "Name") or "",
        cidr=fact.cidr,
        zone_name=fact.zone_name,
        zone_id=fact.zone_id,
        free=fact.free,
        table=followed.table.id if followed.table else "",
        inherited=followed.inherited,
        elsewhere=fact.vpc if fact.vpc not in {"", network.vpc_id} else "",
        shared_from=fact.owner if fact.owner not in {"", network.account} else "",
        level=verdict(found),
        rules=tuple(
            RuleState(code=one.code, title=str(entry(one.code).title), level=one.level, message=one.message)
            for one in found
        ),
        chosen=fact.id in chosen,
        proposed=fact.id in proposed,
    )
