"""What can come back from AWS, as three exceptions. Matched on `Error.Code`, never on message text."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.parsers import ResponseParserError

THROTTLING = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "SlowDown",
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
    }
)
#: The caller's session is over; the same intent goes on with a new one.
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
#: The host's clock is off: an alarm for us, nothing the customer can mend.
SKEWED = frozenset({"RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException"})
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthFailure"})
#: The account is suspended, closed or not opted in.
BLOCKED = frozenset({"OptInRequired", "AuthFailure", "Blocked", "AccountProblem"})
#: STS does not know the caller: our own keys, for the caller of AssumeRole is us.
#: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
UNKNOWN_CALLER = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "MissingAuthenticationToken", "IncompleteSignature"}
)


class AwsProblem(Exception):
    """A call that did not end well. `code` is AWS's error code or botocore's exception name."""

    def __init__(self, operation: str, code: str, text: str, request_id: str = "") -> None:
        super().__init__(f"{operation}: {code}")
        self.operation = operation
        self.code = code
        self.text = text
        self.request_id = request_id


class Refused(AwsProblem):
    """AWS said no: the call changed nothing."""


class Throttled(Refused):
    """AWS said «later»: the call changed nothing."""


class Unclear(AwsProblem):
    """No answer, a 5xx or an unreadable one: whether the call had its effect is not known."""


def is_ours(problem: AwsProblem) -> bool:
    """Whether our own clock or keys are what AWS turned away; nothing that a customer can mend."""
    if problem.code in SKEWED:
        return True
    return problem.operation == "sts:AssumeRole" and problem.code in UNKNOWN_CALLER | EXPIRED


def translated(operation: str, error: Exception) -> AwsProblem:
    """The exception of ours that says what `error` means."""
    if isinstance(error, ClientError):
        return _from_answer(operation, error.response)
    return Unclear(operation, type(error).__name__, str(error)[:500])


def _from_answer(operation: str, answer: Any) -> AwsProblem:
    detail, meta = answer.get("Error", {}), answer.get("ResponseMetadata", {})
    code = str(detail.get("Code", "Unknown"))
    words = (operation, code, str(detail.get("Message", ""))[:2000], str(meta.get("RequestId", "")))
    if code in THROTTLING:
        return Throttled(*words)
    if int(meta.get("HTTPStatusCode", 500)) >= 500:
        return Unclear(*words)
    return Refused(*words)


@contextmanager
def speaking(operation: str) -> Iterator[None]:
    """Turns what botocore raises inside into `Refused`, `Throttled` or `Unclear`.

    A call that we made wrongly and that never left (bad parameters, no credentials of our own) stays botocore's.
    """
    try:
        yield
    except (ParamValidationError, NoCredentialsError, PartialCredentialsError):
        raise
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        raise translated(operation, error) from error
