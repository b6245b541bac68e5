"""A deployment at the infrastructure step, in an account that has been looked at."""

import pytest

from onboarding.models import Deployment
from tests.onboarding.infrastructure.account import at_infrastructure, look, survey, vpc
from tests.people import People


@pytest.fixture
def deployment(people: People) -> Deployment:
    """At the infrastructure step; the account has one VPC, 10.0.0.0/16."""
    made = at_infrastructure(people.organisation)
    look(made, survey([vpc(1, "10.0.0.0/16", "data-lake")]))
    return made
