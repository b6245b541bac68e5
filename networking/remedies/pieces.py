"""What a remedy that needs something new is put together from: one value for each thing that AWS makes or changes.

The order of a remedy's pieces is the order of making; taking back goes the other way. A reference is the id of
something that exists (a text), or the piece that makes it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

type Ref = str | Made


@dataclass(frozen=True, kw_only=True)
class Made:
    """Something new. `slug` names it within its remedy: the shell's variable, Terraform's local name. `name` is its tag
    `Name`, by which a second run finds it; empty for what AWS does not tag.

    `has_id`: AWS gives it an id, which other pieces refer to; `is_chosen`: somebody chooses or names that id
    afterwards; `is_found`: it is there already, made and deleted by nobody here; `id_start` is how the id begins where
    a route can lead to it.
    """

    has_id: ClassVar[bool] = False
    is_chosen: ClassVar[bool] = False
    is_found: ClassVar[bool] = False
    id_start: ClassVar[str] = ""

    slug: str
    name: str = ""

    @property
    def variable(self) -> str:
        """Where a script keeps its id."""
        return self.slug.upper()


@dataclass(frozen=True, kw_only=True)
class NewVpc(Made):
    """A VPC with both DNS attributes on."""

    has_id: ClassVar[bool] = True
    is_chosen: ClassVar[bool] = True

    cidr: str
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewRange(Made):
    """A secondary CIDR block of a VPC that exists."""

    vpc: str
    cidr: str


@dataclass(frozen=True, kw_only=True)
class NewGateway(Made):
    """An internet gateway, attached to the VPC."""

    has_id: ClassVar[bool] = True
    id_start: ClassVar[str] = "igw-"

    vpc: Ref


@dataclass(frozen=True, kw_only=True)
class NewSubnet(Made):
    """A subnet in the zone of that ID. `within` is the new range that it lies in, if any."""

    has_id: ClassVar[bool] = True
    is_chosen: ClassVar[bool] = True

    vpc: Ref
    zone_id: str
    cidr: str
    tags: tuple[tuple[str, str], ...] = ()
    within: NewRange | None = None


@dataclass(frozen=True, kw_only=True)
class NewAddress(Made):
    """An Elastic IP address."""

    has_id: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class NewNat(Made):
    """A public NAT gateway in `subnet`, whose table leads to an internet gateway; `route` is that way, if it is new."""

    has_id: ClassVar[bool] = True
    is_chosen: ClassVar[bool] = True
    id_start: ClassVar[str] = "nat-"

    vpc: Ref
    subnet: Ref
    address: NewAddress
    route: "NewRoute | None" = None


@dataclass(frozen=True, kw_only=True)
class NewTable(Made):
    """A route table without routes of its own."""

    has_id: ClassVar[bool] = True
    is_chosen: ClassVar[bool] = True

    vpc: Ref


@dataclass(frozen=True, kw_only=True)
class NewRoute(Made):
    """A route in a table that has none for this range, IPv4 or IPv6. `gateway` is what has to be attached before."""

    table: Ref
    target: Ref
    destination: str = "0.0.0.0/0"
    gateway: NewGateway | None = None


@dataclass(frozen=True, kw_only=True)
class ChangedRoute(Made):
    """An existing route that leads to `target` from now on, and to `before` when it is taken back; an
    empty `before` is a target that is gone.
    """

    table: str
    destination: str
    before: str
    target: Ref


@dataclass(frozen=True, kw_only=True)
class NewAssociation(Made):
    """A new subnet, or one without a table of its own, follows `table`."""

    subnet: Ref
    table: Ref


@dataclass(frozen=True, kw_only=True)
class ChangedAssociation(Made):
    """A subnet that follows `before` by an association of its own follows `table` from now on."""

    subnet: str
    before: str
    table: Ref


@dataclass(frozen=True, kw_only=True)
class Attachment(Made):
    """The VPC's S3 gateway endpoint serves `table`, too; `endpoint` is its id, empty when there was none."""

    vpc: str
    table: NewTable
    endpoint: str = ""


@dataclass(frozen=True, kw_only=True)
class NewEndpoint(Made):
    """An S3 gateway endpoint that serves `tables`."""

    vpc: Ref
    tables: tuple[Ref, ...]


type Pieces = Sequence[Made]


def slug(*words: str) -> str:
    """Words and ids as one name for a variable or a Terraform resource: `subnet`, `euc1-az2` → `subnet_euc1_az2`."""
    return re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower()).strip("_")


def of_kind[P: Made](pieces: Iterable[Made], kind: type[P]) -> tuple[P, ...]:
    """Those pieces that are of one kind, in order."""
    return tuple(piece for piece in pieces if isinstance(piece, kind))


def named(ref: Ref) -> str:
    """What people see of something: its id, or the name that the remedy gives it."""
    return ref.name if isinstance(ref, Made) else ref
