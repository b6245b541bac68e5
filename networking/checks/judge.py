"""All checks of a customer-managed VPC together: one look in, the findings of the contract out. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks import egress, endpoints, privacy, subnets, tags, vpc, zones
from networking.checks.scene import Scene
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.findings.shapes import Evidence, Finding, Level


@dataclass(frozen=True)
class SubnetCheck:
    """A rule that each subnet keeps or breaks for itself.

    `trouble` gives the finding of one subnet, None when all is fine; `fine` the sentence for those that are. `action`
    is the IAM action without which nothing can be said of any subnet.
    """

    code: str
    action: str
    trouble: Callable[[Scene, str], Finding | None]
    fine: Callable[[Scene, Sequence[str]], str]


_SUBNETS, _TABLES = "ec2:DescribeSubnets", "ec2:DescribeRouteTables"
_ZONES = SubnetCheck(zones.CODE, _SUBNETS, zones.zone, zones.apart)
_MEMBERSHIP = SubnetCheck("subnets.membership", _SUBNETS, subnets.membership, subnets.members)
_SIZE = SubnetCheck("subnets.size", _SUBNETS, subnets.size, subnets.sizes)
_FREE = SubnetCheck("subnets.free-addresses", _SUBNETS, subnets.free_addresses, subnets.enough_free)
_PRIVATE = SubnetCheck(privacy.CODE, _TABLES, privacy.private, privacy.all_private)
_EGRESS = SubnetCheck(egress.CODE, _TABLES, egress.egress, egress.leads_out)


def judge_vpc(
    network: VpcNetwork, subnet_ids: Sequence[str], *, profile: Profile, evidence: Evidence = Evidence.OBSERVED
) -> tuple[Finding, ...]:
    """Every code of the profile for the VPC and the chosen subnets, in the contract's order.

    One finding for each code and resource that is not fine, one `passed` finding for a code where all are. The order
    of `subnet_ids` does not matter; an id that stands there twice counts once.
    """
    scene = Scene(network, profile, evidence)
    chosen = tuple(sorted(set(subnet_ids)))
    return (
        *vpc.check_exists(scene),
        *vpc.check_owner(scene),
        *subnets.check_count(scene, subnet_ids),
        *(zones.check_zones(scene, chosen) if chosen else _nothing_chosen(scene, zones.CODE)),
        *_each(scene, chosen, (_MEMBERSHIP, _SIZE, _FREE, _PRIVATE)),
        *_each(scene, chosen, _tag_checks(profile)[:1]),
        *endpoints.check_present(scene),
        *(endpoints.check_routes(scene, chosen) if chosen else _nothing_chosen(scene, endpoints.ROUTES)),
        *_of_later_profiles(scene, chosen),
    )


def judge_subnets(
    network: VpcNetwork,
    subnet_ids: Iterable[str] | None = None,
    *,
    profile: Profile,
    evidence: Evidence = Evidence.OBSERVED,
) -> Mapping[str, tuple[Finding, ...]]:
    """For each subnet the codes that it keeps or breaks for itself, one finding per code; of all subnets of the look
    when none are named.
    """
    scene = Scene(network, profile, evidence)
    every = scene.subnets if subnet_ids is None else dict.fromkeys(subnet_ids)
    return {subnet: _alone(scene, subnet) for subnet in every}


def judge_subnet(
    network: VpcNetwork, subnet_id: str, *, profile: Profile, evidence: Evidence = Evidence.OBSERVED
) -> tuple[Finding, ...]:
    """The same for one subnet."""
    return judge_subnets(network, (subnet_id,), profile=profile, evidence=evidence)[subnet_id]


def _alone(scene: Scene, subnet: str) -> tuple[Finding, ...]:
    tag_checks = _tag_checks(scene.profile)
    before = (_ZONES, _MEMBERSHIP, _SIZE, _FREE, _PRIVATE, *tag_checks[:1])
    after = (*tag_checks[1:], *([_EGRESS] if scene.profile.egress else []))
    return (
        *_each(scene, (subnet,), before),
        *endpoints.check_routes(scene, (subnet,)),
        *_each(scene, (subnet,), after),
    )


def _each(scene: Scene, chosen: Sequence[str], checks: Iterable[SubnetCheck]) -> Iterable[Finding]:
    for check in checks:
        yield from _judge(scene, chosen, check) if chosen else _nothing_chosen(scene, check.code)


def _judge(scene: Scene, chosen: Sequence[str], check: SubnetCheck) -> tuple[Finding, ...]:
    unread = scene.network.subnets is None if check.action == _SUBNETS else scene.network.route_tables is None
    if unread:
        return (scene.say.unknown(check.code, scene.unread(check.action), tuple(chosen)),)
    troubles = tuple(trouble for subnet in chosen if (trouble := check.trouble(scene, subnet)) is not None)
    return troubles or (scene.say.passed(check.code, check.fine(scene, chosen), tuple(chosen)),)


def _nothing_chosen(scene: Scene, code: str) -> tuple[Finding, ...]:
    said = _("No subnets of %(vpc)s are chosen yet. Choose %(needed)d.")
    words = {"vpc": scene.network.vpc_id, "needed": scene.profile.subnets}
    return (scene.say.unknown(code, said % words, (scene.network.vpc_id,)),)


def _tag_checks(profile: Profile) -> tuple[SubnetCheck, ...]:
    """A check for each tag that the profile asks of a subnet, in its order."""
    return tuple(
        SubnetCheck(tags.subnet_code(tag), _SUBNETS, tags.subnet_tag(tag), tags.tagged(tag))
        for tag in profile.required_tags
        if tag.kind == "subnet"
    )


def _of_later_profiles(scene: Scene, chosen: Sequence[str]) -> Iterable[Finding]:
    profile = scene.profile
    wanted = [tag for tag in profile.required_tags if tag.kind == "vpc"]
    if wanted:
        yield from tags.check_vpc_tags(scene, wanted)
    yield from _each(scene, chosen, _tag_checks(profile)[1:])
    if profile.egress:
        yield from _egress(scene, chosen)
    if profile.dns:
        yield from vpc.check_dns(scene)


def _egress(scene: Scene, chosen: Sequence[str]) -> tuple[Finding, ...]:
    each = tuple(_each(scene, chosen, (_EGRESS,)))
    troubles = tuple(finding for finding in each if finding.level is not Level.PASSED)
    alone = egress.one_nat_for_all(scene, chosen)
    if alone is not None:
        return (*troubles, alone)
    if scene.network.subnets is None and not troubles:
        # Without the zones of the subnets nobody knows whether one NAT gateway serves several.
        return (scene.say.unknown(egress.CODE, scene.unread(_SUBNETS), tuple(chosen)),)
    return each
