"""All members' points together: available, waiting and why, owed and by whom (R36)."""

import streamlit as st

from lib.members.points.queries import Owing, held_now, overdue, owing
from lib.shop.shop import Shop
from lib.ui import member_points, navigation, show
from lib.ui.words import _, plain

SHOWN = 20


def part(shop: Shop) -> None:
    """Draw the totals, orders that wait beyond their time, and members below zero."""
    held = held_now(shop)
    show.figures(
        (_("Points available"), f"{held.available:,}", _("Of all members; they may be spent.")),
        (
            _("Points waiting"),
            f"{held.pending:,}",
            _("They become available when the after-sales time of their orders is over."),
        ),
        (_("Points owed"), f"{held.owed:,}", _("Spent before goods came back.")),
    )
    _overdue(shop)
    _owing(owing(shop))


def _overdue(shop: Shop) -> None:
    found = overdue(shop, SHOWN + 1)
    if not found:
        return
    st.markdown(f"#### {_('Points that wait beyond their time')}")
    st.caption(_("Tick the goods as handed over, or close the case; the clock does the rest."))
    for one in found[:SHOWN]:
        with st.container(
            border=True,
            horizontal=True,
            vertical_alignment="center",
            key=f"overdue-{one.order_id}",
        ):
            member_points.order_line(shop, one, named=True)
    if len(found) > SHOWN:
        st.caption(_("The first {count}; the others follow.").format(count=SHOWN))


def _owing(found: tuple[Owing, ...]) -> None:
    if not found:
        return
    st.markdown(f"#### {_('Members who owe points')}")
    st.caption(_("Nothing is asked back: the next points go against it."))
    for one in found[:SHOWN]:
        with st.container(
            border=True,
            horizontal=True,
            vertical_alignment="center",
            key=f"owing-{one.member_id}",
        ):
            st.markdown(plain(one.name), width="stretch")
            show.state("late", _("owes {points} points").format(points=one.points))
            st.page_link(
                navigation.page("members"),
                label=_("Member file"),
                icon=":material/person:",
                query_params={"member": str(one.member_id), "part": "points"},
                width="content",
            )
    if len(found) > SHOWN:
        st.caption(_("The first {count}; the others follow.").format(count=SHOWN))
