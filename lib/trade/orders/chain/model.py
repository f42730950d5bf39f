"""What comes out of a pasted chain: frozen values, each with its place in the original text."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from decimal import Decimal
from enum import StrEnum

from lib.trade.orders.chain.flags import Flag

Span = tuple[int, int]


class Status(StrEnum):
    """State of one entry (contract R11)."""

    ACTIVE = "active"
    EMPTY = "empty"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


class Part(StrEnum):
    """What a stretch of an entry turned out to be; every visible character has one."""

    NUMBER = "number"
    ADDRESS = "address"
    NICKNAME = "nickname"
    ITEM = "item"
    SLOT = "slot"
    DELIVERY = "delivery"
    MARKER = "marker"
    NOTE = "note"
    SEPARATOR = "separator"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One product on offer in the round the chain belongs to.

    `price` in yuan per `unit`. `conversions` says how many units a package word holds
    ({"板": 30}); `weight_per_unit_jin` what one unit weighs, in jin (contract R9).
    """

    name: str
    aliases: tuple[str, ...] = ()
    unit: str = "份"
    price: Decimal = Decimal(0)
    conversions: Mapping[str, Decimal] = field(default_factory=dict)
    weight_per_unit_jin: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A pickup slot by its contract name (morning, noon, evening), both ends included."""

    name: str
    start: time
    end: time


DEFAULT_SLOTS = (
    Slot("morning", time(7), time(9)),
    Slot("noon", time(12), time(14)),
    Slot("evening", time(18), time(21)),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Address hint: words without their suffix (3, not 3栋), None where nothing was written."""

    area: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One ordered product: `quantity` in the catalogue `unit`; `assumed` when none was written.

    `spans` are the places that name it (the first is `span`); empty for items that came from
    同上 or 都来一份, where `span` is the place of that phrase.
    """

    name: str
    quantity: Decimal
    unit: str
    spans: tuple[Span, ...]
    assumed: bool = False

    @property
    def span(self) -> Span:
        """Place of the first mention."""
        return self.spans[0]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A phrase nobody should guess at: its words, its place, and why."""

    text: str
    span: Span
    flag: Flag


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered line of the chain with everything read from it."""

    no: int
    nickname: str
    address: Address | None
    items: tuple[Item, ...]
    pickup_slot: str | None
    delivery: bool
    phones: tuple[str, ...]
    note: str
    status: Status
    flags: tuple[Flag, ...]
    unmatched: tuple[Doubt, ...]
    text: str
    span: Span
    parts: tuple[tuple[Part, Span], ...]

    def with_flag(self, *flags: Flag) -> "Entry":
        """Return the entry with `flags` added once."""
        if not flags:
            return self
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *flags))))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An earlier copy of the chain, a quoted one, or talk around it: seen and left out."""

    kind: str
    span: Span
    title: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """A parsed paste: the newest snapshot of each chain in it.

    `ignored` lists what was left out (kinds: earlier, quoted, talk); `flags` concern the paste
    as a whole; `footer` is the text after the last entry.
    """

    title: str
    header: str
    example: str
    entries: tuple[Entry, ...]
    footer: str
    ignored: tuple[Snapshot, ...]
    flags: tuple[Flag, ...]

    @property
    def earlier_snapshots(self) -> int:
        """How many older copies of the same chain the paste held."""
        return sum(1 for left_out in self.ignored if left_out.kind == "earlier")
