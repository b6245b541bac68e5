"""The written ledger is remembered per language, options, values and step, and mixes none of them up."""

from django.urls import reverse
from django.utils import translation

from onboarding.bootstrap.grants import Option
from onboarding.permission_pages import permission_page
from onboarding.rules.profiles import profile
from tests.people import People, make_connection, make_deployment

VALUES = (("AccountId", "123123123123"), ("VendorAccountId", "111111111111"))


def text(options: frozenset[Option] = frozenset(), values: tuple[tuple[str, str], ...] = VALUES, step: str = "") -> str:
    page = permission_page(profile().name, options=options, values=values, step=step)
    return "".join(role.rows + role.shared for role in page.roles)


def test_the_same_question_gets_the_same_text_and_an_unknown_step_is_none() -> None:
    assert text() == text(step="no-such-step")
    assert text().count("<tr id=") > 50
    page = permission_page(profile().name, options=frozenset(), values=VALUES)
    assert page is permission_page(profile().name, options=frozenset(), values=VALUES, step="no-such-step")


def test_each_difference_in_the_question_shows_in_the_text() -> None:
    plain = text()
    assert "123123123123" in plain
    assert "123123123123" not in text(values=(("AccountId", "456456456456"), VALUES[1]))
    assert text(options=frozenset(Option)) != plain
    steps = permission_page(profile().name, options=frozenset(), values=VALUES).table.steps
    assert len({text(step=step.slug) for step in steps}) == len(steps) > 3
    with translation.override("ja"):
        japanese = permission_page(profile().name, options=frozenset(), values=VALUES)
    assert japanese is not permission_page(profile().name, options=frozenset(), values=VALUES)


def test_two_tenants_see_their_own_account(people: People) -> None:
    seen = []
    for organisation, person in ((people.organisation, people.owner), (people.elsewhere, people.stranger)):
        connection = make_connection(organisation)
        deployment = make_deployment(organisation, connection=connection)
        answer = person.get(reverse("onboarding:permissions", args=[deployment.pk])).content.decode()
        assert connection.account_id in answer
        seen.append((connection.account_id, answer))
    assert seen[0][0] not in seen[1][1]
    assert seen[1][0] not in seen[0][1]
