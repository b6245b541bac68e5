"""The page for the security reviewer: complete, true to the policies, and quick to read."""

import html
import json
import re

import pytest

from onboarding.bootstrap.boundary import boundary_document
from onboarding.bootstrap.grants import Option, RoleName, Step
from onboarding.bootstrap.permissions import permissions_for
from onboarding.bootstrap.policies import bootstrap_roles, policies_for, policy_document
from onboarding.permission_table import DENIALS, looks, permission_table
from portal.aws.models import Connection
from tests.journeys import Walk
from tests.onboarding.journey.scenes import address
from tests.people import People

NOBODY: dict[str, str] = {}


def shown(people: People, walk: Walk, query: str = "") -> str:
    answer = people.viewer.get(address(walk, "permissions") + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_every_denial_of_the_boundary_has_its_words() -> None:
    denied = {one["Sid"] for one in boundary_document()["Statement"] if one["Effect"] == "Deny"}
    assert denied == set(DENIALS)


@pytest.mark.parametrize("role", list(RoleName))
def test_the_table_holds_exactly_the_statements_of_the_policies(role: RoleName) -> None:
    table = permission_table("seed", options=frozenset({Option.ALLOW_PEERING_WRITES}), values=NOBODY)
    (found,) = [one for one in table.roles if one.name == role]
    rows = {(row.policy, row.sid): set(row.actions) for row in (*found.rows, *found.shared)}
    written = {}
    for policy in policies_for(role, "seed"):
        for statement in policy_document(policy, "seed")["Statement"]:
            actions = statement["Action"]
            written[(policy.name, statement["Sid"])] = {actions} if isinstance(actions, str) else set(actions)
    mine = {(one.policy.name, one.sid) for one in permissions_for(role, "seed")}
    assert rows == {key: actions for key, actions in written.items() if key in mine}


def test_conditions_are_said(people: People, walk: Walk) -> None:
    walk.register()
    text = shown(people, walk)
    assert "StringEquals aws:ResourceTag/clickhouse-byoc = true" in text
    assert "StringEquals iam:PassedToService = cloudformation.amazonaws.com" in text
    assert f"arn:aws:cloudformation:*:{walk.account}:stack/clickhouse-cloud-*/*" in text
    assert "${AccountId}" not in text


def test_numbers_stand_on_top_and_are_true(people: People, walk: Walk) -> None:
    text = shown(people, walk)
    actions = {one.action for role in RoleName for one in permissions_for(role, "seed", frozenset())}
    figures = [int(number) for number in re.findall(r"<dd>(\d+)</dd>", text)[:4]]
    denied = [one for one in boundary_document()["Statement"] if one["Effect"] == "Deny"]
    looking = len([action for action in actions if looks(action)])
    assert figures == [3, looking, len(actions) - looking, len(denied)]
    assert text.index('id="summary"') < text.index('id="role-')


@pytest.mark.parametrize("step", list(Step))
def test_one_step_can_be_read_alone(people: People, walk: Walk, step: Step) -> None:
    walk.register()
    Connection.objects.update(allows_peering_writes=True)
    text = shown(people, walk, f"?step={step.value}")
    table = permission_table("seed", options=frozenset({Option.ALLOW_PEERING_WRITES}), values=NOBODY, step=step.value)
    rows = [row for role in table.roles for row in (*role.rows, *role.shared)]
    assert rows
    assert text.count("<tr id=") == len(rows)
    assert f'href="?step={step.value}#steps" aria-current="true"' in text


@pytest.mark.parametrize("query", ["?step=", "?step=x", "?step=<script>", "?step=" + "9" * 5_000])
def test_an_unknown_step_shows_all(people: People, walk: Walk, query: str) -> None:
    text = shown(people, walk, query)
    assert text.count("<tr id=") == shown(people, walk).count("<tr id=")
    assert "<script>" not in text


def test_what_we_cannot_do_is_said_and_the_statement_shown(people: People, walk: Walk) -> None:
    text = shown(people, walk)
    assert "Read, write or delete an object in the buckets with any of the three roles." in text
    assert "s3:GetObject*" in text
    assert "it would be an administrator of the account in disguise" in text
    assert "ClickHouseByocBoundary stops that" in text


def test_no_granted_action_reads_an_object() -> None:
    granted = {one.action for role in RoleName for one in permissions_for(role, "seed")}
    assert not [action for action in granted if re.match(r"s3:(Get|Put|Delete)Object$", action)]
    (kept,) = [one for one in boundary_document()["Statement"] if one["Sid"] == "KeepOutOfData"]
    assert kept["Effect"] == "Deny"
    assert {"s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*"} <= set(kept["Action"])


def test_our_addition_is_said_openly_and_its_link_leads_to_the_row(people: People, walk: Walk) -> None:
    text = shown(people, walk)
    assert "The vendor's guide lists no CloudFormation. We add it" in text
    (anchor,) = re.findall(r'href="\?step=launch#(ClickHouse[^"]+)"', text)
    assert f'id="{anchor}"' in shown(people, walk, "?step=launch")


@pytest.mark.parametrize(("withheld", "words"), [(True, "are withheld, as you chose"), (False, "are granted")])
def test_the_customers_options_are_followed(people: People, walk: Walk, withheld: bool, words: str) -> None:
    walk.register()
    Connection.objects.update(withholds_vpc_writes=withheld)
    text = shown(people, walk)
    assert words in text
    assert ("<code>ec2:CreateVpc</code>" in text) is not withheld


def test_trust_policies_and_files_are_there(people: People, walk: Walk) -> None:
    walk.register()
    text = shown(people, walk)
    policies = [json.loads(found) for found in re.findall(r"<pre[^>]*><code>(\{.*?\n\})</code>", text, re.DOTALL)]
    trusts = [one for one in policies if "Principal" in one.get("Statement", [{}])[0]]
    assert len(trusts) == len(bootstrap_roles("seed")) == 3
    assert json.dumps(trusts).count(walk.connection.external_id) == 2
    for name in ("bootstrap_template", "bootstrap_terraform", "bootstrap_policies"):
        assert address(walk, name) in text


def test_ids_on_the_page_are_unique(people: People, walk: Walk) -> None:
    ids = re.findall(r'\bid="([^"]+)"', shown(people, walk))
    assert len(ids) == len(set(ids))
