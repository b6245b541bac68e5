"""What the engine knows of a resource type."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from portal.demo.emulator.cloudformation.work import Work


def _at_once(_: Work) -> bool:
    return True


def _nothing(_: Work) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Kind:
    """A resource type and its functions; none of them waits.

    `properties` are those that `create` carries out; a template that uses another one fails. `create` calls
    `work.identify` with the value that Ref gives. `ready` and `gone` are asked again and again until true.
    `attributes` gives what Fn::GetAtt can return, `attribute_names` names them before anything exists.
    `updatable` properties (all, with `any_property`) change in place through `update`; the schema's create-only
    ones replace. `observe` reads the properties as they are now, for drift detection; one that it leaves out counts
    as unchanged. With `named_when_failed` a creation that failed without an id gets a made-up one, so that the
    roll-back deletes it. After `limit` seconds by the clock without being ready or gone it fails with the words of
    `late`.
    """

    type: str
    properties: frozenset[str]
    create: Callable[[Work], None]
    delete: Callable[[Work], None]
    attributes: Callable[[Work], Mapping[str, Any]] = _nothing
    attribute_names: frozenset[str] = frozenset()
    ready: Callable[[Work], bool] = _at_once
    gone: Callable[[Work], bool] = _at_once
    update: Callable[[Work], None] | None = None
    updatable: frozenset[str] = frozenset()
    observe: Callable[[Work], Mapping[str, Any]] | None = None
    any_property: bool = False
    named_when_failed: bool = False
    limit: float = 7200.0
    late: str = "Resource did not stabilize within the time that CloudFormation waits for it."

    def changes_in_place(self, changed: Set[str]) -> bool:
        """Whether a change of these properties needs no new resource."""
        return self.update is not None and (self.any_property or changed <= self.updatable)


def names(text: str) -> frozenset[str]:
    """A set of property names from a line of them."""
    return frozenset(text.split())
