"""The last look at a VPC that the customer brings, before the launch makes the first stack in it."""

from django.utils.translation import gettext as _

from onboarding.brought_vpc import is_approved
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.ports import vpc_guard
from portal.findings.languages import Spoken, spoken
from portal.findings.shapes import Finding, Level
from portal.workflows.shapes import Done, HumanNeeded, Outcome, Pause, Work

#: Findings that the message quotes; the page lists all of them.
MOST_TOLD = 3


def look_at_brought_vpc(work: Work, deployment: Deployment, plan: InfrastructurePlan) -> Outcome:
    """Takes the place of the network stack: done when the VPC still keeps the rules that support approved it by.

    Raises AwsProblem. Whoever goes on after a pause, of any stack, comes by here again.
    """
    if not is_approved(deployment, plan):
        words = {"vpc": plan.vpc_id}
        return HumanNeeded(
            message=spoken(lambda: _("Support's approval is not for exactly %(vpc)s and its subnets.") % words)
        )
    judged = vpc_guard().look_again(work, deployment, plan)
    if _failed(judged.findings):
        return Pause(message=_no_longer_fit(deployment, plan, judged.findings))
    return Done(message=_still_fit(plan, judged.findings))


def _failed(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.level is Level.FAILED]


def _still_fit(plan: InfrastructurePlan, findings: tuple[Finding, ...]) -> Spoken:
    """What could not be read never counts as kept."""
    unread = dict.fromkeys(finding.code for finding in findings if finding.level is Level.UNKNOWN)
    words = {"vpc": plan.vpc_id, "codes": ", ".join(unread)}
    if unread:
        return spoken(lambda: _("Nothing in %(vpc)s fails; these rules could not be judged: %(codes)s.") % words)
    return spoken(lambda: _("%(vpc)s still keeps the rules.") % words)


def _no_longer_fit(deployment: Deployment, plan: InfrastructurePlan, seen: tuple[Finding, ...]) -> Spoken:
    """What fails, named in each language: the look just made is judged again in it."""

    def say() -> str:
        judged = vpc_guard().judged(deployment, plan)
        failed = _failed(judged.findings if judged else seen)
        words = {"vpc": plan.vpc_id, "failed": " ".join(finding.message for finding in failed[:MOST_TOLD])}
        return _("%(vpc)s no longer keeps the rules. %(failed)s Mend it, then press «Go on».") % words

    return spoken(say)
