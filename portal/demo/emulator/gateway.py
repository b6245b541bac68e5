"""The way of a call: read, authenticate, authorise, have its effect, be journaled, be answered.

Faults strike between these steps, so that a test can stop the world exactly there.
"""

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import uuid4

from portal.demo.emulator import inquiries, operations, replies
from portal.demo.emulator.authorisation import Authorisation
from portal.demo.emulator.backends import speaking_aws
from portal.demo.emulator.calls import Call, Kind, NotEmulated, Principal, ServiceError
from portal.demo.emulator.faults import AFTER, BEFORE, Fault, Order
from portal.demo.emulator.identities import unknown_key
from portal.demo.emulator.inquiries import Inquiry
from portal.demo.emulator.journal import mutates
from portal.demo.emulator.messages import Message, Reply
from portal.demo.emulator.settings import OPT_IN
from portal.demo.emulator.world import World

logger = logging.getLogger(__name__)

# Answered raw: streams, or answers whose form is not the model's.
RAW = frozenset({"s3", "sqs"})
VIA = "X-Emulator-Via"
"""Header by which the CloudFormation engine says on whose behalf it calls."""


class CutError(Exception):
    """The connection is to be closed without a reply."""


@dataclass(frozen=True)
class Effect:
    """What a call brought about: the reply, and the parsed result where there is one."""

    reply: Reply
    result: Mapping[str, Any]


class Gateway:
    """Serves AWS calls to one world. Safe to call from any number of threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._authorisation = Authorisation(world.moto, world.clock)
        self._engines: dict[int, Any] = {}

    def serve(self, message: Message) -> Reply:
        """Answers one request. Raises CutError when a fault wants the connection closed instead."""
        request_id = str(uuid4())
        service = ""
        try:
            scope = inquiries.scope_of(message)
            service = inquiries.service_of(scope)
            inquiry = inquiries.read(message, scope)
            call = self._call(message, inquiry, request_id)
            return self._run(call, message)
        except CutError:
            raise
        except ServiceError as error:
            return replies.refusal(service, error, request_id, message)
        except Exception:
            # A bug of ours or moto's: the caller gets AWS's form of it, the log the whole story.
            logger.exception("%s %s failed", service, message.path)
            broken = ServiceError("InternalFailure", "The emulator failed; its log says where.", 500)
            return replies.refusal(service, broken, request_id, message)

    def _call(self, message: Message, inquiry: Inquiry, request_id: str) -> Call:
        with self._world.moto.lock:
            principal, credentials = self._world.identities.authenticate(message, inquiry.scope, inquiry.service)
        on_behalf = message.header(VIA)
        own_role = f":iam::{principal.account}:" in str(inquiry.parameters.get("RoleArn", ""))
        if on_behalf and inquiry.operation == "AssumeRole" and own_role:
            # A service role, always one of the caller's account, is assumed by the service itself; a role of another
            # account, such as the PeerRoleArn of a peering connection, by who asked for the stack.
            principal = Principal(principal.account, on_behalf, on_behalf, on_behalf, Kind.SERVICE, on_behalf)
        return Call(
            account=principal.account,
            region=inquiry.region,
            service=inquiry.service,
            operation=inquiry.operation,
            parameters=inquiry.parameters,
            principal=principal,
            request_id=request_id,
            credentials=credentials,
        )

    def _run(self, call: Call, message: Message) -> Reply:
        address = (call.account, call.region, call.service, call.operation)
        try:
            self._strike_before(call, address)
            effect = self._effect(call, message)
        except ServiceError as error:
            self._record(call, error.code, {}, delivered=True)
            raise
        if effect.reply.status >= 400:
            self._record(call, _code(effect.reply), {}, delivered=True)
            return effect.reply
        order = self._world.faults.next(AFTER, address)
        delivered = order is None or order.kind is Fault.DELAYED_VISIBILITY
        self._record(call, "ok", effect.result, delivered=delivered)
        if order is not None:
            self._strike_after(call, order, effect, address)
        return effect.reply

    def _effect(self, call: Call, message: Message) -> Effect:
        with self._world.moto.lock:
            self._world.timeline.settle()
            self._check_region(call)
            self._authorisation.check(call, message.header(VIA))
        if call.service == "cloudformation":
            return self._answered(call, self._cloudformation().handle(call).result)
        if call.operation == "ReceiveMessage":
            # It may wait for 20 seconds, and must not make the rest of the world wait with it.
            return Effect(self._world.moto.forward(message, call.service, call.account, call.region), {})
        with self._world.moto.lock:
            operation = operations.find(call)
            with speaking_aws():
                result = operation(self._world, call) if operation else None
            if result is not None:
                return self._answered(call, result)
            if call.service in RAW:
                return Effect(self._forward(call, message), {})
            return self._answered(
                call,
                self._world.moto.perform(call.service, call.operation, call.parameters, call.account, call.region),
            )

    def _check_region(self, call: Call) -> None:
        """A region that the account has not opted into knows none of its credentials.

        https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
        """
        if call.region in OPT_IN and call.region not in self._world.settings.opted_in.get(call.account, ()):
            raise unknown_key(call.service)

    def _forward(self, call: Call, message: Message) -> Reply:
        reply = self._world.moto.forward(message, call.service, call.account, call.region)
        if reply.status < 300:
            operations.after(self._world, call)
        return reply

    def _answered(self, call: Call, result: Mapping[str, Any]) -> Effect:
        return Effect(replies.success(call.service, call.operation, result, call.request_id), result)

    def _cloudformation(self) -> Any:
        world = self._world
        if world.age not in self._engines:
            try:
                engine = import_module("portal.demo.emulator.cloudformation.app").CloudFormation
            except ImportError as error:
                raise NotEmulated("CloudFormation") from error
            for old in self._engines.values():
                old.close()
            self._engines = {world.age: engine(world.endpoint, world.clock, world.durations)}
        return self._engines[world.age]

    def _record(self, call: Call, outcome: str, result: Mapping[str, Any], *, delivered: bool) -> None:
        changes = mutates(call.operation)
        if not changes and call.operation != "AssumeRole":
            return
        self._world.journal.append(
            time=self._world.clock.now().isoformat(),
            account=call.account,
            region=call.region,
            service=call.service,
            operation=call.operation,
            parameters=call.parameters,
            outcome=outcome,
            request_id=call.request_id,
            principal=call.principal.arn,
            delivered=delivered,
            mutates=changes,
            result=_public(result),
        )

    def _strike_before(self, call: Call, address: tuple[str, str, str, str]) -> None:
        delay = self._world.faults.next((Fault.DELAY,), address)
        if delay is not None:
            time.sleep(delay.seconds)
        order = self._world.faults.next(BEFORE, address)
        if order is None:
            return
        if order.kind is Fault.HOLD_BEFORE:
            if not self._world.faults.hold(order, address, call.request_id):
                self._lose(call, order)
        elif order.kind in {Fault.TIMEOUT, Fault.CUT_BEFORE}:
            time.sleep(order.seconds)
            self._lose(call, order)
        else:
            raise _error(call.service, order)

    def _lose(self, call: Call, order: Order) -> None:
        self._record(call, f"fault:{order.kind.value}", {}, delivered=False)
        raise CutError

    def _strike_after(self, call: Call, order: Order, effect: Effect, address: tuple[str, str, str, str]) -> None:
        if order.kind is Fault.DELAYED_VISIBILITY:
            self._world.visibility.hide(effect.result, order.seconds)
        elif order.kind is Fault.HOLD_AFTER:
            if not self._world.faults.hold(order, address, call.request_id):
                raise CutError
        elif order.kind in {Fault.TIMEOUT_AFTER, Fault.CUT_AFTER}:
            time.sleep(order.seconds)
            raise CutError
        else:
            raise _error(call.service, order)


def _public(result: Mapping[str, Any]) -> Mapping[str, Any]:
    # Secrets are given out once and written down nowhere.
    return {key: value for key, value in result.items() if key not in {"Credentials", "AccessKey"}}


def _code(reply: Reply) -> str:
    """The error code in a reply that moto has written itself."""
    found = re.search(rb"<Code>([^<]+)</Code>", reply.body) or re.search(
        rb'"__type": ?"(?:[^"#]*#)?([^"]+)"', reply.body
    )
    return found.group(1).decode() if found else f"HTTP {reply.status}"


def _error(service: str, order: Order) -> ServiceError:
    """https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html and each service's common errors."""
    if order.kind is Fault.THROTTLE:
        code, status = {
            "ec2": ("RequestLimitExceeded", 503),
            "s3": ("SlowDown", 503),
            "iam": ("Throttling", 400),
            "sts": ("Throttling", 400),
            "cloudformation": ("Throttling", 400),
        }.get(service, ("ThrottlingException", 400))
        return ServiceError(order.code or code, "Rate exceeded", status)
    if order.kind in {Fault.ERROR_503, Fault.ERROR_503_AFTER}:
        code = "Unavailable" if service == "ec2" else "ServiceUnavailable"
        return ServiceError(order.code or code, "The service is unavailable. Please try again shortly.", 503)
    code = "InternalError" if service in {"ec2", "s3"} else "InternalFailure"
    return ServiceError(order.code or code, "An internal error has occurred", 500)
