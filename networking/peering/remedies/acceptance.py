"""Step 3, in the target account: the request is accepted, once both its ends were compared.

https://docs.aws.amazon.com/vpc/latest/peering/accept-vpc-peering-connection.html
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from networking.peering.checks.connection import ACCEPTED
from networking.peering.remedies import connection_scripts as scripts
from networking.peering.remedies import guides, peer_role
from networking.peering.remedies.connection_blocks import compared
from networking.peering.remedies.context import Context
from networking.peering.remedies.pieces import Pair, connection_name
from networking.remedies import hcl, sheets, shell
from networking.remedies.shapes import Order, Remedy, Written
from portal.aws.facts.networks import VpcNetwork

_VARIABLE = "CONNECTION"


def remedies(context: Context) -> Iterator[Remedy]:
    """One, unless it was accepted, or has no hope. What the target VPC asked for is not its own to accept."""
    if context.link.acceptance() and not context.overlaps:
        yield _remedy(context)


def _remedy(context: Context) -> Remedy:
    pair, network, connection = context.pair, context.target_vpc, context.scene.registered.id
    words = {"id": connection or _("the peering connection"), "vpc": pair.vpc, "account": pair.account}
    guide = (guides.acceptance(network, pair, connection),)
    return Remedy(
        key="peering-accepted",
        codes=(ACCEPTED,),
        title=_("Accept %(id)s from %(vpc)s") % words,
        effect=_(
            "Says yes to the private link that %(vpc)s of account %(account)s asks for. Nothing flows before routes "
            "lead to it. AWS cannot go back from yes to a request: whoever changes their mind deletes the connection."
        )
        % words,
        account=network.account,
        region=network.region,
        resources=tuple(filter(None, (connection, network.vpc_id))),
        console=sheets.items(guide),
        page=sheets.page(network, guide, guide[0]),
        undo_console=guides.deletion_sentence(connection or _("the connection from %(vpc)s") % words),
        cli=_cli(network, pair),
        terraform=_terraform(network, pair, connection),
        cloudformation=peer_role.written(network, pair),
        order=Order.ACCEPTANCE,
    )


def _cli(network: VpcNetwork, pair: Pair) -> Written:
    absent = _(
        "No request from %(vpc)s of account %(account)s to %(peer)s waits here. Nothing was accepted. See that step 2 "
        "was done."
    )
    words = {"vpc": pair.vpc, "account": pair.account, "peer": pair.peer_vpc}
    own = f'--vpc-peering-connection-id "${_VARIABLE}"'
    accept = shell.aws(
        network,
        "ec2 accept-vpc-peering-connection",
        f"{own} --query VpcPeeringConnection.Status.Code --output text",
    )
    states = "pending-acceptance,provisioning,active"
    text = scripts.script(
        _("Accepts the peering connection of just these two VPCs and accounts"),
        network,
        scripts.found(_VARIABLE, pair, network, states=states),
        shell.branch(f'"${_VARIABLE}" = None', scripts.stopping(absent % words)),
        shell.kept("STATE", scripts.state_of(_VARIABLE, network)),
        shell.branch('"$STATE" = pending-acceptance', accept),
        scripts.waiting(_VARIABLE, network, "pending-acceptance", "provisioning"),
        shell.branch('"$STATE" != active', scripts.stopping(_("The connection is not active yet. Look again later."))),
    )
    undo = scripts.script(
        _("Deletes the peering connection: AWS cannot make a request of it again"),
        network,
        scripts.found(_VARIABLE, pair, network, states="active"),
        shell.branch(f'"${_VARIABLE}" != None', scripts.deleting(_VARIABLE, network)),
    )
    note = _("It asks AWS for the request of just these two VPCs and accounts, and accepts no other.")
    return Written(text=text, undo=undo, note=note)


def _terraform(network: VpcNetwork, pair: Pair, connection: str) -> Written:
    """Terraform forgets an accepter that is taken out of the file; it never deletes the connection.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_peering_connection_accepter
    """
    name = "clickhouse_byoc_accepted"
    block = f"""resource "aws_vpc_peering_connection_accepter" "{name}" {{
  vpc_peering_connection_id = data.aws_vpc_peering_connection.{name}.id
  auto_accept               = true

  tags = {{
    Name = {hcl.quoted(connection_name(pair))}
  }}
}}"""
    title = _("Accepts the peering connection of just these two VPCs and accounts")
    where = _("Use the provider of account %(account)s and region %(region)s.")
    compares = _("The data block compares both ends: where they differ, Terraform stops before it accepts.")
    text = shell.script(shell.header(network, title), compared("accepted", pair, connection=connection), block)
    undo = _(
        "Delete both blocks and run terraform apply: Terraform forgets the connection and leaves it active. Then "
        "delete it in the console or by the AWS CLI, or in the Terraform of account %(account)s, which asked for it."
    )
    return Written(
        text=text,
        undo=undo % {"account": pair.account},
        undo_is_code=False,
        note=f"{where % {'account': network.account, 'region': network.region}} {compares}",
    )
