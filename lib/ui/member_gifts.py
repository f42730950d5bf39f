"""A member's file: gifts given and planned, and what would please them next (R34)."""

import streamlit as st

from lib.members.birthdays.queries import birthday_of
from lib.members.birthdays.rules import next_dates
from lib.members.gifts.queries import gifts_of, suggestions
from lib.members.gifts.rules import BIRTHDAY, OCCASIONS, Gift, State
from lib.members.profiles.queries import Card
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.ui import gifts, gifts_one, navigation
from lib.ui.words import _, language, plain

SHOWN = 10


def of_member(shop: Shop, card: Card) -> None:
    """Draw the gifts of a member, newest first, and an idea for the next birthday."""
    st.markdown(f"#### {_('Gifts')}")
    found = gifts_of(shop, card.id)
    _next(shop, card, found)
    if not found:
        st.caption(_("No gift yet."))
    for gift in found[:SHOWN]:
        _one(shop, gift)


def _next(shop: Shop, card: Card, found: tuple[Gift, ...]) -> None:
    """The next birthday without a gift, and what would please; nothing where none is kept."""
    kept = birthday_of(shop, card.id)
    if kept is None:
        return
    coming = next_dates(kept.birthday, shop.today, shop.settings, 1)
    if not coming or any(
        gift.occasion == BIRTHDAY and gift.year == coming[0].year for gift in found
    ):
        return
    ideas = suggestions(shop, card.id, shop.settings.birthday_gift_budget)
    when = gifts.when(shop, coming[0].day)
    with st.container(border=True, key="gift-next"):
        st.markdown(f":material/cake: {_('Next birthday: {when}').format(when=when)}")
        for idea in ideas[:1]:
            goods = f"{plain(idea.choice.name)} {plain(idea.choice.unit.said(idea.quantity))}"
            why = plain(idea.why(translator(language())))
            st.markdown(f":material/lightbulb: **{goods}**  \n:small[{why}]")
        if not ideas:
            st.caption(_("Nothing known of what they like is in stock within the budget."))
        st.page_link(
            navigation.page("gifts"), label=_("Birthdays and festivals"), icon=":material/redeem:"
        )


def _one(shop: Shop, gift: Gift) -> None:
    with st.container(border=True, key=f"gift-{gift.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            head = f"**{_(OCCASIONS[gift.occasion])} {gift.year}**"
            st.markdown(head, width="stretch")
            over = gift.is_open and gift.day < shop.today
            gifts.badge(
                State.GIVEN if gift.given_at else State.NOT_READY if over else State.PLANNED
            )
        gifts_one.present(gift.present, gift)
        if gift.given_at is not None:
            gifts_one.taken(shop, gift)
        else:
            gifts_one.give(shop, gift)
