"""vpc.dns: enableDnsSupport and enableDnsHostnames of the VPC.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns-updating.html
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from networking.remedies import cloudformation as yaml
from networking.remedies import console, hcl
from networking.remedies.scope import failed, in_place
from networking.remedies.shapes import ConsoleField, ConsolePage, Order, Remedy, Written
from networking.remedies.shell import aws, comment, header, quoted, script
from onboarding.guides import GuideItem
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.vpcs import VpcFact
from portal.findings.shapes import Finding

CODE = "vpc.dns"


def remedies(
    network: VpcNetwork, subnet_ids: Sequence[str], findings: Sequence[Finding], profile: Profile
) -> Iterator[Remedy]:
    """One remedy for both attributes; it switches on what is off."""
    if network.vpc is not None and in_place(network) and failed(findings, CODE):
        yield _remedy(network, network.vpc)


def _off(vpc: VpcFact) -> tuple[str, ...]:
    """What is off, by its name in the CLI; host names need the resolution, so that comes first."""
    said = {"dns-support": vpc.dns_support, "dns-hostnames": vpc.dns_hostnames}
    return tuple(name for name, value in said.items() if value is False)


def _remedy(network: VpcNetwork, vpc: VpcFact) -> Remedy:
    items = _items(network, vpc)
    return Remedy(
        key="vpc-dns",
        codes=(CODE,),
        title=_("Switch on DNS resolution and host names in %(vpc)s") % {"vpc": vpc.id},
        effect=_(
            "Switches on what is off of the two DNS attributes of %(vpc)s. Nothing restarts; names of private hosted "
            "zones that are associated with the VPC begin to resolve."
        )
        % {"vpc": vpc.id},
        account=network.account,
        region=network.region,
        resources=(vpc.id,),
        console=items,
        page=_page(network, vpc, items),
        undo_console=_("On the page «Edit VPC settings» of %(vpc)s clear the ticks that you set, then press «Save».")
        % {"vpc": vpc.id},
        cli=_cli(network, vpc),
        terraform=_terraform(network, vpc),
        cloudformation=_cloudformation(network, vpc),
        order=Order.DNS,
    )


def _items(network: VpcNetwork, vpc: VpcFact) -> tuple[GuideItem, ...]:
    return (
        GuideItem(
            text=_("Open the VPC in the AWS console, signed in to account %(account)s.") % {"account": network.account},
            url=console.vpc_url(network),
            link=vpc.id,
        ),
        GuideItem(text=_("Choose Actions › Edit VPC settings.")),
        GuideItem(text=_("Under «DNS settings» tick «Enable DNS resolution» and «Enable DNS hostnames».")),
        GuideItem(text=_("Press «Save».")),
    )


def _page(network: VpcNetwork, vpc: VpcFact, items: tuple[GuideItem, ...]) -> ConsolePage:
    fields = (
        ConsoleField(label=_("Actions"), value=_("Edit VPC settings"), kind="select", mark=2),
        ConsoleField(label=_("Enable DNS resolution"), kind="check", checked=True, mark=3),
        ConsoleField(label=_("Enable DNS hostnames"), kind="check", checked=True, mark=3),
    )
    return console.page(
        network, _("Your VPCs"), vpc.id, _("Edit VPC settings"), fields=fields, button=_("Save"), items=items
    )


def _cli(network: VpcNetwork, vpc: VpcFact) -> Written:
    """One call per attribute: AWS takes no two at once.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
    """
    vpc_id = f"--vpc-id {quoted(vpc.id)}"
    off = _off(vpc)
    made = [aws(network, "ec2 modify-vpc-attribute", vpc_id, f"--enable-{name}") for name in off]
    undone = [aws(network, "ec2 modify-vpc-attribute", vpc_id, f"--no-enable-{name}") for name in reversed(off)]
    return Written(
        text=script(header(network, _("Switches on DNS in the VPC")), *made),
        undo=script(header(network, _("Switches off what was switched on")), *undone),
    )


def _terraform(network: VpcNetwork, vpc: VpcFact) -> Written:
    """No resource has these attributes alone: the VPC itself comes under Terraform, with the values that it has.

    https://developer.hashicorp.com/terraform/language/import
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc
    """
    imported = f"import {{\n  to = aws_vpc.clickhouse_byoc\n  id = {hcl.quoted(vpc.id)}\n}}"
    before = _vpc_block(vpc, support=vpc.dns_support is not False, hostnames=vpc.dns_hostnames is not False)
    forget = comment(
        _("After terraform apply: terraform state rm aws_vpc.clickhouse_byoc, then delete this file. The VPC stays.")
    )
    return Written(
        text=script(
            header(network, _("The VPC with DNS switched on")), imported, _vpc_block(vpc, support=True, hostnames=True)
        ),
        undo=script(header(network, _("The VPC with DNS as it was")), forget, before),
        note=_(
            "Terraform has no resource for the DNS attributes alone, so this takes the VPC over by import (Terraform "
            "1.5 or newer). Where your Terraform manages the VPC already, set the two attributes there instead."
        ),
    )


def _vpc_block(vpc: VpcFact, *, support: bool, hostnames: bool) -> str:
    return f"""resource "aws_vpc" "clickhouse_byoc" {{
  cidr_block           = {hcl.quoted(vpc.cidr)}
  instance_tenancy     = {hcl.quoted(vpc.tenancy or "default")}
  enable_dns_support   = {str(support).lower()}
  enable_dns_hostnames = {str(hostnames).lower()}

  lifecycle {{
    prevent_destroy = true
    ignore_changes  = [tags, tags_all, assign_generated_ipv6_cidr_block]
  }}
}}"""


def _cloudformation(network: VpcNetwork, vpc: VpcFact) -> Written:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html"""
    return Written(
        text=script(
            header(network, _("DNS of the VPC, to merge into your template")),
            _fragment(vpc, support=True, hostnames=True),
        ),
        undo=script(
            header(network, _("DNS of the VPC as it was, to merge into your template")),
            _fragment(vpc, support=vpc.dns_support is not False, hostnames=vpc.dns_hostnames is not False),
        ),
        note=_(
            "CloudFormation changes only what a stack owns. Merge these properties into the template of the stack that "
            "made the VPC, under its own logical id, and update that stack. If no stack made it, take another form."
        ),
    )


def _fragment(vpc: VpcFact, *, support: bool, hostnames: bool) -> str:
    return f"""Resources:
  {comment(vpc.id)}
  {yaml.logical_id(vpc.id)}:
    Type: AWS::EC2::VPC
    Properties:
      EnableDnsSupport: {str(support).lower()}
      EnableDnsHostnames: {str(hostnames).lower()}"""
