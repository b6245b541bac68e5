"""A CloudFormation template as a value, and the few intrinsic functions that ours use.

Anatomy and limits: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html and
cloudformation-limits.html (a template body that is passed in the call: 51,200 bytes).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

BODY_LIMIT = 51_200
"""Bytes of a template body in CreateStack."""


@dataclass(frozen=True)
class Parameter:
    """An input of a template. `pattern` must match the whole value; `default` None makes it required."""

    description: str
    pattern: str | None = None
    default: str | None = None
    allowed: tuple[str, ...] = ()
    type: str = "String"
    lengths: tuple[int, int] | None = None
    hint: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry under Parameters."""
        document: dict[str, Any] = {"Type": self.type, "Description": self.description}
        if self.pattern is not None:
            document["AllowedPattern"] = self.pattern
        if self.default is not None:
            document["Default"] = self.default
        if self.allowed:
            document["AllowedValues"] = list(self.allowed)
        if self.lengths is not None:
            document["MinLength"], document["MaxLength"] = self.lengths
        if self.hint is not None:
            document["ConstraintDescription"] = self.hint
        return document


@dataclass(frozen=True)
class Resource:
    """One resource. `retained` keeps it when the stack is deleted, yet not when its creation is rolled back.

    RetainExceptOnCreate: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
    aws-attribute-deletionpolicy.html
    """

    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    retained: bool = False

    def as_json(self) -> dict[str, Any]:
        """The entry under Resources."""
        document: dict[str, Any] = {"Type": self.type, "Properties": dict(self.properties)}
        if self.depends_on:
            document["DependsOn"] = list(self.depends_on)
        if self.condition is not None:
            document["Condition"] = self.condition
        if self.retained:
            document |= {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
        return document


@dataclass(frozen=True)
class Output:
    """A value that later stacks and the portal read."""

    description: str
    value: Any

    def as_json(self) -> dict[str, Any]:
        """The entry under Outputs."""
        return {"Description": self.description, "Value": self.value}


@dataclass(frozen=True)
class Template:
    """A whole template; `body()` is the same text for the same value, so its hash can be compared."""

    description: str
    parameters: Mapping[str, Parameter]
    resources: Mapping[str, Resource]
    outputs: Mapping[str, Output]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The document, in the order in which people read templates."""
        document: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Description": self.description}
        if self.metadata:
            document["Metadata"] = dict(self.metadata)
        document["Parameters"] = {name: value.as_json() for name, value in self.parameters.items()}
        if self.conditions:
            document["Conditions"] = dict(self.conditions)
        document["Resources"] = {name: value.as_json() for name, value in self.resources.items()}
        document["Outputs"] = {name: value.as_json() for name, value in self.outputs.items()}
        return document

    def body(self) -> str:
        """The JSON text. Raises ValueError past the limit of a body: nothing may be launched with it."""
        text = json.dumps(self.as_json(), indent=1, ensure_ascii=True) + "\n"
        if len(text.encode()) > BODY_LIMIT:
            raise ValueError(f"The template has {len(text.encode())} bytes; CloudFormation takes {BODY_LIMIT}.")
        return text


def ref(name: str) -> dict[str, str]:
    """Ref: a parameter's value or a resource's physical id."""
    return {"Ref": name}


def attribute(resource: str, name: str) -> dict[str, list[str]]:
    """Fn::GetAtt."""
    return {"Fn::GetAtt": [resource, name]}


def sub(text: str) -> dict[str, str]:
    """Fn::Sub with the template's own names."""
    return {"Fn::Sub": text}


def joined(values: Iterable[Any]) -> dict[str, list[Any]]:
    """Fn::Join with commas: how an output carries a list."""
    return {"Fn::Join": [",", list(values)]}


def tags(**extra: Any) -> list[dict[str, Any]]:
    """The tags of one resource: whose it is, which deployment, and what is particular to it.

    The intent's tag comes as a stack tag: it is known only when the stack is created.
    """
    values = {"clickhouse-byoc": "true", "clickhouse-byoc-deployment": ref("Slug")} | extra
    return [{"Key": key, "Value": value} for key, value in values.items()]


SLUG = Parameter(
    description="The deployment's slug, part of every name.",
    pattern="^[a-z][a-z0-9]{7}$",
    hint="A small letter, then seven small letters or digits.",
)
