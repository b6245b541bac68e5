"""IAM: what a role is, whom it trusts, and what a simulation says it may do.

https://docs.aws.amazon.com/IAM/latest/APIReference/
"""

from collections.abc import Iterable, Mapping

from portal.aws.errors import speaking
from portal.aws.facts.roles import RoleFact
from portal.aws.facts.simulations import SimulationFact
from portal.aws.sessions import HOME_REGION, AccountSession

SERVICE = "iam"
#: SimulatePrincipalPolicy takes a list of actions; small batches keep one refusal from hiding the rest.
BATCH = 100


def read_role(session: AccountSession, name: str) -> RoleFact:
    """The role with its trust policy, tags and boundary. Raises Refused (`NoSuchEntity`, `AccessDenied`)."""
    client = session.reader(SERVICE, HOME_REGION)
    with speaking("iam:GetRole"):
        return RoleFact.from_aws(client.get_role(RoleName=name)["Role"])


def simulate(
    session: AccountSession,
    role_arn: str,
    actions: Iterable[str],
    *,
    resources: Iterable[str] = ("*",),
    context: Iterable[Mapping[str, object]] = (),
) -> list[SimulationFact]:
    """What IAM's simulator says of `actions` on `resources`. `context` are ContextEntries as AWS spells them.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    client = session.reader(SERVICE, HOME_REGION)
    paginator = client.get_paginator("simulate_principal_policy")
    wanted = list(actions)
    facts: list[SimulationFact] = []
    for start in range(0, len(wanted), BATCH):
        with speaking("iam:SimulatePrincipalPolicy"):
            pages = paginator.paginate(
                PolicySourceArn=role_arn,
                ActionNames=wanted[start : start + BATCH],
                ResourceArns=list(resources),
                ContextEntries=[dict(entry) for entry in context],
            )
            for page in pages:
                for document in page["EvaluationResults"]:
                    facts.extend(SimulationFact.each_from_aws(document))
    return facts
