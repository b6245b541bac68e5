"""A tag in the AWS console: the checklist, and the illustrated page beside it.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-associations.html, «Manage tags» on the tab Tags of a resource:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags_Console.html
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from networking.remedies import console
from networking.remedies.scope import Tagged, called
from networking.remedies.shapes import ConsoleField, ConsolePage
from networking.remedies.tagging_forms import Retag
from onboarding.guides import GuideItem, GuideValue
from portal.aws.facts.networks import VpcNetwork


def items(network: VpcNetwork, change: Retag, lacking: Sequence[Tagged]) -> tuple[GuideItem, ...]:
    """Each resource's page, then what is done there."""
    return (
        *(
            GuideItem(
                text=_("Open %(resource)s in the AWS console, signed in to account %(account)s.")
                % {"resource": called(fact), "account": network.account},
                url=_url(network, change, fact.id),
                link=fact.id,
            )
            for fact in lacking
        ),
        GuideItem(text=_manage(len(lacking))),
        GuideItem(
            text=_(
                "Press «Add new tag» and fill in both fields. Where the key stands there already, change its value."
            ),
            values=(GuideValue(_("Key"), change.key), GuideValue(_("Value"), change.value)),
        ),
        GuideItem(text=_("Press «Save».")),
    )


def _manage(count: int) -> str:
    if count == 1:
        return _("Choose the tab «Tags» and press «Manage tags».")
    return _("On each of these pages choose the tab «Tags», press «Manage tags» and take the next two steps.")


def _url(network: VpcNetwork, change: Retag, resource_id: str) -> str:
    return console.vpc_url(network) if change.kind == "vpc" else console.subnet_url(network, resource_id)


def page(
    network: VpcNetwork, change: Retag, lacking: Sequence[Tagged], items: tuple[GuideItem, ...]
) -> ConsolePage:  # fmt: skip
    """The page Manage tags of the first of them."""
    mark = len(items) - 1
    fields = (
        ConsoleField(label=_("Key"), value=change.key, mark=mark),
        ConsoleField(label=_("Value"), value=change.value, mark=mark),
    )
    listed = _("Your VPCs") if change.kind == "vpc" else _("Subnets")
    return console.page(
        network, listed, lacking[0].id, _("Manage tags"), fields=fields, button=_("Save"), items=items
    )  # fmt: skip


def undo(change: Retag) -> str:
    """By hand: remove it, or write the former value."""
    parts = []
    if change.new:
        parts.append(
            _("On the page «Manage tags» of %(resources)s press «Remove» beside %(key)s, then «Save».")
            % {"resources": ", ".join(change.new), "key": change.key}
        )
    parts.extend(
        _("On the page «Manage tags» of %(resource)s write the former value «%(value)s» for %(key)s, then «Save».")
        % {"resource": own, "value": value, "key": change.key}
        for own, value in change.restored.items()
    )
    return " ".join(parts)
