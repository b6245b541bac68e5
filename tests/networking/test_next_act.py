"""The head of the VPC page: the next act, and the page's parts with how far they are."""

import re
from copy import deepcopy
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from networking.actions.vpc_requests import approve_request, ask_back, submit_vpc, withdraw_requests
from networking.models import VpcRequest
from onboarding.models import Deployment, InfrastructurePlan
from tests.networking.brought import SUBNETS, VPC, account_of, bring, facts_document, look, untagged, user_of
from tests.people import People, Person

pytestmark = pytest.mark.django_db


def head(person: Person, deployment: Deployment, query: str = "") -> str:
    """The words of the page's head, and of nothing else."""
    html = person.get(reverse("networking:vpc", args=[deployment.pk]) + query).content.decode()
    part = html.split('id="vpc-next"', 1)[1].split("</section>", 1)[0]
    return " ".join(unescape(strip_tags(f"<div {part}".replace("<", " <"))).split())


def parts(person: Person, deployment: Deployment) -> list[str]:
    """How far each part is."""
    html = person.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    listed = html.split('class="vpc-way"', 1)[1].split("</ol>", 1)[0]
    return [item.split('"', 1)[0] for item in listed.split('class="way-')[1:]]


def sent(people: People, deployment: Deployment) -> VpcRequest:
    return submit_vpc(deployment=deployment, version=deployment.version, by=user_of(people))


def test_before_a_look_it_asks_for_a_vpc(people: People) -> None:
    deployment = bring(people, choose=False)
    assert "Choose a VPC, then press «Look at this VPC»." in head(people.owner, deployment)
    assert parts(people.owner, deployment) == ["current", "next", "next", "next"]


def test_after_a_look_it_asks_for_the_subnets(people: People) -> None:
    deployment = bring(people, choose=False)
    look(deployment)
    assert f"Choose the private subnets of {VPC} and save them." in head(people.owner, deployment, f"?vpc={VPC}")


def test_failures_are_counted_and_lead_to_the_remedies(people: People) -> None:
    deployment = bring(people)
    look(deployment, untagged(facts_document(account_of(deployment))))
    assert f"1 check of {VPC} failed. Mend what we found, then look again. How to mend it" in head(
        people.owner, deployment
    )
    assert parts(people.owner, deployment) == ["done", "done", "current", "next"]


def test_what_keeps_the_rules_is_to_be_sent(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    assert f"{VPC} keeps the rules. Send it to support" in head(people.owner, deployment)
    assert parts(people.owner, deployment) == ["done", "done", "done", "current"]


def test_what_could_not_be_read_is_counted(people: People) -> None:
    deployment = bring(people)
    document: dict[str, Any] = deepcopy(facts_document(account_of(deployment)))
    del document["DescribeRouteTables"]
    look(deployment, document)
    said = head(people.owner, deployment)
    assert "Nothing failed, but 2 checks" in said
    assert "Allow what is missing and look again" in said


def test_it_follows_the_request_to_the_review(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    request = sent(people, deployment)
    assert f"Support has the request for {VPC}. You need not do anything" in head(people.owner, deployment)
    assert people.staff.user is not None
    approve_request(request=request, by=people.staff.user, reason="All rules are kept.")
    assert f"Support approved {VPC}." in head(people.owner, deployment)
    page = people.owner.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    review = reverse("onboarding:review", args=[deployment.pk])
    assert f'class="btn btn-primary" href="{review}"' in page.split('id="vpc-next"', 1)[1].split("</section>", 1)[0]
    assert parts(people.owner, deployment) == ["done", "done", "done", "done"]


def test_a_vpc_that_fails_after_its_approval_is_to_be_mended_first(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    assert people.staff.user is not None
    approve_request(request=sent(people, deployment), by=people.staff.user, reason="All rules are kept.")
    look(deployment, untagged(facts_document(account_of(deployment))))
    said = head(people.owner, deployment)
    assert "1 check of" in said
    assert "Review and confirm" not in said


def test_a_question_is_to_be_read_and_a_withdrawn_request_sent_again(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    assert people.staff.user is not None
    ask_back(request=sent(people, deployment), by=people.staff.user, reason="Which gateway?")
    assert f"Support has a question about {VPC}." in head(people.owner, deployment)
    withdraw_requests(deployment=deployment, by=user_of(people))
    assert f"{VPC} keeps the rules." in head(people.owner, deployment)


def test_the_live_part_brings_the_head_along(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    answer = people.owner.get(reverse("networking:vpc_progress", args=[deployment.pk]), headers={"HX-Request": "true"})
    assert '<div id="vpc-next" hx-swap-oob="true">' in answer.content.decode()


def test_general_advice_does_not_stand_beside_the_remedy_or_an_unread_fact(people: People) -> None:
    deployment = bring(people)
    document: dict[str, Any] = untagged(facts_document(account_of(deployment)))
    del document["DescribeVpcEndpoints"]
    look(deployment, document)
    page = people.owner.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    found = page.split('id="findings"', 1)[1].split("</section>", 1)[0]
    assert 'data-code="subnets.tags"' in found
    assert "ec2:DescribeVpcEndpoints" in found
    assert "finding-remedy" not in found


def test_the_vpc_that_is_saved_can_be_picked_where_nobody_listed_the_region(people: People) -> None:
    deployment = bring(people)
    page = people.owner.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    assert f'value="{VPC}" id="vpc-{VPC}" checked' in page
    assert "Nobody has looked at us-east-1 yet" in page


def with_larger(document: dict[str, Any]) -> dict[str, Any]:
    """Its first subnet is too small, and a larger one stands beside it."""
    changed = deepcopy(document)
    subnets = changed["DescribeSubnets"]["Subnets"]
    subnets.append({**subnets[0], "SubnetId": "subnet-0fedcba9876543210", "CidrBlock": "10.0.64.0/20"})
    subnets[0] |= {"CidrBlock": "10.0.0.0/24", "AvailableIpAddressCount": 251}
    return changed


def test_better_subnets_are_taken_with_one_press(people: People) -> None:
    deployment = bring(people)
    look(deployment, with_larger(facts_document(account_of(deployment))))
    assert f"Other subnets of {VPC} keep the rules" in head(people.owner, deployment)
    page = people.owner.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    form = page.split('<form id="take-proposed"', 1)[1].split("</form>", 1)[0]
    sent_along = dict(re.findall(r'name="(form_key|version|vpc)" value="([^"]*)"', form))
    subnets = re.findall(r'name="subnets\[\]" value="([^"]*)"', form)
    assert len(subnets) == 3
    answer = people.owner.post(
        reverse("networking:vpc_choose", args=[deployment.pk]), {**sent_along, "subnets[]": subnets}
    )
    assert answer.status_code == 302
    assert set(InfrastructurePlan.objects.get(deployment=deployment).subnet_ids) == set(subnets)
    assert f"{VPC} keeps the rules." in head(people.owner, deployment)


def test_a_viewer_is_offered_no_press(people: People) -> None:
    deployment = bring(people)
    look(deployment, with_larger(facts_document(account_of(deployment))))
    page = people.viewer.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    assert "take-proposed" not in page


def test_a_choice_of_new_subnets_is_not_told_as_mended(people: People) -> None:
    deployment = bring(people)
    document = facts_document(account_of(deployment))
    older = deepcopy(document)
    del older["DescribeSubnets"]["Subnets"][0]
    look(deployment, older)
    look(deployment, document)
    page = people.owner.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    assert 'id="changes"' not in page


def test_what_became_worse_is_named_and_leads_to_the_finding(people: People) -> None:
    deployment = bring(people)
    look(deployment)
    document: dict[str, Any] = untagged(facts_document(account_of(deployment)))
    del document["DescribeRouteTables"]
    look(deployment, document)
    page = people.owner.get(reverse("networking:vpc", args=[deployment.pk])).content.decode()
    told = page.split('id="changes"', 1)[1].split("</ul>", 1)[0]
    assert f'<a href="#subnets.tags">Load balancer tag of the subnets · {SUBNETS[1]}</a>' in told
    assert '<a href="#subnets.private">Private subnets</a>' in told
    assert told.count("No longer known:") == 2
    assert 'id="subnets.tags"' in page
    assert 'id="subnets.private"' in page
