"""The values that workflows are made of: plans, steps, what a step answers, effects and sightings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from portal.findings.languages import Spoken
from portal.workflows.states import EffectClass, Matter, Turn

if TYPE_CHECKING:
    from portal.workflows.models import Intent, Workflow


@dataclass(frozen=True, kw_only=True)
class Done:
    """The step's observation says that it is done; the next one follows at once."""

    message: Spoken = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The whole workflow is done, whatever steps are left."""

    message: Spoken = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Not yet: look again after `seconds`."""

    seconds: float
    message: Spoken = field(default_factory=dict)
    turn: Turn = Turn.AWS


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Stopped without failing: somebody must act, then the work goes on where it stood.

    With `rewind` it goes on at its first step: what that one proves may no longer hold.
    """

    message: Spoken
    turn: Turn = Turn.YOU
    rewind: bool = False


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The end: it cannot be done as asked. Nothing is left half made by this workflow."""

    message: Spoken


@dataclass(frozen=True, kw_only=True)
class HumanNeeded:
    """The machine cannot know what to do; support looks at the evidence. No further mutating call is made.

    A ticket of the kind `matter` opens with it.
    """

    message: Spoken
    matter: Matter = Matter.STUCK


Outcome = Done | Finished | Wait | Pause | Refusal | HumanNeeded


@dataclass(frozen=True)
class Work:
    """One run of one workflow under one lease."""

    workflow: "Workflow"
    fence: int


class Step(Protocol):
    """One step: looks, brings about at most one effect, answers."""

    @property
    def name(self) -> str:
        """The step's name within its plan."""

    def run(self, work: Work) -> Outcome:
        """Does one look and at most one effect. Raises AwsProblem when AWS gives no usable answer."""


def nothing(_workflow: "Workflow") -> None:
    """The hook of a plan that has nothing to do at that moment."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A kind of workflow: its steps in order, how long it may take, and what follows inside its transactions.

    `progressed` runs in the transaction that records a run, `settled` in the one that ends the workflow. Work that
    `gives_way` only looks: what the portal began of it by itself is given up when a person starts something.
    """

    kind: str
    steps: tuple[Step, ...]
    deadline: timedelta
    progressed: "Callable[[Workflow], None]" = nothing
    settled: "Callable[[Workflow], None]" = nothing
    gives_way: bool = False

    def step(self, name: str) -> Step:
        """The step of that name, the first one for an empty name. Raises KeyError for an unknown one."""
        if not name:
            return self.steps[0]
        found = {step.name: step for step in self.steps}
        return found[name]

    def knows(self, name: str) -> bool:
        """Whether a step has that name, or the name is empty."""
        return not name or any(step.name == name for step in self.steps)

    def after(self, name: str) -> str | None:
        """The name of the step after `name`, None after the last."""
        names = [step.name for step in self.steps]
        position = names.index(name) + 1
        return names[position] if position < len(names) else None


@dataclass(frozen=True)
class Sighting:
    """What a look for an effect found: its own objects, and strangers that stand in its place."""

    ours: tuple[Mapping[str, Any], ...] = ()
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One mutating AWS call.

    `key` is its natural key within the workflow, `request` what identifies it (hashed into the intent). `observe` looks
    for the effect by natural key and intent tag; `call` makes the call once and returns what is worth keeping.
    `taken_codes` are the error codes by which AWS says that it already exists.
    """

    key: str
    action: str
    effect_class: EffectClass
    request: Mapping[str, Any]
    observe: "Callable[[Intent], Sighting]"
    call: "Callable[[Intent], Mapping[str, Any]]"
    taken_codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settled:
    """The effect is there; `result` is what the ledger keeps of it."""

    result: Mapping[str, Any]
    adopted: bool = False


@dataclass(frozen=True)
class Unsettled:
    """Whether the effect is there is not known yet, or AWS asked for patience: look again after `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Declined:
    """AWS refused it; nothing was made."""

    code: str
    text: str
    request_id: str


@dataclass(frozen=True)
class Puzzling:
    """Two effects of ours, a stranger in its place, or too many tries: a human decides."""

    reason: Spoken
    objects: tuple[str, ...] = ()


Settlement = Settled | Unsettled | Declined | Puzzling
