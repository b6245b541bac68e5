"""`bootstrap_template`: the three renderings, plain and with an account's values."""

import json

import hcl2
import pytest

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.delivery import Delivery
from onboarding.models import Deployment
from portal.aws.models import Connection
from tests.journeys import Walk
from tests.onboarding.commands.running import Shell

VENDOR = "111111111111"


@pytest.fixture
def registered(deployment: Deployment, connection: Connection) -> Deployment:
    """A deployment whose account is named and allows peering writes."""
    Connection.objects.filter(pk=connection.pk).update(allows_peering_writes=True)
    Deployment.objects.filter(pk=deployment.pk).update(connection=connection)
    return Deployment.objects.select_related("connection").get(pk=deployment.pk)


def printed(shell: Shell, form: str, *more: str) -> str:
    ran = shell.run("bootstrap_template", "--format", form, *more)
    assert (ran.status, ran.err) == (0, "")
    return ran.out


def defaults_of_module(text: str) -> dict[str, object]:
    variables = [item for block in hcl2.loads(text)["variable"] for item in block.items()]
    return {name.strip('"'): body.get("default") for name, body in variables}


@pytest.mark.parametrize("profile", ["seed", "2026-08"])
def test_without_an_account_the_template_is_the_one_at_the_portals_address(shell: Shell, profile: str) -> None:
    assert printed(shell, "cloudformation", "--profile", profile) == bootstrap_template(
        profile, vendor_account_id=VENDOR
    )


def test_the_template_holds_an_accounts_values_and_nothing_else_changes(shell: Shell, registered: Deployment) -> None:
    filled = json.loads(printed(shell, "cloudformation", "--connection", str(registered.connection_id)))
    for name, value in Delivery.of(registered).parameters:
        assert filled["Parameters"][name].pop("Default") == value
    plain = json.loads(bootstrap_template("seed"))
    for parameter in plain["Parameters"].values():
        parameter.pop("Default", None)
    assert filled == plain


def test_the_module_holds_an_accounts_values(shell: Shell, registered: Deployment) -> None:
    assert registered.connection is not None
    plain = printed(shell, "terraform")
    filled = printed(shell, "terraform", "--connection", str(registered.connection_id))
    assert defaults_of_module(plain)["external_id"] is None
    assert defaults_of_module(filled) == {
        "byoc_env": '"production"',
        "external_id": f'"{registered.connection.external_id}"',
        "vendor_account_id": f'"{VENDOR}"',
        "withhold_vpc_writes": False,
        "allow_peering_writes": True,
    }
    assert hcl2.loads(filled)["resource"] == hcl2.loads(plain)["resource"]


def test_the_policies_hold_an_accounts_values(shell: Shell, registered: Deployment) -> None:
    assert registered.connection is not None
    plain = printed(shell, "policies")
    filled = printed(shell, "policies", "--connection", str(registered.connection_id))
    assert "${ExternalId}" in plain
    assert "${" not in filled
    trust = json.loads(filled)["ClickHouseManagementRole.trust"]
    assert registered.connection.external_id in json.dumps(trust)


def test_a_stack_of_the_filled_template_needs_no_parameters(shell: Shell, walk: Walk) -> None:
    walk.register()
    body = printed(shell, "cloudformation", "--connection", str(walk.connection.pk))
    walk.customer("cloudformation").create_stack(
        StackName="clickhouse-cloud-bootstrap", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    ended = walk.work()
    assert ended is not None
    assert ended.state == "done", ended.message


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--format"),
        (("--format", "pulumi"), "pulumi"),
        (("--format", "policies", "--profile", "2019"), "2019"),
        (("--format", "policies", "--connection", "x"), "'x' is no id"),
    ],
)
def test_wrong_arguments_are_said_in_one_line(shell: Shell, arguments: tuple[str, ...], word: str) -> None:
    ran = shell.run("bootstrap_template", *arguments)
    assert (ran.status, ran.out) == (3, "")
    assert len(ran.err.strip().splitlines()) == 1
    assert word in ran.err
