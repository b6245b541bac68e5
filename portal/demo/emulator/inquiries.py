"""What a request asks for: service, region, operation and parameters, read by the botocore service models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

from portal.demo.emulator.backends import model
from portal.demo.emulator.calls import NotEmulated, ServiceError
from portal.demo.emulator.messages import Message

# Signing name -> botocore service. A service that is not here is refused, so that nothing unknown succeeds.
SERVICES: Mapping[str, str] = {
    "account": "account",
    "cloudformation": "cloudformation",
    "cloudtrail": "cloudtrail",
    "ec2": "ec2",
    "eks": "eks",
    "elasticloadbalancing": "elbv2",
    "iam": "iam",
    "kms": "kms",
    "logs": "logs",
    "organizations": "organizations",
    "route53": "route53",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "servicequotas": "service-quotas",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
}


V2 = "v2"
"""In place of a date: a URL presigned with Signature Version 2, boto3's default for S3 without a region."""


@dataclass(frozen=True)
class Scope:
    """The credential scope of a signature: key, date (YYYYMMDD), region and signing name."""

    access_key_id: str
    date: str
    region: str
    signing_name: str


@dataclass(frozen=True)
class Inquiry:
    """One call to one operation, not yet authenticated."""

    message: Message
    scope: Scope | None
    service: str
    region: str
    operation: str
    parameters: Mapping[str, Any]


def scope_of(message: Message) -> Scope | None:
    """The scope named in the Authorization header or a presigned URL; None for an anonymous request.

    Raises ServiceError for a header that cannot be read.
    """
    text = message.header("Authorization")
    if text:
        marker = "Credential="
        credential = text[text.find(marker) + len(marker) :].split(",")[0].strip() if marker in text else ""
    else:
        arguments = message.arguments()
        credential = unquote(arguments.get("X-Amz-Credential", ""))
        if arguments.get("AWSAccessKeyId"):
            return Scope(arguments["AWSAccessKeyId"], V2, "us-east-1", "s3")
        if not credential:
            return None
    parts = credential.split("/")
    if len(parts) != 5:
        raise ServiceError("IncompleteSignature", "Authorization header requires a 'Credential' parameter.", 400)
    return Scope(parts[0], parts[1], parts[2], parts[3])


def service_of(scope: Scope | None) -> str:
    """The botocore service a request is for. An unsigned request can only be for S3. Raises NotEmulated."""
    if scope is None:
        return "s3"
    if scope.signing_name not in SERVICES:
        raise NotEmulated(f"Service {scope.signing_name}")
    return SERVICES[scope.signing_name]


def read(message: Message, scope: Scope | None) -> Inquiry:
    """Finds the operation and parses its parameters. Raises ServiceError when the model knows no such call."""
    service = service_of(scope)
    region = scope.region if scope else "us-east-1"
    host = f"{model(service).endpoint_prefix}.{region}.amazonaws.com"
    url = f"https://{host}{message.path}" + (f"?{message.query}" if message.query else "")
    headers = {key: value for key, value in message.headers if key.lower() != "host"}
    request = Request.from_primitives(message.method, url, headers, message.body)
    request.environ["RAW_URI"] = message.path
    try:
        operation, labels = get_service_router(service).match(request)
    except NotFound as error:
        raise ServiceError("InvalidAction", f"The action is not valid for {service}.", 400) from error
    protocol = determine_request_protocol(model(service), request.content_type)
    try:
        parameters = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": message.body,
                "url_path": request.path,
                "url_params": labels,
            }
        )
    except (RequestParserError, ValueError, KeyError) as error:
        raise ServiceError("MalformedInput", f"The request could not be read: {error}", 400) from error
    return Inquiry(message, scope, service, region, str(operation.name), parameters or {})
