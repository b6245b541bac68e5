"""A tag as AWS CLI, Terraform and CloudFormation, and the former value put back.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html (a tag that exists is overwritten)
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html (with a value: only where it is that one)
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ec2_tag
"""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import indent

from django.utils.translation import gettext as _

from networking.remedies import cloudformation as yaml
from networking.remedies import hcl
from networking.remedies.shapes import Written
from networking.remedies.shell import aws, comment, header, quoted, script, tag
from portal.aws.facts.networks import VpcNetwork

_TYPES = {"vpc": "AWS::EC2::VPC", "subnet": "AWS::EC2::Subnet"}


@dataclass(frozen=True, kw_only=True)
class Retag:
    """One tag for several resources of a kind (`vpc`, `subnet`). `former`: resource id → the value that it has now,
    None where it has no such tag.
    """

    key: str
    value: str
    kind: str
    former: Mapping[str, str | None]

    @property
    def restored(self) -> dict[str, str]:
        """Those that carry the tag with another value now."""
        return {own: value for own, value in self.former.items() if value is not None}

    @property
    def new(self) -> tuple[str, ...]:
        """Those that have no such tag now."""
        return tuple(own for own, value in self.former.items() if value is None)


def cli(network: VpcNetwork, change: Retag) -> Written:
    """One call for all of them."""
    resources = " ".join(map(quoted, change.former))
    made = aws(
        network, "ec2 create-tags", f"--resources {resources}", f"--tags {tag(change.key, change.value)}"
    )  # fmt: skip
    title = _("Sets the tag %(key)s") % {"key": change.key}
    undone = _("Takes the tag %(key)s back to what it was") % {"key": change.key}
    return Written(
        text=script(header(network, title), made), undo=script(header(network, undone), *_undoing(network, change))
    )


def _undoing(network: VpcNetwork, change: Retag) -> list[str]:
    calls = []
    if change.new:
        gone = " ".join(map(quoted, change.new))
        ours = tag(change.key, change.value)
        calls.append(aws(network, "ec2 delete-tags", f"--resources {gone}", f"--tags {ours}"))
    for value in dict.fromkeys(change.restored.values()):
        back = " ".join(quoted(own) for own, former in change.restored.items() if former == value)
        calls.append(aws(network, "ec2 create-tags", f"--resources {back}", f"--tags {tag(change.key, value)}"))
    return calls


def terraform(network: VpcNetwork, change: Retag) -> Written:
    """A resource for each tag; other tags of the resources are left alone."""
    title = _("Sets the tag %(key)s") % {"key": change.key}
    undone = _("Takes the tag %(key)s back to what it was") % {"key": change.key}
    text = _tags(change, f"toset({hcl.texts(change.former)})", hcl.quoted(change.value))
    gone = _("Delete this block and run terraform apply: Terraform removes the tags.")
    back = _tags(change, hcl.table(change.restored), "each.value")
    return Written(
        text=script(header(network, title), text),
        undo=script(header(network, undone), back) if change.restored else gone,
        undo_is_code=bool(change.restored),
        note=_(
            "Where your Terraform manages the %(kind)s itself, add the tag to its own tags instead: the two ways undo "
            "each other."
        )
        % {"kind": change.kind},
    )


def _tags(change: Retag, each: str, value: str) -> str:
    name = hcl.name(f"clickhouse_byoc_{change.kind}_{change.key.rsplit('/', 1)[-1]}")
    return f"""resource "aws_ec2_tag" "{name}" {{
  for_each = {each}

  resource_id = each.key
  key         = {hcl.quoted(change.key)}
  value       = {value}
}}"""


def cloudformation(network: VpcNetwork, change: Retag) -> Written:
    """What the customer's own template says of these resources: a stack changes only what it owns."""
    title = _("The tag %(key)s, to merge into your template") % {"key": change.key}
    undone = _("The former tag %(key)s, to merge into your template") % {"key": change.key}
    back = _fragment(change, change.restored)
    removed = _("Take the entry of %(key)s out of Tags and update the stack.") % {"key": change.key}
    leave = [comment(f"{own}: {removed}") for own in change.new]
    return Written(
        text=script(header(network, title), _fragment(change, dict.fromkeys(change.former, change.value))),
        undo=script(header(network, undone), *leave, back) if change.restored else removed,
        undo_is_code=bool(change.restored),
        note=_(
            "CloudFormation changes only what a stack owns. Merge these Tags into the template of the stack that made "
            "the %(kind)s, under its own logical id, and update that stack. If no stack made it, take another form."
        )
        % {"kind": change.kind},
    )


def _fragment(change: Retag, values: Mapping[str, str]) -> str:
    return "\n".join(["Resources:", *(indent(_entry(change, own, value), "  ") for own, value in values.items())])


def _entry(change: Retag, resource_id: str, value: str) -> str:
    return f"""{comment(resource_id)}
{yaml.logical_id(resource_id)}:
  Type: {_TYPES[change.kind]}
  Properties:
    Tags:
      - Key: {yaml.quoted(change.key)}
        Value: {yaml.quoted(value)}"""
