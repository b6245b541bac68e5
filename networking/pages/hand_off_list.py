"""The context of templates/networking/_hand_offs.html: the links to a VPC or to a peering, and every use of them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from networking.actions.hand_offs import MOST_OPEN
from networking.forms.requests import HandOffForm, LinkForm
from networking.models import HandOff, HandOffUse, Peering
from onboarding.models import Deployment

#: Uses that are listed of one deployment's links, the newest first; the number of all of them stands beside the link.
LISTED = 200
#: Links that are listed, the newest first.
LINKS = 50


@dataclass(frozen=True, kw_only=True)
class ListedLink:
    """A link, how often it was used, its newest uses, and the address that revokes it."""

    link: HandOff
    count: int
    uses: tuple[HandOffUse, ...]
    revoke_url: str


@dataclass(frozen=True, kw_only=True)
class HandOffList:
    """The links; `form` makes a new one to `vpc_id`, which is empty before a VPC is named, at `make_url`. `about` tells
    what a link shows.
    """

    vpc_id: str
    about: str
    links: tuple[ListedLink, ...]
    form: LinkForm
    make_url: str

    @property
    def full(self) -> bool:
        """Whether as many links are open as may be."""
        return len(self.open_links) >= MOST_OPEN

    @property
    def open_links(self) -> tuple[ListedLink, ...]:
        """Those that still work."""
        return tuple(one for one in self.links if one.link.is_open)

    @property
    def most(self) -> int:
        """How many links may be open."""
        return MOST_OPEN


def hand_offs_of(deployment: Deployment, vpc_id: str, *, form: HandOffForm | None = None) -> HandOffList:
    """The links to VPCs that the deployment brings. Two queries."""
    return HandOffList(
        vpc_id=vpc_id,
        about=_(
            "Make a link for somebody without an account here. It shows this one VPC: what we found, how to mend it,"
            " and a place for a facts file. It works for seven days, you can revoke it at any time, and every use is"
            " listed here."
        ),
        links=_listed(
            HandOff.objects.filter(deployment=deployment, peering=None),
            lambda row: reverse("networking:vpc_hand_off_revoke", args=[deployment.pk, row.pk]),
        ),
        form=form or HandOffForm(initial={"vpc": vpc_id}),
        make_url=reverse("networking:vpc_hand_off", args=[deployment.pk]),
    )


def peering_hand_offs_of(peering: Peering, *, form: LinkForm | None = None) -> HandOffList:
    """The links to the target side of a peering. Two queries."""
    here = [peering.deployment_id, peering.pk]
    return HandOffList(
        vpc_id=peering.vpc_id,
        about=_(
            "Make a link for the network admin of the target VPC, who needs no account here. It shows the target side"
            " of this one peering: what to accept, which routes to add and how, a place for a facts file, and a button"
            " to say that it is done. It works for seven days, you can revoke it at any time, and every use is listed"
            " here."
        ),
        links=_listed(
            HandOff.objects.filter(peering=peering),
            lambda row: reverse("networking:peering_hand_off_revoke", args=[*here, row.pk]),
        ),
        form=form or LinkForm(),
        make_url=reverse("networking:peering_hand_off", args=here),
    )


def _listed(found: "QuerySet[HandOff]", revoke_url: Callable[[HandOff], str]) -> tuple[ListedLink, ...]:
    counted = found.annotate(use_count=Count("uses"))
    rows = list(counted.select_related("created_by").order_by("-created_at")[:LINKS])
    uses: dict[object, list[HandOffUse]] = defaultdict(list)
    for use in HandOffUse.objects.filter(hand_off__in=rows)[:LISTED]:
        uses[use.hand_off_id].append(use)
    return tuple(
        ListedLink(link=row, count=row.use_count, uses=tuple(uses[row.pk]), revoke_url=revoke_url(row)) for row in rows
    )
