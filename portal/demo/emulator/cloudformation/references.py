"""Who refers to whom in a template: dependencies, their order, and references that lead nowhere.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from portal.demo.emulator.cloudformation.intrinsics import PLACEHOLDER, function
from portal.demo.emulator.cloudformation.templates import Resource, Template, invalid

PSEUDO = frozenset({
    "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
    "AWS::StackName", "AWS::URLSuffix",
})  # fmt: skip


def referenced(value: Any, conditions: Mapping[str, bool]) -> Iterator[tuple[str, str | None]]:
    """(name, attribute or None for Ref) of every reference in `value`; of Fn::If only the branch that counts."""
    call = function(value)
    if call is not None:
        yield from _of_call(call[0], call[1], conditions)
    elif isinstance(value, dict):
        for item in value.values():
            yield from referenced(item, conditions)
    elif isinstance(value, list):
        for item in value:
            yield from referenced(item, conditions)


def _of_call(name: str, argument: Any, conditions: Mapping[str, bool]) -> Iterator[tuple[str, str | None]]:
    if name == "Ref":
        yield str(argument), None
    elif name == "Fn::GetAtt":
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if isinstance(parts, list) and len(parts) == 2:
            yield str(parts[0]), parts[1] if isinstance(parts[1], str) else ""
    elif name == "Fn::Sub":
        yield from _of_text(argument, conditions)
    elif name == "Fn::If" and isinstance(argument, list) and len(argument) == 3 and argument[0] in conditions:
        yield from referenced(argument[1] if conditions[argument[0]] else argument[2], conditions)
    else:
        yield from referenced(argument if name != "Condition" else None, conditions)


def _of_text(argument: Any, conditions: Mapping[str, bool]) -> Iterator[tuple[str, str | None]]:
    text, variables = (argument, {}) if not isinstance(argument, list) else (argument[0], argument[1])
    for name in PLACEHOLDER.findall(str(text)):
        if name.startswith("!") or name in variables:
            continue
        resource, _, attribute = name.partition(".")
        yield resource, attribute or None
    yield from referenced(dict(variables), conditions)


def active(template: Template, conditions: Mapping[str, bool]) -> dict[str, Resource]:
    """The resources whose condition holds. Raises ValidationError for an unknown condition."""
    chosen = {}
    for name, resource in template.resources.items():
        if resource.condition is not None and resource.condition not in conditions:
            raise invalid(f"Template format error: Unresolved condition dependency {resource.condition} in the "
                          "Resources block of the template")  # fmt: skip
        if resource.condition is None or conditions[resource.condition]:
            chosen[name] = resource
    return chosen


def active_outputs(template: Template, conditions: Mapping[str, bool]) -> dict[str, Mapping[str, Any]]:
    """The outputs whose condition holds. Raises ValidationError for an unknown condition."""
    for output in template.outputs.values():
        if "Condition" in output and output["Condition"] not in conditions:
            raise invalid(f"Template format error: Unresolved condition dependency {output['Condition']} in the "
                          "Outputs block of the template")  # fmt: skip
    return {n: o for n, o in template.outputs.items() if "Condition" not in o or conditions[o["Condition"]]}


def require_resolved(template: Template, conditions: Mapping[str, bool]) -> None:
    """Raises ValidationError when a reference or DependsOn names nothing that the template defines."""
    resources = active(template, conditions)
    known = set(resources) | set(template.parameters) | PSEUDO
    missing: set[str] = set()
    for resource in resources.values():
        missing |= {name for name, _ in referenced(dict(resource.properties), conditions)} - known
        missing |= set(resource.depends_on) - set(template.resources)
    _refuse(missing, "Resources")
    outputs = active_outputs(template, conditions)
    named = {name for output in outputs.values() for name, _ in referenced(dict(output), conditions)}
    _refuse(named - known, "Outputs")


def _refuse(missing: Set[str], block: str) -> None:
    if missing:
        names = ", ".join(sorted(missing))
        raise invalid(f"Template format error: Unresolved resource dependencies [{names}] in the {block} block of "
                      "the template")  # fmt: skip


def dependencies(resources: Mapping[str, Resource], conditions: Mapping[str, bool]) -> dict[str, frozenset[str]]:
    """Logical id → the logical ids it waits for. Raises ValidationError for a circle."""
    edges = {
        name: frozenset(
            ({target for target, _ in referenced(dict(entry.properties), conditions)} | set(entry.depends_on))
            & set(resources)
        )
        for name, entry in resources.items()
    }
    left = dict(edges)
    while left:
        free = [name for name, needs in left.items() if not needs & set(left)]
        if not free:
            raise invalid(f"Circular dependency between resources: [{', '.join(sorted(left))}]")
        for name in free:
            del left[name]
    return edges
