"""Whether a plan may be launched: fresh facts, no failed finding that nobody answered for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.brought_vpc import is_approved
from onboarding.judged import Judged
from onboarding.models import Deployment, InfrastructurePlan, Override
from onboarding.outlook import Outlook
from onboarding.ports import JudgedVpc, vpc_guard
from onboarding.surveys import Seen
from portal.aws.facts.subnets import SubnetFact
from portal.findings.shapes import Finding, Level

#: What a person may answer for. A short quota may be raised while the launch runs, and a launch that meets it stops
#: and can be resumed. A closed region, a missing zone or a range in use cannot be talked away.
OVERRIDABLE = frozenset({"quotas.headroom"})


#: A decision for years is not made on older facts.
FRESH = timedelta(hours=24)


class Blocked(Exception):
    """The plan may not be launched as it stands; the review says why."""


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """`look_again` is the sentence why the facts are too old, or empty. `blocking` are failed findings that stop the
    launch, `answered` those that a recorded reason lets pass, `doubts` the warnings and what is unknown.

    Of a VPC that the customer brings: `unready_vpc` are sentences about what is still to be done on its page,
    `vpc_seen` is when we looked at it, `vpc_subnets` the chosen subnets as they were then.
    """

    findings: tuple[Finding, ...]
    look_again: str
    blocking: tuple[Finding, ...]
    answered: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    overrides: tuple[Override, ...]
    unready_vpc: tuple[str, ...] = ()
    vpc_seen: datetime | None = None
    vpc_subnets: tuple[SubnetFact, ...] = ()

    @classmethod
    def of(cls, deployment: Deployment, plan: InfrastructurePlan, outlook: Outlook) -> Self:
        """Judges the plan by what `outlook`, that of the plan's region, has seen, and a brought VPC by what its guard
        has. One query, and the guard's.
        """
        brought = vpc_guard().judged(deployment, plan) if plan.brings_vpc else None
        rows = Override.objects.filter(deployment=deployment, code__in=OVERRIDABLE).select_related("by")
        findings = (*(brought.findings if brought else ()), *outlook.findings(plan))
        overrides = tuple(row for row in rows if _covers(row, outlook.seen))
        covered = {row.code for row in overrides}
        failed = [finding for finding in findings if finding.level is Level.FAILED]
        return cls(
            findings=findings,
            look_again=_look_again(plan, outlook.seen),
            blocking=tuple(finding for finding in failed if finding.code not in covered),
            answered=tuple(finding for finding in failed if finding.code in covered),
            doubts=tuple(one for one in findings if one.level in {Level.WARNING, Level.UNKNOWN}),
            overrides=overrides,
            unready_vpc=_unready(deployment, plan, brought) if plan.brings_vpc else (),
            vpc_seen=brought.seen_at if brought else None,
            vpc_subnets=brought.subnets if brought else (),
        )

    @property
    def judged(self) -> Judged:
        """The findings as the page folds them."""
        return Judged.of(self.findings)

    @property
    def ready(self) -> bool:
        """Whether the launch may be confirmed."""
        return not self.look_again and not self.unready_vpc and not self.blocking

    @property
    def answerable(self) -> tuple[str, ...]:
        """Codes of blocking findings for which a reason may be recorded."""
        return _distinct(finding.code for finding in self.blocking if finding.code in OVERRIDABLE)

    @property
    def final(self) -> tuple[Finding, ...]:
        """Blocking findings that only another choice removes."""
        return tuple(finding for finding in self.blocking if finding.code not in OVERRIDABLE)


def _covers(row: Override, seen: Seen | None) -> bool:
    """A reason holds for what its author saw: a later look that still finds fault needs a new one."""
    return seen is not None and row.at >= seen.observation.observed_at


def _look_again(plan: InfrastructurePlan, seen: Seen | None) -> str:
    if seen is None or seen.survey.region != plan.region:
        return _("Nobody has looked at %(region)s yet. Look at it before you decide.") % {"region": plan.region}
    if timezone.now() - seen.observation.observed_at > FRESH:
        return _("What we know of %(region)s is older than 24 hours. Look again before you decide.") % {
            "region": plan.region
        }
    return ""


def _unready(deployment: Deployment, plan: InfrastructurePlan, brought: JudgedVpc | None) -> tuple[str, ...]:
    """What is still to be done about a brought VPC."""
    words = {"vpc": plan.vpc_id}
    said = []
    if brought is None:
        said.append(_("Nobody has looked at %(vpc)s yet. Look at it.") % words)
    elif timezone.now() - brought.seen_at > FRESH:
        said.append(_("What we know of %(vpc)s is older than 24 hours. Look at it again.") % words)
    if not is_approved(deployment, plan):
        said.append(_("Support has not approved %(vpc)s with exactly these subnets. Send it to support.") % words)
    return tuple(said)


def _distinct(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
