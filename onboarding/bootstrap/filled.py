"""The bootstrap's renderings with one customer's values as their defaults, for those who deploy from a shell.

What stands at the portal's address is the same for everybody, because its hash is shown; there the values arrive as
parameters. These copies are for a person who gives a file to a tool of their own.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from onboarding.bootstrap.grants import Option

VARIABLES: Final[Mapping[str, str]] = {
    "ExternalId": "external_id",
    "VendorAccountId": "vendor_account_id",
    Option.WITHHOLD_VPC_WRITES.value: "withhold_vpc_writes",
    Option.ALLOW_PEERING_WRITES.value: "allow_peering_writes",
}
"""Parameter of the template → variable of the Terraform module."""
_BLOCK = r'(variable "{name}" \{{\n(?:.*\n)*?  type        = (\w+)\n)(?:  default     = .*\n)?'


def filled_template(body: str, values: Mapping[str, str]) -> str:
    """The template with each parameter's value as its default. Raises KeyError for a parameter that it lacks.

    Indented by one, as the template itself: a body handed over directly may have 51,200 bytes at most.
    """
    template = json.loads(body)
    for name, value in values.items():
        template["Parameters"][name]["Default"] = value
    return json.dumps(template, indent=1) + "\n"


def filled_module(text: str, values: Mapping[str, str]) -> str:
    """The Terraform module with each variable's value as its default. Raises KeyError for a variable that it lacks."""
    for parameter, value in values.items():
        text = _with_default(text, VARIABLES[parameter], value)
    return text


def _with_default(text: str, name: str, value: str) -> str:
    block = re.compile(_BLOCK.format(name=name))
    found = block.search(text)
    if found is None:
        raise KeyError(name)
    written = value if found[2] == "bool" else json.dumps(value)
    return f"{text[: found.start()]}{found[1]}  default     = {written}\n{text[found.end() :]}"
