"""How a peering stands, out of a facts file that a test breaks: observed, in a VPC that the launch made."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from networking.peering.facts_file import parse_peering_facts
from onboarding.rules.profiles import profile
from portal.findings.shapes import Evidence
from tests.networking.peering.files import Document, connection, fit

OURS = [{"Key": "clickhouse-byoc", "Value": "true"}, {"Key": "clickhouse-byoc-deployment", "Value": "a1b2c3d4"}]
MADE = [*OURS, {"Key": "clickhouse-byoc-intent", "Value": "0e6c"}]
CONSENT = [{"Key": "clickhouse-byoc-peering", "Value": "allowed"}]
PEERING = "6f0e0c1e-0000-4000-8000-000000000001"


def ours(document: Document) -> Document:
    """The BYOC side's VPC and tables are the launch's own."""
    here = document["requester"]
    for thing in (*here["DescribeVpcs"]["Vpcs"], *here["DescribeRouteTables"]["RouteTables"]):
        thing.setdefault("Tags", OURS)
    return document


def standing(document: Document, *, former: tuple[str, ...] = (), born: bool = True) -> Any:
    """As `standing_of` gives it, observed. `former` are connections that ended; not `born`: there is none yet."""
    facts = parse_peering_facts(json.dumps(document).encode())
    sides = [replace(side, evidence=Evidence.OBSERVED) for side in (facts.requester, facts.accepter)]
    rows = [SimpleNamespace(pcx_id=one, ended_at=1) for one in former]
    return SimpleNamespace(
        peering=SimpleNamespace(
            generation=1, pk=PEERING, deployment=SimpleNamespace(slug="a1b2c3d4"),
            connections=SimpleNamespace(all=lambda: rows),
        ),
        registered=facts.registered if born else replace(facts.registered, id=""),
        requester=sides[0], accepter=sides[1], profile=profile("seed"), connection=None,
    )  # fmt: skip


def bare() -> Document:
    """All is fine but the routes to the connection and the rules."""
    document = ours(fit())
    for side in ("requester", "accepter"):
        for one in document[side]["DescribeRouteTables"]["RouteTables"]:
            one["Routes"] = [leg for leg in one["Routes"] if "VpcPeeringConnectionId" not in leg]
    document["requester"]["DescribeSecurityGroups"]["SecurityGroups"][0]["IpPermissions"] = []
    return document


def unborn() -> Document:
    document = bare()
    for side in ("requester", "accepter"):
        document[side]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"] = []
    return document


def shown(document: Document, **change: Any) -> Document:
    """The document with another connection on both sides."""
    for side in ("requester", "accepter"):
        document[side]["DescribeVpcPeeringConnections"]["VpcPeeringConnections"] = [connection(**change)]
    return document
