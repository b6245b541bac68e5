"""One of the reads of a look goes wrong while seven others are under way."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError

from portal.aws.errors import Throttled, Unclear
from portal.aws.models import CallRecord
from portal.aws.networks import LOOKING, read_network
from portal.aws.sessions import Errand, open_session, session_policy
from portal.aws.states import RoleKind
from portal.demo.seeds.places import Place
from tests.journeys import Walk

pytestmark = pytest.mark.django_db(transaction=True)

REGION = "eu-central-1"


class Body:
    """What urllib3 would give."""

    def __init__(self, text: str) -> None:
        self.text = text.encode()

    def stream(self, **_: Any) -> Any:
        yield self.text


def answer(status: int, text: str) -> Callable[..., AWSResponse]:
    return lambda request, **_: AWSResponse(request.url, status, {}, Body(text))


def error(status: int, code: str) -> Callable[..., AWSResponse]:
    return answer(
        status,
        f"<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors>"
        "<RequestID>r-1</RequestID></Response>",
    )


def closed(request: Any, **_: Any) -> None:
    raise ConnectionClosedError(endpoint_url=request.url)


FAULTS = {
    "throttled": (error(503, "RequestLimitExceeded"), Throttled),
    "broken": (error(500, "InternalError"), Unclear),
    "cut": (closed, Unclear),
    "half": (answer(200, "<DescribeRouteTablesResponse><routeTableSet><item>"), Unclear),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_keeps_the_records_of_the_others_and_leaves_no_thread(walk: Walk, name: str) -> None:
    walk.trust()
    vpc = Place(walk.account, REGION, walk.customer("ec2", REGION)).vpc("mine", "10.70.0.0/16")
    fault, expected = FAULTS[name]
    session = open_session(
        walk.connection, RoleKind.VERIFIER, errand=Errand(purpose="look-at-vpc"), policy=session_policy(*LOOKING)
    )
    session.reader("ec2", REGION).meta.events.register("before-send.ec2.DescribeRouteTables", fault)
    CallRecord.objects.all().delete()
    before = threading.active_count()

    with pytest.raises(expected):
        read_network(session, REGION, vpc)

    assert threading.active_count() == before
    outcomes = {row.operation: row.outcome for row in CallRecord.objects.all()}
    assert len(outcomes) == len(LOOKING)
    assert outcomes.pop("DescribeRouteTables") in {"refused", "unclear"}
    assert set(outcomes.values()) == {"ok"}
