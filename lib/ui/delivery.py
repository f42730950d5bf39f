"""The page of door delivery: its parts, the walk of a day, the touch at the door (R23, R24).

The address says it: ``/delivery?view=decide`` opens a part, ``/delivery?day=2026-09-26`` a day.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

import streamlit as st

from lib.kernel.money import Money
from lib.service.delivery.commands import collect_instead, mark_brought, undo_brought
from lib.service.delivery.queries import Brought, Stop, Walk
from lib.service.delivery.rules import LEFT_WITH_NAMES, LONGEST_NOTE, LeftWith, floor_of
from lib.service.delivery.texts import more_values
from lib.service.picking.rules import NO_MONEY
from lib.shop.language import translator
from lib.shop.messages.delivery_events import DELIVERY_MORE
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from lib.trade.orders.delivery.queries import missing_of
from lib.trade.payments.commands import pay_order
from lib.trade.payments.rules import Method, round_off
from lib.ui import choice, coupon_use, feedback, messages_text, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

EVERY_SLOT = "all"
SHOWN = 20
"""So many stops are drawn at first; a phone in the stairwell need not load a hundred."""


class View(StrEnum):
    """The parts of the page."""

    WALK = "walk"
    DECIDE = "decide"
    NEEDS = "needs"


def scope(shop: Shop) -> tuple[date, str | None]:
    """Ask for day and slot; returns them, slot None for the whole day."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            _("Day"),
            _asked_day(shop),
            min_value=shop.today - timedelta(days=60),
            max_value=shop.today + timedelta(days=60),
            format="YYYY-MM-DD",
            key="delivery-day",
            width=140,
        )
        names = {EVERY_SLOT: _("all day")}
        names |= {one.key: f"{_(one.name)} {one.hours}" for one in shop.settings.slots}
        slot = st.selectbox(
            _("Slot"), list(names), format_func=names.__getitem__, key="delivery-slot", width=170
        )
    return day, None if slot == EVERY_SLOT else slot


def _asked_day(shop: Shop) -> date:
    try:
        asked = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return shop.today
    return asked if abs((asked - shop.today).days) <= 60 else shop.today


def view_of(found: Walk, ending: int) -> View:
    """Let a part of the page be chosen; each says how much is in it."""
    names = {
        View.WALK.value: _("To bring {count}").format(count=len(found.stops)),
        View.DECIDE.value: _("To decide {count}").format(
            count=len(found.undecided) + len(found.proposed)
        ),
        View.NEEDS.value: _("Needs ({count} end soon)").format(count=ending)
        if ending
        else _("Needs"),
    }
    asked = st.query_params.get("view", View.WALK.value)
    start = asked if asked in names else View.WALK.value
    return View(choice.of_views(_("Part of the page"), names, start, f"delivery-view-{start}"))


def draw_walk(shop: Shop, found: Walk) -> None:
    """Draw the walk: what to collect, the stops with their buttons, what was brought."""
    if not found.stops:
        show.nothing(
            _("Everything is brought.") if found.brought else _("Nothing to bring on this day."),
            _("Orders come here once they are marked for delivery and a need stands."),
        )
    else:
        show.figures(
            (_("To bring"), str(len(found.stops))),
            (_("To collect at the doors"), show.money(found.due)),
        )
        _print_link(found)
        _stops(shop, found)
    _brought(shop, found)


def _print_link(found: Walk) -> None:
    asked = {"day": found.day.isoformat()}
    if found.slot is not None:
        asked["slot"] = found.slot
    address = f"/print/delivery?{urlencode(asked)}"
    st.link_button(_("Print the walking list"), address, icon=":material/print:")


def _stops(shop: Shop, found: Walk) -> None:
    every = st.session_state.get("delivery_every")
    shown = found.stops if every else found.stops[:SHOWN]
    missing = missing_of(shop, [stop.bag.order_id for stop in shown])
    building = None
    for stop in shown:
        here = (stop.bag.home.area, stop.bag.home.building)
        if here != building:
            building = here
            name = " ".join(part for part in here if part)
            st.subheader(_("Building {name}").format(name=plain(name)), anchor=False)
        _stop(shop, stop, missing)
    if len(found.stops) > len(shown):
        more = _("Show all {count}").format(count=len(found.stops))
        st.button(more, key="delivery_more", on_click=_show_every, width="stretch")


def _show_every() -> None:
    st.session_state["delivery_every"] = True


def _stop(shop: Shop, stop: Stop, missing: Mapping[int, Money]) -> None:
    bag = stop.bag
    with st.container(border=True, key=f"stop-{bag.order_id}"):
        st.markdown(f"### {plain(bag.home)} · {plain(bag.name)}")
        st.caption(whereabouts(shop, stop))
        if stop.late:
            show.state("late", _("not brought in time"))
        if stop.decided_by:
            by = _("{name} decided to bring it").format(name=plain(stop.decided_by))
            show.state("quiet", by)
        if stop.hint:
            st.markdown(f":material/door_front: **{plain(stop.hint)}**")
        if stop.note:
            st.markdown(f":material/sticky_note_2: {plain(stop.note)}")
        goods(stop)
        coupon_use.offer(shop, bag.order_id, bag.member_id, bag.money, listed=False)
        _at_the_door(shop, stop)
        more_text(shop, bag.order_id, bag.name, bag.day, missing.get(bag.order_id))


def whereabouts(shop: Shop, stop: Stop) -> str:
    """Return number, floor, the last digits of the phone and the time of a stop, in one line."""
    bag, floor = stop.bag, floor_of(stop.bag.home.room)
    parts = [_("No. {number}").format(number=bag.number)]
    if floor is not None:
        parts.append(_("floor {number}").format(number=floor))
    if bag.phone_tail:
        parts.append(_("phone …{tail}").format(tail=bag.phone_tail))
    if bag.slot:
        parts.append(show.slot(bag.slot, shop))
    if bag.day != shop.today:
        parts.append(show.day(bag.day, shop))
    return " · ".join(plain(part) for part in parts)


def goods(stop: Stop) -> None:
    """List what goes to a door, owed goods with it, and say what is to be paid there."""
    lines = [
        f"- {plain(line.product)} **{plain(line.unit.said(line.outstanding))}**"
        for line in stop.bag.open_lines
    ]
    free = _("owed, no charge")
    lines += [
        f"- {plain(one.product)} **{plain(one.unit.said(one.open))}** :orange[{free}]"
        for one in stop.bag.owed
    ]
    st.markdown("\n".join(lines))
    if stop.due:
        st.markdown(f"**:red[{_('To pay: {amount}').format(amount=show.money(stop.due))}]**")


def _at_the_door(shop: Shop, stop: Stop) -> None:
    order_id = stop.bag.order_id
    form = Form(f"bring_{order_id}")
    names = {one.value: _(name) for one, name in LEFT_WITH_NAMES.items()}
    left_with = st.pills(
        _("Who got it"),
        list(names),
        format_func=names.__getitem__,
        default=LeftWith.HAND.value,
        required=True,
        key=form.field("left"),
        label_visibility="collapsed",
    )
    note = ""
    if left_with != LeftWith.HAND:
        note = st.text_input(
            _("More about where"),
            max_chars=LONGEST_NOTE,
            placeholder=_("e.g. 1204, or the shoe cupboard"),
            key=form.field("note"),
        )
    _buttons(shop, stop, str(left_with or ""), note)


def _buttons(shop: Shop, stop: Stop, left_with: str, note: str) -> None:
    """The big button; with money due it takes the money in the same touch."""
    due, form = stop.due, Form(f"bring_{stop.bag.order_id}")
    transfer = _("Transfer {amount} received, brought").format(amount=show.money(due))
    if st.button(
        transfer if due else _("Brought"),
        key=form.field("brought"),
        type="primary",
        icon=":material/check:",
        width="stretch",
    ):
        _bring(shop, stop, left_with, note, Method.TRANSFER if due else None)
    with st.container(horizontal=True):
        if due:
            rounding = round_off(due, shop.settings)
            cash = _("Cash {amount}, brought").format(amount=show.money(due - rounding))
            if st.button(cash, key=form.field("cash")):
                _bring(shop, stop, left_with, note, Method.CASH, rounding)
            if st.button(_("Brought, pays later"), key=form.field("later")):
                _bring(shop, stop, left_with, note)
        collects(shop, stop)


def _bring(
    shop: Shop,
    stop: Stop,
    left_with: str,
    note: str,
    method: Method | None = None,
    rounding: Money = NO_MONEY,
) -> None:
    """Take the money first, then give the goods: two commands with a form key each."""
    order_id = stop.bag.order_id
    form, paying = Form(f"bring_{order_id}"), Form(f"bring_pay_{order_id}")
    done = _("Brought: {home} {name}").format(home=plain(stop.bag.home), name=plain(stop.bag.name))
    with feedback.saying(done, form):
        once = form.once(shop, order_id, left_with, note)
        if method is not None:
            pay_order(paying.once(shop, order_id, method), order_id, method, None, rounding)
            paying.renew()
        mark_brought(once, order_id, left_with, note)


def collects(shop: Shop, stop: Stop) -> None:
    """Offer to let the resident collect instead."""
    order_id = stop.bag.order_id
    form = Form(f"collect_{order_id}")
    version = form.seen("version", stop.bag.version)
    if st.button(
        _("Collects instead"),
        icon=":material/storefront:",
        type="tertiary",
        key=form.field("save"),
    ):
        said_so = _("{name} collects it; no delivery fee").format(name=plain(stop.bag.name))
        with feedback.saying(said_so, form):
            collect_instead(form.once(shop, order_id, version), order_id, version)


def more_text(
    shop: Shop, order_id: int, name: str, day: date, more: Money | None, *, closed: bool = False
) -> None:
    """Say how much ``more`` makes delivery of an order free, and offer the text about it."""
    if not more:
        return
    label = _("{amount} more for free delivery").format(amount=show.money(more))
    with st.expander(label, icon=":material/content_copy:", key=f"more-{order_id}"):
        say = translator(shop.settings.language)
        values = more_values(shop.settings, name, day, shop.today, more, say)
        text = said(shop, DELIVERY_MORE, **values)
        subject, key = f"customer_order:{order_id}", f"delivery-more-{order_id}"
        messages_text.offer(shop, DELIVERY_MORE, subject, text, key, names=[name], closed=closed)


def _brought(shop: Shop, found: Walk) -> None:
    if not found.brought:
        return
    title = _("Brought ({count})").format(count=len(found.brought))
    st.subheader(title, anchor=False)
    for one in found.brought:
        _brought_one(shop, one)


def _brought_one(shop: Shop, one: Brought) -> None:
    form = Form(f"unbring_{one.id}")
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        how = _(LEFT_WITH_NAMES[one.left_with])
        where = f"{how}: {plain(one.note)}" if one.note else how
        with st.container(gap="xxsmall", width="stretch"):
            st.markdown(f"**{plain(one.home)}** {plain(one.name)}  \n{where}")
            st.caption(f"{show.moment(one.at, shop)} · {plain(one.by)}")
        undo = st.button(_("Undo"), key=form.field("undo"), icon=":material/undo:")
    if undo:
        gone = _("Goods taken back: {name}. Money stays booked.").format(name=plain(one.name))
        with feedback.saying(gone, form):
            undo_brought(form.once(shop, one.id), one.id)
