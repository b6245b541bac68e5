"""Mail to the people of a tenant when it is their turn, in each one's language, once per event."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from onboarding.models import Deployment
from portal.accounts.models import Membership
from portal.accounts.states import Role
from portal.findings.languages import heard
from portal.workflows import outbox
from portal.workflows.models import Workflow
from portal.workflows.states import Turn, WorkflowState


def tell_people(deployment: Deployment, *, key: str, subject: Callable[[], str], body: Callable[[], str]) -> None:
    """Writes one letter to each owner and admin; `subject` and `body` are called under the reader's language."""
    members = Membership.objects.filter(
        organisation_id=deployment.organisation_id, role__in=(Role.OWNER, Role.ADMIN)
    ).select_related("user")
    for member in members:
        with translation.override(member.user.language or settings.LANGUAGE_CODE):
            outbox.write(
                key=f"{deployment.pk}:{key}",
                to=member.user.email,
                subject=f"{deployment.name}: {subject()}",
                body=f"{body()}\n\n{_address(deployment)}\n",
            )


def _address(deployment: Deployment) -> str:
    return settings.PORTAL_BASE_URL + reverse("onboarding:journey", args=[deployment.pk])


def tell_of_turn(deployment: Deployment, workflow: Workflow) -> None:
    """The letter for a workflow whose turn has come to the customer, or to support."""
    if workflow.state == WorkflowState.NEEDS_HUMAN:
        tell_people(
            deployment,
            key=f"human:{workflow.pk}:{workflow.fence}",
            subject=lambda: _("support is looking at it"),
            body=lambda: heard(workflow.message, "") + "\n" + _("You need not do anything now."),
        )
    elif workflow.turn == Turn.YOU:
        tell_people(
            deployment,
            key=f"turn:{workflow.pk}:{workflow.fence}",
            subject=lambda: _("your turn"),
            body=lambda: heard(workflow.message, ""),
        )
