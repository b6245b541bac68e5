"""What the probe printed: read strictly, judged as the customer's word."""

import json
from typing import Any

import pytest

from networking.facts.strict_json import UnreadableFacts
from networking.reach.judge import CATALOGUE, is_private, is_proven, judge_result
from networking.reach.results import LARGEST, ReachResult, parse_result
from portal.findings.shapes import Evidence, Finding
from tests.networking.private_access.scenes import PRIVATE, result


def parsed(**changes: Any) -> ReachResult:
    return parse_result(json.dumps(result(**changes)).encode())


def judged(**changes: Any) -> tuple[Finding, ...]:
    return judge_result(parsed(**changes))


def levels(**changes: Any) -> list[tuple[str, str]]:
    return [(finding.code.removeprefix("private-access."), finding.level.value) for finding in judged(**changes)]


def test_private_addresses_and_open_ports_prove_it() -> None:
    findings = judged()
    assert levels() == [("addresses", "passed"), ("ports", "passed")]
    assert is_proven(findings)
    assert {finding.evidence for finding in findings} == {Evidence.DECLARED}
    assert findings[0].message == f"{PRIVATE} resolves to private addresses: 10.0.16.5, 10.0.32.7."


def test_a_public_address_among_them_fails_and_its_ports_count_for_nothing() -> None:
    assert levels(addresses=["10.0.0.1", "52.10.20.30"]) == [("addresses", "failed"), ("ports", "unknown")]
    assert "answers with a public address: 52.10.20.30" in judged(addresses=["10.0.0.1", "52.10.20.30"])[0].message


@pytest.mark.parametrize(
    ("address", "private"),
    [("10.0.0.1", True), ("172.16.0.1", True), ("172.32.0.1", False), ("192.168.1.1", True), ("100.64.0.1", True),
     ("100.128.0.1", False), ("127.0.0.1", False), ("169.254.1.1", False), ("192.0.2.1", False), ("0.0.0.0", False),
     ("198.18.0.1", False), ("fd00::1", True), ("fe80::1", False), ("::1", False), ("2600:1f18::1", False),
     ("::ffff:10.0.0.1", False)],
)  # fmt: skip
def test_only_addresses_that_a_vpc_has_for_itself_are_private(address: str, private: bool) -> None:
    assert is_private(address) is private


def test_a_name_without_addresses_fails_and_one_not_looked_up_is_unknown() -> None:
    untested = {"8443": "untested", "9440": "untested"}
    assert levels(addresses=[], ports=untested) == [("addresses", "failed"), ("ports", "unknown")]
    assert levels(addresses=[], ports=untested, resolver="none")[0] == ("addresses", "unknown")


def test_each_way_to_fail_says_its_own_hint() -> None:
    refused, silent = judged(ports={"8443": "refused", "9440": "timeout"})[1:]
    assert (refused.level.value, silent.level.value) == ("failed", "failed")
    assert "nothing listens there" in refused.message
    assert "a security group, a network ACL or a route drops it" in silent.message
    assert not is_proven(judged(ports={"8443": "open", "9440": "timeout"}))


def test_a_port_that_was_not_tried_is_unknown_and_proves_nothing() -> None:
    assert levels(ports={"8443": "open"}) == [("addresses", "passed"), ("ports", "passed"), ("ports", "unknown")]
    assert not is_proven(judged(ports={"8443": "open"}))
    assert not is_proven(judged(ports={"8443": "untested", "9440": "untested"}))


def test_a_kept_result_is_read_back_as_it_was() -> None:
    found = parsed()
    assert ReachResult.of(found.stored()) == found


def test_every_code_has_a_title_and_a_remedy() -> None:
    assert {finding.code for finding in judged()} == set(CATALOGUE)
    assert all(entry.title and entry.remedy for entry in CATALOGUE.values())


MISFITS = [
    ({"format": 2}, "“format” must be 1"),
    ({"format": True}, "“format” must be 1"),
    ({"more": 1}, "does not write: more"),
    ({"host": None}, "host in the file must be"),
    ({"host": "A.example"}, "host in the file"),
    ({"host": "a b"}, "host in the file"),
    ({"host": ["a"]}, "host in the file"),
    ({"resolver": "magic"}, "resolver in the file"),
    ({"resolver": ["none"]}, "resolver in the file"),
    ({"addresses": None}, "addresses"),
    ({"addresses": "10.0.0.1"}, "addresses"),
    ({"addresses": ["10.0.0.1", "x"]}, "addresses[1] in the file must be an IP address"),
    ({"addresses": ["010.0.0.1"]}, "addresses[0]"),
    ({"addresses": ["fd00::1%eth0"]}, "addresses[0]"),
    ({"addresses": ["10.0.0.0/8"]}, "addresses[0]"),
    ({"addresses": ["FD00::1"]}, "addresses[0]"),
    ({"addresses": [10]}, "addresses[0]"),
    ({"addresses": ["10.0.0.1"] * 33}, "at most 32"),
    ({"ports": {}}, "ports"),
    ({"ports": []}, "ports"),
    ({"ports": {"8443": "Open"}}, "ports.8443"),
    ({"ports": {"8443": None}}, "ports.8443"),
    ({"ports": {"0": "open"}}, "ports in the file"),
    ({"ports": {"65536": "open"}}, "ports in the file"),
    ({"ports": {"８443": "open"}}, "ports in the file"),
    ({"ports": {str(port): "open" for port in range(1, 10)}}, "one to 8 ports"),
    ({"checked_at": None}, "checked_at"),
    ({"checked_at": "yesterday"}, "checked_at"),
    ({"checked_at": "2026-02-30T00:00:00Z"}, "checked_at"),
    ({"checked_at": "2026-11-23T03:00:00+01:00"}, "checked_at"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "words"), MISFITS)
def test_what_does_not_fit_is_refused_with_its_place(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UnreadableFacts) as refused:
        parsed(**changes)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b'{"format":1,"format":1}', b"[" * 10_000, b"\xff", b"\xef\xbb\xbf{}", b'{"format":1e999}',
     b'{"format":NaN}', b'{"format":1,"host":"\\u0000"}', b" " * (LARGEST + 1)],
)  # fmt: skip
def test_what_is_no_result_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFacts):
        parse_result(data)
