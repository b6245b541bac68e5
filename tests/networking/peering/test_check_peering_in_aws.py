"""`check_peering --peering`: looks with the roles that the customer gave, keeps nothing, ends with the right status."""

import json
import uuid

import pytest
from django.core.management import base, load_command_class

from networking.models import PeeringConnection
from portal.aws.models import CallRecord, Connection
from portal.aws.states import ConnectionState
from portal.findings.models import Observation
from tests.emulators import JournalReader
from tests.journeys import Walk
from tests.networking.peered_accounts import grounds
from tests.onboarding.commands.running import Ran

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Runs the command within this process: any exception but the exit itself would be a traceback."""
    monkeypatch.setattr(base.connections, "close_all", lambda: None)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        status = 0
        try:
            load_command_class("networking", "check_peering").run_from_argv(["manage.py", "check_peering", *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        streams = capsys.readouterr()
        return Ran(status, streams.out, streams.err)

    return run


def levels(ran: Ran) -> dict[str, str]:
    return {one["code"].removeprefix("peering."): one["level"] for one in json.loads(ran.out)["findings"]}


def test_a_peering_is_judged_as_aws_shows_it_and_nothing_is_kept(check, walk: Walk, journal: JournalReader) -> None:
    scene = grounds(walk)
    identity = str(scene.peering.pk)
    assert check("--peering", identity).status == 1  # nothing is done yet
    scene.all_six()
    half = check("--peering", identity, "--json")
    assert (half.status, levels(half)["accepter-routes"], levels(half)["requester-routes"]) == (2, "unknown", "passed")
    scene.lend()
    effects = len(journal.effects(walk.account))
    CallRecord.objects.all().delete()
    ran = check("--peering", identity, "--json")
    assert (ran.status, ran.err) == (0, "")
    document = json.loads(ran.out)
    assert (document["subject"], document["profile"], document["verdict"]) == (scene.pcx, "seed", "passed")
    assert {one["evidence"] for one in document["findings"]} == {"observed"}
    assert len(journal.effects(walk.account)) == effects
    assert not PeeringConnection.objects.exists()
    assert not Observation.objects.filter(subject_id=scene.peering.pk).exists()
    assert set(CallRecord.objects.values_list("purpose", flat=True)) == {"check-peering"}

    Connection.objects.filter(pk=walk.connection.pk).update(state=ConnectionState.QUARANTINED)
    shut = check("--peering", identity)
    assert (shut.status, shut.out, len(shut.err.strip().splitlines())) == (3, "", 1)
    assert "quarantined" in shut.err


def test_a_role_that_does_not_open_leaves_everything_unknown(check, walk: Walk) -> None:
    scene = grounds(walk)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}]}
    walk.customer("iam").update_assume_role_policy(RoleName="ClickHouseVerifierRole", PolicyDocument=json.dumps(trust))
    ran = check("--peering", str(scene.peering.pk), "--json")
    assert ran.status == 2
    assert set(levels(ran).values()) == {"unknown"}
    assert "AccessDenied" in ran.err


@pytest.mark.parametrize("identity", ["12", str(uuid.UUID(int=7)), ""])
def test_a_peering_that_is_none_is_said_in_one_line(check, identity: str) -> None:
    ran = check("--peering", identity)
    assert (ran.status, ran.out, len(ran.err.strip().splitlines())) == (3, "", 1)
