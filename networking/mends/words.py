"""What a planned change is in words: one sentence, what it disturbs, and how to take it back."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networking.mends.mending import ATTACH, CREATE, TAG, Mend
from onboarding.stacks.naming import INTENT_TAG


@dataclass(frozen=True, kw_only=True)
class MendWords:
    """One change as the page shows it. `undo` is a POSIX shell script of AWS CLI calls."""

    mend: Mend
    sentence: str
    disturbs: str
    cost: str
    undo: str

    @classmethod
    def of(cls, mend: Mend) -> Self:
        """The words in the reader's language."""
        return cls(mend=mend, sentence=sentence(mend), disturbs=_disturbs(mend), cost=_cost(mend), undo=undo(mend))


def sentence(mend: Mend) -> str:
    """What will be done, in one sentence."""
    count = len(mend.changes)
    words: Mapping[str, object] = {
        "count": count,
        "key": mend.tag_key,
        "value": mend.value,
        "vpc": mend.vpc_id,
        "endpoint": mend.endpoint_id,
    }
    if mend.kind == TAG and mend.tagged == "vpc":
        return _("Put the tag %(key)s = %(value)s on %(vpc)s.") % words
    if mend.kind == TAG:
        return (
            ngettext(
                "Put the tag %(key)s = %(value)s on %(count)d subnet.",
                "Put the tag %(key)s = %(value)s on %(count)d subnets.",
                count,
            )
            % words
        )
    if mend.kind == CREATE:
        return (
            ngettext(
                "Create an S3 gateway endpoint in %(vpc)s and attach %(count)d route table to it.",
                "Create an S3 gateway endpoint in %(vpc)s and attach %(count)d route tables to it.",
                count,
            )
            % words
        )
    return (
        ngettext(
            "Attach %(count)d route table to the S3 gateway endpoint %(endpoint)s.",
            "Attach %(count)d route tables to the S3 gateway endpoint %(endpoint)s.",
            count,
        )
        % words
    )


def _disturbs(mend: Mend) -> str:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html, considerations."""
    if mend.kind == TAG:
        return _("Nothing that runs is touched.")
    return _(
        "Traffic to S3 from the subnets of these tables takes the endpoint from then on: open connections to S3 break"
        " off once, and bucket policies that allow a public address (aws:SourceIp) no longer fit it."
    )


def _cost(mend: Mend) -> str:
    if mend.kind == TAG:
        return _("Tags cost nothing.")
    return _("AWS charges nothing for a gateway endpoint.")


def undo(mend: Mend) -> str:
    """The commands that put everything back as it was before this change."""
    if mend.kind == TAG:
        return _untag(mend)
    if mend.kind == ATTACH:
        tables = " ".join(mend.resources)
        return (
            f"aws ec2 modify-vpc-endpoint --region {mend.region} --vpc-endpoint-id {mend.endpoint_id} "
            f"--remove-route-table-ids {tables}\n"
        )
    filters = f"Name=vpc-id,Values={mend.vpc_id} Name=service-name,Values={mend.value} Name=tag-key,Values={INTENT_TAG}"
    return (
        f"made=$(aws ec2 describe-vpc-endpoints --region {mend.region} --filters {filters} "
        "--query 'VpcEndpoints[].VpcEndpointId' --output text)\n"
        f"aws ec2 delete-vpc-endpoints --region {mend.region} --vpc-endpoint-ids $made\n"
    )


def _untag(mend: Mend) -> str:
    """New tags go away; an overwritten one gets its old value back."""
    lines = []
    fresh = [change.resource for change in mend.changes if change.before is None]
    if fresh:
        tag = _tags(mend.tag_key, mend.value)
        lines.append(f"aws ec2 delete-tags --region {mend.region} --resources {' '.join(fresh)} --tags {tag}\n")
    lines += [
        f"aws ec2 create-tags --region {mend.region} --resources {change.resource} "
        f"--tags {_tags(mend.tag_key, change.before or '')}\n"
        for change in mend.overwritten
    ]
    return "".join(lines)


def _tags(key: str, value: str) -> str:
    """As JSON: the AWS CLI's shorthand would trip over commas and quotes in a value."""
    return shlex.quote(json.dumps([{"Key": key, "Value": value}]))
