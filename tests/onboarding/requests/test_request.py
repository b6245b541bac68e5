"""The public request page."""

import pytest
from django.test import Client
from django.urls import resolve

from onboarding.models import OnboardingRequest
from onboarding.requests.views import RATES
from onboarding.rules.profiles import profile
from portal.accounts.formkeys import new_key
from tests.people import People

ADDRESS = "/request/"
SOUND = {
    "company": "Analytical Engines",
    "email": "ada@customer.example",
    "account_id": "222222222222",
    "region": "eu-central-1",
}


def _send(client: Client, **fields: str):
    return client.post(ADDRESS, {"form_key": new_key(), **SOUND, **fields})


def test_it_is_there_for_everybody(db: None, anonymous: Client) -> None:
    page = anonymous.get(ADDRESS)
    assert page.status_code == 200
    assert resolve(ADDRESS).func.gate.kind == "public"
    text = page.content.decode()
    assert all(f'value="{code}"' in text for code in profile().region_codes)
    assert len(profile().region_codes) == 13


def test_it_keeps_a_request_in_its_canonical_forms(db: None, anonymous: Client) -> None:
    answer = _send(
        anonymous, company="  Analytical   Engines ", email="Ada@Customer.EXAMPLE", account_id=" 222222222222 "
    )
    assert answer.status_code == 302
    row = OnboardingRequest.objects.get()
    assert (row.company, row.email, row.account_id, row.region, row.state) == (
        "Analytical Engines",
        "ada@customer.example",
        "222222222222",
        "eu-central-1",
        "submitted",
    )
    thanks = anonymous.get(answer["Location"]).content.decode()
    assert "Your request has arrived" in thanks
    assert "ada@customer.example" not in thanks


def test_it_remembers_the_language_of_the_visitor(db: None, anonymous: Client) -> None:
    anonymous.post(ADDRESS, {"form_key": new_key(), **SOUND}, headers={"accept-language": "ja"})
    assert OnboardingRequest.objects.get().language == "ja"


def test_a_known_address_gets_the_same_answer_as_an_unknown_one(people: People) -> None:
    known = _send(people.anonymous.client, email=people.owner.user.email)
    unknown = _send(people.anonymous.client, email="nobody@customer.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_double_click_makes_one_row(db: None, anonymous: Client) -> None:
    fields = {"form_key": new_key(), **SOUND}
    first, second = anonymous.post(ADDRESS, fields), anonymous.post(ADDRESS, fields)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert OnboardingRequest.objects.count() == 1


def test_without_a_form_key_nothing_is_kept(db: None, anonymous: Client) -> None:
    assert anonymous.post(ADDRESS, SOUND).status_code == 409
    assert not OnboardingRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account_id", ""),
        ("account_id", "   "),
        ("account_id", "12345678901"),
        ("account_id", "1234567890123"),
        ("account_id", "１２３４５６７８９０１２"),
        ("account_id", "١٢٣٤٥٦٧٨٩٠١٢"),
        ("account_id", "000000000000"),
        ("account_id", "111111111111"),
        ("account_id", "426924874929"),
        ("account_id", "123456789012' OR 1=1--"),
        ("account_id", "9" * 10_000),
        ("region", ""),
        ("region", "eu-central-9"),
        ("region", "US-EAST-1"),
        ("region", "cn-north-1"),
        ("region", "attacker"),
        ("email", "a@b"),
        ("email", "a@b..c"),
        ("email", "x" * 250 + "@customer.example"),
        ("email", "a@b@customer.example"),
        ("email", "x@y.example\nBcc: z@w.example"),
        ("company", ""),
        ("company", "   "),
        ("company", "x" * 10_000),
        ("company", "Acme\u202eemcA"),
        ("company", "Ac\u200bme"),
        ("company", "Acme\x07"),
    ],
)
def test_a_bad_field_comes_back_with_its_message(db: None, anonymous: Client, field: str, value: str) -> None:
    answer = _send(anonymous, **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert not OnboardingRequest.objects.exists()


def test_what_was_typed_is_shown_as_text(db: None, anonymous: Client) -> None:
    page = _send(anonymous, company="{{7*7}}<script>x</script>", region="nowhere").content.decode()
    assert "<script>x" not in page
    assert "{{7*7}}&lt;script&gt;" in page


@pytest.mark.parametrize("company", ["{{7*7}}", "${x}", "%s", "=cmd()", "Zoë 👩‍💻"])
def test_odd_but_visible_names_are_kept_as_they_are(db: None, anonymous: Client, company: str) -> None:
    assert _send(anonymous, company=company).status_code == 302
    assert OnboardingRequest.objects.get().company == company


def test_a_field_sent_twice_is_refused(db: None, anonymous: Client) -> None:
    answer = anonymous.post(ADDRESS, {"form_key": new_key(), **SOUND, "region": ["eu-central-1", "us-east-1"]})
    assert answer.status_code == 400
    assert not OnboardingRequest.objects.exists()


def test_too_many_from_one_place_are_not_kept(db: None, anonymous: Client) -> None:
    limit = int(RATES["request"].split("/")[0])
    for _number in range(limit):
        assert _send(anonymous).status_code == 302
    answer = _send(anonymous)
    assert answer.status_code == 429
    assert "Wait a minute" in answer.content.decode()
    assert OnboardingRequest.objects.count() == limit


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(db: None, anonymous: Client, method: str) -> None:
    assert getattr(anonymous, method)(ADDRESS).status_code == 405
