"""What a demo or a test may set about the emulated world: durations, zones, regions, propagation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

OPT_IN = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
    }
)
"""Regions that an account must enable first.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""

DURATIONS: Mapping[str, float] = {
    "vpc": 1,
    "nat_gateway": 3,
    "nat_gateway_delete": 2,
    "vpc_endpoint": 0,
    "peering_request": 0,
    "peering_accept": 0,
    "peering_delete": 0,
    "cluster": 6,
    "cluster_delete": 3,
    "nodegroup": 4,
    "nodegroup_delete": 3,
    "addon": 2,
    "addon_delete": 1,
    "stack_resource": 0.3,
    "role_propagation": 0,
}
"""Seconds that resources take to reach their next state; 0 is at once. `stack_*` belong to CloudFormation."""


@dataclass(frozen=True)
class Settings:
    """One consistent set of settings; changed as a whole by `merged`.

    `zones`: account -> region -> zone name -> zone id, where an account's map differs from the usual one.
    `opted_in`: account -> opt-in regions that this account has enabled.
    """

    durations: Mapping[str, float] = field(default_factory=lambda: dict(DURATIONS))
    zones: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    opted_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def merged(self, change: Mapping[str, Any]) -> "Settings":
        """These settings with a change laid over them. Raises ValueError for a name that is not a setting."""
        unknown = set(change) - {"durations", "zones", "opted_in", "quotas"}
        unknown |= {f"durations.{name}" for name in change.get("durations", {}) if not self._is_duration(name)}
        if unknown:
            raise ValueError(f"Unknown settings: {', '.join(sorted(unknown))}")
        opted_in = {account: tuple(regions) for account, regions in change.get("opted_in", {}).items()}
        return replace(
            self,
            durations={**self.durations, **{k: float(v) for k, v in change.get("durations", {}).items()}},
            zones={**self.zones, **change.get("zones", {})},
            opted_in={**self.opted_in, **opted_in},
        )

    def _is_duration(self, name: str) -> bool:
        # CloudFormation also takes one for each resource type, and "retry".
        return name in self.durations or name == "retry" or name.startswith(("AWS::", "stack_"))


def load(path: Path | None) -> Mapping[str, Any]:
    """The JSON document of a configuration file, or nothing. Raises ValueError when it is not an object."""
    if path is None:
        return {}
    document = json.loads(path.read_text())
    if not isinstance(document, dict):
        raise ValueError(f"{path} does not hold a JSON object")  # noqa: TRY004 - the value is wrong, not its type
    return document
