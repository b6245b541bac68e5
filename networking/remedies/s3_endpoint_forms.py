"""The S3 gateway endpoint as AWS CLI, Terraform and CloudFormation.

https://docs.aws.amazon.com/cli/latest/reference/ec2/create-vpc-endpoint.html
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html
"""

from collections.abc import Sequence
from textwrap import indent

from django.utils.translation import gettext as _

from networking.remedies import cloudformation, hcl
from networking.remedies.shapes import Written
from networking.remedies.shell import aws, branch, header, kept, quoted, script
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import VpcNetwork, s3_service

#: The name of an endpoint that a remedy makes; the way back finds it by this.
NAME = "clickhouse-byoc-s3"
STACK = "clickhouse-byoc-s3-endpoint"
MORE_STACK = "clickhouse-byoc-s3-endpoint-routes"
#: An endpoint in one of these states will never work, and keeps its tables from another one.
_DEAD = frozenset({"failed", "rejected", "expired"})


def gateways(network: VpcNetwork) -> tuple[EndpointFact, ...]:
    """The VPC's gateway endpoints for S3 in whatever state, but for those that are gone."""
    return tuple(
        one
        for one in network.endpoints or ()
        if one.type.lower() == "gateway"
        and one.service == s3_service(network.region)
        and one.vpc == network.vpc_id
        and one.state != "deleted"
    )


def finding(network: VpcNetwork, *, name: str = "") -> str:
    """Sets S3_ENDPOINT to the VPC's working S3 gateway endpoint (the one called `name`, if given), or to None."""
    filters = [
        f"Name=vpc-id,Values={network.vpc_id}",
        f"Name=service-name,Values={s3_service(network.region)}",
        "Name=vpc-endpoint-type,Values=Gateway",
        "Name=vpc-endpoint-state,Values=available",
        *([f"Name=tag:Name,Values={name}"] if name else []),
    ]
    listed = aws(
        network,
        "ec2 describe-vpc-endpoints",
        "--filters " + " \\\n  ".join(map(quoted, filters)),
        "--query 'VpcEndpoints[0].VpcEndpointId' --output text",
    )
    return kept("S3_ENDPOINT", listed)


def attaching(network: VpcNetwork, words: Sequence[str], *, verb: str = "add") -> str:
    """Attaches tables to $S3_ENDPOINT, or takes them off (`verb` remove), those alone that are not so yet."""
    asked = aws(
        network,
        "ec2 describe-vpc-endpoints",
        '--vpc-endpoint-ids "$S3_ENDPOINT"',
        "--query \"contains(VpcEndpoints[0].RouteTableIds, '$TABLE_ID')\" --output text",
    )
    change = aws(
        network,
        "ec2 modify-vpc-endpoint",
        '--vpc-endpoint-id "$S3_ENDPOINT"',
        f'--{verb}-route-table-ids "$TABLE_ID" --output text',
    )
    wrong = "False" if verb == "add" else "True"
    body = f"{kept('ATTACHED', asked)}\n" + branch(f'"$ATTACHED" = {wrong}', change)
    return f"for TABLE_ID in {' '.join(words)}; do\n{indent(body, '  ')}\ndone"


def creation_cli(network: VpcNetwork, table_ids: Sequence[str]) -> Written:
    """Finds out first whether there is one by now: a second run does nothing."""
    words = tuple(map(quoted, table_ids))
    made = aws(
        network,
        "ec2 create-vpc-endpoint",
        f"--vpc-id {quoted(network.vpc_id)}",
        f"--vpc-endpoint-type Gateway --service-name {quoted(s3_service(network.region))}",
        *([f"--route-table-ids {' '.join(words)}"] if words else []),
        f"--tag-specifications {quoted(f'ResourceType=vpc-endpoint,Tags=[{{Key=Name,Value={NAME}}}]')}",
        "--query VpcEndpoint.VpcEndpointId --output text",
    )
    otherwise = attaching(network, words) if words else ""
    gone = aws(network, "ec2 delete-vpc-endpoints", '--vpc-endpoint-ids "$S3_ENDPOINT" --output text')
    title = _("The S3 gateway endpoint of this VPC")
    return Written(
        text=script(
            header(network, title),
            _clearing(network),
            finding(network),
            branch('"$S3_ENDPOINT" = None', kept("S3_ENDPOINT", made), otherwise),
        ),
        undo=script(
            header(network, _("Deletes the S3 gateway endpoint that was made for this")),
            finding(network, name=NAME),
            branch('"$S3_ENDPOINT" != None', gone),
        ),
    )


def _clearing(network: VpcNetwork) -> str:
    """Deletes what will never work and waits, five minutes at most, for what AWS is making or deleting."""
    stale = tuple(one for one in gateways(network) if one.state != "available")
    if not stale:
        return ""
    dead = " ".join(quoted(one.id) for one in stale if one.state in _DEAD)
    waited = aws(
        network,
        "ec2 describe-vpc-endpoints",
        f"--filters {quoted('Name=vpc-endpoint-id,Values=' + ','.join(one.id for one in stale))}",
        "Name=vpc-endpoint-state,Values=pending,deleting",
        "--query 'length(VpcEndpoints)' --output text",
    )
    lines = [
        *([aws(network, "ec2 delete-vpc-endpoints", f"--vpc-endpoint-ids {dead} --output text")] if dead else []),
        f'TRIES=0\nwhile [ "$({waited})" != 0 ] && [ "$TRIES" -lt 60 ]; do',
        "  TRIES=$((TRIES + 1))\n  sleep 5\ndone",
    ]
    return "\n".join(lines)


def extension_cli(network: VpcNetwork, endpoint: EndpointFact, table_ids: Sequence[str]) -> Written:
    """The missing tables, on the endpoint that is there."""
    words = tuple(map(quoted, table_ids))
    known = f"S3_ENDPOINT={quoted(endpoint.id)}"
    return Written(
        text=script(
            header(network, _("The missing route tables of the S3 gateway endpoint")), known, attaching(network, words)
        ),
        undo=script(
            header(network, _("Takes these route tables off the S3 gateway endpoint again")),
            known,
            attaching(network, words, verb="remove"),
        ),
    )


def creation_terraform(network: VpcNetwork, table_ids: Sequence[str]) -> Written:
    """A resource for the endpoint."""
    block = f"""resource "aws_vpc_endpoint" "clickhouse_byoc_s3" {{
  vpc_id            = {hcl.quoted(network.vpc_id)}
  vpc_endpoint_type = "Gateway"
  service_name      = {hcl.quoted(s3_service(network.region))}
  route_table_ids   = {hcl.texts(table_ids)}

  tags = {{
    Name = {hcl.quoted(NAME)}
  }}
}}"""
    return Written(
        text=script(header(network, _("The S3 gateway endpoint of this VPC")), block),
        undo=_("Delete this block and run terraform apply: Terraform deletes the endpoint and its routes."),
        undo_is_code=False,
        note=_("Use the provider of account %(account)s and region %(region)s.")
        % {"account": network.account, "region": network.region},
    )


def extension_terraform(network: VpcNetwork, endpoint: EndpointFact, table_ids: Sequence[str]) -> Written:
    """An association for each missing table."""
    block = f"""resource "aws_vpc_endpoint_route_table_association" "clickhouse_byoc_s3" {{
  for_each = toset({hcl.texts(table_ids)})

  vpc_endpoint_id = {hcl.quoted(endpoint.id)}
  route_table_id  = each.value
}}"""
    return Written(
        text=script(header(network, _("The missing route tables of the S3 gateway endpoint")), block),
        undo=_("Delete this block and run terraform apply: Terraform takes the tables off the endpoint."),
        undo_is_code=False,
        note=_(
            "Where your Terraform manages %(endpoint)s with route_table_ids, add the tables to that list instead: the "
            "two ways undo each other."
        )
        % {"endpoint": endpoint.id},
    )


def stack(network: VpcNetwork, table_ids: Sequence[str], *, more: bool) -> Written:
    """A template for a new stack; with `more` a further endpoint for the tables that the present one does not serve."""
    name = MORE_STACK if more else STACK
    title = _("A further S3 gateway endpoint for these tables") if more else _("The S3 gateway endpoint of this VPC")
    listed = "".join(f"\n        - {cloudformation.quoted(table_id)}" for table_id in table_ids)
    tables = f"\n      RouteTableIds:{listed}" if listed else ""
    template = f"""AWSTemplateFormatVersion: "2010-09-09"
Resources:
  S3Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Gateway
      ServiceName: {cloudformation.quoted(s3_service(network.region))}
      VpcId: {cloudformation.quoted(network.vpc_id)}{tables}
      Tags:
        - Key: Name
          Value: {cloudformation.quoted(NAME)}"""
    launched = _("Launch it as the new stack %(stack)s in region %(region)s of account %(account)s.")
    further = _(
        "A stack cannot change an endpoint that it does not own, so this makes a further one for exactly these tables; "
        "AWS allows several in a VPC, each with other tables. Where a stack of yours owns the present endpoint, add "
        "the tables to its RouteTableIds instead."
    )
    values = {"stack": name, "region": network.region, "account": network.account}
    return Written(
        text=script(header(network, title), template),
        undo=_("Delete the stack %(stack)s: its endpoint and the routes go with it.") % values,
        undo_is_code=False,
        note=" ".join([launched % values, *([further] if more else [])]),
    )
