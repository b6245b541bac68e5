"""Templates: JSON or YAML text to sections, and the refusals that AWS makes before a stack exists.

Anatomy: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html; limits:
docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from portal.demo.emulator.calls import NotEmulated, ServiceError

BODY_LIMIT = 51_200
"""Bytes of a TemplateBody."""
OBJECT_LIMIT = 1_048_576
"""Bytes of a template behind a TemplateURL."""

SECTIONS = {
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Rules",
    "Transform", "Resources", "Outputs", "Hooks",
}  # fmt: skip
RESOURCE_KEYS = {
    "Type", "Properties", "Condition", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy",
    "CreationPolicy", "UpdatePolicy",
}  # fmt: skip
DELETION_POLICIES = {"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}
LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}")


def invalid(message: str) -> ServiceError:
    """The error that CloudFormation answers for almost everything wrong in a request."""
    return ServiceError("ValidationError", message)


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: dates stay text, short-form tags become functions."""


# `AWSTemplateFormatVersion: 2010-09-09` and `Version: 2012-10-17` are text for CloudFormation.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    return {name: value}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = next((key for position, key in enumerate(keys) if key in keys[:position]), None)
    if twice is not None:
        raise invalid(f"Template format error: YAML not well-formed. (duplicate key {twice})")
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


@dataclass(frozen=True)
class Resource:
    """One entry of Resources, still with its functions unresolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    metadata: Any = None


@dataclass(frozen=True)
class Template:
    """A parsed template; `body` is the text as it came."""

    body: str
    description: str
    version: str
    metadata: Any
    parameters: Mapping[str, Mapping[str, Any]]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    rules: Mapping[str, Any]
    resources: Mapping[str, Resource]
    outputs: Mapping[str, Mapping[str, Any]]


def parse(body: str) -> Template:
    """The template in `body`. Raises ServiceError(ValidationError) as AWS words it, NotEmulated for transforms."""
    document = _document(body)
    unknown = sorted(set(map(str, document)) - SECTIONS)
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    for absent in ("Transform", "Hooks"):
        if document.get(absent):
            raise NotEmulated(f"The template section {absent}")
    sections = {name: _section(document, name) for name in ("Parameters", "Mappings", "Conditions", "Rules", "Outputs")}
    return Template(
        body=body,
        description=_description(document),
        version=_version(document),
        metadata=document.get("Metadata"),
        parameters=sections["Parameters"],
        mappings=sections["Mappings"],
        conditions=sections["Conditions"],
        rules=sections["Rules"],
        resources=dict(_resources(document)),
        outputs=_outputs(sections["Outputs"]),
    )


def _document(body: str) -> dict[str, Any]:
    if body.lstrip().startswith("{"):
        try:
            document = json.loads(body)
        except ValueError as error:
            raise invalid(f"Template format error: JSON not well-formed. ({error})") from error
    else:
        try:
            document = yaml.load(body, Loader=_Loader)  # noqa: S506 - a SafeLoader underneath
        except yaml.YAMLError as error:
            place = getattr(error, "problem_mark", None)
            where = f" (line {place.line + 1}, column {place.column + 1})" if place else ""
            raise invalid(f"Template format error: YAML not well-formed.{where}") from error
    if not isinstance(document, dict):
        raise invalid("Template format error: unsupported structure.")
    return document


def _version(document: Mapping[str, Any]) -> str:
    version = document.get("AWSTemplateFormatVersion", "2010-09-09")
    if version != "2010-09-09":
        raise invalid(f"Template format error: {version} is not a supported value for AWSTemplateFormatVersion.")
    return str(version)


def _description(document: Mapping[str, Any]) -> str:
    description = document.get("Description", "")
    if not isinstance(description, str):
        raise invalid("Template format error: Description must be a string.")
    if len(description.encode()) > 1024:
        raise invalid("Template format error: 'Description' length is greater than 1024.")
    return description


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name, {})
    if not isinstance(section, dict):
        raise invalid(f"Template format error: {name} must be an object.")
    return section


def _outputs(section: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    for name, output in section.items():
        if not isinstance(output, dict) or "Value" not in output:
            raise invalid(f"Template format error: Output {name} must have a 'Value' attribute.")
    return section


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[str, Resource]]:
    section = document.get("Resources")
    if not section:
        raise invalid("Template format error: At least one Resources member must be defined.")
    if not isinstance(section, dict):
        raise invalid("Template format error: Resources must be an object.")
    for name, entry in section.items():
        if not LOGICAL_ID.fullmatch(str(name)):
            raise invalid(f"Template format error: Resource name {name} is non alphanumeric.")
        yield name, _resource(name, entry)


def _resource(name: str, entry: Any) -> Resource:
    if not isinstance(entry, dict):
        raise invalid(f"Template format error: [/Resources/{name}] resource definition is malformed")
    if not isinstance(entry.get("Type"), str):
        raise invalid(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
    for key in entry:
        if key not in RESOURCE_KEYS:
            raise invalid(f"Invalid template resource property '{key}'")
    for policy in ("CreationPolicy", "UpdatePolicy"):
        if policy in entry:
            raise NotEmulated(f"The attribute {policy} of resource {name}")
    properties = entry.get("Properties") or {}
    if not isinstance(properties, dict):
        raise invalid(f"Template format error: [/Resources/{name}/Properties] must be an object")
    depends_on = entry.get("DependsOn", [])
    return Resource(
        logical_id=name,
        type=entry["Type"],
        properties=properties,
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        condition=entry.get("Condition"),
        deletion_policy=_policy(name, entry, "DeletionPolicy"),
        update_replace_policy=_policy(name, entry, "UpdateReplacePolicy"),
        metadata=entry.get("Metadata"),
    )


def _policy(name: str, entry: Mapping[str, Any], attribute: str) -> str:
    """docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""
    policy = entry.get(attribute, "Delete")
    if policy not in DELETION_POLICIES:
        raise invalid(f"Template format error: Unrecognized {attribute} {policy} for resource {name}")
    if policy == "Snapshot":
        raise invalid(f"Template error: {entry['Type']} does not support {attribute} Snapshot")
    return str(policy)
