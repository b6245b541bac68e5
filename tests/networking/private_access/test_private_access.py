"""The page of private access: the load balancer, the name, the probe and its result."""

import json
import subprocess
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from networking.actions.balancers import enable_balancer
from networking.models import Peering, PrivateAccess, ReachProof
from networking.states import PeeringState
from onboarding.models import Deployment
from onboarding.states import DeploymentState
from portal.support.models import Ticket
from portal.workflows.models import Event
from tests.networking.peered import BYOC_VPC, peered
from tests.networking.private_access.scenes import (
    PRIVATE,
    PUBLIC,
    access_of,
    address,
    connected,
    fields,
    moment,
    prove,
    result,
    staff_of,
)
from tests.people import People

pytestmark = pytest.mark.django_db


def shown(person: Any, peering: Peering) -> str:
    answer = person.get(address("private_access", peering))
    assert answer.status_code == 200
    return answer.content.decode()


def line(**changes: Any) -> str:
    return json.dumps(result(**changes))


def test_support_is_asked_once_with_the_deployments_facts(people: People) -> None:
    peering = peered(people)
    assert "Ask support to enable it" in shown(people.owner, peering)
    for _press in range(2):
        assert people.owner.post(address("balancer_ask", peering), fields()).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.state) == ("private_balancer", "open")
    assert BYOC_VPC in ticket.summary["en"]
    page = shown(people.colleague, peering)
    assert "Support is asked" in page
    assert "support's turn" in page or "support&#x27;s turn" in page


def test_support_enables_it_and_the_page_says_who(people: People) -> None:
    peering = peered(people)
    people.owner.post(address("balancer_ask", peering), fields())
    enable_balancer(deployment=peering.deployment, by=staff_of(people), reason="It is made.")
    assert "It is enabled." in shown(people.owner, peering)
    assert Ticket.objects.get().state == "closed"


def test_the_switch_is_for_the_rules_that_have_it(people: People) -> None:
    without, with_switch = peered(people), peered(people, profile="2026-08")
    assert people.owner.post(address("balancer_enable", without), fields()).status_code == 409
    assert not PrivateAccess.objects.filter(deployment=without.deployment_id, enabled_at__isnull=False).exists()
    assert "Enable it" in shown(people.owner, with_switch)
    assert people.admin.post(address("balancer_enable", with_switch), fields()).status_code == 302
    assert people.admin.user is not None
    assert access_of(with_switch).enabled_by == people.admin.user.email
    assert people.admin.post(address("balancer_enable", with_switch), fields()).status_code == 409


def test_the_public_name_gives_the_private_one_to_copy(people: People) -> None:
    peering = peered(people)
    sent = fields(public_host=f"https://{PUBLIC.upper()}:8443/play", version="1")
    assert people.owner.post(address("private_access_name", peering), sent).status_code == 302
    assert access_of(peering).public_host == PUBLIC
    assert f'data-copy="{PRIVATE}"' in shown(people.colleague, peering)
    assert Event.objects.filter(code="private-access.named", subject_id=peering.deployment_id).count() == 1


def test_an_old_form_changes_no_name_and_a_wrong_name_is_said_at_the_field(people: People) -> None:
    peering = connected(people)
    url = address("private_access_name", peering)
    assert people.owner.post(url, fields(public_host=PUBLIC, version="1")).status_code == 409
    wrong = people.owner.post(url, fields(public_host="<b>example.com</b>", version="2"))
    assert wrong.status_code == 422
    assert "is no name of a deployment" in wrong.content.decode()
    assert "<b>example.com" not in wrong.content.decode()
    assert access_of(peering).public_host == PUBLIC


def test_the_script_is_made_for_the_private_name(people: People, tmp_path: Any) -> None:
    peering = connected(people, named=False)
    url = address("private_access_script", peering)
    assert people.owner.get(url).status_code == 404
    people.owner.post(address("private_access_name", peering), fields(public_host=PUBLIC, version="1"))
    answer = people.colleague.get(url)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="private-access.sh"'
    assert f"host={PRIVATE}\nports='8443 9440'" in answer.content.decode()
    script = tmp_path / "private-access.sh"
    script.write_bytes(answer.content)
    subprocess.run(["dash", "-n", script], check=True, timeout=10)


def test_a_pasted_line_is_kept_and_shown_as_the_customers_word(people: People) -> None:
    peering = connected(people)
    url = address("private_access_proof", peering)
    assert people.owner.post(url, fields(peering=str(peering.pk), text=f"\n{line()}\n")).status_code == 302
    proof = ReachProof.objects.get()
    assert people.owner.user is not None
    assert (proof.proven, proof.host, proof.by, proof.peering) == (True, PRIVATE, people.owner.user.email, peering)
    page = shown(people.colleague, peering)
    assert "resolves to private addresses" in page
    assert "stated by you" in page
    assert Event.objects.filter(code="private-access.probed").count() == 1


def test_a_file_is_taken_as_well(people: People) -> None:
    peering = connected(people)
    sent = SimpleUploadedFile("result.json", line(ports={"8443": "timeout", "9440": "open"}).encode())
    answer = people.owner.post(address("private_access_proof", peering), fields(peering=str(peering.pk), result=sent))
    assert answer.status_code == 302
    assert ReachProof.objects.get().proven is False
    assert "a security group, a network ACL or a route drops it" in shown(people.owner, peering)


REFUSED = [
    ({"text": ""}, "Paste the line that the script printed"),
    ({"text": line(host="other-private.example")}, "but the private name here is"),
    ({"text": line(checked_at=moment(days=2))}, "Run it again"),
    ({"text": line(checked_at=moment(hours=-1))}, "Run it again"),
    ({"text": '{"format":1,"format":1}'}, "twice"),
    ({"text": "<script>alert(1)</script>"}, "no JSON"),
    ({"text": "x" * 20_000}, "longer than 16 KiB"),
    ({"text": line(), "result": SimpleUploadedFile("a", b"{}")}, "not both"),
    ({"result": SimpleUploadedFile("a", b"")}, "The file is empty"),
    ({"result": SimpleUploadedFile("a", b"\xff\xfe")}, "byte order mark"),
    ({"text": line(), "peering": "0"}, "not one of the available choices"),
    ({"text": line(), "peering": ""}, "Choose the peering"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED)
def test_what_is_no_result_of_this_deployment_is_refused_and_nothing_kept(
    people: People, changes: dict[str, Any], words: str
) -> None:
    peering = connected(people)
    for value in changes.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    answer = people.owner.post(
        address("private_access_proof", peering), fields(**{"peering": str(peering.pk), **changes})
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert not ReachProof.objects.exists()


def test_a_result_names_no_peering_of_another_deployment_or_one_that_is_removed(people: People) -> None:
    mine, other = connected(people), connected(people)
    gone = connected(people)
    Peering.objects.filter(pk=gone.pk).update(state=PeeringState.REMOVED, deployment=mine.deployment)
    for named in (other, gone):
        sent = fields(peering=str(named.pk), text=line())
        assert people.owner.post(address("private_access_proof", mine), sent).status_code == 422
    assert not ReachProof.objects.exists()


def test_of_several_peerings_the_one_that_the_address_names_is_chosen(people: People) -> None:
    first, second = connected(people), connected(people, vpc_id="vpc-0e0e0e0e0e0e0e0e1", named=False)
    Peering.objects.filter(pk=second.pk).update(deployment=first.deployment)
    page = people.owner.get(address("private_access", first), data={"peering": str(second.pk)}).content.decode()
    assert f'<option value="{second.pk}" selected>' in page
    odd = people.owner.get(address("private_access", first), data={"peering": "<b>"}).content.decode()
    assert "selected" not in odd
    assert "<b>" not in odd


def test_a_result_of_a_former_name_says_so(people: People) -> None:
    peering = connected(people)
    prove(people, peering)
    other = PUBLIC.replace("h5ju65kv87", "aaaaaaaaaa")
    people.owner.post(address("private_access_name", peering), fields(public_host=other, version="2"))
    assert "a name given here before" in shown(people.owner, peering)


@pytest.mark.parametrize(
    "name", ["private_access_name", "private_access_proof", "balancer_ask", "balancer_enable", "public_removal",
             "public_withdraw", "public_restore"],
)  # fmt: skip
@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("anonymous", 302), ("staff", 404)])
def test_only_admins_and_owners_change_anything(people: People, name: str, who: str, status: int) -> None:
    peering = peered(people)
    before = PrivateAccess.objects.count(), Ticket.objects.count()
    assert getattr(people, who).post(address(name, peering), fields()).status_code == status
    assert (PrivateAccess.objects.count(), Ticket.objects.count()) == before


def test_before_the_deployment_is_ready_nothing_can_be_done(people: People) -> None:
    peering = peered(people)
    Deployment.objects.filter(pk=peering.deployment_id).update(state=DeploymentState.LAUNCH)
    assert "is not ready, so there is nothing to reach" in shown(people.owner, peering)
    for name in ("private_access_name", "private_access_proof", "balancer_ask", "public_removal"):
        assert people.owner.post(address(name, peering), fields()).status_code == 409
    assert not PrivateAccess.objects.exists()


def test_the_page_costs_ten_queries_at_most_however_many_peerings_there_are(
    people: People, django_assert_max_num_queries: Any
) -> None:
    peering = connected(people)
    prove(people, peering)
    for number in range(3):
        more = connected(people, named=False, vpc_id=f"vpc-0e0e0e0e0e0e0e0e{number + 1}")
        Peering.objects.filter(pk=more.pk).update(deployment=peering.deployment)
    shown(people.colleague, peering)
    with django_assert_max_num_queries(10):
        shown(people.colleague, peering)


def test_a_stranger_sees_no_page(people: People) -> None:
    assert (
        people.stranger.get(reverse("networking:private_access", args=[peered(people).deployment_id])).status_code
        == 404
    )
