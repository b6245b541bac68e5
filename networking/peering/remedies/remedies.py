"""The remedies of all steps that are not done, and the one script for each account.

Steps 1 and 6 have none: the private load balancer and its security group are the deployment's, and what somebody writes
there by hand its load balancer controller may take away again. What people do is to ask: networking/peering/remedies/
asking.py. DNS resolution over the connection has none either: the private name is answered by public DNS.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from networking.peering.remedies import acceptance, connection, routes, unseen
from networking.peering.remedies.context import Context
from networking.peering.standing import Standing
from networking.peering.steps import STEPS
from networking.remedies import remedies as vpc_remedies
from networking.remedies.shapes import Remedy
from networking.states import PeeringStep


def remedies_for(standing: Standing) -> Mapping[PeeringStep, tuple[Remedy, ...]]:
    """Step → its remedies, for each step that is not done, in the order of the six.

    An empty tuple is a step for which nobody can do anything in AWS now: its findings say why.
    """
    return remedies_of(Context.of(standing), (step.key for step in STEPS if not standing.is_done(step.key)))


def remedies_of(context: Context, steps: Iterable[PeeringStep]) -> Mapping[PeeringStep, tuple[Remedy, ...]]:
    """Step → its remedies, for each of `steps`, which are not done."""
    return {step: tuple(_made(step, context)) for step in steps}


def _made(step: PeeringStep, context: Context) -> Iterable[Remedy]:
    match step:
        case PeeringStep.CONNECTION:
            return connection.remedies(context)
        case PeeringStep.ACCEPTANCE:
            return acceptance.remedies(context)
        case PeeringStep.ROUTES:
            return routes.remedies(context, requester=True)
        case PeeringStep.RETURN_ROUTES:
            return (*routes.remedies(context, requester=False), *unseen.remedies(context))
        case _:
            return ()


def of_account(remedies: Mapping[PeeringStep, Sequence[Remedy]], account: str) -> tuple[Remedy, ...]:
    """The remedies that are carried out in one account, in the order of the steps."""
    return tuple(remedy for made in remedies.values() for remedy in made if remedy.account == account)


def everything(remedies: Iterable[Remedy]) -> str:
    """One POSIX shell script of the AWS CLI forms, for the account in which they are carried out.

    What needs a decision is left out. The script refuses to run in another account. Raises ValueError when the remedies
    are of several accounts: nobody has one shell for two.
    """
    chosen = tuple(remedy for remedy in remedies if not remedy.needs_decision)
    if len({remedy.account for remedy in chosen}) > 1:
        raise ValueError("A script is for one account.")
    return vpc_remedies.everything(chosen, last=_("Done. Press «Look again» on the page of your peering."))
