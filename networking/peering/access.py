"""Who of ours may look at, and act in, the account of a peering's target VPC.

The narrow role there is a link of its own (`ConnectionPurpose.TARGET`) with an External ID of its own, and opens only
while the proof of its trust holds. When it no longer opens, that link is lost and nothing else: the deployment's own
link stays as it is.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from networking.models import Peering
from onboarding.tasks.subjects import connection_of, errand_of, look_session
from portal.aws.errors import BLOCKED, DENIED, Refused, is_ours
from portal.aws.models import Connection
from portal.aws.sessions import AccountSession, open_session, session_policy
from portal.aws.states import ConnectionPurpose, ConnectionState, RoleKind
from portal.findings.languages import spoken
from portal.workflows.shapes import Pause, Work
from portal.workflows.states import Turn

#: What the call ledger and the runner call the assumption of a target's role: another account's refusal than the
#: deployment's, so that the runner does not take the deployment's own link for lost.
TARGET_ASSUMPTION = "sts:AssumeRole (target)"


class TargetClosed(Refused):
    """Nobody lends a role in the target account, its trust is not proven, or it no longer opens."""


def is_own_account(peering: Peering) -> bool:
    """Whether the target VPC is in the deployment's own account, where the verifier role looks at it."""
    connection = peering.deployment.connection
    return connection is not None and connection.account_id == peering.account_id


def proven_target(peering: Peering) -> Connection | None:
    """The link to the target account as the row is now, if its trust is proven; never another tenant's."""
    if peering.target_id is None:
        return None
    found: Connection | None = Connection.objects.filter(
        pk=peering.target_id,
        organisation_id=peering.organisation_id,
        account_id=peering.account_id,
        purpose=ConnectionPurpose.TARGET,
        state=ConnectionState.PROVEN,
    ).first()
    return found


def can_look(peering: Peering) -> bool:
    """Whether a role of ours reads the target VPC: the verifier in the same account, else the lent role."""
    return is_own_account(peering) or can_act(peering)


def can_act(peering: Peering) -> bool:
    """Whether the lent role may accept, take back and write routes in the target account."""
    return proven_target(peering) is not None


def target_session(work: Work, peering: Peering, purpose: str, policy: str) -> AccountSession:
    """A session of the target account's lent role, narrowed to one step by `policy` (JSON).

    Raises TargetClosed (the link is then lost), WrongAccount, Throttled or Unclear.
    """
    connection = proven_target(peering)
    if connection is None:
        raise TargetClosed(TARGET_ASSUMPTION, "NotProven", "")
    return lent_session(work, connection, purpose, policy)


def proven_link(organisation_id: UUID, account_id: str) -> Connection | None:
    """The tenant's own link to a target account, whichever peering it was lent for, if its trust is proven."""
    found: Connection | None = Connection.objects.filter(
        organisation_id=organisation_id,
        account_id=account_id,
        purpose=ConnectionPurpose.TARGET,
        state=ConnectionState.PROVEN,
    ).first()
    return found


def lent_session(work: Work, link: Connection, purpose: str, policy: str) -> AccountSession:
    """A session of the role behind `link`, narrowed by `policy`; it works in every region. It is opened at home: the
    target may be in a region that our own account has not enabled, whose STS would not know us.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html

    Raises TargetClosed (the link is then lost), WrongAccount, Throttled or Unclear.
    """
    errand = errand_of(work, purpose)
    try:
        return open_session(link, RoleKind.PEERING, errand=errand, policy=policy)
    except Refused as refusal:
        if is_ours(refusal) or refusal.code not in DENIED | BLOCKED:
            raise
        lose_target(link)
        raise TargetClosed(TARGET_ASSUMPTION, refusal.code, refusal.text, refusal.request_id) from refusal


def accepter_look_session(work: Work, peering: Peering, *actions: str) -> AccountSession | None:
    """A reading session for the target side, narrowed to `actions`; None where nobody lets us look there.

    A lent role that no longer opens is such a case: its link is lost, and the side is unread. Raises WrongAccount,
    Throttled or Unclear.
    """
    if is_own_account(peering) and connection_of(work).pk == peering.deployment.connection_id:
        return look_session(work, "look-at-peering", *actions)
    try:
        return target_session(work, peering, "look-at-target", session_policy(*actions))
    except TargetClosed:
        return None


def lose_target(connection: Connection) -> None:
    """The lent role no longer opens. Its External ID stays, so the role that comes back is proven anew."""
    Connection.objects.filter(pk=connection.pk, purpose=ConnectionPurpose.TARGET, state=ConnectionState.PROVEN).update(
        state=ConnectionState.LOST
    )


def closed_target(peering: Peering) -> Pause:
    """What a workflow says that needed the lent role and did not get in."""
    account = peering.account_id
    return Pause(
        message=spoken(
            lambda: (
                _(
                    "The peering role in account %(account)s does not open. Look at its page, put the role's stack "
                    "back, then press «Go on»; or do these steps there yourself."
                )
                % {"account": account}
            )
        ),
        turn=Turn.YOU,
        rewind=True,
    )
