"""From a request to a plan: everything that AWS refuses before a stack exists or changes.

docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import unquote, urlparse

from botocore.exceptions import ClientError

from portal.demo.emulator.calls import Call, NotEmulated, ServiceError
from portal.demo.emulator.cloudformation import conditions, parameters, references, templates
from portal.demo.emulator.cloudformation.intrinsics import Scope, require_known
from portal.demo.emulator.cloudformation.parameters import Parameter
from portal.demo.emulator.cloudformation.resources.registry import kind_of
from portal.demo.emulator.cloudformation.schemas import schema
from portal.demo.emulator.cloudformation.stacks import Plan
from portal.demo.emulator.cloudformation.templates import Template, invalid
from portal.demo.emulator.cloudformation.work import Clients

NAMED_IAM = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
UNNAMED_IAM = {"AWS::IAM::AccessKey", "AWS::IAM::Policy", "AWS::IAM::UserToGroupAddition", *NAMED_IAM}
HOSTED = re.compile(r"(?P<bucket>[a-z0-9][a-z0-9.-]+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com")
PATHED = re.compile(r"s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com")


def template_text(call: Call, endpoint: str) -> str | None:
    """The template of a request, read from the emulator's S3 as the caller when it came as TemplateURL."""
    body, url = call.parameters.get("TemplateBody"), call.parameters.get("TemplateURL")
    if body is not None and url is not None:
        raise invalid("You cannot specify both TemplateBody and TemplateURL.")
    if url is not None:
        return _fetched(str(url), call, endpoint)
    if body is not None and len(str(body).encode()) > templates.BODY_LIMIT:
        raise invalid(f"1 validation error detected: Value '{str(body)[:40]}…' at 'templateBody' failed to satisfy "
                      f"constraint: Member must have length less than or equal to {templates.BODY_LIMIT}")  # fmt: skip
    return None if body is None else str(body)


def required_template(call: Call, endpoint: str) -> Template:
    """The parsed template of a request that must have one."""
    text = template_text(call, endpoint)
    if text is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    return templates.parse(text)


def _fetched(url: str, call: Call, endpoint: str) -> str:
    bucket, key = _place(url, endpoint)
    clients = Clients(endpoint, call.region, call.credentials)
    try:
        answer = clients.service("s3").get_object(Bucket=bucket, Key=key)
        text: bytes = answer["Body"].read()
    except ClientError as error:
        raise invalid(f"S3 error: {error.response['Error'].get('Message')}\nFor more information check "
                      "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html") from error  # fmt: skip
    finally:
        clients.close()
    if len(text) > templates.OBJECT_LIMIT:
        raise invalid(f"Template may not exceed {templates.OBJECT_LIMIT} bytes in size.")
    return text.decode()


def _place(url: str, endpoint: str) -> tuple[str, str]:
    parts = urlparse(url)
    path = unquote(parts.path).lstrip("/")
    hosted = HOSTED.fullmatch(parts.netloc)
    bucket, key = "", ""
    if parts.scheme == "https" and hosted and not PATHED.fullmatch(parts.netloc):
        bucket, key = hosted["bucket"], path
    elif (parts.scheme == "https" and PATHED.fullmatch(parts.netloc)) or parts.netloc == urlparse(endpoint).netloc:
        bucket, _, key = path.partition("/")
    if not bucket or not key:
        raise invalid("TemplateURL must be a supported URL.")
    return bucket, key


def _refused_reference(name: str, *_: str) -> NoReturn:
    raise invalid(f"Template error: resource {name} cannot be referenced here")


def static_scope(call: Call, bound: Mapping[str, Parameter], template: Template, name: str, stack_id: str) -> Scope:
    """What conditions may look at: parameters, pseudo parameters and mappings, no resources."""
    return Scope(
        parameters={key: parameter.value for key, parameter in bound.items()},
        pseudo=pseudo(call.account, call.region, stack_id, name, tuple(call.parameters.get("NotificationARNs", ()))),
        mappings=template.mappings,
        conditions={},
        reference=_refused_reference,
        attribute=_refused_reference,
        zones=_refused_reference,
        imported=_refused_reference,
    )


def pseudo(account: str, region: str, stack_id: str, name: str, topics: Sequence[str]) -> dict[str, Any]:
    """docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html"""
    china = region.startswith("cn-")
    return {
        "AWS::AccountId": account,
        "AWS::NotificationARNs": list(topics),
        "AWS::Partition": "aws-cn" if china else "aws",
        "AWS::Region": region,
        "AWS::StackId": stack_id,
        "AWS::StackName": name,
        "AWS::URLSuffix": "amazonaws.com.cn" if china else "amazonaws.com",
    }


def plan(call: Call, template: Template, name: str, stack_id: str, previous: Plan | None = None) -> Plan:
    """The plan of a CreateStack or, with `previous`, an UpdateStack. Raises ServiceError as AWS does."""
    given = call.parameters
    _require_emulated(template)
    bound = parameters.bind(template, given.get("Parameters", []), previous.parameters if previous else None)
    holds = conditions.evaluate(template, static_scope(call, bound, template, name, stack_id))
    _require_sound(template, holds)
    capabilities = tuple(given.get("Capabilities", ()))
    require_capabilities(template, capabilities)
    return Plan(
        template=template,
        parameters=bound,
        conditions=holds,
        tags=_stack_tags(given, previous),
        capabilities=capabilities,
        credentials=call.credentials,
        role_arn=given.get("RoleARN") or (previous.role_arn if previous else None),
        token=given.get("ClientRequestToken"),
        on_failure=_on_failure(given),
        timeout_minutes=given.get("TimeoutInMinutes"),
        notification_arns=tuple(given.get("NotificationARNs", previous.notification_arns if previous else ())),
    )


def _require_emulated(template: Template) -> None:
    if template.rules:
        raise NotEmulated("The template section Rules")
    require_types(template)
    require_known({name: dict(resource.properties) for name, resource in template.resources.items()})
    require_known(dict(template.outputs))


def _require_sound(template: Template, holds: Mapping[str, bool]) -> None:
    """References lead somewhere, in no circle, to attributes that are there."""
    references.require_resolved(template, holds)
    chosen = references.active(template, holds)
    if not chosen:
        raise invalid("Template format error: At least one Resources member must be defined.")
    references.dependencies(chosen, holds)
    _require_attributes(template, holds)


def _stack_tags(given: Mapping[str, Any], previous: Plan | None) -> Mapping[str, str]:
    if "Tags" not in given and previous is not None:
        return previous.tags
    tags = {entry["Key"]: entry["Value"] for entry in given.get("Tags", [])}
    if any(key.lower().startswith("aws:") for key in tags):
        raise invalid("aws: prefixed tag key names are not allowed for external use.")
    return tags


def _on_failure(given: Mapping[str, Any]) -> str:
    if "OnFailure" in given and "DisableRollback" in given:
        raise invalid("Either DisableRollback or OnFailure can be specified, not both.")
    if given.get("DisableRollback"):
        return "DO_NOTHING"
    return str(given.get("OnFailure", "ROLLBACK"))


def require_types(template: Template) -> None:
    """Refuses types that AWS does not have, in AWS's words, and those that the emulator does not carry out."""
    used = {resource.type for resource in template.resources.values()}
    custom = {name for name in used if name.startswith("Custom::") or name == "AWS::CloudFormation::CustomResource"}
    unknown = sorted(name for name in used - custom if schema(name) is None)
    if unknown:
        raise invalid(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
    absent = sorted(name for name in used if kind_of(name) is None)
    if absent:
        raise NotEmulated(f"The resource type {', '.join(absent)}")


def iam_resources(template: Template) -> tuple[list[str], str | None]:
    """(types that need a capability, the capability): CAPABILITY_NAMED_IAM as soon as one has a name of its own.

    docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html#using-iam-capabilities
    """
    needing = [resource for resource in template.resources.values() if resource.type in UNNAMED_IAM]
    if not needing:
        return [], None
    named = any(NAMED_IAM.get(resource.type, "") in resource.properties for resource in needing)
    return sorted({resource.type for resource in needing}), "CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"


def require_capabilities(template: Template, given: Sequence[str]) -> None:
    """Raises InsufficientCapabilitiesException."""
    _, needed = iam_resources(template)
    if needed and not {needed, "CAPABILITY_NAMED_IAM"} & set(given):
        raise ServiceError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")


def _require_attributes(template: Template, holds: Mapping[str, bool]) -> None:
    chosen = references.active(template, holds)
    bodies: list[Any] = [dict(resource.properties) for resource in chosen.values()]
    bodies += [dict(output) for output in references.active_outputs(template, holds).values()]
    for name, attribute in (pair for body in bodies for pair in references.referenced(body, holds)):
        if attribute and name in chosen:
            _require_attribute(chosen[name].type, name, attribute)


def _require_attribute(type_name: str, name: str, attribute: str) -> None:
    published, kind = schema(type_name), kind_of(type_name)
    if published is None or kind is None or attribute in kind.attribute_names:
        return
    if attribute in published.read_only:
        raise NotEmulated(f"The attribute {attribute} of {type_name}")
    raise invalid(f"Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt")
