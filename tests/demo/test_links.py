"""Links to the AWS console, taken apart."""

import pytest

from onboarding.bootstrap.grants import Option
from portal.demo.links import NotALinkError, quick_create, stack_of
from tests.quick_create import quick_create_url

KEY = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
ARN = f"arn:aws:cloudformation:us-east-1:222222222222:stack/clickhouse-cloud-bootstrap/{KEY}"


@pytest.mark.parametrize("console", [None, "http://127.0.0.1:8000/demo/console"])
def test_it_reads_the_link_that_the_portal_makes(console: str | None) -> None:
    link = quick_create_url(
        region="eu-central-1",
        template_url="http://127.0.0.1:4566/byoc-templates/v1/seed.json",
        external_id="byoc-a+b/c=&d",
        vendor_account_id="111111111111",
        options=[Option.ALLOW_PEERING_WRITES],
        console=console,
    )
    read = quick_create(link)
    assert (read.region, read.stack_name) == ("eu-central-1", "clickhouse-cloud-bootstrap")
    assert read.template_url == "http://127.0.0.1:4566/byoc-templates/v1/seed.json"
    assert read.parameters["ExternalId"] == "byoc-a+b/c=&d"
    assert read.parameters["VendorAccountId"] == "111111111111"
    assert read.parameters[Option.ALLOW_PEERING_WRITES] == "true"


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("", "no part #/stacks/quickcreate"),
        ("hello", "no part #/stacks/quickcreate"),
        ("https://console.example/cloudformation/home?region=us-east-1", "no part #/stacks/quickcreate"),
        ("https://console.example/home#/stacks?filter=active", "no part #/stacks/quickcreate"),
        ("https://console.example/home#/stacks/quickcreate?stackName=x", "names no templateURL"),
        ("https://[broken/home#/stacks/quickcreate?templateURL=x", "not a link"),
    ],
)
def test_it_says_why_something_is_no_quick_create_link(link: str, why: str) -> None:
    with pytest.raises(NotALinkError, match=why):
        quick_create(link)


def test_it_finds_the_stack_of_a_link() -> None:
    place = stack_of(f"https://console.example/cloudformation/home?region=us-east-1#/stacks/stackinfo?stackId={ARN}")
    assert place
    assert place.arn == ARN


@pytest.mark.parametrize("arn", ["", "x", ARN.upper(), f"{ARN}/..", ARN.replace("222222222222", "../22222222")])
def test_a_link_without_a_stack_leads_nowhere(arn: str) -> None:
    assert stack_of(f"https://console.example/home#/stacks/stackinfo?stackId={arn}") is None
