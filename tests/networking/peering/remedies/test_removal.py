"""A peering taken back by hand: routes of both sides, then the connection; and put back."""

from dataclasses import replace

from networking.peering.remedies.removal import removals_of
from tests.networking.peering.remedies.grounds import Grounds, grounds
from tests.networking.remedies.harness import parsed_template, parsed_terraform

__all__ = ["grounds"]


def routed(grounds: Grounds) -> str:
    """Connected, with routes on both sides; returns the connection."""
    grounds.connect()
    (own,) = grounds.connections("active")
    grounds.lead_through(own)
    table = grounds.target.place.main_table(grounds.target_vpc)
    grounds.target.ec2.create_route(
        RouteTableId=table, DestinationCidrBlock="10.0.0.0/16", VpcPeeringConnectionId=own
    )  # fmt: skip
    return own


def test_the_cli_forms_leave_nothing_and_touch_nothing_else(grounds: Grounds) -> None:
    own = routed(grounds)
    gateway = grounds.lead_elsewhere("10.30.0.0/16")[0]
    before = grounds.routes()
    back, out, connection = removals_of(grounds.context())
    assert (back.account, out.account) == (grounds.target.place.account_id, grounds.byoc.place.account_id)
    grounds.run(back, out)
    assert {target for _table, _range, target in grounds.routes()} == {gateway}
    grounds.target.run(back.cli.undo)
    grounds.byoc.run(out.cli.undo)
    assert grounds.routes() == before
    grounds.run(back, out, connection)
    assert grounds.connections() == []
    assert {target for _table, _range, target in grounds.routes()} == {gateway}
    assert own in connection.title
    grounds.run(connection)
    assert removals_of(grounds.context(id=own)) == (), "nothing is left to take back"


def test_blackholes_of_a_deleted_connection_are_found_by_our_own_record(grounds: Grounds) -> None:
    own = routed(grounds)
    grounds.byoc.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=own)
    context = replace(grounds.context(), former=frozenset({own}))
    back, out = removals_of(context)
    grounds.run(back, out)
    assert grounds.routes() == frozenset()


def test_terraform_and_cloudformation_name_what_to_take_out_and_how_to_put_it_back(grounds: Grounds) -> None:
    own = routed(grounds)
    for remedy in removals_of(grounds.context()):
        assert "terraform apply" in remedy.terraform.text
        assert all(line.startswith("#") for line in remedy.terraform.text.splitlines() if line)
        assert all(line.startswith("#") for line in remedy.cloudformation.text.splitlines() if line)
        made = parsed_terraform(remedy.terraform.undo)
        kinds = {name.partition(".")[0] for name in made}
        routes = remedy.key.endswith("routes-removal")
        assert kinds == {"aws_route" if routes else "aws_vpc_peering_connection"}
        assert not routes or {one["vpc_peering_connection_id"] for one in made.values()} == {own}
        types = {one["Type"] for one in parsed_template(remedy.cloudformation.undo)["Resources"].values()}
        assert types == {"AWS::EC2::Route" if routes else "AWS::EC2::VPCPeeringConnection"}


def test_where_nobody_showed_the_target_the_script_finds_the_routes(grounds: Grounds) -> None:
    own = routed(grounds)
    unseen, out, _connection = removals_of(grounds.blind())
    grounds.run(unseen)
    left = grounds.routes()
    assert {table for table, _range, target in left if target == own} == set(out.resources)
    grounds.run(unseen)
    assert grounds.routes() == left
