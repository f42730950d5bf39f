"""A member's points: what waits and until when, the statement, every row of the ledger (R36)."""

import pandas as pd
import streamlit as st

from lib.members.points.commands import adjust_points
from lib.members.points.queries import Entry, Standing, Waiting, rules, standing
from lib.members.points.rules import KIND_NAMES, LONGEST_REASON, MOST_POINTS, WHY_WAITING
from lib.members.points.texts import statement_values
from lib.members.profiles.queries import Card
from lib.service.after_sales.rules import number
from lib.shop.messages.member_events import MEMBER_POINTS
from lib.shop.messages.wording import said, speaker
from lib.shop.shop import Role, Shop
from lib.ui import feedback, messages_text, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

SHOWN = 12


def of_member(shop: Shop, card: Card) -> None:
    """Draw what a member's points stand on; the figures themselves stand with the rewards."""
    found = standing(shop, card.id)
    st.markdown(f"#### {_('Where the points come from')}")
    if not found.entries and not rules(shop):
        show.nothing(
            _("Points have not begun."),
            _("The owner begins them on the page of points and rewards."),
        )
        return
    _owed(found)
    _waiting(shop, found.waiting)
    if found.entries:
        _statement(shop, card, found)
    ledger(shop, found.entries)
    if shop.actor.role is Role.OWNER:
        _adjust(shop, card, found)


def _owed(found: Standing) -> None:
    owed = -found.balance.available
    if owed > 0:
        said_ = _("{points} points are owed: goods came back after their points were spent.")
        st.warning(said_.format(points=owed), icon=":material/trending_down:")


def _waiting(shop: Shop, found: tuple[Waiting, ...]) -> None:
    for one in found[:SHOWN]:
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"waits-{one.order_id}"
        ):
            order_line(shop, one)
    if len(found) > SHOWN:
        st.caption(_("{count} more orders wait.").format(count=len(found) - SHOWN))


def order_line(shop: Shop, one: Waiting, *, named: bool = False) -> None:
    """Draw what waits of one order: its points, and from when they are available or why not."""
    order = _("order {number}, {day}").format(number=one.number, day=show.day(one.pickup_day, shop))
    points = _("{points} points").format(points=one.points)
    who = f"{plain(one.name)} · " if named else ""
    st.markdown(f"{who}**{points}** · {order}", width="stretch")
    if one.why is not None:
        show.state("late" if one.late else "quiet", _(WHY_WAITING[one.why]))
    elif one.on is not None:
        show.state("soon", _("available from {day}").format(day=show.day(one.on, shop)))
    st.page_link(
        navigation.page("orders"),
        label=_("Open it"),
        icon=":material/chevron_right:",
        query_params={"order": str(one.order_id)},
        width="content",
    )


def _statement(shop: Shop, card: Card, found: Standing) -> None:
    values = statement_values(found, card.nickname, shop.settings, speaker(shop))
    title = _("Statement for the resident")
    with st.expander(title, icon=":material/forum:", key="points-statement"):
        text = said(shop, MEMBER_POINTS, **values)
        messages_text.offer(shop, MEMBER_POINTS, f"member:{card.id}", text, f"points-{card.id}")


def ledger(shop: Shop, entries: tuple[Entry, ...]) -> None:
    """Draw the rows of the ledger, newest first, with their export."""
    columns = {
        "when": st.column_config.DatetimeColumn(_("When"), format="YYYY-MM-DD HH:mm", pinned=True),
        "points": st.column_config.NumberColumn(_("Available points"), format="%+d"),
        "pending": st.column_config.NumberColumn(_("Pending points"), format="%+d"),
        "what": _("What moved"),
        "reason": _("Reason"),
        "goods": _("Product"),
        "order": st.column_config.NumberColumn(_("Order"), format="%d"),
        "by": _("By"),
    }
    show.table(
        pd.DataFrame([_row(one) for one in entries]),
        "points",
        shop,
        moment_columns=("when",),
        config=columns,
        empty=_("No points so far: they come with the first payment."),
        key="points-ledger",
    )


def _row(one: Entry) -> dict[str, object]:
    reason = _(one.reason)
    if one.case_id is not None:
        reason = f"{reason} {number(one.case_id)}"
    return {
        "when": one.at,
        "points": one.available or None,
        "pending": one.pending or None,
        "what": _(KIND_NAMES[one.kind]),
        "reason": reason,
        "goods": one.product,
        "order": one.order_number,
        "by": one.person,
    }


def _adjust(shop: Shop, card: Card, found: Standing) -> None:
    """Let the owner enter points of a paper card, or put a slip right."""
    form = Form(f"points_adjust_{card.id}")
    with st.expander(_("Enter points by hand"), icon=":material/edit_note:", key="points-adjust"):
        st.caption(_("For points of a paper card, or to put a slip right. It is never changed."))
        points = int(
            st.number_input(
                _("Points, with a minus sign to take some away"),
                min_value=-MOST_POINTS,
                max_value=MOST_POINTS,
                value=0,
                step=1,
                key=form.field("points"),
                width=320,
            )
        )
        reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=form.field("reason"))
        after = found.balance.available + points
        st.caption(_("Available afterwards: {points}").format(points=after))
        if st.button(_("Enter them"), type="primary", key=form.field("save")):
            done = _("Entered: {points} points").format(points=f"{points:+d}")
            with feedback.saying(done, form):
                bound = form.once(shop, card.id, points, reason)
                adjust_points(bound, card.id, points, reason)
