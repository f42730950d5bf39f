"""Changing one order: pickup, lines, cancelling; and the journal of what was done to it."""

from decimal import Decimal
from typing import Any

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import Shop
from lib.trade.orders import commands
from lib.trade.orders.queries import Line, Order
from lib.trade.orders.rules import Wanted
from lib.trade.payments.queries import Event
from lib.trade.products.queries import catalogue
from lib.ui import feedback, notes, show, slots_move
from lib.ui.forms import Form
from lib.ui.orders import look_anew
from lib.ui.words import _, plain

ACTIONS = {
    "order.add": N_("booked at the counter"),
    "order.change_lines": N_("goods changed"),
    "order.change_pickup": N_("pickup changed"),
    "order.checked": N_("checked"),
    "order.cancel": N_("cancelled"),
    "order.restore": N_("restored"),
    "order.weigh": N_("weighed"),
    "order.intake": N_("changed by a newer chain or file"),
    "payment.pay": N_("paid"),
    "payment.pay_several": N_("paid together with others"),
    "payment.refund": N_("refunded"),
    "payment.undo": N_("payment undone"),
    "pickup.hand_over": N_("handed over"),
    "pickup.undo_handover": N_("handover taken back"),
    "pickup.move_slot": N_("slot changed"),
    "delivery.mark": N_("marked for delivery"),
    "delivery.bring_anyway": N_("brought without a need"),
    "delivery.collect": N_("collected instead"),
    "delivery.undo_decision": N_("decision on delivery taken back"),
    "delivery.home": N_("address changed"),
    "delivery.done": N_("brought to the door"),
    "delivery.undo": N_("delivery taken back"),
    "pickup.undo_move": N_("slot changed back"),
}
FIELDS = {
    "due": N_("due"),
    "paid": N_("paid"),
    "refunded": N_("refunded"),
    "rounded_off": N_("rounded off"),
    "amount": N_("amount"),
    "method": N_("method"),
    "reason": N_("reason"),
    "product": N_("product"),
    "pickup_slot": N_("slot"),
    "delivery": N_("delivery"),
    "note": N_("note"),
    "kind": N_("kind"),
    "g": N_("grams"),
    "to_deliver": N_("delivery"),
    "choice": N_("decision on delivery"),
    "home": N_("home"),
}
WORDS = {
    "transfer": N_("WeChat transfer"),
    "cash": N_("Cash"),
    "balance": N_("Balance"),
    "payment": N_("Payment"),
    "refund": N_("Refund"),
    "undone": N_("undone"),
    "active": N_("standing"),
    "cancelled": N_("cancelled"),
    "bring": N_("brought without a need"),
    "collect": N_("collected instead"),
}
_AMOUNTS = ("due", "paid", "refunded", "rounded_off", "amount")


def change(shop: Shop, order: Order) -> None:
    """Offer what may be changed about an order."""
    if not order.active:
        _restore(shop, order)
        return
    with st.expander(_("Change pickup and note"), icon=":material/event:", key="change-pickup"):
        _pickup(shop, order)
    with st.expander(_("Change goods"), icon=":material/edit:", key="change-goods"):
        _goods(shop, order)
    with st.expander(_("Cancel the order"), icon=":material/cancel:", key="cancel-order"):
        _cancel(shop, order)


def _pickup(shop: Shop, order: Order) -> None:
    form = Form(f"pickup-{order.id}")
    keys = [one.key for one in shop.settings.slots]
    with st.form(form.field("form"), border=False):
        slot = st.selectbox(
            _("Slot"),
            keys,
            index=keys.index(order.slot) if order.slot in keys else None,
            format_func=lambda key: show.slot(key, shop),
            placeholder=_("no slot named"),
            key=form.field("slot"),
        )
        delivery = st.checkbox(_("To the door"), value=order.delivery, key=form.field("delivery"))
        note = st.text_area(
            _("Note"), order.note, max_chars=500, help=notes.hint(), key=form.field("note")
        )
        harmless = notes.confirmed(form, before=order.note)
        saved = st.form_submit_button(_("Save"), type="primary", key=form.field("save"))
    anyway = slots_move.asked_anyway(form)
    version = form.seen("version", order.version)
    if saved or anyway:
        with feedback.saying(_("Saved"), form):
            bound = form.once(shop, order.id, slot, delivery, note, anyway)
            with slots_move.asking_below(form):
                commands.change_pickup(
                    bound,
                    order.id,
                    version,
                    slot=slot,
                    delivery=delivery,
                    note=note,
                    into_full=anyway,
                    confirmed=harmless,
                )
            look_anew(order)


def _goods(shop: Shop, order: Order) -> None:
    form = Form(f"goods-{order.id}")
    here = {line.product_id for line in order.standing}
    others = {
        item.product_id: item
        for item in catalogue(shop, order.round_id)
        if item.product_id not in here
    }
    with st.form(form.field("form"), border=False):
        st.caption(_("0 leaves a line out. Prices stay as they were ordered."))
        counts = {line.id: _count(form, line) for line in order.standing}
        more = st.selectbox(
            _("One more product"),
            list(others),
            index=None,
            format_func=lambda key: f"{others[key].name} {show.money(others[key].price)}",
            placeholder=_("none"),
            key=form.field("more"),
        )
        extra = st.number_input(
            _("How much of it"), min_value=0.0, value=1.0, step=0.5, key=form.field("extra")
        )
        saved = st.form_submit_button(_("Save goods"), type="primary", key=form.field("save"))
    version = form.seen("version", order.version)
    if saved:
        with feedback.saying(_("Saved"), form):
            wanted = _wanted(order, counts)
            if more is not None:
                item = others[more]
                wanted.append(Wanted(more, _amount(Unit(item.unit, item.unit_grams), extra)))
            bound = form.once(shop, order.id, [[one.product_id, one.amount] for one in wanted])
            commands.change_lines(bound, order.id, version, wanted)
            look_anew(order)


def _count(form: Form, line: Line) -> float:
    step = 0.5 if line.unit.grams else 1.0
    return st.number_input(
        f"{plain(line.product)} ({plain(line.unit.word)})",
        min_value=0.0,
        value=float(line.unit.count(line.ordered)),
        step=step,
        key=form.field(f"line-{line.id}"),
    )


def _wanted(order: Order, counts: dict[int, float]) -> list[Wanted]:
    """What the order wants now; a line left as it was keeps its money, weighed or discounted."""
    wanted = []
    for line in order.standing:
        if counts[line.id] == 0:
            continue
        amount = _amount(line.unit, counts[line.id])
        kept: Money | None = line.money if amount == line.ordered else None
        wanted.append(Wanted(line.product_id, amount, kept))
    return wanted


def _amount(unit: Unit, count: float) -> int:
    try:
        return unit.amount(Decimal(str(count)))
    except ValueError as error:
        raise Refused(
            N_("{count} {unit} is not a quantity these goods are sold in."),
            count=f"{count:g}",
            unit=unit.word,
        ) from error


def _cancel(shop: Shop, order: Order) -> None:
    form = Form(f"cancel-{order.id}")
    with st.form(form.field("form"), border=False):
        st.caption(_("Nothing is deleted. What was paid then stands here to be given back."))
        reason = st.text_input(_("Reason"), max_chars=200, key=form.field("reason"))
        saved = st.form_submit_button(_("Cancel the order"), key=form.field("save"))
    version = form.seen("version", order.version)
    if saved:
        with feedback.saying(_("Order cancelled"), form):
            commands.cancel_order(form.once(shop, order.id, reason), order.id, version, reason)
            look_anew(order)


def _restore(shop: Shop, order: Order) -> None:
    form = Form(f"restore-{order.id}")
    version = form.seen("version", order.version)
    if st.button(
        _("Take the cancellation back"), icon=":material/restore:", key=form.field("save")
    ):
        with feedback.saying(_("Order restored"), form):
            commands.restore_order(form.once(shop, order.id), order.id, version)
            look_anew(order)


def journal(shop: Shop, events: list[Event]) -> None:
    """Show who did what to the order when, from what to what (E11)."""
    with st.expander(_("What was done"), icon=":material/history:", key="order-journal"):
        for event in events:
            head = f"**{_(ACTIONS.get(event.action, event.action))}**"
            who = f"{show.moment(event.at, shop)} · {plain(event.person)}"
            before, after = (_side(event.details.get(name)) for name in ("before", "after"))
            turned = " → ".join(part for part in (before, after) if part)
            st.markdown(f"{head} :small[{who}]  \n{turned}")
        if not events:
            st.caption(_("Nothing but what the chain or file brought."))


def _side(value: Any) -> str:
    if isinstance(value, dict):
        parts = [
            f"{_(FIELDS[name])} {_value(name, item)}"
            for name, item in value.items()
            if name in FIELDS and item not in (None, "", 0)
        ]
        return ", ".join(parts)
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return plain(_(WORDS.get(str(value), str(value)))) if value else ""


def _value(name: str, value: Any) -> str:
    if name in _AMOUNTS and isinstance(value, int):
        return show.money(Money(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return plain(_(WORDS.get(str(value), str(value))))
