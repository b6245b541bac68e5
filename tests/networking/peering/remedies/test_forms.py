"""What every remedy of a peering keeps to, whatever the peering lacks: pure scenes, no account."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.urls import resolve

from networking.peering.checks.scene import PeeringScene
from networking.peering.facts_file import parse_peering_facts
from networking.peering.remedies.context import Context
from networking.peering.remedies.remedies import remedies_of
from networking.peering.remedies.removal import removals_of
from networking.remedies.shapes import Remedy
from networking.states import PeeringStep
from onboarding.rules.profiles import profile
from portal.aws.facts.route_tables import RouteFact
from tests.cfn_lint import lint
from tests.networking.peering.files import BYOC, PCX, TARGET, THEIRS, connection, fit, route
from tests.networking.remedies.harness import each_form, parsed_template, parsed_terraform

type Document = dict[str, Any]
SIDES = ("requester", "accepter")


def scene(change: Callable[[Document], object], **registered: Any) -> Context:
    """The facts file of a peering in which all is fine, changed."""
    document = fit()
    change(document)
    facts = parse_peering_facts(json.dumps(document).encode())
    held = replace(facts.registered, **registered)
    return Context(PeeringScene(held, facts.requester, facts.accepter, profile("seed")), frozenset({"pcx-0dead"}))


def unrouted(document: Document, *instead: Document) -> None:
    """No table of either side leads to the connection."""
    for side in SIDES:
        for table in document[side]["DescribeRouteTables"]["RouteTables"]:
            table["Routes"] = [*(one for one in table["Routes"] if "VpcPeeringConnectionId" not in one), *instead]


def unconnected(document: Document) -> None:
    unrouted(document)
    for side in SIDES:
        document[side]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"] = []


def pending(document: Document) -> None:
    unrouted(document)
    for side in SIDES:
        document[side]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"] = [connection("pending-acceptance")]


def elsewhere(document: Document) -> None:
    """One range leads to a transit gateway, one to a connection of ours that ended."""
    unrouted(document, route("10.1.0.0/16", "tgw-1"), route("2600:1f18:2::/56", "pcx-0dead", state="blackhole"))


def half_seen(document: Document) -> None:
    """Nobody looked at the target side."""
    pending(document)
    del document["accepter"]


SCENES: Mapping[str, Context] = {
    "nothing": scene(unconnected, id=""),
    "pending": scene(pending),
    "unrouted": scene(unrouted),
    "elsewhere": scene(elsewhere),
    "half-seen": scene(half_seen, accepter_region="eu-west-1"),
}


#: Peerings that somebody takes back.
LEAVING: Mapping[str, Context] = {
    "connected": scene(lambda document: document),
    "half-seen": SCENES["half-seen"],
}


def remedies(name: str) -> tuple[Remedy, ...]:
    found = remedies_of(SCENES[name], PeeringStep)
    return tuple(remedy for made in found.values() for remedy in made)


EVERY = [pytest.param(one, id=f"{name}-{one.key}") for name in SCENES for one in remedies(name)] + [
    pytest.param(one, id=f"{name}-{one.key}") for name, context in LEAVING.items() for one in removals_of(context)
]


@pytest.mark.parametrize("remedy", EVERY)
def test_every_form_is_what_it_says_and_names_its_place(remedy: Remedy) -> None:
    account, region = (BYOC, "eu-central-1") if remedy.account == BYOC else (TARGET, "eu-west-1")
    assert (remedy.account, remedy.region, remedy.page.account, remedy.page.region) == (account, region) * 2
    for name, text in each_form(remedy):
        assert account in text
        assert region in text
        if name.startswith("cli"):
            subprocess.run(["dash", "-n"], input=text, text=True, check=True, timeout=30)
            calls = re.findall(r"\baws ec2 [a-z-]+(.*?)(?<!\\)\n", text, re.DOTALL)
            assert calls
            assert all(f"--region {region}" in call for call in calls)
        elif name.startswith("terraform"):
            assert parsed_terraform(text) or all(line.startswith("#") for line in text.splitlines() if line)
        elif "AWSTemplateFormatVersion" in text:
            assert parsed_template(text)["Resources"]
            whole = re.sub(r"vpc-(\d)\b", r"vpc-0a0a0a0\1", text)
            assert [(one.rule.id, one.message) for one in lint(whole, regions=[region])] == [], text


@pytest.mark.parametrize("remedy", EVERY)
def test_the_guide_opens_a_page_first_and_its_illustration_follows_it(remedy: Remedy) -> None:
    numbers = range(1, len(remedy.console) + 1)
    marks = [field.mark for field in remedy.page.fields] + [remedy.page.button_mark]
    assert set(marks) <= set(numbers)
    assert marks == sorted(marks)
    for field in remedy.page.fields:
        values = {value.value for value in remedy.console[field.mark - 1].values}
        assert field.value in values or field.kind == "radio", field
    assert remedy.page.button in remedy.console[remedy.page.button_mark - 1].text
    assert remedy.account in remedy.console[0].text
    first = urlsplit(remedy.console[0].url)
    assert first.netloc == f"{remedy.region}.console.aws.amazon.com"


@pytest.mark.django_db
def test_the_page_shows_four_ways_and_the_way_back_of_each() -> None:
    html = render_to_string("networking/_remedies.html", {"remedies": remedies("nothing")})
    for remedy in remedies("nothing"):
        for way in ("console", "cli", "terraform", "cloudformation", "undo"):
            assert f'id="tab-{remedy.key}-{way}"' in html
    assert html.count('class="console-button hot"') == 4
    assert "Ensure" not in html


def test_links_lead_to_the_stand_in_of_the_demo_where_there_is_one(settings: Any) -> None:
    settings.AWS_CONSOLE_URL = "http://127.0.0.1:8000/demo/console"
    for item in (item for remedy in remedies("nothing") for item in remedy.console if item.url):
        address = urlsplit(item.url)
        assert address.netloc == "127.0.0.1:8000"
        assert resolve(address.path.removeprefix("/demo"), "portal.demo.urls").url_name == "vpc_home"


def test_keys_are_unique_and_come_in_the_order_of_making() -> None:
    for name in SCENES:
        found = remedies(name)
        assert len({one.key for one in found}) == len(found)
        assert all(re.fullmatch(r"[a-z0-9-]+", one.key) for one in found)
        assert [one.order for one in found] == sorted(one.order for one in found)
    assert [one.key for one in remedies("nothing")] == [
        "peering-connection", "peering-accepted", "peering-requester-routes", "peering-accepter-routes",
    ]  # fmt: skip


def test_routes_of_both_families_are_written_in_each_form() -> None:
    out = next(one for one in remedies("unrouted") if one.key == "peering-requester-routes")
    assert "--destination-ipv6-cidr-block" in out.cli.text
    six = [one for one in parsed_terraform(out.terraform.text).values() if "destination_ipv6_cidr_block" in one]
    assert {one["destination_ipv6_cidr_block"] for one in six} == {"2600:1f18:2::/56"}
    assert len(six) == 3
    entries = parsed_template(out.cloudformation.text)["Resources"].values()
    assert sum("DestinationIpv6CidrBlock" in one["Properties"] for one in entries) == 3


def test_before_there_is_a_connection_each_form_finds_it_when_it_runs() -> None:
    out = next(one for one in remedies("nothing") if one.key == "peering-requester-routes")
    assert PCX not in out.cli.text
    assert "data.aws_vpc_peering_connection.clickhouse_byoc_connection.id" in out.terraform.text
    template = parsed_template(out.cloudformation.text)
    assert set(template["Parameters"]) == {"Connection"}
    targets = {one["Properties"]["VpcPeeringConnectionId"]["Ref"] for one in template["Resources"].values()}
    assert targets == {"Connection"}


def test_one_that_ended_is_not_asked_for_again_before_the_peering_begins_anew() -> None:
    def ended(document: Document) -> None:
        unrouted(document)
        for side in SIDES:
            document[side]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"] = [connection("expired")]

    assert not any(remedies_of(scene(ended), PeeringStep).values())


def test_a_connection_with_other_ends_is_neither_accepted_nor_led_to_nor_deleted() -> None:
    def foreign(document: Document) -> None:
        pending(document)
        for side in SIDES:
            (one,) = document[side]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"]
            one["RequesterVpcInfo"]["OwnerId"] = "999999999999"

    context = scene(foreign)
    assert not any(remedies_of(context, PeeringStep).values())
    assert removals_of(context) == ()


def test_what_is_unknown_has_no_remedy() -> None:
    def blind(document: Document) -> None:
        unrouted(document)
        del document["requester"]["DescribeRouteTables"]

    assert remedies_of(scene(blind), (PeeringStep.ROUTES,)) == {PeeringStep.ROUTES: ()}


def test_a_prefix_list_through_the_connection_may_hold_what_seems_to_lack() -> None:
    def listed(document: Document) -> None:
        unrouted(document, route("pl-0a", PCX))

    assert remedies_of(scene(listed), (PeeringStep.ROUTES,)) == {PeeringStep.ROUTES: ()}


HOSTILE = "x'; touch pwned; $(touch pwned) `touch pwned` ${touch} \"\n touch pwned #"


def hostile(context: Context) -> Context:
    """The scene with ids that somebody chose to harm who runs the scripts."""
    held, side = context.scene.registered, context.scene.requester_side
    assert side.network is not None
    bad = f"vpc-{HOSTILE}"
    tables = tuple(
        replace(one, id=f"rtb-{HOSTILE}{number}", vpc=bad, routes=(RouteFact(destination=THEIRS, target=HOSTILE),))
        for number, one in enumerate(side.network.route_tables or ())
    )
    vpcs = tuple(replace(one, id=bad) for one in side.network.vpcs or ())
    network = replace(side.network, vpc_id=bad, vpcs=vpcs, route_tables=tables)
    registered = replace(held, requester_vpc=bad, id="", accepter_subnets=(f"subnet-{HOSTILE}",))
    scene_ = replace(
        context.scene, registered=registered, requester_side=replace(side, network=network, peerings=())
    )  # fmt: skip
    return Context(scene_, frozenset({HOSTILE}))


@pytest.mark.parametrize("name", ["unrouted", "half-seen"])
def test_hostile_values_are_never_run(name: str, tmp_path: Path) -> None:
    stub = tmp_path / "bin"
    stub.mkdir()
    for program, body in {"aws": "echo None", "sleep": ":"}.items():
        (stub / program).write_text(f"#!/bin/sh\n{body}\n")
        (stub / program).chmod(0o755)
    context = hostile(SCENES[name])
    made = [one for found in remedies_of(context, PeeringStep).values() for one in found]
    assert len(made) > 3 - (name == "half-seen")
    environment = {"PATH": f"{stub}:{Path(shutil.which('dash') or '').parent}"}
    for form, text in (pair for one in (*made, *removals_of(context)) for pair in each_form(one)):
        if form.startswith("cli"):
            subprocess.run(["dash", "-n"], input=text, text=True, check=True, timeout=30)
            subprocess.run(["dash", "-c", text], cwd=tmp_path, env=environment, check=False, timeout=60)
            assert not (tmp_path / "pwned").exists(), text
        elif form.startswith("terraform"):
            assert parsed_terraform(text) or all(line.startswith("#") for line in text.splitlines() if line)
        elif "Resources:" in text:
            assert parsed_template(text)["Resources"]
