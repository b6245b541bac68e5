"""What an event, a workflow or an observation is about: their `subject_id` names a row of one of several models."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.utils.safestring import SafeString

from portal.accounts.readonly import link_to

#: In the order in which they are tried; by name, because most of them are above this layer.
SUBJECTS = (
    "onboarding.Deployment",
    "aws.Connection",
    "networking.Peering",
    "accounts.Organisation",
    "accounts.Invitation",
)


def subject_of(identity: UUID) -> Model | None:
    """The row with this id among the models that may be a subject."""
    for name in SUBJECTS:
        found: Model | None = apps.get_model(name)._default_manager.filter(pk=identity).first()
        if found is not None:
            return found
    return None


def subject_link(row: Any) -> str | SafeString:
    """The subject of `row`, linked on the desk; its bare id where nothing has it (any more)."""
    found = subject_of(row.subject_id)
    return link_to(found) if found is not None else str(row.subject_id)
