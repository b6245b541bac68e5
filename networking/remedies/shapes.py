"""What a remedy is made of. Pure values; the page, the script and the tests read the same ones."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _

from onboarding.guides import GuideItem, Tab


class Order(IntEnum):
    """Where a remedy stands in the script of all: what makes something comes before what uses it.

    A VPC of its own before all; the S3 endpoint before the route tables that are attached to it; subnets before tables
    for them. Of a peering: the connection before its acceptance, both before routes that lead to it.
    """

    NEW_VPC = 10
    DNS = 20
    S3_ENDPOINT = 30
    NEW_SUBNETS = 40
    PRIVATE_TABLES = 50
    EGRESS = 60
    TAGS = 70
    CONNECTION = 100
    ACCEPTANCE = 110
    ROUTES = 120


@dataclass(frozen=True, kw_only=True)
class ConsoleField:
    """One field of an illustrated console page. `mark` is the number of the checklist item that speaks of it.

    `kind`: text, select, check, radio.
    """

    label: str
    value: str = ""
    mark: int = 0
    kind: str = "text"
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True, kw_only=True)
class ConsolePage:
    """An illustrated page of the AWS console: `service` and `crumbs` say which, `fields` are filled in, `button` is
    what is pressed last and `button_mark` its number in the checklist. `region` is its code.
    """

    service: str
    crumbs: tuple[str, ...]
    region: str
    fields: tuple[ConsoleField, ...]
    button: str
    button_mark: int
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One written form of a remedy: what to run or apply, and what takes it back.

    `text` and `undo` are complete: a POSIX shell script of AWS CLI calls, a Terraform file, a CloudFormation template.
    `undo` may also be a sentence where one act suffices (deleting the stack); `undo_is_code` says which. `note` is said
    beside the text, for example that CloudFormation changes only what a stack of the customer's owns.
    """

    text: str
    undo: str
    undo_is_code: bool = True
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """The fix of one cause, with the customer's own ids.

    `key` is unique among the remedies of a look and stable over looks (`subnets-tags`, `subnets-size-subnet-0abc`); it
    is an anchor on the page. `codes` are the checks that it settles, `effect` one sentence of what it does and what it
    may disturb, `undo_console` how to take it back by hand. `order` is one of `Order`. `account` (12 digits) and
    `region` (code) are where it is carried out. `needs_decision`: it takes something away that may be in use, so the
    script of all leaves it out.
    """

    key: str
    codes: tuple[str, ...]
    title: str
    effect: str
    account: str
    region: str
    resources: tuple[str, ...]
    console: tuple[GuideItem, ...]
    page: ConsolePage
    undo_console: str
    cli: Written
    terraform: Written
    cloudformation: Written
    order: int
    needs_decision: bool = False

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The four ways and the way back, for components/_tabs.html."""
        return (
            Tab("console", _("AWS console"), "networking/_remedy.html#console"),
            Tab("cli", "AWS CLI", "networking/_remedy.html#cli"),
            Tab("terraform", "Terraform", "networking/_remedy.html#terraform"),
            Tab("cloudformation", "CloudFormation", "networking/_remedy.html#cloudformation"),
            Tab("undo", _("Take it back"), "networking/_remedy.html#undo"),
        )
