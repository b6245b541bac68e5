"""The published resource schemas: which properties exist, are required, replace, or are only read.

The schemas are AWS's own (docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html), as
cfn-lint bundles them. Only the files of the types in use are read, each once; cfn-lint itself is never imported.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Schema:
    """What AWS publishes of one resource type; attribute names in the dotted form of Fn::GetAtt."""

    type: str
    properties: frozenset[str]
    required: tuple[str, ...]
    read_only: frozenset[str]
    create_only: frozenset[str]
    tag_property: str | None
    tags_are_map: bool
    nodes: Mapping[str, Any]
    definitions: Mapping[str, Any]


@cache
def _folder() -> Path:
    spec = find_spec("cfnlint")
    if spec is None or spec.origin is None:
        raise RuntimeError("The emulator's CloudFormation needs the package cfn-lint, whose schemas it reads.")
    return Path(spec.origin).parent / "data" / "schemas"


@cache
def _index() -> Mapping[str, str]:
    index: dict[str, str] = json.loads((_folder() / "providers" / "us-east-1.json").read_text())
    return index


@cache
def schema(type_name: str) -> Schema | None:
    """The schema of a resource type; None when AWS has no such type."""
    name = _index().get(type_name)
    if name is None:
        return None
    document: dict[str, Any] = json.loads((_folder() / "resources" / f"{name}.json").read_text())
    tagging = document.get("tagging", {})
    tag_property = str(tagging.get("tagProperty", "/properties/Tags")).removeprefix("/properties/")
    declared = document["properties"].get(tag_property, {})
    return Schema(
        type=type_name,
        properties=frozenset(document["properties"]),
        required=tuple(document.get("required", ())),
        read_only=_names(document.get("readOnlyProperties", ())),
        create_only=_names(document.get("createOnlyProperties", ())),
        tag_property=tag_property if tagging.get("taggable") and declared else None,
        tags_are_map=declared.get("type") == "object",
        nodes=document["properties"],
        definitions=document.get("definitions", {}),
    )


def _names(pointers: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(pointer.removeprefix("/properties/").replace("/", ".") for pointer in pointers)
