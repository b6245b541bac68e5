"""What is written about requests: submitted by a visitor, approved or declined by staff."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from onboarding.inputs.names import LONGEST_DEPLOYMENT
from onboarding.models import Deployment, OnboardingRequest
from onboarding.states import RequestState
from portal.accounts.actions import invite
from portal.accounts.models import Organisation, User
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role
from portal.workflows import journal, outbox


@transaction.atomic
def submit(*, company: str, email: str, account_id: str, region: str, language: str) -> OnboardingRequest:
    """Keeps a request in its canonical forms; `language` is the one its answer will be written in."""
    return OnboardingRequest.objects.create(
        company=company, email=email, account_id=account_id, region=region, language=language
    )


@transaction.atomic
def approve(*, request: OnboardingRequest, by: User) -> Deployment:
    """Makes the organisation and its first deployment, and invites the first owner by mail.

    Of two approvals at the same moment one does it; the other, and any later decision, raises ActionRefused.
    """
    _decide(request, RequestState.APPROVED, by)
    organisation = Organisation.objects.create(name=request.company)
    deployment = Deployment.objects.create(
        organisation=organisation,
        name=deployment_name(request.company, request.region),
        requested_account_id=request.account_id,
        requested_region=request.region,
    )
    request.organisation = organisation
    request.save(update_fields=["organisation"])
    journal.tell(
        "request.approved",
        lambda: _("%(by)s approved the request of %(company)s.") % {"by": by.email, "company": request.company},
        organisation=organisation,
        subject_id=deployment.pk,
        by=by,
    )
    invite(organisation=organisation, email=request.email, role=Role.OWNER, by=by, language=request.language)
    return deployment


@transaction.atomic
def decline(*, request: OnboardingRequest, by: User, reason: str) -> None:
    """Refuses the request and mails the reason to the visitor. Raises ActionRefused after an earlier decision."""
    _decide(request, RequestState.DECLINED, by, reason)
    with translation.override(request.language):
        about = {"asked": request, "vendor_name": settings.VENDOR_NAME}
        outbox.write(
            key=f"request-declined:{request.pk}",
            to=request.email,
            subject=_("Your request for %(vendor)s in your own AWS account") % {"vendor": settings.VENDOR_NAME},
            body=render_to_string("onboarding/request_declined.txt", about),
        )


def deployment_name(company: str, region: str) -> str:
    """What a first deployment is called until its admin renames it: company and region, in at most 60 characters."""
    room = LONGEST_DEPLOYMENT - len(region) - 1
    return f"{company[:room].rstrip()} {region}"


def _decide(request: OnboardingRequest, state: RequestState, by: User, reason: str = "") -> None:
    """Conditional on the stored state, so that only one decision is ever made."""
    decided = OnboardingRequest.objects.filter(pk=request.pk, state=RequestState.SUBMITTED).update(
        state=state, decided_at=timezone.now(), decided_by=by, reason=reason
    )
    request.refresh_from_db()
    if not decided:
        raise ActionRefused(
            _("%(company)s: this request was decided before (%(state)s). Nothing was changed.")
            % {"company": request.company, "state": request.get_state_display()}
        )
