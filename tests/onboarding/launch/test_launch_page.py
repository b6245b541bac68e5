"""The launch page and its fragment, as owner, viewer and stranger meet them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from onboarding.models import Deployment, Stack, StackResource
from onboarding.progress import token_of
from onboarding.stacks.kinds import STACKS
from onboarding.states import DeploymentState
from portal.workflows.models import Workflow
from portal.workflows.states import WorkflowState
from tests.onboarding.launch.ways import address, page, text
from tests.people import People, make_connection, make_deployment

HTMX = {"headers": {"HX-Request": "true"}}


def launching(people: People, state: str = WorkflowState.ACTIVE, **more: Any) -> Deployment:
    """A deployment whose launch stands at its first stack, as the worker has recorded it."""
    connection = make_connection(people.organisation)
    made = make_deployment(
        people.organisation,
        connection=connection,
        state=more.pop("step", DeploymentState.LAUNCH),
        requested_region="us-east-1",
    )
    Workflow.objects.create(
        organisation=people.organisation,
        connection=connection,
        kind=more.pop("kind", "onboarding.launch"),
        subject_id=made.pk,
        state=state,
        step="network",
        turn="aws" if state == WorkflowState.ACTIVE else "you",
        message={"en": "CloudFormation is making it."},
        deadline_at=timezone.now() + timedelta(days=1),
        **more,
    )
    return made


def stack(deployment: Deployment, kind: str = "network", **more: Any) -> Stack:
    name = f"clickhouse-cloud-{deployment.slug}-{kind}"
    facts: dict[str, Any] = {
        "name": name,
        "region": "us-east-1",
        "stack_id": f"arn:aws:cloudformation:us-east-1:222222222222:stack/{name}/1",
        "status": "CREATE_IN_PROGRESS",
        "created_at": timezone.now(),
        "observed_at": timezone.now(),
        "last_words": "Vpc CREATE_COMPLETE",
    }
    return Stack.objects.create(
        organisation_id=deployment.organisation_id, deployment=deployment, kind=kind, **{**facts, **more}
    )


def resource(
    of: Stack, logical_id: str, kind: str = "AWS::EC2::VPC", status: str = "CREATE_COMPLETE", **more: Any
) -> None:
    facts = {"started_at": timezone.now() - timedelta(seconds=75), "changed_at": timezone.now()}
    StackResource.objects.create(
        organisation_id=of.organisation_id,
        stack=of,
        logical_id=logical_id,
        resource_type=kind,
        status=status,
        **{**facts, **more},
    )


def test_a_stranger_finds_nothing(people: People) -> None:
    made = launching(people)
    for name in ("launch", "launch_progress", "teardown", "calls", "calls_export"):
        assert people.stranger.get(address(name, made)).status_code == 404
    assert people.stranger.post(address("launch_resume", made)).status_code == 404


def test_every_planned_resource_is_there_from_the_first_moment(people: People) -> None:
    made = launching(people)
    html = page(people.colleague, "launch", made)
    for kind in STACKS:
        assert f"clickhouse-cloud-{made.slug}-{kind.name}" in html
    assert "NAT gateway" in html
    assert "resources planned" in html
    assert "waiting" in text(html)
    assert "Network comes now." in html
    assert "Then: Storage → Roles → Cluster." in html
    assert "You may close this page" in html


def test_what_aws_said_is_merged_with_the_plan(people: People) -> None:
    made = launching(people)
    row = stack(made)
    resource(row, "Vpc", physical_id="vpc-0abc")
    resource(row, "Unplanned", "AWS::EC2::Route", "CREATE_IN_PROGRESS")
    html = page(people.owner, "launch", made)
    assert "vpc-0abc" in html
    assert "1 min 15 s" in html
    assert "Unplanned" in html
    assert "AWS said:" in html
    assert "Vpc CREATE_COMPLETE" in html
    assert "Then: Storage → Roles → Cluster." in html
    link = "/cloudformation/home?region=us-east-1#/stacks/stackinfo?stackId=arn%3Aaws%3Acloudformation%3Aus-east-1"
    assert f"https://us-east-1.console.aws.amazon.com{link}" in html


def test_a_resource_that_takes_too_long_gets_a_word_of_explanation(people: People) -> None:
    made = launching(people)
    row = stack(made)
    long_ago = timezone.now() - timedelta(minutes=9)
    resource(row, "NatGatewayA", "AWS::EC2::NatGateway", "CREATE_IN_PROGRESS", started_at=long_ago, changed_at=long_ago)
    html = page(people.owner, "launch", made)
    assert "Slower than usual." in html
    assert "AWS has been making NAT gateway NatGatewayA for 9 min" in html


def test_the_fragment_is_silent_until_something_changes(people: People, django_assert_max_num_queries: Any) -> None:
    made = launching(people)
    stack(made)
    path = f"{address('launch_progress', made)}?seen={token_of(made)}"
    with django_assert_max_num_queries(3):
        answer = people.owner.get(path, **HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    Deployment.objects.filter(pk=made.pk).update(shown=made.shown + 1)
    answer = people.owner.get(path, **HTMX)
    assert answer.status_code == 200
    assert f"seen={made.shown + 1}&amp;until=" in answer.content.decode()


def test_the_fragment_is_drawn_again_when_its_estimates_have_aged(people: People) -> None:
    made = launching(people)
    path = f"{address('launch_progress', made)}?seen={token_of(made)}"
    now = int(timezone.now().timestamp())
    assert people.owner.get(f"{path}&until={now + 30}", **HTMX).status_code == 204
    assert people.owner.get(f"{path}&until={now - 1}", **HTMX).status_code == 200
    assert people.owner.get(f"{path}&until=never", **HTMX).status_code == 204


@pytest.mark.parametrize("state", [one for one in WorkflowState if one != WorkflowState.ACTIVE])
def test_it_asks_again_only_while_the_work_goes_on_by_itself(people: People, state: WorkflowState) -> None:
    assert "hx-get" in page(people.owner, "launch", launching(people))
    assert "hx-get" not in page(people.owner, "launch", launching(people, state))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (WorkflowState.PAUSED, "What is complete stays."),
        (WorkflowState.NEEDS_HUMAN, "Support looks at it and writes to you."),
        (WorkflowState.REFUSED, "This launch is over."),
    ],
)
def test_each_way_to_stand_still_is_said_in_words(people: People, state: WorkflowState, words: str) -> None:
    assert words in page(people.owner, "launch", launching(people, state))


def test_lost_access_says_what_to_put_back(people: People) -> None:
    made = launching(people, WorkflowState.PAUSED)
    made.connection.state = "lost_access"
    made.connection.save()
    html = page(people.owner, "launch", made)
    assert f"We no longer get into account {made.connection.account_id}." in html
    assert address("bootstrap", made) in html


def test_a_viewer_sees_what_could_be_done_and_why_not_by_them(people: People) -> None:
    made = launching(people, WorkflowState.PAUSED)
    html = page(people.colleague, "launch", made)
    assert "You are a viewer: ask one of them." in html
    assert address("launch_resume", made) not in html
    assert address("teardown", made) not in html
    assert html.count("disabled>") == 2
    assert people.colleague.post(address("launch_resume", made)).status_code == 403
    assert people.colleague.get(address("teardown", made)).status_code == 403


def test_before_the_launch_it_says_so_and_leads_to_the_present_step(people: People) -> None:
    html = page(people.owner, "launch", make_deployment(people.organisation))
    assert "Nothing is launched yet" in html
    assert "hx-get" not in html


@pytest.mark.parametrize("state", [WorkflowState.ACTIVE, WorkflowState.PAUSED])
def test_four_stacks_of_two_hundred_resources_take_ten_queries(
    people: People, state: WorkflowState, django_assert_max_num_queries: Any
) -> None:
    made = launching(people, state)
    for kind in STACKS:
        row = stack(
            made, kind.name, status="ROLLBACK_COMPLETE" if state == WorkflowState.PAUSED else "CREATE_IN_PROGRESS"
        )
        StackResource.objects.bulk_create(
            StackResource(
                organisation=people.organisation,
                stack=row,
                logical_id=f"Thing{n}",
                resource_type="AWS::EC2::Subnet",
                physical_id=f"subnet-{n:017x}",
                status="CREATE_FAILED" if n == 3 else "CREATE_COMPLETE",
                reason='Resource handler returned message: "No" (HandlerErrorCode: NotStabilized)' if n == 3 else "",
                started_at=timezone.now(),
                changed_at=timezone.now(),
            )
            for n in range(200)
        )
    for name in ("launch", "launch_progress", "teardown"):
        with django_assert_max_num_queries(10):
            assert people.owner.get(address(name, made)).status_code == 200


def test_a_removed_deployment_takes_ten_queries_too(people: People, django_assert_max_num_queries: Any) -> None:
    made = launching(people, WorkflowState.DONE, step=DeploymentState.REMOVED, kind="onboarding.teardown")
    row = stack(made, "storage", status="DELETE_COMPLETE")
    resource(row, "SharedBucket", "AWS::S3::Bucket", "DELETE_SKIPPED", physical_id="clickhouse-cloud-x-1-shared")
    with django_assert_max_num_queries(10):
        html = page(people.owner, "launch", made)
    assert "clickhouse-cloud-x-1-shared" in html
