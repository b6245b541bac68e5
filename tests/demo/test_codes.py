"""The page that shows the staff person's sign-in code."""

import re

import pytest
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.test import Client

from portal.demo.codes import current_code
from portal.demo.people import STAFF, STAFF_TOTP_SECRET

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    """The last six digits of the test vectors in https://www.rfc-editor.org/rfc/rfc6238#appendix-B."""
    assert current_code(RFC_SECRET, moment).code == code


@pytest.mark.parametrize(("moment", "left"), [(60, 30), (61, 29), (89.5, 0)])
def test_it_says_how_long_the_code_stays(moment: float, left: int) -> None:
    assert current_code(RFC_SECRET, moment).seconds_left == left


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/demo/codes/", "/demo/codes/now/"])
def test_the_page_shows_a_code_that_signs_in(anonymous: Client, path: str) -> None:
    answer = anonymous.get(path)
    found = re.search(r"<code>(\d{6})</code>", answer.content.decode())
    assert found
    assert validate_totp_code(STAFF_TOTP_SECRET, found.group(1))
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_the_page_says_whose_code_it_is(anonymous: Client) -> None:
    assert STAFF.email in anonymous.get("/demo/codes/").content.decode()
