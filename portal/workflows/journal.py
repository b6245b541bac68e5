"""The one way to write an event."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.accounts.models import Organisation, User
from portal.findings.languages import spoken
from portal.workflows.models import Event, Workflow

SYSTEM = "system"


def name_of(actor: User | str) -> str:
    """How an actor is written down: a person's address or a part of the portal."""
    return actor if isinstance(actor, str) else actor.email


def tell(
    code: str,
    say: Callable[[], object],
    *,
    organisation: Organisation | UUID,
    subject_id: Any,
    by: User | str = SYSTEM,
    workflow: Workflow | None = None,
) -> Event:
    """Appends an event; `say` returns the sentence and is called once per language."""
    organisation_id = organisation.pk if isinstance(organisation, Organisation) else organisation
    return Event.objects.create(
        organisation_id=organisation_id,
        code=code,
        sentence=spoken(say),
        actor=name_of(by),
        subject_id=subject_id,
        workflow=workflow,
    )
