"""`check_peering` and the facts files that it reads: what is taken, what is refused in one line, the exit status."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import base, load_command_class

from networking.facts.files import UnreadableFacts
from networking.peering.facts_file import parse_peering_facts
from tests.networking.peering.files import connect, connection, fit
from tests.networking.test_facts_files import EXAMPLE


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs the command on bytes from standard input; gives status, stdout and stderr."""
    monkeypatch.setattr(base.connections, "close_all", lambda: None)

    def go(data, *arguments):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        command, status = load_command_class("networking", "check_peering"), 0
        try:
            command.run_from_argv(["manage.py", "check_peering", *(arguments or ("--facts", "-", "--json"))])
        except SystemExit as end:
            status = int(end.code or 0)
        streams = capsys.readouterr()
        return status, streams.out, streams.err

    return go


def data(document):
    return json.dumps(document).encode()


def test_a_peering_in_which_all_is_fine_ends_with_zero(run):
    status, out, _err = run(data(fit()))
    found = json.loads(out)
    assert (status, found["subject"], found["verdict"]) == (0, "pcx-1", "passed")
    assert found["observed_at"] == "2026-11-23T03:00:00Z"
    assert {one["evidence"] for one in found["findings"]} == {"declared"}


def test_a_failure_ends_with_one_and_an_unknown_with_two(run):
    document = fit()
    del document["accepter"]
    assert run(data(document))[0] == 2
    connect(fit_ := fit(), connection("expired"))
    assert run(data(fit_))[0] == 1


def test_it_reads_a_file_and_prints_lines(run, tmp_path):
    file = tmp_path / "peering.json"
    file.write_bytes(data(fit()))
    status, out, _err = run(b"", "--facts", str(file), "--profile", "2026-08")
    assert status == 0
    assert "pcx-1: passed (profile 2026-08)" in out


@pytest.mark.parametrize("arguments", [("--json",), ("--facts", "/nowhere"), ("--facts", "-", "--profile", "x")])
def test_wrong_arguments_are_one_line_and_three(run, arguments):
    status, out, err = run(b"{}", *arguments)
    assert (status, out, len(err.strip().splitlines())) == (3, "", 1)


def test_the_example_of_the_contract_is_read():
    side = json.loads(EXAMPLE)
    side |= {
        "DescribeVpcPeeringConnections": {"VpcPeeringConnections": []}, "DescribeSecurityGroups": {"SecurityGroups": []}
    }  # fmt: skip
    document = {
        "format": 1, "requester": side, "accepter": side,
        "peering": {
            "id": "pcx-1", "requester_vpc": "vpc-1", "accepter_vpc": "vpc-2", "requester_account": "111122223333",
            "accepter_account": "111122223333", "requester_subnets": [], "accepter_subnets": [],
            "security_group_ids": ["sg-1"], "ports": [443, 8443, 9440], "private_load_balancer": True,
        },
    }  # fmt: skip
    facts = parse_peering_facts(data(document))
    assert facts.registered.ports == (443, 8443, 9440)
    assert (facts.requester.peerings, facts.accepter.security_groups) == ((), ())
    del document["accepter"]
    assert parse_peering_facts(data(document)).accepter.network is None


def peering(**values):
    return lambda d: d["peering"].update(values)


def twice(document):
    found = document["requester"]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"]
    found.append(connection("deleted"))


REFUSED = [
    (lambda d: d.pop("peering"), "lacks “peering”"),
    (lambda d: d.pop("requester"), "lacks “requester”"),
    (lambda d: d.update(format=True), "format"),
    (lambda d: d.update(accepter=None), "accepter in the file must be an object"),
    (lambda d: d["peering"].pop("id"), "lacks id"),
    (peering(id="vpc-1"), "peering.id"),
    (peering(requester_account=222222222222), "peering.requester_account"),
    (peering(ports=[0]), "peering.ports[0]"),
    (peering(ports=[True]), "peering.ports[0]"),
    (peering(ports=list(range(1, 30))), "at most 20"),
    (peering(security_group_ids="sg-1"), "peering.security_group_ids"),
    (peering(private_load_balancer="yes"), "true or false"),
    (peering(requester_subnets=["subnet-1; rm"]), "peering.requester_subnets[0]"),
    (twice, "lists pcx-1 twice"),
    (lambda d: d["accepter"].update(collected_at="yesterday"), "accepter.collected_at"),
    (lambda d: d["accepter"].update(collected_at="2026-02-30T00:00:00Z"), "accepter.collected_at"),
    (lambda d: d["requester"]["DescribeSecurityGroups"]["SecurityGroups"][0]["IpPermissions"][0].update(FromPort="1"),
     "requester.DescribeSecurityGroups.SecurityGroups[0].IpPermissions[0].FromPort"),
    (lambda d: connect(d, connection(Status="active")), "Status in the file must be an object"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), REFUSED)
def test_what_does_not_fit_is_refused_with_its_place(run, change, words):
    document = fit()
    change(document)
    with pytest.raises(UnreadableFacts) as refused:
        parse_peering_facts(data(document))
    assert words in str(refused.value)
    status, out, err = run(data(document))
    assert (status, out, len(err.strip().splitlines())) == (3, "", 1)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"a":1,"a":2}', b"[" * 100_000, b"\xff", b'{"format":1e999}'])
def test_what_is_no_facts_file_is_refused(run, raw):
    status, out, err = run(raw)
    assert (status, out, len(err.strip().splitlines())) == (3, "", 1)
