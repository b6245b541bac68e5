"""What the person on the VPC page does next, and how far along its four parts they are."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networking.pages.vpc import VpcPage
from networking.pages.vpc_request import VpcRequestView
from networking.states import VpcRequestState
from portal.findings.shapes import Level


@dataclass(frozen=True, kw_only=True)
class NextAct:
    """One sentence, and where it is done: `href` is an address or an anchor of the page, empty where there is nothing
    to press. `leads_on`: the act is on another page, and the one that the whole page was for.
    """

    text: str
    label: str = ""
    href: str = ""
    leads_on: bool = False


@dataclass(frozen=True, kw_only=True)
class PagePart:
    """One of the page's numbered parts: `state` is done, current or next; `anchor` is empty while it is not there."""

    title: str
    anchor: str
    state: str


def next_act(page: VpcPage, request: VpcRequestView, *, has_remedies: bool) -> NextAct:
    """The next act while the VPC may still be chosen."""
    found = _decided(page, request) or _at_work(page)
    if found is not None:
        return found
    if page.shown is None:
        return NextAct(text=_("Choose a VPC, then press «Look at this VPC»."), label=_("Choose the VPC"), href="#which")
    if not page.is_chosen:
        text = _("Choose the private subnets of %(vpc)s and save them.") % {"vpc": page.vpc_id}
        return NextAct(text=text, label=_("Choose the subnets"), href="#subnets")
    return _with_choice(page, request, has_remedies=has_remedies)


def _decided(page: VpcPage, request: VpcRequestView) -> NextAct | None:
    """Where support has the request, or decided on it."""
    row = request.request
    if row is None or request.elsewhere or (request.stands and page.is_chosen and _count(page, Level.FAILED)):
        return None  # what was right when it was sent may be wrong by now
    words = {"vpc": row.vpc_id}
    if row.state == VpcRequestState.APPROVED:
        return NextAct(
            text=_("Support approved %(vpc)s. Review the choices and start the launch.") % words,
            label=_("Review and confirm"),
            href=reverse("onboarding:review", args=[page.deployment.pk]),
            leads_on=True,
        )
    if row.state == VpcRequestState.SUBMITTED:
        text = _("Support has the request for %(vpc)s. You need not do anything: you get a mail when it is decided.")
        return NextAct(text=text % words, label=_("See what was sent"), href="#request")
    if row.state == VpcRequestState.ASKED_BACK:
        text = _("Support has a question about %(vpc)s. Read it, change what is asked for, then send it once more.")
        return NextAct(text=text % words, label=_("Read the question"), href="#request")
    return None


def _at_work(page: VpcPage) -> NextAct | None:
    """Where we are at work, so that there is nothing to do but wait."""
    if page.mending.running:
        url = reverse("networking:vpc_mend", args=[page.deployment.pk])
        return NextAct(text=_("We are making the changes that you confirmed."), label=_("See how it goes"), href=url)
    if page.work.running:
        text = _("We are looking at %(vpc)s. What we find appears here by itself.")
        return NextAct(text=text % {"vpc": page.vpc_id})
    return None


def _with_choice(page: VpcPage, request: VpcRequestView, *, has_remedies: bool) -> NextAct:
    """Where VPC and subnets are saved and were looked at."""
    if page.has_better:
        text = _(
            "Other subnets of %(vpc)s keep the rules: take those that are marked «proposed», or mend what we found."
        )
        return NextAct(text=text % {"vpc": page.vpc_id}, label=_("Choose the subnets"), href="#subnets")
    if failed := _count(page, Level.FAILED):
        said = ngettext(
            "%(count)d check of %(vpc)s failed. Mend what we found, then look again.",
            "%(count)d checks of %(vpc)s failed. Mend what we found, then look again.",
            failed,
        )
        text = said % {"count": failed, "vpc": page.vpc_id}
        return NextAct(text=text, label=_("How to mend it"), href="#remedies" if has_remedies else "#findings")
    if request.refused:
        return NextAct(text=request.refused, label=_("What we found"), href="#findings")
    if unknown := _count(page, Level.UNKNOWN):
        said = ngettext(
            "Nothing failed, but %(count)d check of %(vpc)s could not be made. Allow what is missing and look again, or"
            " send it to support as it is.",
            "Nothing failed, but %(count)d checks of %(vpc)s could not be made. Allow what is missing and look again,"
            " or send it to support as it is.",
            unknown,
        )
        text = said % {"count": unknown, "vpc": page.vpc_id}
        return NextAct(text=text, label=_("What we found"), href="#findings")
    text = _("%(vpc)s keeps the rules. Send it to support, who approve it.") % {"vpc": page.vpc_id}
    return NextAct(text=text, label=_("Send it to support"), href="#request")


def _count(page: VpcPage, level: Level) -> int:
    return sum(finding.level is level for finding in page.findings)


def page_parts(page: VpcPage, request: VpcRequestView) -> tuple[PagePart, ...]:
    """The four parts in their order; the first that is not done is the present one."""
    looked = page.shown is not None
    sound = page.is_chosen and (request.stands or not request.refused)
    approved = request.request is not None and request.request.state == VpcRequestState.APPROVED
    parts = (
        (_("Choose the VPC"), "#which", looked),
        (_("Choose the subnets"), "#subnets", looked and page.is_chosen),
        (_("Mend what we found"), "#findings" if looked else "", looked and sound),
        (_("Send it to support"), "#request" if looked else "", looked and sound and approved),
    )
    present = next((title for title, _anchor, done in parts if not done), "")
    return tuple(
        PagePart(title=title, anchor=anchor, state="done" if done else "current" if title == present else "next")
        for title, anchor, done in parts
    )
