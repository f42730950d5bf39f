"""A coupon on an order, wherever its money is taken: typed, scanned or touched (R37)."""

import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.money import Money
from lib.members.coupons.rules import Coupon
from lib.members.rewards.commands import take_coupon_off, use_coupon
from lib.members.rewards.queries import Offer, coupon_for, coupons_for
from lib.shop.shop import Role, Shop
from lib.trade.payments.rules import OrderMoney
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

LONGEST_CODE = 40


def offer(
    shop: Shop, order_id: int, member_id: int, money: OrderMoney | None, *, listed: bool = True
) -> None:
    """Offer to use a coupon on an order that is not paid, or to take the one that is on it off.

    ``listed`` shows the resident's own coupons to be touched; otherwise only the code is asked for.
    Draws nothing where nothing is due and no coupon is on it.
    """
    if money is None or not money.active:
        return
    if money.coupon:
        _standing(shop, order_id, money)
    elif money.coupon_room:
        with st.popover(
            _("Coupon"), icon=":material/confirmation_number:", key=f"coupon-on-{order_id}"
        ):
            for one in coupons_for(shop, order_id, member_id) if listed else ():
                _own(shop, order_id, one)
            _typed(shop, order_id)


def _standing(shop: Shop, order_id: int, money: OrderMoney) -> None:
    form = Form(f"coupon-off-{order_id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        off = _("Coupon: {amount} off").format(amount=show.money(money.coupon_used))
        show.state("good", off)
        with st.popover(_("Take it off"), icon=":material/undo:", key=form.field("box")):
            st.caption(_("It is free again until its last day, and what it took off is due again."))
            if st.button(_("Take the coupon off"), type="primary", key=form.field("save")):
                with feedback.saying(_("The coupon is off the order"), form):
                    take_coupon_off(form.once(shop, order_id), order_id)


def _own(shop: Shop, order_id: int, one: Offer) -> None:
    """One touch for a coupon of the resident's own file; why not, where it cannot be used here."""
    coupon = one.coupon
    form = Form(f"coupon-own-{order_id}-{coupon.id}")
    amount = coupon.value if one.hindrance else one.off
    label = _("{code}: {amount} off").format(code=coupon.said_code, amount=show.money(amount))
    hindered = one.hindrance is not None
    if st.button(label, width="stretch", disabled=hindered, key=form.field("use")):
        _use(shop, form, order_id, coupon.code)
    if one.hindrance is not None:
        st.caption(feedback.refusal(one.hindrance))
        return
    day = _("valid through {day}").format(day=show.day(coupon.valid_until, shop))
    threshold = _("from {amount} on").format(amount=show.money(coupon.threshold))
    parts = [threshold if coupon.threshold else _("any order"), day, _lost(coupon, one.off)]
    st.caption(" · ".join(part for part in parts if part))


def _typed(shop: Shop, order_id: int) -> None:
    form = Form(f"coupon-code-{order_id}")
    code = st.text_input(
        _("Code of the coupon"),
        max_chars=LONGEST_CODE,
        placeholder="CDFG 4679",
        help=_("Type it or scan the picture; capitals and spaces do not matter."),
        key=form.field("code"),
    )
    others = False
    if shop.actor.role is Role.OWNER:
        others = st.checkbox(_("Also if it was given to another home"), key=form.field("others"))
    if code.strip():
        _before(shop, order_id, code)
    if st.button(_("Use this coupon"), type="primary", key=form.field("save")):
        _use(shop, form, order_id, code, of_others=others)


def _before(shop: Shop, order_id: int, code: str) -> None:
    """Say what a typed coupon takes off and what of it would be lost, or why it does not hold."""
    try:
        found = coupon_for(shop, order_id, code)
    except ShopError:
        return
    if found is None:
        return
    if found.hindrance is not None:
        st.caption(feedback.refusal(found.hindrance))
        return
    takes = _("It takes {amount} off.").format(amount=show.money(found.off))
    st.caption(" ".join(part for part in (takes, _lost(found.coupon, found.off)) if part))


def _lost(coupon: Coupon, off: Money) -> str:
    lost = coupon.value - off
    return _("{amount} of it is lost").format(amount=show.money(lost)) if lost else ""


def _use(shop: Shop, form: Form, order_id: int, code: str, *, of_others: bool = False) -> None:
    with feedback.saying(_("Coupon used: {code}").format(code=plain(code)), form):
        bound = form.once(shop, order_id, code, of_others)
        use_coupon(bound, order_id, code, of_others=of_others)
