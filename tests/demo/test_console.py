"""The stand-in for the AWS console, over the emulator."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from networking.actions.targets import lend_role
from networking.peering_role.delivery import RoleDelivery
from networking.peering_role.ledger import POLICY
from networking.peering_role.renderings import ROLE_NAME
from onboarding.bootstrap.versions import template_url
from onboarding.stacks.naming import BOOTSTRAP_STACK
from portal.demo import aws
from portal.demo.accounts import CUSTOMER, VENDOR
from portal.demo.seeds.vendor import publish_templates
from tests.emulators import Emulator, JournalReader
from tests.networking.peered import peered
from tests.people import People
from tests.processes import wait_for
from tests.quick_create import quick_create_url

pytestmark = pytest.mark.django_db
REGION = "us-east-1"
PAGE = "/demo/console/cloudformation/quick-create/"


@pytest.fixture
def link(aws_env: Emulator) -> str:
    """The portal's quick-create link, with the template where it points."""
    publish_templates()
    return quick_create_url(
        region=REGION,
        template_url=template_url(f"{aws_env.endpoint}/byoc-templates", "seed", vendor_account_id=VENDOR.id),
        external_id="byoc-right",
        vendor_account_id="111111111111",
        console="http://127.0.0.1:8000/demo/console",
    )


def fields(page: str) -> dict[str, str]:
    """The values of the form's inputs and selected options, by name."""
    found = dict(re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        found[name] = re.findall(r'<option value="([^"]*)" selected', options)[0]
    return found


def address(link: str) -> str:
    return f"{PAGE}?link={quote(link, safe='')}"


def create(client: Client, link: str, **changes: str) -> Any:
    """Opens the link, overwrites what the test wants, and presses the button."""
    given = fields(client.get(address(link)).content.decode())
    return client.post(address(link), given | {"named_iam": "on"} | changes)


def role(account_id: str) -> dict[str, Any]:
    iam = aws.client("iam", account_id, REGION)
    return dict(iam.get_role(RoleName="ClickHouseManagementRole")["Role"])


def done(client: Client, url: str) -> str:
    """The stack's page once CloudFormation has ended."""

    def look() -> str:
        page = client.get(url).content.decode()
        return "" if "hx-get" in page else page

    return wait_for(look, what="the stack is done")


def test_the_page_shows_what_the_link_proposes(anonymous: Client, link: str) -> None:
    page = anonymous.get(address(link)).content.decode()
    shown = fields(page)
    assert shown["stack_name"] == BOOTSTRAP_STACK
    assert shown["account"] == CUSTOMER.id
    assert shown["region"] == REGION
    assert shown["param_ExternalId"] == "byoc-right"
    assert shown["param_VendorAccountId"] == "111111111111"
    assert shown["template_url"].endswith(".json")
    assert "AWS::IAM::Role" in page
    assert "stand-in for the AWS console" in page


def test_the_button_makes_the_stack_in_the_chosen_account(
    anonymous: Client, link: str, account_id: str, journal: JournalReader
) -> None:
    answer = create(anonymous, link, account=account_id)
    assert answer.status_code == 302
    page = done(anonymous, answer.url)
    assert "CREATE_COMPLETE" in page
    assert account_id in page
    assert "ManagementRole" in page
    created = journal.effects(account_id, "CreateStack")
    assert [entry.parameters["StackName"] for entry in created] == [BOOTSTRAP_STACK]
    assert "byoc-right" in str(role(account_id)["AssumeRolePolicyDocument"])
    assert journal.effects(CUSTOMER.id, "CreateStack") == []


def test_an_overwritten_external_id_is_what_the_role_trusts(anonymous: Client, link: str, account_id: str) -> None:
    done(anonymous, create(anonymous, link, account=account_id, param_ExternalId="byoc-wrong").url)
    trust = str(role(account_id)["AssumeRolePolicyDocument"])
    assert "byoc-wrong" in trust
    assert "byoc-right" not in trust


def test_without_the_acknowledgement_aws_refuses_and_says_so(
    anonymous: Client, link: str, account_id: str, journal: JournalReader
) -> None:
    answer = create(anonymous, link, account=account_id, named_iam="")
    given = fields(anonymous.get(address(link)).content.decode())
    answer = anonymous.post(address(link), given | {"account": account_id})
    assert answer.status_code == 422
    assert "CAPABILITY_NAMED_IAM" in answer.content.decode()
    assert "InsufficientCapabilities" in answer.content.decode()
    assert journal.effects(account_id, "CreateStack") == []


def test_a_second_stack_of_the_name_is_refused_in_awss_words(anonymous: Client, link: str, account_id: str) -> None:
    create(anonymous, link, account=account_id)
    answer = create(anonymous, link, account=account_id)
    assert answer.status_code == 422
    assert "AlreadyExistsException" in answer.content.decode()


@pytest.mark.parametrize("account", ["", "12", "٢٢٢٢٢٢٢٢٢٢٢٢", "<b>222222222222"])
def test_an_account_that_is_none_is_refused(anonymous: Client, link: str, account: str, journal: JournalReader) -> None:
    answer = create(anonymous, link, account=account)
    assert answer.status_code == 422
    assert "<b>2" not in answer.content.decode()
    assert journal.operations(CUSTOMER.id) == []


def test_the_stack_can_be_deleted(anonymous: Client, link: str, account_id: str) -> None:
    url = create(anonymous, link, account=account_id).url
    assert "Delete this stack" in done(anonymous, url)
    assert anonymous.post(f"{url}delete/").url == url
    page = done(anonymous, url)
    assert "DELETE_COMPLETE" in page
    assert "Delete this stack" not in page
    with pytest.raises(Exception, match="NoSuchEntity"):
        role(account_id)


def test_the_list_shows_the_stacks_of_one_account(anonymous: Client, link: str, account_id: str) -> None:
    url = create(anonymous, link, account=account_id).url
    listed = anonymous.get("/demo/console/cloudformation/stacks/", {"account": account_id, "region": REGION})
    assert f'href="{url}"' in listed.content.decode()
    other = anonymous.get("/demo/console/cloudformation/stacks/", {"account": account_id, "region": "eu-west-1"})
    assert "No stack here" in other.content.decode()


def test_the_fragment_is_silent_while_nothing_changes_and_stops_at_the_end(
    anonymous: Client, link: str, account_id: str
) -> None:
    url = create(anonymous, link, account=account_id).url
    done(anonymous, url)
    fragment = anonymous.get(f"{url}progress/", {"seen": "CREATE_IN_PROGRESS-1"})
    assert fragment.status_code == 200
    assert "hx-get" not in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    events = fragment.content.decode().count("<tr>") - 1
    same = anonymous.get(f"{url}progress/", {"seen": f"CREATE_COMPLETE-{events}"})
    assert same.status_code == 204


def test_a_link_to_a_stack_at_aws_leads_to_the_same_stack_here(anonymous: Client, link: str, account_id: str) -> None:
    url = create(anonymous, link, account=account_id).url
    arn = re.findall(r"arn:aws:cloudformation:[^<\"]+", anonymous.get(url).content.decode())[0]
    carried = f"http://127.0.0.1:8000/demo/console/cloudformation/home#/stacks/stackinfo?stackId={arn}"
    assert anonymous.get("/demo/console/cloudformation/stack/", {"link": carried}).url == url
    nowhere = anonymous.get("/demo/console/cloudformation/stack/", {"link": "x"})
    assert nowhere.url == "/demo/console/cloudformation/stacks/"


def test_a_text_that_is_no_link_gets_a_reason(anonymous: Client) -> None:
    answer = anonymous.get(PAGE, {"link": "hello <script>"})
    assert answer.status_code == 422
    assert "no part #/stacks/quickcreate" in answer.content.decode()
    assert "<script>hello" not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "222222222222/us-east-1/nothing/00000000-0000-0000-0000-000000000000",
        "22/us-east-1/nothing/00000000-0000-0000-0000-000000000000",
        "222222222222/mars-1/nothing/00000000-0000-0000-0000-000000000000",
    ],
)
def test_a_stack_that_never_was_is_not_found(anonymous: Client, aws_env: Emulator, path: str) -> None:
    assert anonymous.get(f"/demo/console/cloudformation/stacks/{path}/").status_code == 404


def test_without_an_emulator_the_page_says_how_to_start_one(anonymous: Client) -> None:
    answer = anonymous.get("/demo/console/cloudformation/stacks/")
    assert answer.status_code == 503
    assert "make demo" in answer.content.decode()


def test_it_never_talks_to_the_real_aws(anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    answer = anonymous.get("/demo/console/cloudformation/stacks/")
    assert answer.status_code == 503
    assert "not a loopback address" in answer.content.decode()


def test_a_button_needs_the_forms_token(link: str, account_id: str, journal: JournalReader) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(address(link), {"account": account_id})
    assert answer.status_code == 403
    assert journal.operations(account_id) == []


def test_the_link_to_the_peering_role_makes_it_from_its_published_template(
    anonymous: Client, people: People, link: str, account_id: str
) -> None:
    """Parameters that are lists arrive whole; the template is the one at the address."""
    peering = peered(people, account_id=account_id)
    connection = lend_role(peering=peering, version=peering.version, by=peering.created_by)
    wanted = RoleDelivery.of(peering, connection)
    asked = address(wanted.quick_create_url)
    shown = fields(anonymous.get(asked).content.decode())
    assert shown["param_TargetVpcArns"] == f"arn:aws:ec2:us-east-1:{account_id}:vpc/{peering.vpc_id}"
    answer = anonymous.post(asked, shown | {"named_iam": "on", "account": account_id})
    assert answer.status_code == 302
    assert "CREATE_COMPLETE" in done(anonymous, answer.url)
    iam = aws.client("iam", account_id, REGION)
    document = iam.get_role_policy(RoleName=ROLE_NAME, PolicyName=POLICY.name)["PolicyDocument"]
    assert str(document).count(f"vpc/{peering.requester_vpc}") == 3
