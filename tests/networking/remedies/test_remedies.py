"""All remedies of a look together: something for every failed check, one script for all, one page that shows them."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from subprocess import PIPE
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.urls import resolve
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from networking.checks.catalogue import CATALOGUE
from networking.checks.judge import judge_vpc
from networking.proposals import propose
from networking.remedies.remedies import everything, remedies_for
from networking.remedies.shapes import Remedy
from onboarding.rules.profiles import profile
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteFact, RouteTableAssociationFact, RouteTableFact
from portal.aws.facts.shapes import Tag
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.aws.facts.zones import ZoneFact
from portal.demo.seeds import networks
from portal.findings.shapes import Level
from tests.cfn_lint import lint
from tests.networking.remedies.harness import Ground, each_form, ground, parsed_template, parsed_terraform, sound_vpc

__all__ = ["ground"]

ACCOUNT, REGION, VPC = "222222222222", "eu-central-1", "vpc-0a0a0a0a"
SUBNETS = ("subnet-0a0a0a0a", "subnet-0b0b0b0b", "subnet-0c0c0c0c")
ELB = Tag(key="kubernetes.io/role/internal-elb", value="1")
BYOC = Tag(key="clickhouse-byoc", value="true")


def zone(letter: str, number: int) -> ZoneFact:
    return ZoneFact(
        name=f"{REGION}{letter}", id=f"euc1-az{number}", region=REGION, type="availability-zone", state="available"
    )


def subnet(number: int, subnet_id: str) -> SubnetFact:
    return SubnetFact(
        id=subnet_id,
        vpc=VPC,
        cidr=f"10.0.{number * 16}.0/20",
        zone_name=f"{REGION}{'abc'[number]}",
        zone_id=f"euc1-az{number + 1}",
        state="available",
        free=4000,
        owner=ACCOUNT,
        tags=(BYOC, ELB),
    )


def associated(*subnets: str, main: bool = False) -> tuple[RouteTableAssociationFact, ...]:
    own = tuple(RouteTableAssociationFact(id=f"rtbassoc-{one}", subnet=one, state="associated") for one in subnets)
    return (*own, RouteTableAssociationFact(id="rtbassoc-main", main=True, state="associated")) if main else own


LOCAL = RouteFact(destination="10.0.0.0/16", target="local", state="active", origin="CreateRouteTable")
PUBLIC = RouteFact(destination="0.0.0.0/0", target="igw-0a0a0a0a", state="active", origin="CreateRoute")
EMPTY = RouteTableFact(id="rtb-0a0a0a0a", vpc=VPC, routes=(LOCAL,), associations=associated(*SUBNETS))
MAIN = RouteTableFact(id="rtb-0d0d0d0d", vpc=VPC, routes=(LOCAL, PUBLIC), associations=associated(main=True))
ENDPOINT = EndpointFact(
    id="vpce-0a0a0a0a",
    vpc=VPC,
    type="Gateway",
    service=f"com.amazonaws.{REGION}.s3",
    state="available",
    route_tables=("rtb-0a0a0a0a",),
)
OWN = VpcFact(
    id=VPC,
    cidr="10.0.0.0/16",
    cidrs=(CidrFact(cidr="10.0.0.0/16", state="associated"),),
    owner=ACCOUNT,
    state="available",
    tenancy="default",
    dns_support=True,
    dns_hostnames=True,
    tags=(BYOC,),
)
#: Fine by `seed`; `2026-08` alone finds that nothing leads out.
FINE = VpcNetwork(
    account=ACCOUNT,
    region=REGION,
    vpc_id=VPC,
    zones=(zone("a", 1), zone("b", 2), zone("c", 3)),
    vpcs=(OWN,),
    subnets=tuple(subnet(number, own) for number, own in enumerate(SUBNETS)),
    route_tables=(EMPTY, MAIN),
    endpoints=(ENDPOINT,),
    nat_gateways=(),
)


def with_first(network: VpcNetwork = FINE, **changes: Any) -> VpcNetwork:
    """The network with another first subnet."""
    first, *others = network.subnets or ()
    return replace(network, subnets=(replace(first, **changes), *others))


def with_vpc(network: VpcNetwork, **changes: Any) -> VpcNetwork:
    """The network with another VPC in its place."""
    return replace(network, vpcs=tuple(replace(vpc, **changes) for vpc in network.vpcs or ()))


def first_without(network: VpcNetwork, tag: Tag) -> VpcNetwork:
    first, *_ = network.subnets or ()
    return with_first(network, tags=tuple(one for one in first.tags if one != tag))


def on_public_table(network: VpcNetwork) -> VpcNetwork:
    return replace(network, route_tables=(replace(EMPTY, routes=(LOCAL, PUBLIC)), MAIN))


def elsewhere(network: VpcNetwork) -> VpcNetwork:
    """The endpoint serves the main table alone, which no chosen subnet follows."""
    return replace(network, endpoints=tuple(replace(one, route_tables=(MAIN.id,)) for one in network.endpoints or ()))


#: What makes each check fail; they can be put on each other.
FAULTS: dict[str, Callable[[VpcNetwork], VpcNetwork]] = {
    "vpc.exists": lambda network: replace(network, vpcs=(), subnets=(), route_tables=(), endpoints=()),
    "vpc.owner": lambda network: with_vpc(network, owner="999999999999"),
    "subnets.count": lambda network: replace(network, subnets=(network.subnets or ())[:2]),
    "subnets.zones": lambda network: with_first(network, zone_name=f"{REGION}b", zone_id="euc1-az2"),
    "subnets.membership": lambda network: with_first(network, vpc="vpc-0e0e0e0e"),
    "subnets.size": lambda network: with_first(network, cidr="10.0.0.0/24"),
    "subnets.free-addresses": lambda network: with_first(network, free=3),
    "subnets.private": on_public_table,
    "subnets.tags": lambda network: first_without(network, ELB),
    "s3-endpoint.present": lambda network: replace(network, endpoints=()),
    "s3-endpoint.routes": elsewhere,
    "vpc.tags": lambda network: with_vpc(network, tags=()),
    "subnets.byoc-tag": lambda network: first_without(network, BYOC),
    "subnets.egress": lambda network: network,
    "vpc.dns": lambda network: with_vpc(network, dns_hostnames=False),
}
#: For the others the subnets must be there to fail.
GONE = frozenset({"vpc.exists", "subnets.count"})
FAILING = {code: (fault(FINE), SUBNETS) for code, fault in FAULTS.items()}
BOTH = ("seed", "2026-08")


def remedies_of(code: str, edition: str = "2026-08") -> tuple[Remedy, ...]:
    network, chosen = FAILING[code]
    return remedies_for(network, chosen, profile=profile(edition))


@given(faults=st.permutations(sorted(FAULTS)).flatmap(lambda order: st.sampled_from([order[:n] for n in range(2, 7)])))
@effort(max_examples=20, deadline=None)
def test_every_mixture_of_faults_has_its_remedies(faults: list[str]) -> None:
    network = FINE
    for code in sorted(faults, key=lambda code: code in GONE):
        network = FAULTS[code](network)
    for edition in BOTH:
        found = judge_vpc(network, SUBNETS, profile=profile(edition))
        remedies = remedies_for(network, SUBNETS, profile=profile(edition))
        settled = {code for remedy in remedies for code in remedy.codes}
        assert {one.code for one in found if one.level is Level.FAILED} <= settled
        assert len({one.key for one in remedies}) == len(remedies)
        assert [one.order for one in remedies] == sorted(one.order for one in remedies)
        for remedy in remedies:
            for name, text in each_form(remedy):
                assert not name.startswith("terraform") or parsed_terraform(text)
                assert not name.startswith("cloudformation") or parsed_template(text)["Resources"]


def test_every_code_of_the_catalogue_is_made_to_fail_here() -> None:
    assert set(FAILING) == set(CATALOGUE)


@pytest.mark.parametrize("edition", BOTH)
@pytest.mark.parametrize("code", FAILING)
def test_every_failed_check_has_a_remedy(code: str, edition: str) -> None:
    network, chosen = FAILING[code]
    failed = {one.code for one in judge_vpc(network, chosen, profile=profile(edition)) if one.level is Level.FAILED}
    assert code in failed or (
        edition == "seed" and code in {"vpc.tags", "vpc.dns", "subnets.byoc-tag", "subnets.egress"}
    )
    settled = {settled for remedy in remedies_of(code, edition) for settled in remedy.codes}
    assert failed <= settled
    known = set(CATALOGUE)
    assert settled <= known


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_every_call_names_its_region_because_a_shell_need_not_have_one(code: str) -> None:
    text = everything(remedies_of(code))
    calls = re.findall(r"\baws (?:ec2|sts) (?:[^\n]|\\\n)*", text)
    assert calls
    assert [call for call in calls if "--region" not in call] == []


@pytest.mark.parametrize("edition", BOTH)
def test_what_is_unknown_has_no_remedy_but_the_permission_that_is_missing(edition: str) -> None:
    blind = VpcNetwork(account=ACCOUNT, region=REGION, vpc_id=VPC)
    found = judge_vpc(blind, SUBNETS, profile=profile(edition))
    assert {one.level for one in found} == {Level.UNKNOWN}
    assert all("ec2:Describe" in one.message for one in found)
    assert remedies_for(blind, SUBNETS, profile=profile(edition)) == ()


def test_a_vpc_where_nothing_failed_needs_nothing() -> None:
    assert remedies_for(FINE, SUBNETS, profile=profile("seed")) == ()
    script = everything(())
    assert "Nothing has to be mended." in script
    assert subprocess.run(["dash", "-c", script], capture_output=True, check=True, timeout=30).stdout
    assert "aws " not in script


@pytest.mark.parametrize("code", FAILING)
def test_every_form_is_what_it_says_and_names_its_place(code: str) -> None:
    for remedy in remedies_of(code):
        assert (remedy.account, remedy.region) == (ACCOUNT, REGION)
        for name, text in each_form(remedy):
            assert ACCOUNT in text
            assert REGION in text
            if name.startswith("cli"):
                subprocess.run(["dash", "-n"], input=text, text=True, check=True, timeout=30)
                assert_every_call_names_the_region(text)
            elif name.startswith("terraform"):
                assert parsed_terraform(text)
            else:
                assert parsed_template(text)["Resources"]


def assert_every_call_names_the_region(script: str) -> None:
    calls = re.findall(r"\baws (?:ec2|sts|s3api) [a-z-]+(.*?)(?<!\\)\n", script, re.DOTALL)
    assert calls
    assert all(f"--region {REGION}" in call for call in calls), calls


@pytest.mark.parametrize("code", FAILING)
def test_the_marks_of_the_illustration_are_numbers_of_the_checklist(code: str) -> None:
    for remedy in remedies_of(code):
        marks = {field.mark for field in remedy.page.fields} - {0} | {remedy.page.button_mark}
        assert marks <= set(range(1, len(remedy.console) + 1)), remedy.key
        assert remedy.console[0].url.startswith(f"https://{REGION}.console.aws.amazon.com/")
        assert (remedy.page.account, remedy.page.region) == (ACCOUNT, REGION)


def test_keys_are_unique_and_stable_and_the_order_is_of_making() -> None:
    everywhere = [remedies_of(code) for code in FAILING]
    for remedies in everywhere:
        assert len({one.key for one in remedies}) == len(remedies)
        assert [one.order for one in remedies] == sorted(one.order for one in remedies)
        assert all(re.fullmatch(r"[a-z0-9-]+", one.key) for one in remedies)
    assert everywhere == [remedies_of(code) for code in FAILING]


HOSTILE = "x'; touch pwned; $(touch pwned) `touch pwned` ${touch} \"\n touch pwned #"


def hostile_network() -> VpcNetwork:
    """What a facts file could hold if somebody wrote it to harm who runs the scripts."""
    name = Tag(key="Name", value=HOSTILE)
    bad = f"subnet-{HOSTILE}"
    first, *others = FINE.subnets or ()
    table = replace(EMPTY, id=f"rtb-{HOSTILE}", tags=(name,), associations=associated(bad, *SUBNETS[1:]))
    return replace(
        FINE,
        vpcs=(replace(OWN, tags=(name, Tag(key="clickhouse-byoc", value=HOSTILE)), dns_hostnames=False),),
        subnets=(replace(first, id=bad, tags=(name, Tag(key=ELB.key, value=HOSTILE))), *others),
        route_tables=(table, MAIN),
        endpoints=(replace(ENDPOINT, id=f"vpce-{HOSTILE}", route_tables=("rtb-0d0d0d0d",), tags=(name,)),),
    )


def test_hostile_values_are_never_run(tmp_path: Path) -> None:
    stub = tmp_path / "bin"
    stub.mkdir()
    answers = {"aws": f'case "$*" in *caller-identity*) echo {ACCOUNT} ;; *) echo None ;; esac', "sleep": ":"}
    for name, body in answers.items():
        (stub / name).write_text(f"#!/bin/sh\n{body}\n")
        (stub / name).chmod(0o755)
    chosen = (f"subnet-{HOSTILE}", *SUBNETS[1:])
    remedies = remedies_for(hostile_network(), chosen, profile=profile("2026-08"))
    assert {"subnets-tags", "s3-endpoint-routes", "vpc-dns", "vpc-tags"} <= {one.key for one in remedies}
    scripts = [text for one in remedies for name, text in each_form(one) if name.startswith("cli")]
    for script in (*scripts, everything(remedies)):
        environment = {"PATH": f"{stub}:{Path(shutil.which('dash') or '').parent}"}
        subprocess.run(["dash", "-n"], input=script, text=True, check=True, timeout=30)
        subprocess.run(["dash", "-c", script], cwd=tmp_path, env=environment, check=False, timeout=60, stdout=PIPE)
        assert not (tmp_path / "pwned").exists()
    for one in remedies:
        for name, text in each_form(one):
            if name.startswith("terraform"):
                assert parsed_terraform(text)
            elif name.startswith("cloudformation"):
                assert parsed_template(text)["Resources"]


def test_the_script_of_all_refuses_another_account(ground: Ground) -> None:
    vpc = sound_vpc(ground, tags={})
    script = everything(tuple(ground.remedies(vpc.id, vpc.subnets).values()))
    foreign = script.replace(ground.place.account_id, "987654321098")
    with pytest.raises(AssertionError, match="This script is for account 987654321098"):
        ground.run(foreign)
    assert ground.level("subnets.tags", vpc.id, vpc.subnets) is Level.FAILED
    said = ground.run(script)
    assert said.startswith("1 of 1: Tag ")
    assert ground.level("subnets.tags", vpc.id, vpc.subnets) is Level.PASSED


@pytest.mark.parametrize("edition", BOTH)
def test_one_run_of_the_script_mends_the_vpc_with_four_faults(ground: Ground, edition: str) -> None:
    """As the demo's customer does: the proposal before, everything at once, look again, the proposal after."""
    vpc, rules = four_faults(ground), profile(edition)
    before = propose(ground.network(vpc), profile=rules)
    wrong = {one.code for one in ground.judged(vpc, before, edition) if one.level is Level.FAILED}
    assert wrong >= {"subnets.size", "subnets.tags", "subnets.private", "s3-endpoint.routes"}
    remedies = remedies_for(ground.network(vpc, before), before, profile=rules)
    ground.run(everything(remedies))
    after = propose(ground.network(vpc), profile=rules)
    found = ground.judged(vpc, after, edition)
    assert [one.message for one in found if one.level in {Level.FAILED, Level.UNKNOWN}] == []
    assert set(before) & set(after), "what could be mended in place was"
    # The one NAT gateway of the demo serves all three zones; that stays a warning.
    assert {one.level for one in found if one.code in wrong - {"subnets.egress"}} == {Level.PASSED}
    assert remedies_for(ground.network(vpc, after), after, profile=rules) == ()


def four_faults(ground: Ground) -> str:
    """The faulty VPC of the demo's seeds, in this test's own account."""
    own = ground.place
    routes = networks._ask_for_faulty_vpc(own)
    own.available([nat for _, nat in routes])
    for table, nat in routes:
        own.default_route(table, nat=nat)
    named = [{"Name": "tag:Name", "Values": [networks.FAULTY_VPC]}]
    return str(own.ec2.describe_vpcs(Filters=named)["Vpcs"][0]["VpcId"])


def test_cfn_lint_finds_nothing_in_the_templates_that_can_be_launched() -> None:
    written = {remedy.cloudformation.text for code in FAILING for remedy in remedies_of(code)}
    launched = [text for text in written if "AWSTemplateFormatVersion" in text]
    assert len(launched) > 5
    for text in launched:
        assert [(match.rule.id, match.message) for match in lint(text, regions=[REGION])] == [], text


class Page(HTMLParser):
    """The ids, tags and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.headings += [tag] if re.fullmatch(r"h\d", tag) else []


def test_the_page_shows_four_ways_and_the_way_back_of_each_remedy() -> None:
    network = replace(with_first(tags=(BYOC,)), endpoints=())
    remedies = remedies_for(network, SUBNETS, profile=profile("seed"))
    html = render_to_string("networking/_remedies.html", {"remedies": remedies})
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert {"subnets-tags", "s3-endpoint"} <= set(page.ids)
    assert not {name for name in page.attributes if name.startswith("on") or name == "style"}
    assert "<script" not in html
    assert page.headings.count("h3") == len(remedies) == 2
    for remedy in remedies:
        for way in ("console", "cli", "terraform", "cloudformation", "undo"):
            assert f"tab-{remedy.key}-{way}" in page.ids
        assert "Illustration of the AWS console: VPC" in html
    assert 'data-copy="# Sets the tag' in html
    assert "Delete the stack clickhouse-byoc-s3-endpoint" in html
    assert html.count('class="console-button hot"') == 2


def test_links_lead_to_the_stand_in_of_the_demo_where_there_is_one(settings: Any) -> None:
    settings.AWS_CONSOLE_URL = "http://127.0.0.1:8000/demo/console"
    for code in FAILING:
        for item in (item for remedy in remedies_of(code) for item in remedy.console if item.url):
            address = urlsplit(item.url)
            assert address.netloc == "127.0.0.1:8000"
            assert resolve(address.path.removeprefix("/demo"), "portal.demo.urls").url_name == "vpc_home"


def test_text_of_the_customer_is_shown_as_text() -> None:
    name = Tag(key="Name", value="<b>bold</b>")
    remedies = remedies_for(with_first(tags=(BYOC, name)), SUBNETS, profile=profile("seed"))
    html = render_to_string("networking/_remedies.html", {"remedies": remedies})
    assert "<b>" not in html
    assert "&lt;b&gt;bold" in html
