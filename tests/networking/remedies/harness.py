"""Carries remedies out in a fresh account of the emulator and looks what came of them.

`ground` (a fixture, import it) is one region of that account. A test makes a faulty VPC with `ground.place`, asks for
`ground.remedies(…)`, carries one out with `run`, `launch` or `merge`, and judges again.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2
import pytest
import yaml

from networking.checks.judge import judge_vpc
from networking.remedies.remedies import remedies_for
from networking.remedies.shapes import Remedy
from onboarding.rules.profiles import profile
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.gateways import NatGatewayFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.route_tables import RouteTableFact
from portal.aws.facts.subnets import SubnetFact
from portal.aws.facts.vpcs import VpcFact
from portal.aws.facts.zones import ZoneFact
from portal.demo import aws
from portal.demo.seeds.places import BYOC_TAG, ELB_TAG, Place, place
from portal.findings.shapes import Finding, Level
from tests.emulators import Emulator
from tests.networking.cli import run_script

REGION = "eu-central-1"
#: Seconds that a stack may take; in tests its resources take a moment each.
PATIENCE = 60.0


@dataclass(frozen=True)
class Ground:
    """One region of a fresh account of the emulator."""

    place: Place
    emulator: Emulator
    folder: Path

    @property
    def ec2(self) -> Any:
        """EC2 as the account's root."""
        return self.place.ec2

    @property
    def cloudformation(self) -> Any:
        """CloudFormation as the account's root."""
        return aws.client("cloudformation", self.place.account_id, self.place.region)

    def network(self, vpc_id: str, subnet_ids: Sequence[str] = ()) -> VpcNetwork:
        """What a look at the VPC shows: the same calls and readings as portal.aws.networks, without a session."""
        here = [{"Name": "vpc-id", "Values": [vpc_id]}]
        vpcs = tuple(map(VpcFact.from_aws, self._all("describe_vpcs", "Vpcs", Filters=here)))
        found = self._all("describe_subnets", "Subnets", Filters=here)
        strays = sorted(set(subnet_ids) - {one["SubnetId"] for one in found})
        if strays:
            asked = [{"Name": "subnet-id", "Values": strays}]
            found = [*found, *self._all("describe_subnets", "Subnets", Filters=asked)]
        tables = self._all("describe_route_tables", "RouteTables", Filters=here)
        endpoints = self._all("describe_vpc_endpoints", "VpcEndpoints", Filters=here)
        nats = self._all("describe_nat_gateways", "NatGateways", Filter=here)
        return VpcNetwork(
            account=self.place.account_id,
            region=self.place.region,
            vpc_id=vpc_id,
            zones=tuple(map(ZoneFact.from_aws, self.ec2.describe_availability_zones()["AvailabilityZones"])),
            vpcs=tuple(self._with_dns(vpc) for vpc in vpcs),
            subnets=tuple(map(SubnetFact.from_aws, found)),
            route_tables=tuple(map(RouteTableFact.from_aws, tables)),
            endpoints=tuple(map(EndpointFact.from_aws, endpoints)),
            nat_gateways=tuple(map(NatGatewayFact.from_aws, nats)),
        )

    def _all(self, operation: str, key: str, **request: Any) -> list[Any]:
        pages = self.ec2.get_paginator(operation).paginate(**request)
        return [entry for page in pages for entry in page[key]]

    def _with_dns(self, vpc: VpcFact) -> VpcFact:
        def asked(name: str) -> Any:
            return self.ec2.describe_vpc_attribute(VpcId=vpc.id, Attribute=name)

        return vpc.with_dns(support=asked("enableDnsSupport"), hostnames=asked("enableDnsHostnames"))

    def judged(self, vpc_id: str, subnet_ids: Sequence[str], edition: str = "seed") -> tuple[Finding, ...]:
        """The findings of a fresh look."""
        return judge_vpc(self.network(vpc_id, subnet_ids), subnet_ids, profile=profile(edition))

    def level(self, code: str, vpc_id: str, subnet_ids: Sequence[str], edition: str = "seed") -> Level:
        """The worst level of one check in a fresh look."""
        levels = [one.level for one in self.judged(vpc_id, subnet_ids, edition) if one.code == code]
        assert levels, f"{code} was not judged"
        return next(
            level for level in (Level.FAILED, Level.UNKNOWN, Level.WARNING, Level.PASSED) if level in levels
        )  # fmt: skip

    def remedies(self, vpc_id: str, subnet_ids: Sequence[str], edition: str = "seed") -> dict[str, Remedy]:
        """The remedies of a fresh look, by key."""
        found = remedies_for(self.network(vpc_id, subnet_ids), subnet_ids, profile=profile(edition))
        assert len({one.key for one in found}) == len(found)
        return {one.key: one for one in found}

    def run(self, script: str) -> str:
        """Runs a shell script with the real AWS CLI as the account's root and returns what it printed."""
        done = run_script(
            script,
            account=self.place.account_id,
            region="us-east-1",  # every call must name its own
            endpoint=self.emulator.endpoint,
            cwd=self.folder,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{script}"
        return done.stdout

    def launch(
        self, name: str, template: str, *, capabilities: Sequence[str] = (), **parameters: str
    ) -> dict[str, str]:  # fmt: skip
        """Makes a stack and returns its resources: logical id → physical id."""
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        self.cloudformation.create_stack(
            StackName=name, TemplateBody=template, Parameters=given, Capabilities=list(capabilities)
        )
        self._settled(name, "CREATE_COMPLETE")
        return self._resources(name)

    def outputs(self, name: str) -> dict[str, str]:
        """A stack's outputs."""
        (stack,) = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def update(self, name: str, template: str) -> dict[str, str]:
        """Updates a stack and returns its resources."""
        self.cloudformation.update_stack(StackName=name, TemplateBody=template)
        self._settled(name, "UPDATE_COMPLETE")
        return self._resources(name)

    def delete(self, name: str) -> None:
        """Deletes a stack and waits until it is gone."""
        own = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.cloudformation.delete_stack(StackName=name)
        self._settled(own, "DELETE_COMPLETE")

    def _resources(self, name: str) -> dict[str, str]:
        found = self.cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}

    def _settled(self, name: str, wanted: str) -> None:
        def status() -> str:
            return str(self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

        deadline = time.monotonic() + PATIENCE
        while status().endswith("IN_PROGRESS") and time.monotonic() < deadline:
            time.sleep(0.05)
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        assert status() == wanted, [event.get("ResourceStatusReason") for event in events]


@pytest.fixture
def ground(aws_env: Emulator, account_id: str, tmp_path: Path) -> Ground:
    """An empty region of an account that no other test uses."""
    return Ground(place(account_id, REGION), aws_env, tmp_path)


@dataclass(frozen=True)
class Vpc:
    """A VPC with three private subnets: /20 each, in three zones, tagged for `seed` and `2026-08`, on one route table
    that leads to a NAT gateway, with an S3 gateway endpoint. Faults are made by leaving something out.
    """

    id: str
    subnets: tuple[str, ...]
    table: str
    endpoint: str


def sound_vpc(
    ground: Ground, *, endpoint: bool = True, tags: Mapping[str, str] | None = None, nat: bool = False
) -> Vpc:  # fmt: skip
    """Makes one. `tags` replaces those of the subnets; a NAT gateway is made only with `nat`."""
    own = ground.place
    vpc = own.vpc("sound", "10.60.0.0/16", **BYOC_TAG)
    chosen = dict(BYOC_TAG | ELB_TAG if tags is None else tags)
    subnets = tuple(
        own.subnet(vpc, f"private-{letter}", f"10.60.{number * 16}.0/20", letter, chosen)
        for number, letter in enumerate("abc")
    )
    table = own.table(vpc, "private", *subnets)
    if nat:
        gateway = own.internet_gateway(vpc, "out")
        public = own.subnet(vpc, "public-a", "10.60.250.0/24", "a")
        own.default_route(own.table(vpc, "public", public), gateway=gateway)
        made = own.nat_gateway(public, "nat-a")
        own.available([made])
        own.default_route(table, nat=made)
    return Vpc(vpc, subnets, table, own.s3_endpoint(vpc, "s3", table) if endpoint else "")


def parsed_terraform(text: str) -> dict[str, dict[str, Any]]:
    """The resource blocks of a Terraform file: `type.name` → arguments, strings without their quotes. Raises what the
    parser raises on anything that is not HCL.
    """
    document = hcl2.loads(text)
    return {
        f"{_bare(kind)}.{_bare(name)}": _plain(arguments)
        for block in document.get("resource", [])
        for kind, named in block.items()
        for name, arguments in named.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_bare(key): _plain(entry) for key, entry in value.items() if not str(key).startswith("__")}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return _bare(value) if isinstance(value, str) else value


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


class _Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, read as their arguments."""


def _argument(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    assert isinstance(node, yaml.SequenceNode)
    return {tag: loader.construct_sequence(node, deep=True)}


_Template.add_multi_constructor("!", _argument)


def parsed_template(text: str) -> dict[str, Any]:
    """A CloudFormation template or fragment: `!Ref x` becomes `{"Ref": "x"}`. Raises what YAML raises."""
    document = yaml.load(text, _Template)
    assert isinstance(document, dict)
    return document


def merged(template: str, fragment: str, logical_ids: Mapping[str, str]) -> str:
    """`template` with the properties of a remedy's fragment in it, as a person would merge them: `logical_ids` says
    which of the fragment's resources is which of the template's; a tag of the same key is replaced.
    """
    whole, change = yaml.safe_load(template), parsed_template(fragment)
    for name, resource in change["Resources"].items():
        own = whole["Resources"][logical_ids[name]]
        assert own["Type"] == resource["Type"]
        wanted = resource["Properties"]
        keys = {tag["Key"] for tag in wanted.get("Tags", [])}
        kept = [tag for tag in own["Properties"].get("Tags", []) if tag["Key"] not in keys]
        own["Properties"] |= wanted | ({"Tags": [*kept, *wanted["Tags"]]} if keys else {})
    return yaml.safe_dump(whole)


def each_form(remedy: Remedy) -> Iterator[tuple[str, str]]:
    """The name and the text of every written form, and of the way back where it is code."""
    forms = {"cli": remedy.cli, "terraform": remedy.terraform, "cloudformation": remedy.cloudformation}
    for name, written in forms.items():
        yield name, written.text
        if written.undo_is_code:
            yield f"{name} undo", written.undo


type Check = Callable[[], Level]
