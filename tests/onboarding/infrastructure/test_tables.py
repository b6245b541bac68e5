"""Tables, proposals and differences as values."""

from ipaddress import IPv4Network

import pytest

from onboarding.address_plan import AddressPlan, nodes_for, overlap_sentences
from onboarding.addresses import Range, RangeKind, overlaps
from onboarding.differences import differences
from onboarding.models import InfrastructurePlan
from onboarding.quota_table import quota_rows
from onboarding.rules.profiles import profile
from onboarding.zone_table import zone_table
from portal.aws.facts.quotas import UsageFact
from portal.aws.facts.zones import ZoneFact
from portal.findings.shapes import Level
from tests.onboarding.infrastructure.account import ZONES, survey, zone

SEED = profile()


def used(cidr: str, kind: RangeKind = RangeKind.VPC) -> Range:
    return Range(network=IPv4Network(cidr), kind=kind, label=cidr)


def test_free_blocks_of_every_size_avoid_what_is_used_and_reserved() -> None:
    plan = AddressPlan.of(SEED, [used("10.0.0.0/20"), used("10.1.0.0/16")], "", looked=True)
    assert [str(one.network) for one in plan.proposals] == [
        "10.2.0.0/16",
        "10.0.64.0/18",
        "10.0.16.0/20",
        "10.0.16.0/22",
    ]
    assert [one.usable for one in plan.proposals] == [49137, 12273, 3057, 753]


def test_the_proposal_has_the_size_of_what_is_typed() -> None:
    plan = AddressPlan.of(SEED, [used("10.0.0.0/20")], "10.0.0.0/20", looked=True)
    assert str(plan.proposal) == "10.0.16.0/20"


def test_a_full_address_space_has_no_proposal() -> None:
    every = [used(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    plan = AddressPlan.of(SEED, every, "", looked=True)
    assert (plan.proposal, plan.proposals) == (None, ())


def test_the_parsers_words_and_its_suggestion_stand_in_the_plan() -> None:
    plan = AddressPlan.of(SEED, [], "10.9.3.7/16", looked=True)
    assert plan.suggestion == "10.9.0.0/16"
    assert plan.chosen is None
    assert "bits set behind its prefix" in plan.error


def test_many_overlaps_are_counted_not_listed() -> None:
    met = overlaps(IPv4Network("10.0.0.0/16"), [used(f"10.0.{n}.0/24") for n in range(9)])
    said = overlap_sentences(met)
    assert said[5] == "It meets 4 more ranges."
    assert said[6] == "VPCs with common addresses can never be peered: AWS refuses it."
    assert len(said) == 7


def test_an_overlap_with_the_office_says_nothing_of_peering() -> None:
    met = overlaps(IPv4Network("10.0.0.0/16"), [used("10.0.0.0/24", RangeKind.ON_PREMISES)])
    assert len(overlap_sentences(met)) == 1


def test_a_node_counts_with_the_addresses_it_can_take() -> None:
    assert [nodes_for(count) for count in (0, 59, 60, 753)] == [0, 0, 1, 12]


def test_quotas_per_zone_have_a_row_for_each_chosen_zone() -> None:
    rows = quota_rows(survey(), SEED, ZONES)
    assert [row.scope for row in rows if row.scope] == list(ZONES)
    assert {row.level for row in rows} == {Level.PASSED}


def test_a_full_zone_is_named_with_what_to_ask_for() -> None:
    facts = survey()
    full = tuple(
        UsageFact(service="vpc", code="L-FE5A380F", used=1000, scope="use1-az2") if one.scope == "use1-az2" else one
        for one in facts.usage or ()
    )
    (row,) = (one for one in quota_rows(survey(usage=full), SEED, ZONES) if one.level is Level.FAILED)
    assert (row.scope, row.used, row.limit, row.request) == ("use1-az2", 1000, 1000, 1001)
    assert row.url.endswith("/servicequotas/home/services/vpc/quotas/L-FE5A380F?region=us-east-1")


def test_a_quota_that_could_not_be_read_is_unknown() -> None:
    rows = quota_rows(survey(quotas=None, usage=None), SEED, ZONES)
    assert {row.level for row in rows} == {Level.UNKNOWN}
    assert {row.limit for row in rows} == {None}
    assert {row.request for row in rows} == {None}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (zone("e", 3), "AWS does not run EKS control planes there."),
        (zone("f", 5, "unavailable"), "AWS reports it as unavailable."),
        (zone("g", 9, kind="local-zone"), "It is no availability zone (local-zone)."),
        ({**zone("h", 8), "OptInStatus": "not-opted-in"}, "Your account has not opted in to it."),
    ],
)
def test_a_zone_that_is_out_has_one_reason(document: dict[str, str], reason: str) -> None:
    table = zone_table([ZoneFact.from_aws(document)], profile=SEED, chosen=())
    assert table.rows == ()
    assert [zone.reason for zone in table.left_out] == [reason]


def test_a_pasted_text_that_is_no_map_is_told_and_compares_nothing() -> None:
    table = zone_table([ZoneFact.from_aws(zone("a", 1))], profile=SEED, chosen=(), pasted="hello there you")
    assert not table.compared
    assert "Line 1" in table.error


def test_only_what_differs_is_listed() -> None:
    plan = InfrastructurePlan(region="us-east-1", cidr="10.1.0.0/16", zones=[{"name": "a", "id": "use1-az1"}])
    wanted = {"region": "us-east-1", "vpc_mode": "new", "cidr": "10.2.0.0/16", "zones": ["use1-az1"], "other_zones": ""}
    (found,) = differences(wanted, plan)
    assert (found.label, found.yours, found.now) == ("CIDR of the BYOC VPC", "10.2.0.0/16", "10.1.0.0/16")
