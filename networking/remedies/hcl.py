"""Words of Terraform's language. https://developer.hashicorp.com/terraform/language/expressions/strings"""

import re
from collections.abc import Iterable, Mapping

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(value: str) -> str:
    """`value` as a string literal: quotes, line ends and template marks mean themselves."""
    return f'"{"".join(map(_written, value))}"'.replace("${", "$${").replace("%{", "%%{")


def _written(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"


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
