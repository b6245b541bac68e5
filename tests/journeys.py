"""Walks a deployment along its real transitions, against the emulator and without a worker.

Each verb does what a person, the customer's CloudFormation or the worker would do, through the same actions and tasks.
A test that needs a deployment at some step walks there, and never starts from rows that could not exist.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

import boto3
from django.utils import timezone

from networking.actions.choices import choose_subnets
from networking.actions.looks import look_at_vpc
from networking.actions.vpc_requests import approve_request, submit_vpc
from onboarding import actions
from onboarding.bootstrap.constants import TEMPLATE_VERSION
from onboarding.delivery import Delivery
from onboarding.models import Deployment
from onboarding.review import plan_of, review_of
from onboarding.rules.profiles import profile
from onboarding.states import AccountKind, DeploymentState, VpcMode
from portal.accounts.models import User
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.demo.seeds.places import BYOC_TAG, ELB_TAG, Place
from portal.workflows import runner
from portal.workflows.actions import cancel, live_workflow
from portal.workflows.models import Workflow
from portal.workflows.states import LIVE, WorkflowState
from tests.people import fresh_account_id

PATIENCE = 60.0
"""Seconds that `work` goes on looking."""


@dataclass
class Walk:
    """One deployment on its way; `by` is who acts for the customer."""

    deployment: Deployment
    by: User

    @property
    def connection(self) -> Connection:
        """The deployment's connection. Raises AssertionError before `register`."""
        assert self.deployment.connection is not None
        return self.deployment.connection

    @property
    def account(self) -> str:
        return self.connection.account_id

    def customer(self, service: str, region: str = "us-east-1") -> Any:
        """A client as the root of the customer's account, as the customer's own tools would have it."""
        return boto3.client(service, region_name=region, aws_access_key_id=self.account, aws_secret_access_key="test")  # type: ignore[call-overload]

    def register(self, account_id: str = "") -> "Walk":
        """Account step: names an account, fresh where none is given."""
        actions.register_account(
            deployment=self.deployment,
            account_id=account_id or fresh_account_id(),
            account_kind=AccountKind.DEDICATED,
            name=self.deployment.name,
            version=self.deployment.version,
            by=self.by,
        )
        return self.fresh()

    def deploy_roles(self, **changed: str) -> "Walk":
        """The customer creates the bootstrap stack, with `changed` parameters, and waits for it."""
        delivery = Delivery.of(self.deployment)
        parameters = dict(delivery.parameters) | changed
        cloudformation = self.customer("cloudformation", delivery.region)
        _name, _kind, body = delivery.file("cloudformation")
        cloudformation.create_stack(
            StackName=delivery.stack_name,
            TemplateBody=body,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        self._until_settled(cloudformation, delivery.stack_name)
        return self

    def work(self, within: float = PATIENCE) -> Workflow | None:
        """Does the worker's part here and now, until nothing is active; the newest workflow as it ended."""
        end = time.monotonic() + within
        while (live := self._active()) is not None:
            assert time.monotonic() < end, f"{live.kind} still stands at {live.step}: {live.message}"
            runner.run(live.pk)
            time.sleep(0.02)
        self.fresh()
        return Workflow.objects.filter(connection=self.connection).order_by("-started_at").first()

    def prove(self) -> "Walk":
        """From the first step to proven trust: account, roles, probes."""
        if self.deployment.connection is None:
            self.register()
        return self.deploy_roles()._done()

    def trust(self, **changed: str) -> "Walk":
        """The roles stand, and the rows are as `prove` leaves them; nothing was probed or surveyed. For a test whose
        subject lies behind the proof, which takes seconds.
        """
        if self.deployment.connection is None:
            self.register()
        self.deploy_roles(**changed)
        search = live_workflow(self.connection)
        assert search is not None
        cancel(workflow=search, by=self.by)
        now = timezone.now()
        Connection.objects.filter(pk=self.connection.pk).update(
            state=ConnectionState.PROVEN, proven_at=now, probed_at=now, template_version=TEMPLATE_VERSION
        )
        Deployment.objects.filter(pk=self.deployment.pk).update(state=DeploymentState.INFRASTRUCTURE)
        return self.fresh()

    def choose(self, *, region: str = "us-east-1", cidr: str = "10.60.0.0/16") -> "Walk":
        """Infrastructure step: looks at the region, then takes a block and three zones that the account has there."""
        self.fresh()
        actions.look_at_region(deployment=self.deployment, region=region, by=self.by)
        self.work()
        zones = self.customer("ec2", region).describe_availability_zones()["AvailabilityZones"]
        offered = [zone for zone in zones if zone["ZoneId"] not in profile(self.deployment.profile).barred_zone_ids]
        actions.choose_infrastructure(
            deployment=self.deployment,
            region=region,
            vpc_mode=VpcMode.NEW,
            cidr=cidr,
            zones=[{"name": zone["ZoneName"], "id": zone["ZoneId"]} for zone in offered[:3]],
            other_zone_map={},
            version=self.deployment.version,
            by=self.by,
        )
        return self.fresh()

    def make_vpc(self, *, region: str = "eu-central-1", cidr: str = "10.70.0.0/16") -> tuple[str, list[str]]:
        """The customer makes a VPC that keeps the rules of the seed profile; its id and three private subnets."""
        place = Place(self.account, region, self.customer("ec2", region))
        vpc = place.vpc("mine", cidr, **BYOC_TAG)
        blocks = list(IPv4Network(cidr).subnets(new_prefix=20))
        subnets = [
            place.subnet(vpc, f"private-{x}", str(blocks[i]), x, BYOC_TAG | ELB_TAG) for i, x in enumerate("abc")
        ]
        place.s3_endpoint(vpc, "s3", place.table(vpc, "private", *subnets))
        return vpc, subnets

    def choose_existing(self, *, region: str = "eu-central-1") -> "Walk":
        """Infrastructure step: looks at the region and says that a VPC in it is brought."""
        self.fresh()
        actions.look_at_region(deployment=self.deployment, region=region, by=self.by)
        self.work()
        actions.choose_infrastructure(
            deployment=self.deployment,
            region=region,
            vpc_mode=VpcMode.EXISTING,
            cidr="",
            zones=[],
            other_zone_map={},
            version=self.deployment.version,
            by=self.by,
        )
        return self.fresh()

    def bring(
        self,
        vpc_id: str = "",
        subnet_ids: Sequence[str] = (),
        *,
        region: str = "eu-central-1",
        support: User | None = None,
    ) -> "Walk":
        """Infrastructure step with a VPC of the customer's, freshly made where none is named: looked at, chosen, and,
        where somebody of `support` is named, sent to them and approved.
        """
        if not vpc_id:
            vpc_id, subnet_ids = self.make_vpc(region=region)
        self.choose_existing(region=region)
        look_at_vpc(deployment=self.deployment, vpc_id=vpc_id, subnet_ids=subnet_ids, by=self.by)
        self.work()
        choose_subnets(
            deployment=self.deployment,
            vpc_id=vpc_id,
            subnet_ids=subnet_ids,
            version=self.deployment.version,
            by=self.by,
        )
        self.fresh()
        if support is not None:
            request = submit_vpc(deployment=self.deployment, version=self.deployment.version, by=self.by)
            approve_request(request=request, by=support, reason="All rules are kept.")
        return self.fresh()

    def confirm(self) -> "Walk":
        """Confirms what the review shows; the launch begins and nothing has worked on it yet."""
        review = review_of(self.deployment, plan_of(self.deployment))
        actions.confirm_infrastructure(
            deployment=self.deployment, shown_hash=review.content_hash, version=self.deployment.version, by=self.by
        )
        return self.fresh()

    def launch(self) -> "Walk":
        """From wherever it stands before the launch to ready."""
        if self.deployment.state in {DeploymentState.ACCOUNT, DeploymentState.BOOTSTRAP}:
            self.prove()
        if self.deployment.state == DeploymentState.INFRASTRUCTURE:
            self.choose().confirm()
        return self._done()

    def tear_down(self) -> "Walk":
        """Deletes what the launch made."""
        actions.tear_down(deployment=self.deployment, version=self.deployment.version, by=self.by)
        return self._done()

    def _done(self) -> "Walk":
        ended = self.work()
        assert ended is not None
        assert ended.state == WorkflowState.DONE, f"{ended.kind} ended {ended.state} at {ended.step}: {ended.message}"
        return self

    def fresh(self) -> "Walk":
        """The deployment as the database has it."""
        self.deployment = Deployment.objects.select_related("connection").get(pk=self.deployment.pk)
        return self

    def _active(self) -> Workflow | None:
        live: Workflow | None = Workflow.objects.filter(connection=self.connection, state__in=LIVE).first()
        return live if live is not None and live.state == WorkflowState.ACTIVE else None

    def _until_settled(self, cloudformation: Any, name: str) -> None:
        end = time.monotonic() + PATIENCE
        while (status := cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]).endswith(
            "_IN_PROGRESS"
        ):
            assert time.monotonic() < end, f"{name} is still {status}"
            time.sleep(0.05)
        assert status == "CREATE_COMPLETE", cloudformation.describe_stack_events(StackName=name)["StackEvents"][:5]
