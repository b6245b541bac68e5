"""`check_vpc`: what it finds, what it answers its shell, and that it changes nothing."""

import io
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import base, load_command_class

from networking.checks.catalogue import CATALOGUE
from onboarding.models import InfrastructurePlan
from portal.aws.models import CallRecord, Connection
from portal.aws.states import ConnectionState
from portal.demo.seeds.places import BYOC_TAG, ELB_TAG, Place
from portal.findings.models import Observation
from tests.emulators import JournalReader
from tests.journeys import Walk
from tests.onboarding.commands.running import Ran
from tests.processes import ROOT

REGION = "eu-central-1"
LATER = {"vpc.tags", "subnets.byoc-tag", "subnets.egress", "vpc.dns"}
SUBNETS = tuple(f"subnet-{letter}" for letter in "abc")


class Shell:
    """Runs `check_vpc` within this process: any exception but the exit itself would be a traceback."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    def run(self, *arguments: str) -> Ran:
        self.capture.readouterr()
        status = 0
        try:
            load_command_class("networking", "check_vpc").run_from_argv(["manage.py", "check_vpc", *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        streams = self.capture.readouterr()
        return Ran(status, streams.out, streams.err)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """`shell.run("--facts", "-")`. A command closes its connections at the end; here they are the test's."""
    monkeypatch.setattr(base.connections, "close_all", lambda: None)
    return Shell(capsys)


def good(**changes: Any) -> dict[str, Any]:
    """The facts of a VPC that meets both profiles; `changes` replace keys, None takes one away."""
    tags = [{"Key": key, "Value": value} for key, value in (BYOC_TAG | ELB_TAG).items()]
    document: dict[str, Any] = {
        "format": 1, "account_id": "111122223333", "region": REGION, "collected_at": "2026-11-23T03:00:00Z",
        "vpc_id": "vpc-0abc", "subnet_ids": list(SUBNETS),
        "DescribeAvailabilityZones": {"AvailabilityZones": [
            {"ZoneName": f"{REGION}{letter}", "ZoneId": f"euc1-az{number}", "ZoneType": "availability-zone",
             "State": "available", "RegionName": REGION} for number, letter in enumerate("abc", 1)]},
        "DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-0abc", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16",
                                   "State": "available", "Tags": tags}]},
        "DescribeSubnets": {"Subnets": [
            {"SubnetId": f"subnet-{letter}", "VpcId": "vpc-0abc", "CidrBlock": f"10.0.{number * 16}.0/20",
             "AvailabilityZone": f"{REGION}{letter}", "AvailabilityZoneId": f"euc1-az{number}", "State": "available",
             "AvailableIpAddressCount": 4091, "OwnerId": "111122223333", "Tags": tags}
            for number, letter in enumerate("abc", 1)]},
        "DescribeRouteTables": {"RouteTables": [
            {"RouteTableId": f"rtb-{letter}", "VpcId": "vpc-0abc",
             "Associations": [{"SubnetId": f"subnet-{letter}", "Main": False,
                               "AssociationState": {"State": "associated"}}],
             "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
                        {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": f"nat-{letter}", "State": "active"}]}
            for letter in "abc"]},
        "DescribeVpcEndpoints": {"VpcEndpoints": [
            {"VpcEndpointId": "vpce-s3", "VpcId": "vpc-0abc", "VpcEndpointType": "Gateway", "State": "available",
             "ServiceName": f"com.amazonaws.{REGION}.s3", "RouteTableIds": [f"rtb-{letter}" for letter in "abc"]}]},
        "DescribeNatGateways": {"NatGateways": [
            {"NatGatewayId": f"nat-{letter}", "VpcId": "vpc-0abc", "SubnetId": f"subnet-public-{letter}",
             "State": "available", "ConnectivityType": "public"} for letter in "abc"]},
        "DescribeVpcAttribute": {"EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}},
    } | changes  # fmt: skip
    return {key: value for key, value in document.items() if value is not None}


@pytest.fixture
def facts(tmp_path: Path) -> Any:
    """`facts(DescribeVpcs=None)`: the name of a file with `good` facts, changed so."""

    def write(**changes: Any) -> str:
        path = tmp_path / "vpc-facts.json"
        path.write_text(json.dumps(good(**changes)))
        return str(path)

    return write


def levels(ran: Ran) -> dict[str, str]:
    """Code → level of what was printed as JSON."""
    return {finding["code"]: finding["level"] for finding in json.loads(ran.out)["findings"]}


@pytest.mark.parametrize(("profile", "codes"), [("seed", set(CATALOGUE) - LATER), ("2026-08", set(CATALOGUE))])
def test_a_file_of_a_fit_vpc_passes_without_any_database(
    shell: Shell, facts: Any, profile: str, codes: set[str]
) -> None:
    ran = shell.run("--facts", facts(), "--profile", profile, "--json")
    assert (ran.status, ran.err) == (0, "")
    document = json.loads(ran.out)
    assert (document["subject"], document["profile"], document["verdict"]) == ("vpc-0abc", profile, "passed")
    assert document["observed_at"] == "2026-11-23T03:00:00Z"
    assert levels(ran) == dict.fromkeys(codes, "passed")
    assert {finding["evidence"] for finding in document["findings"]} == {"declared"}
    assert set(document["findings"][0]) == {"code", "level", "message", "resources", "remedy", "evidence"}


def test_seed_is_the_profile_of_a_file(shell: Shell, facts: Any) -> None:
    ran = shell.run("--facts", facts())
    assert ran.status == 0
    assert ran.out.rstrip().endswith("vpc-0abc: passed (profile seed)")


def test_a_failure_is_exit_status_1_and_an_operation_left_out_2(shell: Shell, facts: Any) -> None:
    ran = shell.run("--facts", facts(DescribeRouteTables=None), "--json")
    assert (ran.status, json.loads(ran.out)["verdict"]) == (2, "unknown")
    unknown = {code for code, level in levels(ran).items() if level == "unknown"}
    assert unknown == {"subnets.private", "s3-endpoint.routes"}
    ran = shell.run("--facts", facts(DescribeRouteTables=None, DescribeVpcEndpoints={"VpcEndpoints": []}), "--json")
    assert (ran.status, json.loads(ran.out)["verdict"]) == (1, "failed")
    assert levels(ran)["s3-endpoint.present"] == "failed"


def test_subnets_in_the_arguments_are_judged_in_place_of_those_in_the_file(shell: Shell, facts: Any) -> None:
    assert shell.run("--facts", facts(subnet_ids=None), "--subnets", ",".join(SUBNETS)).status == 0
    ran = shell.run("--facts", facts(), "--subnets", "subnet-a, subnet-b", "--json")
    assert ran.status == 1
    assert levels(ran)["subnets.count"] == "failed"
    assert shell.run("--facts", facts(), "--subnets", "").status == 1
    assert shell.run("--facts", facts(), "--vpc", "vpc-0abc", "--region", REGION).status == 0


def test_standard_input_is_a_file_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(json.dumps(good()).encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert shell.run("--facts", "-").status == 0


def test_it_runs_where_no_database_and_no_aws_is(facts: Any) -> None:
    nowhere = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "PORTAL_MODE": "test", "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    }  # fmt: skip
    command = [sys.executable, str(ROOT / "manage.py"), "check_vpc", "--json", "--facts"]

    def run(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, name], cwd=ROOT, env=nowhere, capture_output=True, text=True, check=False, timeout=60
        )

    judged = run(facts(DescribeVpcEndpoints={"VpcEndpoints": []}))
    assert (judged.returncode, judged.stderr) == (1, "")
    assert json.loads(judged.stdout)["verdict"] == "failed"
    missing = run("nowhere.json")
    assert (missing.returncode, missing.stdout, len(missing.stderr.splitlines())) == (3, "", 1)


def refused(ran: Ran, *words: str) -> None:
    """Exit status 3, one line on stderr, nothing on stdout."""
    assert (ran.status, ran.out) == (3, "")
    assert len(ran.err.strip().splitlines()) == 1
    for word in words:
        assert word in ran.err


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"), (b"{}", "facts file"), (b"[]", "one object"), (b"\x7fELF\x02", "no JSON"),
        (b"\xff\xfe", "byte order"),
        (b'{"format": 1, "x": "\xff"}', "UTF-8"), (b"[" * 50_000, "levels"), (b'{"a": 1e999}', "1e999"),
        (b'{"a": 1, "a": 1}', "twice"), (b"x" * (4 * 1024 * 1024 + 1), "4 MiB"),
        (json.dumps(good(DescribeVpcs=[])).encode(), "DescribeVpcs"),
        (json.dumps(good(account_id=111122223333)).encode(), "account_id"),
        (json.dumps(good(vpc_id="vpc-\x1b[2J\nx")).encode(), "control characters"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_said_in_one_line(shell: Shell, tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(content)
    refused(shell.run("--facts", str(path), "--json"), word)


@pytest.mark.parametrize(
    ("name", "word"),
    [("", "No such file"), ("no-such-file.json", "No such file"), (".", "directory"), ("/dev/null", "empty"),
     ("/dev/zero", "4 MiB"), ("a\x00b", "null"), ("x" * 5000, "too long")],
)  # fmt: skip
def test_a_name_that_cannot_be_read_is_said_in_one_line(shell: Shell, name: str, word: str) -> None:
    refused(shell.run("--facts", name), word)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("--facts", "--connection")), (("--json",), ("--facts",)), (("--facts",), ("--facts",)),
        (("--facts", "{}", "--connection", "1"), ("not allowed",)), (("--facts", "{}", "--profile", "x"), ("'seed'",)),
        (("--facts", "{}", "--jsno"), ("--jsno",)), (("--facts", "{}", "--vpc", "vpc-1"), ("vpc-0abc", "'vpc-1'")),
        (("--facts", "{}", "--region", "us-east-1"), ("us-east-1", REGION)),
        (("--facts", "{}", "--subnets", "subnet-a,,subnet-b"), ("''",)),
        (("--facts", "{}", "--subnets", "vpc-1"), ("'vpc-1'",)), (("--facts", "{}", "vpc-1"), ("vpc-1",)),
    ],
)  # fmt: skip
def test_wrong_arguments_are_said_in_one_line(
    shell: Shell, facts: Any, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    name = facts()
    refused(shell.run(*(name if argument == "{}" else argument for argument in arguments)), *words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("identity", "word"), [("12", "'12' is no id"), (str(uuid.UUID(int=7)), "no connection with the id")]
)
def test_a_connection_that_is_none_is_said_in_one_line(shell: Shell, identity: str, word: str) -> None:
    refused(shell.run("--connection", identity, "--vpc", "vpc-0a1b2c3d", "--subnets", "subnet-0a1b2c3d"), word)


@pytest.fixture
def brought(walk: Walk) -> tuple[Walk, str, tuple[str, ...]]:
    """A proven account with a VPC that meets all but one rule: its S3 endpoint misses the third table."""
    walk.trust()
    customer = Place(walk.account, REGION, walk.customer("ec2", REGION))
    vpc = customer.vpc("mine", "10.70.0.0/16", **BYOC_TAG)
    subnets = tuple(
        customer.subnet(vpc, f"private-{letter}", f"10.70.{number * 16}.0/20", letter, BYOC_TAG | ELB_TAG)
        for number, letter in enumerate("abc")
    )
    tables = [customer.table(vpc, f"private-{subnet}", subnet) for subnet in subnets]
    customer.s3_endpoint(vpc, "s3", *tables[:2])
    return walk, vpc, subnets


@pytest.mark.django_db(transaction=True)
def test_it_looks_through_a_connection_and_changes_nothing(
    shell: Shell, brought: tuple[Walk, str, tuple[str, ...]], journal: JournalReader
) -> None:
    walk, vpc, subnets = brought
    before = journal.operations(walk.account)
    CallRecord.objects.all().delete()
    arguments = ("--connection", str(walk.connection.pk), "--vpc", vpc, "--subnets", ",".join(subnets))
    ran = shell.run(*arguments, "--region", REGION, "--json")
    assert (ran.status, ran.err) == (1, "")
    document = json.loads(ran.out)
    assert (document["subject"], document["profile"]) == (vpc, "seed")
    failed = [finding for finding in document["findings"] if finding["level"] == "failed"]
    assert [finding["code"] for finding in failed] == ["s3-endpoint.routes"]
    assert subnets[2] in failed[0]["resources"]
    assert {finding["evidence"] for finding in document["findings"]} == {"observed"}
    assert journal.operations(walk.account) == before
    assert not Observation.objects.filter(kind__startswith="vpc").exists()
    calls = CallRecord.objects.filter(connection=walk.connection)
    assert set(calls.values_list("purpose", flat=True)) == {"check-vpc"}
    assert calls.count() <= 10

    later = shell.run(*arguments, "--region", REGION, "--profile", "2026-08", "--json")
    assert levels(later)["subnets.egress"] == "failed"


@pytest.mark.django_db(transaction=True)
def test_what_the_plan_says_is_the_default(shell: Shell, brought: tuple[Walk, str, tuple[str, ...]]) -> None:
    walk, vpc, subnets = brought
    identity = str(walk.connection.pk)
    refused(shell.run("--connection", identity, "--region", REGION), "--vpc")
    InfrastructurePlan.objects.update_or_create(
        deployment=walk.deployment,
        defaults={
            "organisation_id": walk.deployment.organisation_id, "region": REGION, "vpc_id": vpc,
            "subnet_ids": list(subnets),
        },
    )  # fmt: skip
    assert levels(shell.run("--connection", identity, "--json"))["s3-endpoint.routes"] == "failed"
    refused(shell.run("--connection", identity, "--region", "attacker"), "'attacker'")
    refused(shell.run("--connection", identity, "--vpc", "VPC-0ABC"), "vpc-")
    refused(shell.run("--connection", identity, "--subnets", "subnet-1,,"), "subnet-")


@pytest.mark.django_db(transaction=True)
def test_a_role_that_does_not_open_leaves_everything_unknown(
    shell: Shell, brought: tuple[Walk, str, tuple[str, ...]]
) -> None:
    walk, vpc, subnets = brought
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}]}
    walk.customer("iam").update_assume_role_policy(RoleName="ClickHouseVerifierRole", PolicyDocument=json.dumps(trust))
    arguments = ("--connection", str(walk.connection.pk), "--vpc", vpc, "--subnets", ",".join(subnets))
    ran = shell.run(*arguments, "--region", REGION, "--json")
    assert ran.status == 2
    assert "passed" not in levels(ran).values()
    assert "AccessDenied" in ran.err


@pytest.mark.django_db(transaction=True)
def test_a_quarantined_connection_is_not_entered(shell: Shell, brought: tuple[Walk, str, tuple[str, ...]]) -> None:
    walk, vpc, subnets = brought
    Connection.objects.filter(pk=walk.connection.pk).update(state=ConnectionState.QUARANTINED)
    arguments = ("--connection", str(walk.connection.pk), "--vpc", vpc, "--subnets", ",".join(subnets))
    refused(shell.run(*arguments, "--region", REGION), "quarantined", walk.account)
    assert not CallRecord.objects.filter(purpose="check-vpc").exists()
