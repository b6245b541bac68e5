"""Template tag that finds the real screenshot for a remedy's illustration."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from networking.models import Screenshot
from networking.peering.steps import STEPS

register = template.Library()

_STEPS = {step.code: step.key for step in STEPS}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A screenshot as a page shows it: where it is, its size in pixels, and what it shows in words."""

    url: str
    width: int
    height: int
    caption: str


@register.simple_tag
def screenshot_for(codes: Sequence[str]) -> Shown | None:
    """The screenshot in the reader's language for the step of a peering that these checks belong to.

    None where staff put none there, and, without a query, for everything that is no step of a peering.
    """
    steps = [_STEPS[code] for code in codes if code in _STEPS]
    if not steps:
        return None
    language = get_language() or ""
    row = Screenshot.objects.filter(step__in=steps, language=language).defer("picture").first()
    return None if row is None else shown(row)


def shown(row: Screenshot) -> Shown:
    """The picture of a row, without its bytes."""
    address = reverse("networking:screenshot", args=[row.step, row.language])
    return Shown(url=f"{address}?{urlencode({'v': row.pk})}", width=row.width, height=row.height, caption=row.caption)
