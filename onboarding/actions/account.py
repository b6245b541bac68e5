"""The account step: which AWS account, under which name."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from onboarding.actions.versions import touch
from onboarding.kinds import TRUST
from onboarding.models import Deployment
from onboarding.states import AccountKind, DeploymentState
from portal.accounts.models import User
from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose, ConnectionState
from portal.workflows import actions as workflows
from portal.workflows.journal import tell

#: Until trust is proven the account may still be corrected.
OPEN = (DeploymentState.ACCOUNT, DeploymentState.BOOTSTRAP)


@transaction.atomic
def register_account(
    *, deployment: Deployment, account_id: str, account_kind: AccountKind, name: str, version: int, by: User
) -> Connection:
    """Names the account and starts looking for the bootstrap roles in it. Raises Stale or WrongStep.

    The External ID belongs to the connection: it is made once and stays the same however often this is called.
    """
    before = deployment.connection
    connection = _connection(deployment, account_id)
    touch(
        deployment,
        version=version,
        steps=OPEN,
        name=name,
        account_kind=account_kind,
        connection=connection,
        state=DeploymentState.BOOTSTRAP,
    )
    if before is not None and before != connection:
        stop_looking(before, by=by)
    if workflows.live_workflow(connection) is None:
        workflows.start(kind=TRUST, connection=connection, subject_id=deployment.pk, by=by)
    tell(
        "account.registered",
        lambda: _("AWS account %(account)s was registered for %(name)s.") % {"account": account_id, "name": name},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    return connection


def _connection(deployment: Deployment, account_id: str) -> Connection:
    """This tenant's connection to the account: the one that exists, else a new one with a new External ID."""
    return link_of(
        organisation_id=deployment.organisation_id, account_id=account_id, purpose=ConnectionPurpose.DEPLOYMENT
    )


def link_of(*, organisation_id: UUID, account_id: str, purpose: ConnectionPurpose) -> Connection:
    """A tenant's newest usable link of a purpose to an account; a new one, with a new External ID, where none is."""
    links = Connection.objects.filter(organisation_id=organisation_id, account_id=account_id, purpose=purpose)
    known: Connection | None = (
        links.exclude(state__in=(ConnectionState.CLOSED, ConnectionState.QUARANTINED)).order_by("-generation").first()
    )
    if known is not None:
        return known
    # Of two that ask at the same moment, the second gets what the first made.
    fresh, _made = Connection.objects.get_or_create(
        organisation_id=organisation_id, account_id=account_id, purpose=purpose, generation=links.count() + 1
    )
    return fresh


def stop_looking(connection: Connection, *, by: User) -> None:
    """Ends the search for roles in an account that is no longer wanted."""
    live = workflows.live_workflow(connection)
    if live is not None and live.kind == TRUST:
        workflows.cancel(workflow=live, by=by)
