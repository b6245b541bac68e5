"""What durable work needs from a layer above it, reached by name as tasks are: the support desk's tickets."""

from typing import Any

from django.utils.module_loading import import_string

from portal.findings.languages import Spoken, heard
from portal.workflows.models import Workflow
from portal.workflows.states import Matter


def open_ticket(workflow: Workflow, matter: Matter, message: Spoken) -> None:
    """A ticket for staff in the caller's transaction, once for each time that the workflow stops."""
    kinds: Any = import_string("portal.support.states.TicketKind")
    import_string("portal.support.actions.open_ticket")(
        key=f"{matter}:{workflow.pk}:{workflow.fence}",
        kind=kinds(matter.value),
        organisation_id=workflow.organisation_id,
        subject_id=workflow.subject_id,
        say=lambda: heard(message, ""),
        workflow=workflow,
    )
