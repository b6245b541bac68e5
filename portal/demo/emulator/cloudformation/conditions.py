"""The Conditions section: which resources and outputs exist.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.demo.emulator.cloudformation.intrinsics import Scope, function, resolve, text_of
from portal.demo.emulator.cloudformation.templates import Template, invalid


def evaluate(template: Template, scope: Scope) -> dict[str, bool]:
    """The truth of every condition. Raises ValidationError for unknown names, cycles and wrong arguments."""
    known: dict[str, bool] = {}
    for name in template.conditions:
        known[name] = _named(name, template.conditions, scope, known, ())
    return known


def _named(name: str, section: Mapping[str, Any], scope: Scope, known: dict[str, bool], path: tuple[str, ...]) -> bool:
    if name in path:
        raise invalid(f"Template format error: Circular dependency between conditions: [{', '.join(path)}]")
    if name not in section:
        raise invalid(f"Template format error: Unresolved condition dependency {name} in the Conditions block")
    if name not in known:
        known[name] = _holds(section[name], section, scope, known, (*path, name))
    return known[name]


def _holds(value: Any, section: Mapping[str, Any], scope: Scope, known: dict[str, bool], path: tuple[str, ...]) -> bool:
    call = function(value)
    if call is None:
        raise invalid(f"Template format error: Conditions can only be boolean operations on parameters: {value}")
    name, argument = call
    if name == "Condition":
        return _named(str(argument), section, scope, known, path)
    if name == "Fn::Equals":
        return _equal(argument, replace(scope, conditions=known))
    if name not in {"Fn::And", "Fn::Or", "Fn::Not"}:
        raise invalid(f"Template format error: {name} cannot be a condition")
    least, most = (1, 1) if name == "Fn::Not" else (2, 10)
    if not isinstance(argument, list) or not least <= len(argument) <= most:
        raise invalid(f"Template validation error: Template error: every {name} object requires a list of at least "
                      f"{least} and at most {most} boolean parameters.")  # fmt: skip
    parts = [_holds(part, section, scope, known, path) for part in argument]
    if name == "Fn::Not":
        return not parts[0]
    return all(parts) if name == "Fn::And" else any(parts)


def _equal(argument: Any, scope: Scope) -> bool:
    if not isinstance(argument, list) or len(argument) != 2:
        raise invalid("Template validation error: Template error: every Fn::Equals object requires a list of 2 "
                      "string parameters.")  # fmt: skip
    left, right = (text_of(resolve(side, scope)) for side in argument)
    return left == right
