"""From a parsed chain to a booking a person has checked. Pure.

The preview shows a :class:`Row` per entry: what was read, which phrases are doubtful, and whether
the entry is new, changed, gone or just as it was booked before. A :class:`Decision` holds what the
person clicked for one row. :func:`booking` turns both into the one value ``book_intake`` books;
it refuses as long as a doubtful phrase was not decided, so nothing is counted by guessing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.quantity import GRAMS_PER_JIN, Unit
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.shop.settings import Slot
from lib.trade.orders import chain
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.model import Entry, Status
from lib.trade.orders.rules import (
    CUT,
    BookedEntry,
    Booking,
    Cancellation,
    Change,
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
class GoodsChange:
    """How much of a product an entry wanted before and wants now, in sale units."""

    product: CatalogueItem
    before: Decimal
    now: Decimal


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
    goods_changed: tuple[GoodsChange, ...] = ()

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
    """A whole paste in the preview. ``gone`` were booked before and are no longer in the chain;
    ``freed`` are orders cancelled earlier whose keys the chain may need again.
    """

    identity: str
    fingerprint: str
    basis: int | None
    text: str
    title: str
    rows: tuple[Row, ...]
    gone: tuple[BookedEntry, ...]
    flags: tuple[Flag, ...]
    earlier_snapshots: int = 0
    freed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What a person decided for one row; the default takes it as it was read.

    ``settled`` are the indices of phrases that need no more asking. ``wanted`` replaces the goods
    read. ``member_id`` names a member, None lets the nickname and home decide. ``cut``: less was
    taken than was asked for, to keep to a limit; ``beyond`` is the owner's reason not to.
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
    cut: bool = False
    beyond: str = ""


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
        freed=review.freed,
    )


def _cancellation(entry: BookedEntry, reason: str) -> Cancellation:
    return Cancellation(entry.order_id, entry.version, reason)


def _incoming(row: Row, decision: Decision) -> IncomingOrder:
    entry = row.entry
    doubtful = [flag.sentence for flag in entry.flags if flag in WORTH_A_LOOK]
    doubtful += [CUT] if decision.cut else []
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
        body={
            "no": entry.no,
            "text": entry.text,
            "says": says(entry),
            "who": who(entry),
            "place": _place(entry),
        },
        beyond=decision.beyond,
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

    An amount that is not whole (half a box) is not rounded, and a product that is stopped is not
    counted: both become phrases to decide.
    """
    wanted: list[Wanted] = []
    phrases = [Phrase(doubt.text, doubt.span, doubt.flag) for doubt in entry.unmatched]
    for item in entry.items:
        product = catalogue[item.name]
        said = f"{item.name} {item.quantity.normalize():f}{item.unit}"
        if product.stopped:
            phrases.append(Phrase(said, item.span, Flag.STOPPED))
            continue
        try:
            amount = product.sale_unit.amount(item.quantity)
        except ValueError:
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


def review(text: str, items: Sequence[CatalogueItem], slots: Sequence[Slot]) -> Review:
    """Parse a paste as if nothing of its chain had been booked before."""
    parsed = chain.parse_chain(text, parser_catalogue(items), parser_slots(slots))
    catalogue = {item.name: item for item in items}
    identity = chain.chain_identity(parsed)
    keys = chain.entry_keys(parsed.entries)
    rows = (
        _row(index, entry, f"chain:{identity}:{key}", None, catalogue)
        for index, (entry, key) in enumerate(zip(parsed.entries, keys, strict=True))
    )
    return Review(
        identity=identity,
        fingerprint=fingerprint(text),
        basis=None,
        text=text,
        title=parsed.title,
        rows=tuple(rows),
        gone=(),
        flags=parsed.flags,
        earlier_snapshots=parsed.earlier_snapshots,
    )


def against(
    paste: Review, items: Sequence[CatalogueItem], basis: int, booked: Sequence[BookedEntry]
) -> Review:
    """Compare a parsed paste with the orders ``booked`` from its chain up to intake ``basis``."""
    catalogue = {item.name: item for item in items}
    pairs = pair([row.entry for row in paste.rows], booked)
    paired = {entry.order_id for entry in pairs.values()}
    left = [entry for entry in booked if entry.order_id not in paired]
    return replace(
        paste,
        basis=basis,
        rows=tuple(
            _row(row.index, row.entry, row.key, pairs.get(row.index), catalogue)
            for row in paste.rows
        ),
        gone=tuple(entry for entry in left if entry.active),
        freed=tuple(entry.order_id for entry in left if not entry.active),
    )


def _row(
    index: int,
    entry: Entry,
    key: str,
    booked: BookedEntry | None,
    catalogue: Mapping[str, CatalogueItem],
) -> Row:
    wanted, phrases = goods_of(entry, catalogue)
    before = str(booked.body.get("text", "")) if booked else ""
    state = _state(entry, booked)
    changed = _goods_changed(before, entry, catalogue) if state is State.CHANGED else ()
    return Row(index, entry, key, state, wanted, phrases, booked, before, changed)


def _goods_changed(
    before: str, entry: Entry, catalogue: Mapping[str, CatalogueItem]
) -> tuple[GoodsChange, ...]:
    products = parser_catalogue(list(catalogue.values()))
    old = chain.parse_chain(f"#接龙\n\n{before}", products).entries
    difference = chain.compare_chains(old[:1], [entry]).changed
    return tuple(
        GoodsChange(catalogue[name], was, now)
        for change in difference
        for name, was, now in change.items
    )


def _state(entry: Entry, booked: BookedEntry | None) -> State:
    orders = entry.status is Status.ACTIVE
    if booked is None:
        return State.NEW if orders else State.NOTHING
    if not orders:
        return State.CANCELLED if booked.active else State.NOTHING
    same = booked.body.get("says") == says(entry) and not booked.left_the_chain
    return State.SAME if same else State.CHANGED


def says(entry: Entry) -> str:
    """Return what an entry says, without its number: two that say the same are one order."""
    return folded(entry.text.lstrip("0123456789.．、:： "))


def who(entry: Entry) -> str:
    """Return whose entry it is: nickname and home, for recognising it after numbers shifted."""
    hint = entry.address
    home = (hint.area, hint.building, hint.unit, hint.room) if hint else ()
    return "|".join([folded(entry.nickname), *(part or "" for part in home)])


def pair(entries: Sequence[Entry], booked: Sequence[BookedEntry]) -> dict[int, BookedEntry]:
    """Return which order belongs to which entry, by index.

    First those that say exactly the same, then the same person in order, then a person whose name
    or room was corrected: the same goods under the same number.
    """
    left = {entry.order_id: entry for entry in booked}
    found: dict[int, BookedEntry] = {}

    def take(index: int, name: str, value: str) -> None:
        if index in found or not value:
            return
        match = next((one for one in left.values() if one.body.get(name) == value), None)
        if match is not None:
            found[index] = left.pop(match.order_id)

    for name, of in (("says", says), ("who", who), ("place", _place)):
        for index, entry in enumerate(entries):
            take(index, name, of(entry))
    return found


def _place(entry: Entry) -> str:
    goods = sorted(f"{item.name} {item.quantity.normalize():f}" for item in entry.items)
    return f"{entry.no}: {', '.join(goods)}" if goods else ""


def read_goods(
    text: str, items: Sequence[CatalogueItem], slots: Sequence[Slot]
) -> tuple[Wanted, ...] | None:
    """Return the goods written in ``text`` (``鸡蛋 2斤 豆腐1盒``); None if a word is unclear."""
    row = read_line(f"某某 {text}", items, slots)
    if row is None or row.phrases or row.entry.note or row.entry.status is not Status.ACTIVE:
        return None
    return row.wanted or None


def read_line(text: str, items: Sequence[CatalogueItem], slots: Sequence[Slot]) -> Row | None:
    """Return one entry typed as residents write it, without a chain around it; None if empty."""
    one_line = " ".join(text.split())
    if not one_line:
        return None
    parsed = review(f"#接龙\n\n1. {one_line}", items, slots)
    return parsed.rows[0] if parsed.rows else None
