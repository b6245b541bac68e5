"""Condition blocks of policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and, for keys
with several values, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

Context = Mapping[str, tuple[str, ...]]
"""Context keys in lower case; several values for multi-valued keys. A missing key is absent, not empty."""


class UnknownOperatorError(ValueError):
    """A condition operator that IAM does not have."""


@lru_cache(maxsize=4096)
def pattern(glob: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """The regular expression of an IAM glob: `*` any run of characters, `?` exactly one."""
    text = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in glob)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def expand(text: str, context: Context) -> str | None:
    """Fills in policy variables such as `${aws:username}`; None when one has no value.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name, _, default = match.group(1).partition(",")
        if name in {"*", "?", "$"}:
            return name
        found = context.get(name.strip().lower())
        if found:
            return found[0]
        missing = missing or not default
        return default.strip().strip("'")

    filled = re.sub(r"\$\{([^}]*)\}", value, text)
    return None if missing else filled


def arn_like(wanted: str, value: str) -> bool:
    """ARN comparison: each of the six parts on its own, so that `*` does not cross a colon but the last."""
    ours, theirs = wanted.split(":", 5), value.split(":", 5)
    if len(ours) != 6 or len(theirs) != 6:
        return False
    return all(pattern(a).fullmatch(b) is not None for a, b in zip(ours, theirs, strict=True))


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def test(wanted: str, value: str) -> bool:
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return False

    return test


def _date(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def seconds(text: str) -> float:
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return float(text)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

    def test(wanted: str, value: str) -> bool:
        try:
            return compare(seconds(value), seconds(wanted))
        except ValueError:
            return False

    return test


def _in_network(wanted: str, value: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


_EQ, _LT, _LE = (lambda a, b: a == b), (lambda a, b: a < b), (lambda a, b: a <= b)
_GT, _GE = (lambda a, b: a > b), (lambda a, b: a >= b)

# Operator -> the test of one wanted value against one value of the request.
_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "stringequals": lambda wanted, value: wanted == value,
    "stringequalsignorecase": lambda wanted, value: wanted.lower() == value.lower(),
    "stringlike": lambda wanted, value: pattern(wanted).fullmatch(value) is not None,
    "arnequals": arn_like,
    "arnlike": arn_like,
    "bool": lambda wanted, value: wanted.lower() == value.lower(),
    "binaryequals": lambda wanted, value: wanted == value,
    "ipaddress": _in_network,
    "numericequals": _number(_EQ),
    "numericlessthan": _number(_LT),
    "numericlessthanequals": _number(_LE),
    "numericgreaterthan": _number(_GT),
    "numericgreaterthanequals": _number(_GE),
    "dateequals": _date(_EQ),
    "datelessthan": _date(_LT),
    "datelessthanequals": _date(_LE),
    "dategreaterthan": _date(_GT),
    "dategreaterthanequals": _date(_GE),
}
_NEGATED: Mapping[str, str] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}


def holds(block: Mapping[str, Any], context: Context) -> bool:
    """True when every operator and every key of a condition block holds. Raises UnknownOperatorError."""
    return all(
        _key_holds(operator, key, _values(wanted), context)
        for operator, keys in block.items()
        for key, wanted in keys.items()
    )


def keys_of(block: Mapping[str, Any]) -> set[str]:
    """The context keys that a condition block asks for, as written."""
    return {key for keys in block.values() for key in keys}


def _key_holds(operator: str, key: str, wanted: tuple[str, ...], context: Context) -> bool:
    quantifier, _, bare = operator.lower().rpartition(":")
    if_exists = bare.endswith("ifexists")
    bare = bare.removesuffix("ifexists")
    values = context.get(key.lower())
    if bare == "null":
        return any((values is None) == (text.lower() == "true") for text in wanted)
    negated = bare in _NEGATED
    test = _TESTS.get(_NEGATED.get(bare, bare))
    if test is None:
        raise UnknownOperatorError(operator)
    if values is None or (quantifier and not values):
        return _without_value(quantifier, negated=negated, if_exists=if_exists)
    filled = tuple(text for raw in wanted if (text := expand(raw, context)) is not None)

    def one(value: str) -> bool:
        return any(test(text, value) for text in filled) != negated

    return all(map(one, values)) if quantifier == "forallvalues" else any(map(one, values))


def _without_value(quantifier: str, *, negated: bool, if_exists: bool) -> bool:
    if quantifier == "forallvalues":
        return True
    if quantifier == "foranyvalue":
        return if_exists
    return negated or if_exists


def _values(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in items)
