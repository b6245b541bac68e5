"""Acts on a peering at odd moments, by odd people: each does what its page says, once, and nothing beside it."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from networking.actions.balancers import access_of, enable_balancer
from networking.actions.peering_looks import look_at_peering
from networking.actions.peerings import renew_peering, state_step
from networking.kinds import PEER, UNPEER, VICINITY
from networking.models import Peering, PeeringConnection
from networking.pages.peering_removal import RemovalPage
from networking.peering.access import accepter_look_session
from networking.peering.plan import PeeringPlan
from networking.peering.removal import removal_of
from networking.peering.shapes import PeeringSide
from networking.peering.standing import standing_of
from networking.peering.vicinity import Vicinity
from networking.states import PeeringState, PeeringStep
from networking.tasks.peering_settling import settled
from onboarding.actions.versions import WrongStep
from onboarding.models import Deployment
from portal.accounts.formkeys import new_key
from portal.accounts.models import Membership
from portal.accounts.refusals import ActionRefused
from portal.accounts.states import Role
from portal.aws.facts.vpcs import CidrFact, VpcFact
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.findings.models.observations import record_observation
from portal.findings.shapes import Evidence
from portal.workflows import actions as workflows
from portal.workflows import leases
from portal.workflows.models import Event, Workflow
from portal.workflows.states import WorkflowState
from tests.emulators import Emulator, JournalReader
from tests.networking.brought import account_of, user_of
from tests.networking.peered import (
    BYOC_TABLES,
    BYOC_VPC,
    PCX,
    REGION,
    TARGET_VPC,
    accepter,
    peered,
    ready,
    record,
    record_requested,
    requester,
    unrouted,
)
from tests.networking.peering_role.lent import lent
from tests.people import People, fresh_account_id, make_staff

pytestmark = pytest.mark.django_db


def allowed(peering: Peering) -> None:
    """The bootstrap roles may do all that a peering needs."""
    rows = Connection.objects.filter(pk=peering.deployment.connection_id)
    rows.update(template_version=3, allows_peering_writes=True)


def test_routes_in_tables_that_are_not_opened_to_us_are_left_to_their_owner(people: People) -> None:
    """The management role may not touch them, and its refusal would stop the removal for ever."""
    peering = peered(people)
    allowed(peering)
    here = requester(peering)
    assert here.network is not None
    first, *others = here.network.route_tables or ()
    mixed = replace(here, network=replace(here.network, route_tables=(replace(first, tags=()), *others)))
    record(peering, mixed, accepter(peering))
    peering.refresh_from_db()
    page = RemovalPage.of(peering)
    assert {one.change.resource for one in page.made if one.change.kind == "delete-route"} == set(BYOC_TABLES[1:])
    left = [one for one in page.left if one.change.resource == BYOC_TABLES[0]]
    assert len(left) == 2
    assert all("clickhouse-byoc-peering = allowed" in one.cannot for one in left)
    planned = PeeringPlan.of_removal(page.standing, frozenset()).changes
    assert BYOC_TABLES[0] not in {change.resource for change in planned}


def test_staff_enable_the_load_balancer_from_the_desk_with_a_reason_only(people: People) -> None:
    deployment = ready(people)
    staff = make_staff("both@vendor.example")
    Membership.objects.create(organisation=people.organisation, user=staff, role=Role.ADMIN)
    with pytest.raises(ActionRefused):
        enable_balancer(deployment=deployment, by=staff, reason=" ")
    assert access_of(deployment).enabled_at is None
    enable_balancer(deployment=deployment, by=staff, reason="Ticket 4711.")
    assert access_of(deployment).enabled_at is not None
    assert "Ticket 4711." in Event.objects.get(code="balancer.enabled").sentence["en"]


def test_a_word_that_was_given_before_makes_no_second_entry(people: People) -> None:
    peering = peered(people)
    for _press in range(3):
        state_step(peering=peering, step=PeeringStep.ACCEPTANCE, by="hand-off:net")
    assert Event.objects.filter(code="peering.stated").count() == 1


def test_no_word_is_taken_for_a_peering_that_left_in_the_meantime(people: People) -> None:
    peering = peered(people)
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.REMOVED)
    with pytest.raises(WrongStep):
        state_step(peering=peering, step=PeeringStep.ACCEPTANCE, by="hand-off:net")


def seen(deployment: Deployment, *vpcs: VpcFact, byoc_more: str) -> None:
    """A look at the deployment's own account, in which the BYOC VPC has got another range."""
    byoc = VpcFact(id=BYOC_VPC, cidr="10.0.0.0/16", cidrs=(CidrFact(cidr=byoc_more, state="associated"),))
    facts = Vicinity(account=account_of(deployment), region=REGION, byoc=byoc, vpcs=vpcs, subnets=()).to_json()
    record_observation(
        organisation=deployment.organisation, kind=VICINITY, subject_id=deployment.pk, judge=tuple, facts=facts
    )


def register(people: People, deployment: Deployment, **more: Any) -> Any:
    fields = {
        "account": account_of(deployment), "region": REGION, "vpc": TARGET_VPC, "label": "hub",
        "ranges": "10.20.0.0/16", "typed": "subnet-0e0e0e0e0e0e0e0ea", "form_key": new_key(),
    }  # fmt: skip
    return people.admin.post(reverse("networking:peering_new", args=[deployment.pk]), {**fields, **more})


@pytest.mark.parametrize("is_seen", [True, False])
def test_an_overlap_with_a_range_that_the_byoc_vpc_got_later_is_refused(people: People, is_seen: bool) -> None:
    deployment = ready(people)
    vpcs = (VpcFact(id=TARGET_VPC, cidr="10.20.0.0/16"),) if is_seen else ()
    seen(deployment, *vpcs, byoc_more="10.20.4.0/24")
    answer = register(people, deployment)
    assert answer.status_code == 422
    assert "10.20.4.0/24" in answer.content.decode()
    assert not Peering.objects.exists()


def test_a_vpc_that_is_only_shared_with_the_account_is_refused_as_not_its_own(people: People) -> None:
    deployment = ready(people)
    seen(deployment, VpcFact(id=TARGET_VPC, cidr="10.20.0.0/16", owner="444444444444"), byoc_more="10.9.0.0/24")
    answer = register(people, deployment)
    assert answer.status_code == 422
    assert "belongs to account 444444444444" in answer.content.decode()
    assert not Peering.objects.exists()


def removal(peering: Peering) -> Workflow:
    """A removal that has nothing left to do and was done."""
    connection = peering.deployment.connection
    assert connection is not None
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.REMOVING)
    work = workflows.start(
        kind=UNPEER, connection=connection, subject_id=peering.deployment_id, by=user_of_owner(peering),
        data={"peering": str(peering.pk), "named": []},
    )  # fmt: skip
    Workflow.objects.filter(pk=work.pk).update(state=WorkflowState.DONE)
    work.refresh_from_db()
    return work


def user_of_owner(peering: Peering) -> Any:
    return peering.created_by


def test_a_role_whose_last_peering_is_removed_is_no_longer_ours_to_use(people: People) -> None:
    """Nothing proves it daily any more, and it holds the account against whoever else proves it."""
    peering = peered(people)
    link = lent(peering)
    settled(removal(peering))
    peering.refresh_from_db()
    link.refresh_from_db()
    assert (peering.state, peering.target_id, link.state) == (PeeringState.REMOVED, None, ConnectionState.CLOSED)


def test_a_role_that_another_peering_uses_stays_when_one_is_removed(people: People) -> None:
    peering = peered(people)
    link = lent(peering)
    other = peering
    copy = Peering.objects.get(pk=peering.pk)
    copy.pk, copy.vpc_id = None, "vpc-0f0f0f0f0f0f0f0f0"
    copy.save(force_insert=True)
    settled(removal(other))
    link.refresh_from_db()
    assert link.state == ConnectionState.PROVEN


def test_no_other_connection_is_begun_while_work_still_holds_the_old_one(people: People) -> None:
    peering = peered(people)
    allowed(peering)
    record_requested(peering, "rejected")
    PeeringConnection.objects.update_or_create(
        organisation=people.organisation,
        peering=peering,
        generation=1,
        defaults={"pcx_id": PCX, "ended_at": "2026-01-01T00:00:00Z"},
    )
    connection = peering.deployment.connection
    assert connection is not None
    work = workflows.start(
        kind=PEER, connection=connection, subject_id=peering.deployment_id, by=user_of(people),
        data={"peering": str(peering.pk)},
    )  # fmt: skip
    peering.refresh_from_db()
    with pytest.raises(workflows.Busy):
        renew_peering(peering=peering, version=peering.version, by=user_of(people))
    Workflow.objects.filter(pk=work.pk).update(state=WorkflowState.DONE)
    renew_peering(peering=peering, version=peering.version, by=user_of(people))
    assert standing_of(peering).peering.generation == 2


def test_the_lent_role_is_opened_at_home_wherever_the_target_is(
    people: People, aws_env: Emulator, journal: JournalReader
) -> None:
    """The STS of a region that our own account has not enabled would not know us, which looks like our fault."""
    peering = peered(people, account_id=fresh_account_id(), region="ap-east-1")
    lent(peering)
    work = leases.claim(look_at_peering(peering=peering, by=user_of(people)).pk)
    assert work is not None
    assert accepter_look_session(work, peering, "ec2:DescribeVpcs") is None  # nobody made the role there
    assert {one.region for one in journal.assumptions(peering.account_id)} == {"us-east-1"}


def test_a_stated_route_holds_no_removal_for_ever(people: People) -> None:
    """No file is taken any more while a peering leaves, so what one said before could never be taken back."""
    peering = peered(people)
    record(peering, requester(peering), PeeringSide())
    word = replace(accepter(peering, peerings=None), evidence=Evidence.DECLARED)
    record(peering, PeeringSide(), word, stated=True)
    record(peering, unrouted(requester(peering, peerings=(), security_groups=())), PeeringSide())
    PeeringConnection.objects.update(ended_at=timezone.now(), status="deleted")
    assert any("Delete the routes" in stay.sentence for stay in removal_of(standing_of(peering)).stays)
    settled(removal(peering))
    peering.refresh_from_db()
    assert peering.state == PeeringState.REMOVED
