"""Mail when the turn changes: who gets it, in which language, and what it says."""

from typing import Any

from django.urls import reverse

from portal.accounts.models import User
from portal.workflows import actions as workflows
from portal.workflows.models import Letter
from tests.journeys import Walk
from tests.onboarding.journey.scenes import MANAGEMENT, VERIFIER, look, newest_workflow, only_with, take_away, trust
from tests.people import People, make_deployment


def letters(walk: Walk) -> dict[str, Letter]:
    """Reader → the newest letter about the walk's deployment."""
    path = reverse("onboarding:journey", args=[walk.deployment.pk])
    return {letter.to: letter for letter in Letter.objects.filter(body__contains=path).order_by("created_at")}


def mail(user: User | None, walk: Walk) -> Letter:
    assert user is not None
    return letters(walk)[user.email]


def test_a_letter_names_deployment_fact_next_act_and_address(people: People, walk: Walk, settings: Any) -> None:
    walk.register().deploy_roles()
    trust(walk, MANAGEMENT, None)
    walk.work()
    letter = mail(people.owner.user, walk)
    assert letter.subject == f"{walk.deployment.name} · your turn: a role opens without the right External ID"
    assert f"Deployment {walk.deployment.name}, AWS account {walk.account}" in letter.body
    assert "A role opens without the right External ID." in letter.body
    assert "Next: Put the shown trust policy on the role, then press «Look again»." in letter.body
    assert settings.PORTAL_BASE_URL + reverse("onboarding:journey", args=[walk.deployment.pk]) in letter.body
    assert f"an owner or admin of {people.organisation.name}" in letter.body


def test_owners_and_admins_get_it_once_and_viewers_do_not(people: People, walk: Walk) -> None:
    walk.register().deploy_roles()
    take_away(walk, "ClickHouseStoragePolicy")
    walk.work()
    written = letters(walk)
    assert set(written) == {person.user.email for person in (people.owner, people.admin) if person.user}
    assert Letter.objects.filter(subject__contains=walk.deployment.name).count() == 2
    assert "the bootstrap roles need a look" in mail(people.admin.user, walk).subject


def test_each_reader_gets_their_own_language(people: People, walk: Walk) -> None:
    User.objects.filter(pk=people.admin.user.pk).update(language="ja")  # type: ignore[union-attr]
    walk.register().deploy_roles()
    trust(walk, MANAGEMENT, None)
    walk.work()
    english, japanese = mail(people.owner.user, walk), mail(people.admin.user, walk)
    assert english.body.splitlines()[2] == newest_workflow(walk).message["en"]
    assert japanese.body.splitlines()[2] == newest_workflow(walk).message["ja"]


def test_the_first_wait_for_roles_is_no_letter_and_a_long_refusal_is_one(
    people: People, walk: Walk, settings: Any
) -> None:
    walk.register()
    look(walk, 2)
    assert letters(walk) == {}
    walk.deploy_roles()
    trust(walk, MANAGEMENT, only_with("byoc-somebody-elses"))
    look(walk, 2)
    assert letters(walk) == {}
    settings.WORKFLOW = {**settings.WORKFLOW, "trust_patience": 0.0}
    look(walk, 3)
    assert Letter.objects.count() == 2
    assert "a role still refuses us" in mail(people.owner.user, walk).body


def test_when_support_has_it_the_letter_says_that_nothing_is_to_be_done(people: People, walk: Walk) -> None:
    walk.prove()
    assert people.stranger.user is not None
    theirs = Walk(make_deployment(people.elsewhere), people.stranger.user).register(walk.account)
    for role in (MANAGEMENT, VERIFIER):
        trust(theirs, role, only_with(theirs.connection.external_id))
    theirs.work()
    letter = mail(people.stranger.user, theirs)
    assert letter.subject == f"{theirs.deployment.name} · support is looking at it"
    assert "Next: Nothing: support is looking at it and writes to you." in letter.body
    assert walk.deployment.name not in letter.body
    assert people.organisation.name not in letter.body


def test_proven_trust_hands_the_turn_over_by_mail(people: People, walk: Walk) -> None:
    walk.prove()
    letter = mail(people.owner.user, walk)
    assert "your turn: choose the infrastructure" in letter.subject
    assert "Choose region, addresses and zones next." in letter.body


def test_what_support_takes_over_is_told_by_mail(people: People, walk: Walk) -> None:
    walk.register()
    assert people.staff.user is not None
    workflows.hand_to_human(workflow=newest_workflow(walk), by=people.staff.user, reason="odd")
    letter = mail(people.owner.user, walk)
    assert letter.subject == f"{walk.deployment.name} · support is looking at it"
    assert "odd" not in letter.body  # the reason is support's own note
