"""The pickup desk on a phone held in one hand: cards, one big button each, and a way back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.service.owed.commands import undo_give
from lib.service.picking.queries import Bag
from lib.service.picking.rules import COLLECTED_NAMES, NO_MONEY, Collected, Line
from lib.service.pickup import rules
from lib.service.pickup.commands import hand_over, undo_handover, undo_last_handover
from lib.service.pickup.queries import Act, DayLoad, staying
from lib.service.pickup.rules import SlotState
from lib.service.pickup.texts import pickup_reminder, subject_of
from lib.shop.messages.trade_events import PICKUP
from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.trade.payments.commands import pay_order
from lib.trade.payments.rules import Method, OrderMoney, round_off
from lib.ui import (
    coupon_use,
    delivery_needs,
    feedback,
    messages_text,
    navigation,
    pickup_owed,
    show,
    slots_load,
    slots_move,
)
from lib.ui.forms import Form
from lib.ui.words import _, plain

SEARCH = slots_move.SEARCH
LIST_LENGTH = 40
EVERY_SLOT = "all"
EARLIER = "earlier"
_STATES: dict[Collected, show.State] = {
    Collected.OPEN: "quiet",
    Collected.PART: "soon",
    Collected.DONE: "good",
    Collected.NOTHING: "quiet",
}


def search_box() -> str:
    """Draw the search field that finds while one types; returns what stands in it."""
    typed = st.text_input(
        _("Find an order"),
        key=SEARCH.field("text"),
        type="search",
        live=True,
        placeholder=_("Number, last 4 of the phone, name, room"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    return typed or ""


def opened_order() -> int | None:
    """Return the order the address names (``?order=12``); None for none."""
    asked = st.query_params.get("order", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else None


def next_resident() -> None:
    """Empty the search field and close the opened card: the next one steps up to the counter."""
    SEARCH.renew()
    st.query_params.pop("order", None)
    st.query_params.pop(pickup_owed.ASKED, None)


def card(shop: Shop, bag: Bag, known: slots_move.Around) -> None:
    """Draw one order: number, who, goods, money, and what can be done with it."""
    with st.container(border=True, key=f"card-{bag.order_id}"):
        st.markdown(f"## {bag.number} · {plain(bag.name)}")
        st.markdown(plain(_whereabouts(shop, bag)))
        with st.container(horizontal=True):
            show.state(_STATES[bag.state], _(COLLECTED_NAMES[bag.state]))
            _when(shop, bag)
            slots_move.kept(shop, bag, known.until.get(bag.order_id))
        if bag.check_reason:
            st.warning(
                _("Look first: {reason}").format(reason=plain(bag.check_reason)),
                icon=":material/visibility:",
            )
        if bag.note:
            st.info(plain(bag.note), icon=":material/sticky_note_2:")
        delivery_needs.hint_on_card(shop, bag)
        st.markdown("\n".join([*map(_goods, bag.lines), *pickup_owed.lines(bag.owed)]))
        pickup_owed.ages(shop, bag.owed)
        _money_line(bag.money)
        coupon_use.offer(shop, bag.order_id, bag.member_id, bag.money)
        if bag.open_lines:
            _give(shop, bag)
            _give_part(shop, bag)
            slots_move.draw(shop, bag, known)
            slots_move.another_day(shop, bag, known)
            slots_move.habit(shop, bag.member_id, known.habits.get(bag.member_id))
        elif bag.state is Collected.DONE:
            _undo_last(shop, bag)
        with st.container(horizontal=True):
            st.page_link(
                navigation.page("orders"),
                label=_("Money, weighing, changes"),
                icon=":material/receipt_long:",
                query_params={"order": str(bag.order_id)},
            )
            st.page_link(
                navigation.page("after_sales"),
                label=_("Something wrong"),
                icon=":material/support_agent:",
                query_params={"new": str(bag.order_id)},
            )


def _whereabouts(shop: Shop, bag: Bag) -> str:
    tail = _("phone …{tail}").format(tail=bag.phone_tail) if bag.phone_tail else ""
    when = show.slot(bag.slot, shop, usual=bag.slot_usual) if bag.slot else ""
    return " · ".join(part for part in (str(bag.home), tail, when) if part)


def _when(shop: Shop, bag: Bag) -> None:
    if bag.delivery:
        show.state("soon", _("To deliver"))
    if bag.day != shop.today:
        show.state("late" if bag.day < shop.today else "soon", show.day(bag.day, shop))
    elif bag.open_lines and rules.is_late(bag.slot, bag.day, shop.clock.now(), shop.settings):
        show.state("late", _("slot over"))


def _goods(line: Line) -> str:
    name, amount = plain(line.product), plain(line.unit.said(line.quantity))
    if not line.live:
        why = _("cancelled") if line.cancelled else _("refunded")
        if line.taken_off and not line.cancelled:
            why = _("taken off the bill")
        return f"- ~~{name} {amount}~~ {why}"
    if not line.quantity:
        return f"- ~~{name}~~ {_('not delivered')}"
    if not line.outstanding:
        return f"- :material/check: {name} {amount}"
    if line.handed:
        left = plain(line.unit.said(line.outstanding))
        return f"- {name} **{_('{left} left of {all}').format(left=left, all=amount)}**"
    return f"- {name} **{amount}**"


def _money_line(money: OrderMoney | None) -> None:
    if money is None:
        return
    if money.due:
        st.markdown(f"### :red[{_('To pay: {amount}').format(amount=show.money(money.due))}]")
    elif money.overpaid:
        back = _("To give back: {amount}").format(amount=show.money(money.overpaid))
        st.markdown(f"**:orange[{back}]**")
    else:
        show.state("good", _("Paid {amount}").format(amount=show.money(money.net)))


def _give(shop: Shop, bag: Bag) -> None:
    """The one big button; with money due it takes the money in the same touch."""
    due = bag.money.due if bag.money else Money(0)
    if not due:
        if _button(bag, "all", _("Hand over all"), primary=True):
            _hand_over(shop, bag, None)
        return
    rounding = round_off(due, shop.settings)
    transfer = _("Transfer {amount} received, hand over").format(amount=show.money(due))
    cash = _("Cash {amount}, hand over").format(amount=show.money(due - rounding))
    if _button(bag, "transfer", transfer, primary=True):
        _hand_over(shop, bag, None, Method.TRANSFER)
    if _button(bag, "cash", cash):
        _hand_over(shop, bag, None, Method.CASH, rounding)
    if _button(bag, "later", _("Hand over, pays later")):
        _hand_over(shop, bag, None)


def _button(bag: Bag, name: str, label: str, *, primary: bool = False) -> bool:
    form = Form(f"hand_over_{bag.order_id}")
    icon = ":material/check:" if primary else None
    kind: show.Emphasis = "primary" if primary else "secondary"
    return st.button(label, key=form.field(name), type=kind, icon=icon, width="stretch")


def _hand_over(
    shop: Shop,
    bag: Bag,
    quantities: dict[int, int] | None,
    method: Method | None = None,
    rounding: Money = NO_MONEY,
) -> None:
    """Take the money first, then give the goods: two commands with a form key each."""
    form, paying = Form(f"hand_over_{bag.order_id}"), Form(f"pay_{bag.order_id}")
    said = _("Handed over: {number} {name}").format(number=bag.number, name=plain(bag.name))
    with feedback.saying(None, form):
        once = form.once(shop, bag.order_id, sorted((quantities or {}).items()))
        if method is not None:
            pay_order(paying.once(shop, bag.order_id, method), bag.order_id, method, None, rounding)
            paying.renew()
        hand_over(once, bag.order_id, quantities)
        feedback.keep(" ".join((said, *_stays(shop, bag))))
        next_resident()


def _stays(shop: Shop, bag: Bag) -> list[str]:
    goods = pickup_owed.goods(staying(shop, bag))
    if not goods:
        return []
    said = _("Not handed over: {goods}. The batch is stopped or past its date; it is still owed.")
    return [said.format(goods=plain(goods))]


def _give_part(shop: Shop, bag: Bag) -> None:
    with st.expander(_("Hand over a part"), key=f"part-{bag.order_id}"):
        form = Form(f"part_{bag.order_id}")
        with st.form(form.field("form"), border=False):
            typed = {line: _quantity(form, line) for line in bag.open_lines}
            owed = pickup_owed.fields(form, bag.owed)
            if st.form_submit_button(_("Hand over this"), key=form.field("save"), width="stretch"):
                said = _("Handed over in part: {number}").format(number=bag.number)
                with feedback.saying(said, form):
                    chosen = {line.id: _amount(line, count) for line, count in typed.items()}
                    besides = pickup_owed.chosen(owed)
                    once = form.once(shop, sorted(chosen.items()), sorted(besides.items()))
                    hand_over(once, bag.order_id, chosen, besides)
                    next_resident()


def _quantity(form: Form, line: Line) -> float | None:
    weight = line.unit.grams is not None
    return st.number_input(
        f"{plain(line.product)} ({plain(line.unit.word)})",
        min_value=0.0,
        max_value=float(line.unit.count(line.outstanding)),
        value=float(line.unit.count(line.outstanding)),
        step=0.5 if weight else 1.0,
        format="%.2f" if weight else "%.0f",
        key=form.field(f"line-{line.id}"),
    )


def _amount(line: Line, count: float | None) -> int:
    if not count:
        return 0
    try:
        return line.unit.amount(Decimal(str(count)))
    except ValueError as error:
        raise Refused(
            N_("{count} {unit} of {product} cannot be measured out. Change the quantity."),
            count=count,
            unit=line.unit.word,
            product=line.product,
        ) from error


def _undo_last(shop: Shop, bag: Bag) -> None:
    form = Form(f"undo_order_{bag.order_id}")
    label = _("Undo the last handing over")
    if st.button(label, key=form.field("undo"), icon=":material/undo:", width="stretch"):
        with feedback.saying(
            _("Goods taken back: {name}. Money stays booked.").format(name=plain(bag.name)), form
        ):
            undo_last_handover(form.once(shop, bag.order_id), bag.order_id)


def just_handed_over(shop: Shop, acts: Sequence[Act]) -> None:
    """Show the last handings over of today, each with its undo."""
    if not acts:
        return
    st.subheader(_("Just handed over"))
    for act in acts:
        form = Form(f"undo_{act.ids[0]}" if act.ids else f"undo_owed_{act.owed_ids[0]}")
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            owed = [_("owed: {goods}").format(goods=plain("、".join(act.owed)))] if act.owed else []
            goods = "、".join([*map(plain, act.goods), *owed])
            at = f"{show.moment(act.at, shop)} · {plain(act.by)}"
            head = f"**{act.number}** " if act.number is not None else ""
            with st.container(gap="xxsmall", width="stretch"):
                st.markdown(f"{head}{plain(act.name)} {plain(act.home)}  \n{goods}")
                st.caption(at)
            undo = st.button(_("Undo"), key=form.field("undo"), icon=":material/undo:")
        if undo:
            with feedback.saying(
                _("Goods taken back: {name}. Money stays booked.").format(name=plain(act.name)),
                form,
            ):
                if act.ids:
                    undo_handover(form.once(shop, act.ids), act.ids)
                else:
                    undo_give(form.once(shop, act.owed_ids), act.owed_ids)


def slot_chips(shop: Shop, load: DayLoad) -> str | None:
    """Draw the slots of today with how many are to come.

    Returns the chosen one, None for all, :data:`EARLIER` for what was left over on days before
    (also asked for by the address, ``?show=earlier``).
    """
    now = rules.slot_at(shop.settings, shop.clock.now()).key
    waiting = {one.slot: one.waiting for one in load.slots}
    names = {slot.key: f"{_(slot.name)} {waiting.get(slot.key, 0)}" for slot in shop.settings.slots}
    names[EVERY_SLOT] = f"{_('all day')} {sum(waiting.values())}"
    names[EARLIER] = _("earlier days")
    chosen = st.segmented_control(
        _("Slot"),
        list(names),
        format_func=names.__getitem__,
        default=EARLIER if st.query_params.get("show") == EARLIER else now,
        required=True,
        key="pickup_slot",
        label_visibility="collapsed",
    )
    return None if chosen == EVERY_SLOT else chosen


def still_to_come(
    shop: Shop,
    slot: str | None,
    bags: Sequence[Bag],
    load: DayLoad | None = None,
    until: Mapping[int, date] | None = None,
) -> None:
    """List who has not come yet; a touch opens the card.

    ``load`` says how full the slot is, ``until`` until when the goods of each order are kept.
    """
    chosen = shop.settings.slot(slot)
    head = _("earlier days") if slot == EARLIER else _("all day")
    head = show.slot(slot, shop) if chosen else head
    st.subheader(_("Still to come: {count}").format(count=len(bags)))
    with st.container(horizontal=True):
        st.caption(head)
        if chosen:
            now, zone = shop.clock.now(), shop.settings.time_zone
            _slot_badge(rules.slot_state(chosen, shop.today, now, zone))
            if load:
                slots_load.badge(shop, load.of(chosen.key))
    if not bags:
        show.nothing(_("Everybody has collected."))
        return
    every = st.session_state.get("pickup_every")
    for bag in bags if every else bags[:LIST_LENGTH]:
        _row(shop, bag, (until or {}).get(bag.order_id))
    if len(bags) > LIST_LENGTH and not every:
        more = _("Show all {count}").format(count=len(bags))
        st.button(more, key="pickup_more", on_click=_show_every, width="stretch")
    _group_text(shop, slot, bags)


def _show_every() -> None:
    st.session_state["pickup_every"] = True


def _slot_badge(state: SlotState) -> None:
    if state is SlotState.OVER:
        show.state("late", _("slot over"))
    elif state is SlotState.NOW:
        show.state("good", _("open now"))
    else:
        show.state("quiet", _("later today"))


def _row(shop: Shop, bag: Bag, until: date | None = None) -> None:
    goods = _("{count} goods").format(count=len(bag.open_lines))
    owed = f":material/redeem: {_('owed')}" if bag.owed else ""
    day = "" if bag.day == shop.today else show.day(bag.day, shop)
    kept = "" if until is None else _kept(shop, until)
    parts = (f"**{bag.number}**", plain(bag.home), plain(bag.name), goods, owed, day, kept)
    name = " · ".join(part for part in parts if part)
    part = ":material/timelapse:" if bag.state is Collected.PART else None
    st.button(
        name,
        key=f"open-{bag.order_id}",
        icon=part,
        width="stretch",
        on_click=_open,
        args=(bag.order_id,),
    )


def _kept(shop: Shop, until: date) -> str:
    said = _("kept until {day}").format(day=show.day(until, shop))
    if until < shop.today:
        return f":red[:material/error: {said}]"
    return f":orange[:material/schedule: {said}]" if until == shop.today else said


def _open(order_id: int) -> None:
    SEARCH.renew()
    st.query_params["order"] = str(order_id)


def _group_text(shop: Shop, slot: str | None, bags: Sequence[Bag]) -> None:
    with st.expander(_("Text for the group"), key="pickup_text", icon=":material/content_copy:"):
        st.caption(_("Homes and numbers only; no names, no phones."))
        chosen = shop.settings.slot(slot)
        say = speaker(shop)
        text = pickup_reminder(shop.settings, chosen, shop.today, shop.today, bags, say)
        subject = subject_of(shop.today, slot)
        messages_text.offer(shop, PICKUP, subject, text, "pickup-reminder")
        show.exports(_frame(shop, bags), "waiting", shop)


def _frame(shop: Shop, bags: Sequence[Bag]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Number"): [bag.number for bag in bags],
            _("Home"): [str(bag.home) for bag in bags],
            _("Nickname"): [bag.name for bag in bags],
            _("Phone ends in"): [bag.phone_tail for bag in bags],
            _("Slot"): [show.slot(bag.slot, shop, usual=bag.slot_usual) for bag in bags],
            _("To collect"): [said(bag.open_lines) for bag in bags],
            _("Note"): [bag.note for bag in bags],
        }
    )


def said(lines: Sequence[Line]) -> str:
    """Return what is outstanding of ``lines`` as people write it: ``土鸡蛋 2斤、挂面 3包``."""
    return "、".join(f"{line.product} {line.unit.said(line.outstanding)}" for line in lines)


def other_pages() -> None:
    """Link to the walk-in order and the pick list."""
    with st.container(horizontal=True):
        st.page_link(navigation.page("counter"), label=_("Walk-in order"))
        st.page_link(navigation.page("pick"), label=_("Picking"))
