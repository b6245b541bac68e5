"""Whether each side's subnets lead every range of the other side through the connection. Pure.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks.scene import Effective, ids
from networking.peering.checks.ranges import Shelf
from networking.peering.checks.reach import Reach, reach_of
from networking.peering.checks.scene import PeeringScene, Ranges, View, weakest
from onboarding.checks.judgments import Judgments
from portal.aws.facts.route_tables import RouteTableFact
from portal.findings.shapes import Finding

REQUESTER, ACCEPTER = "peering.requester-routes", "peering.accepter-routes"
ACTION = "ec2:DescribeRouteTables"


@dataclass(frozen=True)
class Table:
    """A route table that listed subnets follow, `inherited` by some as the main table."""

    fact: RouteTableFact
    subnets: tuple[str, ...]
    inherited: bool


def check_requester_routes(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.requester-routes`: from the private subnets of the BYOC VPC to every range of the target VPC."""
    return _check(scene, REQUESTER, scene.requester, scene.accepter, scene.registered.requester_subnets)


def check_accepter_routes(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.accepter-routes`: from the subnets of the target VPC to every range of the BYOC VPC."""
    return _check(scene, ACCEPTER, scene.accepter, scene.requester, scene.registered.accepter_subnets)


def _check(scene: PeeringScene, code: str, here: View, there: View, listed: Iterable[str]) -> tuple[Finding, ...]:
    subnets = tuple(sorted(set(listed)))
    say = scene.say(here.side.evidence)
    if not subnets:
        said = _("No subnets of %(vpc)s on the %(side)s side are registered. Name those that must reach %(other)s.")
        words = {"vpc": here.vpc_id, "side": here.place, "other": there.vpc_id}
        return (say.unknown(code, said % words, (here.vpc_id,)),)
    if here.network is None or here.network.route_tables is None:
        return (say.unknown(code, here.unread(ACTION), subnets),)
    tables, doubts = followed_tables(here, subnets)
    troubles = [say.unknown(code, doubt, (subnet,)) for subnet, doubt in doubts]
    ranges = scene.ranges(there)
    if ranges.doubt:
        troubles.append(say.unknown(code, ranges.doubt, (there.vpc_id,)))
    else:
        say = scene.say(weakest((here.side.evidence, ranges.evidence)))
        troubles += _judge(say, code, scene.registered.named, tables, ranges)
    return tuple(troubles) or (say.passed(code, _fine(scene, tables, ranges, there), subnets),)


def followed_tables(view: View, subnets: Iterable[str]) -> tuple[list[Table], list[tuple[str, str]]]:
    """The tables that the subnets follow, by id, and the subnets whose table nobody can say, each with the reason."""
    found: dict[str, list[tuple[str, Effective]]] = {}
    facts: dict[str, RouteTableFact] = {}
    doubts: list[tuple[str, str]] = []
    for subnet in subnets:
        effective = view.inside.effective(subnet)
        if effective.table is None:
            doubts.append((subnet, effective.doubt))
        else:
            facts[effective.table.id] = effective.table
            found.setdefault(effective.table.id, []).append((subnet, effective))
    return [
        Table(
            facts[name], tuple(subnet for subnet, _effective in found[name]), any(e.inherited for _s, e in found[name])
        )
        for name in sorted(found)
    ], doubts


def _judge(say: Judgments, code: str, peering_id: str, tables: list[Table], ranges: Ranges) -> Iterator[Finding]:
    shelf = Shelf(ranges.blocks)
    for table in tables:
        reach = reach_of(table.fact, shelf, peering_id)
        where = (table.fact.id, *table.subnets)
        words = {"table": table.fact.id, "id": peering_id, "who": _who(table)}
        for make, said, things in (*_failures(say, reach, peering_id), *_doubts(say, reach)):
            if things:
                yield make(code, said % {**words, "things": ids(things)}, where)


type _Trouble = tuple[Callable[..., Finding], str, Iterable[str]]


def _failures(say: Judgments, reach: Reach, peering_id: str) -> tuple[_Trouble, ...]:
    lacking = [f"{block} → {peering_id}" for block in reach.lacking]
    dead = [f"{block} → {peering_id}" for block in reach.dead]
    # Nobody looked into a prefix list; where one leads through the connection, it may hold what seems to be lacking.
    hidden = reach.hidden
    return (
        (say.failed, _("The route table %(table)s lacks %(things)s. %(who)s Add a route for each range."),
         [] if hidden else lacking),
        (say.unknown, _("In the route table %(table)s only a prefix list leads to %(id)s, and nobody looked whether it "
                        "holds what else lacks: %(things)s. %(who)s See what is in the list, or add the routes."),
         lacking if hidden else []),
        (say.failed, _("In the route table %(table)s a route for a range of the other side points elsewhere: "
                       "%(things)s. %(who)s Lead it to %(id)s, if nothing else needs it."), list(reach.elsewhere)),
        (say.failed, _("In the route table %(table)s more specific routes take all traffic away from %(id)s: "
                       "%(things)s. %(who)s Remove them, if nothing else needs them."), list(reach.stolen)),
        (say.failed, _("The route table %(table)s has a blackhole: %(things)s. %(who)s See whether the connection is "
                       "still active, then write the route anew."), dead),
    )  # fmt: skip


def _doubts(say: Judgments, reach: Reach) -> tuple[_Trouble, ...]:
    return (
        (say.unknown, _("In the route table %(table)s these ranges of the other side are local, the VPC's own: "
                        "%(things)s. %(who)s The two VPCs overlap there; settle that first."), list(reach.local)),
        (say.unknown, _("Whether the route to %(id)s in the route table %(table)s works was not said: %(things)s. "
                        "%(who)s Look again with the answer of ec2:DescribeRouteTables."), list(reach.unsaid)),
        (say.warning, _("In the route table %(table)s a more specific route takes part of the traffic away from "
                        "%(id)s: %(things)s. %(who)s Remove it unless it is meant."), list(reach.stealing)),
        (say.warning, _("In the route table %(table)s a prefix list into which nobody looked leads elsewhere: "
                        "%(things)s. %(who)s See that it holds no range of the other side."), list(reach.beside)),
    )  # fmt: skip


def _who(table: Table) -> str:
    """A sentence on who follows the table."""
    if table.inherited:
        return _("It is the main table, and a subnet without a table of its own follows it: %(subnets)s.") % {
            "subnets": ids(table.subnets)
        }
    return _("These subnets follow it: %(subnets)s.") % {"subnets": ids(table.subnets)}


def _fine(scene: PeeringScene, tables: list[Table], ranges: Ranges, there: View) -> str:
    said = _("%(tables)s lead every range of %(vpc)s to %(id)s: %(ranges)s.")
    return said % {
        "tables": ids(table.fact.id for table in tables),
        "vpc": there.vpc_id,
        "id": scene.registered.named,
        "ranges": ids(block.text for block in ranges.blocks),
    }
