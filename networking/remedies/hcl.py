"""Words of Terraform's language. https://developer.hashicorp.com/terraform/language/expressions/strings"""

import json
import re
from collections.abc import Iterable, Mapping


def quoted(value: str) -> str:
    """`value` as a string literal: quotes, line ends and template marks mean themselves."""
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def texts(values: Iterable[str]) -> str:
    """A list of strings on one line."""
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def table(values: Mapping[str, str], indent: str = "  ") -> str:
    """A map of strings, one line for each, closed at `indent`."""
    width = max((len(quoted(key)) for key in values), default=0)
    lines = [f"{indent}  {quoted(key):<{width}} = {quoted(value)}" for key, value in values.items()]
    return "\n".join(["{", *lines, f"{indent}}}"])


def name(resource_id: str) -> str:
    """A resource's local name from an AWS id: subnet-0abc → subnet_0abc."""
    return re.sub(r"[^A-Za-z0-9_]", "_", resource_id)
