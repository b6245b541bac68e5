"""What the work on a peering says when AWS refuses, or when something must be settled first."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networking.peering.change import ACCEPTER, PeeringChange
from networking.peering.change_words import sentence
from networking.peering.shapes import PeeringSide
from onboarding.bootstrap.constants import PEERING_SINCE
from onboarding.stacks.naming import MANAGEMENT_ROLE
from portal.aws.errors import DENIED
from portal.aws.models.connections import ROLE_NAMES
from portal.aws.states import RoleKind
from portal.findings.languages import Spoken, spoken
from portal.workflows.shapes import Declined, Pause, Refusal, Wait
from portal.workflows.states import Turn

#: Codes by which AWS says that a quota is full, with the quota's name in Service Quotas.
#: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
QUOTAS: Mapping[str, str | Promise] = {
    "OutstandingVpcPeeringConnectionLimitExceeded": gettext_lazy("Outstanding VPC peering connection requests"),
    "VpcPeeringConnectionsPerVpcLimitExceeded": gettext_lazy("Active VPC peering connections per VPC"),
    "PeeringLimitExceeded": gettext_lazy("Active VPC peering connections per VPC"),
    "RouteLimitExceeded": gettext_lazy("Routes per route table"),
    "RulesPerSecurityGroupLimitExceeded": gettext_lazy("Inbound or outbound rules per security group"),
}
#: By these AWS says that what is there is not what the last read showed; the next one shows it.
MOVED = frozenset(
    {
        "InvalidPermission.Duplicate",
        "InvalidPermission.NotFound",
        "InvalidRoute.NotFound",
        "InvalidStateTransition",
        "InvalidVpcPeeringConnectionID.NotFound",
        "RouteAlreadyExists",
        "VpcPeeringConnectionAlreadyExists",
    }
)


def declined(refusal: Declined, change: PeeringChange) -> Pause:
    """AWS said no. From the first step on again: what AWS refuses often means that something has changed."""
    words = {
        "call": change.call,
        "code": refusal.code,
        "account": change.account,
        "what": sentence(change),
        "role": ROLE_NAMES[RoleKind.PEERING] if change.side == ACCEPTER else MANAGEMENT_ROLE,
        "version": PEERING_SINCE,
        "quota": str(QUOTAS.get(refusal.code, "")),
    }
    if refusal.code in QUOTAS:
        return Pause(message=spoken(lambda: _full(words, refusal.code)), rewind=True)
    if refusal.code in DENIED:
        return Pause(message=spoken(lambda: _denied(words, change)), rewind=True)
    return Pause(
        message=spoken(
            lambda: (
                _("AWS refused %(call)s: %(code)s. Its words and what to do stand below. Then press «Go on».") % words
            )
        ),
        rewind=True,
    )


def _full(words: Mapping[str, object], code: str) -> str:
    said = _(
        "The quota «%(quota)s» of account %(account)s is full (%(code)s). Ask AWS for more in Service Quotas, or free"
        " some, then press «Go on»."
    )
    return said % {**words, "quota": QUOTAS[code]}


def _denied(words: Mapping[str, object], change: PeeringChange) -> str:
    if change.side == ACCEPTER:
        said = _(
            "%(role)s in account %(account)s may not call %(call)s here (%(code)s). Update its stack, then press"
            " «Go on»; or do the step yourself."
        )
    else:
        said = _(
            "%(role)s in account %(account)s may not call %(call)s here (%(code)s); the bootstrap template has allowed"
            " it since version %(version)d. Update the bootstrap stack, then press «Go on»; or do the step yourself."
        )
    return said % words


def moving(change: PeeringChange, seconds: float) -> Wait:
    """What AWS shows lags behind what it says: look again."""
    return Wait(seconds=seconds, message=spoken(lambda: sentence(change)), turn=Turn.AWS)


def made(change: PeeringChange) -> Wait:
    """One more change is there, and the next run goes on at once."""
    return Wait(seconds=0, message=spoken(lambda: _("Done: %(what)s") % {"what": sentence(change)}), turn=Turn.AWS)


def other_plan(*, begun: bool) -> Refusal:
    """The end: what is there would make us do more than the person was shown."""
    if begun:
        return Refusal(
            message=spoken(
                lambda: _(
                    "Something was changed in the meantime. We stopped before the next change; what we had made stays."
                    " Look at the new plan and confirm it."
                )
            )
        )
    return Refusal(
        message=spoken(
            lambda: _(
                "The two sides are no longer as the plan showed them. Nothing was changed. Look at the new plan and"
                " confirm it."
            )
        )
    )


def strange_ranges(ranges: Iterable[str]) -> Refusal:
    """AWS lists other ranges of the two VPCs than those that the plan rests on."""
    words = {"ranges": ", ".join(ranges)}
    return Refusal(
        message=spoken(
            lambda: (
                _(
                    "AWS lists other ranges of the two VPCs than the plan rests on: %(ranges)s. We stopped before the"
                    " next change. Look at the new plan and confirm it."
                )
                % words
            )
        )
    )


def never_shown(change: PeeringChange) -> Pause:
    """The other side does not see the request; AWS shows it there within seconds as a rule."""
    words = {"account": change.account, "region": change.region, "what": sentence(change)}
    return Pause(
        message=spoken(
            lambda: (
                _(
                    "Account %(account)s does not show the connection in %(region)s yet. See whether account and region"
                    " are right, then press «Go on»."
                )
                % words
            )
        ),
        rewind=True,
    )


def not_shown(side: PeeringSide) -> Pause:
    """Without the connections of the BYOC VPC nobody can say whether the plan still holds."""
    refused = side.network.refused if side.network is not None else ()
    actions = ", ".join(one.action for one in refused) or "ec2:DescribeVpcPeeringConnections"
    return Pause(
        message=spoken(
            lambda: (
                _(
                    "AWS did not let us look first (%(actions)s), so nothing was changed. Give the verifier role its"
                    " permissions back, then press «Go on»."
                )
                % {"actions": actions}
            )
        )
    )


def waiting_for(state: str, pcx_id: str) -> Spoken:
    """That AWS is at work on the connection."""
    words = {"id": pcx_id, "state": state}
    return spoken(lambda: _("%(id)s is %(state)s. We wait until AWS has it ready.") % words)
