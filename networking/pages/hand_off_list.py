"""The context of templates/networking/_hand_offs.html: the links of a deployment, and every use made of them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from networking.actions.hand_offs import MOST_OPEN
from networking.forms.requests import HandOffForm
from networking.models import HandOff, HandOffUse
from onboarding.models import Deployment

#: Uses that are listed of one deployment's links, the newest first; the number of all of them stands beside the link.
LISTED = 200
#: Links that are listed, the newest first.
LINKS = 50


@dataclass(frozen=True, kw_only=True)
class ListedLink:
    """A link, how often it was used, and its newest uses."""

    link: HandOff
    count: int
    uses: tuple[HandOffUse, ...]


@dataclass(frozen=True, kw_only=True)
class HandOffList:
    """The links of a deployment; `form` makes a new one to `vpc_id`, which is empty before a VPC is named."""

    vpc_id: str
    links: tuple[ListedLink, ...]
    form: HandOffForm

    @property
    def full(self) -> bool:
        """Whether as many links are open as may be."""
        return sum(one.link.is_open for one in self.links) >= MOST_OPEN

    @property
    def most(self) -> int:
        """How many links may be open."""
        return MOST_OPEN


def hand_offs_of(deployment: Deployment, vpc_id: str, *, form: HandOffForm | None = None) -> HandOffList:
    """Two queries."""
    counted = HandOff.objects.filter(deployment=deployment).annotate(use_count=Count("uses"))
    rows = list(counted.select_related("created_by").order_by("-created_at")[:LINKS])
    uses: dict[object, list[HandOffUse]] = defaultdict(list)
    for use in HandOffUse.objects.filter(hand_off__in=rows)[:LISTED]:
        uses[use.hand_off_id].append(use)
    return HandOffList(
        vpc_id=vpc_id,
        links=tuple(ListedLink(link=row, count=row.use_count, uses=tuple(uses[row.pk])) for row in rows),
        form=form or HandOffForm(initial={"vpc": vpc_id}),
    )
