"""The connection in Terraform and CloudFormation.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_peering_connection
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/vpc_peering_connection
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcpeeringconnection.html
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from networking.peering.remedies.pieces import FoundConnection, NewConnection, Pair
from networking.remedies import hcl, piece_stacks, piece_terraform
from networking.remedies.piece_stacks import Resources
from portal.aws.facts.networks import VpcNetwork

#: The parameter of a stack that makes a connection to another account.
PEER_ROLE = "PeerRoleArn"


@piece_terraform.address.register
def _made_address(piece: NewConnection) -> str:
    return f"aws_vpc_peering_connection.clickhouse_byoc_{piece.slug}"


@piece_terraform.address.register
def _found_address(piece: FoundConnection) -> str:
    return f"data.aws_vpc_peering_connection.clickhouse_byoc_{piece.slug}"


@piece_terraform.block.register
def _made_block(piece: NewConnection, network: VpcNetwork) -> str:
    pair = piece.pair
    arguments = {
        "vpc_id": hcl.quoted(pair.vpc),
        "peer_vpc_id": hcl.quoted(pair.peer_vpc),
        "peer_owner_id": hcl.quoted(pair.peer_account),
        "peer_region": hcl.quoted(pair.peer_region),
        "tags": piece_terraform.tags(piece),
    }
    return piece_terraform.resource(piece, arguments)


@piece_terraform.block.register
def _found_block(piece: FoundConnection, network: VpcNetwork) -> str:
    return compared(piece.slug, piece.pair)


def compared(slug: str, pair: Pair, *, connection: str = "") -> str:
    """A data block that finds the one live connection of just these ends, and fails where there is none.

    With `connection` (`pcx-…`) that one, if it has these ends.
    """
    ends: Mapping[str, str] = {
        **({"id": hcl.quoted(connection)} if connection else {}),
        "vpc_id": hcl.quoted(pair.vpc),
        "owner_id": hcl.quoted(pair.account),
        "peer_vpc_id": hcl.quoted(pair.peer_vpc),
        "peer_owner_id": hcl.quoted(pair.peer_account),
    }
    live = hcl.texts(("pending-acceptance", "provisioning", "active"))
    lines = [
        f'data "aws_vpc_peering_connection" "clickhouse_byoc_{slug}" {{',
        *piece_terraform.aligned(ends),
        f'\n  filter {{\n    name   = "status-code"\n    values = {live}\n  }}',
    ]
    return "\n".join([*lines, "}"])


@piece_stacks.entry.register
def _made_entry(piece: NewConnection, network: VpcNetwork) -> Resources:
    pair = piece.pair
    role = {PEER_ROLE: f"!Ref {PEER_ROLE}"} if pair.crosses_accounts else {}
    properties = {
        "VpcId": pair.vpc,
        "PeerVpcId": pair.peer_vpc,
        "PeerOwnerId": pair.peer_account,
        "PeerRegion": pair.peer_region,
        **role,
        "Tags": piece_stacks.tags(piece),
    }
    return piece_stacks.resource(piece, "VPCPeeringConnection", properties)


@piece_stacks.entry.register
def _found_entry(piece: FoundConnection, network: VpcNetwork) -> Resources:
    """Nothing of the stack's: its parameter names it."""
    return {}


@piece_stacks.parameters.register
def _made_parameters(piece: NewConnection) -> Resources:
    if not piece.pair.crosses_accounts:
        return {}
    said = _("A role in account %(account)s that may accept the peering connection and trusts account %(own)s.")
    words = {"account": piece.pair.peer_account, "own": piece.pair.account}
    allowed = rf"arn:aws[a-z-]*:iam::{piece.pair.peer_account}:role/.+"
    return {PEER_ROLE: {"Type": "String", "Description": said % words, "AllowedPattern": allowed}}


@piece_stacks.parameters.register
def _found_parameters(piece: FoundConnection) -> Resources:
    said = _("The peering connection of %(vpc)s and %(peer)s; step 2 shows its id.")
    words = {"vpc": piece.pair.vpc, "peer": piece.pair.peer_vpc}
    return piece_stacks.asked(piece, said % words, "pcx-[0-9a-f]+")
