"""The effects of a peering: each one call, found again by what it leaves behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from networking.models import Peering
from networking.peering.access import target_session
from networking.peering.change import (
    ACCEPT,
    ACCEPTER,
    CREATE,
    DELETE,
    DELETE_ROUTE,
    REVOKE,
    ROUTE,
    RULE,
    PeeringChange,
)
from networking.peering.rule_changes import mark_of
from networking.tasks.peering_outlook import Outlook
from networking.tasks.peering_seen import Seen, Stand
from networking.tasks.peering_sessions import changing_policy
from onboarding.stacks.naming import INTENT_TAG, stack_tags
from onboarding.tasks.subjects import write_session
from portal.aws import peering_writes as writes
from portal.aws.facts.shapes import tag_value
from portal.aws.sessions import AccountSession
from portal.workflows.models import Intent
from portal.workflows.shapes import Effect, Sighting, Work
from portal.workflows.states import EffectClass

#: AWS answers a repeated request for a connection with the live one of the pair, or makes another where that ended.
CLASSES: Mapping[str, EffectClass] = {CREATE: EffectClass.OBSERVABLE}


@dataclass(frozen=True)
class Batch:
    """Changes of one kind on one side that share sessions and one read. `connection` is `pcx-…`, empty before one."""

    outlook: Outlook
    peering: Peering
    changes: tuple[PeeringChange, ...]
    connection: str

    @property
    def kind(self) -> str:
        """The kind of all its changes."""
        return self.changes[0].kind

    @property
    def work(self) -> Work:
        """The run that it belongs to."""
        return self.outlook.work

    @cached_property
    def seen(self) -> Seen:
        """How everything stands, read once in a run; before the first call of it.

        A request that this run has just seen arrive is not asked about again on the other side, which shows no more of
        it: the accepter's ranges are shown once the connection is active. Where that side lags behind, AWS refuses the
        acceptance, and the next run looks there.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnection.html
        """
        session = self._look  # before any intent: a role that no longer opens stops the run and refuses no change
        if self.kind == ACCEPT and self.outlook.arrived:
            return Seen(self.peering, self.connection, links=self.outlook.arrived)
        return Seen.of(session, self.peering, self.changes, self.connection)

    def effect(self, change: PeeringChange) -> Effect:
        """The ledger's view of one change. All but the connection are their own natural key."""
        return Effect(
            key=change.key,
            action=change.call,
            effect_class=CLASSES.get(self.kind, EffectClass.NATURAL),
            request=change.to_json(),
            observe=self._observe_creation if self.kind == CREATE else lambda _intent: self._observe(change),
            call=lambda intent: self._call(change, intent),
        )

    @cached_property
    def _look(self) -> AccountSession:
        """Reads use the verifier role; the lent role of the target account looks and changes in one session."""
        if self.changes[0].side == ACCEPTER:
            return self._writer
        return self.outlook.session

    @cached_property
    def _writer(self) -> AccountSession:
        first = self.changes[0]
        policy, purpose = changing_policy(self.changes, self.connection), f"peering-{self.kind}"
        if first.side == ACCEPTER:
            return target_session(self.work, self.peering, purpose, policy)
        return write_session(self.work, purpose, policy, first.region)

    def _observe_creation(self, intent: Intent) -> Sighting:
        """A connection is the intent's by its tag alone, in whatever state: one that failed at once was made too."""
        found = (one for one in self.seen.pair() if tag_value(one.tags, INTENT_TAG) == str(intent.pk))
        return Sighting(ours=tuple({"id": one.id} for one in found))

    def _observe(self, change: PeeringChange) -> Sighting:
        """What is as the change would have it needs no call, whoever did it.

        AWS deletes a route by its destination alone, so that is read once more right before: somebody may have led it
        elsewhere since the batch was read. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRoute.html
        """
        seen = self.seen
        if self.kind == DELETE_ROUTE:
            seen = Seen.of(self._look, self.peering, (change,), self.connection)
        done = seen.stands(change) is Stand.DONE
        return Sighting(ours=({"id": change.resource},) if done else ())

    def _call(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        calls: Mapping[str, Callable[[PeeringChange, Intent], Mapping[str, Any]]] = {
            CREATE: self._create,
            ACCEPT: self._accept,
            ROUTE: self._route,
            RULE: self._admit,
            REVOKE: self._revoke,
            DELETE_ROUTE: self._delete_route,
            DELETE: self._delete,
        }
        return calls[change.kind](change, intent)

    def _create(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        request = writes.PeeringRequest(
            region=change.region,
            vpc_id=change.resource,
            peer_account=change.peer_account,
            peer_region=change.peer_region,
            peer_vpc=change.peer_vpc,
            tags=stack_tags(self.peering.deployment.slug, str(intent.pk)),
        )
        made = writes.create_peering(self._writer, request, intent_id=intent.pk)
        return {"id": made.id}

    def _accept(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        return writes.accept_peering(self._writer, change.region, self.connection, intent_id=intent.pk)

    def _delete(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        return writes.delete_peering(self._writer, change.region, self.connection, intent_id=intent.pk)

    def _route(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        return writes.create_route(
            self._writer, change.region, change.resource, change.ranges[0], self.connection, intent_id=intent.pk
        )

    def _delete_route(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        return writes.delete_route(
            self._writer, change.region, change.resource, change.ranges[0], intent_id=intent.pk
        )  # fmt: skip

    def _admit(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        """Only what lacks: one rule that is there already would have AWS refuse them all."""
        noted = [replace(one, note=mark_of(self.peering.pk)) for one in self.seen.missing(change)]
        return writes.authorize_ingress(self._writer, change.region, change.resource, noted, intent_id=intent.pk)

    def _revoke(self, change: PeeringChange, intent: Intent) -> Mapping[str, Any]:
        present = self.seen.present(change)
        return writes.revoke_ingress(self._writer, change.region, change.resource, present, intent_id=intent.pk)


def batches_of(changes: Sequence[PeeringChange]) -> list[tuple[PeeringChange, ...]]:
    """The changes in their order, neighbours of one kind on one side together. A connection is alone by its nature."""
    found: list[list[PeeringChange]] = []
    for change in changes:
        last = found[-1][-1] if found else None
        if last is not None and (last.kind, last.side) == (change.kind, change.side):
            found[-1].append(change)
        else:
            found.append([change])
    return [tuple(batch) for batch in found]
