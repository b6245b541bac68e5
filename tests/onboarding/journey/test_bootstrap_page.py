"""The bootstrap page in each of its states, walked against the emulator."""

import hashlib
import html
import json
import re
from typing import Any

import pytest
from django.utils import timezone

from onboarding import roles_progress
from onboarding.bootstrap.constants import TEMPLATE_VERSION
from onboarding.delivery import Delivery
from onboarding.kinds import ROLE_LOOK
from onboarding.models import Deployment, Override
from onboarding.states import DeploymentState
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.findings.models import Observation
from portal.workflows import actions as workflows
from portal.workflows.models import Workflow
from portal.workflows.states import Turn, WorkflowState
from tests.journeys import Walk
from tests.onboarding.journey.scenes import (
    MANAGEMENT,
    VERIFIER,
    address,
    look,
    newest_workflow,
    only_with,
    sent,
    take_away,
    trust,
)
from tests.people import People, make_deployment


def shown(people: People, walk: Walk, person: str = "owner", page: str = "bootstrap") -> str:
    answer = getattr(people, person).get(address(walk, page))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def stage(text: str) -> str:
    found = re.search(r'data-stage="(\w+)"', text)
    assert found is not None
    return found.group(1)


def test_before_an_account_is_named_it_says_what_to_do_first(people: People, walk: Walk) -> None:
    text = shown(people, walk)
    assert "Name the AWS account first" in text
    assert address(walk, "account") in text
    assert 'id="delivery"' not in text


def test_files_can_be_had_before_an_account_is_named(people: People, walk: Walk) -> None:
    for name in ("bootstrap_template", "bootstrap_terraform", "bootstrap_policies"):
        assert people.viewer.get(address(walk, name)).status_code == 200
    assert "${ExternalId}" in people.viewer.get(address(walk, "bootstrap_policies")).content.decode()
    walk.register()
    assert walk.connection.external_id in people.viewer.get(address(walk, "bootstrap_policies")).content.decode()


def test_while_the_roles_are_missing_it_says_what_we_look_for_and_when(people: People, walk: Walk) -> None:
    walk.register()
    look(walk)
    text = shown(people, walk)
    assert stage(text) == "waiting"
    assert f"ClickHouseVerifierRole and ClickHouseManagementRole in account {walk.account}" in text
    assert "Looked last:" in text
    assert re.search(r"We look again in \d+ seconds?\.|We look now\.", text)
    assert "Look now" in text
    assert "check-done" not in text


def test_the_guide_holds_the_customers_own_values(people: People, walk: Walk) -> None:
    walk.register()
    text = shown(people, walk)
    delivery = Delivery.of(walk.deployment)
    illustration = text[text.index('class="console-screen"') : text.index("</figure>")]
    for value in (delivery.stack_name, delivery.template_url, walk.connection.external_id, "WithholdVpcWrites"):
        assert value in illustration
    assert [int(mark) for mark in re.findall(r'class="mark">(\d)', illustration)] == [2, 3, 4, 5, 6]
    assert delivery.quick_create_url in text
    assert delivery.command in text
    assert delivery.terraform in text
    assert delivery.verification in text


def test_the_digest_is_that_of_the_file_and_of_what_stands_at_the_address(people: People, walk: Walk) -> None:
    walk.register()
    body = people.owner.get(address(walk, "bootstrap_template")).content
    digest = hashlib.sha256(body).hexdigest()
    assert digest in shown(people, walk)
    assert digest[:16] in Delivery.of(walk.deployment).template_url


@pytest.mark.parametrize("by_script", [False, True])
def test_an_option_changes_the_links_at_once(people: People, walk: Walk, by_script: bool) -> None:
    walk.register()
    data = sent(walk, allow_peering_writes="on")
    more = {"HTTP_HX_REQUEST": "true"} if by_script else {}
    answer = people.admin.client.post(address(walk, "bootstrap_permissions"), data, follow=True, **more)
    text = html.unescape(answer.content.decode())
    assert "param_AllowPeeringWrites=true" in text
    assert "ParameterKey=AllowPeeringWrites,ParameterValue=true" in text
    assert "allow_peering_writes" in text
    assert "param_WithholdVpcWrites=false" in text


def test_a_stale_option_changes_nothing_and_the_script_loads_the_page_again(people: People, walk: Walk) -> None:
    walk.register()
    data = sent(walk, allow_peering_writes="on") | {"version": walk.deployment.version - 1}
    answer = people.admin.post(address(walk, "bootstrap_permissions"), data, HTTP_HX_REQUEST="true")
    assert answer.status_code == 409
    assert answer["HX-Refresh"] == "true"
    assert not walk.fresh().connection.allows_peering_writes


def test_a_posted_external_id_is_ignored(people: People, walk: Walk) -> None:
    walk.register()
    before = walk.connection.external_id
    data = sent(walk, external_id="byoc-attacker", ExternalId="byoc-attacker")
    people.admin.post(address(walk, "bootstrap_permissions"), data)
    assert walk.fresh().connection.external_id == before
    assert "byoc-attacker" not in shown(people, walk)


def test_proven_roles_tick_the_list_and_lead_on(people: People, walk: Walk) -> None:
    walk.prove()
    text = shown(people, walk)
    assert stage(text) == "proven"
    assert text.count("check-done") >= 3
    assert "opens with your External ID only" in text
    assert address(walk, "infrastructure") in text
    assert "checks passed" in text
    assert "hx-get" not in text[text.index('id="bootstrap"') :][:400]


def test_a_role_open_to_others_blocks_and_shows_the_right_policy(people: People, walk: Walk) -> None:
    walk.register().deploy_roles()
    trust(walk, MANAGEMENT, None)
    walk.work()
    assert walk.connection.state == ConnectionState.INSECURE
    assert walk.deployment.state == DeploymentState.BOOTSTRAP
    text = shown(people, walk)
    assert stage(text) == "insecure"
    assert "can be assumed without any External ID" in text
    policy = json.loads(re.findall(r"<pre[^>]*><code>(\{.*?\})</code>", text, re.DOTALL)[0])
    assert policy["Statement"][0]["Condition"] == only_with(walk.connection.external_id)
    assert f"update-assume-role-policy --role-name {MANAGEMENT}" in text
    assert f"--role-name {VERIFIER}" not in text
    # Put in place as shown, it is proven.
    walk.customer("iam").update_assume_role_policy(RoleName=MANAGEMENT, PolicyDocument=json.dumps(policy))
    answer = people.admin.post(address(walk, "bootstrap_look"), sent(walk))
    assert answer.status_code == 302
    walk.work()
    assert walk.connection.state == ConnectionState.PROVEN
    assert stage(shown(people, walk)) == "proven"


def test_a_stack_with_another_external_id_is_waited_for_and_explained(people: People, walk: Walk) -> None:
    walk.register().deploy_roles(ExternalId="byoc-somebody-elses")
    look(walk, 2)
    text = shown(people, walk)
    assert stage(text) == "waiting"
    assert "The parameter ExternalId of the stack is another than this one:" in text
    assert f"in another account than {walk.account}" in text


def test_a_role_that_refuses_for_long_is_the_customers_turn(people: People, walk: Walk, settings: Any) -> None:
    walk.register().deploy_roles()
    trust(walk, MANAGEMENT, only_with("byoc-somebody-elses"))
    assert look(walk, 2).turn == Turn.AWS
    text = shown(people, walk)
    assert stage(text) == "probing"
    assert "Nothing is wrong yet" in text
    assert "correct-trust" not in text
    settings.WORKFLOW = {**settings.WORKFLOW, "trust_patience": 0.0}
    workflow = look(walk)
    assert (workflow.turn, workflow.state) == (Turn.YOU, WorkflowState.ACTIVE)
    text = shown(people, walk)
    assert "a role still refuses us" in text
    assert f"update-assume-role-policy --role-name {MANAGEMENT}" in text
    trust(walk, MANAGEMENT, only_with(walk.connection.external_id))
    walk.work()
    assert walk.connection.state == ConnectionState.PROVEN


def test_a_missing_permission_can_be_overridden_with_a_reason_that_is_kept(people: People, walk: Walk) -> None:
    walk.register().deploy_roles()
    take_away(walk, "ClickHouseStoragePolicy")
    walk.work()
    text = shown(people, walk)
    assert stage(text) == "findings"
    assert "may not s3:" in text
    assert 'name="reason"' in text
    assert "<fieldset disabled><legend><code>permissions.simulated" in shown(people, walk, "viewer")
    short = people.admin.post(
        address(walk, "bootstrap_override"), sent(walk, code="permissions.simulated", reason="because")
    )
    assert short.status_code == 422
    assert "at least 10 characters" in short.content.decode()
    assert "because</textarea>" in short.content.decode()
    assert not Override.objects.exists()
    data = sent(walk, code="permissions.simulated", reason="The buckets come from <another> team.")
    assert people.admin.post(address(walk, "bootstrap_override"), data).status_code == 302
    assert people.admin.post(address(walk, "bootstrap_override"), data).status_code == 302  # the button again
    walk.work()
    assert walk.deployment.state == DeploymentState.INFRASTRUCTURE
    page = people.owner.get(address(walk, "bootstrap")).content.decode()
    assert "The buckets come from &lt;another&gt; team." in page
    assert str(people.admin.user) in page
    assert Override.objects.get().by == people.admin.user


@pytest.mark.parametrize(
    ("code", "status"),
    [("trust.principal", 422), ("trust.external-id", 422), ("quotas.addresses", 409), ("x" * 61, 422)],
)
def test_what_is_not_open_cannot_be_overridden(people: People, walk: Walk, code: str, status: int) -> None:
    walk.register().deploy_roles()
    take_away(walk, "ClickHouseStoragePolicy")
    walk.work()
    data = sent(walk, code=code, reason="We know what we do here.")
    assert people.admin.post(address(walk, "bootstrap_override"), data).status_code == status
    assert not Override.objects.exists()


def test_a_second_tenant_is_refused_without_a_hint(people: People, walk: Walk) -> None:
    walk.prove()
    assert people.stranger.user is not None
    theirs = Walk(make_deployment(people.elsewhere), people.stranger.user).register(walk.account)
    for role in (MANAGEMENT, VERIFIER):
        trust(theirs, role, only_with(theirs.connection.external_id))
    theirs.work()
    assert newest_workflow(theirs).state == WorkflowState.REFUSED
    text = shown(people, theirs, "stranger")
    assert stage(text) == "refused"
    assert "you need not do anything" in text
    told = text[text.index('id="bootstrap"') : text.index('id="delivery"')]
    for word in ("already", "another organisation", "tenant", "passed", "opens with", people.organisation.name):
        assert word not in told
    assert "Look again" not in text


def test_access_that_is_lost_is_said(people: People, walk: Walk) -> None:
    walk.register().deploy_roles()
    take_away(walk, "ClickHouseStoragePolicy")
    walk.work()
    for role in (MANAGEMENT, VERIFIER):
        trust(walk, role, None, principal=walk.account)
    people.admin.post(address(walk, "bootstrap_look"), sent(walk))
    walk.work()
    assert walk.connection.state == ConnectionState.LOST
    text = shown(people, walk)
    assert stage(text) == "lost"
    assert "Access lost" in text
    assert "Go on" in text


def test_with_support_nobody_need_do_anything(people: People, walk: Walk) -> None:
    walk.register()
    look(walk)
    assert people.staff.user is not None
    workflows.hand_to_human(workflow=newest_workflow(walk), by=people.staff.user, reason="odd")
    text = shown(people, walk)
    assert stage(text) == "support"
    assert "Support is looking at it. You need not do anything." in text
    assert "Look now" not in text


def test_a_viewer_sees_everything_and_the_reason_why_not(people: People, walk: Walk) -> None:
    walk.register()
    look(walk)
    text = shown(people, walk, "viewer")
    assert walk.connection.external_id in text
    assert "Only admins and owners may press" in text
    assert "Only admins and owners may change these" in text
    assert people.viewer.post(address(walk, "bootstrap_look"), sent(walk)).status_code == 403
    assert people.viewer.post(address(walk, "bootstrap_permissions"), sent(walk)).status_code == 403


def fragment(text: str) -> str:
    found = re.search(r'hx-get="([^"]+/bootstrap/progress/[^"]*)"', text)
    assert found is not None
    return html.unescape(found.group(1))


def test_an_unchanged_fragment_is_204_in_three_queries(
    people: People, walk: Walk, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.register()
    look(walk)
    now = timezone.now()
    monkeypatch.setattr(roles_progress.timezone, "now", lambda: now)
    path = fragment(shown(people, walk))
    with django_assert_max_num_queries(3):
        answer = people.owner.get(path, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_changed_fragment_brings_the_guide_only_with_another_stage(people: People, walk: Walk) -> None:
    walk.register()
    look(walk)
    path = fragment(shown(people, walk))
    same = people.owner.get(path.replace("seen=", "seen=0"), HTTP_HX_REQUEST="true").content.decode()
    assert 'id="bootstrap"' in same
    assert 'id="aside"' in same
    assert 'id="delivery"' not in same
    walk.deploy_roles()
    look(walk)
    moved = people.owner.get(path, HTTP_HX_REQUEST="true").content.decode()
    assert stage(moved) == "probing"
    assert re.search(r'id="delivery"[^>]*hx-swap-oob="true"', moved)


def test_it_asks_no_more_once_nothing_moves(people: People, walk: Walk) -> None:
    walk.register()
    assert "bootstrap/progress" in shown(people, walk)
    Workflow.objects.update(state=WorkflowState.CANCELLED)
    text = shown(people, walk)
    assert stage(text) == "idle"
    assert "bootstrap/progress" not in text


def test_once_ready_peering_can_still_be_allowed_and_a_look_stops_nothing(people: People, walk: Walk) -> None:
    """The customer allows peering before the stack is updated: the look says so and leaves the account free."""
    walk.trust()
    Deployment.objects.filter(pk=walk.deployment.pk).update(state=DeploymentState.READY)
    Connection.objects.filter(pk=walk.connection.pk).update(template_version=1)
    text = shown(people, walk, "admin")
    assert "You may still switch peering" in text
    assert 'name="withhold_vpc_writes"' not in text
    chosen = sent(walk.fresh(), allow_peering_writes="on", withhold_vpc_writes="on")
    assert people.admin.post(address(walk, "bootstrap_permissions"), chosen).status_code == 302
    walk.fresh()
    assert (walk.connection.allows_peering_writes, walk.connection.withholds_vpc_writes) == (True, False)
    assert people.admin.post(address(walk, "bootstrap_look"), sent(walk)).status_code == 302
    ended = walk.work()
    assert ended is not None
    assert (ended.kind, ended.state) == (ROLE_LOOK, WorkflowState.DONE)
    assert walk.connection.template_version == TEMPLATE_VERSION
    look = Observation.objects.filter(kind="permissions", subject_id=walk.deployment.pk).latest("observed_at")
    assert look.verdict == "failed"
    assert "ec2:CreateVpcPeeringConnection" in shown(people, walk, "viewer")
    assert walk.deployment.state == DeploymentState.READY
