"""An update: resources changed in place, replaced, added and removed, and the way back when that fails.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from dataclasses import dataclass, field, replace
from typing import Any

from portal.demo.emulator.calls import ServiceError
from portal.demo.emulator.cloudformation.activities import Activity, Alteration
from portal.demo.emulator.cloudformation.intrinsics import Unresolved
from portal.demo.emulator.cloudformation.resources.kinds import Kind
from portal.demo.emulator.cloudformation.run import Run, require_kind
from portal.demo.emulator.cloudformation.schemas import schema
from portal.demo.emulator.cloudformation.stacks import Plan, StackResource
from portal.demo.emulator.cloudformation.stage import Stage
from portal.demo.emulator.cloudformation.templates import Resource
from portal.demo.emulator.cloudformation.work import Failed

CANCELLED = "User Initiated"
"""The reason of a roll-back that CancelUpdateStack asked for."""


@dataclass
class Update:
    """One update of one stack."""

    run: Run
    before: Plan
    old: dict[str, StackResource] = field(init=False)

    def __post_init__(self) -> None:
        self.old = {name: replace(entry) for name, entry in self.run.stack.resources.items() if entry.exists}

    def go(self) -> None:
        """From UPDATE_IN_PROGRESS to UPDATE_COMPLETE or UPDATE_ROLLBACK_COMPLETE."""
        run, stack = self.run, self.run.stack
        stage = run.build(self._begin)
        run.halted = lambda: None  # from here on there is no cancelling
        if stage.halt_reason == CANCELLED:
            return self._back(CANCELLED)
        if stage.halt_reason:
            return None
        reason = self._reason(stage)
        if reason is None:
            reason = self._outputs()
        if reason is not None:
            return self._back(reason)
        stack.turn("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        self._clean(self._leftovers(self.old, stack.resources), drop=set(self.old) - set(run.chosen()))
        return stack.turn("UPDATE_COMPLETE")

    def _outputs(self) -> str | None:
        try:
            self.run.stack.outputs = self.run.outputs()
        except ServiceError as error:
            return error.message
        except Unresolved as error:
            return f"Output refers to {error}, which does not exist."
        return None

    def _reason(self, stage: Stage) -> str | None:
        if not stage.failed:
            return None
        failing = {name: entry.status for name, entry in self.run.stack.resources.items() if "FAILED" in entry.status}
        parts = []
        for verb in ("create", "update"):
            names = [name for name, status in failing.items() if status == f"{verb.upper()}_FAILED"]
            if names:
                parts.append(f"The following resource(s) failed to {verb}: [{', '.join(names)}]. ")
        return "".join(parts)

    def _begin(self, name: str) -> Activity | None:
        entry = self.run.chosen()[name]
        present = self.run.stack.resources.get(name)
        if present is None or not present.exists:
            activity = self.run.creation(entry)
            self.run.stack.record(activity.resource, "CREATE_IN_PROGRESS")
            return activity
        present.needs, present.deletion_policy = self.run.edges()[name], entry.deletion_policy
        try:
            wanted = self.run.wanted(entry)
        except (Failed, ServiceError) as error:
            return self._refusal(present, str(error))
        if wanted == present.properties and entry.type == present.type:
            return None
        return self._change(entry, present, wanted)

    def _change(self, entry: Resource, present: StackResource, wanted: dict[str, Any]) -> Activity:
        kind, stack = require_kind(entry.type), self.run.stack
        changed = {key for key in {*wanted, *present.properties} if wanted.get(key) != present.properties.get(key)}
        if entry.type != present.type:
            return self._refusal(present, "Update of resource type is not permitted. The new template modifies "
                                 f"resource type of the following resources: [{entry.logical_id}]")  # fmt: skip
        if kind.changes_in_place(changed):
            stack.record(present, "UPDATE_IN_PROGRESS")
            return self._alteration(present, kind, wanted)
        published = schema(entry.type)
        create_only = {path.split(".")[0] for path in published.create_only} if published else set()
        if not changed & create_only:
            return self._refusal(present, f"Updating {', '.join(sorted(changed))} of {entry.type} is not emulated.")
        if self._named(present, wanted):
            return self._refusal(present, "CloudFormation cannot update a stack when a custom-named resource requires "
                                 f"replacing. Rename {present.physical_id} and update the stack again.")  # fmt: skip
        activity = self.run.creation(entry, "UPDATE")
        stack.record(activity.resource, "UPDATE_IN_PROGRESS", "Requested update requires the creation of a new "
                     "physical resource; hence creating one.")  # fmt: skip
        return activity

    @staticmethod
    def _named(present: StackResource, wanted: dict[str, Any]) -> bool:
        """Whether the template itself fixes the name, so that old and new cannot stand side by side."""
        names = [key for key in wanted if key.endswith("Name") and wanted[key] == present.physical_id]
        return bool(names)

    def _alteration(self, present: StackResource, kind: Kind, wanted: dict[str, Any]) -> Alteration:
        work = self.run.work(present, kind, lambda _: None)
        work.previous, work.properties = present.properties, wanted
        present.properties = wanted
        return Alteration(self.run.stack, present, kind, work, "UPDATE")

    def _refusal(self, present: StackResource, reason: str) -> Activity:
        self.run.stack.record(present, "UPDATE_IN_PROGRESS")
        work = self.run.work(present, require_kind(present.type), lambda _: None)
        return _Refused(self.run.stack, present, require_kind(present.type), work, "UPDATE", said=reason)

    # The way back

    def _back(self, reason: str) -> None:
        stack, run = self.run.stack, self.run
        stack.turn("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        made = self._leftovers(stack.resources, self.old)
        altered = [entry for name, entry in stack.resources.items() if self._altered(name, entry)]
        stack.plan = self.before
        free: dict[str, frozenset[str]] = {entry.logical_id: frozenset() for entry in altered}
        stage = Stage(run.clock, run.durations, free, self._begin_revert, stop=False)
        stage.run()
        if stage.failed:
            return stack.turn("UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: "
                              f"[{', '.join(stage.failed)}]. ")  # fmt: skip
        stack.turn("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        with stack.lock:
            stack.resources.update({name: entry for name, entry in self.old.items() if name in made})
        self._clean(made, drop=set(stack.resources) - set(self.old))
        self._outputs()
        return stack.turn("UPDATE_ROLLBACK_COMPLETE")

    def _altered(self, name: str, entry: StackResource) -> bool:
        old = self.old.get(name)
        return old is not None and old.physical_id == entry.physical_id and (
            old.properties != entry.properties or entry.status == "UPDATE_FAILED"
        )  # fmt: skip

    def _begin_revert(self, name: str) -> Activity | None:
        present, old = self.run.stack.resources[name], self.old[name]
        kind = require_kind(present.type)
        self.run.stack.record(present, "UPDATE_IN_PROGRESS")
        if present.properties == old.properties:
            self.run.stack.record(present, "UPDATE_COMPLETE")
            return None
        return self._alteration(present, kind, dict(old.properties))

    # What is left over

    @staticmethod
    def _leftovers(these: dict[str, StackResource], others: dict[str, StackResource]) -> dict[str, StackResource]:
        """Those of `these` whose physical resource is not among `others`."""
        kept = {(entry.type, entry.physical_id) for entry in others.values()}
        return {name: entry for name, entry in these.items() if (entry.type, entry.physical_id) not in kept}

    def _clean(self, resources: dict[str, StackResource], drop: set[str]) -> None:
        """Deletes what is left over; a failure here does not fail the update, as with AWS."""
        self.run.clear(resources, frozenset(), rollback=False)
        with self.run.stack.lock:
            for name in drop:
                self.run.stack.resources.pop(name, None)


@dataclass
class _Refused(Activity):
    """A change that cannot be made."""

    said: str = ""

    def act(self) -> None:
        """Fails at once."""
        raise Failed(self.said)
