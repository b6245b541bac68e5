"""Ids of AWS resources, as people paste them."""

import re

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import line, refuse

_TAIL = re.compile(r"[0-9a-f]{8}|[0-9a-f]{17}")


def resource_id(text: object, *, prefix: str) -> str:
    """An id such as `rtb-0a1b2c3d`: the prefix, a dash, and 8 or 17 lower-case hexadecimal digits.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
    Raises `Refused`: `<prefix>-id.missing`, `.malformed`, `.other-kind`.
    """
    right = _(
        "Such an ID is %(prefix)s- and then 8 or 17 digits or letters a to f, in lower case: "
        "%(prefix)s-0a1b2c3d4e5f60718."
    ) % {"prefix": prefix}
    code = f"{prefix}-id"
    typed = line(text, missing=right, code=code)
    kind, dash, tail = typed.partition("-")
    if dash and kind != prefix and kind.lower() != prefix and _TAIL.fullmatch(tail):
        refuse(
            _("This ID begins with %(kind)s-. Enter one that begins with %(prefix)s-.")
            % {"kind": kind[:20], "prefix": prefix},
            f"{code}.other-kind",
        )
    if kind != prefix or not dash or _TAIL.fullmatch(tail) is None:
        refuse(right, f"{code}.malformed")
    return typed


def vpc_id(text: object) -> str:
    """The id of a VPC. Raises `Refused` with codes that begin with `vpc-id.`."""
    return resource_id(text, prefix="vpc")


def subnet_id(text: object) -> str:
    """The id of a subnet. Raises `Refused` with codes that begin with `subnet-id.`."""
    return resource_id(text, prefix="subnet")


def route_table_id(text: object) -> str:
    """The id of a route table. Raises `Refused` with codes that begin with `rtb-id.`."""
    return resource_id(text, prefix="rtb")


def peering_id(text: object) -> str:
    """The id of a VPC peering connection. Raises `Refused` with codes that begin with `pcx-id.`."""
    return resource_id(text, prefix="pcx")


def security_group_id(text: object) -> str:
    """The id of a security group. Raises `Refused` with codes that begin with `sg-id.`."""
    return resource_id(text, prefix="sg")
