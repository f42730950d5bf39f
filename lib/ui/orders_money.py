"""Taking and giving back the money of one order."""

import streamlit as st

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.orders.queries import Order
from lib.trade.payments import commands, queries
from lib.trade.payments.queries import Payment
from lib.trade.payments.rules import (
    HAND_METHODS,
    KIND_NAMES,
    METHOD_NAMES,
    Kind,
    Method,
    OrderMoney,
    change_for,
    refundable,
    round_off,
)
from lib.ui import coupon_use, feedback, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

WHOLE_ORDER = 0


def take(shop: Shop, order: Order, money: OrderMoney) -> None:
    """Offer the ways to pay what is due, a coupon among them; nothing when nothing is."""
    if not money.due:
        coupon_use.offer(shop, order.id, order.member_id, money)
        return
    held = queries.balance(shop, order.member_id)
    with st.container(border=True):
        st.markdown(f"### {_('{amount} due').format(amount=show.money(money.due))}")
        with st.container(horizontal=True):
            _in_full(shop, order, money.due, Method.TRANSFER)
            if held:
                _in_full(shop, order, min(held, money.due), Method.BALANCE)
            with st.popover(_("Cash"), icon=":material/payments:", key=f"cash-{order.id}"):
                _cash(shop, order, money.due)
            with st.popover(_("Other amount"), icon=":material/edit:", key=f"part-{order.id}"):
                _part(shop, order, money.due)
            coupon_use.offer(shop, order.id, order.member_id, money)


def _in_full(shop: Shop, order: Order, due: Money, method: Method) -> None:
    form = Form(f"pay-{method}-{order.id}")
    label = {
        Method.TRANSFER: _("WeChat transfer {amount}"),
        Method.BALANCE: _("From the balance {amount}"),
    }[method].format(amount=show.money(due))
    kind: show.Emphasis = "primary" if method is Method.TRANSFER else "secondary"
    if st.button(label, type=kind, icon=":material/check:", key=form.field("save")):
        with feedback.saying(_("Paid: {amount}").format(amount=show.money(due)), form):
            commands.pay_order(form.once(shop, order.id, due), order.id, method, due)


def _cash(shop: Shop, order: Order, due: Money) -> None:
    form = Form(f"pay-cash-{order.id}")
    proposed, rounding = round_off(due, shop.settings), Money(0)
    if proposed and st.checkbox(
        _("Round off {amount}").format(amount=show.money(proposed)),
        value=True,
        key=form.field("round"),
    ):
        rounding = proposed
    price = due - rounding
    st.metric(_("To pay in cash"), show.money(price))
    given = money_ui.amount(
        _("Cash given"), form.field("given"), help_=_("Leave empty when it is the exact sum.")
    )
    change = change_for(price, given)
    if given and change is not None:
        st.metric(_("Change to give"), show.money(change))
    elif given:
        st.caption(_("That is {amount} short.").format(amount=show.money(price - given)))
    if st.button(_("Paid in cash"), type="primary", width="stretch", key=form.field("save")):
        with feedback.saying(_("Paid: {amount}").format(amount=show.money(price)), form):
            bound = form.once(shop, order.id, price, rounding)
            commands.pay_order(bound, order.id, Method.CASH, price, rounding)


def _part(shop: Shop, order: Order, due: Money) -> None:
    form = Form(f"pay-part-{order.id}")
    with st.form(form.field("form"), border=False):
        amount = money_ui.amount(_("Amount"), form.field("amount"))
        method = money_ui.method(form.field("method"), HAND_METHODS)
        more = st.checkbox(
            _("The resident sent more than {amount}").format(amount=show.money(due)),
            key=form.field("more"),
        )
        saved = st.form_submit_button(_("Book payment"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Paid: {amount}").format(amount=show.money(amount)), form):
            bound = form.once(shop, order.id, amount, method, more)
            commands.pay_order(bound, order.id, method, amount, more_than_due=more)


def give_back(shop: Shop, order: Order, money: OrderMoney) -> None:
    """Offer to refund; what was paid too much stands in the form already."""
    if not refundable(money):
        return
    if money.overpaid:
        with st.container(border=True):
            st.markdown(
                f"### {_('{amount} to give back').format(amount=show.money(money.overpaid))}"
            )
            _refund_form(shop, order, money)
        return
    with st.expander(_("Refund"), icon=":material/undo:", key=f"refund-box-{order.id}"):
        _refund_form(shop, order, money)


def _refund_form(shop: Shop, order: Order, money: OrderMoney) -> None:
    form = Form(f"refund-{order.id}")
    names = {WHOLE_ORDER: _("the whole order")}
    names.update({line.id: line.said for line in order.standing})
    what = WHOLE_ORDER
    if not money.overpaid and order.active:
        what = st.selectbox(
            _("For what"), list(names), format_func=names.__getitem__, key=form.field("what")
        )
    most, usual = refundable(money, what or None), _usual_reason(order, money)
    with st.form(form.field("form"), border=False):
        amount = money_ui.amount(
            _("Amount, at most {most}").format(most=show.money(most)),
            form.field(f"amount-{what}-{money.overpaid.fen}"),
            start=money.overpaid or None,
        )
        method = money_ui.method(form.field("method"), HAND_METHODS)
        reason = st.text_input(
            _("Reason"), value=usual, max_chars=200, key=form.field(f"reason-{usual}")
        )
        saved = st.form_submit_button(_("Refund"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Refunded: {amount}").format(amount=show.money(amount)), form):
            bound = form.once(shop, order.id, what, amount, method, reason)
            if what:
                commands.refund_line(bound, what, amount, reason, method)
            else:
                commands.refund_order(bound, order.id, amount, reason, method)


def _usual_reason(order: Order, money: OrderMoney) -> str:
    if not money.overpaid:
        return ""
    if not order.active:
        return _("order was cancelled")
    if any(line.weighed for line in order.lines):
        return _("difference after weighing")
    return _("paid too much")


def history(shop: Shop, rows: list[Payment], *, with_orders: bool = False) -> None:
    """Show payment rows with an undo beside each that can be undone."""
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_said(shop, row, with_orders), width="stretch")
            if row.can_be_undone:
                with st.popover(_("Undo"), icon=":material/undo:", key=f"undo-{row.id}"):
                    _undo(shop, row)


def _said(shop: Shop, row: Payment, with_orders: bool) -> str:
    kind = _(KIND_NAMES[row.kind])
    sum_ = show.money(row.amount)
    first = f"**{sum_}** {kind}, {_(METHOD_NAMES[row.method])}"
    if row.undone:
        first = f"~~{sum_} {kind}~~ {_('undone')}"
    if row.forgiven and row.kind is Kind.PAYMENT:
        first += f", {_('rounded off {amount}').format(amount=show.money(row.forgiven))}"
    if with_orders and row.order_number is not None:
        first += f", {_('order {number}').format(number=row.order_number)}"
    if row.product:
        first += f", {plain(row.product)}"
    second = [show.moment(row.at, shop), plain(row.person or ""), plain(row.reason)]
    return f"{first}  \n:small[{' · '.join(part for part in second if part)}]"


def _undo(shop: Shop, row: Payment) -> None:
    form = Form(f"undo-{row.id}")
    st.caption(_("A row that takes it back is written; nothing is deleted."))
    reason = st.text_input(_("Reason"), max_chars=200, key=form.field("reason"))
    if st.button(_("Undo it"), type="primary", key=form.field("save")):
        with feedback.saying(_("Undone"), form):
            commands.reverse_payment(form.once(shop, row.id, reason), row.id, reason)
