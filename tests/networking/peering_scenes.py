"""A peering of two emulated accounts that the portal works on itself, and what became of it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from networking.actions.peering_looks import look_at_peering
from networking.actions.peering_work import WORKABLE, newest_work, remove_peering, start_steps
from networking.peering.plan import PeeringPlan
from networking.peering.standing import Standing, standing_of
from networking.states import PeeringStep
from portal.workflows import runner
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState
from tests.emulators import JournalReader
from tests.journeys import Walk
from tests.networking.peered_accounts import Grounds, grounds
from tests.processes import wait_for

#: All that a profile with a switch lets the customer have done.
ALL = tuple(WORKABLE)
CALLS = {
    "CreateVpcPeeringConnection", "AcceptVpcPeeringConnection", "CreateRoute", "AuthorizeSecurityGroupIngress",
    "RevokeSecurityGroupIngress", "DeleteRoute", "DeleteVpcPeeringConnection",
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """The ground, with the verbs of whoever uses the portal."""

    ground: Grounds

    @property
    def walk(self) -> Walk:
        return self.ground.walk

    def standing(self) -> Standing:
        """How the peering stands by the newest look."""
        self.ground.peering.refresh_from_db()
        return standing_of(self.ground.peering)

    def look(self) -> Standing:
        """Looks now."""
        look_at_peering(peering=self.ground.peering, by=self.walk.by)
        ended = self.walk.work()
        assert ended is not None
        assert ended.state == WorkflowState.DONE, (
            ended.message["en"],
            list(ended.intents.values_list("key", "error_text")),
        )
        return self.standing()

    def start(self, steps: Collection[PeeringStep] = ALL) -> Workflow:
        """Confirms what is shown; nothing has worked on it yet."""
        standing = self.standing()
        return start_steps(
            peering=self.ground.peering, steps=tuple(steps), plan_hash=PeeringPlan.of(standing, tuple(steps)).shown,
            version=self.ground.peering.version, by=self.walk.by,
        )  # fmt: skip

    def remove(self, *named: str) -> Workflow:
        """Confirms the removal that is shown."""
        plan = PeeringPlan.of_removal(self.standing(), frozenset(named))
        return remove_peering(
            peering=self.ground.peering, named=frozenset(named), plan_hash=plan.shown,
            version=self.ground.peering.version, by=self.walk.by,
        )  # fmt: skip

    def work(self) -> Workflow:
        """Does the worker's part, and the sweeper's; the work as it ended or stopped."""

        def look() -> Workflow | None:
            row = newest_work(self.ground.peering)
            assert row is not None
            if row.state != WorkflowState.ACTIVE:
                return row
            runner.run(row.pk)
            return None

        ended: Workflow = wait_for(look, within=60, every=0.02, what="the work ends")
        self.ground.peering.refresh_from_db()
        return ended

    def done(self, steps: Collection[PeeringStep] = ALL) -> Workflow:
        """Starts the steps and sees them through."""
        self.start(steps)
        ended = self.work()
        assert ended.state == WorkflowState.DONE, (
            ended.message["en"],
            list(ended.intents.values_list("key", "error_text")),
        )
        return ended

    def links(self) -> list[dict[str, Any]]:
        """The connections of the BYOC VPC, as AWS shows them."""
        listed: list[dict[str, Any]] = self.ground.here.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
        vpc = self.ground.peering.requester_vpc
        return [
            one for one in listed if vpc in {one[f"{end}VpcInfo"].get("VpcId") for end in ("Requester", "Accepter")}
        ]


def open_scene(walk: Walk, *, lent: bool = True, balancer: bool = True, same_account: bool = False) -> Scene:
    """Both VPCs, looked at; the switch of the later rules is the customer's. Nothing of the peering is done."""
    type(walk.deployment).objects.filter(pk=walk.deployment.pk).update(profile="2026-08")
    ground = grounds(walk.fresh(), same_account=same_account, allowed=True)
    if balancer:
        ground.enable()
    if lent:
        ground.lend()
    scene = Scene(ground)
    scene.look()
    return scene


def effects(journal: JournalReader, scene: Scene) -> Counter[str]:
    """What our roles did in both accounts, by operation."""
    accounts = {scene.ground.here.account_id, scene.ground.there.account_id}
    return Counter(
        entry.operation
        for account in sorted(accounts)
        for entry in journal.effects(account)
        if entry.operation in CALLS and "ClickHouse" in entry.principal
    )
