"""The page of points and rewards: at the counter, the catalogue, the points (R36, R37)."""

from datetime import datetime

import streamlit as st

from lib.kernel.clock import day_bounds
from lib.members.profiles import queries as profiles
from lib.members.profiles.queries import Card
from lib.members.rewards import texts
from lib.members.rewards.queries import (
    Expiring,
    balances,
    due,
    may_be_reminded,
    redeemed_since,
)
from lib.shop.messages.member_events import COUPON_ENDS
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Role, Shop
from lib.ui import (
    choice,
    member_consents,
    member_rewards,
    members,
    messages_text,
    navigation,
    show,
)
from lib.ui.words import _, plain

COUNTER, CATALOGUE, POINTS = "counter", "catalogue", "points"
CHOSEN = "member"
_SHOWN = 8


def choose_view(shop: Shop) -> str:
    """Let the owner choose between counter, catalogue and points; staff stand at the counter."""
    if shop.actor.role is not Role.OWNER:
        return COUNTER
    labels = {
        COUNTER: _("At the counter"),
        CATALOGUE: _("What points give"),
        POINTS: _("Rule and totals"),
    }
    asked = st.query_params.get("show", COUNTER)
    return choice.of_views(
        _("What to look at"), labels, asked if asked in labels else COUNTER, "rewards-view"
    )


def counter(shop: Shop) -> None:
    """Find a resident, redeem; below, what was redeemed today and what runs out."""
    opened = _opened()
    if opened is not None:
        card = members.file_of(shop, opened).card
        member_consents.note_look(shop, card.id)
        st.button(
            _("Another resident"), icon=":material/arrow_back:", key="rewards-back", on_click=_close
        )
        st.subheader(plain(card.nickname))
        st.caption(members.whereabouts(card))
        member_rewards.of_member(shop, card)
        return
    member_consents.note_look(shop, None)
    text = members.search()
    found = profiles.find_members(shop, text, limit=_SHOWN) if text.strip() else []
    _rows(shop, found)
    if text.strip() and not found:
        show.nothing(_("Nobody fits."), _("Try fewer words, or the last four digits of the phone."))
    if not text.strip():
        today(shop)


def _opened() -> int | None:
    asked = st.query_params.get(CHOSEN, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else None


def _close() -> None:
    st.query_params.pop(CHOSEN, None)
    st.query_params.pop("who", None)
    st.session_state.pop("who", None)


def _open(member_id: int) -> None:
    st.query_params[CHOSEN] = str(member_id)


def _rows(shop: Shop, found: list[Card]) -> None:
    points = balances(shop, [one.id for one in found])
    for one in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(members.said(one), width="stretch")
            label = _("{points} points").format(points=points[one.id].available)
            st.button(
                label,
                icon=":material/chevron_right:",
                key=f"rewards-open-{one.id}",
                on_click=_open,
                args=(one.id,),
            )


def today(shop: Shop) -> None:
    """Show what was redeemed today, goods that wait, and coupons that run out soon."""
    found = redeemed_since(shop, _midnight(shop))
    st.subheader(_("Redeemed today"))
    if not found:
        show.nothing(
            _("Nothing was redeemed today."),
            _("Find the resident above: name, room, or the end of the phone number."),
        )
    for one in found:
        member_rewards.row(shop, one, named=True)
    _due(shop)


def _midnight(shop: Shop) -> datetime:
    return day_bounds(shop.today, shop.settings.time_zone)[0]


def _due(shop: Shop) -> None:
    waiting = due(shop)
    if waiting.goods:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            label = _("Redeemed goods to be handed over: {count}").format(count=waiting.goods)
            st.markdown(f":material/redeem: {label}", width="stretch")
            st.page_link(
                navigation.page("pickup"),
                label=_("Pickup desk"),
                icon=":material/shopping_bag:",
                width="content",
            )
    if not waiting.expiring:
        return
    title = _("Coupons that run out within {days} days: {count}").format(
        days=shop.settings.coupon_notice_days, count=waiting.coupons
    )
    st.subheader(title)
    agreed = may_be_reminded(shop, [one.member_id for one in waiting.expiring])
    for one in waiting.expiring:
        _expiring(shop, one, agreed=one.member_id in agreed)


def _expiring(shop: Shop, one: Expiring, *, agreed: bool) -> None:
    coupon = one.coupon
    day = show.day(coupon.valid_until, shop)
    label = f"{plain(one.name)} · {show.money(coupon.value)} · {day}"
    with st.expander(label, icon=":material/schedule:", key=f"expiring-{coupon.id}"):
        if not agreed:
            st.caption(
                _("No text: this resident did not agree to be written to about offers. Say it "
                  "when they come.")
            )  # fmt: skip
            return
        values = texts.coupon_values(one.name, coupon, shop.settings, speaker(shop))
        text = said(shop, COUPON_ENDS, **values)
        messages_text.offer(shop, COUPON_ENDS, f"coupon:{coupon.id}", text, f"ends-{coupon.id}")
