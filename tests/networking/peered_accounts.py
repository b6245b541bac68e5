"""A peering between two accounts of the emulator: both VPCs stand, nothing is done yet. Each verb does one step as the
customer, the target account's admin or the vendor's control plane would, with tools of their own.
"""

from dataclasses import dataclass, field

from django.utils import timezone

from networking.models import Peering
from networking.peering.balancers import PRIVATE_PORTS
from networking.peering_role.delivery import RoleDelivery
from onboarding.models import Deployment
from onboarding.stacks.naming import BALANCER_TAG, PEERING_ALLOWED, PEERING_TAG, cluster_name
from onboarding.states import DeploymentState
from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose, ConnectionState
from portal.demo import aws
from portal.demo.seeds.places import Place, place, tagged
from tests.journeys import Walk
from tests.people import fresh_account_id

REGION = "eu-central-1"
BYOC_RANGE, TARGET_RANGE, SECOND_RANGE = "10.70.0.0/16", "10.20.0.0/16", "10.21.0.0/16"


@dataclass
class Grounds:
    """Three private subnets with a table each here; two subnets there, one of which follows the main table."""

    walk: Walk
    peering: Peering
    here: Place
    there: Place
    tables: tuple[str, ...]
    back: tuple[str, ...]
    group: str = ""
    pcx: str = field(default="")

    def request(self) -> str:
        """Step 2, with the customer's own tools."""
        made = self.here.ec2.create_vpc_peering_connection(
            VpcId=self.peering.requester_vpc,
            PeerVpcId=self.peering.vpc_id,
            PeerOwnerId=self.peering.account_id,
            PeerRegion=self.peering.region,
        )
        self.pcx = str(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])
        waiter = self.there.ec2.get_waiter("vpc_peering_connection_exists")
        waiter.wait(VpcPeeringConnectionIds=[self.pcx], WaiterConfig={"Delay": 1, "MaxAttempts": 10})
        return self.pcx

    def accept(self) -> None:
        """Step 3."""
        self.there.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=self.pcx)

    def route(self) -> None:
        """Steps 4 and 5."""
        ways = [(self.here, self.tables, (TARGET_RANGE, SECOND_RANGE)), (self.there, self.back, (BYOC_RANGE,))]
        for side, tables, ranges in ways:
            for table in tables:
                for one in ranges:
                    side.ec2.create_route(
                        RouteTableId=table, DestinationCidrBlock=one, VpcPeeringConnectionId=self.pcx
                    )  # fmt: skip

    def enable(self) -> None:
        """Step 1, as the vendor's control plane does it."""
        cluster = {BALANCER_TAG: cluster_name(self.peering.deployment.slug)}
        made = self.here.ec2.create_security_group(
            GroupName="private", Description="private", VpcId=self.peering.requester_vpc,
            TagSpecifications=tagged("security-group", "private", cluster),
        )  # fmt: skip
        self.group = str(made["GroupId"])
        aws.client("elbv2", self.here.account_id, REGION).create_load_balancer(
            Name=f"k8s-{self.peering.deployment.slug}", Type="network", Scheme="internal",
            Subnets=list(self.peering.requester_subnets), SecurityGroups=[self.group],
        )  # fmt: skip

    def admit(self) -> None:
        """Step 6."""
        ranges = [{"CidrIp": one} for one in (TARGET_RANGE, SECOND_RANGE)]
        rules = [
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges} for port in PRIVATE_PORTS
        ]  # fmt: skip
        self.here.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=rules)

    def all_six(self) -> None:
        """Everything, by hand."""
        self.enable()
        self.request()
        self.accept()
        self.route()
        self.admit()

    def lend(self) -> Connection:
        """The target account's role stands, from its own template, and its trust is proven."""
        link: Connection = Connection.objects.create(
            organisation_id=self.peering.organisation_id, account_id=self.peering.account_id,
            purpose=ConnectionPurpose.TARGET, state=ConnectionState.PROVEN, proven_at=timezone.now(),
            probed_at=timezone.now(),
        )  # fmt: skip
        Peering.objects.filter(pk=self.peering.pk).update(target=link)
        self.peering.refresh_from_db()
        delivery = RoleDelivery.of(self.peering, link)
        cloudformation = aws.client("cloudformation", self.peering.account_id, delivery.region)
        cloudformation.create_stack(
            StackName=delivery.stack_name,
            TemplateBody=delivery.file("cloudformation").body,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in delivery.parameters],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        waiter = cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=delivery.stack_name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        return link


#: What the customer puts on a VPC and its tables that the portal may peer.
CONSENT = {"Key": PEERING_TAG, "Value": PEERING_ALLOWED}


def grounds(walk: Walk, *, same_account: bool = False, allowed: bool = False) -> Grounds:
    """Both VPCs, the BYOC roles and a registered peering; the target is in another account unless `same_account`.

    `allowed`: the customer lets the portal make the peering from the BYOC VPC, and has tagged VPC and tables so.
    """
    if allowed:
        walk.trust(AllowPeeringWrites="true")
        Connection.objects.filter(pk=walk.connection.pk).update(allows_peering_writes=True)
    else:
        walk.trust()
    Deployment.objects.filter(pk=walk.deployment.pk).update(state=DeploymentState.READY)
    walk.fresh()
    here = place(walk.account, REGION)
    there = here if same_account else place(fresh_account_id(), REGION)
    byoc, target = here.vpc("byoc", BYOC_RANGE), there.vpc("hub", TARGET_RANGE)
    there.ec2.associate_vpc_cidr_block(VpcId=target, CidrBlock=SECOND_RANGE)
    subnets = [here.subnet(byoc, f"private-{x}", f"10.70.{i * 16}.0/20", x) for i, x in enumerate("abc")]
    wanting = [there.subnet(target, f"app-{x}", f"10.20.{i * 16}.0/20", x) for i, x in enumerate("ab")]
    tables = tuple(here.table(byoc, f"private-{place}", subnet) for place, subnet in enumerate(subnets))
    if allowed:
        here.ec2.create_tags(Resources=[byoc, *tables], Tags=[CONSENT])
    peering: Peering = Peering.objects.create(
        organisation=walk.deployment.organisation, deployment=walk.deployment, label="hub",
        account_id=there.account_id, region=REGION, vpc_id=target, subnet_ids=wanting, requester_vpc=byoc,
        requester_region=REGION, requester_subnets=subnets, created_by=walk.by,
    )  # fmt: skip
    back = (there.table(target, "app", wanting[0]), there.main_table(target))
    return Grounds(walk, peering, here, there, tables, back)
