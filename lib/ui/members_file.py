"""A member's file in parts: only the open one is read and drawn (R33)."""

from enum import StrEnum

import streamlit as st

from lib.members.habits.queries import MemberRhythm, rhythm_of
from lib.members.points.queries import Balance, standing
from lib.members.profiles.queries import Profile, household
from lib.shop.shop import Shop
from lib.trade.orders.queries import orders
from lib.trade.payments.queries import MemberMoney, member_money, money_of, payments
from lib.ui import (
    choice,
    delivery_needs,
    member_birthday,
    member_card,
    member_consents,
    member_data,
    member_gifts,
    member_points,
    member_rewards,
    members,
    members_cases,
    members_habits,
    members_merge,
    members_one,
    orders_money,
    show,
)
from lib.ui.words import _


class Part(StrEnum):
    """The parts of a file."""

    OVERVIEW = "overview"
    MONEY = "money"
    CASES = "cases"
    POINTS = "points"
    DATA = "data"


def draw(shop: Shop, member_id: int) -> None:
    """Draw one member's file: who it is, the ways to the parts, and the part that is open."""
    if st.button(_("All members"), icon=":material/arrow_back:", type="tertiary", key="back"):
        st.query_params.clear()
        st.rerun()
    profile = members.file_of(shop, member_id)
    if profile.erased_at is not None:
        _anonymous(shop, profile)
        return
    member_consents.note_look(shop, profile.card.id)
    members_one.head(profile)
    _PARTS[_chosen()](shop, profile)


def _anonymous(shop: Shop, profile: Profile) -> None:
    member_data.anonymous(shop, profile)
    st.markdown(f"#### {_('Orders')}")
    found = orders(shop, member_id=profile.card.id, cancelled=True, limit=50)
    members_one.orders(shop, found, money_of(shop, [order.id for order in found]))


def _chosen() -> Part:
    names = {
        Part.OVERVIEW.value: _("Overview"),
        Part.MONEY.value: _("Orders and money"),
        Part.CASES.value: _("After-sales"),
        Part.POINTS.value: _("Points and gifts"),
        Part.DATA.value: _("Data"),
    }
    asked = st.query_params.get("part", Part.OVERVIEW.value)
    start = asked if asked in names else Part.OVERVIEW.value
    chosen = choice.of_views(_("Part of the file"), names, start, f"member-part-{start}")
    if chosen != start or "part" in st.query_params:
        st.query_params["part"] = chosen
    return Part(chosen)


def _overview(shop: Shop, profile: Profile) -> None:
    card = profile.card
    money, rhythm = member_money(shop, card.id), rhythm_of(shop, card.id)
    _figures(shop, money, rhythm, standing(shop, card.id).balance)
    members_habits.rhythm(shop, card, rhythm)
    members_one.usual_slot(shop, profile)
    member_birthday.of_member(shop, card)
    members_habits.likings(shop, card)
    members_habits.bought(shop, card)
    delivery_needs.of_member(shop, card)
    others = [one for one in household(shop, card.home) if one.id != card.id]
    if others:
        st.markdown(f"#### {_('Behind the same door')}")
        members.cards(others)


def _figures(shop: Shop, money: MemberMoney, rhythm: MemberRhythm, points: Balance) -> None:
    last = rhythm.rhythm.last_on if rhythm.rhythm else None
    pending = _("{count} more are pending.").format(count=points.pending) if points.pending else ""
    show.figures(
        (_("Orders"), str(money.orders)),
        (_("Spent"), show.money(money.spent), _("What was paid for orders and not given back.")),
        (_("Last visit"), show.day(last, shop) if last else "—"),
        (_("Visits a month"), f"{rhythm.a_month:.1f}"),
        (_("Due"), show.money(money.due)),
        (_("Balance"), show.money(money.balance), _("What the shop holds for this resident.")),
        (_("Points"), str(points.available), pending),
    )


def _money(shop: Shop, profile: Profile) -> None:
    card = profile.card
    money = member_money(shop, card.id)
    show.figures(
        (_("Spent"), show.money(money.spent), _("What was paid for orders and not given back.")),
        (_("Due"), show.money(money.due)),
        (_("Balance"), show.money(money.balance), _("What the shop holds for this resident.")),
    )
    members_one.balance(shop, card, money)
    found = orders(shop, member_id=card.id, cancelled=True, limit=50)
    sums = money_of(shop, [order.id for order in found])
    members_one.unpaid(shop, found, sums)
    st.markdown(f"#### {_('By month')}")
    members_habits.months(shop, card, rhythm_of(shop, card.id))
    st.markdown(f"#### {_('Orders')}")
    members_one.orders(shop, found, sums)
    moved = payments(shop, member_id=card.id, limit=50)
    if moved:
        st.markdown(f"#### {_('Payments')}")
        orders_money.history(shop, moved, with_orders=True)


def _cases(shop: Shop, profile: Profile) -> None:
    members_cases.of_member(shop, profile.card)


def _points(shop: Shop, profile: Profile) -> None:
    member_rewards.of_member(shop, profile.card)
    member_points.of_member(shop, profile.card)
    member_gifts.of_member(shop, profile.card)


def _data(shop: Shop, profile: Profile) -> None:
    card = profile.card
    members_one.edit(shop, profile)
    member_card.of_member(shop, card)
    members_one.merges(shop, profile)
    members_merge.find_other(shop, card)
    member_consents.of_member(shop, card)
    member_data.of_member(shop, card)


_PARTS = {
    Part.OVERVIEW: _overview,
    Part.MONEY: _money,
    Part.CASES: _cases,
    Part.POINTS: _points,
    Part.DATA: _data,
}
