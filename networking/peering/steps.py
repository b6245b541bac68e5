"""The six steps of a peering as values: order, code, where the work is done, and what it is for. Pure.

A step is done when the findings of its code say so, whoever did it.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from networking.states import PeeringStep


class Place(StrEnum):
    """Where the work of a step is done."""

    BYOC = "byoc"
    TARGET = "target"
    SUPPORT = "support"


@dataclass(frozen=True, kw_only=True)
class SixStep:
    """One of the six. `code` is the check that says whether it is done; `why` is for people who have never seen it."""

    key: PeeringStep
    code: str
    title: str | Promise
    place: Place
    why: str | Promise
    typical: str | Promise


STEPS: tuple[SixStep, ...] = (
    SixStep(
        key=PeeringStep.BALANCER,
        code="peering.private-load-balancer",
        title=_("Enable the private load balancer"),
        place=Place.SUPPORT,
        why=_(
            "Your deployment gets a second entrance that has private addresses only. Without it there is nothing on the"
            " other side of the peering to talk to."
        ),
        typical=_("within a working day"),
    ),
    SixStep(
        key=PeeringStep.CONNECTION,
        code="peering.connection",
        title=_("Create the peering connection"),
        place=Place.BYOC,
        why=_("The BYOC VPC asks your VPC for a private link between the two. AWS calls it a peering connection."),
        typical=_("about 2 min"),
    ),
    SixStep(
        key=PeeringStep.ACCEPTANCE,
        code="peering.accepted",
        title=_("Accept the request"),
        place=Place.TARGET,
        why=_("Whoever owns your VPC says yes to the link. AWS waits seven days for that, then the request expires."),
        typical=_("about 2 min"),
    ),
    SixStep(
        key=PeeringStep.ROUTES,
        code="peering.requester-routes",
        title=_("Add the routes to your VPC"),
        place=Place.BYOC,
        why=_(
            "The link alone carries nothing. Each route table of the BYOC VPC's private subnets has to say that your"
            " VPC's addresses are on the other side of it; else answers are lost."
        ),
        typical=_("about 3 min"),
    ),
    SixStep(
        key=PeeringStep.RETURN_ROUTES,
        code="peering.accepter-routes",
        title=_("Add the routes to the BYOC VPC"),
        place=Place.TARGET,
        why=_("The same the other way round: your subnets learn that the deployment is on the other side of the link."),
        typical=_("about 3 min"),
    ),
    SixStep(
        key=PeeringStep.SECURITY_GROUP,
        code="peering.security-group",
        title=_("Admit your VPC in the security group"),
        place=Place.SUPPORT,
        why=_("The entrance's security group lets in only whom it knows. Your VPC's addresses have to be on its list."),
        typical=_("within a working day"),
    ),
)


def step_of(key: str) -> SixStep:
    """The step of that key. Raises KeyError."""
    return {step.key.value: step for step in STEPS}[key]


def number_of(key: str) -> int:
    """1 to 6. Raises KeyError."""
    return STEPS.index(step_of(key)) + 1
