"""Below the columns: the route tables, where they lead, the S3 gateway endpoint, and every line of the picture.

Tables stand under their subnets where there is room, and targets a little to the left of a table's middle, so that the
lines to the S3 endpoint pass at the right of each table without meeting a box.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from networking.maps import words
from networking.maps.columns import Columns
from networking.maps.folding import Target, table_key, tables_drawn, targets_drawn
from networking.maps.nodes import Judged, Link, TableNode
from networking.maps.seats import packed, seated
from networking.maps.shapes import BOX, GAP, TALL, Box, Wire, box
from networking.maps.strokes import Way, follows, leads, reaches
from networking.maps.topology import Topology
from networking.maps.wires import Net, height, path, placed, tracks

SLOT = BOX + 24.0
#: By the number of a table's targets: where its lines leave, as seen from its middle.
WAYS: Mapping[int, tuple[float, ...]] = {1: (-22.0,), 2: (-22.0, 8.0), 3: (-52.0, -22.0, 8.0)}
#: The same for the line to the endpoint, and where a target's middle stands under its table.
S3, UNDER = 88.0, -22.0
TARGET, LOW = 182.0, 62.0
ENDPOINT, MIDDLING = 230.0, 80.0
#: Where the lines of one kind enter the endpoint.
ENTRANCES = {Link.THERE: 0.0, Link.MISSING: -50.0, Link.UNKNOWN: 50.0}


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows and all lines."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    right: float
    bottom: float


def rows_of(topology: Topology, columns: Columns, left: float) -> Rows:
    """Everything below `columns`, from `left` on."""
    layout = _Layout(topology, columns, left)
    boxes = (*layout.tables.values(), *layout.targets.values(), layout.endpoint)
    return Rows(
        boxes=boxes,
        wires=(*layout.to_tables(), *layout.to_targets(), *layout.to_endpoint()),
        right=max(one.x + one.width for one in boxes),
        bottom=layout.endpoint.bottom,
    )


@dataclass(frozen=True)
class _Layout:
    topology: Topology
    columns: Columns
    left: float

    @cached_property
    def nodes(self) -> Mapping[str, TableNode]:
        """What is drawn as a table, from left to right."""
        keys = dict.fromkeys(one.subnet.table for one in self.columns.exits)
        near = {key: fmean(one.x for one in self.columns.exits if one.subnet.table == key) for key in keys}
        ordered = sorted((self.topology.table(key) for key in keys), key=lambda table: near[table.key] if table else 0)
        return tables_drawn([table for table in ordered if table is not None])

    @cached_property
    def table_nets(self) -> tuple[Net, ...]:
        above: dict[str, list[float]] = {key: [] for key in self.nodes}
        for one in self.columns.exits:
            above[table_key(one.subnet.table, self.nodes)].append(one.x)
        wishes = [fmean(above[key]) for key in self.nodes]
        middles = packed(wishes, self.left + GAP + BOX / 2, self.columns.right - GAP - BOX / 2, SLOT)
        nets = [Net(key, tuple(above[key]), x) for key, x in zip(self.nodes, middles, strict=True)]
        return tuple(nets)

    @cached_property
    def tables(self) -> Mapping[str, Box]:
        """The boxes of the tables."""
        nets = self.table_nets
        y = self.columns.bottom + height(placed(nets))
        return {net.key: self._table(self.nodes[net.key], net.below - BOX / 2, y) for net in nets}

    def _table(self, table: TableNode, x: float, y: float) -> Box:
        lines = [
            ("net-name", words.table_name(table)),
            ("net-id", table.fact.id if table.fact else ""),
            ("net-small", words.table_kind(table)),
            ("net-small", words.s3_line(table)),
        ]
        return box(table.key, (x, y), (BOX, TALL), lines, table.judged, css="" if table.fact else "net-unsure")

    def to_tables(self) -> list[Wire]:
        """From the subnets to the tables they follow."""
        nets = {net.key: net for net in placed(self.table_nets)}
        numbers = tracks(list(nets.values()))
        wires = []
        for one in self.columns.exits:
            key = table_key(one.subnet.table, self.nodes)
            way = path(nets[key], one.x, self.columns.bottom, self.tables[key].y, numbers.get(key))
            wires.append(follows(one.subnet, self.nodes[key], Way(nets[key], one.points, way)))
        return wires

    @cached_property
    def targets_of(self) -> Mapping[str, Target]:
        """What the tables lead to, the first ones first."""
        return targets_drawn(list(self.nodes.values()))

    @cached_property
    def targets(self) -> Mapping[str, Box]:
        """The boxes of the targets, each near the tables that lead there."""
        middles = {key: one.middle for key, one in self.tables.items()}
        wishes = {key: fmean(middles[name] for name in target.tables) for key, target in self.targets_of.items()}
        seats = seated(wishes, list(middles.values()), SLOT)
        y = self._tables_bottom + height([*self._wanted(seats).values()]) if seats else self._tables_bottom
        return {key: self._target(self.targets_of[key], x + UNDER - TARGET / 2, y) for key, x in seats.items()}

    def _target(self, target: Target, x: float, y: float) -> Box:
        lines = [
            ("net-name", target.label),
            ("net-id", target.way.target if target.way else ""),
            ("net-small", words.way_note(target.way, self.topology.network) if target.way else ""),
        ]
        return box(target.key, (x, y), (TARGET, LOW), lines, Judged(), css="net-target")

    @property
    def _tables_bottom(self) -> float:
        return max((one.bottom for one in self.tables.values()), default=self.columns.bottom)

    def _leaving(self, seats: Mapping[str, float]) -> dict[tuple[str, str], float]:
        """(Table, target) → where the line leaves the table; targets further left are left for further left."""
        found: dict[tuple[str, str], float] = {}
        for key, one in self.tables.items():
            ways = sorted((t for t, target in self.targets_of.items() if key in target.tables), key=lambda t: seats[t])
            spread = WAYS.get(len(ways)) or tuple(-78.0 + 150.0 / len(ways) * number for number in range(len(ways)))
            found |= {(key, way): one.middle + aside for way, aside in zip(ways, spread, strict=True)}
        return found

    def _wanted(self, seats: Mapping[str, float]) -> dict[str, Net]:
        """The nets from the tables to the targets."""
        leaving = self._leaving(seats)
        nets = [
            Net(way, tuple(x for (_, to), x in leaving.items() if to == way), seats[way] + UNDER) for way in seats
        ]  # fmt: skip
        return {net.key: net for net in placed(nets, [one.middle + S3 for one in self.tables.values()])}

    def to_targets(self) -> list[Wire]:
        """From the tables to where they lead."""
        seats = {key: one.middle - UNDER for key, one in self.targets.items()}
        nets = self._wanted(seats)
        numbers = tracks(list(nets.values()))
        return [
            leads(
                self.nodes[table],
                self.targets_of[way],
                Way(nets[way], (), path(nets[way], x, self._tables_bottom, self.targets[way].y, numbers.get(way))),
            )
            for (table, way), x in self._leaving(seats).items()
        ]

    @property
    def _targets_bottom(self) -> float:
        return max((one.bottom for one in self.targets.values()), default=self._tables_bottom)

    @cached_property
    def endpoint_nets(self) -> Mapping[str, Net]:
        """Lines of one kind run together: those that are there, that are missing, that nobody knows."""
        kinds = {kind: [self.tables[t.key].middle + S3 for t in self.nodes.values() if t.s3 is kind] for kind in Link}
        used = {kind: xs for kind, xs in kinds.items() if xs}
        middle = self._endpoint_middle
        nets = [
            Net(kind.value, tuple(xs), middle + (ENTRANCES[kind] if len(used) > 1 else 0)) for kind, xs in used.items()
        ]  # fmt: skip
        return {net.key: net for net in placed(nets)}

    @property
    def _endpoint_middle(self) -> float:
        middles = [one.middle + S3 for one in self.tables.values()]
        return max(fmean(middles), self.left + ENDPOINT / 2) if middles else self.left + ENDPOINT / 2

    @cached_property
    def endpoint(self) -> Box:
        """The box of the S3 gateway endpoint."""
        node = self.topology.endpoint
        lines = [("net-name", words.endpoint_name(node)), ("net-id", words.endpoint_ids(node))]
        lines.append(("net-small", words.endpoint_kind(node)))
        nets = list(self.endpoint_nets.values())
        place = (self._endpoint_middle - ENDPOINT / 2, self._targets_bottom + (height(nets) if nets else 24.0))
        css = "net-endpoint" if node.ids else "net-endpoint net-unsure"
        return box("s3-endpoint", place, (ENDPOINT, MIDDLING), lines, node.judged, css=css)

    def to_endpoint(self) -> list[Wire]:
        """From the tables to the endpoint, past the targets."""
        numbers = tracks(list(self.endpoint_nets.values()))
        wires = []
        for key, table in self.nodes.items():
            net = self.endpoint_nets[table.s3.value]
            x = self.tables[key].middle + S3
            way = path(net, x, self._targets_bottom, self.endpoint.y, numbers.get(net.key))
            wires.append(reaches(table, Way(net, ((x, self._tables_bottom),), way)))
        return wires
