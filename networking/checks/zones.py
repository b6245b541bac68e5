"""The zones of the chosen subnets: enough different availability zones, by zone ID.

Local zones and wavelength zones do not count: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
IDs, not names: https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from networking.checks.scene import Scene, ids
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Finding, Level

CODE = "subnets.zones"
_KIND = "availability-zone"
#: `information` is a message, no trouble; an answer without a state is of a tool that leaves it out.
_SOUND = frozenset({"", "available", "information"})


def check_zones(scene: Scene, chosen: Sequence[str]) -> tuple[Finding, ...]:
    """`subnets.zones` of all chosen subnets: each zone for itself, and whether there are enough of them."""
    found = [scene.subnets[subnet] for subnet in chosen if subnet in scene.subnets]
    if scene.network.subnets is None:
        return (scene.say.unknown(CODE, scene.unread("ec2:DescribeSubnets"), tuple(chosen)),)
    zones = {subnet.id: scene.zone_id(subnet) for subnet in found}
    # What is not known to be another kind of zone may be an availability zone, and each silent one another zone.
    possible = {zone for zone in zones.values() if zone and not _is_other_kind(scene, zone)}
    silent = sum(1 for zone in zones.values() if not zone)
    troubles = tuple(trouble for subnet in chosen if (trouble := zone(scene, subnet)) is not None)
    if len(possible) + silent < scene.profile.zones:
        certain = tuple(trouble for trouble in troubles if trouble.level is not Level.UNKNOWN)
        return (_too_few(scene, chosen, possible), *certain)
    if scene.network.zones is None:
        return (scene.say.unknown(CODE, scene.unread("ec2:DescribeAvailabilityZones"), tuple(chosen)),)
    return troubles or (scene.say.passed(CODE, apart(scene, chosen), tuple(chosen)),)


def _too_few(scene: Scene, chosen: Sequence[str], possible: set[str]) -> Finding:
    words = {"count": len(possible), "zones": ids(sorted(possible)) or "–", "needed": scene.profile.zones}
    said = _(
        "Availability zones of the chosen subnets: %(count)d (%(zones)s); needed: %(needed)d. Choose subnets in other "
        "zones."
    )
    return scene.say.failed(CODE, said % words, (scene.network.vpc_id, *chosen))


def _is_other_kind(scene: Scene, zone_id: str) -> bool:
    listed = scene.zone(zone_id)
    return listed is not None and listed.type not in {"", _KIND}


def zone(scene: Scene, subnet_id: str) -> Finding | None:
    """What is wrong with one subnet's zone, None when it is an availability zone that EKS runs in."""
    subnet = scene.subnets.get(subnet_id)
    if subnet is None:
        return scene.say.unknown(CODE, scene.not_found(subnet_id), (subnet_id,))
    if scene.network.zones is None:
        return scene.say.unknown(CODE, scene.unread("ec2:DescribeAvailabilityZones"), (subnet_id,))
    listed = scene.zone(scene.zone_id(subnet))
    if listed is None or not listed.type:
        said = _(
            "What kind of zone %(subnet)s is in (%(zone)s) was not said. Look again with the answer of "
            "ec2:DescribeAvailabilityZones, or choose another subnet."
        )
        words = {"subnet": subnet_id, "zone": scene.zone_id(subnet) or subnet.zone_name or "–"}
        return scene.say.unknown(CODE, said % words, (subnet_id,))
    return _known_zone(scene, subnet_id, listed)


def _known_zone(scene: Scene, subnet_id: str, listed: ZoneFact) -> Finding | None:
    words = {"subnet": subnet_id, "zone": listed.id, "kind": listed.type, "state": listed.state}
    where = (subnet_id, listed.id)
    if listed.type != _KIND:
        said = _("%(subnet)s is in %(zone)s, a %(kind)s. Choose a subnet in an availability zone.")
        return scene.say.failed(CODE, said % words, where)
    if listed.id in scene.profile.barred_zone_ids:
        said = _("%(subnet)s is in %(zone)s, where EKS does not run. Choose a subnet in another zone.")
        return scene.say.warning(CODE, said % words, where)
    if listed.state not in _SOUND:
        said = _("%(subnet)s is in %(zone)s, which AWS reports as %(state)s. Choose another zone or wait.")
        return scene.say.warning(CODE, said % words, where)
    return None


def apart(scene: Scene, chosen: Sequence[str]) -> str:
    """The sentence that the zones do."""
    zones = sorted({scene.zone_id(scene.subnets[subnet]) for subnet in chosen})
    return _("In availability zones that EKS runs in (%(zones)s): %(subnets)s.") % {
        "zones": ids(zones),
        "subnets": ids(chosen),
    }
