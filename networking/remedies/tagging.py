"""vpc.tags, subnets.tags and subnets.byoc-tag: one remedy per tag, for all resources that lack it.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from networking.checks.tags import subnet_code
from networking.remedies import tagging_console as guide
from networking.remedies import tagging_forms as forms
from networking.remedies.scope import Tagged, called, failed, in_place
from networking.remedies.shapes import Order, Remedy
from onboarding.rules.profiles import Profile, RequiredTag
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.shapes import tag_value
from portal.findings.shapes import Finding


def code_of(required: RequiredTag) -> str:
    """The check that judges a required tag."""
    return "vpc.tags" if required.kind == "vpc" else subnet_code(required)


def remedies(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> Iterator[Remedy]:
    """One for each required tag that something lacks or carries with another value."""
    if not in_place(network):
        return
    for required in profile.required_tags:
        named = {own for one in failed(findings, code_of(required)) for own in one.resources}
        lacking = tuple(fact for fact in _candidates(network, subnet_ids, required) if fact.id in named)
        if lacking:
            yield _remedy(network, required, lacking)


def _candidates(network: VpcNetwork, subnet_ids: Sequence[str], required: RequiredTag) -> tuple[Tagged, ...]:
    """The VPC, or the chosen subnets in the order chosen."""
    if required.kind == "vpc":
        return (network.vpc,) if network.vpc is not None else ()
    found = (network.subnet(subnet_id) for subnet_id in dict.fromkeys(subnet_ids))
    return tuple(subnet for subnet in found if subnet is not None)


def _remedy(network: VpcNetwork, required: RequiredTag, lacking: tuple[Tagged, ...]) -> Remedy:
    change = forms.Retag(
        key=required.key,
        value=required.value,
        kind=required.kind,
        former={fact.id: tag_value(fact.tags, required.key) for fact in lacking},
    )
    values = {"tag": f"{required.key}={required.value}", "resources": ", ".join(map(called, lacking))}
    items = guide.items(network, change, lacking)
    return Remedy(
        key=code_of(required).replace(".", "-"),
        codes=(code_of(required),),
        title=_("Tag %(resources)s with %(tag)s") % values,
        effect=_("Sets the tag %(tag)s. Nothing is interrupted and nothing else changes.") % values,
        account=network.account,
        region=network.region,
        resources=tuple(change.former),
        console=items,
        page=guide.page(network, change, lacking, items),
        undo_console=guide.undo(change),
        cli=forms.cli(network, change),
        terraform=forms.terraform(network, change),
        cloudformation=forms.cloudformation(network, change),
        order=Order.TAGS,
    )
