"""Steps 1 and 6 are support's: what to ask for, in words that can be copied into a mail or a ticket.

There is no form to run for them although the BYOC account is the customer's: the private load balancer and its security
group are made and kept by the deployment's own load balancer controller, which takes away what it did not write.
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/use_cases/frontend_sg/
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.remedies.context import Context
from networking.peering.standing import Standing
from networking.states import PeeringStep


@dataclass(frozen=True, kw_only=True)
class SupportRequest:
    """`text` stands for itself: whoever reads it needs nothing else."""

    step: PeeringStep
    subject: str
    text: str


def support_requests(standing: Standing) -> Mapping[PeeringStep, SupportRequest]:
    """Step → what to ask support for, for steps 1 and 6 where they are not done."""
    made = (_balancer(standing), _rule(standing))
    return {one.step: one for one in made if not standing.is_done(one.step)}


def removal_requests(standing: Standing) -> tuple[SupportRequest, ...]:
    """What to ask support for when the peering goes; the private load balancer stays, it may serve other peerings."""
    words = _words(standing)
    request = SupportRequest(
        step=PeeringStep.SECURITY_GROUP,
        subject=_("Take the target VPC off the private load balancer of %(name)s") % words,
        text="\n".join([
            _("Please remove the inbound rules for the target VPC from the private load balancer's security group.")
            % words,
            *_place(words),
            *_asked(words),
        ]),
    )  # fmt: skip
    return (request,)


def _balancer(standing: Standing) -> SupportRequest:
    words = _words(standing)
    return SupportRequest(
        step=PeeringStep.BALANCER,
        subject=_("Enable the private load balancer of %(name)s") % words,
        text="\n".join([
            _("Please enable the private load balancer of the deployment, so that it can be reached over a peering."),
            *_place(words),
        ]),
    )  # fmt: skip


def _rule(standing: Standing) -> SupportRequest:
    words = _words(standing)
    return SupportRequest(
        step=PeeringStep.SECURITY_GROUP,
        subject=_("Admit the target VPC at the private load balancer of %(name)s") % words,
        text="\n".join([
            _("Please add inbound rules for the target VPC to the private load balancer's security group."),
            *_place(words),
            *_asked(words),
        ]),
    )  # fmt: skip


def _words(standing: Standing) -> Mapping[str, str]:
    context, held = Context.of(standing), standing.registered
    blocks = context.scene.ranges(context.scene.accepter).blocks
    return {
        "name": standing.peering.deployment.name,
        "account": context.pair.account,
        "region": context.pair.region,
        "vpc": context.pair.vpc,
        "peer": context.pair.peer_vpc,
        "peer_account": context.pair.peer_account,
        "peer_region": context.pair.peer_region,
        "id": held.id or "–",
        "ranges": ", ".join(block.text for block in blocks) or "–",
        "ports": ids(str(port) for port in held.ports) or "–",
        "groups": ", ".join(held.security_group_ids) or "–",
    }


def _place(words: Mapping[str, str]) -> tuple[str, ...]:
    return (
        "",
        _("Deployment: %(name)s") % words,
        _("BYOC account: %(account)s, %(region)s") % words,
        _("BYOC VPC: %(vpc)s") % words,
    )


def _asked(words: Mapping[str, str]) -> tuple[str, ...]:
    return (
        _("Target VPC: %(peer)s, account %(peer_account)s, %(peer_region)s") % words,
        _("Peering connection: %(id)s") % words,
        _("Ranges: %(ranges)s") % words,
        _("TCP ports: %(ports)s") % words,
        _("Security groups: %(groups)s") % words,
    )
