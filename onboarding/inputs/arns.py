"""ARNs of IAM roles, as people paste them."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import line, refuse

_SHAPE = re.compile(r"arn:(aws|aws-us-gov|aws-cn):iam::([0-9]{12}):role(/.*)")
_PATH = re.compile(r"/(?:[!-.0-~]+/)*")
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,64}")
_WILD = re.compile(r"[*?]")


@dataclass(frozen=True, kw_only=True)
class RoleArn:
    """One IAM role: `partition` (`aws`), `account` (12 digits), `path` (begins and ends with a slash),
    `name`.
    """

    partition: str
    account: str
    path: str
    name: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:iam::{self.account}:role{self.path}{self.name}"


def role_arn(text: object, *, account: str = "", name: str = "") -> RoleArn:
    """The parts of a role's ARN; `account` and `name`, when given, are the ones that it must carry.

    A role's name has 1–64 characters of `[A-Za-z0-9_+=,.@-]`, its path at most 512 between slashes. Source:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (name requirements). Raises
    `Refused`: `role-arn.missing`, `.malformed`, `.session`, `.wildcard`, `.not-a-role`, `.path`, `.name`,
    `.other-account`, `.other-name`.
    """
    right = _("A role ARN looks like arn:aws:iam::123456789012:role/RoleName. Copy it from the role's page in IAM.")
    typed = line(text, missing=right, code="role-arn")
    _refuse_neighbours(typed)
    shape = _SHAPE.fullmatch(typed)
    if shape is None:
        refuse(right, "role-arn.malformed")
    folder, _slash, last = shape[3].rpartition("/")
    arn = RoleArn(partition=shape[1], account=shape[2], path=f"{folder}/", name=last)
    _refuse_parts(arn)
    if account and arn.account != account:
        refuse(
            _("This role is in account %(found)s. Enter a role of account %(account)s.")
            % {"found": arn.account, "account": account},
            "role-arn.other-account",
        )
    if name and arn.name != name:
        refuse(_("This role is not %(name)s. Enter the ARN of %(name)s.") % {"name": name}, "role-arn.other-name")
    return arn


def _refuse_neighbours(typed: str) -> None:
    """Name the mix-ups that people make: a session of the role, a user, the root, a pattern."""
    if typed.startswith("arn:aws:sts::") and ":assumed-role/" in typed:
        refuse(
            _(
                "This is the ARN of a session. Give the role ARN, which looks like "
                "arn:aws:iam::123456789012:role/RoleName."
            ),
            "role-arn.session",
        )
    if _WILD.search(typed):
        refuse(_("A role ARN names one role. Write it without * and ?."), "role-arn.wildcard")
    if typed.startswith("arn:aws:iam::") and ":role/" not in typed:
        refuse(
            _("This ARN does not name a role. A role ARN has :role/ after the account ID."),
            "role-arn.not-a-role",
        )


def _refuse_parts(arn: RoleArn) -> None:
    if len(arn.path) > 512 or _PATH.fullmatch(arn.path) is None:
        refuse(_("The path of a role has at most 512 characters between single slashes."), "role-arn.path")
    if _NAME.fullmatch(arn.name) is None:
        refuse(
            _("The name of a role has 1 to 64 letters, digits or _+=,.@- characters. Check the end of the ARN."),
            "role-arn.name",
        )
