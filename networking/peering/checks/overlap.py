"""Whether the two VPCs have an address in common, in any range of either. Pure.

AWS refuses such a peering even for a range that no subnet uses.
https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations
"""

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.checks.ranges import overlaps
from networking.peering.checks.scene import PeeringScene, Ranges, View
from portal.findings.shapes import Finding

CODE = "peering.cidr-overlap"


def check_overlap(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.cidr-overlap`: no IPv4 or IPv6 range of one VPC overlaps one of the other."""
    sides = [(view, scene.ranges(view)) for view in (scene.requester, scene.accepter)]
    doubtful = tuple(_doubt(scene, view, ranges) for view, ranges in sides if ranges.doubt)
    if doubtful:
        return doubtful
    (_requester, here), (_accepter, there) = sides
    say = scene.say(here.evidence, there.evidence)
    words = {"requester": scene.requester.vpc_id, "accepter": scene.accepter.vpc_id}
    where = (scene.requester.vpc_id, scene.accepter.vpc_id)
    found = overlaps(here.blocks, there.blocks)
    if found:
        pairs = ids(f"{one.text} ~ {other.text}" for one, other in found)
        said = _(
            "Ranges of %(requester)s overlap ranges of %(accepter)s: %(pairs)s. Choose another target VPC, or remove "
            "the range from one of the two."
        )
        return (say.failed(CODE, said % {**words, "pairs": pairs}, where),)
    return (say.passed(CODE, _("No range of %(requester)s overlaps one of %(accepter)s.") % words, where),)


def _doubt(scene: PeeringScene, view: View, ranges: Ranges) -> Finding:
    return scene.say(ranges.evidence).unknown(CODE, ranges.doubt, (view.vpc_id,))
