"""What a customer does to the roles in their own account, and single looks of the worker."""

import json
from typing import Any

from django.urls import reverse

from portal.accounts.formkeys import new_key
from portal.workflows import runner
from portal.workflows.models import Workflow
from tests.journeys import Walk

MANAGEMENT, VERIFIER = "ClickHouseManagementRole", "ClickHouseVerifierRole"
VENDOR = "111111111111"


def address(walk: Walk, page: str) -> str:
    """Where a page of the walk's deployment is."""
    return reverse(f"onboarding:{page}", args=[walk.deployment.pk])


def newest_workflow(walk: Walk) -> Workflow:
    found: Workflow = Workflow.objects.filter(subject_id=walk.deployment.pk).latest("started_at")
    return found


def look(walk: Walk, times: int = 1) -> Workflow:
    """The worker looks, whether or not it is due."""
    for _ in range(times):
        Workflow.objects.filter(pk=newest_workflow(walk).pk).update(due_at="2000-01-01T00:00:00Z", leased_until=None)
        runner.run(newest_workflow(walk).pk)
    walk.fresh()
    return newest_workflow(walk)


def trust(walk: Walk, role: str, condition: dict[str, Any] | None, principal: str = VENDOR) -> None:
    """The customer writes the trust policy of a role by hand."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{principal}:root"},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
    }
    if condition is not None:
        statement["Condition"] = condition
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    walk.customer("iam").update_assume_role_policy(RoleName=role, PolicyDocument=document)


def only_with(external_id: str) -> dict[str, Any]:
    """The condition that the template writes."""
    return {"StringEquals": {"sts:ExternalId": external_id}}


def take_away(walk: Walk, policy: str) -> None:
    """The customer detaches a policy from the management role."""
    arn = f"arn:aws:iam::{walk.account}:policy/{policy}"
    walk.customer("iam").detach_role_policy(RoleName=MANAGEMENT, PolicyArn=arn)


def sent(walk: Walk, **fields: object) -> dict[str, object]:
    """A form as the page sends it: with its version and a one-time key."""
    return {"version": walk.fresh().deployment.version, "form_key": new_key(), **fields}
