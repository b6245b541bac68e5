"""Signature Version 4, checked against the secret that the emulator gave out.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from botocore.utils import normalize_url_path

from portal.demo.emulator.inquiries import Scope
from portal.demo.emulator.messages import Message

SKEW = 15 * 60
"""Seconds that a request's time may differ from the service's."""


@dataclass(frozen=True)
class Signature:
    """What a request carries to prove its key: in headers, or in the query of a presigned URL."""

    value: str
    signed_headers: tuple[str, ...]
    moment: str
    presigned: bool
    expires: int
    token: str

    @property
    def signed_at(self) -> float:
        """Seconds since the epoch; 0 when the request has no readable time."""
        try:
            return datetime.strptime(self.moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError:
            return 0.0


def signature_of(message: Message) -> Signature:
    """The signature in the Authorization header, else in the query string."""
    header = message.header("Authorization")
    if header:
        fields = dict(part.strip().split("=", 1) for part in header.split(" ", 1)[-1].split(",") if "=" in part)
        return Signature(
            value=fields.get("Signature", ""),
            signed_headers=tuple(fields.get("SignedHeaders", "").split(";")),
            moment=message.header("X-Amz-Date"),
            presigned=False,
            expires=0,
            token=message.header("X-Amz-Security-Token"),
        )
    query = message.arguments()
    if "AWSAccessKeyId" in query:
        until = datetime.fromtimestamp(int(query.get("Expires", "0")), tz=UTC)
        return Signature(query.get("Signature", ""), (), until.strftime("%Y%m%dT%H%M%SZ"), True, 0, "")  # noqa: FBT003
    return Signature(
        value=query.get("X-Amz-Signature", ""),
        signed_headers=tuple(query.get("X-Amz-SignedHeaders", "").split(";")),
        moment=query.get("X-Amz-Date", ""),
        presigned=True,
        expires=int(query.get("X-Amz-Expires", "0") or 0),
        token=query.get("X-Amz-Security-Token", ""),
    )


def matches(message: Message, signature: Signature, scope: Scope, secret: str) -> bool:
    """True when the request was signed with that secret and not altered since."""
    canonical = hashlib.sha256(_canonical(message, signature, scope).encode()).hexdigest()
    lines = [
        "AWS4-HMAC-SHA256",
        signature.moment,
        f"{scope.date}/{scope.region}/{scope.signing_name}/aws4_request",
        canonical,
    ]
    key = f"AWS4{secret}".encode()
    for part in (scope.date, scope.region, scope.signing_name, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    expected = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature.value)


def _canonical(message: Message, signature: Signature, scope: Scope) -> str:
    headers = "".join(f"{name}:{' '.join(message.header(name).split())}\n" for name in sorted(signature.signed_headers))
    return "\n".join(
        [
            message.method,
            _path(message.path, scope),
            _query(message.query),
            headers,
            ";".join(sorted(signature.signed_headers)),
            _payload(message, signature, scope),
        ]
    )


def _path(path: str, scope: Scope) -> str:
    # S3 signs the path as sent; every other service signs it normalised and encoded once more.
    return path if scope.signing_name == "s3" else quote(normalize_url_path(path), safe="/~")


def _query(query: str) -> str:
    pairs = []
    for part in query.split("&"):
        key, _, value = part.partition("=")
        if key and key != "X-Amz-Signature":
            pairs.append((quote(unquote(key), safe="-_.~"), quote(unquote(value), safe="-_.~")))
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def _payload(message: Message, signature: Signature, scope: Scope) -> str:
    stated = message.header("X-Amz-Content-SHA256")
    if stated:
        return stated
    if signature.presigned and scope.signing_name == "s3":
        return "UNSIGNED-PAYLOAD"
    return hashlib.sha256(message.body).hexdigest()
