"""The ranges of subnets inside one VPC, as people type them."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from django.utils.translation import gettext as _

from onboarding.inputs.cidrs import network
from onboarding.inputs.refusals import Refused, refuse

#: The first four addresses of a subnet and the last one.
#: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
AWS_RESERVED = 5


@dataclass(frozen=True, kw_only=True)
class SubnetAnswer:
    """What one line of the form came to: its canonical `network`, or the `refusal` that belongs beside it."""

    network: IPv4Network | None = None
    refusal: Refused | None = None


def subnet_cidrs(texts: Sequence[object], *, vpc: IPv4Network, addresses: int) -> tuple[SubnetAnswer, ...]:
    """One answer per line of `texts`: inside `vpc`, apart from the lines before it, with `addresses` usable.

    Codes of the refusals: those of `cidrs.network`, `subnet.too-large`, `subnet.too-small`, `subnet.outside`,
    `subnet.overlap`, `subnet.addresses`. Raises nothing.
    """
    answers: list[SubnetAnswer] = []
    for text in texts:
        taken = [answer.network for answer in answers if answer.network is not None]
        try:
            answers.append(SubnetAnswer(network=_subnet(text, vpc=vpc, taken=taken, addresses=addresses)))
        except Refused as refusal:
            answers.append(SubnetAnswer(refusal=refusal))
    return tuple(answers)


def _subnet(text: object, *, vpc: IPv4Network, taken: Sequence[IPv4Network], addresses: int) -> IPv4Network:
    found = network(text)
    words = {"subnet": found, "vpc": vpc}
    if found.prefixlen < 16:
        refuse(_("%(subnet)s is too large: AWS gives a subnet at most a /16.") % words, "subnet.too-large")
    if found.prefixlen > 28:
        refuse(_("%(subnet)s is too small: AWS gives a subnet at least a /28.") % words, "subnet.too-small")
    if not found.subnet_of(vpc):
        refuse(
            _("%(subnet)s lies outside the VPC %(vpc)s. Choose a range inside the VPC.") % words,
            "subnet.outside",
        )
    other = next((net for net in taken if net.overlaps(found)), None)
    if other is not None:
        refuse(
            _("%(subnet)s overlaps the subnet %(other)s. Choose ranges that lie apart.") % {**words, "other": other},
            "subnet.overlap",
        )
    usable = found.num_addresses - AWS_RESERVED
    if usable < addresses:
        refuse(
            _("%(subnet)s has %(usable)d usable addresses, because AWS keeps five. It needs %(addresses)d.")
            % {**words, "usable": usable, "addresses": addresses},
            "subnet.addresses",
        )
    return found
