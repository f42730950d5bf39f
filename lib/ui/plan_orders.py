"""The orders made from the plan: the text for each supplier on the same page, and "sent"."""

from collections.abc import Sequence

import streamlit as st

from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.supply.purchasing.commands import send_order
from lib.supply.purchasing.queries import PurchaseOrder
from lib.supply.purchasing.rules import STATUS_NAMES, Status
from lib.supply.purchasing.texts import Goods, order_text
from lib.trade.rounds.announcement import said_day
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_STATES: dict[Status, show.State] = {
    Status.DRAFT: "soon",
    Status.SENT: "good",
    Status.CLOSED: "quiet",
    Status.CANCELLED: "quiet",
}


def of_day(shop: Shop, orders: Sequence[PurchaseOrder]) -> None:
    """Show each order of a delivery day with its text and the tick that it was sent."""
    standing = [one for one in orders if one.status is not Status.CANCELLED]
    if not standing:
        return
    st.subheader(_("For the suppliers"))
    for one in standing:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plain(one.supplier_name)}** · {plain(one.number)}")
                show.state(_STATES[one.status], _(STATUS_NAMES[one.status]))
                if one.amount is not None:
                    st.markdown(plain(show.money(one.amount)))
            if one.below:
                below = _("{amount} below the supplier's minimum order")
                show.state("soon", below.format(amount=show.money(one.below)))
            show.copyable(text_for(shop, one), f"order-{one.id}")
            if one.status is Status.DRAFT:
                _sent(shop, one)


def text_for(shop: Shop, one: PurchaseOrder) -> str:
    """Return what the supplier is sent, in the language of the shop."""
    say = speaker(shop)
    return order_text(
        shop.settings.shop_name or say("Our shop"),
        one.number,
        one.supplier_name,
        said_day(one.expected_on, shop.today, say),
        [Goods(line.name, line.unit, line.quantity, line.case) for line in one.lines],
        say,
        note=one.note,
        place=shop.settings.pickup_point,
    )


def _sent(shop: Shop, one: PurchaseOrder) -> None:
    form = Form(f"plan-sent-{one.id}")
    version = form.seen("version", one.version)
    if st.button(_("Sent to the supplier"), icon=":material/send:", key=form.field("sent")):
        with feedback.saying(_("Noted as sent"), form):
            send_order(form.once(shop, one.id), one.id, version)
