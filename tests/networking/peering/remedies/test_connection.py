"""Steps 2 and 3: the connection is asked for and accepted, by each form, and taken back."""

from networking.states import PeeringStep
from portal.findings.shapes import Level
from tests.networking.peering.remedies.grounds import Grounds, grounds

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
