"""The page «Apply for me»: what it shows before, who may press, what a second press and an old page do."""

import re
from copy import deepcopy
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from networking.actions.mend import newest_mend, start_mend
from networking.mends.plan import MendPlan
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import DeploymentState, VpcMode
from portal.aws.models import Connection
from portal.workflows.models import Intent, Workflow
from portal.workflows.states import IntentState, WorkflowState
from tests.networking import brought
from tests.people import People, Person

pytestmark = pytest.mark.django_db
ELB = "kubernetes.io/role/internal-elb"


@pytest.fixture
def faulty(people: People) -> Deployment:
    """A brought VPC in which one subnet has another value of the tag, one none, and no table has an S3 endpoint."""
    deployment = brought.bring(people)
    Connection.objects.filter(pk=deployment.connection_id).update(template_version=2)
    document = deepcopy(brought.facts_document(brought.account_of(deployment)))
    document["DescribeSubnets"]["Subnets"][0]["Tags"] = [{"Key": ELB, "Value": "<b>0</b>"}]
    document["DescribeSubnets"]["Subnets"][1]["Tags"] = []
    document["DescribeVpcEndpoints"]["VpcEndpoints"] = []
    brought.look(deployment, document)
    return Deployment.objects.get(pk=deployment.pk)


def address(deployment: Deployment) -> str:
    return reverse("networking:vpc_mend", args=[deployment.pk])


def html(person: Person, deployment: Deployment) -> str:
    answer = person.get(address(deployment))
    assert answer.status_code == 200
    return answer.content.decode()


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def fields(page: str, act: str = "apply") -> dict[str, str]:
    """The hidden fields of the form with that button, as a browser would send them."""
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        if found.get("act") == act:
            found.pop("csrfmiddlewaretoken", None)
            return found
    raise AssertionError(f"No form for {act}.")


def mends() -> Any:
    return Workflow.objects.filter(kind="networking.vpc_mend")


def started(people: People, deployment: Deployment) -> Workflow:
    plan = MendPlan.of(deployment)
    assert plan is not None
    deployment.refresh_from_db()
    return start_mend(
        deployment=deployment, plan_hash=plan.hash, version=deployment.version, by=brought.user_of(people)
    )


def test_the_plan_says_what_by_which_role_and_call_at_what_cost_and_how_to_take_it_back(
    people: People, faulty: Deployment
) -> None:
    words = text(html(people.admin, faulty))
    assert f"1. Put the tag {ELB} = 1 on 2 subnets." in words
    assert f"2. Create an S3 gateway endpoint in {brought.VPC} and attach 1 route table to it." in words
    assert "ClickHouseManagementRole calls ec2:CreateTags once." in words
    assert "ClickHouseManagementRole calls ec2:CreateVpcEndpoint once." in words
    assert "AWS charges nothing for a gateway endpoint." in words
    assert "open connections to S3 break off once" in words
    assert "aws ec2 delete-tags --region us-east-1" in words
    assert "aws ec2 delete-vpc-endpoints --region us-east-1" in words
    assert "Make these 2 changes" in words


def test_a_value_that_would_be_overwritten_is_shown_and_never_as_markup(people: People, faulty: Deployment) -> None:
    page = html(people.admin, faulty)
    assert "<b>0</b>" not in page
    assert "&lt;b&gt;0&lt;/b&gt;" in page
    assert "is overwritten" in text(page)


def test_an_admin_confirms_and_the_work_begins_with_what_was_shown(people: People, faulty: Deployment) -> None:
    answer = people.admin.post(address(faulty), fields(html(people.admin, faulty)))
    assert (answer.status_code, answer["Location"]) == (302, address(faulty))
    (workflow,) = mends()
    plan = MendPlan.of(faulty)
    assert plan is not None
    assert workflow.data == plan.to_data()
    assert workflow.subject_id == faulty.pk
    page = html(people.admin, faulty)
    assert 'hx-trigger="every 2s"' in page
    assert 'id="apply"' not in page


def test_a_double_click_starts_one_work(people: People, faulty: Deployment) -> None:
    sent = fields(html(people.admin, faulty))
    first, second = (people.admin.post(address(faulty), sent) for _click in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert mends().count() == 1


def test_two_admins_start_one_work(people: People, faulty: Deployment) -> None:
    pages = [fields(html(person, faulty)) for person in (people.admin, people.owner)]
    answers = [
        person.post(address(faulty), sent).status_code
        for person, sent in zip((people.admin, people.owner), pages, strict=True)
    ]
    assert answers == [302, 409]
    assert mends().count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"plan_hash": "0" * 64},
        {"plan_hash": "nonsense"},
        {"plan_hash": ""},
        {"version": "1"},
        {"version": "１"},
        {"act": "delete"},
        {"form_key": ""},
    ],
)
def test_a_form_that_does_not_fit_starts_nothing(people: People, faulty: Deployment, changed: dict[str, str]) -> None:
    Deployment.objects.filter(pk=faulty.pk).update(version=5)
    faulty.refresh_from_db()
    answer = people.admin.post(address(faulty), fields(html(people.admin, faulty)) | changed)
    assert answer.status_code == 409
    assert not mends().exists()


def test_a_newer_look_with_another_plan_makes_the_shown_one_stale(people: People, faulty: Deployment) -> None:
    sent = fields(html(people.admin, faulty))
    brought.look(faulty, brought.untagged(brought.facts_document(brought.account_of(faulty))))
    assert people.admin.post(address(faulty), sent).status_code == 409
    assert not mends().exists()


def test_a_facts_file_is_no_reason_to_change_an_account(people: People) -> None:
    deployment = brought.bring(people)
    document = brought.untagged(brought.facts_document(brought.account_of(deployment)))
    brought.look(deployment, document, stated=True)
    assert MendPlan.of(deployment) is None
    assert "let us look at them" in text(html(people.admin, deployment))


def test_who_no_longer_brings_a_vpc_has_nothing_to_apply(people: People, faulty: Deployment) -> None:
    sent = fields(html(people.admin, faulty))
    InfrastructurePlan.objects.filter(deployment=faulty).update(vpc_mode=VpcMode.NEW)
    assert people.admin.post(address(faulty), sent).status_code == 409
    assert 'id="apply"' not in html(people.admin, faulty)
    assert not mends().exists()


def test_a_viewer_sees_the_plan_and_why_the_button_is_off(people: People, faulty: Deployment) -> None:
    page = html(people.viewer, faulty)
    assert re.search(r'<button class="btn btn-primary" disabled aria-describedby="why-not"', page)
    assert "Only admins and owners can change this." in text(page)
    assert people.viewer.post(address(faulty), fields(page)).status_code == 403
    assert not mends().exists()


def test_it_refuses_a_stranger(people: People, faulty: Deployment) -> None:
    sent = fields(html(people.admin, faulty))
    assert people.stranger.get(address(faulty)).status_code == 404
    assert people.stranger.post(address(faulty), sent).status_code == 404
    assert people.anonymous.get(address(faulty)).status_code == 302
    assert not mends().exists()


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ({"withholds_vpc_writes": True}, "You withheld changes to VPCs"),
        ({"template_version": 1}, "was of template version 1 when we last looked; version 2 allows these changes"),
    ],
)
def test_a_role_that_may_not_is_said_on_the_page_and_nothing_starts(
    people: People, faulty: Deployment, column: dict[str, Any], said: str
) -> None:
    Connection.objects.filter(pk=faulty.connection_id).update(**column)
    page = html(people.admin, faulty)
    assert said in text(page)
    assert re.search(r'<button class="btn btn-primary" disabled', page)
    assert people.admin.post(address(faulty), fields(page)).status_code == 409
    assert not mends().exists()


@pytest.mark.parametrize("state", [DeploymentState.BOOTSTRAP, DeploymentState.LAUNCH, DeploymentState.READY])
def test_at_another_step_nothing_can_be_applied(people: People, faulty: Deployment, state: DeploymentState) -> None:
    sent = fields(html(people.admin, faulty))
    Deployment.objects.filter(pk=faulty.pk).update(state=state)
    assert people.admin.post(address(faulty), sent).status_code == 409
    assert re.search(r'<button class="btn btn-primary" disabled', html(people.admin, faulty))
    assert not mends().exists()


def test_a_vpc_in_order_has_nothing_to_apply(people: People) -> None:
    deployment = brought.bring(people)
    brought.look(deployment)
    page = html(people.admin, deployment)
    assert "There is nothing that we could change for you" in text(page)
    assert 'id="apply"' not in page


def test_the_live_part_comes_alone_and_only_when_something_is_new(people: People, faulty: Deployment) -> None:
    started(people, faulty)
    page = html(people.admin, faulty)
    link = re.search(r'hx-get="([^"]+)"', page)
    assert link is not None
    fragment = people.admin.get(unescape(link[1]), headers={"HX-Request": "true"})
    assert fragment.status_code == 204
    Deployment.objects.filter(pk=faulty.pk).update(shown=99)
    fragment = people.admin.get(unescape(link[1]), headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert fragment.content.decode().lstrip().startswith('<div class="stack" id="mend"')


def test_a_refusal_shows_awss_words_what_to_do_and_two_ways_on(people: People, faulty: Deployment) -> None:
    workflow = started(people, faulty)
    Intent.objects.create(
        organisation=people.organisation, workflow=workflow, key=f"tag:subnet:{ELB}", action="ec2:CreateTags",
        effect_class="natural", request_hash="0", state=IntentState.REFUSED, error_code="UnauthorizedOperation",
        error_text="You are not authorized to perform this operation. User is not authorized to perform:"
        " ec2:CreateTags", request_id="req-1",
    )  # fmt: skip
    mends().update(state=WorkflowState.PAUSED, due_at=None, message={"en": "AWS refused ec2:CreateTags"})
    page = html(people.admin, faulty)
    words = text(page)
    assert "You are not authorized to perform this operation." in words
    assert "Template version 3 grants it" in words
    assert "req-1" in words
    assert "hx-trigger" not in page
    answer = people.admin.post(address(faulty), fields(page, "go_on"))
    assert answer.status_code == 302
    workflow.refresh_from_db()
    assert workflow.state == WorkflowState.ACTIVE


def test_the_rest_can_be_left_and_another_plan_confirmed(people: People, faulty: Deployment) -> None:
    started(people, faulty)
    mends().update(state=WorkflowState.PAUSED, due_at=None)
    sent = fields(html(people.admin, faulty), "leave")
    assert people.admin.post(address(faulty), sent).status_code == 302
    left = newest_mend(faulty)
    assert left is not None
    assert left.state == WorkflowState.CANCELLED
    page = html(people.admin, faulty)
    assert "was given up" in text(page)
    assert people.admin.post(address(faulty), fields(page)).status_code == 302
    assert mends().count() == 2


def test_going_on_is_refused_while_nothing_is_paused(people: People, faulty: Deployment) -> None:
    sent = fields(html(people.admin, faulty)) | {"act": "go_on"}
    assert people.admin.post(address(faulty), sent).status_code == 409


def test_other_work_in_the_account_is_waited_for(people: People, faulty: Deployment) -> None:
    sent = fields(html(people.admin, faulty))
    started(people, faulty)
    mends().update(kind="onboarding.survey")
    Deployment.objects.filter(pk=faulty.pk).update(version=int(sent["version"]))
    answer = people.admin.post(address(faulty), sent)
    assert answer.status_code == 409
    assert "Something else is at work" in text(answer.content.decode())
