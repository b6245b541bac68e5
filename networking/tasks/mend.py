"""The workflow behind «Apply for me»: compare with what was confirmed, change, look again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from networking.kinds import MEND
from networking.looks import VpcLook, record_look
from networking.mends.mending import Mend, in_order, is_covered, mends_for
from networking.mends.plan import MendPlan
from networking.mends.words import sentence
from networking.tasks.mend_effects import LOOKS, Mending, departs
from onboarding.actions.versions import show_anew
from onboarding.letters import tell_people
from onboarding.models import Deployment
from onboarding.rules.profiles import profile as rule_profile
from onboarding.tasks.subjects import deployment_of, look_session
from onboarding.tasks.trust import regained
from onboarding.upkeep import serve_next
from portal.aws.facts.networks import VpcNetwork
from portal.aws.networks import LOOKING, read_network
from portal.findings.languages import heard, spoken
from portal.workflows import ledger
from portal.workflows.models import Intent, Workflow
from portal.workflows.shapes import (
    Declined,
    Done,
    Finished,
    HumanNeeded,
    Outcome,
    Pause,
    Plan,
    Puzzling,
    Refusal,
    Settled,
    Settlement,
    Unsettled,
    Wait,
    Work,
)
from portal.workflows.states import IntentState, Turn, WorkflowState
from portal.workflows.times import backed_off

#: Without these nobody can say whether the plan still holds.
NEEDED = frozenset({"ec2:DescribeRouteTables", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs"})
#: How often the last step looks again for what AWS does not show yet; then the page says how it stands.
MOST_LOOKS = 8


@dataclass(frozen=True)
class CompareVpc:
    """Reads the VPC afresh. Another plan than the confirmed one ends the work before anything is changed; one of which
    others have done a part goes on with the rest.
    """

    name: str = "compare"

    def run(self, work: Work) -> Outcome:
        if unproven := regained(work):
            return unproven
        deployment, plan = deployment_of(work), MendPlan.from_data(work.workflow.data)
        network = _read(work, plan)
        unread = [refused.action for refused in network.refused if refused.action in NEEDED]
        if unread:
            return _not_shown(unread)
        fresh = mends_for(network, plan.subnet_ids, profile=rule_profile(deployment.profile))
        if not is_covered(plan.mends, fresh, network):
            _record(deployment, plan, network)
            return _other_plan(work)
        if not fresh:
            _record(deployment, plan, network)
            return Finished(message=spoken(lambda: _("Everything is in order already. Nothing had to be changed.")))
        return Done(message=spoken(lambda: _("The VPC is as the confirmed plan showed it.")))


@dataclass(frozen=True)
class ApplyMends:
    """One change after the other, each through the ledger; done when each is made, or in order without us."""

    name: str = "apply"

    def run(self, work: Work) -> Outcome:
        deployment, plan = deployment_of(work), MendPlan.from_data(work.workflow.data)
        look = look_session(work, "look-before-change", *LOOKS)
        for mend in plan.mends:
            outcome = self._advance(Mending(work, mend, look, deployment.slug))
            if outcome is not None:
                return outcome
        return Done(message=spoken(lambda: _("All confirmed changes are made.")))

    def _advance(self, mending: Mending) -> Outcome | None:
        """Brings one change about; None when there is nothing left to do for it."""
        work, mend = mending.work, mending.mend
        intent = Intent.objects.filter(workflow=work.workflow, key=mend.key).first()
        if intent is not None and intent.state == IntentState.DONE:
            return None
        if intent is None or intent.state == IntentState.PLANNED:
            network = mending.seen()
            if intent is None and _is_in_order(mend, network):
                return None
            if departs(mend, network, intent):
                return None if _is_in_order(mend, network) else _other_plan(work)
        return _after(ledger.perform(work, mending.effect()), mend)


@dataclass(frozen=True)
class LookAfterwards:
    """Looks until AWS shows the changes, and keeps what it saw: the page then judges the VPC as it is."""

    name: str = "look"

    def run(self, work: Work) -> Outcome:
        deployment, plan = deployment_of(work), MendPlan.from_data(work.workflow.data)
        network = _read(work, plan)
        if work.workflow.waits < MOST_LOOKS and not _is_shown(plan, network):
            return Wait(
                seconds=backed_off(work.workflow.waits, most=10.0),
                message=spoken(lambda: _("The changes are made. We wait until AWS shows them.")),
            )
        _record(deployment, plan, network)
        return Done(message=spoken(lambda: _("The changes to %(vpc)s are made.") % {"vpc": plan.vpc_id}))


def mend_plan() -> Plan:
    """The plan of the kind `networking.vpc_mend`, to be registered when the app starts."""
    return Plan(
        kind=MEND,
        steps=(CompareVpc(), ApplyMends(), LookAfterwards()),
        deadline=timedelta(hours=1),
        progressed=_shown,
        settled=_settled,
    )


def _read(work: Work, plan: MendPlan) -> VpcNetwork:
    session = look_session(work, "look-at-vpc", *LOOKING)
    return read_network(session, plan.region, plan.vpc_id, plan.subnet_ids)


def _record(deployment: Deployment, plan: MendPlan, network: VpcNetwork) -> None:
    record_look(deployment, VpcLook(network=network, subnet_ids=plan.subnet_ids), rule_profile(deployment.profile))


def _is_in_order(mend: Mend, network: VpcNetwork) -> bool:
    return all(in_order(mend, change, network) for change in mend.changes)


def _is_shown(plan: MendPlan, network: VpcNetwork) -> bool:
    """Whether the facts show every change, and no endpoint is still being made."""
    ready = replace(network, endpoints=tuple(one for one in network.endpoints or () if one.state == "available"))
    return all(_is_in_order(mend, ready) for mend in plan.mends)


def _not_shown(actions: Sequence[str]) -> Pause:
    return Pause(
        message=spoken(
            lambda: (
                _(
                    "AWS did not let us look first (%(actions)s), so nothing was changed. Give the verifier role its"
                    " permissions back, then press «Go on»."
                )
                % {"actions": ", ".join(actions)}
            )
        )
    )


def _other_plan(work: Work) -> Refusal:
    """The end: what is there is not what the person was shown."""
    if Intent.objects.filter(workflow=work.workflow, state=IntentState.DONE).exists():
        return Refusal(
            message=spoken(
                lambda: _(
                    "The VPC was changed by somebody else in the meantime. We stopped before the next change; what we"
                    " had made stays. Look at the new plan and confirm it."
                )
            )
        )
    return Refusal(
        message=spoken(
            lambda: _(
                "The VPC is no longer as the plan showed it. Nothing was changed. Look at the new plan and confirm it."
            )
        )
    )


def _after(settlement: Settlement, mend: Mend) -> Outcome:
    """What the step answers after one effect. AWS's words stay in the intent, for the page."""
    match settlement:
        case Settled():
            return Wait(
                seconds=0, message=spoken(lambda: _("Done: %(what)s") % {"what": sentence(mend)}), turn=Turn.AWS
            )
        case Declined(code=code):
            # From the first step on: what AWS refuses often means that the VPC has changed.
            return Pause(
                message=spoken(
                    lambda: (
                        _("AWS refused %(call)s: %(code)s. Its words and what to do stand below. Then press «Go on».")
                        % {"call": mend.call, "code": code}
                    )
                ),
                rewind=True,
            )
        case Puzzling(reason=reason):
            return HumanNeeded(message=reason)
        case Unsettled(seconds=seconds):
            return Wait(seconds=seconds, message=spoken(lambda: sentence(mend)))


def _shown(workflow: Workflow) -> None:
    show_anew(workflow.subject_id)


def _settled(workflow: Workflow) -> None:
    """A letter when people must act, and the account for whoever waits for it."""
    if workflow.state in {WorkflowState.PAUSED, WorkflowState.NEEDS_HUMAN}:
        deployment = Deployment.objects.select_related("connection").get(pk=workflow.subject_id)
        with_support = workflow.state == WorkflowState.NEEDS_HUMAN
        tell_people(
            deployment,
            key=f"mend:{workflow.pk}:{workflow.fence}",
            subject=lambda: (
                _("support is looking at it") if with_support else _("your turn: a change to your VPC stopped")
            ),
            body=lambda: heard(workflow.message, ""),
        )
    if workflow.state in {WorkflowState.DONE, WorkflowState.REFUSED}:
        serve_next(workflow)
