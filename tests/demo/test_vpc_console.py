"""The stand-in for the VPC console, over the emulator."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from portal.demo import aws
from portal.demo.accounts import CUSTOMER
from portal.demo.seeds.places import Place, place
from tests.emulators import Emulator, JournalReader
from tests.people import fresh_account_id

pytestmark = pytest.mark.django_db
REGION = "us-east-1"


@dataclass
class Pair:
    """Two accounts with one VPC each, and a browser."""

    client: Client
    mine: Place
    theirs: Place
    vpc: str
    peer: str

    def url(self, site: Place, path: str) -> str:
        return f"/demo/console/vpc/{site.account_id}/{REGION}/{path}"

    def page(self, site: Place, path: str, status: int = 200) -> str:
        answer = self.client.get(self.url(site, path))
        assert answer.status_code == status
        return answer.content.decode()

    def post(self, site: Place, path: str, status: int = 302, **given: str) -> Any:
        answer = self.client.post(self.url(site, path), given)
        assert answer.status_code == status, answer.content.decode()[-3000:]
        return answer

    def ask(self, status: int = 302, **changes: str) -> Any:
        given = {"name": "to the hub", "requester": self.vpc, "owner": "other", "account_id": self.theirs.account_id}
        given |= {"place": "here", "other_region": "", "accepter": self.peer}
        return self.post(self.mine, "peerings/create/", status, **(given | changes))

    def request(self) -> str:
        return re.findall(r"pcx-[0-9a-f]+", self.ask().url)[0]

    def seen(self, own: str) -> dict[str, Any]:
        asked = {"VpcPeeringConnectionIds": [own]}
        return dict(self.mine.ec2.describe_vpc_peering_connections(**asked)["VpcPeeringConnections"][0])


@pytest.fixture
def pair(anonymous: Client, aws_env: Emulator, account_id: str) -> Pair:
    mine, theirs = place(account_id, REGION), place(fresh_account_id(), REGION)
    return Pair(anonymous, mine, theirs, mine.vpc("byoc", "10.0.0.0/16"), theirs.vpc("hub", "10.20.0.0/16"))


def test_a_request_is_made_with_the_fields_of_awss_form(pair: Pair, journal: JournalReader) -> None:
    form = pair.page(pair.mine, "peerings/create/")
    for words in ("Select a local VPC to peer with", f"{pair.vpc} / byoc", "My account", "Another account"):
        assert words in form
    own = pair.request()
    page = pair.page(pair.mine, f"peerings/{own}/")
    assert f"A VPC peering connection {own} has been requested." in page
    assert "pending-acceptance" in page
    assert pair.theirs.account_id in page
    (made,) = journal.effects(pair.mine.account_id, "CreateVpcPeeringConnection")
    assert (made.parameters["VpcId"], made.parameters["PeerVpcId"]) == (pair.vpc, pair.peer)
    assert made.parameters["PeerOwnerId"] == pair.theirs.account_id
    assert pair.seen(own)["Tags"] == [{"Key": "Name", "Value": "to the hub"}]


def test_the_accepter_sees_both_sides_before_accepting(pair: Pair) -> None:
    own = pair.request()
    assert "Accept request" not in pair.page(pair.mine, f"peerings/{own}/")
    assert own in pair.page(pair.theirs, "peerings/")
    page = pair.page(pair.theirs, f"peerings/{own}/")
    assert "Requester owner ID" in page
    assert f"VPC {pair.vpc} of account {pair.mine.account_id} in {REGION} asks to be connected" in page
    assert "Do not accept requests from accounts that you do not know." in page
    pair.post(pair.theirs, f"peerings/{own}/accept/")
    assert pair.seen(own)["Status"]["Code"] == "active"
    assert "Modify my route tables now" in pair.page(pair.theirs, f"peerings/{own}/")


def test_a_request_can_be_rejected_and_then_not_be_accepted(pair: Pair) -> None:
    own = pair.request()
    pair.post(pair.theirs, f"peerings/{own}/reject/")
    assert pair.seen(own)["Status"]["Code"] == "rejected"
    page = pair.post(pair.theirs, f"peerings/{own}/accept/", 422).content.decode()
    assert "InvalidStateTransition" in page


def test_the_requester_cannot_accept_for_the_other_account(pair: Pair) -> None:
    own = pair.request()
    page = pair.post(pair.mine, f"peerings/{own}/accept/", 422).content.decode()
    assert "OperationNotPermitted" in page
    assert f"account {pair.theirs.account_id}, in {REGION}" in page
    assert pair.seen(own)["Status"]["Code"] == "pending-acceptance"


def test_deleting_takes_the_accounts_own_routes_along_where_asked(pair: Pair) -> None:
    own = pair.request()
    pair.post(pair.theirs, f"peerings/{own}/accept/")
    for site, vpc, destination in ((pair.mine, pair.vpc, "10.20.0.0/16"), (pair.theirs, pair.peer, "10.0.0.0/16")):
        pair.post(site, f"route-tables/{site.main_table(vpc)}/edit/", destination=destination, target=own)
    assert "To confirm, type" in pair.post(pair.mine, f"peerings/{own}/delete/", 422).content.decode()
    pair.post(pair.mine, f"peerings/{own}/delete/", with_routes="on", confirmed="delete")
    assert pair.seen(own)["Status"]["Code"] == "deleted"
    assert f"<code>{own}</code>" not in pair.page(pair.mine, f"route-tables/{pair.mine.main_table(pair.vpc)}/")
    assert "blackhole" in pair.page(pair.theirs, f"route-tables/{pair.theirs.main_table(pair.peer)}/")


def test_a_route_is_added_and_removed(pair: Pair, journal: JournalReader) -> None:
    own, table = pair.request(), pair.mine.main_table(pair.vpc)
    pair.post(pair.theirs, f"peerings/{own}/accept/")
    path = f"route-tables/{table}/edit/"
    assert f'<option value="{own}">' in pair.page(pair.mine, path)
    pair.post(pair.mine, path, destination="10.20.0.0/16", target=own)
    assert f"Updated routes for {table} successfully." in pair.page(pair.mine, f"route-tables/{table}/")
    again = pair.post(pair.mine, path, 422, destination="10.20.0.0/16", target=own).content.decode()
    assert "RouteAlreadyExists" in again
    wrong = pair.post(pair.mine, path, 422, destination="everything", target=own).content.decode()
    assert "This is not a valid CIDR block" in wrong
    pair.post(pair.mine, f"route-tables/{table}/remove/", destination="10.20.0.0/16")
    assert f"<code>{own}</code>" not in pair.page(pair.mine, f"route-tables/{table}/")
    assert journal.operations(pair.mine.account_id)[-2:] == ["CreateRoute", "DeleteRoute"]


def test_a_route_gets_another_target(pair: Pair) -> None:
    own, table = pair.request(), pair.mine.main_table(pair.vpc)
    pair.mine.default_route(table, gateway=pair.mine.internet_gateway(pair.vpc, "way out"))
    pair.post(pair.mine, f"route-tables/{table}/change/", destination="0.0.0.0/0", target=own)
    routes = pair.mine.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    changed = next(route for route in routes if route["DestinationCidrBlock"] == "0.0.0.0/0")
    assert (changed["VpcPeeringConnectionId"], changed["State"]) == (own, "blackhole")
    refused = pair.post(pair.mine, f"route-tables/{table}/change/", 400, destination="10.9.0.0/16", target=own)
    assert "There is no route defined for" in refused.content.decode()


def test_the_local_route_has_no_button(pair: Pair) -> None:
    table = pair.mine.main_table(pair.vpc)
    assert ">Remove<" not in pair.page(pair.mine, f"route-tables/{table}/edit/").replace('scope="col">Remove<', "")
    refused = pair.post(pair.mine, f"route-tables/{table}/remove/", 400, destination="10.0.0.0/16")
    assert "cannot remove local route" in refused.content.decode()


def test_a_table_names_the_subnets_that_follow_it(pair: Pair) -> None:
    followed = pair.mine.subnet(pair.vpc, "app-a", "10.0.1.0/24", "a")
    own = pair.mine.subnet(pair.vpc, "app-b", "10.0.2.0/24", "b")
    table = pair.mine.table(pair.vpc, "apps", own)
    main = pair.page(pair.mine, f"route-tables/{pair.mine.main_table(pair.vpc)}/")
    assert followed in main
    assert own not in main
    assert "it follows the main table" in main
    page = pair.page(pair.mine, f"vpcs/{pair.vpc}/")
    for shown in (followed, own, table, "(main)", "10.0.0.0/16"):
        assert shown in page
    assert own in pair.page(pair.mine, "route-tables/")


def test_security_groups_are_shown_with_their_rules(pair: Pair) -> None:
    group = pair.mine.ec2.create_security_group(GroupName="k8s-x", Description="balancer", VpcId=pair.vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443}
    ranges = {"IpRanges": [{"CidrIp": "10.20.0.0/16", "Description": "hub"}]}
    pair.mine.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule | ranges])
    assert group in pair.page(pair.mine, "security-groups/")
    page = pair.page(pair.mine, f"security-groups/{group}/")
    for shown in ("TCP", "8443", "10.20.0.0/16", "hub", "0.0.0.0/0"):
        assert shown in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account_id": ""}, "Enter the account ID"),
        ({"account_id": "12"}, "An AWS account ID has 12 digits"),
        ({"place": "elsewhere"}, "Choose the Region"),
        ({"owner": "mine", "accepter": "vpc-0123456789abcdef0"}, "InvalidVpcID.NotFound"),
        ({"requester": "vpc-0123456789abcdef0"}, "not one of the available choices"),
    ],
)
def test_what_is_refused_says_why(pair: Pair, journal: JournalReader, changes: dict[str, str], words: str) -> None:
    assert words in pair.ask(422, **changes).content.decode()
    assert journal.effects(pair.mine.account_id, "CreateVpcPeeringConnection") == []


@pytest.mark.parametrize(
    ("fragment", "path"),
    [
        ("", "peerings/"),
        ("PeeringConnections:", "peerings/"),
        ("PeeringConnections", "peerings/"),
        ("CreatePeeringConnection:", "peerings/create/"),
        ("PeeringConnectionDetails:VpcPeeringConnectionId=pcx-1", "peerings/pcx-1/"),
        ("RouteTables:", "route-tables/"),
        ("RouteTableDetails:RouteTableId=rtb-1", "route-tables/rtb-1/"),
        ("EditRoutes:routeTableId=rtb-1", "route-tables/rtb-1/edit/"),
        ("VpcDetails:VpcId=vpc-1", "vpcs/vpc-1/"),
        ("SubnetDetails:subnetId=subnet-1", "subnets/subnet-1/"),
        ("SecurityGroup:groupId=sg-1", "security-groups/sg-1/"),
    ],
)
def test_a_link_arrives_at_its_page_and_region(anonymous: Client, fragment: str, path: str) -> None:
    link = f"http://127.0.0.1:8000/demo/console/vpcconsole/home?region=eu-central-1#{fragment}"
    answer = anonymous.get("/demo/console/vpc/page/", {"link": link})
    assert answer.url == f"/demo/console/vpc/{CUSTOMER.id}/eu-central-1/{path}"


@pytest.mark.parametrize(
    "fragment", ["EndpointDetails:vpcEndpointId=vpce-1", "VpcDetails:", "VpcDetails:VpcId=../a", "RouteTableDetails:="]
)
def test_a_link_to_another_page_says_that_there_is_none(anonymous: Client, fragment: str) -> None:
    link = f"http://127.0.0.1:8000/demo/console/vpcconsole/home?region=us-east-1#{fragment}"
    answer = anonymous.get("/demo/console/vpc/page/", {"link": link}, follow=True)
    assert "The stand-in has no such page" in answer.content.decode()


def test_the_account_that_was_used_last_is_remembered(pair: Pair) -> None:
    pair.page(pair.theirs, "peerings/")
    link = f"/demo/console/vpcconsole/home?region={REGION}#VpcDetails:VpcId={pair.peer}"
    assert pair.client.get("/demo/console/vpc/page/", {"link": link}).url == pair.url(pair.theirs, f"vpcs/{pair.peer}/")
    other = {"link": link, "account": pair.mine.account_id, "region": "us-west-2"}
    moved = pair.client.get("/demo/console/vpc/page/", other).url
    assert moved == f"/demo/console/vpc/{pair.mine.account_id}/us-west-2/vpcs/{pair.peer}/"


def test_in_the_wrong_account_the_page_says_so_and_keeps_the_place(pair: Pair) -> None:
    page = pair.page(pair.mine, f"vpcs/{pair.peer}/", 404)
    assert "InvalidVpcID.NotFound" in page
    assert f"signed in to {pair.mine.account_id}" in page
    assert f'value="#VpcDetails:VpcId={pair.peer}"' in page


@pytest.mark.parametrize("path", ["22/us-east-1/peerings/", "222222222222/mars-1/peerings/"])
def test_an_account_or_region_that_is_none_is_not_found(anonymous: Client, path: str) -> None:
    assert anonymous.get(f"/demo/console/vpc/{path}").status_code == 404


def test_a_button_needs_the_forms_token(pair: Pair, journal: JournalReader) -> None:
    own = pair.request()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(pair.url(pair.theirs, f"peerings/{own}/accept/")).status_code == 403
    assert journal.operations(pair.theirs.account_id)[-1:] != ["AcceptVpcPeeringConnection"]
    assert aws.client("ec2", pair.theirs.account_id, REGION).describe_vpc_peering_connections()
