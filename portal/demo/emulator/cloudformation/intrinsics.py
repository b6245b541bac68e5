"""Intrinsic functions and pseudo parameters.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.demo.emulator.calls import NotEmulated
from portal.demo.emulator.cloudformation.templates import invalid

NO_VALUE = object()
"""What AWS::NoValue resolves to: the property is as if it had not been written."""
PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
CONDITION_FUNCTIONS = {"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not"}


class Unresolved(Exception):
    """A reference to a resource that has no physical id (yet)."""


@dataclass(frozen=True)
class Scope:
    """Everything a template's functions may look at.

    `reference(logical_id)` gives a resource's Ref, `attribute(logical_id, name)` its Fn::GetAtt; both raise
    Unresolved when the resource does not exist. `zones(region)` and `imported(name)` ask the emulator.
    """

    parameters: Mapping[str, Any]
    pseudo: Mapping[str, Any]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, bool]
    reference: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    zones: Callable[[str], list[str]]
    imported: Callable[[str], str]
    resource_ids: frozenset[str] = field(default=frozenset())


def function(value: Any) -> tuple[str, Any] | None:
    """(name, argument) when `value` is a call of an intrinsic function, else None."""
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        if name in {"Ref", "Condition"} or str(name).startswith("Fn::"):
            return str(name), value[name]
    return None


def resolve(value: Any, scope: Scope) -> Any:
    """`value` with every function evaluated. Raises ServiceError(ValidationError), Unresolved."""
    call = function(value)
    if call and not (call[0] == "Condition" and not isinstance(call[1], str)):
        return _call(call[0], call[1], scope)
    if isinstance(value, dict):
        items = ((key, resolve(item, scope)) for key, item in value.items())
        return {key: item for key, item in items if item is not NO_VALUE}
    if isinstance(value, list):
        return [item for item in (resolve(entry, scope) for entry in value) if item is not NO_VALUE]
    return value


def _call(name: str, argument: Any, scope: Scope) -> Any:
    if name in CONDITION_FUNCTIONS:
        raise invalid(f"Template validation error: Template error: {name} cannot be used outside Conditions")
    implementation = _FUNCTIONS.get(name)
    if implementation is None:
        raise NotEmulated(f"The intrinsic function {name}")
    return implementation(argument, scope)


def _ref(argument: Any, scope: Scope) -> Any:
    if argument == "AWS::NoValue":
        return NO_VALUE
    if argument in scope.pseudo:
        return scope.pseudo[argument]
    if argument in scope.parameters:
        return scope.parameters[argument]
    return scope.reference(argument)


def _condition(argument: Any, scope: Scope) -> Any:
    # Inside a policy document {"Condition": "x"} is no function; only Conditions and Fn::If know it.
    return scope.conditions.get(argument, {"Condition": argument})


def _get_att(argument: Any, scope: Scope) -> Any:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[0], str):
        raise invalid("Template error: every Fn::GetAtt object requires two non-empty parameters, "
                      "the resource name and the resource attribute")  # fmt: skip
    return scope.attribute(parts[0], str(resolve(parts[1], scope)))


def _sub(argument: Any, scope: Scope) -> str:
    text, variables = (argument, {}) if isinstance(argument, str) else _pair(argument, "Fn::Sub")
    if not isinstance(text, str) or not isinstance(variables, dict):
        raise invalid("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
                      "Specify a string as first argument, and an optional second argument to specify a mapping "
                      "of values to replace in the string")  # fmt: skip

    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        if name in variables:
            return text_of(resolve(variables[name], scope))
        if "." in name:
            return text_of(_get_att(name, scope))
        return text_of(_ref(name, scope))

    return PLACEHOLDER.sub(value_of, text)


def text_of(value: Any) -> str:
    """A value as CloudFormation writes it into text: booleans in small letters, lists joined by commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(text_of(item) for item in value)
    return "" if value is NO_VALUE else str(value)


def _pair(argument: Any, name: str) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        raise invalid(f"Template error: every {name} object requires two parameters.")
    return argument


def _join(argument: Any, scope: Scope) -> str:
    delimiter, values = _pair(argument, "Fn::Join")
    values = resolve(values, scope)
    if not isinstance(delimiter, str) or not isinstance(values, list):
        raise invalid("Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
                      "(2) a list of strings to be joined or a function that returns a list of strings "
                      "(such as Fn::GetAZs) to be joined.")  # fmt: skip
    return delimiter.join(text_of(value) for value in values)


def _select(argument: Any, scope: Scope) -> Any:
    index, values = _pair(argument, "Fn::Select")
    index, values = resolve(index, scope), resolve(values, scope)
    if not str(index).isdigit() or not isinstance(values, list):
        raise invalid("Template error: every Fn::Select object requires two parameters, the index and the list.")
    if int(index) >= len(values):
        raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return values[int(index)]


def _split(argument: Any, scope: Scope) -> list[str]:
    delimiter, text = _pair(argument, "Fn::Split")
    return text_of(resolve(text, scope)).split(str(delimiter))


def _if(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != 3:
        raise invalid("Template error: every Fn::If object requires three parameters.")
    return resolve(argument[1] if holds(argument[0], scope) else argument[2], scope)


def holds(name: Any, scope: Scope) -> bool:
    """Whether the named condition is true. Raises ValidationError for a name that is not defined."""
    if name not in scope.conditions:
        raise invalid(f"Template format error: Unresolved condition dependency {name} in Fn::If")
    return scope.conditions[name]


def _base64(argument: Any, scope: Scope) -> str:
    return base64.b64encode(text_of(resolve(argument, scope)).encode()).decode()


def _get_azs(argument: Any, scope: Scope) -> list[str]:
    return scope.zones(str(resolve(argument, scope) or scope.pseudo["AWS::Region"]))


def _import_value(argument: Any, scope: Scope) -> str:
    return scope.imported(text_of(resolve(argument, scope)))


def _find_in_map(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) not in {3, 4}:
        raise invalid("Template error: every Fn::FindInMap object requires three parameters, the map name, map key "
                      "and the attribute for return value")  # fmt: skip
    names = [resolve(part, scope) for part in argument[:3]]
    found: Any = scope.mappings
    for name in names:
        if not isinstance(found, dict) or name not in found:
            if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
                return resolve(argument[3]["DefaultValue"], scope)
            raise invalid(f"Template error: Unable to get mapping for {'::'.join(map(str, names))}")
        found = found[name]
    return found


def _cidr(argument: Any, scope: Scope) -> list[str]:
    """docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html"""
    if not isinstance(argument, list) or len(argument) not in {2, 3}:
        raise invalid("Template error: every Fn::Cidr object requires two or three parameters.")
    block, count, *bits = [resolve(part, scope) for part in argument]
    network = ipaddress.ip_network(str(block), strict=False)
    host_bits = int(bits[0]) if bits else (8 if network.version == 4 else 64)
    prefix = network.max_prefixlen - host_bits
    if not 1 <= int(count) <= 256:
        raise invalid("Template error: Fn::Cidr count must be between 1 and 256")
    if prefix < network.prefixlen or int(count) > 2 ** (prefix - network.prefixlen):
        raise invalid(f"Template error: Fn::Cidr cannot cut {count} blocks with {host_bits} bits from {block}")
    subnets = network.subnets(new_prefix=prefix)
    return [str(next(subnets)) for _ in range(int(count))]


def require_known(value: Any) -> None:
    """Refuses a template that calls a function which the emulator does not evaluate, wherever it stands."""
    call = function(value)
    if call and call[0] not in _FUNCTIONS and call[0] not in CONDITION_FUNCTIONS:
        raise NotEmulated(f"The intrinsic function {call[0]}")
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            require_known(entry)


_FUNCTIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Condition": _condition,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::Base64": _base64,
    "Fn::GetAZs": _get_azs,
    "Fn::ImportValue": _import_value,
    "Fn::FindInMap": _find_in_map,
    "Fn::Cidr": _cidr,
}
