"""Members: who is missed, a resident found by anything the shop knows, the file (R33)."""

import streamlit as st

from lib.members.profiles.queries import find_members, merge_suggestions
from lib.trade.payments.queries import balances_held
from lib.ui import (
    member_card,
    member_consents,
    members,
    members_file,
    members_merge,
    members_seen,
    session,
    show,
)
from lib.ui.orders import chosen
from lib.ui.words import _

shop = session.staff()
st.title(_("Members"))

asked, other = member_card.opened(shop) or chosen("member"), chosen("with")
if asked is not None and other is not None:
    members_merge.page(shop, asked, other)
    st.stop()
if asked is not None:
    members_file.draw(shop, asked)
    st.stop()

member_consents.note_look(shop, None)
text = members.search()
view = None if text else members_seen.heading(shop)
if view is not None and view is not members_seen.View.ALL:
    members_seen.draw(shop, view)
else:
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
    member_card.of_several(shop, people)
members.new(shop)
if not text:
    members_merge.suggestions(shop, merge_suggestions(shop))
    members.export(shop)
    held = balances_held(shop)
    if held:
        st.caption(_("Balances held for residents: {amount}").format(amount=show.money(held)))
