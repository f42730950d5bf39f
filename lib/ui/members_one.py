"""One member's file: who it is, the orders, the balance, what was merged into it."""

import streamlit as st

from lib.members.profiles import commands
from lib.members.profiles.queries import Card, Profile
from lib.service.pickup.usual.queries import habits_of
from lib.shop.shop import Role, Shop
from lib.trade.orders.queries import Order
from lib.trade.payments import commands as money_commands
from lib.trade.payments.queries import MemberMoney
from lib.trade.payments.rules import Method, OrderMoney
from lib.ui import feedback, members, navigation, notes, show, slots_move
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain


def head(profile: Profile) -> None:
    """Show who it is, and what was noted."""
    st.subheader(plain(profile.card.nickname))
    where = members.whereabouts(profile.card)
    if where:
        st.markdown(where)
    if profile.note:
        st.info(plain(profile.note), icon=":material/sticky_note_2:")


def usual_slot(shop: Shop, profile: Profile) -> None:
    """Show the usual slot, and the one that the last orders suggest instead (R21)."""
    card = profile.card
    if shop.settings.slot(profile.usual_slot):
        said = _("Usual slot: {slot}").format(slot=show.slot(profile.usual_slot, shop))
        st.caption(f":material/schedule: {said}")
    slots_move.habit(shop, card.id, habits_of(shop, [card.id]).get(card.id))


def balance(shop: Shop, card: Card, money: MemberMoney) -> None:
    """Offer to take money in advance and to give it back."""
    with st.container(horizontal=True):
        with st.popover(_("Top up balance"), icon=":material/add_card:", key="top-up"):
            _balance_form(shop, card, "top_up", _("Top up"))
        if money.balance:
            with st.popover(_("Pay balance out"), icon=":material/money_off:", key="pay-out"):
                _balance_form(shop, card, "pay_out", _("Pay out"))


def _balance_form(shop: Shop, card: Card, what: str, label: str) -> None:
    form = Form(f"{what}-{card.id}")
    with st.form(form.field("form"), border=False):
        amount = money_ui.amount(_("Amount"), form.field("amount"))
        method = money_ui.method(form.field("method"), (Method.TRANSFER, Method.CASH))
        note = st.text_input(_("Note"), max_chars=200, key=form.field("note"))
        saved = st.form_submit_button(label, type="primary", key=form.field("save"))
    if saved:
        command = {
            "top_up": money_commands.top_up_balance,
            "pay_out": money_commands.pay_out_balance,
        }[what]
        with feedback.saying(_("Booked: {amount}").format(amount=show.money(amount)), form):
            command(form.once(shop, card.id, amount, method, note), card.id, amount, method, note)


def unpaid(shop: Shop, found: list[Order], money: dict[int, OrderMoney]) -> None:
    """Offer to pay several orders with one transfer."""
    due = [order for order in found if money[order.id].due]
    if len(due) < 2:
        return
    names = {
        order.id: _("order {number}, {day}, {amount}").format(
            number=order.number,
            day=show.day(order.pickup_day, shop),
            amount=show.money(money[order.id].due),
        )
        for order in due
    }
    with st.expander(_("Pay several orders at once"), icon=":material/done_all:", key="several"):
        form = Form("pay_several")
        with st.form(form.field("form"), border=False):
            chosen = st.multiselect(
                _("Orders"),
                list(names),
                default=list(names),
                format_func=names.__getitem__,
                placeholder=_("choose"),
                key=form.field("orders"),
            )
            amount = money_ui.amount(
                _("Sum received"),
                form.field("amount"),
                help_=_("Leave empty when it is exactly what is due."),
            )
            method = money_ui.method(form.field("method"), tuple(Method)[:3])
            rest = st.checkbox(_("What is left over goes to the balance"), key=form.field("rest"))
            saved = st.form_submit_button(_("Book payment"), type="primary", key=form.field("save"))
        if saved:
            with feedback.saying(_("Paid"), form):
                bound = form.once(shop, chosen, amount, method, rest)
                money_commands.pay_several(
                    bound, chosen, method, amount or None, rest_to_balance=rest
                )


def edit(shop: Shop, profile: Profile) -> None:
    """Offer to change the file; staff type a new number without seeing the old one."""
    card = profile.card
    with st.expander(_("Change the file"), icon=":material/edit:", key="edit-member"):
        form = Form(f"member-{card.id}")
        owner = shop.actor.role is Role.OWNER
        with st.form(form.field("form"), border=False):
            nickname, home = members.fields(form, card)
            typed = st.text_input(
                _("Mobile phone"),
                value=(card.phone or "") if owner else "",
                max_chars=20,
                placeholder=card.phone or "",
                help=None if owner else _("Leave empty to keep the number that is there."),
                key=form.field("phone"),
            )
            slot = members.slot_field(shop, form.field("slot"), profile.usual_slot)
            note = st.text_area(
                _("Note"),
                value=profile.note,
                max_chars=1000,
                help=notes.hint(),
                key=form.field("note"),
            )
            harmless = notes.confirmed(form, before=profile.note)
            saved = st.form_submit_button(_("Save"), type="primary", key=form.field("save"))
        version = form.seen("version", card.version)
        if saved:
            phone = typed if owner or typed.strip() else None
            with feedback.saying(_("Saved"), form):
                commands.change_member(
                    form.once(shop, nickname, home.parts, typed, slot, note),
                    card.id,
                    version,
                    nickname=nickname,
                    home=home,
                    phone=phone,
                    note=note,
                    usual_slot=slot,
                    confirmed=harmless,
                )


def orders(shop: Shop, found: list[Order], money: dict[int, OrderMoney]) -> None:
    """Show a member's orders, each leading to it."""
    if not found:
        show.nothing(_("No orders yet."))
    for order in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            goods = plain("，".join(line.said for line in order.standing))
            day = show.day(order.pickup_day, shop)
            state = money_ui.state_said(money[order.id]) if order.active else _("cancelled")
            total = show.money(money[order.id].owed)
            first = f"**{order.number}** {day} · {total} · {state}"
            st.markdown(f"{first}  \n:small[{goods}]", width="stretch")
            st.page_link(
                navigation.page("orders"),
                label=_("Open it"),
                icon=":material/chevron_right:",
                query_params={"order": str(order.id)},
                width="content",
            )


def merges(shop: Shop, profile: Profile) -> None:
    """Show what was merged into this file, each to be taken back."""
    for done in profile.merges:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            said = _("{name} was merged in here, {when}, with {count} orders").format(
                name=plain(done.nickname), when=show.moment(done.at, shop), count=done.orders
            )
            st.markdown(said, width="stretch")
            form = Form(f"unmerge-{done.id}")
            if st.button(_("Take back"), icon=":material/undo:", key=form.field("save")):
                with feedback.saying(_("Two files again"), form):
                    commands.unmerge(form.once(shop, done.id), done.id)
