"""A brought VPC with faults that the portal may put right, and what became of it; in an account of the emulator."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from networking.actions.mend import newest_mend, start_mend
from networking.mends.plan import MendPlan
from portal.demo.seeds.places import Place
from portal.workflows.models import Workflow
from tests.emulators import JournalReader
from tests.journeys import Walk

REGION = "eu-central-1"
ELB, BYOC, INTENT = "kubernetes.io/role/internal-elb", "clickhouse-byoc", "clickhouse-byoc-intent"


@dataclass(frozen=True)
class Faulty:
    """Three private subnets: one tagged right, one not at all, one with another value that follows the main table.

    `own` is the table of the first two, `main` the main one, which `spare` follows too. No S3 endpoint, or one that
    holds `own` alone.
    """

    walk: Walk
    vpc: str
    subnets: tuple[str, ...]
    spare: str
    own: str
    main: str
    endpoint: str = ""

    @property
    def ec2(self) -> Any:
        """The customer's own client."""
        return self.walk.customer("ec2", REGION)

    def tags(self, resource: str) -> dict[str, str]:
        """The tags that AWS shows."""
        listed = self.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [resource]}])["Tags"]
        return {tag["Key"]: tag["Value"] for tag in listed}

    def endpoints(self) -> list[dict[str, Any]]:
        """The endpoints of the VPC."""
        found: list[dict[str, Any]] = self.ec2.describe_vpc_endpoints(
            Filters=[{"Name": "vpc-id", "Values": [self.vpc]}]
        )["VpcEndpoints"]
        return found

    def plan(self) -> MendPlan:
        """What would be confirmed now."""
        plan = MendPlan.of(self.walk.fresh().deployment)
        assert plan is not None
        return plan

    def start(self) -> Workflow:
        """Confirms what is shown; nothing has worked on it yet."""
        deployment = self.walk.fresh().deployment
        return start_mend(
            deployment=deployment, plan_hash=self.plan().hash, version=deployment.version, by=self.walk.by
        )

    def work(self) -> Workflow:
        """Does the worker's part; the mending as it ended or stopped."""
        self.walk.work()
        found = newest_mend(self.walk.deployment)
        assert found is not None
        return found

    def is_mended(self) -> bool:
        """Whether AWS shows everything that the seed rules ask for."""
        tables = {table for one in self.endpoints() for table in one["RouteTableIds"]}
        return {self.own, self.main} <= tables and all(self.tags(one).get(ELB) == "1" for one in self.subnets)


def faulty(walk: Walk, *, endpoint: bool = False, proven: bool = False, **roles: str) -> Faulty:
    """Makes the VPC and brings it; `roles` are parameters of the bootstrap stack, `proven` walks the whole proof."""
    if proven:
        walk.prove()
    else:
        walk.trust(**roles)
    place = Place(walk.account, REGION, walk.customer("ec2", REGION))
    vpc = place.vpc("mine", "10.70.0.0/16")
    values: tuple[dict[str, str], ...] = ({ELB: "1"}, {}, {ELB: "0"})
    subnets = [
        place.subnet(vpc, f"private-{x}", f"10.70.{16 * i}.0/20", x, tags)
        for i, (x, tags) in enumerate(zip("abc", values, strict=True))
    ]
    spare = place.subnet(vpc, "spare", "10.70.128.0/20", "a")
    own = place.table(vpc, "private", *subnets[:2])
    made = place.s3_endpoint(vpc, "theirs", own) if endpoint else ""
    scene = Faulty(walk, vpc, tuple(subnets), spare, own, place.main_table(vpc), made)
    walk.bring(vpc, subnets, region=REGION)
    return scene


def changes_of(journal: JournalReader, account: str) -> Counter[str]:
    """The effects of the management role in the account, by operation."""
    return Counter(
        entry.operation for entry in journal.effects(account) if "ClickHouseManagementRole" in entry.principal
    )
