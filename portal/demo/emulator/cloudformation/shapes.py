"""Values against a resource type's published schema: made the type it says, refused where it knows no such key.

CloudFormation takes "true" for true and 3 for "3"; what a service then gets has the type of the schema
(docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html).
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.cloudformation.intrinsics import text_of
from portal.demo.emulator.cloudformation.work import Failed

Node = Mapping[str, Any]


def conformed(value: Any, node: Node, definitions: Mapping[str, Node], path: str = "#") -> Any:
    """`value` in the types of `node`. Raises Failed for an unknown or a missing key below the top level."""
    node = _followed(node, definitions)
    if isinstance(value, dict):
        return _object(value, node, definitions, path)
    if isinstance(value, list):
        items = node.get("items", {})
        return [conformed(entry, items, definitions, f"{path}/{index}") for index, entry in enumerate(value)]
    return _scalar(value, node.get("type"))


def _followed(node: Node, definitions: Mapping[str, Node]) -> Node:
    while "$ref" in node and str(node["$ref"]).startswith("#/definitions/"):
        node = definitions[str(node["$ref"]).removeprefix("#/definitions/")]
    return node


def _object(value: dict[str, Any], node: Node, definitions: Mapping[str, Node], path: str) -> dict[str, Any]:
    known: Mapping[str, Node] = node.get("properties", {})
    closed = known and node.get("additionalProperties") is False and "patternProperties" not in node
    for key in value:
        if closed and key not in known:
            raise Failed(f"Encountered unsupported property {key}")
    for key in node.get("required", ()):
        if key not in value:
            raise Failed(f"Properties validation failed with message:\n{path}: required key [{key}] not found")
    loose: Node = next(iter(node.get("patternProperties", {}).values()), {})
    return {key: conformed(entry, known.get(key, loose), definitions, f"{path}/{key}") for key, entry in value.items()}


def _scalar(value: Any, kind: Any) -> Any:
    if kind == "string" and isinstance(value, bool | int | float):
        return text_of(value)
    if kind == "boolean" and str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    if kind == "integer" and isinstance(value, str) and value.removeprefix("-").isdigit():
        return int(value)
    return value
