"""What the support desk shows: everything, linked, and nothing to edit."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from onboarding.models import Deployment
from portal.accounts.actions import invite
from portal.accounts.models import Invitation, Organisation
from portal.accounts.states import Role
from portal.aws.models import CallRecord, Connection
from portal.findings.models import Observation
from portal.workflows.models import Event, Letter, Workflow
from tests.people import People
from tests.staff.rows import make_everything, make_workflow

SHOWN = sorted(model._meta.label for model in admin.site._registry)


def _address(model: type[Model], what: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def _model(label: str) -> type[Model]:
    return next(model for model in admin.site._registry if model._meta.label == label)


def _page(people: People, row: Model) -> str:
    answer = people.staff.get(_address(type(row), "change", row.pk))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def workflow(people: People) -> Workflow:
    invite(organisation=people.organisation, email="x@customer.example", role=Role.ADMIN, by=people.owner.user)
    return make_everything(people)


@pytest.mark.parametrize("label", SHOWN)
def test_each_list_and_each_row_opens_and_offers_no_edit(people: People, workflow: Workflow, label: str) -> None:
    model = _model(label)
    row = model._default_manager.first()
    assert row is not None, f"the test makes no {label}"
    listed = people.staff.get(_address(model, "changelist"))
    assert listed.status_code == 200
    assert "No such" not in listed.content.decode()
    page = _page(people, row)
    main = page[page.index('id="content"') :]
    assert not re.search(r'<(input|select|textarea)(?![^>]*type="hidden")', main)
    assert 'name="_save"' not in page
    assert "deletelink" not in page


@pytest.mark.parametrize("label", SHOWN)
def test_nothing_can_be_added_changed_or_deleted_by_hand(people: People, workflow: Workflow, label: str) -> None:
    model = _model(label)
    row = model._default_manager.first()
    before = model._default_manager.values().get(pk=row.pk)
    assert people.staff.get(_address(model, "add")).status_code == 403
    assert people.staff.post(_address(model, "add"), {}).status_code == 403
    assert people.staff.post(_address(model, "change", row.pk), {"name": "x", "state": "done"}).status_code == 403
    assert people.staff.post(_address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    people.staff.post(_address(model, "changelist"), bulk)
    assert model._default_manager.values().get(pk=row.pk) == before


def test_lists_and_searches_cost_at_most_ten_queries(
    people: People, workflow: Workflow, django_assert_max_num_queries
) -> None:
    for number in range(1, 15):
        make_everything(people, number)
    for model in admin.site._registry:
        for query in ("", "?q=zzz", "?p=1"):
            with django_assert_max_num_queries(10):
                answer = people.staff.get(_address(model, "changelist") + query)
            assert answer.status_code == 200


def test_rows_link_to_what_they_refer_to_and_to_what_refers_to_them(people: People, workflow: Workflow) -> None:
    page = _page(people, workflow)
    deployment = Deployment.objects.get(connection=workflow.connection)
    assert _address(Organisation, "change", people.organisation.pk) in page
    assert _address(Connection, "change", workflow.connection.pk) in page
    assert _address(Deployment, "change", deployment.pk) in page
    assert "Waiting for the NAT gateway" in page

    organisation = _page(people, people.organisation)
    for model in (Deployment, Workflow, Connection, CallRecord, Event, Invitation):
        link = f"{_address(model, 'changelist')}?organisation__id__exact={people.organisation.pk}"
        assert link in organisation
        assert people.staff.get(link).status_code == 200

    call = _page(people, CallRecord.objects.get())
    assert _address(Workflow, "change", workflow.pk) in call


def test_the_narrowed_list_holds_only_its_rows(people: People, workflow: Workflow) -> None:
    Deployment.objects.create(organisation=people.elsewhere, name="somebody else's")
    link = f"{_address(Deployment, 'changelist')}?organisation__id__exact={people.organisation.pk}"
    page = people.staff.get(link).content.decode()
    assert workflow.connection.deployments.get().name in page
    assert "somebody else" not in page


def test_findings_are_shown_as_the_customer_sees_them(people: People, workflow: Workflow) -> None:
    page = _page(people, Observation.objects.get())
    assert 'class="finding finding-failed" data-code="trust.external-id"' in page
    assert "Role r-1 trusts everybody." in page


def test_secrets_are_not_shown(people: People, workflow: Workflow) -> None:
    invitation, letter = Invitation.objects.get(), Letter.objects.get()
    token = re.search(r"/people/invitation/([A-Za-z0-9_-]{43})/", letter.body).group(1)
    assert invitation.token_hash not in _page(people, invitation)
    assert token not in _page(people, letter)
    assert "/people/invitation/…" in _page(people, letter)
    assert workflow.connection.external_id not in _page(people, workflow.connection)
    assert people.owner.user.password not in _page(people, people.owner.user)


def test_the_second_factor_of_a_person_is_seen(people: People) -> None:
    row = re.compile(r"Second factor:</label>.*?alt=\"(True|False)\"", re.DOTALL)
    assert row.search(_page(people, people.staff.user)).group(1) == "True"
    assert row.search(_page(people, people.owner.user)).group(1) == "False"


def test_the_desk_keeps_the_strict_content_security_policy(people: People, workflow: Workflow) -> None:
    for address in ("/admin/", _address(Workflow, "changelist"), _address(Workflow, "change", workflow.pk)):
        answer = people.staff.get(address)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        nonce = re.search(r"'nonce-([^']+)'", policy)
        for tag in re.findall(r"<script(?![^>]*src=)(?![^>]*json)[^>]*>", answer.content.decode()):
            assert nonce is not None
            assert f'nonce="{nonce.group(1)}"' in tag
        assert not re.search(r"<[a-z][^>]*\s(onclick|onload|style)=", answer.content.decode())


def test_the_first_page_says_what_waits_and_leads_there(people: People, workflow: Workflow) -> None:
    Workflow.objects.filter(pk=workflow.pk).update(state="needs_human")
    make_workflow(people, deadline_at=timezone.now() - timedelta(hours=3))
    page = people.staff.get("/admin/").content.decode()
    lines = dict(re.findall(r'<a href="([^"]+)">[^<]+</a></th><td[^>]*>(\d+)</td>', page))
    assert list(lines.values()) == ["1", "1", "1", "1", "0", "0", "1", "1", "1", "0", "0"]
    for address, count in lines.items():
        listed = people.staff.get(address.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert listed.context["cl"].result_count == int(count)
    assert "3 hours" in page.replace("\xa0", " ")


def test_the_first_page_costs_at_most_ten_queries(people: People, django_assert_max_num_queries) -> None:
    for number in range(10):
        make_everything(people, number)
    with django_assert_max_num_queries(10):
        assert people.staff.get("/admin/").status_code == 200


def test_every_model_and_app_on_the_desk_has_a_translatable_name() -> None:
    for model in admin.site._registry:
        for name in (model._meta.verbose_name, model._meta.verbose_name_plural, model._meta.app_config.verbose_name):
            assert isinstance(name, Promise), f"{model._meta.label}: {name!r} stays English"
