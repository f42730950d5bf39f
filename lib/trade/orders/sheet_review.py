"""From a file that was read to a booking a person has checked (practice E1). Pure.

1. ``sheet_entries`` says who each order is from, ``sheet_goods`` what its goods are here.
2. :func:`compare` holds the orders of the file against what is booked: new, changed, cancelled
   since, booked already, or left out with the reason.
3. :func:`review` turns what is to be booked into orders of this shop with the person's answers.
4. :func:`booking` is the one value that ``commands.book_intake`` books, all of it or nothing.

An order of a file is compared by the facts of the file (:func:`facts`), never by what was decided
about it here: a slot changed at the desk is no change of the file.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lib.kernel.errors import Refused
from lib.kernel.money import Money, split, total
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.profiles.rules import Match
from lib.shop.language import Translate
from lib.trade.orders.rules import (
    CUT,
    NOTHING,
    BookedEntry,
    Booking,
    Cancellation,
    Change,
    IncomingOrder,
    Source,
    Wanted,
    cut_to,
)
from lib.trade.orders.sheet_entries import SheetEntry, note_of
from lib.trade.orders.sheet_goods import Goods, text_of
from lib.trade.orders.sheets import Meaning, Reading, SheetLine, SheetOrder
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.products.queries import CatalogueItem

LONGEST_REASON = 400
OTHER_PLATFORM = "other"


class State(StrEnum):
    """What booking the file would do with an order."""

    NEW = N_("new")
    CHANGED = N_("changed")
    CANCELLED = N_("cancelled since")
    KNOWN = N_("booked already")
    LEFT_OUT = N_("left out")


UNPAID = N_("not paid")
CANCELLED = N_("cancelled")
REFUNDED = N_("refunded")
NO_GOODS = N_("names no goods")
NEGATIVE = N_("the amount is negative")
DROPPED = N_("left out by you")
ALL_LINES_OUT = N_("all its goods are left out")
STOPPED_GOODS = N_("{goods}: not sold at present")
NOT_WHOLE = N_("{goods}: not a whole number of {unit}")
NOTHING_LEFT = N_("nothing of it is left to have")
GIVE_BACK = N_("the platform collected {amount} yuan for goods that are not given: pay it back")
CANCELLED_HERE = N_("cancelled here")
LINES_OUT = N_("left out: {goods}")
AMOUNT_HOLDS = N_("the amount still holds what was left out")
GONE_AFTER_HANDOVER = N_("cancelled on the platform after the goods were handed over")
CHANGED_AFTER_HANDOVER = N_("changed on the platform after goods were handed over")
REASON_CANCELLED = N_("cancelled on the platform")
REASON_REFUNDED = N_("refunded on the platform")


@dataclass(frozen=True)
class Difference:
    """One fact of an order that changed: a label to translate, then what it was and is."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Compared:
    """An order of the file against what is booked, before anybody decided anything."""

    entry: SheetEntry
    state: State
    reasons: tuple[Doubt, ...] = ()
    booked: BookedEntry | None = None
    differences: tuple[Difference, ...] = ()


def needs_goods(one: Compared) -> bool:
    """Whether booking ``one`` needs to know what its goods are here."""
    if one.state is State.NEW:
        return True
    changed = {difference.label for difference in one.differences}
    handed_over = one.booked is not None and one.booked.handed_over
    return one.state is State.CHANGED and not handed_over and bool(changed & {"goods", "amount"})


@dataclass(frozen=True)
class Decisions:
    """What a person decided about a file as a whole and about single orders.

    ``paid``: the amounts were collected by the platform; else they are still to be paid here.
    ``with_unpaid``: orders the platform calls unpaid are booked too, to be paid here. ``dropped``
    are keys of orders not to be touched; ``members`` key → member chosen by the person. ``cut``:
    key → how much at most is booked of a product, to keep to a limit; ``beyond``: key → the owner's
    reason to let an order go beyond one.
    """

    paid: bool = True
    with_unpaid: bool = False
    dropped: frozenset[str] = frozenset()
    members: Mapping[str, int] = field(default_factory=dict)
    cut: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    beyond: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One order in the preview; ``incoming`` is what would be booked of it."""

    entry: SheetEntry
    state: State
    reasons: tuple[Doubt, ...]
    match: Match | None = None
    booked: BookedEntry | None = None
    differences: tuple[Difference, ...] = ()
    incoming: IncomingOrder | None = None

    @property
    def doubtful(self) -> bool:
        """Whether somebody should look at it before it is booked."""
        return self.incoming is not None and bool(self.reasons)


@dataclass(frozen=True)
class Review:
    """A whole file in the preview. ``open_goods`` are questions about goods without an answer."""

    rows: tuple[Row, ...]
    goods: tuple[Goods, ...]

    @property
    def open_goods(self) -> tuple[Goods, ...]:
        """Goods that need an answer before anything can be booked."""
        return tuple(each for each in self.goods if not each.settled)

    def having(self, *states: State) -> tuple[Row, ...]:
        """Return the rows of these states."""
        return tuple(row for row in self.rows if row.state in states)

    @property
    def touches(self) -> int:
        """How many orders booking would add, change or cancel."""
        return len(self.having(State.NEW, State.CHANGED, State.CANCELLED))


def facts(entry: SheetEntry) -> dict[str, Any]:
    """Return what the file says of an order, kept with it to show later what changed."""
    order = entry.order
    return {
        "who": clean(order.buyer or order.receiver),
        "goods": sorted([line.product, line.spec, _plain(line.quantity)] for line in order.lines),
        "amount": order.gross_fen,
        "refunded": order.refund_fen,
        "state": order.meaning.value,
        "pickup": clean(order.pickup.text),
        "home": str(entry.home) or clean(order.address),
        "remark": clean(order.buyer_remark),
    }


def compare(
    entries: Sequence[SheetEntry],
    known: Mapping[str, BookedEntry],
    in_round: Iterable[BookedEntry] = (),
    *,
    with_unpaid: bool = False,
) -> tuple[Compared, ...]:
    """Return each order of a file with what booking it would do.

    ``known`` are orders booked under the keys of the file. ``in_round`` are all orders of this
    layout in the round: an order whose goods changed and that has no number of its own is found
    among them by its group number and name.
    """
    taken = {booked.order_id for booked in known.values()}
    near = {
        _near_key(booked.key, booked.body.get("who")): booked
        for booked in in_round
        if booked.order_id not in taken
    }
    found = []
    for entry in entries:
        booked = known.get(entry.key)
        if booked is None and entry.passing and entry.order.group_no:
            booked = near.pop(_near_key(entry.key, facts(entry)["who"]), None)
        found.append(_compared(entry, booked, with_unpaid))
    return tuple(found)


def _near_key(key: str, who: object) -> tuple[str, str]:
    return key.rpartition(":")[0], str(who or "")


def _compared(entry: SheetEntry, booked: BookedEntry | None, with_unpaid: bool) -> Compared:
    meaning = entry.order.meaning
    stands = meaning.counts or (with_unpaid and meaning is Meaning.UNPAID)
    if booked is None:
        return Compared(entry, State.NEW) if stands else _out(entry, _WHY_NOT[meaning])
    if not booked.active:
        reasons = (Doubt(CANCELLED_HERE),) if stands else ()
        return Compared(entry, State.KNOWN, reasons, booked)
    changes = differences(booked.body, facts(entry))
    if meaning in (Meaning.CANCELLED, Meaning.REFUNDED):
        if not booked.handed_over:
            return Compared(entry, State.CANCELLED, (), booked, changes)
        reason = Doubt(GONE_AFTER_HANDOVER)
    elif not changes:
        return Compared(entry, State.KNOWN, (), booked)
    else:
        reason = Doubt(CHANGED_AFTER_HANDOVER)
    if not changes:
        return Compared(entry, State.KNOWN, (), booked)
    reasons = (reason,) if booked.handed_over else ()
    return Compared(entry, State.CHANGED, reasons, booked, changes)


_WHY_NOT = {
    Meaning.UNPAID: UNPAID,
    Meaning.CANCELLED: CANCELLED,
    Meaning.REFUNDED: REFUNDED,
    Meaning.COUNTED: "",
    Meaning.PART_REFUNDED: "",
}


def _out(entry: SheetEntry, reason: str, *more: Doubt, **values: str) -> Compared:
    why = Doubt(reason, tuple(values.items()))
    return Compared(entry, State.LEFT_OUT, (why, *more))


_TEXTS = (
    ("who", N_("name")),
    ("pickup", N_("pickup time")),
    ("home", N_("home")),
    ("remark", N_("remark")),
)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return which facts changed. What a layout does not tell has not changed.

    ``old`` and ``new`` are :func:`facts`; one list may name sizes that another leaves out.
    """
    found = []
    if _goods_differ(old.get("goods") or [], new.get("goods") or []):
        found.append(Difference(N_("goods"), _goods_said(old), _goods_said(new)))
    for name, label in (("amount", N_("amount")), ("refunded", N_("refunded"))):
        before, now = old.get(name), new.get(name)
        if now is not None and before != now:
            found.append(Difference(label, _money_said(before), _money_said(now)))
    if new.get("state") != old.get("state"):
        found.append(Difference(N_("state"), str(old.get("state")), str(new.get("state"))))
    for name, label in _TEXTS:
        if new.get(name) and new.get(name) != old.get(name):
            found.append(Difference(label, str(old.get(name) or ""), str(new.get(name))))
    return tuple(found)


def _goods_differ(old: list[list[str]], new: list[list[str]]) -> bool:
    if [list(line) for line in old] == [list(line) for line in new]:
        return False
    if any(line[1] for line in old) and any(line[1] for line in new):
        return True
    return _by_name(old) != _by_name(new)


def _by_name(goods: list[list[str]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for name, _spec, quantity in goods:
        found[name] = found.get(name, Decimal(0)) + Decimal(quantity)
    return found


def _goods_said(body: Mapping[str, Any]) -> str:
    return "、".join(
        f"{' '.join(part for part in (name, spec) if part)} ×{quantity}"
        for name, spec, quantity in body.get("goods") or []
    )


def _money_said(fen: int | None) -> str:
    return "—" if fen is None else f"¥{Money(fen)}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def review(
    compared: Sequence[Compared],
    matches: Sequence[Match | None],
    goods: Sequence[Goods],
    products: Mapping[int, CatalogueItem],
    decisions: Decisions,
    say: Translate,
) -> Review:
    """Return the preview: every order of the file with what would be booked of it.

    ``matches`` say who each order is from; ``products`` are what orders may be priced with (those
    of the round); ``say`` speaks the shop's language, in which notes and reasons are kept.
    """
    answers = {each.text.key: each for each in goods}
    points = {one.entry.order.pickup_point for one in compared} - {""}
    maker = _Maker(answers, products, decisions, say, several_points=len(points) > 1)
    rows = [maker.row(one, match) for one, match in zip(compared, matches, strict=True)]
    return Review(tuple(rows), tuple(goods))


@dataclass(frozen=True)
class _Maker:
    """Turns compared orders into rows of the preview."""

    answers: Mapping[str, Goods]
    products: Mapping[int, CatalogueItem]
    decisions: Decisions
    say: Translate
    several_points: bool

    def row(self, one: Compared, match: Match | None) -> Row:
        bare = Row(one.entry, one.state, one.reasons, match, one.booked, one.differences)
        if one.state in (State.KNOWN, State.LEFT_OUT):
            return bare
        if one.entry.key in self.decisions.dropped:
            return replace(bare, state=State.LEFT_OUT, reasons=(Doubt(DROPPED),))
        if one.state is State.CANCELLED:
            return bare
        if one.entry.order.meaning in (Meaning.CANCELLED, Meaning.REFUNDED):
            return replace(bare, incoming=self._only_money(one))
        if one.state is State.CHANGED and "goods" not in parts_of(bare):
            return replace(bare, incoming=self._other_facts(bare))
        return self._with_goods(bare)

    def _with_goods(self, row: Row) -> Row:
        order = row.entry.order
        if not order.lines:
            return replace(row, state=State.LEFT_OUT, reasons=(Doubt(NO_GOODS),))
        if order.gross_fen is not None and order.gross_fen < 0:
            return replace(row, state=State.LEFT_OUT, reasons=(Doubt(NEGATIVE),))
        wanted, out, wrong = self._wanted(order.lines)
        if wrong:
            return replace(row, state=State.LEFT_OUT, reasons=wrong)
        if not wanted:
            all_out = bool(out) and len(out) == len(order.lines)
            return replace(row, state=State.LEFT_OUT, reasons=(Doubt(ALL_LINES_OUT),)) if (
                all_out) else row  # fmt: skip
        gross, without = _without(order.gross_fen, out)
        kept, unused = self._kept(row.entry.key, wanted, gross)
        if not kept:
            return replace(row, state=State.LEFT_OUT, reasons=(Doubt(NOTHING_LEFT),))
        cut = [] if kept is wanted else self._cut_said(order, unused)
        reasons = (*row.reasons, *row.entry.doubts, *without, *cut)
        incoming = self._incoming(row, kept, gross, reasons, unused)
        return replace(row, reasons=reasons, incoming=incoming)

    def _kept(
        self, key: str, wanted: list[Wanted], gross: int | None
    ) -> tuple[list[Wanted], Money]:
        """Return the goods kept to the limits decided, and what was charged for the rest."""
        most = self.decisions.cut.get(key)
        if not most:
            return wanted, NOTHING
        if gross is None:
            return list(cut_to(wanted, most)), NOTHING
        parts = split(Money(gross), [self._worth(item).fen for item in wanted])
        whole = [replace(item, paid_amount=part) for item, part in zip(wanted, parts, strict=True)]
        kept = list(cut_to(whole, most))
        return kept, Money(gross) - total(item.paid_amount or NOTHING for item in kept)

    def _cut_said(self, order: SheetOrder, unused: Money) -> list[Doubt]:
        said = [Doubt(CUT)]
        if unused and self.decisions.paid and order.meaning.counts:
            said.append(Doubt(GIVE_BACK, (("amount", str(unused)),)))
        return said

    def _wanted(
        self, lines: Sequence[SheetLine]
    ) -> tuple[list[Wanted], list[SheetLine], tuple[Doubt, ...]]:
        """Return what is wanted, the lines left out, and why the order cannot be booked."""
        wanted: list[Wanted] = []
        out: list[SheetLine] = []
        wrong: list[Doubt] = []
        for line in lines:
            goods = self.answers.get(text_of(line).key)
            if goods is None or not goods.settled or goods.answer is None:
                return [], [], ()
            if goods.answer.product_id is None:
                out.append(line)
                continue
            if self.products[goods.answer.product_id].stopped:
                wrong.append(Doubt(STOPPED_GOODS, (("goods", text_of(line).said),)))
                continue
            unit = self.products[goods.answer.product_id].sale_unit
            try:
                amount = unit.amount(line.quantity * goods.answer.units)
            except ValueError:
                said = f"{text_of(line).said} ×{_plain(line.quantity)}"
                wrong.append(Doubt(NOT_WHOLE, (("goods", said), ("unit", unit.word))))
                continue
            worth = line.worth_fen
            paid = Money(worth) if worth is not None and worth >= 0 else None
            wanted.append(Wanted(goods.answer.product_id, amount, paid))
        return wanted, out, tuple(wrong)

    def _incoming(
        self,
        row: Row,
        wanted: list[Wanted],
        gross: int | None,
        reasons: tuple[Doubt, ...],
        unused: Money = NOTHING,
    ) -> IncomingOrder:
        entry, order = row.entry, row.entry.order
        collected = self.decisions.paid and order.meaning.counts and gross is not None
        to_pay = None if gross is None else gross - unused.fen
        return IncomingOrder(
            key=entry.key if row.booked is None else row.booked.key,
            nickname=entry.nickname,
            wanted=tuple(wanted if collected else self._to_pay(wanted, to_pay, order.refund_fen)),
            home=entry.home,
            phone=entry.phone,
            member_id=self.decisions.members.get(entry.key),
            slot=entry.slot,
            delivery=entry.delivery,
            note=note_of(entry, self.say, several_points=self.several_points),
            check_reason=self.reason(reasons),
            body=facts(entry),
            gross=Money(gross) if collected and gross is not None else None,
            refunded=Money(order.refund_fen) if collected and order.refund_fen else None,
            unused=unused if collected else NOTHING,
            beyond=self.decisions.beyond.get(entry.key, ""),
        )

    def _to_pay(self, wanted: list[Wanted], gross: int | None, refund: int) -> list[Wanted]:
        """Return lines that come to what is still to be paid; the round's prices without it."""
        if gross is None:
            return [replace(item, paid_amount=None) for item in wanted]
        weights = [self._worth(item).fen for item in wanted]
        parts = split(Money(max(0, gross - refund)), weights)
        return [replace(item, paid_amount=part) for item, part in zip(wanted, parts, strict=True)]

    def _worth(self, item: Wanted) -> Money:
        if item.paid_amount is not None:
            return item.paid_amount
        offer = self.products[item.product_id]
        return offer.sale_unit.price_of(offer.price, item.amount)

    def _other_facts(self, row: Row) -> IncomingOrder:
        """An order whose goods and amount stay as booked; a payment that came in since counts."""
        paid_since = row.booked is not None and row.booked.body.get("state") == Meaning.UNPAID
        gross = row.entry.order.gross_fen if paid_since else None
        incoming = self._incoming(row, [], gross, row.reasons)
        refund = row.entry.order.refund_fen if self.decisions.paid else 0
        return replace(incoming, refunded=Money(refund) if refund else None)

    def _only_money(self, one: Compared) -> IncomingOrder:
        """An order whose goods are gone already: only what was given back is booked."""
        return IncomingOrder(
            key=one.booked.key if one.booked else one.entry.key,
            nickname=one.entry.nickname,
            wanted=(),
            check_reason=self.reason(one.reasons),
            body=facts(one.entry),
            refunded=given_back(one.entry),
        )

    def reason(self, doubts: Iterable[Doubt]) -> str | None:
        """Return doubts as one text in the shop's language, None for none."""
        said = [self.say(doubt.sentence).format(**dict(doubt.values)) for doubt in doubts]
        return "；".join(said)[:LONGEST_REASON] or None


def _without(gross: int | None, out: Sequence[SheetLine]) -> tuple[int | None, tuple[Doubt, ...]]:
    """Return the amount without the lines left out, and what is to be said of it."""
    if not out:
        return gross, ()
    goods = "、".join(f"{text_of(line).said} ×{_plain(line.quantity)}" for line in out)
    said = Doubt(LINES_OUT, (("goods", clean(goods, 120)),))
    worths = [line.worth_fen for line in out]
    known = [worth for worth in worths if worth is not None]
    if gross is None:
        return None, (said,)
    if len(known) == len(worths) and sum(known) <= gross:
        return gross - sum(known), (said,)
    return gross, (said, Doubt(AMOUNT_HOLDS))


def given_back(entry: SheetEntry) -> Money | None:
    """Return what the platform gave back for an order that is gone.

    A closed order without a refund amount was given back in full: the platform keeps nothing.
    """
    order = entry.order
    if order.refund_fen:
        return Money(order.refund_fen)
    return Money(order.gross_fen) if order.gross_fen else None


def identity_of(reading: Reading) -> str:
    """Return the name of a file's layout: its platform and the headings of its order lists."""
    used = [table for table in reading.tables if not table.left_out]
    return "sheet:" + ":".join([platform_of(reading), *(t.header_fingerprint for t in used)])[:200]


def platform_of(reading: Reading) -> str:
    """Return the platform of a file's order lists, ``other`` for the shop's own."""
    for table in reading.tables:
        if not table.left_out:
            return table.platform
    return OTHER_PLATFORM


def booking(
    preview: Review,
    reading: Reading,
    fingerprint: str,
    basis: int | None,
    decisions: Decisions,
    *,
    file_name: str = "",
    again: bool = False,
) -> Booking:
    """Return what is to be booked.

    ``fingerprint`` is that of the file; ``again`` says that orders of this very file were booked
    in the round before and further ones are added now. Raises ``Refused`` while goods are without
    an answer, and when nothing would change.
    """
    if preview.open_goods:
        raise Refused(
            N_("{count} goods are still without an answer."), count=len(preview.open_goods)
        )
    if not preview.touches:
        raise Refused(N_("There is nothing to book: everything in this file stands already."))
    platform = platform_of(reading)
    rows = preview.having(State.NEW, State.CHANGED, State.CANCELLED)
    keys = "\n".join(f"{row.entry.key} {row.state}" for row in rows)
    more = hashlib.sha256(keys.encode()).hexdigest()[:16]
    return Booking(
        kind=Source.SHEET,
        identity=identity_of(reading),
        fingerprint=f"{fingerprint}:{more}" if again else fingerprint,
        basis=basis,
        file_name=file_name,
        additions=[row.incoming for row in preview.having(State.NEW) if row.incoming],
        changes=[_change(row) for row in preview.having(State.CHANGED) if row.incoming],
        cancellations=[_cancellation(row, decisions) for row in preview.having(State.CANCELLED)],
        platform="" if platform == OTHER_PLATFORM else platform,
    )


def _change(row: Row) -> Change:
    assert row.booked is not None
    assert row.incoming is not None
    return Change(row.booked.order_id, row.booked.version, row.incoming, parts_of(row))


_PART_OF = {
    "goods": "goods", "amount": "goods", "pickup time": "slot", "home": "home", "remark": "note",
}  # fmt: skip


def parts_of(row: Row) -> frozenset[str]:
    """Return which parts of a booked order a newer file changes: goods, slot, home, note.

    What the file does not change stays as the desk left it. After a handover only money moves.
    """
    if row.booked is not None and row.booked.handed_over:
        return frozenset()
    return frozenset(_PART_OF[one.label] for one in row.differences if one.label in _PART_OF)


def _cancellation(row: Row, decisions: Decisions) -> Cancellation:
    assert row.booked is not None
    refunded = row.entry.order.meaning is Meaning.REFUNDED
    return Cancellation(
        row.booked.order_id,
        row.booked.version,
        REASON_REFUNDED if refunded else REASON_CANCELLED,
        given_back(row.entry) if decisions.paid else None,
    )
