"""From a parsed chain to a booking a person has checked. Pure.

The preview shows a :class:`Row` per entry: what was read, which phrases are doubtful, and whether
the entry is new, changed, gone or just as it was booked before. A :class:`Decision` holds what the
person clicked for one row. :func:`booking` turns both into the one value ``book_intake`` books;
it refuses as long as a doubtful phrase was not decided, so nothing is counted by guessing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.quantity import GRAMS_PER_JIN, Unit
from lib.kernel.words import N_
from lib.shop.settings import Slot
from lib.trade.orders import chain
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.model import Entry
from lib.trade.orders.rules import (
    BookedEntry,
    Booking,
    Cancellation,
    Change,
    Home,
    IncomingOrder,
    Source,
    Wanted,
)
from lib.trade.products.queries import CatalogueItem


class State(StrEnum):
    """What booking would do with an entry."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CANCELLED = "cancelled"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Phrase:
    """A doubtful phrase of an entry: its words, where it stands in the paste, and why."""

    text: str
    span: tuple[int, int]
    flag: Flag


@dataclass(frozen=True)
class Row:
    """One entry of the chain in the preview. ``before`` is its text when it was booked."""

    index: int
    entry: Entry
    key: str
    state: State
    wanted: tuple[Wanted, ...]
    phrases: tuple[Phrase, ...]
    booked: BookedEntry | None = None
    before: str = ""

    @property
    def home(self) -> Home:
        """The address hint."""
        hint = self.entry.address
        return Home(hint.area, hint.building, hint.unit, hint.room) if hint else Home()

    @property
    def decidable(self) -> bool:
        """Whether anything of this row would be booked."""
        return self.state in (State.NEW, State.CHANGED)


@dataclass(frozen=True)
class Review:
    """A whole paste in the preview. ``gone`` were booked before and are no longer in the chain."""

    identity: str
    fingerprint: str
    basis: int | None
    text: str
    title: str
    rows: tuple[Row, ...]
    gone: tuple[BookedEntry, ...]
    flags: tuple[Flag, ...]
    earlier_snapshots: int = 0


@dataclass(frozen=True)
class Decision:
    """What a person decided for one row; the default takes it as it was read.

    ``settled`` are the indices of phrases that need no more asking. ``wanted`` replaces the goods
    read. ``member_id`` names a member, None lets the nickname and home decide.
    """

    take: bool = True
    nickname: str | None = None
    home: Home | None = None
    member_id: int | None = None
    slot: str | None = None
    delivery: bool | None = None
    note: str | None = None
    wanted: tuple[Wanted, ...] | None = None
    settled: frozenset[int] = frozenset()
    checked: bool = False


@dataclass(frozen=True)
class Decisions:
    """All decisions of one preview, by row index; ``keep_gone`` are orders not to cancel."""

    rows: Mapping[int, Decision] = field(default_factory=dict)
    keep_gone: frozenset[int] = frozenset()

    def of(self, row: Row) -> Decision:
        """Return the decision for ``row``."""
        return self.rows.get(row.index, Decision())


def parser_catalogue(items: Sequence[CatalogueItem]) -> list[chain.CatalogueItem]:
    """Return the products on offer as the chain parser wants them."""
    return [_parser_item(item) for item in items]


def parser_slots(slots: Sequence[Slot]) -> tuple[chain.Slot, ...]:
    """Return the shop's pickup slots as the chain parser wants them."""
    return tuple(chain.Slot(slot.key, slot.start, slot.end) for slot in slots)


def fingerprint(text: str) -> str:
    """Return the fingerprint of a paste; white space at line ends does not count."""
    lines = (line.strip() for line in text.replace("\r\n", "\n").split("\n"))
    return hashlib.sha256("\n".join(lines).strip().encode("utf-8", "replace")).hexdigest()


def open_phrases(row: Row, decision: Decision) -> list[tuple[int, Phrase]]:
    """Return the phrases of ``row`` that still need a decision, with their indices."""
    if not decision.take or not row.decidable:
        return []
    return [
        (index, phrase) for index, phrase in enumerate(row.phrases) if index not in decision.settled
    ]


def booking(review: Review, decisions: Decisions) -> Booking:
    """Return everything the checked preview changes.

    Raises ``Refused`` while a phrase is undecided or an order has no goods.
    """
    left = sum(len(open_phrases(row, decisions.of(row))) for row in review.rows)
    if left:
        raise Refused(
            N_("{count} doubtful phrases are still open. Decide each one first."), count=left
        )
    taken = [row for row in review.rows if row.decidable and decisions.of(row).take]
    for row in taken:
        if not _incoming(row, decisions.of(row)).wanted:
            raise Refused(
                N_("Entry {number} has no goods. Choose some, or leave the entry out."),
                number=row.entry.no,
            )
    cancelled = [row.booked for row in review.rows if row.state is State.CANCELLED and row.booked]
    gone = [entry for entry in review.gone if entry.order_id not in decisions.keep_gone]
    return Booking(
        kind=Source.CHAIN,
        identity=review.identity,
        fingerprint=review.fingerprint,
        basis=review.basis,
        content=review.text,
        additions=[_incoming(row, decisions.of(row)) for row in taken if row.state is State.NEW],
        changes=[
            Change(row.booked.order_id, row.booked.version, _incoming(row, decisions.of(row)))
            for row in taken
            if row.state is State.CHANGED and row.booked
        ],
        cancellations=[
            *(_cancellation(entry, N_("cancelled in the chain")) for entry in cancelled),
            *(_cancellation(entry, N_("no longer in the chain")) for entry in gone),
        ],
        kept=[
            (row.booked.order_id, row.key)
            for row in review.rows
            if row.state is State.SAME and row.booked and row.booked.key != row.key
        ],
    )


def _cancellation(entry: BookedEntry, reason: str) -> Cancellation:
    return Cancellation(entry.order_id, entry.version, reason)


def _incoming(row: Row, decision: Decision) -> IncomingOrder:
    entry = row.entry
    doubtful = [flag.sentence for flag in entry.flags if flag in WORTH_A_LOOK]
    return IncomingOrder(
        key=row.key,
        nickname=decision.nickname or entry.nickname,
        wanted=row.wanted if decision.wanted is None else decision.wanted,
        home=decision.home if decision.home is not None else row.home,
        phone=entry.phones[0] if entry.phones else None,
        member_id=decision.member_id,
        slot=decision.slot if decision.slot is not None else entry.pickup_slot,
        delivery=entry.delivery if decision.delivery is None else decision.delivery,
        note=entry.note if decision.note is None else decision.note,
        check_reason=None if decision.checked else ("; ".join(doubtful) or None),
        body={"no": entry.no, "text": entry.text, "index": row.index},
    )


WORTH_A_LOOK = frozenset(Flag) - {
    Flag.NO_HEADER,
    Flag.SEVERAL_CHAINS,
    Flag.TITLE_CHANGED,
    Flag.ONLY_QUOTED,
}
"""Flags that keep an order marked for checking until somebody says it is right."""


def goods_of(
    entry: Entry, catalogue: Mapping[str, CatalogueItem]
) -> tuple[tuple[Wanted, ...], tuple[Phrase, ...]]:
    """Return what an entry wants in grams or sale units, and the phrases that need a decision.

    An amount that is not whole (half a box) is not rounded: it becomes a phrase to decide.
    """
    wanted: list[Wanted] = []
    phrases = [Phrase(doubt.text, doubt.span, doubt.flag) for doubt in entry.unmatched]
    for item in entry.items:
        product = catalogue[item.name]
        try:
            amount = product.sale_unit.amount(item.quantity)
        except ValueError:
            said = f"{item.name} {item.quantity.normalize():f}{item.unit}"
            phrases.append(Phrase(said, item.span, Flag.FRACTION_OF_PIECE))
            continue
        wanted.append(Wanted(product.product_id, amount))
    return tuple(wanted), tuple(phrases)


def _parser_item(item: CatalogueItem) -> chain.CatalogueItem:
    unit = Unit(item.unit, item.unit_grams)
    weight = None
    if item.content_grams and item.unit_grams is None:
        weight = Decimal(item.content_grams) / GRAMS_PER_JIN
    return chain.CatalogueItem(
        name=item.name,
        aliases=item.aliases,
        unit=item.unit,
        price=item.price.yuan,
        conversions={word: unit.count(amount) for word, amount in item.conversions.items()},
        weight_per_unit_jin=weight,
    )
