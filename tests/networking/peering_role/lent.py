"""Rows of a lent role: a link to a target account in whatever state."""

from typing import Any

from django.utils import timezone

from networking.models import Peering
from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose, ConnectionState
from tests.people import make_connection


def lent(peering: Peering, state: str = ConnectionState.PROVEN, **fields: Any) -> Connection:
    """The link, put on the peering."""
    proven = timezone.now() if state != ConnectionState.UNPROVEN else None
    link = make_connection(
        peering.organisation, peering.account_id, purpose=ConnectionPurpose.TARGET, state=state, proven_at=proven,
        probed_at=proven, **fields,
    )  # fmt: skip
    Peering.objects.filter(pk=peering.pk).update(target=link)
    peering.refresh_from_db()
    return link
