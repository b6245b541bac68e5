"""The journey page and the home page: where a deployment stands, in words, at a bounded cost."""

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.workflows import actions as workflows
from portal.workflows.journal import tell
from portal.workflows.models import Event, Workflow
from portal.workflows.states import Turn, WorkflowState
from tests.journeys import Walk
from tests.onboarding.journey.scenes import MANAGEMENT, VERIFIER, address, look, newest_workflow, only_with, trust
from tests.people import People, Person, make_deployment, make_user, sign_in

PAGES = ("journey", "account", "bootstrap", "permissions")


def shown(person: Person, walk: Walk) -> str:
    answer = person.get(address(walk, "journey"))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def many_events(walk: Walk, count: int) -> None:
    walk.fresh()
    row = tell(
        "told", lambda: "It happened.", organisation=walk.deployment.organisation_id, subject_id=walk.deployment.pk
    )
    copied = {field.attname: getattr(row, field.attname) for field in Event._meta.fields if field.attname != "id"}
    Event.objects.bulk_create([Event(**copied) for _ in range(count)])


def test_a_new_deployment_says_whose_turn_it_is_and_what_is_next(people: People, walk: Walk) -> None:
    text = shown(people.owner, walk)
    assert "Step 1 of 5 · AWS account" in text
    assert "Name the AWS account." in text
    assert "Go on: AWS account" in text
    assert "about 2 min" in text
    assert "your turn" in text
    assert "After that" in text
    assert "hx-get" not in text


def test_the_aside_holds_the_values_to_copy_and_the_other_pages(people: People, walk: Walk) -> None:
    walk.register()
    text = shown(people.viewer, walk)
    assert f'data-copy="{walk.connection.external_id}"' in text
    assert f'data-copy="{walk.account}"' in text
    for page in ("permissions", "calls"):
        assert address(walk, page) in text
    assert reverse("accounts:members", args=[people.organisation.pk]) in text


def test_a_viewer_is_told_who_acts(people: People, walk: Walk) -> None:
    text = shown(people.viewer, walk)
    assert "Admins and owners of your organisation do this" in text
    assert "Look at: AWS account" in text


def test_proven_trust_shows_as_a_fact_with_its_time(people: People, walk: Walk) -> None:
    walk.prove()
    text = shown(people.owner, walk)
    assert "proven · template version 3" in text
    assert "Step 3 of 5 · Infrastructure" in text
    assert "Trust is proven: only we can use the roles, and only with your External ID." in text  # in the history
    assert "onboarding.trust" not in text


def test_what_waits_for_support_says_that_you_need_not_do_anything(people: People, walk: Walk) -> None:
    walk.register()
    assert people.staff.user is not None
    workflows.hand_to_human(workflow=newest_workflow(walk), by=people.staff.user, reason="odd")
    text = shown(people.owner, walk)
    assert "Support is looking at it. You need not do anything." in text
    assert "support's turn" in text
    assert "hx-get" not in text


def test_a_refused_account_is_with_support(people: People, walk: Walk) -> None:
    walk.prove()
    assert people.stranger.user is not None
    theirs = Walk(make_deployment(people.elsewhere), people.stranger.user).register(walk.account)
    for role in (MANAGEMENT, VERIFIER):
        trust(theirs, role, only_with(theirs.connection.external_id))
    theirs.work()
    text = shown(people.stranger, theirs)
    assert "Support is looking at it. You need not do anything." in text
    assert "support's turn" in text
    assert people.organisation.name not in text


def test_a_paused_search_says_what_to_do(people: People, walk: Walk) -> None:
    walk.register().deploy_roles()
    trust(walk, MANAGEMENT, None)
    walk.work()
    text = shown(people.owner, walk)
    assert "A role opens without the right External ID." in text
    assert "Put the shown trust policy on the role, then press «Look again»." in text
    assert "insecure trust" in text


def test_a_removed_deployment_says_so_and_leads_to_what_is_left(people: People, walk: Walk) -> None:
    walk.launch().tear_down()
    text = shown(people.owner, walk)
    assert "Removed" in text
    assert "See what is left in your account" in text
    assert "Request another deployment" in text
    assert "hx-get" not in text


def live_address(text: str) -> str:
    found = re.search(r'hx-get="([^"]+)"', text)
    assert found is not None
    return html.unescape(found.group(1))


def test_it_asks_again_only_while_something_moves(people: People, walk: Walk) -> None:
    walk.register()
    assert "progress/?seen=" in live_address(shown(people.owner, walk))
    for state in set(WorkflowState) - {WorkflowState.ACTIVE}:
        Workflow.objects.update(state=state)
        assert "hx-get" not in shown(people.owner, walk), state


def test_an_unchanged_fragment_is_204_in_three_queries(
    people: People, walk: Walk, django_assert_max_num_queries: Any
) -> None:
    walk.register()
    many_events(walk, 20)
    path = live_address(shown(people.owner, walk))
    with django_assert_max_num_queries(3):
        answer = people.owner.get(path, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_changed_fragment_brings_the_steps_too(people: People, walk: Walk) -> None:
    walk.register()
    path = live_address(shown(people.owner, walk))
    look(walk)
    answer = people.owner.get(path, HTTP_HX_REQUEST="true")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in text
    assert 'id="journey"' in text
    assert re.search(r'id="aside"[^>]*hx-swap-oob="true"', text)
    assert "your turn" in text


def test_history_comes_in_pages_of_twelve(people: People, walk: Walk) -> None:
    many_events(walk, 29)
    answer = people.owner.get(address(walk, "journey"))
    assert answer.content.decode().count('class="event"') == 12
    assert "Page 1 of 3" in answer.content.decode()
    last = people.owner.get(address(walk, "journey") + "?page=3").content.decode()
    assert last.count('class="event"') == 6
    assert "Older" not in last
    for page, number in (("-1", 3), ("9999999", 3), ("abc", 1), ("1e9", 1)):
        assert f"Page {number} of 3" in people.owner.get(address(walk, "journey") + f"?page={page}").content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("count", [10, 5_000])
def test_a_page_costs_ten_queries_at_most(
    people: People, walk: Walk, page: str, count: int, django_assert_max_num_queries: Any
) -> None:
    walk.prove()
    many_events(walk, count)
    with django_assert_max_num_queries(10):
        assert people.owner.get(address(walk, page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_ten_queries_at_most_while_it_waits(
    people: People, walk: Walk, page: str, django_assert_max_num_queries: Any
) -> None:
    walk.register()
    look(walk)
    with django_assert_max_num_queries(10):
        assert people.viewer.get(address(walk, page)).status_code == 200


def test_home_leads_to_the_only_deployment(people: People, walk: Walk) -> None:
    assert people.owner.get("/")["Location"] == address(walk, "journey")


def test_home_without_a_deployment_says_what_to_do(people: People) -> None:
    lonely = make_user("lonely@customer.example")
    text = Person(lonely, sign_in(lonely)).get("/").content.decode()
    assert "No deployment yet" in text
    assert reverse("onboarding:requests:request") in text


def test_home_lists_several_with_their_turns(people: People, walk: Walk) -> None:
    walk.register().deploy_roles()
    trust(walk, MANAGEMENT, None)
    walk.work()
    second = make_deployment(people.organisation, "second")
    text = html.unescape(people.owner.get("/").content.decode())
    assert "second" in text
    assert "Put the shown trust policy on the role" in text
    assert "Name the AWS account." in text
    assert walk.account in text
    assert text.count("your turn") == 2
    assert make_deployment(people.elsewhere, "theirs").name not in text
    assert str(second.pk) in text


@pytest.mark.parametrize("count", [10, 200])
def test_home_costs_ten_queries_at_most(
    people: People, walk: Walk, count: int, django_assert_max_num_queries: Any
) -> None:
    walk.register()
    for number in range(count):
        make_deployment(people.organisation, f"d{number}", connection=walk.connection, state=DeploymentState.BOOTSTRAP)
    rows = [
        Workflow(
            organisation=people.organisation, connection=walk.connection, kind="onboarding.trust", subject_id=one.pk,
            state=WorkflowState.DONE, turn=Turn.NOBODY, deadline_at=one.created_at,
        )
        for one in Deployment.objects.all()
    ]  # fmt: skip
    Workflow.objects.bulk_create(rows)
    with django_assert_max_num_queries(10):
        text = people.owner.get("/").content.decode()
    assert text.count("data-deployment=") == min(count + 1, 30)
