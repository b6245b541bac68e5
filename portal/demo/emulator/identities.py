"""Who is calling: roots by account number, users by access keys, roles by temporary sessions.

A key id of twelve digits is the root of that account, with any secret, as other emulators do it. Every other key
must have been given out by CreateAccessKey or by STS, and its signature must match.
"""

import secrets
import string
import threading
import time as machine
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.demo.emulator.backends import Moto, protocol_of
from portal.demo.emulator.calls import Credentials, Kind, Principal, ServiceError
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.inquiries import V2, Scope
from portal.demo.emulator.messages import Message
from portal.demo.emulator.signatures import SKEW, Signature, matches, signature_of

ANONYMOUS = Principal(account="", arn="anonymous", identity_arn="anonymous", user_id="", kind=Kind.ANONYMOUS)
_LETTERS = string.ascii_uppercase + "234567"


@dataclass(frozen=True)
class Session:
    """Temporary credentials and whom they stand for; `expires` in seconds since the epoch, emulator time."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    token: str = field(repr=False)
    expires: float
    principal: Principal


class Identities:
    """Every key the emulator knows. Thread-safe."""

    def __init__(self, moto: Moto, clock: Clock) -> None:
        self._moto = moto
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def open_session(self, principal: Principal, seconds: int) -> Session:
        """Gives out temporary credentials that expire after `seconds` by the emulator's clock."""
        session = Session(
            access_key_id="ASIA" + "".join(secrets.choice(_LETTERS) for _ in range(16)),
            secret_access_key=secrets.token_urlsafe(30),
            token=secrets.token_urlsafe(96),
            expires=self._clock.time() + seconds,
            principal=principal,
        )
        with self._lock:
            self._sessions[session.access_key_id] = session
        return session

    def authenticate(self, message: Message, scope: Scope | None, service: str) -> tuple[Principal, Credentials]:
        """The caller of a request.

        Raises ServiceError as AWS does: an unknown key, a wrong signature, a wrong or expired token, a time that is
        more than 15 minutes off.
        """
        if scope is None:
            return ANONYMOUS, Credentials("", "")
        signature = signature_of(message)
        self._check_time(signature, service)
        key = scope.access_key_id
        if len(key) == 12 and key.isdigit():
            return root(key), Credentials(key, "any")
        if scope.date == V2:
            message_text = (
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
            )
            raise ServiceError("InvalidRequest", message_text)
        if key.startswith("ASIA"):
            principal, secret = self._session(key, signature, service)
        else:
            principal, secret = self._user(key, signature, service)
        if not matches(message, signature, scope, secret):
            raise _mismatch(service)
        return principal, Credentials(key, secret, signature.token or None)

    def _session(self, key: str, signature: Signature, service: str) -> tuple[Principal, str]:
        with self._lock:
            session = self._sessions.get(key)
        if session is None or not secrets.compare_digest(session.token, signature.token):
            raise unknown_key(service)
        if session.expires <= self._clock.time():
            raise _expired(service)
        if not self._still_there(session.principal):
            raise unknown_key(service)
        return session.principal, session.secret_access_key

    def _still_there(self, principal: Principal) -> bool:
        # A session outlives its role only in name: IAM no longer finds the role's unique id.
        roles = self._moto.backend("iam", principal.account, "us-east-1").roles
        return principal.kind is not Kind.ROLE or principal.user_id.split(":")[0] in roles

    def _user(self, key: str, signature: Signature, service: str) -> tuple[Principal, str]:
        if signature.token:
            raise unknown_key(service)
        for account, user, access_key in self._access_keys():
            if access_key.access_key_id == key and access_key.status == "Active":
                return _user(account, user), str(access_key.secret_access_key)
        raise unknown_key(service)

    def _access_keys(self) -> Iterator[tuple[str, Any, Any]]:
        with self._moto.lock:
            found = [
                (account, user, key)
                for account, partitions in self._moto.accounts("iam").items()
                if "aws" in partitions
                for user in list(partitions["aws"].users.values())
                for key in user.access_keys
            ]
        yield from found

    def _check_time(self, signature: Signature, service: str) -> None:
        # Callers sign with the machine's time, so this one check does not follow the emulator's clock.
        now = machine.time()
        if signature.presigned:
            if now > signature.signed_at + signature.expires:
                raise ServiceError("AccessDenied", "Request has expired", 403)
        elif abs(now - signature.signed_at) > SKEW:
            if service == "s3":
                message = "The difference between the request time and the current time is too large."
                raise ServiceError("RequestTimeTooSkewed", message, 403)
            if service == "ec2":
                raise ServiceError("RequestExpired", "Request has expired.", 400)
            raise ServiceError("SignatureDoesNotMatch", f"Signature expired: {signature.moment}", 403)


def root(account: str) -> Principal:
    """The root user of an account."""
    arn = f"arn:aws:iam::{account}:root"
    return Principal(account=account, arn=arn, identity_arn=arn, user_id=account, kind=Kind.ROOT)


def _user(account: str, user: Any) -> Principal:
    return Principal(
        account=account, arn=user.arn, identity_arn=user.arn, user_id=user.id, kind=Kind.USER, name=user.name
    )


def unknown_key(service: str) -> ServiceError:
    """The refusal of a key that a service does not know, in its own spelling."""
    if service == "ec2":
        message = "AWS was not able to validate the provided access credentials"
        return ServiceError("AuthFailure", message, 401)
    if service == "s3":
        message = "The AWS Access Key Id you provided does not exist in our records."
        return ServiceError("InvalidAccessKeyId", message, 403)
    code = "UnrecognizedClientException" if _speaks_json(service) else "InvalidClientTokenId"
    return ServiceError(code, "The security token included in the request is invalid.", 403)


def _mismatch(service: str) -> ServiceError:
    if service == "ec2":
        return unknown_key(service)
    code = "InvalidSignatureException" if _speaks_json(service) else "SignatureDoesNotMatch"
    message = (
        "The request signature we calculated does not match the signature you provided. "
        "Check your AWS Secret Access Key and signing method."
    )
    return ServiceError(code, message, 403)


def _expired(service: str) -> ServiceError:
    if service == "ec2":
        return ServiceError("RequestExpired", "Request has expired.", 400)
    code = "ExpiredTokenException" if _speaks_json(service) else "ExpiredToken"
    return ServiceError(code, "The security token included in the request is expired", 403)


def _speaks_json(service: str) -> bool:
    return protocol_of(service) in {"json", "rest-json"}
