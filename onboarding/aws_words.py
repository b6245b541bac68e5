"""AWS's own words on a failure, kept verbatim, with the codes that AWS writes into them.

CloudFormation has no field for a service's error code: it closes its reason with tokens instead, `HandlerErrorCode: …`
(https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html) or
`Error Code: …` for older resource types, and `Request ID: …`. Only these tokens are read; the sentences are AWS's.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

_CODE: Final = (re.compile(r"\bHandlerErrorCode: (\w+)"), re.compile(r"\bError Code: ([\w.]+)"))
_REQUEST: Final = re.compile(r"\bRequest ID: ([\w+/=-]+)")
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_ACTION: Final = re.compile(r"\bis not authorized to perform: ([\w-]+:\w+)")


@dataclass(frozen=True, kw_only=True)
class AwsWords:
    """What AWS said. `codes` are its error codes, the most exact first; `action` is what it refused, if it names it."""

    text: str
    codes: tuple[str, ...] = ()
    request_id: str = ""
    action: str = ""

    @classmethod
    def of_reason(cls, reason: str) -> Self:
        """The words of a stack event or of a stack."""
        codes = tuple(found[1] for pattern in reversed(_CODE) if (found := pattern.search(reason)))
        return cls(text=reason, codes=codes, request_id=_first(_REQUEST, reason), action=_first(_ACTION, reason))

    @classmethod
    def of_refusal(cls, code: str, text: str, request_id: str) -> Self:
        """The words of a refused call."""
        return cls(text=text, codes=(code,), request_id=request_id, action=_first(_ACTION, text))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found and found[1] != "null" else ""
