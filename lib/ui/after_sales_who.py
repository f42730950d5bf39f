"""Whose complaint it is: residents found as at the pickup desk, and what they bought (R28)."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from lib.kernel.errors import NotFound
from lib.members.profiles import queries as members
from lib.members.profiles.queries import Card as Member
from lib.service.after_sales.queries import Purchase
from lib.service.after_sales.rules import number
from lib.service.pickup.queries import residents_meant
from lib.shop.shop import Shop
from lib.ui import after_sales, show
from lib.ui.words import _, plain

MOST = 12
"""Residents found at once."""


def member_of(shop: Shop, member_id: int) -> Member | None:
    """Return a resident, of a merged one who it became; None for nobody."""
    try:
        return members.member(shop, member_id).card
    except NotFound:
        return None


def found(shop: Shop, text: str) -> Sequence[Member]:
    """Return residents by everything the pickup desk finds by: number and home of an order, too."""
    if not text.strip():
        return ()
    people = {card.id: card for card in members.find_members(shop, text, limit=MOST)}
    since = shop.today - timedelta(days=shop.settings.after_sales_days)
    for member_id in residents_meant(shop, text, since):
        member = None if member_id in people else member_of(shop, member_id)
        if member is not None:
            people.setdefault(member.id, member)
    return list(people.values())[:MOST]


def whereabouts(member: Member) -> str:
    """Return home and end of the phone number of a resident, never all of it."""
    tail = _("phone …{tail}").format(tail=member.phone_tail) if member.phone_tail else ""
    return " · ".join(part for part in (plain(member.home or ""), tail) if part)


def rows(shop: Shop, member: Member, bought: Sequence[Purchase]) -> None:
    """Show purchases of a resident, big enough for a thumb."""
    st.markdown(f"**{plain(member.nickname)}** {whereabouts(member)}")
    with st.container(key=f"case-rows-{member.id}", gap="xsmall"):
        for row in bought:
            st.button(
                row_said(shop, row),
                key=f"case-line-{row.line_id}",
                width="stretch",
                on_click=after_sales.open_new,
                args=(f"line-{row.line_id}",),
            )
    if not bought:
        days = shop.settings.after_sales_days
        st.caption(_("Nothing bought in the last {days} days.").format(days=days))


def more(member: Member) -> None:
    """Draw the way to older purchases, and to what was no purchase."""
    st.button(
        _("Older, or something else"),
        icon=":material/more_horiz:",
        type="tertiary",
        key=f"case-more-{member.id}",
        on_click=after_sales.open_new,
        args=(f"member-{member.id}",),
    )


def row_said(shop: Shop, row: Purchase) -> str:
    """Return a purchase in one line, with the cases about it so far."""
    parts = [
        f"**{plain(row.product)} {plain(row.unit.said(row.quantity))}**",
        show.money(row.amount),
        show.day(row.day, shop),
    ]
    if not row.handed:
        parts.append(_("not collected yet"))
    parts.extend(f":orange[:material/report: {number(case)}]" for case in row.cases)
    return " · ".join(parts)
