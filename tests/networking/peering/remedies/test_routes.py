"""Steps 4 and 5: routes of both sides, by each form; what is dead or leads elsewhere has a remedy of its own."""

from networking.states import PeeringStep
from portal.findings.shapes import Level
from tests.networking.peering.remedies.grounds import BY_HAND, Grounds, grounds

__all__ = ["grounds"]

ROUTES, RETURN = PeeringStep.ROUTES, PeeringStep.RETURN_ROUTES


def test_the_cli_forms_add_every_route_once_and_are_taken_back(grounds: Grounds) -> None:
    before = grounds.routes()
    grounds.do(*BY_HAND[:2])
    out, back = grounds.remedy(ROUTES), grounds.remedy(RETURN)
    assert (out.account, back.account) == (grounds.byoc.place.account_id, grounds.target.place.account_id)
    grounds.run(out, back)
    assert (grounds.level(ROUTES), grounds.level(RETURN)) == (Level.PASSED, Level.PASSED)
    (own,) = grounds.connections("active")
    made = grounds.routes() - before
    assert len(made) == 3 * 2 + 2, "three tables with two ranges, two tables with one"
    assert {target for _table, _range, target in made} == {own}
    grounds.run(out, back)
    assert grounds.routes() - before == made
    grounds.byoc.run(out.cli.undo)
    grounds.target.run(back.cli.undo)
    assert grounds.routes() == before
