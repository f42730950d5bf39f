"""One order on one screen: who, what, the money, what may be done about it, what was done."""

import streamlit as st

from lib.shop.shop import Shop
from lib.trade.orders import commands as orders
from lib.trade.orders.delivery.queries import missing_of
from lib.trade.orders.queries import Line, Order
from lib.trade.orders.rules import Source
from lib.trade.payments import commands
from lib.trade.payments.rules import OrderMoney, weighed
from lib.ui import delivery, feedback, navigation, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.orders import look_anew, reasons
from lib.ui.words import _, plain


def head(shop: Shop, order: Order, money: OrderMoney) -> None:
    """Show whose order it is, when it is collected, and how it stands."""
    title = f"{order.number} · {plain(order.nickname)}"
    st.subheader(f"{title} · {plain(order.home)}" if order.home else title)
    with st.container(horizontal=True):
        if order.active:
            money_ui.badge(money)
        else:
            show.state("late", _("cancelled"))
            if money.overpaid:
                money_ui.badge(money)
        slot = show.slot(order.slot, shop, usual=order.slot_usual) if order.slot else ""
        show.state("quiet", f"{show.day(order.pickup_day, shop)} {slot}".strip())
        if order.delivery:
            show.state("quiet", _("to the door"))
    source = {
        Source.CHAIN: _("from the chain"),
        Source.SHEET: _("from an order file"),
        Source.COUNTER: _("at the counter"),
    }[order.source]
    said = [source, show.moment(order.placed_at, shop), plain(order.round_title or "")]
    st.caption(" · ".join(part for part in said if part))
    if order.note:
        st.info(plain(order.note), icon=":material/sticky_note_2:")
    if not order.active and order.cancel_reason:
        st.caption(_("Cancelled: {reason}").format(reason=plain(order.cancel_reason)))
    with st.container(horizontal=True):
        st.page_link(
            navigation.page("members"),
            label=_("Member file"),
            icon=":material/person:",
            query_params={"member": str(order.member_id)},
        )
        st.page_link(
            navigation.page("after_sales"),
            label=_("Something wrong"),
            icon=":material/support_agent:",
            query_params={"new": str(order.id)},
        )
    if order.check_reason:
        _check(shop, order)


def _check(shop: Shop, order: Order) -> None:
    form = Form(f"checked-{order.id}")
    with st.container(border=True):
        st.warning(plain(reasons(order.check_reason)), icon=":material/help:")
        if st.button(_("I looked; it is right"), icon=":material/done:", key=form.field("save")):
            version = form.seen("version", order.version)
            with feedback.saying(_("Checked"), form):
                orders.mark_checked(form.once(shop, order.id), order.id, version)
                look_anew(order)


def lines(shop: Shop, order: Order, money: OrderMoney) -> None:
    """Show the lines, each with its scale where it is sold by weight, and the sum below."""
    with st.container(border=True):
        for line in order.lines:
            _line(shop, order, line, money)
        if money.delivery_fee:
            _sum_row(_("Delivery fee"), show.money(money.delivery_fee))
        if money.round_off:
            _sum_row(_("Rounded off"), show.money(-money.round_off))
        if money.coupon_used:
            _sum_row(_("Coupon of points"), show.money(-money.coupon_used))
        if money.allowance:
            _sum_row(_("Refunded for bad goods"), show.money(-money.allowance))
        _sum_row(f"**{_('Total')}**", f"**{show.money(money.owed)}**")
        if money.paid:
            _sum_row(_("Paid"), show.money(money.paid))
        if money.refunded:
            _sum_row(_("Given back"), show.money(-money.refunded))
    if order.active and money.delivery_fee:
        more = missing_of(shop, [order.id]).get(order.id)
        over = order.pickup_day < shop.today
        delivery.more_text(shop, order.id, order.nickname, order.pickup_day, more, closed=over)


def _sum_row(label: str, value: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(label, width="content")
        st.markdown(value, width="content")


def _line(shop: Shop, order: Order, line: Line, money: OrderMoney) -> None:
    name, quantity = plain(line.product), plain(line.unit.said(line.quantity))
    if line.cancelled:
        st.caption(_("{name} {quantity}, left out").format(name=name, quantity=quantity))
        return
    price = f"{show.money(line.unit_price)}/{plain(line.unit.word)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        small = [price]
        if line.weighed:
            ordered = plain(line.unit.said(line.ordered))
            small.append(_("weighed; ordered {amount}").format(amount=ordered))
        st.markdown(f"**{name}** {quantity}  \n:small[{' · '.join(small)}]", width="stretch")
        if line.unit.grams is not None and order.active:
            with st.popover(_("Weigh"), icon=":material/scale:", key=f"weigh-{line.id}"):
                _scale(shop, order, line)
        st.markdown(show.money(line.money), width="content")
    forgiven = money.lines[line.id].forgiven if line.id in money.lines else None
    if forgiven:
        st.caption(_("{amount} of it refunded").format(amount=show.money(forgiven)))


def _scale(shop: Shop, order: Order, line: Line) -> None:
    form = Form(f"weigh-{line.id}")
    grams = st.number_input(
        _("Weight on the scale (g)"),
        min_value=0,
        max_value=500_000,
        value=None,
        step=10,
        placeholder=str(line.quantity),
        key=form.field("grams"),
    )
    if grams:
        result = weighed(line.unit, line.unit_price, line.money, int(grams))
        st.markdown(f"**{plain(line.unit.said(result.grams))} = {show.money(result.amount)}**")
        if result.difference.fen > 0:
            st.caption(_("{amount} more to pay").format(amount=show.money(result.difference)))
        elif result.difference.fen < 0:
            st.caption(_("{amount} less").format(amount=show.money(-result.difference)))
    if st.button(_("Keep this weight"), type="primary", key=form.field("save")):
        version = form.seen("version", order.version)
        with feedback.saying(_("Weighed"), form):
            commands.weigh_line(form.once(shop, line.id, grams), line.id, int(grams or 0), version)
            look_anew(order)
