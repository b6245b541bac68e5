"""Steps 4 and 5: routes of both sides, by each form; what is dead or leads elsewhere has a remedy of its own."""

from dataclasses import replace

import pytest

from networking.peering.remedies.remedies import everything, of_account, remedies_of
from networking.remedies.shapes import Remedy
from networking.states import PeeringStep
from portal.findings.shapes import Level
from tests.networking.peering.remedies.grounds import BY_HAND, Grounds, grounds
from tests.networking.remedies.harness import parsed_template, parsed_terraform

__all__ = ["grounds"]

ROUTES, RETURN = PeeringStep.ROUTES, PeeringStep.RETURN_ROUTES


def test_the_cli_forms_add_every_route_once_and_are_taken_back(grounds: Grounds) -> None:
    grounds.target.ec2.associate_vpc_cidr_block(VpcId=grounds.target_vpc, AmazonProvidedIpv6CidrBlock=True)
    before = grounds.routes()
    grounds.connect()
    out, back = grounds.remedy(ROUTES), grounds.remedy(RETURN)
    assert (out.account, back.account) == (grounds.byoc.place.account_id, grounds.target.place.account_id)
    grounds.run(out, back)
    assert (grounds.level(ROUTES), grounds.level(RETURN)) == (Level.PASSED, Level.PASSED)
    (own,) = grounds.connections("active")
    made = grounds.routes() - before
    assert len(made) == 3 * 3 + 2, "three tables with three ranges, one of them IPv6, and two tables with one"
    assert {target for _table, _range, target in made} == {own}
    grounds.run(back)
    assert grounds.routes() - before == made
    grounds.byoc.run(out.cli.undo)
    grounds.target.run(back.cli.undo)
    assert grounds.routes() == before


def test_one_script_for_each_account_does_all_four_steps_from_nothing(grounds: Grounds) -> None:
    remedies = grounds.remedies()
    assert [len(made) for made in remedies.values()] == [0, 1, 1, 1, 1, 0]
    mine, theirs = (of_account(remedies, ground.place.account_id) for ground in (grounds.byoc, grounds.target))
    with pytest.raises(ValueError, match="one account"):
        everything((*mine, *theirs))
    with pytest.raises(AssertionError, match=f"This script is for account {grounds.target.place.account_id}"):
        grounds.byoc.run(everything(theirs))
    with pytest.raises(AssertionError, match="Nothing was accepted"):
        grounds.target.run(everything(theirs))
    assert "pcx-" in grounds.byoc.run(everything(mine))
    said = grounds.target.run(everything(theirs))
    assert said.rstrip().endswith("Press «Look again» on the page of your peering.")
    assert {grounds.level(step) for step in BY_HAND} == {Level.PASSED}
    made = grounds.routes()
    grounds.byoc.run(everything(mine))
    assert grounds.routes() == made


def test_a_route_that_leads_elsewhere_is_replaced_only_by_its_own_remedy(grounds: Grounds) -> None:
    grounds.connect()
    grounds.lead_elsewhere("10.20.0.0/16")
    before = grounds.routes()
    missing, decision = grounds.remedies()[ROUTES]
    assert (missing.needs_decision, decision.needs_decision) == (False, True)
    assert decision.title.startswith("Your decision")
    assert decision.cli.text not in everything((missing, decision))
    grounds.byoc.run(everything((missing, decision)))
    assert before < grounds.routes()
    assert grounds.level(ROUTES) is Level.FAILED
    between = grounds.routes()
    (decision,) = grounds.remedies()[ROUTES]
    grounds.run(decision)
    assert grounds.level(ROUTES) is Level.PASSED
    grounds.run(decision)
    grounds.byoc.run(decision.cli.undo)
    assert grounds.routes() == between


def test_a_route_of_a_connection_that_ended_leads_to_the_new_one(grounds: Grounds) -> None:
    grounds.connect()
    (old,) = grounds.connections("active")
    grounds.lead_through(old)
    grounds.byoc.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=old)
    later = replace(grounds, former=frozenset({old}))
    vpcs = {"byoc_vpc": grounds.byoc_vpc, "target_vpc": grounds.target_vpc}
    later.__dict__.update(vpcs)
    later.connect()
    (dead,) = later.remedies()[ROUTES]
    assert dead.key == "peering-requester-routes-dead"
    assert not dead.needs_decision
    assert old in dead.effect
    later.run(dead)
    assert later.level(ROUTES) is Level.PASSED
    assert old not in {target for _table, _range, target in later.routes()}
    later.byoc.run(dead.cli.undo)
    assert later.routes() == frozenset(), "its former target is gone for good"


def test_the_cloudformation_form_is_a_stack_of_its_own(grounds: Grounds) -> None:
    grounds.connect()
    before = grounds.routes()
    remedy = grounds.remedy(ROUTES)
    grounds.byoc.launch("routes", remedy.cloudformation.text)
    assert grounds.level(ROUTES) is Level.PASSED
    assert "Delete the stack clickhouse-byoc-routes-vpc-" in remedy.cloudformation.undo
    grounds.byoc.delete("routes")
    assert grounds.routes() == before


def test_the_terraform_form_has_a_route_for_each_table_and_range(grounds: Grounds) -> None:
    grounds.connect()
    (own,) = grounds.connections("active")
    remedy = grounds.remedy(ROUTES)
    wanted = {(table, text) for table in remedy.resources for text in ("10.20.0.0/16", "10.21.0.0/16")}
    found = parsed_terraform(remedy.terraform.text)
    assert all(name.startswith("aws_route.") for name in found)
    assert {one["vpc_peering_connection_id"] for one in found.values()} == {own}
    assert {(one["route_table_id"], one["destination_cidr_block"]) for one in found.values()} == wanted
    assert "terraform apply" in remedy.terraform.undo


def test_what_replaces_says_so_in_terraform_and_cloudformation(grounds: Grounds) -> None:
    grounds.connect()
    (other,) = grounds.lead_elsewhere("10.20.0.0/16")
    (own,) = grounds.connections("active")
    decision = grounds.remedies()[ROUTES][-1]
    (after,) = parsed_terraform(decision.terraform.text).values()
    (before,) = parsed_terraform(decision.terraform.undo).values()
    assert (after["vpc_peering_connection_id"], before["gateway_id"]) == (own, other)
    assert "import {" in decision.terraform.text
    (entry,) = parsed_template(decision.cloudformation.text)["Resources"].values()
    assert entry["Properties"]["VpcPeeringConnectionId"] == own
    assert "Merge this" in decision.cloudformation.note
    assert other in decision.cloudformation.undo


def test_the_console_opens_each_table_once_and_lists_its_routes(grounds: Grounds) -> None:
    grounds.connect()
    remedy: Remedy = grounds.remedy(RETURN)
    opened = [item.url for item in remedy.console if item.url]
    home = "https://eu-central-1.console.aws.amazon.com/vpcconsole/home?region=eu-central-1"
    assert opened == [f"{home}#RouteTableDetails:RouteTableId={table}" for table in remedy.resources]
    assert [(field.label, field.value) for field in remedy.page.fields] == [
        ("Destination", "10.0.0.0/16"), ("Target", *grounds.connections("active")),
    ]  # fmt: skip
    assert remedy.page.button == "Save changes"
    assert "Save changes" in remedy.console[remedy.page.button_mark - 1].text
    assert all(table in remedy.undo_console for table in remedy.resources)


def test_where_nobody_showed_the_target_the_script_finds_the_tables_of_its_subnets(grounds: Grounds) -> None:
    grounds.connect()
    before = grounds.routes()
    (remedy,) = remedies_of(grounds.blind(), (RETURN,))[RETURN]
    assert remedy.resources == grounds.context().scene.registered.accepter_subnets
    grounds.run(remedy)
    assert grounds.level(RETURN) is Level.PASSED
    made = grounds.routes()
    assert len(made - before) == 2, "the table of its own and the main one"
    grounds.run(remedy)
    assert grounds.routes() == made
    grounds.target.run(remedy.cli.undo)
    assert grounds.routes() == before
    table = grounds.target.place.main_table(grounds.target_vpc)
    grounds.target.launch("named", remedy.cloudformation.text, Table=table)
    assert {one for one, _range, _target in grounds.routes() - before} == {table}
