"""Pages of the AWS console, step by step: the numbered checklist and the illustrated page whose marks match it.

https://docs.aws.amazon.com/vpc/latest/userguide/create-subnets.html,
https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html,
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html,
https://docs.aws.amazon.com/vpc/latest/userguide/create-vpc.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from networking.remedies.shapes import ConsoleField, ConsolePage
from onboarding.guides import GuideItem, GuideValue
from portal.aws.facts.networks import VpcNetwork


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the checklist, and the fields of the page that it speaks of."""

    text: str
    url: str = ""
    link: str = ""
    values: tuple[GuideValue, ...] = ()
    fields: tuple[ConsoleField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page of the console. The last step presses `button`."""

    crumbs: tuple[str, ...]
    button: str
    steps: tuple[Step, ...]


def items(sheets: Sequence[Sheet]) -> tuple[GuideItem, ...]:
    """The checklist over all pages."""
    steps = (step for sheet in sheets for step in sheet.steps)
    return tuple(GuideItem(text=step.text, url=step.url, link=step.link, values=step.values) for step in steps)


def page(network: VpcNetwork, sheets: Sequence[Sheet], shown: Sheet) -> ConsolePage:
    """The illustration of `shown`, one of `sheets`, with the numbers of the whole checklist."""
    before = sum(len(sheet.steps) for sheet in sheets[: sheets.index(shown)])
    fields = (
        replace(field, mark=before + place) for place, step in enumerate(shown.steps, start=1) for field in step.fields
    )
    return ConsolePage(
        service="VPC",
        crumbs=shown.crumbs,
        region=network.region,
        account=network.account,
        fields=tuple(fields),
        button=shown.button,
        button_mark=before + len(shown.steps),
    )


def valued(label: str, value: str, *, kind: str = "text", hint: str = "") -> tuple[GuideValue, ConsoleField]:
    """A value to copy and the field that takes it."""
    return GuideValue(label, value), ConsoleField(label=label, value=value, kind=kind, hint=hint)


def step(text: str, *pairs: tuple[GuideValue, ConsoleField], url: str = "", link: str = "") -> Step:
    """A step with its values and their fields."""
    return Step(
        text=text,
        url=url,
        link=link,
        values=tuple(value for value, _field in pairs),
        fields=tuple(field for _value, field in pairs),
    )
