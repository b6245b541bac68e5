"""The journey's steps as values: order, title, usual duration, page. Percentages and «next» come from this tuple."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.states import DeploymentState


@dataclass(frozen=True)
class JourneyStep:
    """One step of the straight path; `state` is the stored state in which it is the present one.

    `about` says in two sentences who does what in it, for people who have not been there yet.
    """

    state: DeploymentState
    title: str | Promise
    typical: str | Promise
    page: str
    next_act: str | Promise
    about: str | Promise


JOURNEY: tuple[JourneyStep, ...] = (
    JourneyStep(
        DeploymentState.ACCOUNT,
        _("AWS account"),
        _("about 2 min"),
        "onboarding:account",
        _("Name the AWS account."),
        _("You name the AWS account that will hold the deployment. Nothing happens in it yet."),
    ),
    JourneyStep(
        DeploymentState.BOOTSTRAP,
        _("Bootstrap roles"),
        _("about 5 min"),
        "onboarding:bootstrap",
        _("Create the roles in your account; we notice them by ourselves."),
        _("You create three IAM roles in your account. We then prove that only we can use them."),
    ),
    JourneyStep(
        DeploymentState.INFRASTRUCTURE,
        _("Infrastructure"),
        _("about 10 min"),
        "onboarding:infrastructure",
        _("Choose region, addresses and zones; they cannot be changed later."),
        _("You choose region, address range and zones from what your account really has, and confirm them."),
    ),
    JourneyStep(
        DeploymentState.LAUNCH,
        _("Launch"),
        _("about 25 min"),
        "onboarding:launch",
        _("Nothing: AWS makes the stacks. You may close this page."),
        _("AWS makes network, storage, roles and the EKS cluster as four stacks. You need not be present."),
    ),
    JourneyStep(
        DeploymentState.READY,
        _("Ready"),
        "",
        "onboarding:launch",
        _("Nothing has to be done: the deployment is running. If you want private access, start a VPC peering."),
        _("The deployment runs in your account."),
    ),
)


#: What a step is about where the customer brings the VPC, as far as it differs.
ABOUT_BROUGHT: dict[DeploymentState, str | Promise] = {
    DeploymentState.INFRASTRUCTURE: _(
        "You pick your VPC and its private subnets from what your account really has. Support approves them; then you"
        " confirm."
    ),
    DeploymentState.LAUNCH: _(
        "AWS makes storage, roles and the EKS cluster as three stacks, in your VPC. You need not be present."
    ),
}


def about_of(step: JourneyStep, *, brings_vpc: bool) -> str | Promise:
    """Who does what in a step, in two sentences."""
    return ABOUT_BROUGHT.get(step.state, step.about) if brings_vpc else step.about


def position(state: str) -> int:
    """Where a state stands in the journey; tear-down counts as the launch's place, removed as the end."""
    order = [step.state.value for step in JOURNEY]
    if state in order:
        return order.index(state)
    return order.index(DeploymentState.LAUNCH) if state == DeploymentState.TEARDOWN else len(order)
