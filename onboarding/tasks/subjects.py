"""What a run works on: the deployment of a workflow, and sessions in its account."""

from onboarding.models import Deployment
from portal.aws.models import Connection
from portal.aws.sessions import AccountSession, Errand, open_session, session_policy
from portal.aws.states import RoleKind
from portal.workflows.shapes import Work


def deployment_of(work: Work) -> Deployment:
    """The deployment that the workflow is about."""
    found: Deployment = Deployment.objects.select_related("connection", "organisation").get(
        pk=work.workflow.subject_id, organisation_id=work.workflow.organisation_id
    )
    return found


def connection_of(work: Work) -> Connection:
    """The workflow's own connection; never one that a request names."""
    return work.workflow.connection


def errand_of(work: Work, purpose: str) -> Errand:
    """Why a session is opened, for the call ledger and for CloudTrail."""
    return Errand(purpose=purpose, actor=work.workflow.started_by, workflow_id=work.workflow.pk)


#: What a look at a stack calls.
STACK_LOOKS = (
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
)


def look_session(work: Work, purpose: str, *actions: str) -> AccountSession:
    """A session of the read-only verifier role, narrowed to `actions`; without any it can do nothing at all."""
    return open_session(
        connection_of(work), RoleKind.VERIFIER, errand=errand_of(work, purpose), policy=session_policy(*actions)
    )


def write_session(work: Work, purpose: str, policy: str, region: str) -> AccountSession:
    """A session of the management role, narrowed to one step by `policy`."""
    return open_session(
        connection_of(work), RoleKind.MANAGEMENT, errand=errand_of(work, purpose), policy=policy, region=region
    )
