"""The regions that the vendor supports."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Region:
    """One region: its `code`, its `title` as AWS writes it, and whether an account must opt in before use.

    Source of titles and opt-in:
    https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
    """

    code: str
    title: "StrOrPromise"
    opt_in: bool = False


#: The vendor's list of 2026-08; the same in both profiles.
REGIONS_OF_2026_08 = (
    Region(code="ap-northeast-1", title=_("Asia Pacific (Tokyo)")),
    Region(code="ap-northeast-2", title=_("Asia Pacific (Seoul)")),
    Region(code="ap-south-1", title=_("Asia Pacific (Mumbai)")),
    Region(code="ap-southeast-1", title=_("Asia Pacific (Singapore)")),
    Region(code="ap-southeast-2", title=_("Asia Pacific (Sydney)")),
    Region(code="ca-central-1", title=_("Canada (Central)")),
    Region(code="eu-central-1", title=_("Europe (Frankfurt)")),
    Region(code="eu-west-1", title=_("Europe (Ireland)")),
    Region(code="eu-west-2", title=_("Europe (London)")),
    Region(code="il-central-1", title=_("Israel (Tel Aviv)"), opt_in=True),
    Region(code="us-east-1", title=_("US East (N. Virginia)")),
    Region(code="us-east-2", title=_("US East (Ohio)")),
    Region(code="us-west-2", title=_("US West (Oregon)")),
)
