"""The one door to a customer's account: whose it is, what goes through, and what never leaves."""

import json
import logging
import re
import traceback
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ConnectionClosedError
from django.db import connection as database

from portal.accounts.models import Organisation
from portal.aws import cloudformation, ec2, sessions
from portal.aws.errors import Refused, Throttled, Unclear
from portal.aws.models import CallRecord, Connection, new_external_id
from portal.aws.sessions import (
    AccountSession,
    DoorClosed,
    Errand,
    OutsideLedger,
    WrongAccount,
    open_session,
    sending,
    try_without_external_id,
    try_wrong_external_id,
)
from portal.aws.states import ConnectionState, Outcome, RoleKind
from tests.emulators import Emulator, JournalReader
from tests.journeys import Walk
from tests.people import make_connection, make_organisation

pytestmark = pytest.mark.django_db
ERRAND = Errand(purpose="look", actor="u-7f3a", workflow_id=uuid4())


@pytest.fixture
def proven(walk: Walk) -> Connection:
    """A connection whose roles exist and are proven."""
    return walk.trust().connection


def look(connection: Connection) -> AccountSession:
    return open_session(connection, RoleKind.VERIFIER, errand=ERRAND)


def test_the_external_id_comes_from_the_row_alone(proven: Connection, journal: JournalReader) -> None:
    look(proven)
    sent = journal.assumptions(proven.account_id)[-1]
    assert sent.parameters["ExternalId"] == proven.external_id
    assert sent.parameters["RoleArn"] == f"arn:aws:iam::{proven.account_id}:role/ClickHouseVerifierRole"
    assert sent.parameters["SourceIdentity"] == "u-7f3a"
    assert str(sent.parameters["DurationSeconds"]) == "900"


def test_external_ids_are_long_and_never_the_same() -> None:
    made = {new_external_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(one.removeprefix("byoc-")) * 4 >= 128 for one in made)


def test_a_session_name_names_the_work_and_nobody(proven: Connection, journal: JournalReader) -> None:
    look(proven)
    name = journal.assumptions(proven.account_id)[-1].parameters["RoleSessionName"]
    assert ERRAND.workflow_id is not None
    assert name == f"byoc-look-{ERRAND.workflow_id.hex[:12]}"


@pytest.mark.parametrize("purpose", ["x" * 200, "créer/ステップ", ""])
def test_a_session_name_is_always_one_that_sts_takes(purpose: str) -> None:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""
    workflow_id = uuid4()
    name = Errand(purpose=purpose, workflow_id=workflow_id).session_name
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", name, re.ASCII)
    assert name.endswith(workflow_id.hex[:12])


def test_an_answer_for_another_account_locks_the_connection(
    proven: Connection, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role's ARN is built from the row, so only an answer that AWS never gives can differ."""
    really = sessions._assume

    def elsewhere(*args: Any, **kwargs: Any) -> dict[str, Any]:
        answer = really(*args, **kwargs)
        answer["AssumedRoleUser"]["Arn"] = "arn:aws:sts::999999999999:assumed-role/ClickHouseVerifierRole/x"
        return answer

    monkeypatch.setattr(sessions, "_assume", elsewhere)
    with pytest.raises(WrongAccount):
        look(proven)
    proven.refresh_from_db()
    assert proven.state == ConnectionState.QUARANTINED
    monkeypatch.undo()


@pytest.mark.parametrize("state", [ConnectionState.QUARANTINED, ConnectionState.CLOSED])
def test_a_locked_or_closed_connection_opens_no_session(
    aws_env: Emulator, connection: Connection, journal: JournalReader, state: ConnectionState
) -> None:
    """Locked while the work was under way: the row decides, not what the worker still remembers of it."""
    Connection.objects.update(state=state)
    assert connection.state == ConnectionState.UNPROVEN
    for attempt in (
        lambda: look(connection),
        lambda: try_without_external_id(connection, RoleKind.VERIFIER, errand=ERRAND),
        lambda: try_wrong_external_id(connection, RoleKind.VERIFIER, errand=ERRAND),
    ):
        with pytest.raises(DoorClosed):
            attempt()
    assert journal.assumptions(connection.account_id) == []


def test_nothing_can_be_changed_outside_the_ledger(proven: Connection, journal: JournalReader) -> None:
    session = open_session(proven, RoleKind.MANAGEMENT, errand=ERRAND)
    with pytest.raises(OutsideLedger):
        cloudformation.delete_stack(session, "us-east-1", "any", intent_id=uuid4(), role_arn="arn:aws:iam::1:role/any")


def test_a_call_that_is_no_longer_wanted_is_stopped_right_before_it_leaves(
    proven: Connection, journal: JournalReader
) -> None:
    class NoMore(Exception):
        pass

    def refuse() -> None:
        raise NoMore

    session = open_session(proven, RoleKind.MANAGEMENT, errand=ERRAND)
    with sending(refuse), pytest.raises(NoMore):
        cloudformation.delete_stack(session, "us-east-1", "any", intent_id=uuid4(), role_arn="arn:aws:iam::1:role/any")
    assert journal.of(proven.account_id, "DeleteStack") == []


def test_no_credential_is_written_down_anywhere(
    proven: Connection, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    session = look(proven)
    ec2.vpcs(session, "us-east-1")
    secrets = [session.credentials[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    text = repr(session) + str(session) + caplog.text + capsys.readouterr().err + everything_stored()
    with pytest.raises(Refused) as caught:
        ec2.everything(session, "us-east-1", "describe_vpcs", "Vpcs", {"VpcIds": ["vpc-0123456789abcdef0"]})
    text += "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(vars(caught.value))
    assert secrets[0] not in text
    assert secrets[1] not in text
    assert secrets[2] not in text


def test_each_call_is_recorded_with_what_became_of_it(proven: Connection, aws_env: Emulator) -> None:
    CallRecord.objects.all().delete()
    session = look(proven)
    ec2.vpcs(session, "us-east-1")
    aws_env.control.order("throttle", account=proven.account_id, operation="DescribeVpcs", times=3)
    with pytest.raises(Throttled):
        ec2.vpcs(session, "us-east-1")
    aws_env.control.order("cut-before", account=proven.account_id, operation="DescribeVpcs", times=3)
    with pytest.raises(Unclear):
        ec2.vpcs(session, "us-east-1")
    rows = list(CallRecord.objects.order_by("at", "pk"))
    assert [(row.service, row.operation, row.outcome) for row in rows] == [
        ("sts", "AssumeRole", Outcome.OK),
        ("ec2", "DescribeVpcs", Outcome.OK),
        ("ec2", "DescribeVpcs", Outcome.REFUSED),
        ("ec2", "DescribeVpcs", Outcome.UNCLEAR),
    ]
    assert all(row.request_id for row in rows[:3])
    assert rows[0].resource == proven.role_arn(RoleKind.VERIFIER)
    assert {(row.purpose, row.actor, row.workflow_id) for row in rows} == {("look", "u-7f3a", ERRAND.workflow_id)}
    assert not any(row.mutating for row in rows)


def test_a_service_has_one_name_in_the_record_whatever_became_of_the_call(
    proven: Connection, aws_env: Emulator
) -> None:
    """botocore's events call elbv2 `elastic-load-balancing-v2`."""
    client = look(proven).reader("elbv2", "us-east-1")
    aws_env.control.order("cut-before", account=proven.account_id, operation="DescribeLoadBalancers", times=3)
    with pytest.raises(ConnectionClosedError):
        client.describe_load_balancers()
    assert CallRecord.objects.latest("at", "pk").service == "elbv2"


def test_a_tenants_calls_are_nobody_elses(walk: Walk, proven: Connection, people: Any) -> None:
    look(proven)
    mine = CallRecord.objects.visible_to(people.owner.user)
    assert mine.filter(connection=proven).exists()
    assert not CallRecord.objects.visible_to(people.stranger.user).exists()


def test_no_client_is_shared(proven: Connection, aws_env: Emulator) -> None:
    one, two = look(proven), look(proven)
    assert one.reader("ec2", "us-east-1") is one.reader("ec2", "us-east-1")
    assert one.reader("ec2", "us-east-1") is not two.reader("ec2", "us-east-1")
    assert one.credentials["SessionToken"] != two.credentials["SessionToken"]


def test_an_expired_session_is_refused_as_such(proven: Connection) -> None:
    session = look(proven)
    session.credentials["SessionToken"] = "no-such-token"
    with pytest.raises(Refused):
        ec2.vpcs(session, "us-east-1")


def test_events_are_read_over_all_pages(walk: Walk, proven: Connection) -> None:
    """F-23: the bootstrap's events, a page of them at a time, none lost and none twice."""
    session = look(proven)
    stack = cloudformation.find_stack(session, "us-east-1", "clickhouse-cloud-bootstrap")
    assert stack is not None
    events = cloudformation.stack_events(session, "us-east-1", stack.id)
    assert len({event.id for event in events}) == len(events) > 3
    newest = cloudformation.stack_events(session, "us-east-1", stack.id, known=events[2].id)
    assert [event.id for event in newest] == [event.id for event in events[:2]]


def test_two_tenants_of_one_account_have_different_external_ids(organisation: Organisation, account_id: str) -> None:
    one = make_connection(organisation, account_id)
    two = make_connection(make_organisation("Difference Engines"), account_id)
    assert one.external_id != two.external_id


def everything_stored() -> str:
    """Every value of every table, as text."""
    text = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text.append(json.dumps(cursor.fetchall(), default=str))
    return "".join(text)
