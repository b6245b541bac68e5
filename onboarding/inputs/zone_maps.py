"""The zone map of another account, pasted from its AWS CLI.

Accepted are the JSON answer of `aws ec2 describe-availability-zones`, JSON made by its `--query` (a list of
pairs or of objects with `ZoneName` and `ZoneId`), and lines with a name and an id, as `--output text` and
`table` print them.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import Refused, refuse
from onboarding.inputs.zones import zone_id, zone_name

_LONGEST_PASTE = 100_000
_MOST_ZONES = 200
_RULE = re.compile(r"[-+=| ]*")


@dataclass(frozen=True, kw_only=True)
class ZoneMap:
    """Which zone id each zone name stands for in one account: pairs of (name, id), sorted by name."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def ids(self) -> frozenset[str]:
        """The zone ids."""
        return frozenset(identifier for _name, identifier in self.pairs)

    def id_of(self, name: str) -> str | None:
        """The id behind a name, None when the map lacks it."""
        return dict(self.pairs).get(name)

    def name_of(self, identifier: str) -> str | None:
        """The name of an id, None when the map lacks it."""
        return next((name for name, found in self.pairs if found == identifier), None)

    def __str__(self) -> str:
        return "\n".join(f"{name} {identifier}" for name, identifier in self.pairs)


def zone_map(text: object) -> ZoneMap:
    """The map in a pasted text.

    Raises `Refused`: `zone-map.missing`, `.too-long`, `.json`, `.line`, `.none`, `.duplicate`, `.regions`,
    and those of `zone_name` and `zone_id`.
    """
    if not isinstance(text, str) or not text.strip():
        refuse(_("Paste lines such as “us-east-1a use1-az1”, or the JSON of the AWS CLI."), "zone-map.missing")
    if len(text) > _LONGEST_PASTE:
        refuse(_("The pasted text is too long. Paste the zones of one region only."), "zone-map.too-long")
    pasted = text.strip()
    rows = _json_rows(pasted) if pasted[0] in "{[" else _line_rows(pasted)
    pairs = tuple(sorted((zone_name(name), zone_id(identifier)) for name, identifier in rows))
    _refuse_contradictions(pairs)
    return ZoneMap(pairs=pairs)


def _line_rows(pasted: str) -> list[tuple[object, object]]:
    rows: list[tuple[object, object]] = []
    for number, raw in enumerate(pasted.splitlines(), start=1):
        if _RULE.fullmatch(raw.strip()) or "DescribeAvailabilityZones" in raw:
            continue  # the frame and the title of --output table
        cells = raw.replace("|", " ").replace(",", " ").split()
        if len(cells) != 2:
            refuse(
                _("Line %(number)d does not hold a zone name and a zone ID. Write it as “us-east-1a use1-az1”.")
                % {"number": number},
                "zone-map.line",
            )
        rows.append((cells[0], cells[1]))
    return rows


def _json_rows(pasted: str) -> list[tuple[object, object]]:
    try:
        document = json.loads(pasted, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except Refused:
        raise
    except (ValueError, RecursionError):
        refuse(_("The pasted JSON cannot be read. Copy the whole output of the AWS CLI again."), "zone-map.json")
    listed = document.get("AvailabilityZones") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        refuse(_("The pasted JSON has no list of AvailabilityZones."), "zone-map.json")
    return [_json_row(entry) for entry in listed if not _other_kind(entry)]


def _json_row(entry: Any) -> tuple[object, object]:
    if isinstance(entry, dict):
        entry = [entry.get("ZoneName"), entry.get("ZoneId")]
    if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(cell, str) for cell in entry):
        refuse(_("An entry of the pasted JSON lacks ZoneName or ZoneId."), "zone-map.json")
    return entry[0], entry[1]


def _other_kind(entry: Any) -> bool:
    """Local and Wavelength Zones are listed when an account opted in; they hold no deployment."""
    return isinstance(entry, dict) and entry.get("ZoneType", "availability-zone") != "availability-zone"


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        refuse(_("The pasted JSON names something twice. Copy the output of the AWS CLI again."), "zone-map.json")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _refuse_contradictions(pairs: tuple[tuple[str, str], ...]) -> None:
    if not pairs:
        refuse(_("The pasted text holds no availability zones."), "zone-map.none")
    if len(pairs) > _MOST_ZONES:
        refuse(_("The pasted text is too long. Paste the zones of one region only."), "zone-map.too-long")
    for column in zip(*pairs, strict=True):
        twice = _first_repeat(column)
        if twice:
            refuse(
                _("%(zone)s occurs twice. Each zone has one name and one ID.") % {"zone": twice},
                "zone-map.duplicate",
            )
    if len({name[:-1] for name, _identifier in pairs}) > 1:
        refuse(
            _("The pasted zones are of several regions. Paste the zones of one region only."),
            "zone-map.regions",
        )


def _first_repeat(values: Iterable[str]) -> str:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return ""
