"""The two editions of the rules, against the table of what the vendor asks for."""

import dataclasses
import importlib.util

import pytest
from django.utils.translation import override

from onboarding.rules import DEFAULT_PROFILE, UnknownProfile, profile, profile_names
from onboarding.rules.profiles import PrivateLoadBalancer, RequiredTag
from onboarding.rules.quotas import LAUNCH_NEEDS, Per

SEED, AUGUST = profile("seed"), profile("2026-08")
REGIONS = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "il-central-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
]
LOAD_BALANCER = RequiredTag(kind="subnet", key="kubernetes.io/role/internal-elb", value="1")


@pytest.mark.parametrize(
    ("field", "seed", "august"),
    [
        ("smallest_managed_vpc", 22, 23),
        ("smallest_subnet", 23, 23),
        ("egress", False, True),
        ("dns", False, True),
        ("route53", True, False),
        ("private_load_balancer", PrivateLoadBalancer.SUPPORT_TICKET, PrivateLoadBalancer.PORTAL_SWITCH),
        ("region_codes", tuple(REGIONS), tuple(REGIONS)),
        ("barred_zone_ids", ("use1-az3", "usw1-az2", "cac1-az3"), ("use1-az3", "usw1-az2", "cac1-az3")),
    ],
)
def test_the_editions_differ_as_the_vendor_says(field, seed, august):
    assert getattr(SEED, field) == seed
    assert getattr(AUGUST, field) == august


def test_only_the_newer_edition_asks_for_the_vendors_tag():
    assert SEED.required_tags == (LOAD_BALANCER,)
    assert AUGUST.required_tags == (
        LOAD_BALANCER,
        RequiredTag(kind="vpc", key="clickhouse-byoc", value="true"),
        RequiredTag(kind="subnet", key="clickhouse-byoc", value="true"),
    )


def test_host_names_follow_the_edition():
    parts = {"service": "h5ju65kv87", "deployment": "mhp0y4dmph", "region": "us-west-2"}
    assert SEED.host_name(**parts) == "h5ju65kv87.mhp0y4dmph.us-west-2.aws.byoc.clickhouse.cloud"
    assert SEED.host_name(**parts, private=True) == (
        "h5ju65kv87-private.mhp0y4dmph.us-west-2.aws.byoc.clickhouse.cloud"
    )
    assert AUGUST.host_name(**parts) == "h5ju65kv87.mhp0y4dmph.us-west-2.aws.clickhouse-byoc.com"


def test_the_default_is_the_seed():
    assert profile_names() == ("seed", "2026-08")
    assert profile() is profile(DEFAULT_PROFILE) is SEED


def test_an_unknown_edition_is_refused():
    with pytest.raises(UnknownProfile):
        profile("2031-01")


def test_every_edition_names_its_source_and_cannot_be_changed():
    for name in profile_names():
        edition = profile(name)
        assert edition.source.startswith("https://")
        assert edition.date.year >= 2025
        with pytest.raises(dataclasses.FrozenInstanceError):
            edition.dns = True


def test_only_tel_aviv_needs_an_opt_in():
    assert [region.code for region in SEED.regions if region.opt_in] == ["il-central-1"]
    assert SEED.region("mars-north-1") is None


def test_region_titles_are_those_of_aws_own_list():
    # botocore carries AWS's list of partitions; only the tests read it, so the rules stay pure.
    from botocore.loaders import Loader

    described = Loader().load_data("endpoints")["partitions"][0]["regions"]
    with override("en"):
        for region in SEED.regions:
            assert str(region.title) == described[region.code]["description"]


def test_the_launch_needs_what_it_creates():
    amounts = {need.key: need.amount for need in LAUNCH_NEEDS}
    assert len(amounts) == len(LAUNCH_NEEDS)
    assert amounts["vpc/L-F678F1CE"] == 1
    assert amounts["ec2/L-0263D0A3"] == 3
    assert amounts["vpc/L-407747CB"] == 6
    assert amounts["eks/L-1194D53C"] == 1
    assert amounts["s3/L-DC2B2D3D"] == 4
    assert {need.key for need in LAUNCH_NEEDS if need.per is Per.ZONE} == {"vpc/L-FE5A380F"}


def test_the_rules_know_of_no_map_from_zone_names_to_ids():
    import re
    from pathlib import Path

    folder = Path(importlib.util.find_spec("onboarding.rules").origin).parent
    for module in folder.glob("*.py"):
        assert not re.search(r"-[0-9][a-f]\b", module.read_text()), module.name
