"""The link: what the console reads out of it, and the immutable address of the template."""

import hashlib
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.bootstrap.grants import Option
from onboarding.bootstrap.versions import TEMPLATE_VERSION, fingerprint, template_path, template_url
from tests.quick_create import quick_create_url

LINK = {
    "region": "eu-west-1",
    "template_url": "https://bucket.s3.us-east-1.amazonaws.com/bootstrap/v1/seed-0123.json",
    "external_id": "a+b=c,d.e@f:g/h-i_j&k#l?m",
    "vendor_account_id": "426924874929",
}


def fields(url: str) -> dict[str, list[str]]:
    page, _, query = urlsplit(url).fragment.partition("?")
    assert page == "/stacks/quickcreate"
    return parse_qs(query, keep_blank_values=True)


def test_the_console_of_the_region_gets_every_value_back_unchanged() -> None:
    url = quick_create_url(**LINK)
    assert url.startswith(
        "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/quickcreate?"
    )
    assert fields(url) == {
        "templateURL": [LINK["template_url"]],
        "stackName": ["clickhouse-cloud-bootstrap"],
        "param_ExternalId": [LINK["external_id"]],
        "param_VendorAccountId": ["426924874929"],
        "param_WithholdVpcWrites": ["false"],
        "param_AllowPeeringWrites": ["false"],
    }


def test_nothing_in_a_value_is_left_unencoded() -> None:
    query = urlsplit(quick_create_url(**LINK)).fragment.partition("?")[2]
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        assert not set(value) & set("+/:&#?= @,"), name
        assert unquote(value)


def test_parameters_are_those_of_the_template() -> None:
    import json

    declared = json.loads(bootstrap_template("seed"))["Parameters"]
    given = {name.removeprefix("param_") for name in fields(quick_create_url(**LINK)) if name.startswith("param_")}
    assert given == set(declared)


def test_the_switches_are_filled_in() -> None:
    found = fields(quick_create_url(**LINK, options=[Option.WITHHOLD_VPC_WRITES]))
    assert found["param_WithholdVpcWrites"] == ["true"]
    assert found["param_AllowPeeringWrites"] == ["false"]


def test_the_demo_console_can_stand_in() -> None:
    url = quick_create_url(**LINK, console="http://127.0.0.1:8000/console/")
    assert url.startswith("http://127.0.0.1:8000/console/cloudformation/home?region=eu-west-1#")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "bucket/template.json", ""])
def test_only_an_http_address_is_a_template(address: str) -> None:
    with pytest.raises(ValueError, match="not the address of a template"):
        quick_create_url(**(LINK | {"template_url": address}))


def test_the_address_carries_version_profile_and_hash_of_the_body() -> None:
    whole = hashlib.sha256(bootstrap_template("seed").encode()).hexdigest()
    assert fingerprint("seed") == whole
    assert template_path("seed") == f"bootstrap/v{TEMPLATE_VERSION}/seed-{whole[:16]}.json"
    assert template_url("https://b.example/", "seed") == f"https://b.example/{template_path('seed')}"


def test_each_profile_has_an_address_of_its_own() -> None:
    assert template_path("seed") != template_path("2026-08")
    assert fingerprint("seed") != fingerprint("2026-08")


def test_another_vendor_is_another_body_and_so_another_address() -> None:
    assert fingerprint("seed", vendor_account_id="111111111111") != fingerprint("seed")
