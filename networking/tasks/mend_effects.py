"""The three effects that mend a brought VPC: each one call, found again by what it leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from networking.mends.mending import ATTACH, CREATE, TAG, Mend, in_order
from networking.tasks.mend_sessions import mend_policy
from onboarding.stacks.naming import INTENT_TAG, stack_tags
from onboarding.tasks.subjects import write_session
from portal.aws import ec2
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.shapes import Tag, tag_value
from portal.aws.sessions import AccountSession
from portal.workflows.models import Intent
from portal.workflows.shapes import Effect, Sighting, Work
from portal.workflows.states import EffectClass

#: What the looks beside the effects call.
LOOKS = ("ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs")
#: States of an endpoint that is gone or going: AWS shows it for a while.
GONE = frozenset({"deleting", "deleted"})
PURPOSES: Mapping[str, str] = {TAG: "mend-tags", CREATE: "mend-endpoint", ATTACH: "mend-tables"}


@dataclass(frozen=True)
class Mending:
    """One change of a plan, with what it needs to be looked for and made. `slug` is the deployment's."""

    work: Work
    mend: Mend
    look: AccountSession
    slug: str

    def effect(self) -> Effect:
        """The ledger's view of it. Tags and attached tables are their own natural key; the endpoint has a client token
        and carries the intent.
        """
        creates = self.mend.kind == CREATE
        return Effect(
            key=self.mend.key,
            action=self.mend.call,
            effect_class=EffectClass.TOKEN if creates else EffectClass.NATURAL,
            request=self.mend.to_json(),
            observe=self._observe_endpoint if creates else self._observe,
            call=self._call,
        )

    def seen(self) -> VpcNetwork:
        """The few facts that tell how the change stands now."""
        mend, region = self.mend, self.mend.region
        here = VpcNetwork(account=mend.account, region=region, vpc_id=mend.vpc_id)
        if mend.kind != TAG:
            return replace(here, endpoints=ec2.vpc_endpoints(self.look, region, mend.vpc_id))
        if mend.tagged == "vpc":
            return replace(here, vpcs=ec2.found_vpcs(self.look, region, mend.resources))
        return replace(here, subnets=ec2.found_subnets(self.look, region, mend.resources))

    def _observe(self, _intent: Intent) -> Sighting:
        """Tags or tables that are as the change would have them need no call, whoever set them."""
        network = self.seen()
        done = all(in_order(self.mend, change, network) for change in self.mend.changes)
        return Sighting(ours=({"id": self.mend.endpoint_id or ",".join(self.mend.resources)},) if done else ())

    def _observe_endpoint(self, intent: Intent) -> Sighting:
        """An endpoint is ours by the intent's tag alone. Somebody else's is left to AWS to bear or to refuse: it bears
        two in a VPC as long as they share no route table.
        """
        network = self.seen()
        gateways = network.s3_gateways
        return Sighting(ours=tuple({"id": one.id} for one in gateways if is_made_by(one, intent)))

    def _call(self, intent: Intent) -> Mapping[str, str]:
        mend = self.mend
        session = write_session(self.work, PURPOSES[mend.kind], mend_policy(mend), mend.region)
        if mend.kind == TAG:
            tag = Tag(key=mend.tag_key, value=mend.value)
            return ec2.create_tags(session, mend.region, mend.resources, tag, intent_id=intent.pk)
        if mend.kind == ATTACH:
            return ec2.attach_route_tables(session, mend.region, mend.endpoint_id, mend.resources, intent_id=intent.pk)
        return ec2.create_gateway_endpoint(session, mend.region, self._request(intent), intent_id=intent.pk)

    def _request(self, intent: Intent) -> ec2.GatewayEndpointRequest:
        return ec2.GatewayEndpointRequest(
            vpc_id=self.mend.vpc_id,
            service=self.mend.value,
            route_tables=self.mend.resources,
            tags=stack_tags(self.slug, str(intent.pk)),
        )


def is_made_by(endpoint: EndpointFact, intent: Intent) -> bool:
    """Whether an endpoint that still stands carries the intent's tag."""
    return endpoint.state not in GONE and tag_value(endpoint.tags, INTENT_TAG) == str(intent.pk)


def departs(mend: Mend, network: VpcNetwork, intent: Intent | None) -> bool:
    """Whether what is there now is neither what the person saw nor what they confirmed.

    `intent` is the ledger's row, where there is one: what it made is no stranger.
    """
    if mend.kind == TAG:
        return any(_tag(mend, change.resource, network) not in {change.before, change.after} for change in mend.changes)
    gateways = network.s3_gateways
    others = [one for one in gateways if one.state not in GONE and not (intent and is_made_by(one, intent))]
    if mend.kind == CREATE:
        return bool(others)
    held = {table for one in others if one.id != mend.endpoint_id for table in one.route_tables}
    known = any(one.id == mend.endpoint_id and one.state == "available" for one in others)
    return not known or bool(held.intersection(mend.resources))


def _tag(mend: Mend, resource: str, network: VpcNetwork) -> Any:
    """The tag's value, None without one; a value that no tag has where the resource is gone."""
    found = network.vpc if resource == mend.vpc_id else network.subnet(resource)
    return tag_value(found.tags, mend.tag_key) if found is not None else 0
