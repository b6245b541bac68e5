"""The role that a customer lends in the account of a target VPC: lent, looked for, taken back."""

import contextlib

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from networking.actions.peerings import touch_peering
from networking.kinds import TARGET_REPROOF, TARGET_TRUST
from networking.models import Peering
from networking.states import PeeringState
from onboarding.actions.account import link_of
from onboarding.actions.versions import WrongStep, show_anew
from onboarding.inputs.accounts import account_id as parsed_account_id
from onboarding.inputs.refusals import Refused
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose, ConnectionState
from portal.aws.vendors import vendor_accounts
from portal.workflows import actions as workflows
from portal.workflows.journal import SYSTEM, tell
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState

ENDING = (PeeringState.REMOVING, PeeringState.REMOVED)


@transaction.atomic
def lend_role(*, peering: Peering, version: int, by: User) -> Connection:
    """Links the target account for this tenant, with an External ID of its own, and starts looking for the role.

    All peerings of the tenant with VPCs of that account share the link. Raises Stale, WrongStep for a peering that is
    being removed, ActionRefused for an account that can be no customer's.
    """
    if peering.state in ENDING:
        raise WrongStep(peering.state)
    _check_account(peering)
    known = _link_of(peering)
    connection = link_of(
        organisation_id=peering.organisation_id, account_id=peering.account_id, purpose=ConnectionPurpose.TARGET
    )
    touch_peering(peering, version=version, target=connection)
    if known != connection:
        _tell(peering, "peering.role-lent", by)
    _search(connection, peering, by)
    return connection


@transaction.atomic
def look_for_role(*, peering: Peering, by: User) -> Workflow:
    """Looks now: wakes the search where it paused or waits, starts one where there is none.

    Raises WrongStep where no role is lent, Busy while another search needs support.
    """
    connection = _link_of(peering)
    if connection is None or peering.state in ENDING:
        raise WrongStep(peering.state)
    show_anew(peering.deployment_id)
    return _search(connection, peering, by)


@transaction.atomic
def withdraw(*, peering: Peering, version: int, by: User) -> None:
    """The portal no longer uses the role for this peering. The last peering that shared it closes the link: its
    External ID is never used again. Nothing changes in AWS: the customer deletes the role's stack. Raises Stale,
    WrongStep where no role is lent.
    """
    connection = _link_of(peering)
    if connection is None:
        raise WrongStep(peering.state)
    touch_peering(peering, version=version, target=None)
    _leave(connection, peering, by)


@transaction.atomic
def release_role(*, peering: Peering) -> None:
    """As `withdraw`, when a peering is removed: nobody would prove the role daily any more."""
    connection = _link_of(peering)
    if connection is None:
        return
    Peering.objects.filter(pk=peering.pk).update(target=None)
    peering.refresh_from_db(fields=["target"])
    _leave(connection, peering, SYSTEM)


def _leave(connection: Connection, peering: Peering, by: User | str) -> None:
    # One after the other: of two that leave at the same moment, the second is the last.
    Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    if not sharing(connection).exists():
        _close(connection, by)
    _tell(peering, "peering.role-withdrawn", by)


def sharing(connection: Connection) -> QuerySet[Peering]:
    """The peerings that go by a link and are not removed."""
    return Peering.objects.filter(target=connection).exclude(state=PeeringState.REMOVED)


def _link_of(peering: Peering) -> Connection | None:
    """The link of the row as it is now."""
    found: Connection | None = Connection.objects.filter(peerings=peering.pk).first()
    return found


def _check_account(peering: Peering) -> None:
    """As for a deployment's account: never the vendor's own, nobody's, or (in production) a sample."""
    try:
        parsed_account_id(peering.account_id, vendor_accounts=vendor_accounts(), refuse_samples=settings.PRODUCTION)
    except Refused as refused:
        raise ActionRefused(str(refused)) from refused


def _search(connection: Connection, peering: Peering, by: User) -> Workflow:
    live = workflows.live_workflow(connection)
    if live is None:
        return workflows.start(kind=TARGET_TRUST, connection=connection, subject_id=peering.deployment_id, by=by)
    if live.state == WorkflowState.PAUSED:
        workflows.go_on(workflow=live, by=by)
    elif live.state == WorkflowState.ACTIVE:
        workflows.look_now(workflow=live)
    else:
        raise workflows.Busy(live)
    return live


def _close(connection: Connection, by: User | str) -> None:
    live = workflows.live_workflow(connection)
    if live is not None and live.kind in {TARGET_TRUST, TARGET_REPROOF}:
        with contextlib.suppress(workflows.NotAllowed):  # it ended in this very moment
            workflows.cancel(workflow=live, by=by)
    # A link that was locked because AWS answered for another account stays locked.
    Connection.objects.filter(pk=connection.pk).exclude(state=ConnectionState.QUARANTINED).update(
        state=ConnectionState.CLOSED
    )


def _tell(peering: Peering, code: str, by: User | str) -> None:
    def sentence() -> str:
        said = {
            "peering.role-lent": _("A role in account %(account)s is to look and act for the peering %(label)s."),
            "peering.role-withdrawn": _("The role in account %(account)s is no longer used for the peering %(label)s."),
        }
        return said[code] % {"label": peering.label, "account": peering.account_id}

    tell(code, sentence, organisation=peering.organisation_id, subject_id=peering.deployment_id, by=by)
