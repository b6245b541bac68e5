"""The one context of the VPC page and of its fragment."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from networking.changes import changes
from networking.kinds import LOOK, MEND
from networking.looks import SeenVpc, newest_look, newest_looks
from networking.pages.change_lines import ChangeLine, change_lines
from networking.pages.subnet_table import SubnetRow, subnet_rows
from networking.pages.told import told
from networking.proposals import propose
from networking.remedies.remedies import remedies_for
from networking.remedies.shapes import Remedy
from onboarding.judged import Judged
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import Profile
from onboarding.rules.profiles import profile as rule_profile
from onboarding.survey_work import SurveyWork
from onboarding.surveys import Seen, newest_survey
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.shapes import tag_value
from portal.aws.facts.vpcs import VpcFact
from portal.findings.shapes import Finding, Level, verdict


@dataclass(frozen=True, kw_only=True)
class VpcOption:
    """A VPC of the account that can be chosen."""

    id: str
    name: str
    cidrs: tuple[str, ...]
    is_default: bool
    shared_from: str
    chosen: bool

    @property
    def words(self) -> str:
        """What a search looks through."""
        return " ".join((self.id, self.name, *self.cidrs)).lower()


@dataclass(frozen=True, kw_only=True)
class VpcPage:
    """Everything that the page says of one VPC. `seen` is our own newest look at it, `stated` the newest facts file;
    `shown` is the one that the page judges: our own wherever there is one. `options` is None when nobody could list the
    VPCs of the region; `surveyed`: somebody tried.
    """

    deployment: Deployment
    plan: InfrastructurePlan
    profile: Profile
    vpc_id: str
    options: tuple[VpcOption, ...] | None
    surveyed: bool
    seen: SeenVpc | None
    before: SeenVpc | None
    stated: SeenVpc | None
    work: SurveyWork
    mending: SurveyWork
    ticked: tuple[str, ...] | None = None

    @classmethod
    def of(
        cls, deployment: Deployment, plan: InfrastructurePlan, wanted: str = "", ticked: Sequence[str] | None = None
    ) -> Self:
        """The page of the VPC `wanted`, else of the plan's. Seven queries at most."""
        vpc_id = wanted or plan.vpc_id
        looks = newest_looks(deployment, vpc_id, count=2) if vpc_id else []
        survey = newest_survey(deployment, plan.region)
        return cls(
            deployment=deployment,
            plan=plan,
            profile=rule_profile(deployment.profile),
            vpc_id=vpc_id,
            options=_options(survey, _account(deployment), vpc_id),
            surveyed=survey is not None,
            seen=looks[0] if looks else None,
            before=looks[1] if len(looks) > 1 else None,
            stated=newest_look(deployment, vpc_id, stated=True) if vpc_id else None,
            work=SurveyWork.of(deployment, LOOK),
            mending=SurveyWork.of(deployment, MEND),
            ticked=None if ticked is None else tuple(ticked),
        )

    @property
    def shown(self) -> SeenVpc | None:
        """The look that the page judges."""
        return self.seen or self.stated

    @cached_property
    def network(self) -> VpcNetwork | None:
        """The facts that the page judges."""
        return self.shown.look.network if self.shown else None

    @cached_property
    def unlisted(self) -> VpcOption | None:
        """The VPC that the page is about, where the list does not have it."""
        if any(option.chosen for option in self.options or ()) or not (self.shown or self.is_saved):
            return None
        account = _account(self.deployment)
        if self.network is not None and self.network.vpc is not None:
            return _option(self.network.vpc, account, self.vpc_id)
        return VpcOption(id=self.vpc_id, name="", cidrs=(), is_default=False, shared_from="", chosen=True)

    @property
    def listed(self) -> tuple[VpcOption, ...]:
        """What can be picked: the VPC that the page is about, and those of the list."""
        here = (self.unlisted,) if self.unlisted else ()
        return (*here, *(self.options or ()))

    @property
    def is_saved(self) -> bool:
        """Whether this VPC is the one that is saved."""
        return bool(self.plan.vpc_id) and self.plan.vpc_id == self.vpc_id

    @property
    def is_chosen(self) -> bool:
        """Whether this VPC and some subnets of it are saved."""
        return self.is_saved and bool(self.plan.subnet_ids)

    @cached_property
    def subnet_ids(self) -> tuple[str, ...]:
        """The subnets that are judged: the saved ones, else the proposed ones."""
        return tuple(self.plan.subnet_ids) if self.is_chosen else self.proposed

    @cached_property
    def proposed(self) -> tuple[str, ...]:
        """The best three of the VPC."""
        return propose(self.network, profile=self.profile) if self.network else ()

    @cached_property
    def rows(self) -> tuple[SubnetRow, ...]:
        """The subnets to choose from."""
        if self.network is None:
            return ()
        chosen = self.subnet_ids if self.ticked is None else self.ticked
        return subnet_rows(self.network, profile=self.profile, chosen=chosen, proposed=self.proposed)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the shown look says of the subnets that are judged."""
        return self.shown.look.choosing(self.subnet_ids).findings(self.profile) if self.shown else ()

    @property
    def judged(self) -> Judged:
        """The findings as the page folds them."""
        return Judged.of(told(self.findings, self.remedies))

    @cached_property
    def remedies(self) -> tuple[Remedy, ...]:
        """The fix of each cause, with the customer's own ids."""
        if self.network is None:
            return ()
        return remedies_for(self.network, self.subnet_ids, profile=self.profile)

    @property
    def fine(self) -> bool:
        """Whether nothing failed."""
        return bool(self.findings) and verdict(self.findings) is not Level.FAILED

    @property
    def has_failed(self) -> bool:
        """Whether something failed, which a network admin may have to mend."""
        return self.shown is not None and not self.fine

    @property
    def needs_file(self) -> bool:
        """Whether our role did not see the VPC, or not all of it, so that a facts file says the rest."""
        if self.seen is None:
            return bool(self.work.trouble)
        return any(finding.level is Level.UNKNOWN for finding in self.findings)

    @cached_property
    def changes(self) -> tuple[ChangeLine, ...]:
        """What the newest own look shows otherwise than the one before it."""
        if self.seen is None or self.before is None or self._has_newcomers:
            return ()
        now, then = (one.look.choosing(self.subnet_ids).findings(self.profile) for one in (self.seen, self.before))
        found = changes(then, now)
        return change_lines(found)

    @property
    def _has_newcomers(self) -> bool:
        """Whether a judged subnet is newer than the look before, which then says nothing about this choice."""
        if self.seen is None or self.before is None:
            return False
        now, then = self.seen.look.network, self.before.look.network
        return any(now.subnet(one) is not None and then.subnet(one) is None for one in self.subnet_ids)

    @property
    def has_better(self) -> bool:
        """Whether other subnets of the VPC keep all of the rules, where the saved ones do not."""
        if not self.other_proposal or self.shown is None:
            return False
        return not _faults(self.shown.look.choosing(self.other_proposal).findings(self.profile))

    @cached_property
    def other_proposal(self) -> tuple[str, ...]:
        """The best three, where they are others than the saved ones and the saved ones have a fault."""
        if not self.is_chosen or self.fine or set(self.proposed) == set(self.subnet_ids) or self.shown is None:
            return ()
        better = self.shown.look.choosing(self.proposed).findings(self.profile)
        return self.proposed if _faults(better) < _faults(self.findings) else ()


def _faults(findings: Sequence[Finding]) -> int:
    return sum(finding.level is Level.FAILED for finding in findings)


def _account(deployment: Deployment) -> str:
    return deployment.connection.account_id if deployment.connection else ""


def _options(seen: Seen | None, account: str, vpc_id: str) -> tuple[VpcOption, ...] | None:
    """The VPCs of a survey; None when nobody could list them."""
    if seen is None or seen.survey.vpcs is None:
        return None
    found = (_option(fact, account, vpc_id) for fact in seen.survey.vpcs)
    return tuple(sorted(found, key=lambda option: (not option.chosen, option.is_default, option.name, option.id)))


def _option(fact: VpcFact, account: str, vpc_id: str) -> VpcOption:
    return VpcOption(
        id=fact.id,
        name=tag_value(fact.tags, "Name") or "",
        cidrs=fact.associated_cidrs,
        is_default=bool(fact.is_default),
        shared_from=fact.owner if fact.owner not in {"", account} else "",
        chosen=fact.id == vpc_id,
    )
