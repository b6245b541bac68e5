"""One of everything that the desk shows, and as many as wanted."""

from datetime import timedelta

from django.utils import timezone

from networking.actions.hand_offs import note_use
from networking.models import (
    HandOff,
    Peering,
    PeeringConnection,
    PeeringFault,
    PrivateAccess,
    PublicRemoval,
    ReachProof,
    Screenshot,
    VpcRequest,
    VpcWatch,
)
from networking.reach.results import PortState, ReachResult
from networking.states import HandOffAct
from onboarding.models import (
    DeclaredRange,
    Deployment,
    InfrastructurePlan,
    OnboardingRequest,
    Override,
    Stack,
    StackResource,
)
from onboarding.requests.actions import submit
from portal.aws.models import CallRecord
from portal.findings.models.observations import record_observation
from portal.findings.shapes import Finding, Level
from portal.support.actions import open_ticket
from portal.support.models import Ticket
from portal.support.states import TicketKind
from portal.workflows.models import Heartbeat, Intent, Workflow
from portal.workflows.states import Turn
from tests.people import People, make_connection, make_deployment


def make_workflow(people: People, **fields: object) -> Workflow:
    connection = make_connection(people.organisation)
    deployment = make_deployment(people.organisation, connection=connection)
    sound = {
        "organisation": people.organisation,
        "connection": connection,
        "kind": "onboarding.launch",
        "subject_id": deployment.pk,
        "step": "network",
        "turn": Turn.AWS,
        "deadline_at": timezone.now() + timedelta(hours=1),
        "message": {"en": "Waiting for the NAT gateway", "ja": "NAT"},
    }
    return Workflow.objects.create(**{**sound, **fields})


def make_request(number: int = 0) -> OnboardingRequest:
    return submit(
        company=f"Company {number}",
        email=f"c{number}@customer.example",
        account_id="222222222222",
        region="eu-central-1",
        language="en",
    )


def make_ticket(workflow: Workflow) -> Ticket:
    return open_ticket(
        key=f"stuck:{workflow.pk}",
        kind=TicketKind.STUCK,
        organisation_id=workflow.organisation_id,
        subject_id=workflow.subject_id,
        say=lambda: "The network does not come up.",
        workflow=workflow,
    )


def make_private_access(people: People, deployment: Deployment, ticket: Ticket, number: int) -> None:
    """A peering with its connection, a fault, a proof through it, and the requests that support decides."""
    tenant = {"organisation": people.organisation}
    peering = Peering.objects.create(
        **tenant, deployment=deployment, label="hub", account_id="333333333333", region="eu-central-1",
        vpc_id="vpc-0e0e0e0e", requester_vpc="vpc-0b0b0b0b", requester_region="eu-central-1",
        created_by=people.owner.user,
    )  # fmt: skip
    PeeringConnection.objects.create(**tenant, peering=peering, pcx_id=f"pcx-{number:08x}", status="active")
    PeeringFault.objects.create(**tenant, peering=peering, code="peering.requester-routes", sentence={"en": "x"})
    PrivateAccess.objects.create(**tenant, deployment=deployment, ticket=ticket, asked_at=timezone.now())
    result = ReachResult(
        host="a-private.example", resolver="dig", addresses=("10.0.0.1",), ports={8443: PortState.OPEN},
        checked_at=timezone.now(),
    )  # fmt: skip
    proof = ReachProof.objects.create(
        **tenant, peering=peering, host=result.host, facts=result.stored(), by="owner@customer.example"
    )
    PublicRemoval.objects.create(
        **tenant, deployment=deployment, proof=proof, ticket=ticket, submitted_by=people.owner.user
    )


def make_everything(people: People, number: int = 0) -> Workflow:
    """A workflow with its deployment, and one row of every other model that refers to them."""
    workflow = make_workflow(people)
    tenant = {"organisation": people.organisation}
    deployment = workflow.connection.deployments.get()
    intent = Intent.objects.create(
        **tenant, workflow=workflow, key=f"stack:{number}", action="CreateStack", effect_class="token", request_hash="x"
    )
    CallRecord.objects.create(
        **tenant,
        connection=workflow.connection,
        role="management",
        region="eu-central-1",
        service="cloudformation",
        operation="CreateStack",
        outcome="ok",
        purpose="launch",
        actor="u-1",
        workflow_id=workflow.pk,
        intent_id=intent.pk,
    )
    InfrastructurePlan.objects.create(**tenant, deployment=deployment, region="eu-central-1", cidr="10.0.0.0/16")
    DeclaredRange.objects.create(**tenant, deployment=deployment, kind="peer", label="ours", cidr="10.9.0.0/16")
    Override.objects.create(**tenant, deployment=deployment, code="quota.eip", reason="ordered", by=people.owner.user)
    stack = Stack.objects.create(
        **tenant, deployment=deployment, kind="network", name="clickhouse-cloud-x-network", region="eu-central-1"
    )
    StackResource.objects.create(
        **tenant,
        stack=stack,
        logical_id="Vpc",
        resource_type="AWS::EC2::VPC",
        status="CREATE_COMPLETE",
        changed_at=timezone.now(),
    )
    finding = Finding(code="trust.external-id", level=Level.FAILED, message="Role r-1 trusts everybody.")
    record_observation(**tenant, kind="trust", subject_id=workflow.connection.pk, judge=lambda: [finding])
    Screenshot.objects.get_or_create(
        step="routes",
        language="en",
        defaults={"picture": b"", "width": 8, "height": 8, "caption": "Edit routes", "uploaded_by": people.staff.user},
    )
    ticket = make_ticket(workflow)
    VpcRequest.objects.create(
        **tenant,
        deployment=deployment,
        ticket=ticket,
        account_id=workflow.connection.account_id,
        region="eu-central-1",
        vpc_id="vpc-0a1b2c3d",
        content_hash="x",
        submitted_by=people.owner.user,
    )
    link = HandOff.objects.create(
        **tenant,
        deployment=deployment,
        vpc_id="vpc-0a1b2c3d",
        label="network team",
        token_hash=f"{deployment.pk}",
        created_by=people.owner.user,
    )
    note_use(hand_off=link, act=HandOffAct.OPENED)
    VpcWatch.objects.create(**tenant, deployment=deployment)
    make_private_access(people, deployment, ticket, number)
    make_request(number)
    Heartbeat.objects.get_or_create(name="cluster")
    return workflow
