"""How the routes of a target VPC are written by hand while nobody showed us its route tables and nobody named its
subnets: a console guide.

Where subnets are registered, networking/peering/remedies/unseen.py says it subnet by subnet; once a look or a facts
file shows the tables, routes.py there says it table by table.
https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html: a subnet without a table of its own follows
the main one.
"""

from django.utils.translation import gettext as _

from networking.peering.standing import Standing
from networking.peering.subjects import scene_of
from networking.remedies import console
from networking.states import PeeringStep
from onboarding.guides import GuideItem, GuideValue
from portal.aws.facts.networks import VpcNetwork


def unseen_routes(standing: Standing) -> tuple[GuideItem, ...]:
    """The guide, item by item; empty where there is no connection yet, where a remedy says it, or where it is done."""
    scene = scene_of(standing)
    ranges = tuple(block.text for block in scene.ranges(scene.requester).blocks)
    network = standing.accepter.network
    known = bool(standing.registered.accepter_subnets) or (network is not None and network.route_tables is not None)
    if known or not ranges or standing.connection is None or standing.is_done(PeeringStep.RETURN_ROUTES):
        return ()
    peering = standing.peering
    place = VpcNetwork(account=peering.account_id, region=peering.region, vpc_id=peering.vpc_id)
    return (
        GuideItem(
            text=_(
                "Open the subnets of the target VPC in the AWS console, signed in to account %(account)s. Find each"
                " subnet that wants access, and note what stands under «Route table»: several may follow the same one."
            )
            % {"account": peering.account_id},
            url=console.url(place, "subnets", VpcId=peering.vpc_id),
            link=_("Subnets"),
        ),
        GuideItem(text=_("Click the route table, press «Edit routes», then «Add route».")),
        GuideItem(
            text=_("Under «Destination» type the range of the BYOC VPC. It takes one route for each range."),
            values=tuple(GuideValue(_("Destination"), one) for one in ranges),
        ),
        GuideItem(
            text=_("Under «Target» choose «Peering Connection», then this one."),
            values=(GuideValue(_("Target"), standing.connection.pcx_id),),
        ),
        GuideItem(text=_("Press «Save changes». Do the same in every route table that you noted.")),
    )
