"""Answers and refusals in the wire format of each AWS protocol.

Formats: https://smithy.io/2.0/aws/protocols/index.html and, for EC2's errors,
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-response.html
"""

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from moto.core.serialize import DefaultAttributePicker, SerializationContext, get_serializer_class

from portal.demo.emulator.backends import model, protocol_of
from portal.demo.emulator.calls import ServiceError
from portal.demo.emulator.messages import Message, Reply

XML = "text/xml;charset=UTF-8"
CBOR = "rpc-v2-cbor"


def success(service: str, operation: str, result: Mapping[str, Any], request_id: str) -> Reply:
    """Serialises a result, in the shape of the botocore model's output, as AWS would send it."""
    serializer = get_serializer_class(service, protocol_of(service))(
        operation_model=model(service).operation_model(operation),
        context=SerializationContext(request_id),
        value_picker=DefaultAttributePicker(),
    )
    serialized = serializer.serialize(dict(result))
    body = serialized["body"]
    headers = dict(serialized["headers"]) | {"x-amzn-RequestId": request_id}
    content = body.encode() if isinstance(body, str) else body
    return Reply(serialized["status_code"], tuple(headers.items()), content)


def refusal(service: str, error: ServiceError, request_id: str, message: Message) -> Reply:
    """An error the way the service's protocol spells it, or, for a service that is not here, the request's."""
    protocol = _spoken(service, message)
    if protocol == CBOR:
        return _cbor_refusal(error, request_id)
    if protocol in {"json", "rest-json"}:
        return _json_refusal(error, request_id)
    code, text = escape(error.code), escape(error.message)
    if protocol == "ec2":
        body = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>"
        )
    elif protocol == "rest-xml":
        body = f"<Error><Code>{code}</Code><Message>{text}</Message><RequestId>{request_id}</RequestId></Error>"
    else:
        fault = "Receiver" if error.status >= 500 else "Sender"
        body = (
            f"<ErrorResponse><Error><Type>{fault}</Type><Code>{code}</Code><Message>{text}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
    headers = (("Content-Type", XML), ("x-amzn-RequestId", request_id))
    return Reply(error.status, headers, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode())


def _spoken(service: str, message: Message) -> str:
    if message.header("Smithy-Protocol") == CBOR:
        return CBOR
    if service == "route53":
        return "query"
    if service:
        return protocol_of(service)
    return "query" if message.header("Content-Type").startswith("application/x-www-form-urlencoded") else "json"


def _cbor_refusal(error: ServiceError, request_id: str) -> Reply:
    """https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html"""
    body = b"\xa2" + b"".join(map(_cbor_text, ("__type", error.code, "message", error.message)))
    headers = (("Content-Type", "application/cbor"), ("Smithy-Protocol", CBOR), ("x-amzn-RequestId", request_id))
    return Reply(error.status, headers, body)


def _cbor_text(text: str) -> bytes:
    content = text.encode()
    return b"\x79" + len(content).to_bytes(2) + content


def _json_refusal(error: ServiceError, request_id: str) -> Reply:
    body = json.dumps({"__type": error.code, "message": error.message})
    headers = (
        ("Content-Type", "application/x-amz-json-1.1"),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", error.code),
    )
    return Reply(error.status, headers, body.encode())
