"""The operations that change stacks."""

import logging
import re
import uuid
from dataclasses import dataclass, replace
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.cloudformation import plans, templates
from portal.demo.emulator.cloudformation.engine import Engine
from portal.demo.emulator.cloudformation.stacks import Plan, Stack, Stacks
from portal.demo.emulator.cloudformation.templates import Template, invalid

logger = logging.getLogger(__name__)
NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
UPDATABLE = {
    "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE",
}  # fmt: skip
DELETING = "DELETE_IN_PROGRESS"


def missing(name: str) -> ServiceError:
    """The refusal for a stack that is not there."""
    return invalid(f"Stack with id {name} does not exist")


@dataclass(frozen=True)
class Changes:
    """Create, update, delete, protect."""

    stacks: Stacks
    engine: Engine
    clock: Clock
    endpoint: str

    def create_stack(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html"""
        name = str(call.parameters["StackName"])
        if not NAME.fullmatch(name):
            raise invalid(f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
                          f"Member must satisfy regular expression pattern: {NAME.pattern}")  # fmt: skip
        self._refuse_used_token(call, name)
        existing = self.stacks.living(call.account, call.region, name)
        if existing is not None:
            return self._existing(existing, call)
        template = plans.required_template(call, self.endpoint)
        stack_id = f"arn:aws:cloudformation:{call.region}:{call.account}:stack/{name}/{uuid.uuid4()}"
        plan = plans.plan(call, template, name, stack_id)
        # Another request may have taken the name meanwhile: the collection decides which of them is first.
        stack, made = self.stacks.add(call.account, call.region, name, lambda: self._new(call, name, stack_id, plan))
        if not made:
            return self._existing(stack, call)
        self.engine.create(stack)
        return {"StackId": stack.id}

    def _refuse_used_token(self, call: Call, name: str) -> None:
        token = call.parameters.get("ClientRequestToken")
        earlier = self.stacks.created_with(call.account, call.region, str(token)) if token else None
        if earlier is not None and earlier.name != name:
            raise ServiceError("TokenAlreadyExistsException", f"A client request token already exists: {token}")

    def _new(self, call: Call, name: str, stack_id: str, plan: Plan) -> Stack:
        stack = Stack(name, call.account, call.region, plan, self.clock.now(), self.clock.now, id=stack_id)
        stack.protected = bool(call.parameters.get("EnableTerminationProtection", False))
        stack.created_with = plan.token
        stack.turn("CREATE_IN_PROGRESS", "User Initiated")
        if plan.notification_arns:
            logger.warning("Stack %s: NotificationARNs are kept but nothing is published to them", name)
        return stack

    @staticmethod
    def _existing(stack: Stack, call: Call) -> dict[str, Any]:
        """The same request token is the same request: it is answered again, nothing is done twice."""
        token = call.parameters.get("ClientRequestToken")
        if token and token == stack.created_with:
            return {"StackId": stack.id}
        raise ServiceError("AlreadyExistsException", f"Stack [{stack.name}] already exists")

    def update_stack(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html"""
        stack = self._stack(call)
        template = self._next_template(call, stack)
        with stack.lock:
            token = call.parameters.get("ClientRequestToken")
            if token and token == stack.plan.token and stack.status.startswith("UPDATE"):
                return {"StackId": stack.id}
            if stack.status not in UPDATABLE:
                raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
            before, plan = stack.plan, plans.plan(call, template, stack.name, stack.id, stack.plan)
            if _same(before, plan):
                raise invalid("No updates are to be performed.")
            stack.plan = replace(plan, on_failure=before.on_failure)
            stack.cancelled = False
            stack.updated_at = self.clock.now()
            stack.turn("UPDATE_IN_PROGRESS", "User Initiated")
        self.engine.update(stack, before)
        return {"StackId": stack.id}

    def _next_template(self, call: Call, stack: Stack) -> Template:
        if call.parameters.get("UsePreviousTemplate"):
            return stack.plan.template
        text = plans.template_text(call, self.endpoint)
        if text is None:
            raise invalid("Either Template URL or Template Body must be specified.")
        return templates.parse(text)

    def delete_stack(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html"""
        stack = self.stacks.find(call.account, call.region, str(call.parameters["StackName"]))
        if stack is None:
            return {}  # deleting what is not there succeeds
        retain = frozenset(call.parameters.get("RetainResources", ()))
        with stack.lock:
            if stack.status in {"DELETE_COMPLETE", DELETING}:
                return {}
            self._allow_deletion(stack, retain)
            stack.stopping = stack.busy
            stack.plan = replace(
                stack.plan, credentials=call.credentials, token=call.parameters.get("ClientRequestToken"),
                role_arn=call.parameters.get("RoleARN", stack.plan.role_arn),
            )  # fmt: skip
            stack.turn(DELETING, "User Initiated")
        self.engine.delete(stack, retain)
        return {}

    def cancel_update_stack(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html"""
        stack = self._stack(call)
        with stack.lock:
            if stack.status != "UPDATE_IN_PROGRESS":
                raise invalid("CancelUpdateStack cannot be called from current stack status")
            stack.cancelled = True
        return {}

    def _allow_deletion(self, stack: Stack, retain: frozenset[str]) -> None:
        if stack.busy and stack.status.startswith("UPDATE"):
            raise invalid(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
        if stack.protected:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if retain and stack.status != "DELETE_FAILED":
            raise invalid("Invalid operation on stack [" + stack.id + "]. RetainResources can only be specified for "
                          "stacks in the DELETE_FAILED state")  # fmt: skip
        unknown = sorted(retain - set(stack.resources))
        if unknown:
            raise invalid(f"The following resources to retain do not exist in the stack: [{', '.join(unknown)}]")
        for output in stack.outputs.values():
            users = [s.name for s in self.stacks.all(stack.account, stack.region) if output.export in s.imports]
            if users:
                raise invalid(f"Export {output.export} cannot be deleted as it is in use by {', '.join(users)}")

    def update_termination_protection(self, call: Call) -> dict[str, Any]:
        """docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html"""
        stack = self._stack(call)
        with stack.lock:
            if stack.status in {"DELETE_COMPLETE", DELETING}:
                raise invalid(f"Stack [{stack.id}] is in {stack.status} state and cannot be updated.")
            stack.protected = bool(call.parameters["EnableTerminationProtection"])
        return {"StackId": stack.id}

    def _stack(self, call: Call) -> Stack:
        name = str(call.parameters["StackName"])
        stack = self.stacks.find(call.account, call.region, name)
        if stack is None:
            raise missing(name)
        return stack


def _same(before: Plan, after: Plan) -> bool:
    """Whether an update would change nothing: resources, outputs, values, tags; a description alone does not count."""
    old, new = before.template, after.template
    return (
        {**old.resources} == {**new.resources}
        and {**old.outputs} == {**new.outputs}
        and {**old.mappings} == {**new.mappings}
        and dict(before.conditions) == dict(after.conditions)
        and {key: parameter.text for key, parameter in before.parameters.items()}
        == {key: parameter.text for key, parameter in after.parameters.items()}
        and dict(before.tags) == dict(after.tags)
        and old.metadata == new.metadata
    )
