"""Which route table a subnet really follows."""

import pytest

from networking.routing import Routing
from tests.networking.checks.answers import OTHER_VPC, changed, drop, named, network, put, table, unread


def followed(*changes, subnet="subnet-0a"):
    return Routing.of(network(changed(*changes))).followed(subnet)


def stated(state):
    def change(answers):
        association = named(answers, "RouteTables", "rtb-0a")["Associations"][0]
        association.pop("AssociationState")
        if state:
            association["AssociationState"] = {"State": state}

    return change


def test_its_own_table_comes_first():
    found = followed()
    assert (found.table.id, found.inherited, found.changing) == ("rtb-0a", False, False)


def test_without_one_it_follows_the_main_table():
    found = followed(drop("RouteTables", "rtb-0a"))
    assert (found.table.id, found.inherited) == ("rtb-main", True)


@pytest.mark.parametrize("state", ["disassociated", "failed"])
def test_an_association_that_is_over_does_not_count(state):
    found = followed(stated(state))
    assert (found.table.id, found.inherited) == ("rtb-main", True)


@pytest.mark.parametrize("state", ["associating", "disassociating"])
def test_while_aws_changes_the_association_nobody_can_say(state):
    found = followed(stated(state))
    assert (found.table, found.changing) == (None, True)


def test_a_change_hides_an_association_that_still_counts():
    second = table("rtb-new", subnets=["subnet-0a"])
    second["Associations"][0]["AssociationState"] = {"State": "associating"}
    for position in (0, 99):
        found = followed(lambda answers, at=position: answers["RouteTables"].insert(at, second))
        assert found.changing


def test_an_answer_without_states_is_taken_at_its_word():
    assert followed(stated(None)).table.id == "rtb-0a"


def test_tables_of_other_vpcs_say_nothing():
    stray = table("rtb-z", subnets=["subnet-0a"], main=True) | {"VpcId": OTHER_VPC}
    found = followed(lambda answers: answers["RouteTables"].insert(0, stray), drop("RouteTables", "rtb-0a"))
    assert found.table.id == "rtb-main"


def test_nobody_knows_what_was_not_read():
    found = followed(unread("RouteTables"))
    assert (found.table, found.inherited, found.changing) == (None, False, False)


def test_no_main_table_no_answer():
    found = followed(drop("RouteTables", "rtb-0a"), put("RouteTables", "rtb-main", Associations=[]))
    assert (found.table, found.inherited) == (None, True)
