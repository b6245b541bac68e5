"""A resource's resolved properties against what its type takes, with the stack's tags on it."""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.resources.kinds import Kind
from portal.demo.emulator.cloudformation.schemas import Schema, schema
from portal.demo.emulator.cloudformation.shapes import conformed
from portal.demo.emulator.cloudformation.work import Failed


def prepared(logical_id: str, kind: Kind, given: Mapping[str, Any], stack_tags: Mapping[str, str]) -> dict[str, Any]:
    """The properties to create with. Raises Failed with the words of the CREATE_FAILED event."""
    published = schema(kind.type)
    if published is None:
        return dict(given)  # a custom resource: its provider judges them
    _refuse_unknown(kind, published, given)
    absent = [name for name in published.required if name not in given]
    if absent:
        raise Failed(f"Properties validation failed for resource {logical_id} with message:\n"
                     f"#: required key [{absent[0]}] not found")  # fmt: skip
    shaped = {
        name: conformed(value, published.nodes[name], published.definitions, f"#/{name}")
        for name, value in given.items()
    }
    return _tagged(published, kind, shaped, stack_tags)


def _refuse_unknown(kind: Kind, published: Schema, given: Mapping[str, Any]) -> None:
    for name in given:
        if name not in published.properties or name in published.read_only - published.create_only:
            raise Failed(f"Encountered unsupported property {name}")
        if name not in kind.properties:
            raise Failed(f"Property {name} of {kind.type} is not emulated.")


def _tagged(published: Schema, kind: Kind, given: Mapping[str, Any], stack_tags: Mapping[str, str]) -> dict[str, Any]:
    """docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html

    The resource's own tags win over the stack's. The `aws:cloudformation:` tags are left out: their prefix is
    reserved, and the services behind the emulator refuse it from everybody.
    """
    answer, name = dict(given), published.tag_property
    if name is None or name not in kind.properties or not stack_tags:
        return answer
    if published.tags_are_map:
        answer[name] = {**stack_tags, **given.get(name, {})}
    else:
        own = {entry["Key"]: entry["Value"] for entry in given.get(name, [])}
        answer[name] = [{"Key": key, "Value": value} for key, value in {**stack_tags, **own}.items()]
    return answer
