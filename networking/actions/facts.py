"""Taking a facts file: what somebody states about a VPC, beside what we saw and never mixed with it.

It sets no state (docs/safety.md, F): it is stored as a look of its own kind, and its findings say "stated by you".
"""

from django.db import transaction
from django.utils.translation import gettext as _

from networking.facts.files import FactsFile, UnreadableFacts, parse_facts
from networking.looks import VpcLook, record_look
from networking.requests.proofs import saved_plan
from onboarding.actions.versions import show_anew
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.rules.profiles import profile as rule_profile
from onboarding.states import DeploymentState
from portal.accounts.models import User
from portal.accounts.refusals import ActionRefused
from portal.findings.models import Observation
from portal.workflows.journal import tell


class FactsRefused(ActionRefused):
    """The file is not taken; the text says why. Nothing of it is stored."""


class TooLate(FactsRefused):
    """The deployment stands at another step, where no facts file changes anything."""


@transaction.atomic
def take_facts(*, deployment: Deployment, data: bytes, by: User | str, vpc_id: str = "") -> Observation:
    """Judges and keeps the facts file `data` about `vpc_id`, by default the plan's VPC; before one is chosen, about any
    VPC of the account.

    `by` is a person, or `hand-off:<label>` for a link. Raises FactsRefused: it cannot be read, or is of another
    account, region or VPC; TooLate.
    """
    facts = checked_facts(deployment=deployment, data=data, vpc_id=vpc_id)
    look = VpcLook(network=facts.network, subnet_ids=_subnets(facts, saved_plan(deployment)), stated=True)
    observation = record_look(deployment, look, rule_profile(deployment.profile))
    show_anew(deployment.pk)
    tell(
        "vpc.facts_taken",
        lambda: _("A facts file about %(vpc)s was taken.") % {"vpc": facts.network.vpc_id},
        organisation=deployment.organisation_id,
        subject_id=deployment.pk,
        by=by,
    )
    return observation


def checked_facts(*, deployment: Deployment, data: bytes, vpc_id: str = "") -> FactsFile:
    """The facts file, once it is of the registered account, the plan's region and the VPC in question. Stores nothing.

    Raises FactsRefused, in the reader's language, or TooLate.
    """
    if deployment.connection is None or deployment.state != DeploymentState.INFRASTRUCTURE:
        raise TooLate(_("The VPC of this deployment is not open to choice now. A facts file would change nothing."))
    plan = saved_plan(deployment)
    account = deployment.connection.account_id
    try:
        return parse_facts(data, account=account, region=plan.region, vpc_id=vpc_id or plan.vpc_id)
    except UnreadableFacts as unreadable:
        raise FactsRefused(str(unreadable)) from unreadable


def _subnets(facts: FactsFile, plan: InfrastructurePlan) -> tuple[str, ...]:
    """Those that are chosen by now, else those that the file was made for."""
    chosen = tuple(plan.subnet_ids) if plan.vpc_id == facts.network.vpc_id else ()
    return chosen or tuple(facts.subnet_ids)
