"""The tests' own ground: people, database, isolation."""

import json
import os
import socket
import sqlite3

import boto3
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page

from onboarding.models import Deployment
from portal.accounts.models import Organisation
from tests.browsers import Pages, Watch
from tests.emulators import Emulator, JournalReader
from tests.people import People
from tests.processes import database_url


def test_the_settings_are_those_of_tests() -> None:
    assert settings.MODE == "test"
    assert "AWS_PROFILE" not in os.environ


@pytest.mark.django_db
def test_the_database_is_one_that_another_process_can_open() -> None:
    assert ":memory:" not in str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
        other = sqlite3.connect(database_url().removeprefix("sqlite:///"))
        tables = {name for (name,) in other.execute("SELECT name FROM sqlite_master")}
        other.close()
        assert "onboarding_deployment" in tables


def test_people_are_who_they_should_be(people: People, organisation: Organisation, deployment: Deployment) -> None:
    def sees(person: str) -> bool:
        return Deployment.objects.visible_to(getattr(people, person).user).filter(pk=deployment.pk).exists()

    assert deployment.organisation == organisation
    assert [name for name in ("owner", "admin", "colleague", "stranger", "staff") if sees(name)] == [
        "owner", "admin", "colleague",
    ]  # fmt: skip
    assert Authenticator.objects.filter(user=people.staff.user, type="totp").exists()
    assert people.staff.user is not None
    assert people.staff.user.is_staff


def test_no_test_reaches_beyond_this_machine() -> None:
    with socket.socket() as outbound, pytest.raises(RuntimeError, match="stay on loopback"):
        outbound.connect(("192.0.2.1", 80))


@pytest.mark.browser
def test_a_page_error_is_noticed(browser_page: Page, watch: Watch) -> None:
    browser_page.set_content("<p>hello</p><script>nobody.knows()</script>")
    browser_page.wait_for_timeout(100)
    assert any("nobody is not defined" in text for text in watch.unexpected())
    watch.allow("nobody is not defined")


@pytest.mark.browser
def test_a_page_has_the_language_theme_and_size_it_was_asked_for(open_page: Pages) -> None:
    page = open_page(language="ja", theme="dark", size="phone")
    assert page.evaluate("navigator.language") == "ja-JP"
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate("screen.width") == 390


def test_the_journal_tells_what_was_done_in_an_account_and_nothing_else(
    aws_env: Emulator, journal: JournalReader, account_id: str
) -> None:
    ec2 = boto3.client("ec2", region_name="us-east-1", aws_access_key_id=account_id, aws_secret_access_key="test")
    elsewhere = boto3.client("ec2", region_name="us-east-1")
    ec2.describe_vpcs()
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    elsewhere.create_vpc(CidrBlock="10.0.0.0/16")
    assert journal.operations(account_id) == ["CreateVpc"]
    assert vpc in json.dumps(journal.effects(account_id, "CreateVpc")[0].result)
