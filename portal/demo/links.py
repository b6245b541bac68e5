"""Links to the AWS console, taken apart as the console does it.

Format of quick-create links:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext as _

from portal.demo.stacks import StackPlace

STACK_ARN = re.compile(
    r"arn:aws:cloudformation:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12})"
    r":stack/(?P<name>[A-Za-z][A-Za-z0-9-]{0,127})/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
ROUTES = ("/stacks/quickcreate", "/stacks/create/review")


class NotALinkError(ValueError):
    """The text is not a quick-create link; the message says why."""


@dataclass(frozen=True)
class QuickCreate:
    """What a link proposes. Everything in it can be overwritten by whoever opens it."""

    region: str
    template_url: str
    stack_name: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def quick_create(link: str) -> QuickCreate:
    """The proposal in a link: region from the query, the rest from the fragment. Raises NotALinkError."""
    try:
        parts = urlsplit(link.strip())
        fragment = urlsplit(parts.fragment)
    except ValueError:
        raise NotALinkError(_("This is not a link. Copy the whole address of the quick-create link.")) from None
    if fragment.path not in ROUTES:
        raise NotALinkError(
            _("The link has no part #/stacks/quickcreate. Copy the whole address, also what follows the #.")
        )
    region = dict(parse_qsl(parts.query)).get("region", "")
    wanted = dict(parse_qsl(fragment.query, keep_blank_values=True))
    if not wanted.get("templateURL"):
        raise NotALinkError(_("The link names no templateURL. Copy the whole address, also what follows the #."))
    return QuickCreate(
        region=region,
        template_url=wanted["templateURL"],
        stack_name=wanted.get("stackName", ""),
        parameters={name.removeprefix("param_"): text for name, text in wanted.items() if name.startswith("param_")},
    )


def stack_of(link: str) -> StackPlace | None:
    """The stack that a console link such as `…#/stacks/stackinfo?stackId=arn…` names by its ARN, if it does."""
    try:
        fragment = urlsplit(urlsplit(link.strip()).fragment)
    except ValueError:
        return None
    arn = dict(parse_qsl(fragment.query)).get("stackId", "")
    found = STACK_ARN.fullmatch(arn)
    return StackPlace(*found.group("account", "region", "name", "key")) if found else None


@dataclass(frozen=True)
class VpcLink:
    """A link to a page of the VPC console, such as `…?region=us-east-1#RouteTableDetails:RouteTableId=rtb-1`.

    `page` and the names of `arguments` are in small letters; a link without a fragment has no page.
    """

    region: str
    page: str
    arguments: Mapping[str, str] = field(default_factory=dict)


def vpc_link(link: str) -> VpcLink:
    """Takes such a link apart; what cannot be read is left out."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return VpcLink("", "")
    page, _colon, rest = parts.fragment.partition(":")
    pairs = (pair.partition("=") for pair in re.split("[;&]", rest) if "=" in pair)
    return VpcLink(
        region=dict(parse_qsl(parts.query)).get("region", ""),
        page=page.strip("/").lower(),
        arguments={name.lower(): unquote(value) for name, _sign, value in pairs},
    )
