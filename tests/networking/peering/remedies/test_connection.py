"""Steps 2 and 3: the connection is asked for and accepted, by each form, and taken back."""

import hcl2
import pytest

from networking.peering.remedies.remedies import remedies_of
from networking.states import PeeringStep
from portal.findings.shapes import Level
from tests.networking.peering.remedies.grounds import Grounds, grounds
from tests.networking.remedies.harness import parsed_template, parsed_terraform

__all__ = ["grounds"]

CONNECTION, ACCEPTANCE = PeeringStep.CONNECTION, PeeringStep.ACCEPTANCE


def test_the_cli_forms_ask_and_accept_once_and_are_taken_back(grounds: Grounds) -> None:
    ask = grounds.remedy(CONNECTION)
    assert (ask.account, ask.region) == (grounds.byoc.place.account_id, "us-east-1")
    grounds.run(ask)
    (own,) = grounds.connections("pending-acceptance")
    assert grounds.level(CONNECTION) is Level.PASSED
    grounds.run(ask)
    assert grounds.connections() == [own], "a second run asks for no second one"
    accept = grounds.remedy(ACCEPTANCE)
    assert (accept.account, accept.region) == (grounds.target.place.account_id, "eu-central-1")
    assert own in accept.title
    grounds.run(accept)
    assert grounds.level(ACCEPTANCE) is Level.PASSED
    grounds.run(accept, ask)
    assert grounds.connections("active") == [own]
    grounds.target.run(accept.cli.undo)
    assert grounds.connections() == []
    grounds.target.run(accept.cli.undo)
    grounds.run(ask)
    assert len(grounds.connections("pending-acceptance")) == 1
    grounds.byoc.run(ask.cli.undo)
    assert grounds.connections() == []
    grounds.byoc.run(ask.cli.undo)


def test_the_cli_form_accepts_nobody_elses_request(grounds: Grounds) -> None:
    stranger = grounds.byoc.place.vpc("stranger", "10.99.0.0/16")
    made = grounds.byoc.ec2.create_vpc_peering_connection(
        VpcId=stranger, PeerVpcId=grounds.target_vpc, PeerOwnerId=grounds.target.place.account_id,
        PeerRegion=grounds.target.place.region,
    )  # fmt: skip
    with pytest.raises(AssertionError, match="Nothing was accepted"):
        grounds.run(grounds.remedy(ACCEPTANCE))
    own = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    (seen,) = grounds.target.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[own])[
        "VpcPeeringConnections"
    ]
    assert seen["Status"]["Code"] == "pending-acceptance"


def test_a_connection_that_the_target_asked_for_is_found_and_not_doubled(grounds: Grounds) -> None:
    ask = grounds.remedy(CONNECTION)
    made = grounds.target.ec2.create_vpc_peering_connection(
        VpcId=grounds.target_vpc, PeerVpcId=grounds.byoc_vpc, PeerOwnerId=grounds.byoc.place.account_id,
        PeerRegion=grounds.byoc.place.region,
    )  # fmt: skip
    own = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    grounds.byoc.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=own)
    assert own in grounds.byoc.run(ask.cli.text)
    assert grounds.connections() == [own]
    grounds.byoc.run(ask.cli.undo)
    assert grounds.connections() == [own], "only what the form made is taken back"


def test_a_refused_request_says_what_aws_says(grounds: Grounds) -> None:
    ask = grounds.remedy(CONNECTION)
    own = grounds.target.place.vpc("twin", "10.0.0.0/16")
    with pytest.raises(AssertionError, match="See whether the ranges of the two VPCs overlap"):
        grounds.byoc.run(ask.cli.text.replace(grounds.target_vpc, own))


def test_the_cloudformation_forms_ask_and_accept_by_a_role_of_the_target_account(grounds: Grounds) -> None:
    ask, accept = grounds.remedy(CONNECTION), grounds.remedy(ACCEPTANCE)
    assert "no resource that accepts" in accept.cloudformation.note
    grounds.target.launch("role", accept.cloudformation.text, capabilities=["CAPABILITY_IAM"])
    role = grounds.target.outputs("role")["PeerRoleArn"]
    grounds.byoc.launch("peering", ask.cloudformation.text, PeerRoleArn=role)
    assert (grounds.level(CONNECTION), grounds.level(ACCEPTANCE)) == (Level.PASSED, Level.PASSED)
    grounds.byoc.delete("peering")
    assert grounds.connections() == []
    grounds.target.delete("role")


def test_the_terraform_forms_name_both_ends_and_compare_before_they_accept(grounds: Grounds) -> None:
    ask, accept = grounds.remedy(CONNECTION), grounds.remedy(ACCEPTANCE)
    pair = {"vpc_id": grounds.byoc_vpc, "peer_vpc_id": grounds.target_vpc}
    (made,) = parsed_terraform(ask.terraform.text).values()
    tags = made.pop("tags")
    assert made == pair | {"peer_owner_id": grounds.target.place.account_id, "peer_region": "eu-central-1"}
    assert tags == {"Name": f"clickhouse-byoc-{grounds.target_vpc}"}
    found = parsed_terraform(accept.terraform.text)["aws_vpc_peering_connection_accepter.clickhouse_byoc_accepted"]
    assert found["vpc_peering_connection_id"] == "${data.aws_vpc_peering_connection.clickhouse_byoc_accepted.id}"
    assert found["auto_accept"] is True
    (data,) = hcl2.loads(accept.terraform.text)["data"]
    compared = data['"aws_vpc_peering_connection"']['"clickhouse_byoc_accepted"']
    ends = {name: value.strip('"') for name, value in compared.items() if isinstance(value, str)}
    assert ends == pair | {
        "owner_id": grounds.byoc.place.account_id, "peer_owner_id": grounds.target.place.account_id,
    }  # fmt: skip
    assert "leaves it active" in accept.terraform.undo


def test_the_console_names_every_field_of_both_pages(grounds: Grounds) -> None:
    ask = grounds.remedy(CONNECTION)
    home = "https://{0}.console.aws.amazon.com/vpcconsole/home?region={0}#{1}:"
    assert ask.console[0].url == home.format("us-east-1", "CreatePeeringConnection")
    assert {(field.label, field.value) for field in ask.page.fields if field.value} == {
        ("Name", f"clickhouse-byoc-{grounds.target_vpc}"), ("VPC ID (Requester)", grounds.byoc_vpc),
        ("Account ID", grounds.target.place.account_id), ("Region", "eu-central-1"),
        ("VPC ID (Accepter)", grounds.target_vpc),
    }  # fmt: skip
    assert grounds.remedy(ACCEPTANCE).console[0].url == home.format("eu-central-1", "PeeringConnections")
    grounds.byoc.run(ask.cli.text)
    (own,) = grounds.connections("pending-acceptance")
    opened = grounds.remedy(ACCEPTANCE).console[0]
    assert opened.url == home.format("eu-central-1", "PeeringConnectionDetails") + f"VpcPeeringConnectionId={own}"
    assert opened.link == own


def test_nothing_is_asked_for_where_ranges_overlap(grounds: Grounds) -> None:
    grounds.target.ec2.associate_vpc_cidr_block(VpcId=grounds.target_vpc, CidrBlock="10.0.128.0/20")
    found = grounds.remedies()
    assert (found[CONNECTION], found[ACCEPTANCE]) == ((), ())


def test_in_one_account_cloudformation_has_nothing_to_launch_for_the_acceptance(grounds: Grounds) -> None:
    context = grounds.context(accepter_account=grounds.byoc.place.account_id)
    (accept,) = remedies_of(context, (ACCEPTANCE,))[ACCEPTANCE]
    assert all(line.startswith("#") for line in accept.cloudformation.text.splitlines() if line)
    assert "accepts what it asks for" in accept.cloudformation.note
    (ask,) = remedies_of(context, (CONNECTION,))[CONNECTION]
    assert "PeerRoleArn" not in parsed_template(ask.cloudformation.text)["Resources"]["Connection"]["Properties"]
    assert [field.label for field in ask.page.fields if field.mark == 4] == ["My account"]
