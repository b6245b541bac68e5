"""What the management role may change itself in a customer's VPC: tags, and the S3 gateway endpoint. Pure.

Nothing else of a brought VPC is ever changed by the portal, and nothing of it is deleted; a tag of
another value is overwritten, as the plan shows.

- tags: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html (a key that exists is overwritten)
- endpoint: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html (no charge; open connections to S3
  from the tables' subnets break off) and gateway-endpoints.html (one endpoint of a service per route table)
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from networking.routing import Routing
from onboarding.rules.profiles import Profile, RequiredTag
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import VpcNetwork, s3_service
from portal.aws.facts.shapes import Fact, Tag, tag_value

#: The kinds of change, as they are stored.
TAG: Final = "tag"
CREATE: Final = "create-endpoint"
ATTACH: Final = "attach-tables"

#: An endpoint in one of these states holds its route tables, or will soon: a second one there is refused by AWS.
HOLDING: Final = frozenset({"available", "pending", "pendingacceptance", "deleting", "partial"})
#: It serves its tables now, or will soon without anybody's doing.
SERVING: Final = frozenset({"available", "pending"})
#: Actions of an endpoint policy that shut nobody out of S3.
_EVERYTHING: Final = ("*", ["*"], "s3:*", ["s3:*"])
CALLS: Final[Mapping[str, str]] = {
    TAG: "ec2:CreateTags",
    CREATE: "ec2:CreateVpcEndpoint",
    ATTACH: "ec2:ModifyVpcEndpoint",
}


@dataclass(frozen=True, kw_only=True)
class Change(Fact):
    """One resource: what is there before (None: nothing) and after.

    For a tag the values; for a route table the endpoint it is attached to, or the service while there is no endpoint.
    """

    resource: str
    before: str | None = None
    after: str


@dataclass(frozen=True, kw_only=True)
class Mend(Fact):
    """One effect to be: exactly one AWS call.

    `kind`: `tag`, `create-endpoint`, `attach-tables`. `tag_key` belongs to the first, `endpoint_id` to the last. `also`
    are subnets that nobody chose and that follow one of the changed route tables: they feel it too.
    """

    kind: str
    account: str
    region: str
    vpc_id: str
    changes: tuple[Change, ...]
    tag_key: str = ""
    endpoint_id: str = ""
    also: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its natural key within one plan: no two mends of a plan share it."""
        if self.kind == TAG:
            return f"tag:{self.tagged}:{self.tag_key}"
        return "s3-endpoint:create" if self.kind == CREATE else f"s3-endpoint:{self.endpoint_id}:attach"

    @property
    def resources(self) -> tuple[str, ...]:
        """The ids that the call names."""
        return tuple(change.resource for change in self.changes)

    @property
    def tagged(self) -> str:
        """What a tag goes onto: `vpc` or `subnet`."""
        return "vpc" if self.resources == (self.vpc_id,) else "subnet"

    @property
    def value(self) -> str:
        """What all its resources have afterwards."""
        return self.changes[0].after

    @property
    def overwritten(self) -> tuple[Change, ...]:
        """The changes that take the place of a value that was there."""
        return tuple(change for change in self.changes if change.before is not None)

    @property
    def call(self) -> str:
        """The IAM action of its one call."""
        return CALLS[self.kind]


def mends_for(network: VpcNetwork, subnet_ids: Sequence[str], *, profile: Profile) -> tuple[Mend, ...]:
    """What we can bring in order ourselves, for the chosen subnets that lie in this VPC and belong to this account.

    What was not read is left alone: a plan holds only what is known to be wrong.
    """
    ours = [subnet_id for subnet_id in dict.fromkeys(subnet_ids) if _is_ours(network, subnet_id)]
    tags = [mend for tag in profile.required_tags if (mend := _tag_mend(network, ours, tag)) is not None]
    endpoint = _endpoint_mend(network, ours)
    return (*sorted(tags, key=lambda mend: (mend.tagged != "vpc", mend.tag_key)), *([endpoint] if endpoint else []))


def plan_hash(mends: Iterable[Mend]) -> str:
    """SHA-256 of the canonical JSON of a plan: two plans with one hash are the same decision."""
    plan = [mend.to_json() for mend in mends]
    return hashlib.sha256(json.dumps(plan, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def is_covered(confirmed: Sequence[Mend], fresh: Sequence[Mend], network: VpcNetwork) -> bool:
    """Whether what is left to do is part of what was confirmed, and the rest of that is in order by now."""
    allowed, wanted = _flat(confirmed), _flat(fresh)
    felt = {mend.key: set(mend.also) for mend in confirmed}
    if wanted - allowed or any(set(mend.also) - felt.get(mend.key, set()) for mend in fresh):
        return False
    keys = {(mend.key, change.resource) for mend in fresh for change in mend.changes}
    return all(
        (mend.key, change.resource) in keys or in_order(mend, change, network)
        for mend in confirmed
        for change in mend.changes
    )


def in_order(mend: Mend, change: Change, network: VpcNetwork) -> bool:
    """Whether the facts show one change as made, whoever made it."""
    if mend.kind == TAG:
        return tag_value(_tags(network, change.resource) or (), mend.tag_key) == change.after
    serving = (one for one in network.s3_gateways if one.state in SERVING)
    return any(change.resource in one.route_tables for one in serving)


def mends_from_json(documents: Iterable[Mapping[str, Any]]) -> tuple[Mend, ...]:
    """A stored plan. Raises UnreadableFactError."""
    return tuple(Mend.from_json(document) for document in documents)


def _flat(mends: Iterable[Mend]) -> set[tuple[str, Change]]:
    return {(mend.key, change) for mend in mends for change in mend.changes}


def _is_ours(network: VpcNetwork, subnet_id: str) -> bool:
    """In this VPC, and of this account: tags of a shared subnet are each account's own and say nothing to the owner.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """
    subnet = network.subnet(subnet_id)
    return subnet is not None and subnet.vpc == network.vpc_id and subnet.owner == network.account


def _owns_vpc(network: VpcNetwork) -> bool:
    return network.vpc is not None and network.vpc.owner == network.account


def _tags(network: VpcNetwork, resource: str) -> tuple[Tag, ...] | None:
    """The tags of the VPC or of a subnet; None when it was not found."""
    found = network.vpc if resource == network.vpc_id else network.subnet(resource)
    return found.tags if found is not None else None


def _tag_mend(network: VpcNetwork, subnet_ids: Sequence[str], tag: RequiredTag) -> Mend | None:
    resources = subnet_ids if tag.kind == "subnet" else [network.vpc_id] if _owns_vpc(network) else []
    changes = tuple(
        Change(resource=resource, before=before, after=tag.value)
        for resource in resources
        if (before := tag_value(_tags(network, resource) or (), tag.key)) != tag.value
    )
    return _mend(network, TAG, changes, tag_key=tag.key) if changes else None


def _endpoint_mend(network: VpcNetwork, subnet_ids: Sequence[str]) -> Mend | None:
    if network.endpoints is None or network.route_tables is None or not _owns_vpc(network):
        return None
    gateways = network.s3_gateways
    held = {table for one in gateways if one.state in HOLDING for table in one.route_tables}
    routing = Routing.of(network)
    tables = [table.id for subnet_id in subnet_ids if (table := routing.followed(subnet_id).table) is not None]
    missing = tuple(table for table in dict.fromkeys(tables) if table not in held)
    if not missing:
        return None
    also = _others(network, routing, subnet_ids, missing)
    available = [one for one in gateways if one.state == "available"]
    if available:
        best = min(available, key=lambda one: (_is_narrowed(one), one.id))
        changes = tuple(Change(resource=table, after=best.id) for table in missing)
        return _mend(network, ATTACH, changes, endpoint_id=best.id, also=also)
    if any(one.state in HOLDING for one in gateways):
        return None  # one is on its way or going away: what to do is known when it has settled
    return _mend(
        network, CREATE, tuple(Change(resource=table, after=s3_service(network.region)) for table in missing), also=also
    )


def _is_narrowed(endpoint: EndpointFact) -> bool:
    """Whether an endpoint's policy allows less than everything; the tables had better lead to one that does not."""
    statements = (endpoint.policy or {}).get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return endpoint.policy is not None and not any(
        one.get("Effect") == "Allow" and one.get("Action") in _EVERYTHING and "Condition" not in one for one in listed
    )


def _others(network: VpcNetwork, routing: Routing, subnet_ids: Sequence[str], tables: Sequence[str]) -> tuple[str, ...]:
    """Subnets of the VPC that follow one of `tables` and are not chosen."""
    chosen, changed = set(subnet_ids), set(tables)
    here = (one.id for one in network.subnets or () if one.vpc == network.vpc_id and one.id not in chosen)
    return tuple(sorted(one for one in here if (table := routing.followed(one).table) and table.id in changed))


def _mend(network: VpcNetwork, kind: str, changes: tuple[Change, ...], **more: Any) -> Mend:
    return Mend(
        kind=kind, account=network.account, region=network.region, vpc_id=network.vpc_id, changes=changes, **more
    )
