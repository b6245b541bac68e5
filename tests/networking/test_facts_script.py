"""The read-only script, run as a customer would with the real AWS CLI: the file it makes, and when it makes none."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from networking.checks.judge import judge_vpc
from networking.facts.files import FactsFile, parse_facts
from networking.facts.script import facts_script
from onboarding.rules.profiles import profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.networks import LOOKING, read_network
from portal.demo import aws
from portal.demo.accounts import CUSTOMER, OWN_VPC_REGION, emulator_config
from portal.demo.seeds.networks import FAULTY_VPC, FIT_VPC
from portal.demo.seeds.places import Place
from portal.demo.seeds.world import seed_world
from portal.findings.shapes import Level
from tests.emulators import Emulator, JournalReader
from tests.networking.cli import run_script
from tests.processes import wait_for

ACCOUNT, REGION = CUSTOMER.id, OWN_VPC_REGION
UNKNOWN_SUBNET = "subnet-0123456789abcdef0"
SAMPLE = facts_script(
    account="111122223333", region="us-east-1", vpc_id="vpc-0abc", subnet_ids=("subnet-1", "subnet-2")
)
FOUR_FAULTS = {"subnets.size", "subnets.tags", "subnets.private", "s3-endpoint.routes"}


@pytest.fixture(scope="module")
def seeded(emulator: Emulator) -> Iterator[Emulator]:
    """The shared emulator with the demo's accounts in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
        emulator.control.configure(zones=emulator_config()["zones"])
        seed_world()
        yield emulator


def ec2(account: str = ACCOUNT) -> Any:
    return aws.client("ec2", account, REGION)


def found(name: str) -> tuple[str, tuple[str, ...]]:
    """The seeded VPC of that name, and its private subnets in the order of their names."""
    (vpc,) = ec2().describe_vpcs(Filters=[{"Name": "tag:Name", "Values": [name]}])["Vpcs"]
    subnets = ec2().describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    named = {next(tag["Value"] for tag in one["Tags"] if tag["Key"] == "Name"): one["SubnetId"] for one in subnets}
    return vpc["VpcId"], tuple(named[name] for name in sorted(named) if name.startswith("private"))


def read_by_boto3(vpc_id: str, subnet_ids: tuple[str, ...]) -> VpcNetwork:
    """The portal's own look, as the root of the account."""
    session: Any = SimpleNamespace(
        connection=SimpleNamespace(account_id=ACCOUNT),
        reader=lambda service, region: aws.client(service, ACCOUNT, region),
    )
    return read_network(session, REGION, vpc_id, subnet_ids)


def collect(
    emulator: Emulator, folder: Path, vpc_id: str, subnet_ids: tuple[str, ...], before: str = ""
) -> tuple[FactsFile, str]:
    """What the script printed, read, and what it said meanwhile."""
    text = facts_script(account=ACCOUNT, region=REGION, vpc_id=vpc_id, subnet_ids=subnet_ids)
    done = run_script(before + text, account=ACCOUNT, region=REGION, endpoint=emulator.endpoint, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    return parse_facts(done.stdout.encode(), account=ACCOUNT, region=REGION), done.stderr


def judged(network: VpcNetwork, subnet_ids: tuple[str, ...], name: str) -> set[tuple[str, str, tuple[str, ...]]]:
    findings = judge_vpc(network, subnet_ids, profile=profile(name))
    return {(finding.code, finding.level.value, finding.resources) for finding in findings}


def codes(network: VpcNetwork, subnet_ids: tuple[str, ...], level: Level) -> set[str]:
    return {code for code, found_level, _ids in judged(network, subnet_ids, "seed") if found_level == level}


@pytest.mark.parametrize(("name", "failing"), [(FIT_VPC, set()), (FAULTY_VPC, FOUR_FAULTS)])
def test_the_file_gives_the_same_findings_as_our_own_look(
    seeded: Emulator, tmp_path: Path, journal: JournalReader, name: str, failing: set[str]
) -> None:
    vpc_id, subnet_ids = found(name)
    facts, said = collect(seeded, tmp_path, vpc_id, subnet_ids)
    ours = read_by_boto3(vpc_id, subnet_ids)
    assert facts.subnet_ids == subnet_ids
    assert facts.collected_at is not None
    assert facts.network == ours
    for edition in ("seed", "2026-08"):
        assert judged(facts.network, facts.subnet_ids, edition) == judged(ours, subnet_ids, edition)
    assert codes(facts.network, subnet_ids, Level.FAILED) == failing
    assert codes(facts.network, subnet_ids, Level.UNKNOWN) == set()
    assert journal.of(ACCOUNT) == []
    assert said.splitlines()[0] == f"Reading the VPC {vpc_id} in {REGION} of the account {ACCOUNT}. Nothing is changed."
    assert said.splitlines()[-1] == "Done."


def test_chosen_subnets_that_lie_elsewhere_come_along(seeded: Emulator, tmp_path: Path) -> None:
    vpc_id, (own, *_rest) = found(FAULTY_VPC)
    _other, strays = found(FIT_VPC)
    chosen = (strays[0], own, UNKNOWN_SUBNET, strays[1])
    facts, _said = collect(seeded, tmp_path, vpc_id, chosen)
    listed = [subnet.id for subnet in facts.network.subnets or ()]
    assert set(strays[:2]) | {own} <= set(listed)
    assert len(listed) == len(set(listed))
    assert UNKNOWN_SUBNET not in listed
    assert facts.subnet_ids == chosen
    ours = read_by_boto3(vpc_id, chosen)
    assert set(facts.network.subnets or ()) == set(ours.subnets or ())
    assert judged(facts.network, chosen, "seed") == judged(ours, chosen, "seed")


def test_a_vpc_without_anything_and_strays_alone_make_a_sound_file(seeded: Emulator, tmp_path: Path) -> None:
    _other, strays = found(FIT_VPC)
    facts, said = collect(seeded, tmp_path, "vpc-0123456789abcdef0", strays)
    assert facts.network.vpcs == ()
    assert facts.network.route_tables == ()
    assert [subnet.id for subnet in facts.network.subnets or ()] == list(strays)
    assert "DescribeVpcAttribute (EnableDnsSupport)" in said
    assert ("vpc.exists", "failed") in {one[:2] for one in judged(facts.network, strays, "seed")}


def test_what_aws_refuses_is_left_out_and_stays_unknown(seeded: Emulator, tmp_path: Path) -> None:
    vpc_id, subnet_ids = found(FIT_VPC)
    key = user_who_may([action for action in LOOKING if action != "ec2:DescribeRouteTables"])
    facts, said = collect(seeded, tmp_path, vpc_id, subnet_ids, before=signed_in_as(key))
    assert facts.network.route_tables is None
    assert facts.network.nat_gateways
    assert facts.network.vpc is not None
    assert facts.network.vpc.dns_support is True
    assert "UnauthorizedOperation" in said
    assert "AWS gave no answer to DescribeRouteTables. It is left out" in said
    assert codes(facts.network, subnet_ids, Level.UNKNOWN) == {"subnets.private", "s3-endpoint.routes"}
    assert codes(facts.network, subnet_ids, Level.FAILED) == set()


def test_somebody_who_may_read_nothing_gets_a_file_of_unknowns(seeded: Emulator, tmp_path: Path) -> None:
    vpc_id, subnet_ids = found(FIT_VPC)
    facts, said = collect(seeded, tmp_path, vpc_id, subnet_ids, before=signed_in_as(user_who_may(["s3:ListBucket"])))
    assert facts.network == VpcNetwork(account=ACCOUNT, region=REGION, vpc_id=vpc_id)
    assert said.count("It is left out") == 8
    assert codes(facts.network, subnet_ids, Level.PASSED) == set()


def user_who_may(actions: list[str]) -> dict[str, str]:
    """A new user of the customer's account, and a key of theirs."""
    iam = aws.client("iam", ACCOUNT, "us-east-1")
    name = f"reader-{len(iam.list_users()['Users'])}"
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="read", PolicyDocument=document)
    return dict(iam.create_access_key(UserName=name)["AccessKey"])


def signed_in_as(key: dict[str, str]) -> str:
    return (
        f"export AWS_ACCESS_KEY_ID={shlex.quote(key['AccessKeyId'])}\n"
        f"export AWS_SECRET_ACCESS_KEY={shlex.quote(key['SecretAccessKey'])}\n"
    )


def test_another_account_is_not_read(seeded: Emulator, tmp_path: Path, account_id: str) -> None:
    vpc_id, subnet_ids = found(FIT_VPC)
    text = facts_script(account=ACCOUNT, region=REGION, vpc_id=vpc_id, subnet_ids=subnet_ids)
    done = run_script(text, account=account_id, region=REGION, endpoint=seeded.endpoint, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert list(tmp_path.iterdir()) == []
    (line,) = done.stderr.splitlines()
    assert account_id in line
    assert ACCOUNT in line
    assert "Nothing was read" in line


def test_names_in_any_script_survive_a_terminal_that_speaks_none(
    seeded: Emulator, tmp_path: Path, account_id: str
) -> None:
    customer = Place(account_id, REGION, ec2(account_id))
    vpc = customer.vpc("本番ネットワーク – é", "10.60.0.0/16")
    text = facts_script(account=account_id, region=REGION, vpc_id=vpc, subnet_ids=())
    done = run_script(
        f"export LC_ALL=de_DE.ISO-8859-1\n{text}",
        account=account_id, region=REGION, endpoint=seeded.endpoint, cwd=tmp_path,
    )  # fmt: skip
    found_vpc = parse_facts(done.stdout.encode()).network.vpc
    assert found_vpc is not None
    assert found_vpc.tags[0].value == "本番ネットワーク – é"


def test_at_a_terminal_it_writes_a_file_and_needs_only_a_shell_date_and_tr(seeded: Emulator, tmp_path: Path) -> None:
    vpc_id, subnet_ids = found(FIT_VPC)
    script = facts_script(account=ACCOUNT, region=REGION, vpc_id=vpc_id, subnet_ids=subnet_ids)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("date", "tr"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    (tmp_path / "facts.sh").write_text(f'PATH=$(dirname "$(command -v aws)"):{tools}\n{script}')
    program = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(["dash", "facts.sh"])))'
    done = run_script(
        f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}",
        account=ACCOUNT, region=REGION, endpoint=seeded.endpoint, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "vpc-facts.json" in done.stdout.splitlines()[-1]
    written = tmp_path / "vpc-facts.json"
    assert written.stat().st_mode & 0o077 == 0
    assert parse_facts(written.read_bytes()).network == read_by_boto3(vpc_id, subnet_ids)


def test_a_script_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_script(
            "sleep 600 & echo $! >child; wait",
            account=ACCOUNT, region=REGION, endpoint="http://127.0.0.1:1", cwd=tmp_path, timeout=1,
            plain=True,
        )  # fmt: skip
    child = Path("/proc", (tmp_path / "child").read_text().strip(), "stat")
    wait_for(lambda: not child.exists() or " Z " in child.read_text(), within=5, what="the child is gone")


@pytest.mark.parametrize("shell", ["dash", "sh", "bash"])
def test_every_shell_can_read_it(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    checked = subprocess.run([shell, "-n"], input=SAMPLE, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_it_asks_ec2_for_descriptions_and_sts_for_the_account_and_nothing_else() -> None:
    calls = set(re.findall(r"\b(?:ask|look \w+) (?:(ec2|sts) )?([a-z]+-[a-z-]+)", SAMPLE))
    assert {operation for _service, operation in calls} == {
        "describe-availability-zones", "describe-nat-gateways", "describe-network-acls", "describe-route-tables",
        "describe-security-groups", "describe-subnets", "describe-vpc-attribute", "describe-vpc-endpoints",
        "describe-vpc-peering-connections", "describe-vpcs", "get-caller-identity",
    }  # fmt: skip
    assert [line.strip() for line in SAMPLE.splitlines() if re.search(r"\baws \"", line)] == [
        'ask() { aws "$@" --region "$region" --output json --no-cli-pager </dev/null; }'
    ]
    for action in LOOKING:
        assert action in SAMPLE


def test_a_machine_without_the_right_aws_cli_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "facts.sh").write_text(SAMPLE)
    dash = shutil.which("dash")
    assert dash is not None

    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [dash, "facts.sh"], cwd=tmp_path, env={"PATH": str(folder)}, capture_output=True, text=True, check=False
        )

    without = run(tmp_path)
    assert (without.returncode, without.stdout) == (1, "")
    assert without.stderr.startswith("The AWS CLI is not here.")
    old = tmp_path / "aws"
    old.write_text("#!/bin/sh\necho aws-cli/1.32.0 Python/3.8\n")
    old.chmod(0o755)
    outdated = run(tmp_path)
    assert (outdated.returncode, outdated.stdout) == (1, "")
    assert outdated.stderr.startswith("This is version 1 of the AWS CLI.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "111122223333; id"}, {"account": "１１１１２２２２３３３３"}, {"account": ""},
        {"account": "111122223333\n"},
        {"region": "us-east-1 --endpoint-url x"}, {"region": "US"}, {"region": "$(id)"},
        {"vpc_id": "vpc-1'; rm -rf ~; '"}, {"vpc_id": "subnet-1"}, {"vpc_id": 'vpc-1"'}, {"vpc_id": "vpc-1\n"},
        {"subnet_ids": ("subnet-1", "subnet-2 subnet-3")}, {"subnet_ids": ("--help",)}, {"subnet_ids": ("subnet-*",)},
        {"subnet_ids": ("subnet-1",) * 1001},
    ],
)  # fmt: skip
def test_values_that_a_shell_could_read_otherwise_never_reach_it(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "account": "111122223333", "region": "us-east-1", "vpc_id": "vpc-0abc", "subnet_ids": ("subnet-1",),
    }  # fmt: skip
    assert facts_script(**right)
    with pytest.raises(ValueError, match=r"account id or region|must be an ID|more than"):
        facts_script(**(right | wrong))
