"""Template parameters: declared types and constraints against the values of a request.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.demo.emulator.calls import NotEmulated
from portal.demo.emulator.cloudformation.intrinsics import text_of
from portal.demo.emulator.cloudformation.templates import Template, invalid

MASK = "****"
"""What a describe shows instead of a NoEcho value."""
# docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
ID_TYPES: Mapping[str, str] = {
    "AWS::EC2::AvailabilityZone::Name": r"[a-z]{2}(-[a-z]+)+-\d[a-z]",
    "AWS::EC2::Image::Id": r"ami-[0-9a-f]{8,17}",
    "AWS::EC2::Instance::Id": r"i-[0-9a-f]{8,17}",
    "AWS::EC2::KeyPair::KeyName": r".{1,255}",
    "AWS::EC2::SecurityGroup::GroupName": r".{1,255}",
    "AWS::EC2::SecurityGroup::Id": r"sg-[0-9a-f]{8,17}",
    "AWS::EC2::Subnet::Id": r"subnet-[0-9a-f]{8,17}",
    "AWS::EC2::VPC::Id": r"vpc-[0-9a-f]{8,17}",
    "AWS::Route53::HostedZone::Id": r"[A-Z0-9]{1,32}",
}
LISTS = {"CommaDelimitedList", "List<Number>", *(f"List<{name}>" for name in ID_TYPES), "List<String>"}


@dataclass(frozen=True)
class Parameter:
    """One parameter with the value it got; `text` as a describe shows it, `value` as Ref gives it."""

    key: str
    text: str
    value: Any
    no_echo: bool

    @property
    def shown(self) -> str:
        """The value for a reader: masked when it is NoEcho."""
        return MASK if self.no_echo else self.text


def bind(
    template: Template, given: Sequence[Mapping[str, Any]], previous: Mapping[str, Parameter] | None = None
) -> dict[str, Parameter]:
    """Values for every declared parameter. Raises ServiceError(ValidationError) in AWS's words.

    `previous` are the stack's values at an update; an entry with UsePreviousValue takes its value from them.
    """
    unknown = [entry["ParameterKey"] for entry in given if entry["ParameterKey"] not in template.parameters]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    texts = {key: text for key, text in _texts(template, given, previous or {}).items() if text is not None}
    missing = [key for key in template.parameters if key not in texts]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    return {key: _parameter(key, declared, texts[key]) for key, declared in template.parameters.items()}


def _texts(
    template: Template, given: Sequence[Mapping[str, Any]], previous: Mapping[str, Parameter]
) -> dict[str, str | None]:
    texts: dict[str, str | None] = {
        key: text_of(declared["Default"]) if "Default" in declared else None
        for key, declared in template.parameters.items()
    }
    for entry in given:
        key = entry["ParameterKey"]
        if entry.get("UsePreviousValue"):
            if key not in previous:
                raise invalid(f"Invalid input for parameter key {key}. Cannot specify usePreviousValue as true for a "
                              "parameter key not in the previous template")  # fmt: skip
            texts[key] = previous[key].text
        elif "ParameterValue" in entry:
            texts[key] = entry["ParameterValue"]
    return texts


def _parameter(key: str, declared: Mapping[str, Any], text: str) -> Parameter:
    kind = str(declared.get("Type", ""))
    value: Any = text
    if kind in LISTS:
        value = [item.strip() for item in text.split(",")] if text else []
        for item in value:
            _check(key, declared, item, kind.removeprefix("List<").removesuffix(">"))
    elif kind in {"String", "Number"} or kind in ID_TYPES:
        _check(key, declared, text, kind)
    elif kind.startswith("AWS::SSM::"):
        raise NotEmulated(f"The parameter type {kind}")
    else:
        raise invalid(f"Template format error: Unrecognized parameter type: {kind}")
    no_echo = str(declared.get("NoEcho", "false")).lower() == "true"
    return Parameter(key=key, text=text, value=value, no_echo=no_echo)


def _check(key: str, declared: Mapping[str, Any], text: str, kind: str) -> None:
    refusal = _refusal(key, declared, text, kind)
    if refusal is None:
        return
    described = declared.get("ConstraintDescription")
    raise invalid(f"Parameter '{key}' failed to satisfy constraint: {described}" if described else refusal)


def _refusal(key: str, declared: Mapping[str, Any], text: str, kind: str) -> str | None:
    subject = f"Parameter '{key}' must"
    if kind == "Number" and (refusal := _number_refusal(subject, declared, text)):
        return refusal
    if "AllowedValues" in declared and text not in [text_of(value) for value in declared["AllowedValues"]]:
        return f"{subject} be one of AllowedValues"
    if "AllowedPattern" in declared and not re.fullmatch(str(declared["AllowedPattern"]), text):
        return f"{subject} match pattern {declared['AllowedPattern']}"
    if kind in ID_TYPES and not re.fullmatch(ID_TYPES[kind], text):
        return f"Parameter validation failed: parameter value {text} for parameter name {key} does not exist"
    return _length_refusal(subject, declared, text)


def _length_refusal(subject: str, declared: Mapping[str, Any], text: str) -> str | None:
    if "MinLength" in declared and len(text) < int(declared["MinLength"]):
        return f"{subject} contain at least {declared['MinLength']} characters"
    if "MaxLength" in declared and len(text) > int(declared["MaxLength"]):
        return f"{subject} contain at most {declared['MaxLength']} characters"
    return None


def _number_refusal(subject: str, declared: Mapping[str, Any], text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return f"{subject} be a number"
    if "MinValue" in declared and number < float(declared["MinValue"]):
        return f"{subject} be a number not less than {declared['MinValue']}"
    if "MaxValue" in declared and number > float(declared["MaxValue"]):
        return f"{subject} be a number not greater than {declared['MaxValue']}"
    return None
