"""The read-only script for the sides of a peering, run with the real AWS CLI: it says what our own look would see."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from networking.facts.script import Side, facts_script
from networking.peering.balancers import PRIVATE_PORTS
from networking.peering.checks.judge import judge_peering
from networking.peering.facts_file import parse_peering_facts, parse_target_facts
from networking.peering.shapes import PeeringSide, RegisteredPeering
from onboarding.rules.profiles import profile
from portal.aws.peerings import read_side
from portal.demo import aws
from portal.demo.accounts import CUSTOMER_NETWORK
from portal.demo.seeds.places import Place, place
from portal.findings.shapes import Level
from tests.emulators import Emulator, JournalReader
from tests.networking.cli import run_script
from tests.people import fresh_account_id

REGION = "us-east-1"
OURS, THEIRS = "10.80.0.0/16", "10.20.0.0/16"
type Findings = set[tuple[str, Level, tuple[str, ...], str]]


@pytest.fixture
def joined(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Place, Place, RegisteredPeering]]:
    """A BYOC VPC and a target VPC of the network account, joined; of two tables there, one lacks the route back."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    here, there = place(fresh_account_id(), REGION), place(CUSTOMER_NETWORK.id, REGION)
    byoc, target = here.vpc("byoc", OURS), there.vpc("hub", THEIRS)
    private, app = (
        here.subnet(byoc, "private-a", "10.80.0.0/20", "a"),
        there.subnet(target, "app-a", "10.20.0.0/20", "a"),
    )
    inherits = there.subnet(target, "app-b", "10.20.16.0/20", "b")
    ends = {"VpcId": byoc, "PeerVpcId": target, "PeerOwnerId": there.account_id, "PeerRegion": REGION}
    pcx = str(here.ec2.create_vpc_peering_connection(**ends)["VpcPeeringConnection"]["VpcPeeringConnectionId"])
    waiter = there.ec2.get_waiter("vpc_peering_connection_exists")
    waiter.wait(VpcPeeringConnectionIds=[pcx], WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    there.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=pcx)
    table = there.table(target, "app", app)
    there.ec2.create_route(RouteTableId=table, DestinationCidrBlock=OURS, VpcPeeringConnectionId=pcx)
    groups = here.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [byoc]}])["SecurityGroups"]
    yield here, there, RegisteredPeering(
        id=pcx, requester_vpc=byoc, accepter_vpc=target, requester_account=here.account_id,
        accepter_account=there.account_id, requester_region=REGION, accepter_region=REGION,
        requester_subnets=(private,), accepter_subnets=(app, inherits), security_group_ids=(groups[0]["GroupId"],),
        ports=PRIVATE_PORTS, private_load_balancer=True,
    )  # fmt: skip
    here.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=pcx)


@pytest.fixture
def collect(emulator: Emulator, tmp_path: Path) -> Callable[..., bytes]:
    """Runs the script as the root of the side's account and returns what it printed."""

    def run(account: str, vpc_id: str, subnets: tuple[str, ...], side: Side) -> bytes:
        text = facts_script(account=account, region=REGION, vpc_id=vpc_id, subnet_ids=subnets, side=side)
        done = run_script(text, account=account, region=REGION, endpoint=emulator.endpoint, cwd=tmp_path)
        assert (done.returncode, "left out" in done.stderr) == (0, False), done.stderr
        return done.stdout.encode()

    return run


def seen(account: str, vpc_id: str, *, requester: bool) -> PeeringSide:
    """The portal's own look, as the root of the account."""
    session: Any = SimpleNamespace(
        connection=SimpleNamespace(account_id=account),
        reader=lambda service, region: aws.client(service, account, region),
    )
    return read_side(session, REGION, vpc_id, requester=requester)


def judged(registered: RegisteredPeering, here: PeeringSide, there: PeeringSide) -> Findings:
    findings = judge_peering(registered, here, there, profile=profile("seed"))
    return {(one.code, one.level, one.resources, one.message) for one in findings}


def test_a_file_of_either_side_gives_the_same_findings_as_our_own_look(
    joined: tuple[Place, Place, RegisteredPeering], collect: Callable[..., bytes], journal: JournalReader
) -> None:
    here, there, held = joined
    before = len(journal.of(there.account_id))
    target = collect(there.account_id, held.accepter_vpc, held.accepter_subnets, Side.ACCEPTER)
    byoc = collect(here.account_id, held.requester_vpc, held.requester_subnets, Side.REQUESTER)
    assert len(journal.of(there.account_id)) == before  # it changed nothing
    ours = seen(here.account_id, held.requester_vpc, requester=True)
    theirs = seen(there.account_id, held.accepter_vpc, requester=False)
    stated = parse_target_facts(target, account=there.account_id, region=REGION, vpc_id=held.accepter_vpc)
    assert stated.collected_at is not None
    assert (stated.side.peerings, stated.side.network_acls) == (theirs.peerings, theirs.network_acls)
    found = judged(held, ours, stated.side)
    assert found == judged(held, ours, theirs)
    levels = {(code, level) for code, level, _ids, _said in found}
    assert ("peering.accepted", Level.PASSED) in levels
    assert ("peering.accepter-routes", Level.FAILED) in levels  # the main table, which app-b follows

    whole = {
        "format": 1, "requester": json.loads(byoc), "accepter": json.loads(target),
        "peering": {
            "id": held.id, "requester_vpc": held.requester_vpc, "accepter_vpc": held.accepter_vpc,
            "requester_account": held.requester_account, "accepter_account": held.accepter_account,
        },
    }  # fmt: skip
    facts = parse_peering_facts(json.dumps(whole).encode())
    assert facts.requester.security_groups == ours.security_groups
    unread = replace(ours, load_balancers=None)  # which are not EC2's to show
    assert judged(held, facts.requester, facts.accepter) == judged(held, unread, theirs)
