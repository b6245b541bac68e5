"""Every component on one page, with made-up values: for those who build pages and for the tests of the look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.gate import public
from portal.findings.shapes import Evidence, Finding, Level
from portal.workflows.states import Turn

ROUTE_COMMAND = """aws ec2 create-route --region eu-central-1 \\
  --route-table-id rtb-0b7e5d1c2f3a49e81 \\
  --destination-cidr-block 10.50.0.0/16 \\
  --vpc-peering-connection-id pcx-0a41c77e19d29e02f"""
ROUTE_TERRAFORM = """resource "aws_route" "to_analytics" {
  route_table_id            = "rtb-0b7e5d1c2f3a49e81"
  destination_cidr_block    = "10.50.0.0/16"
  vpc_peering_connection_id = "pcx-0a41c77e19d29e02f"
}"""


@dataclass(frozen=True)
class ShownStep:
    """An entry of components/_steps.html."""

    title: str
    state: str
    detail: str = ""
    turn: Turn | None = None
    since: datetime | None = None
    typical: str = ""
    url: str = ""
    percent: int | None = None


@dataclass(frozen=True)
class ShownValue:
    """A value to copy in components/_guide.html."""

    label: str
    value: str


@dataclass(frozen=True)
class ShownItem:
    """An entry of components/_guide.html."""

    text: str
    url: str = ""
    link: str = ""
    values: tuple[ShownValue, ...] = ()
    done: bool = False
    evidence: str = ""
    seen_at: datetime | None = None
    tick_url: str = ""


@dataclass(frozen=True)
class ShownTab:
    """An entry of components/_tabs.html."""

    slug: str
    title: str
    template: str = ""
    code: str = ""


def sample_steps(now: datetime) -> tuple[ShownStep, ...]:
    """A journey with a step in each state."""
    return (
        ShownStep(_("AWS account"), "done", "222222222222", since=now - timedelta(hours=3), url="#steps"),
        ShownStep(_("Bootstrap roles"), "failed", _("1 of 4 trust probes failed"), Turn.YOU, now, url="#steps"),
        ShownStep(
            _("Infrastructure"), "now", "10.20.0.0/16", Turn.NETWORK_ADMIN, now, _("about 3 min"), "#steps", percent=58
        ),
        ShownStep(_("Launch"), "next", typical=_("about 35 min")),
    )


def sample_findings(now: datetime) -> tuple[Finding, ...]:
    """A finding of each level and evidence."""
    route = Finding(
        code="peering.requester-routes",
        level=Level.FAILED,
        message=_("Route table rtb-0b7e5d1c2f3a49e81 has no route to 10.50.0.0/16."),
        resources=("rtb-0b7e5d1c2f3a49e81", "subnet-0c1d2e3f4a5b6c7d8"),
        remedy=_("Add a route to 10.50.0.0/16 through the peering connection; we look again by ourselves."),
        seen_at=now,
    )
    unknown = Finding(
        code="peering.accepter-routes",
        level=Level.UNKNOWN,
        message=_("The target side's routes: nobody has shown them to us yet."),
        evidence=Evidence.DECLARED,
    )
    quota = Finding(
        code="quotas.addresses",
        level=Level.WARNING,
        message=_("2 of 5 Elastic IP addresses are left; the launch uses 1."),
        evidence=Evidence.SIMULATED,
        seen_at=now - timedelta(minutes=4),
    )
    passed = Finding(
        code="trust.external-id",
        level=Level.PASSED,
        message=_("The role refuses a stranger's External ID."),
        resources=("arn:aws:iam::222222222222:role/ClickHouseManagementRole",),
        evidence=Evidence.DRY_RUN,
        seen_at=now - timedelta(hours=2),
    )
    return (passed, quota, unknown, route)


def sample_guide(now: datetime) -> tuple[ShownItem, ...]:
    """A checklist with an item ticked by observation, one to do and one that only the customer can tick."""
    return (
        ShownItem(
            _("Open the route table and press Edit routes, then Add route."),
            "https://eu-central-1.console.aws.amazon.com/vpcconsole/home?region=eu-central-1",
            _("This route table in the AWS console"),
            done=True,
            evidence=_("observed"),
            seen_at=now - timedelta(seconds=14),
        ),
        ShownItem(_("Destination:"), values=(ShownValue("CIDR", "10.50.0.0/16"),)),
        ShownItem(
            _("Target: Peering Connection,"), values=(ShownValue(_("Peering connection"), "pcx-0a41c77e19d29e02f"),)
        ),
        ShownItem(_("Save the changes. This list ticks itself."), tick_url="#guide"),
    )


@public
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Shows the components; no row is read or written."""
    now = timezone.now()
    context = {
        "steps": sample_steps(now),
        "findings": sample_findings(now),
        "guide": sample_guide(now),
        "turns": list(Turn),
        "levels": list(Level),
        "tabs": (
            ShownTab("console", _("AWS console"), template="components/styleguide.html#guide"),
            ShownTab("cli", "AWS CLI", code=ROUTE_COMMAND),
            ShownTab("terraform", "Terraform", code=ROUTE_TERRAFORM),
        ),
        "crumbs": ["Route tables", "rtb-0b7e5d1c2f3a49e81", "Edit routes"],
        "routes": (("10.20.0.0/16", "local", "Active"), ("0.0.0.0/0", "nat-03aa5b6c7d8e9f012", "Active")),
        "now": now,
        "earlier": now - timedelta(minutes=12),
        "consequences": (_("The VPC's address range can't be changed later."), _("No more than 250 nodes fit.")),
    }
    return render(request, "components/styleguide.html", context)
