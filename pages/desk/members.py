"""Members: find a resident by anything the shop knows, see and change the file (R33)."""

import streamlit as st

from lib.members.profiles.queries import find_members, household, merge_suggestions
from lib.trade.orders.queries import orders
from lib.trade.payments.queries import balances_held, member_money, money_of, payments
from lib.ui import (
    delivery_needs,
    member_consents,
    member_data,
    members,
    members_one,
    orders_money,
    session,
    show,
)
from lib.ui.orders import chosen
from lib.ui.words import _

shop = session.staff()
st.title(_("Members"))

asked = chosen("member")
if asked is not None:
    if st.button(_("All members"), icon=":material/arrow_back:", type="tertiary", key="back"):
        st.query_params.pop("member")
        st.rerun()
    profile = members.file_of(shop, asked)
    card, money = profile.card, member_money(shop, profile.card.id)
    member_consents.note_look(shop, card.id)
    if profile.erased_at is not None:
        member_data.anonymous(shop, profile)
        found = orders(shop, member_id=card.id, cancelled=True, limit=50)
        members_one.orders(shop, found, money_of(shop, [order.id for order in found]))
        st.stop()
    members_one.head(shop, profile, money)
    members_one.usual_slot(shop, profile)
    members_one.balance(shop, card, money)
    found = orders(shop, member_id=card.id, cancelled=True, limit=50)
    sums = money_of(shop, [order.id for order in found])
    members_one.unpaid(shop, found, sums)
    delivery_needs.of_member(shop, card)
    member_consents.of_member(shop, card)
    members_one.edit(shop, profile)
    others = [one for one in household(shop, card.home) if one.id != card.id]
    if others:
        st.markdown(f"#### {_('Behind the same door')}")
        members.cards(others)
    members_one.merges(shop, profile)
    member_data.of_member(shop, card)
    st.markdown(f"#### {_('Orders')}")
    members_one.orders(shop, found, sums)
    moved = payments(shop, member_id=card.id, limit=50)
    if moved:
        st.markdown(f"#### {_('Payments')}")
        orders_money.history(shop, moved, with_orders=True)
    st.stop()

member_consents.note_look(shop, None)
text = members.search()
people = find_members(shop, text, limit=members.SHOWN)
members.cards(people)
if text and not people:
    show.nothing(_("Nobody fits."), _("Try fewer words, or the last four digits of the phone."))
elif not people:
    show.nothing(
        _("No members yet."), _("They come with the first chain or file, or add one by hand.")
    )
elif len(people) == members.SHOWN:
    st.caption(_("The first {count}. Type to find others.").format(count=members.SHOWN))
members.new(shop)
if not text:
    members.suggestions(shop, merge_suggestions(shop))
    members.export(shop)
    held = balances_held(shop)
    if held:
        st.caption(_("Balances held for residents: {amount}").format(amount=show.money(held)))
