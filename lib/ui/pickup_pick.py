"""Picking: what to put out per product, shared ticks, pack slips, and the way to the printer."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from lib.service.delivery.queries import hints_of
from lib.service.owed.rules import Owed
from lib.service.packing.queries import packed as packed_of
from lib.service.packing.rules import Packed
from lib.service.picking.commands import mark_picked, unmark_picked
from lib.service.picking.queries import (
    Bag,
    PickRow,
    Scope,
    owed_alone,
    pickup_days,
    rounds_of,
)
from lib.shop.shop import Shop
from lib.trade.packaging.rules import Packaging
from lib.ui import feedback, navigation, packaging, pickup, pickup_owed, show
from lib.ui.words import _, plain

ALL = "all"
SLIPS_A_PAGE = 20


def choose_scope(shop: Shop) -> Scope | None:
    """Let day, round and slot be chosen; None when no day has orders. Deep links are kept."""
    days = dict(pickup_days(shop))
    if not days:
        return None
    names = {one: f"{show.day(one, shop)} · {_orders(count)}" for one, count in days.items()}
    day = st.selectbox(
        _("Pickup day"),
        list(days),
        index=_index(list(days), _asked_day(), shop.today),
        format_func=names.__getitem__,
        key="pick_day",
    )
    titles = {ALL: _("all rounds"), **{str(key): title for key, title in rounds_of(shop, day)}}
    asked = st.query_params.get("round", ALL)
    with st.popover(_("Round and slot"), icon=":material/filter_list:", key="pick_filter"):
        chosen = st.selectbox(
            _("Round"),
            list(titles),
            index=list(titles).index(asked) if asked in titles else 0,
            format_func=titles.__getitem__,
            key=f"pick_round_{day}",
        )
        slots = {ALL: _("all slots"), **{one.key: _(one.name) for one in shop.settings.slots}}
        slot = st.selectbox(_("Slot"), list(slots), format_func=slots.__getitem__, key="pick_slot")
    return Scope(
        day=day,
        round_id=None if chosen == ALL else int(chosen),
        slot=None if slot == ALL else slot,
    )


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return None


def _index(days: Sequence[date], asked: date | None, today: date) -> int:
    if asked in days:
        return days.index(asked)
    coming = (index for index, day in enumerate(days) if day >= today)
    return next(coming, len(days) - 1)


def _orders(count: int) -> str:
    return _("{count} orders").format(count=count)


def print_links(scope: Scope) -> None:
    """Offer the pick list and the slips for the printer, A4 and on an 80 mm roll."""
    asked = {
        name: str(value)
        for name, value in (("day", scope.day), ("round", scope.round_id), ("slot", scope.slot))
        if value is not None
    }
    links: tuple[tuple[str, str, dict[str, str]], ...] = (
        (_("Print pick list"), "/print/pick", {}),
        (_("Print slips (A4)"), "/print/slips", {}),
        (_("Print slips (80 mm)"), "/print/slips", {"paper": "80mm"}),
    )
    with st.popover(_("Print"), icon=":material/print:", key="pick_print"):
        for label, path, more in links:
            address = f"{path}?{urlencode({**asked, **more})}"
            st.link_button(label, address, key=f"{path}{more}", width="stretch")


def pick_list(shop: Shop, scope: Scope, rows: Sequence[PickRow]) -> None:
    """Draw the list with a tick per product, shared by everybody who picks."""
    left = sum(not row.done for row in rows)
    said = _("Still to put out: {left} of {all} products").format(left=left, all=len(rows))
    st.progress(1 - left / len(rows), text=said)
    category = None
    for row in rows:
        if row.category != category:
            category = row.category
            st.caption(plain(category) if category else _("without category"))
        _tick(shop, scope, row)
    show.exports(_frame(rows), "pick-list", shop)


def _tick(shop: Shop, scope: Scope, row: PickRow) -> None:
    with st.container(border=True):
        label = f"**{plain(row.product)}**  **{plain(row.unit.said(row.quantity))}**"
        ticked = st.checkbox(
            f"{label} · {_orders(row.orders)}",
            value=row.done,
            key=f"tick-{row.product_id}-{row.unit.word}-{row.quantity}-{row.to_pick}",
        )
        if 0 < row.to_pick < row.quantity - row.handed:
            missing = plain(row.unit.said(row.to_pick))
            show.state("soon", _("{amount} more since it was ticked").format(amount=missing))
        if row.owed:
            owed = plain(row.unit.said(row.owed))
            st.markdown(f":material/redeem: {_('{amount} of it owed').format(amount=owed)}")
        st.caption(" · ".join(_building(row, *one) for one in row.buildings))
    if ticked != row.done:
        with feedback.saying():
            (mark_picked if ticked else unmark_picked)(shop, scope, row.product_id)


def _building(row: PickRow, building: str, quantity: int) -> str:
    name = _("building {name}").format(name=plain(building)) if building else _("no address")
    return f"{name} **{plain(row.unit.said(quantity))}**"


def _frame(rows: Sequence[PickRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Category"): [row.category for row in rows],
            _("Product"): [row.product for row in rows],
            _("Quantity"): [float(row.unit.count(row.quantity)) for row in rows],
            _("Unit"): [row.unit.word for row in rows],
            _("Still to put out"): [float(row.unit.count(row.to_pick)) for row in rows],
            _("Of it owed"): [float(row.unit.count(row.owed)) for row in rows],
            _("Orders"): [row.orders for row in rows],
            _("By building"): [
                "；".join(
                    f"{name or '—'} {row.unit.said(amount)}" for name, amount in row.buildings
                )
                for row in rows
            ],
        }
    )


def slips(shop: Shop, bags: Sequence[Bag]) -> None:
    """Draw the pack slips a page at a time, as one walks the community."""
    pages = -(-len(bags) // SLIPS_A_PAGE)
    page = st.pagination(pages, key="slips_page") if pages > 1 else 1
    shown = bags[(page - 1) * SLIPS_A_PAGE : page * SLIPS_A_PAGE]
    hints = hints_of(shop, shown)
    packed = packed_of(shop, [bag.order_id for bag in shown])
    for bag in shown:
        _slip(shop, bag, hints.get(bag.order_id, ""), packed.get(bag.order_id, {}))
    show.exports(_slip_frame(shop, bags), "pack-slips", shop)


def _slip(shop: Shop, bag: Bag, hint: str, packed: dict[Packaging, Packed]) -> None:
    with st.container(border=True):
        st.markdown(f"### {bag.number} · {plain(bag.home)} {plain(bag.name)}")
        when = show.slot(bag.slot, shop, usual=bag.slot_usual) if bag.slot else ""
        tail = _("phone …{tail}").format(tail=bag.phone_tail) if bag.phone_tail else ""
        st.caption(" · ".join(plain(part) for part in (when, tail, bag.round_title) if part))
        if bag.delivery:
            show.state("soon", _("To deliver"))
        if hint:
            st.markdown(f":material/door_front: {plain(hint)}")
        st.markdown("\n".join(_goods(bag)) or _("Everything was handed over."))
        packaging.slip_ticks(shop, bag, packed)
        if bag.note:
            st.markdown(f":material/sticky_note_2: {plain(bag.note)}")
        if bag.money and bag.money.due:
            st.markdown(f":red[{_('To pay: {amount}').format(amount=show.money(bag.money.due))}]")
        st.page_link(
            navigation.page("pickup"),
            label=_("Open at the desk"),
            query_params={"order": str(bag.order_id)},
        )


def without_order(shop: Shop, scope: Scope) -> list[Owed]:
    """Return the owed goods of a whole day that no order takes along."""
    if scope.day is None or scope.round_id is not None or scope.slot is not None:
        return []
    return owed_alone(shop, scope.day)


def owed_slips(found: Sequence[Owed]) -> None:
    """Draw what is put out for residents who are owed something and have no order (R29)."""
    for member_id in dict.fromkeys(one.member_id for one in found):
        mine = [one for one in found if one.member_id == member_id]
        with st.container(border=True):
            st.markdown(f"### {plain(mine[0].home)} {plain(mine[0].name)}")
            tail = mine[0].phone_tail
            st.caption(_("phone …{tail}").format(tail=plain(tail)) if tail else "")
            st.markdown("\n".join(pickup_owed.lines(mine)))
            st.page_link(
                navigation.page("pickup"),
                label=_("Open at the desk"),
                query_params={pickup_owed.ASKED: str(member_id)},
            )


def _goods(bag: Bag) -> list[str]:
    """Return what goes into a bag, goods that are owed last (R29)."""
    ordered = [
        f"- {plain(line.product)} **{plain(line.unit.said(line.outstanding))}**"
        for line in bag.open_lines
    ]
    return ordered + pickup_owed.lines(bag.owed)


def _slip_frame(shop: Shop, bags: Sequence[Bag]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Number"): [bag.number for bag in bags],
            _("Home"): [str(bag.home) for bag in bags],
            _("Nickname"): [bag.name for bag in bags],
            _("Phone ends in"): [bag.phone_tail for bag in bags],
            _("Slot"): [show.slot(bag.slot, shop, usual=bag.slot_usual) for bag in bags],
            _("Goods"): [pickup.said(bag.open_lines) for bag in bags],
            _("Owed goods"): [pickup_owed.goods(bag.owed) for bag in bags],
            _("Delivery"): [_("yes") if bag.delivery else "" for bag in bags],
            _("Note"): [bag.note for bag in bags],
            _("To pay"): [float(bag.money.due.yuan) if bag.money else 0.0 for bag in bags],
        }
    )
