"""The walk along the journey reaches what it promises."""

from onboarding.states import DeploymentState
from portal.aws.states import ConnectionState
from tests.emulators import JournalReader
from tests.journeys import Walk


def test_a_walk_reaches_proven_trust(walk: Walk, journal: JournalReader) -> None:
    walk.prove()
    assert walk.connection.state == ConnectionState.PROVEN
    assert walk.deployment.state == DeploymentState.INFRASTRUCTURE
    assert "CreateStack" in journal.operations(walk.account)
    assert len(journal.assumptions(walk.account)) >= 4


def test_a_walk_reaches_ready_and_back(walk: Walk, journal: JournalReader) -> None:
    walk.launch()
    assert walk.deployment.state == DeploymentState.READY
    created = [entry for entry in journal.effects(walk.account, "CreateStack") if walk.deployment.slug in str(entry)]
    assert len(created) == 4
    walk.tear_down()
    assert walk.deployment.state == DeploymentState.REMOVED
