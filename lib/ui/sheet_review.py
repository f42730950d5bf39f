"""What an order file says, to be looked at before it is booked: sums, doubts, changes, orders."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from lib.members.profiles import queries as members
from lib.members.profiles.rules import Certainty
from lib.shop.shop import Shop
from lib.trade.orders import sheet_goods
from lib.trade.orders.sheet_entries import SheetEntry, pickup_days
from lib.trade.orders.sheet_review import Row, State
from lib.trade.orders.sheets import Reading
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.rounds.queries import Round
from lib.ui import show, slots_usual
from lib.ui.forms import Form
from lib.ui.sheet_books import Desk
from lib.ui.sheet_file import Upload
from lib.ui.words import _, plain

MOST_MEMBERS = 20


def overview(shop: Shop, desk: Desk, entries: Sequence[SheetEntry], chosen: Round) -> None:
    """Show the sums of the file first, then what booking it would do."""
    totals = desk.reading.totals
    show.figures(
        (_("Orders that count"), str(totals.orders)),
        (_("Goods total"), show.money(totals.gross)),
        (_("Refunds"), show.money(totals.refund)),
        (_("After refunds"), show.money(totals.net)),
    )
    with st.container(horizontal=True):
        for name, number in sorted(totals.units.items(), key=lambda item: -item[1]):
            st.badge(f"{plain(name or '?')} ×{plain(f'{number.normalize():f}')}", color="green")
    with st.container(horizontal=True):
        for state in State:
            rows = desk.preview.having(state)
            if rows:
                kind: show.State = "good" if state in (State.NEW, State.KNOWN) else "soon"
                show.state(kind, f"{_(state.value)} {len(rows)}")
    for one in desk.booked[:3]:
        text = _("Orders of this very file were booked {when} into {round}.")
        st.info(
            text.format(when=show.moment(one.at, shop), round=plain(one.round_title)),
            icon=":material/done_all:",
        )
    others = [day for day in pickup_days(entries) if day != chosen.pickup_day]
    if others:
        text = _("The file says pickup on {days}; this round is collected {day}.")
        said = "、".join(show.day(day, shop) for day in others[:4])
        st.warning(
            text.format(days=said, day=show.day(chosen.pickup_day, shop)), icon=":material/event:"
        )
    _problems(desk.reading)


def _problems(reading: Reading) -> None:
    if not reading.problems:
        return
    st.subheader(_("Cells that could not be read"))
    frame = pd.DataFrame(
        [
            {
                _("Worksheet"): one.origin.sheet,
                _("Row"): one.origin.row,
                _("Column"): one.column,
                _("Problem"): _bare(one.doubt),
            }
            for one in reading.problems[:200]
        ]
    )
    st.dataframe(frame, hide_index=True, key="sheet-problems")


def doubtful(shop: Shop, form: Form, upload: Upload, desk: Desk) -> None:
    """Show orders to look at: the doubtful ones and those that fit several members."""
    _who_is_it(shop, form, upload, desk)
    rows = [
        row
        for row in desk.preview.rows
        if row.doubtful or (row.entry.key in upload.dropped and row.state is State.LEFT_OUT)
    ]
    if not rows:
        return
    st.subheader(_("Please look at these {count} orders").format(count=len(rows)))
    st.caption(_("They are booked marked for checking; untick what is not to be booked."))
    frame = pd.DataFrame(
        [
            {
                _("Book"): row.entry.key not in upload.dropped,
                _("Order"): _number(row),
                _("Who"): row.entry.nickname,
                _("Why"): "; ".join(_bare(one) for one in row.reasons),
                _("Goods"): _goods_said(row),
            }
            for row in rows
        ]
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[column for column in frame.columns if column != _("Book")],
        key=form.field("doubtful"),
    )
    chosen = {row.entry.key for row, book in zip(rows, edited[_("Book")], strict=True) if not book}
    if chosen != upload.dropped:
        upload.dropped = frozenset(chosen)
        st.rerun()


def _who_is_it(shop: Shop, form: Form, upload: Upload, desk: Desk) -> None:
    unsure = [
        row
        for row in desk.preview.having(State.NEW)
        if row.match is not None and row.match.certainty is Certainty.AMBIGUOUS
    ]
    if not unsure:
        return
    st.subheader(_("Who is this?"))
    for row in unsure[:MOST_MEMBERS]:
        assert row.match is not None
        cards = {card.id: card for card in members.find_members(shop, row.entry.nickname, 10)}
        options: list[int | None] = [None, *(key for key in row.match.candidates if key in cards)]
        labels = {number: _card_said(cards, number) for number in options}
        picked = st.selectbox(
            f"{plain(row.entry.nickname)} {plain(row.entry.home)} — {_(row.match.reason.value)}",
            options,
            index=options.index(upload.members.get(row.entry.key)),
            format_func=labels.__getitem__,
            key=form.field(f"member-{row.entry.row}"),
        )
        if picked is None:
            upload.members.pop(row.entry.key, None)
        else:
            upload.members[row.entry.key] = picked
    if len(unsure) > MOST_MEMBERS:
        more = _("{count} more get files of their own; merge them under Members if they are one.")
        st.caption(more.format(count=len(unsure) - MOST_MEMBERS))


def _card_said(cards: dict[int, members.Card], number: int | None) -> str:
    if number is None:
        return _("a new member")
    card = cards[number]
    return " · ".join(part for part in (card.nickname, str(card.home), card.phone or "") if part)


def changes(desk: Desk) -> None:
    """Show exactly what changed in orders that are booked already."""
    rows = desk.preview.having(State.CHANGED, State.CANCELLED)
    if not rows:
        return
    st.subheader(_("What changed since it was booked"))
    lines = []
    for row in rows:
        for one in row.differences or ():
            lines.append((row, _(one.label), _(one.old), _(one.new)))
        if row.state is State.CANCELLED and not row.differences:
            lines.append((row, _("state"), "", _(row.entry.order.meaning.value)))
    frame = pd.DataFrame(
        [
            {
                _("Order"): _number(row),
                _("Who"): row.entry.nickname,
                _("What changed"): label,
                _("Before"): old,
                _("Now"): new,
                _("Does"): _does(row),
            }
            for row, label, old, new in lines
        ]
    )
    st.dataframe(frame, hide_index=True, key="sheet-changes")


def _does(row: Row) -> str:
    if row.state is State.CANCELLED:
        return _("cancels the order")
    if row.booked is not None and row.booked.handed_over:
        return _("books the money only, marked for checking")
    return _("changes the order")


def orders(shop: Shop, desk: Desk) -> None:
    """Show every order of the file with what booking would do, and the export of that table."""
    st.subheader(_("All orders of the file"))
    usual = slots_usual.usual_of(shop, [row.match for row in desk.preview.rows])
    frame = pd.DataFrame([_order_row(shop, row, usual) for row in desk.preview.rows])
    show.table(
        frame, "order-file", shop,
        money_columns=[_("Amount"), _("Refund")],
        empty=_("No orders in this file."),
    )  # fmt: skip


def _slot_said(shop: Shop, row: Row, usual: Mapping[int, str]) -> str:
    entry, soon = row.entry, shop.today + timedelta(days=1)
    slot, nobody_said = slots_usual.slot_for(
        shop, entry.slot, row.match, usual, soon, delivery=entry.delivery
    )
    said = show.slot(slot, shop, usual=nobody_said)
    return said + (_(", deliver") if entry.delivery else "")


def _order_row(shop: Shop, row: Row, usual: Mapping[int, str]) -> dict[str, Any]:
    order = row.entry.order
    return {
        _("Order"): _number(row),
        _("Does"): _(row.state.value),
        _("Who"): row.entry.nickname,
        _("Member"): _member_said(row),
        _("Home"): str(row.entry.home),
        _("Goods"): _goods_said(row),
        _("Amount"): order.gross_fen,
        _("Refund"): order.refund_fen,
        _("State"): _(order.meaning.value),
        _("Slot"): _slot_said(shop, row, usual),
        _("Remark"): order.buyer_remark,
        _("Why"): "; ".join(_bare(one) for one in row.reasons),
    }


def _member_said(row: Row) -> str:
    if row.match is None:
        return ""
    return _("known") if row.match.attaches else _("new")


def _number(row: Row) -> str:
    order = row.entry.order
    return order.order_no or order.group_no or str(row.entry.row)


def _goods_said(row: Row) -> str:
    return "、".join(
        f"{sheet_goods.text_of(line).said} ×{line.quantity.normalize():f}"
        for line in row.entry.order.lines
    )


def _bare(one: Doubt) -> str:
    return _(one.sentence).format(**dict(one.values))
