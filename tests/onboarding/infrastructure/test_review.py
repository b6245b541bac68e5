"""The irreversible review: what it shows, what stops it, who may confirm, and that the launch gets what was shown."""

from datetime import timedelta
from typing import Any

import pytest

from onboarding import actions
from onboarding.actions.infrastructure import confirm_infrastructure
from onboarding.kinds import LAUNCH
from onboarding.models import Deployment, InfrastructurePlan, Override
from onboarding.readiness import Blocked
from onboarding.review import plan_of, review_of
from onboarding.states import DeploymentState
from portal.findings.models import Observation
from portal.workflows.models import Workflow
from tests.onboarding.infrastructure.account import (
    address,
    at_infrastructure,
    between,
    choose,
    look,
    survey,
    vpc,
)
from tests.people import People, Person


@pytest.fixture
def planned(people: People, deployment: Deployment) -> Deployment:
    """A deployment with saved choices that nothing speaks against."""
    choose(deployment, people.owner)
    return deployment


def short_of_addresses() -> Any:
    """A look at an account whose Elastic IPs do not suffice."""
    quotas = survey().quotas or ()
    few = type(quotas[0])(service="ec2", code="L-0263D0A3", value=3.0, source="default")
    return survey(quotas=tuple(few if one.code == few.code else one for one in quotas))


def text_of(person: Person, deployment: Deployment) -> str:
    answer = person.get(address("review", deployment))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def confirm(person: Person, deployment: Deployment, typed: str = "", **changes: str) -> Any:
    """Types the name and presses «Launch» as a browser would."""
    page = person.get(address("review", deployment)).content.decode()
    form = page[page.index('id="confirm"') :]
    sent = {
        "form_key": between(form, 'name="form_key" value="', '"'),
        "version": between(form, 'name="version" value="', '"'),
        "shown_hash": between(form, 'name="shown_hash" value="', '"'),
        "confirmation": typed or deployment.name,
        **changes,
    }
    return person.post(address("review", deployment), sent)


def test_it_shows_everything_that_is_decided_and_what_follows(people: People, planned: Deployment) -> None:
    page = text_of(people.owner, planned)
    assert planned.connection is not None
    for said in (
        planned.connection.account_id,
        "10.9.0.0/16",
        "<code>use1-az1</code> (us-east-1b)",
        "10.9.192.0/24",
        f"clickhouse-cloud-{planned.slug}-network",
        "Each private subnet has 16,379 usable addresses, all three together 49,137.",
        "room for about 818 nodes",
        "A network that overlaps 10.9.0.0/16 can never be peered with it.",
        "6 EC2 nodes of type m6i.2xlarge at first",
        "3 NAT gateways",
        "checks passed",
    ):
        assert said in page
    assert "$" not in page.split('id="consequences"')[1].split("</section>")[0]


def test_the_typed_name_starts_exactly_one_launch(people: People, planned: Deployment) -> None:
    answer = confirm(people.owner, planned)
    assert (answer.status_code, answer["Location"]) == (302, address("launch", planned))
    planned.refresh_from_db()
    plan = InfrastructurePlan.objects.get(deployment=planned)
    assert planned.state == DeploymentState.LAUNCH
    assert plan.confirmed_hash == review_of(planned, plan).content_hash
    assert plan.confirmed_by == people.owner.user
    assert Workflow.objects.filter(kind=LAUNCH).count() == 1


def test_a_second_click_is_led_to_the_launch(people: People, planned: Deployment) -> None:
    page = people.owner.get(address("review", planned)).content.decode()
    form = page[page.index('id="confirm"') :]
    names = ("form_key", "version", "shown_hash")
    sent = {name: between(form, f'name="{name}" value="', '"') for name in names}
    for _click in range(2):
        answer = people.owner.post(address("review", planned), {**sent, "confirmation": planned.name})
        assert (answer.status_code, answer["Location"]) == (302, address("launch", planned))
    assert Workflow.objects.filter(kind=LAUNCH).count() == 1


def test_a_wrong_name_confirms_nothing(people: People, planned: Deployment) -> None:
    answer = confirm(people.owner, planned, typed="production")
    assert answer.status_code == 422
    assert f"Type exactly {planned.name}." in answer.content.decode()
    assert not Workflow.objects.exists()


def test_other_content_than_what_was_shown_is_409(people: People, planned: Deployment) -> None:
    answer = confirm(people.owner, planned, shown_hash="0" * 64)
    assert answer.status_code == 409
    assert not Workflow.objects.exists()
    assert confirm(people.owner, planned, version="1").status_code == 409


def test_a_viewer_reads_the_review_and_cannot_confirm(people: People, planned: Deployment) -> None:
    page = text_of(people.viewer, planned)
    assert "10.9.0.0/16" in page
    assert "Only admins and owners can change this." in page
    assert '<fieldset class="frame" disabled' in page
    assert confirm(people.viewer, planned).status_code == 403
    assert not Workflow.objects.exists()


def test_a_stranger_and_staff_find_nothing(people: People, planned: Deployment) -> None:
    for person in (people.stranger, people.staff):
        assert person.get(address("review", planned)).status_code == 404
        assert person.post(address("review", planned)).status_code == 404
        assert person.post(address("review_override", planned)).status_code == 404


def test_an_incomplete_plan_leads_back_to_the_choices(people: People, deployment: Deployment) -> None:
    answer = people.owner.get(address("review", deployment))
    assert (answer.status_code, answer["Location"]) == (302, address("infrastructure", deployment))


@pytest.mark.parametrize("how", ["old", "none", "elsewhere"])
def test_old_or_missing_facts_ask_for_a_look_first(people: People, how: str) -> None:
    deployment = at_infrastructure(people.organisation)
    if how == "old":
        look(deployment, survey(), ago=timedelta(hours=25))
    elif how == "elsewhere":
        look(deployment, survey(at="eu-west-1"))
    choose(deployment, people.owner)
    page = text_of(people.owner, deployment)
    assert "Look again first" in page
    assert "Look at us-east-1 now" in page
    assert confirm(people.owner, deployment).status_code == 422
    assert not Workflow.objects.exists()


def test_facts_of_23_hours_are_fresh_enough(people: People, planned: Deployment) -> None:
    Observation.objects.all().delete()
    look(planned, survey(), ago=timedelta(hours=23))
    assert "Look again first" not in text_of(people.owner, planned)


def test_a_vpc_that_appeared_meanwhile_stops_the_launch_for_good(people: People, planned: Deployment) -> None:
    look(planned, survey([vpc(7, "10.9.4.0/22", "newcomer")]))
    page = text_of(people.owner, planned)
    assert "10.9.0.0/16 contains 10.9.4.0/22 of vpc-00000000000000007 newcomer" in page
    assert "Another choice is needed" in page
    assert "Record the reason" not in page
    assert people.owner.user is not None
    Override.objects.create(
        organisation=people.organisation, deployment=planned, code="cidr.vpcs", reason="I say so.", by=people.owner.user
    )
    assert confirm(people.owner, planned).status_code == 422
    assert not Workflow.objects.exists()


def override(person: Person, deployment: Deployment, code: str, reason: str) -> Any:
    page = person.get(address("review", deployment)).content.decode()
    sent = {
        "form_key": between(page, 'name="form_key" value="', '"'),
        "version": str(Deployment.objects.get(pk=deployment.pk).version),
        "code": code,
        "reason": reason,
    }
    return person.post(address("review_override", deployment), sent)


def test_short_quotas_stop_the_launch_until_somebody_answers_for_them(people: People, planned: Deployment) -> None:
    look(planned, short_of_addresses())
    assert "The launch cannot start before the points above are settled." in text_of(people.owner, planned)
    assert confirm(people.owner, planned).status_code == 422
    reason = "AWS support confirmed 20 addresses for today."
    assert override(people.admin, planned, "quotas.headroom", reason).status_code == 302
    page = text_of(people.owner, planned)
    assert reason in page
    assert people.admin.user is not None
    assert people.admin.user.email in page
    assert confirm(people.owner, planned).status_code == 302


def test_a_reason_holds_only_for_what_its_author_saw(people: People, planned: Deployment) -> None:
    look(planned, short_of_addresses())
    override(people.owner, planned, "quotas.headroom", "An increase is on its way.")
    look(planned, short_of_addresses())
    assert "Record the reason and go on" in text_of(people.owner, planned)
    assert confirm(people.owner, planned).status_code == 422
    override(people.owner, planned, "quotas.headroom", "It is still on its way, says AWS.")
    assert confirm(people.owner, planned).status_code == 302


@pytest.mark.parametrize("code", ["region.enabled", "zones.eks", "cidr.vpcs", "trust.external-id", "x"])
def test_what_makes_the_launch_impossible_takes_no_reason(people: People, planned: Deployment, code: str) -> None:
    answer = override(people.owner, planned, code, "I know better than the check.")
    assert answer.status_code == 422
    assert not Override.objects.exists()


def test_a_reason_of_a_word_is_not_enough(people: People, planned: Deployment) -> None:
    look(planned, short_of_addresses())
    answer = override(people.owner, planned, "quotas.headroom", "because")
    assert answer.status_code == 422
    assert not Override.objects.exists()


def test_a_viewer_answers_for_nothing(people: People, planned: Deployment) -> None:
    look(planned, short_of_addresses())
    sent = {"code": "quotas.headroom", "reason": "a viewer's long reason", "version": "2"}
    assert people.viewer.post(address("review_override", planned), sent).status_code == 403
    assert "Record the reason" not in text_of(people.viewer, planned)


def test_the_action_refuses_what_the_page_refuses(people: People, planned: Deployment) -> None:
    look(planned, survey([vpc(7, "10.9.4.0/22")]))
    planned.refresh_from_db()
    shown = review_of(planned, plan_of(planned)).content_hash
    assert people.owner.user is not None
    with pytest.raises(Blocked):
        confirm_infrastructure(deployment=planned, shown_hash=shown, version=planned.version, by=people.owner.user)
    planned.refresh_from_db()
    assert planned.state == DeploymentState.INFRASTRUCTURE


def test_warnings_and_unknowns_are_counted_and_do_not_stop_it(people: People, planned: Deployment) -> None:
    look(planned, survey(quotas=None))
    page = text_of(people.owner, planned)
    assert "It does not stop the launch" in page or "They do not stop the launch" in page
    assert confirm(people.owner, planned).status_code == 302


def test_after_the_confirmation_the_review_is_a_record(people: People, planned: Deployment) -> None:
    confirm(people.owner, planned)
    page = text_of(people.viewer, planned)
    assert "Confirmed" in page
    assert 'id="confirm"' not in page
    assert people.owner.user is not None
    with pytest.raises(actions.WrongStep):
        choose(planned, people.owner, cidr="10.10.0.0/16")
