"""The demo's start page."""

import pytest
from django.test import Client

from portal.demo.people import APPLICANT, INVITED, STAFF

pytestmark = pytest.mark.django_db


def test_it_says_what_one_can_do_as_whom(anonymous: Client) -> None:
    page = anonymous.get("/demo/").content.decode()
    for word in (STAFF.email, STAFF.password, INVITED.email, APPLICANT.email, "222222222222", "333333333333"):
        assert word in page


@pytest.mark.parametrize("name", ["mailbox/", "codes/", "console/"])
def test_it_leads_to_each_page(anonymous: Client, name: str) -> None:
    assert f'href="/demo/{name}"' in anonymous.get("/demo/").content.decode()
    assert anonymous.get(f"/demo/{name}").status_code == 200
