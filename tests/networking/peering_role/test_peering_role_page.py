"""The page of the peering role: lent, shown, withdrawn, and by whom."""

import hashlib
import json

import pytest
from django.urls import reverse

from networking.actions.targets import lend_role, withdraw
from networking.kinds import TARGET_TRUST
from networking.models import Peering
from networking.peering.access import can_act, can_look, proven_target
from networking.peering_role.delivery import RoleDelivery
from networking.states import PeeringState
from onboarding.actions import Stale
from onboarding.actions.versions import WrongStep
from onboarding.tasks.trust_words import TARGET_TRUST_SEEN
from portal.accounts.formkeys import new_key
from portal.accounts.refusals import ActionRefused
from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose, ConnectionState
from portal.findings.models import Observation
from portal.workflows.models import Event, Workflow
from portal.workflows.states import WorkflowState
from tests.networking.brought import user_of
from tests.networking.peered import TARGET_ACCOUNT, peered
from tests.networking.peering_role.lent import lent
from tests.people import People, Person


def address(peering: Peering, name: str = "peering_role") -> str:
    return reverse(f"networking:{name}", args=[peering.deployment_id, peering.pk])


def shown(person: Person, peering: Peering) -> str:
    answer = person.get(address(peering))
    assert answer.status_code == 200
    return answer.content.decode()


def press(person: Person, peering: Peering, act: str, version: int | None = None):
    fields = {"act": act, "version": peering.version if version is None else version, "form_key": new_key()}
    return person.post(address(peering), fields)


def test_lending_makes_a_link_of_its_own_and_looks_for_the_role(people: People) -> None:
    peering = peered(people)
    assert "Nobody lends us a role there yet" in shown(people.admin, peering)
    assert press(people.admin, peering, "lend").status_code == 302
    peering.refresh_from_db()
    link = peering.target
    assert link is not None
    assert (link.purpose, link.account_id, link.state) == ("target", TARGET_ACCOUNT, ConnectionState.UNPROVEN)
    assert link.external_id != peering.deployment.connection.external_id
    search = Workflow.objects.get(connection=link)
    assert (search.kind, search.subject_id) == (TARGET_TRUST, peering.deployment_id)
    text = shown(people.admin, peering)
    delivery = RoleDelivery.of(peering, link)
    for part in (link.external_id, delivery.sha256, delivery.template_url, "ec2:AcceptVpcPeeringConnection",
                 f"vpc/{peering.vpc_id}", f"vpc/{peering.requester_vpc}"):  # fmt: skip
        assert part in text, part
    assert delivery.quick_create_url.replace("&", "&amp;") in text
    assert Event.objects.filter(code="peering.role-lent", subject_id=peering.deployment_id).count() == 1


def test_a_peering_with_the_same_account_shares_the_role_and_both_vpcs_stand_in_its_lists(people: People) -> None:
    one = peered(people)
    other = peered(people, vpc_id="vpc-0dadadada", label="data")
    links = {lend_role(peering=row, version=row.version, by=user_of(people)) for row in (one, other)}
    assert len(links) == 1
    other.refresh_from_db()
    delivery = RoleDelivery.of(other, links.pop())
    assert [arn.rpartition("/")[2] for arn in delivery.targets] == [one.vpc_id, "vpc-0dadadada"]
    assert f"{one.vpc_id}\\\\,arn:aws:ec2" in delivery.command
    assert one.label in shown(people.viewer, other)


def test_the_deployments_own_link_to_the_same_account_is_never_taken_for_it(people: People) -> None:
    peering = peered(people)
    own = peering.deployment.connection
    Peering.objects.filter(pk=peering.pk).update(account_id=own.account_id)
    peering.refresh_from_db()
    assert can_look(peering)
    assert not can_act(peering)
    link = lend_role(peering=peering, version=peering.version, by=user_of(people))
    assert link != own
    assert "This role only acts" not in shown(people.admin, peering)
    assert "this role only acts" in shown(people.admin, peering)


def test_withdrawing_closes_the_link_with_its_last_peering_and_the_next_one_has_another_id(people: People) -> None:
    one, other = peered(people), peered(people, vpc_id="vpc-0dadadada", label="data")
    link = lent(one)
    Peering.objects.filter(pk=other.pk).update(target=link)
    other.refresh_from_db()
    assert press(people.owner, one, "withdraw").status_code == 302
    assert Connection.objects.get(pk=link.pk).state == ConnectionState.PROVEN
    withdraw(peering=other, version=other.version, by=user_of(people))
    assert Connection.objects.get(pk=link.pk).state == ConnectionState.CLOSED
    one.refresh_from_db()
    assert one.target is None
    again = lend_role(peering=one, version=one.version, by=user_of(people))
    assert (again.generation, again.external_id != link.external_id) == (2, True)
    assert proven_target(one) is None


def test_withdrawing_ends_the_search(people: People) -> None:
    peering = peered(people)
    lend_role(peering=peering, version=peering.version, by=user_of(people))
    withdraw(peering=peering, version=peering.version, by=user_of(people))
    assert Workflow.objects.get(kind=TARGET_TRUST).state == WorkflowState.CANCELLED


def test_a_viewer_reads_and_a_stranger_finds_nothing(people: People) -> None:
    peering = peered(people)
    link = lent(peering)
    text = shown(people.viewer, peering)
    assert link.external_id in text
    assert "Only admins and owners can change this" in text
    assert press(people.viewer, peering, "withdraw").status_code == 403
    assert people.viewer.post(address(peering, "peering_role_look")).status_code == 403
    for name in ("peering_role", "peering_role_progress", "peering_role_template", "peering_role_policies"):
        assert people.stranger.get(address(peering, name)).status_code == 404
    assert press(people.stranger, peering, "withdraw").status_code == 404
    assert people.anonymous.get(address(peering)).status_code == 302
    assert Connection.objects.get(pk=link.pk).state == ConnectionState.PROVEN


def test_another_tenants_link_is_never_used_even_where_a_row_names_it(people: People) -> None:
    peering = peered(people)
    link = lent(peering)
    Connection.objects.filter(pk=link.pk).update(account_id="999999999990")
    assert proven_target(peering) is None
    assert not can_look(peering)


@pytest.mark.parametrize("account", ["000000000000", "111111111111", "426924874929"])
def test_the_vendors_own_account_and_nobodys_are_refused(people: People, account: str, settings) -> None:
    settings.VENDOR_ACCOUNT_ID = "111111111111"
    peering = peered(people, account_id=account)
    with pytest.raises(ActionRefused):
        lend_role(peering=peering, version=peering.version, by=user_of(people))
    assert press(people.admin, peering, "lend").status_code == 409
    assert not Connection.objects.filter(purpose=ConnectionPurpose.TARGET).exists()


def test_an_old_form_and_a_removed_peering_change_nothing(people: People) -> None:
    peering = peered(people)
    with pytest.raises(Stale):
        lend_role(peering=peering, version=peering.version + 1, by=user_of(people))
    assert press(people.admin, peering, "lend", version=99).status_code == 409
    Peering.objects.filter(pk=peering.pk).update(state=PeeringState.REMOVED)
    peering.refresh_from_db()
    with pytest.raises(WrongStep):
        lend_role(peering=peering, version=peering.version, by=user_of(people))
    assert not Connection.objects.filter(purpose=ConnectionPurpose.TARGET).exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ConnectionState.PROVEN, "Trust is proven: only we can use the role"),
        (ConnectionState.LOST, "no longer opens, so we do not see your side"),
        (ConnectionState.INSECURE, "Correct the trust policy"),
    ],
)
def test_each_state_has_its_words(people: People, state: str, words: str) -> None:
    peering = peered(people)
    lent(peering, state)
    assert words in shown(people.viewer, peering)


def test_files_are_what_the_link_names(people: People) -> None:
    peering = peered(people)
    link = lent(peering)
    delivery = RoleDelivery.of(peering, link)
    template = people.viewer.get(address(peering, "peering_role_template")).content
    assert hashlib.sha256(template).hexdigest() == delivery.sha256
    policies = json.loads(people.viewer.get(address(peering, "peering_role_policies")).content)
    assert link.external_id in json.dumps(policies)
    assert "aws_iam_role_policy" in people.viewer.get(address(peering, "peering_role_terraform")).content.decode()


def test_the_live_part_goes_on_while_we_look_and_stops_then(people: People) -> None:
    peering = peered(people)
    lend_role(peering=peering, version=peering.version, by=user_of(people))
    live = address(peering, "peering_role_progress")
    assert f'hx-get="{live}' in shown(people.admin, peering)
    Workflow.objects.filter(kind=TARGET_TRUST).update(state=WorkflowState.DONE, due_at=None)
    Connection.objects.filter(purpose=ConnectionPurpose.TARGET).update(state=ConnectionState.PROVEN)
    Observation.objects.create(
        organisation=people.organisation, kind=TARGET_TRUST_SEEN, subject_id=peering.target_id, verdict="passed"
    )
    answer = people.admin.get(f"{live}?stage=waiting")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "hx-get" not in text
    assert 'id="role-delivery" hx-swap-oob="true"' in text
    assert text.count("check-done") == 6  # the list ticks itself
    assert "hx-swap-oob" not in people.admin.get(f"{live}?stage=proven").content.decode()
