"""The page of gifts: its parts, birthdays and festivals ahead, what is to be given (R34, R35).

The address says it: ``/gifts?view=buy`` opens a part, ``/gifts?festival=mid_autumn&year=2026`` the
households of a festival.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

import streamlit as st

from lib.kernel.festivals import (
    FESTIVAL_NAMES,
    Festival,
    FestivalDay,
    festival_day,
    festivals_between,
)
from lib.members.gifts.festivals.commands import skip_festival
from lib.members.gifts.festivals.rules import Ahead
from lib.members.gifts.queries import Celebration, LookAhead, ToBuy
from lib.members.gifts.rules import STATES, State
from lib.shop.shop import Shop
from lib.ui import choice, feedback, gifts_one, navigation, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

LATER, MOST_LATER = timedelta(days=60), 3
"""How far beyond the days ahead festivals are named, and how many."""

SHOWN = 20
"""So many birthdays are drawn at first: a phone need not load a hundred cards."""

COLOURS: dict[State, show.State] = {
    State.NOTHING: "soon",
    State.PLANNED: "good",
    State.NOT_READY: "late",
    State.GIVEN: "good",
    State.SKIPPED: "quiet",
}


class View(StrEnum):
    """The parts of the page."""

    AHEAD = "ahead"
    MONTH = "month"
    BUY = "buy"
    SPENT = "spent"


def asked_festival() -> tuple[Festival, int] | None:
    """Return the festival the address asks for, None for none or one that is not known."""
    try:
        festival = Festival(st.query_params.get("festival", ""))
        year = int(st.query_params.get("year", ""))
    except ValueError:
        return None
    return None if festival_day(festival, year) is None else (festival, year)


def view_of(found: LookAhead, missing: Sequence[ToBuy]) -> View:
    """Let a part of the page be chosen; each says how much is in it."""
    names = {
        View.AHEAD.value: _("Ahead {count}").format(count=len(open_of(found)) + len(found.late)),
        View.MONTH.value: _("Month calendar"),
        View.BUY.value: _("Still to buy {count}").format(count=len(missing)),
        View.SPENT.value: _("Given away"),
    }
    asked = st.query_params.get("view", View.AHEAD.value)
    start = asked if asked in names else View.AHEAD.value
    return View(choice.of_views(_("Part of the page"), names, start, f"gifts-view-{start}"))


def open_of(found: LookAhead) -> list[Celebration]:
    """Return the birthdays whose gift is not given yet."""
    return [one for one in found.birthdays if one.state is not State.GIVEN]


def ahead(shop: Shop, found: LookAhead) -> None:
    """Draw what comes: the numbers, gifts whose day is over, birthdays, festivals."""
    still = open_of(found)
    late = sum(one.state is State.NOT_READY for one in found.birthdays) + len(found.late)
    show.figures(
        (
            _("Birthdays until {day}").format(day=show.day(found.last, shop)),
            str(len(found.birthdays)),
        ),
        (_("Not given yet"), str(len(still) + len(found.late))),
        (_("Not ready"), str(late)),
    )
    if found.late:
        st.subheader(_("Their day is over"), anchor=False)
        for gift in found.late:
            gifts_one.late(shop, gift)
    st.subheader(_("Birthdays"), anchor=False)
    _birthdays(shop, found.birthdays)
    st.subheader(_("Festivals"), anchor=False)
    if not found.festivals:
        show.nothing(_("No festival in these days."))
    for one in found.festivals:
        festival_card(shop, one)
    _later(shop, found.last)


def _birthdays(shop: Shop, found: Sequence[Celebration]) -> None:
    if not found:
        show.nothing(
            _("No birthday in these days."),
            _("Birthdays are kept in the member file, with consent."),
        )
    every = st.session_state.get("gifts_every")
    for one in found if every else found[:SHOWN]:
        gifts_one.birthday(shop, one)
    if len(found) > SHOWN and not every:
        more = _("All {count} of them").format(count=len(found))
        st.button(more, key="gifts_more", on_click=_show_every, width="stretch")


def _show_every() -> None:
    st.session_state["gifts_every"] = True


def _later(shop: Shop, last: date) -> None:
    """The way to the next festivals beyond the days ahead: what takes long is planned early."""
    later = festivals_between(last + timedelta(days=1), last + LATER)[:MOST_LATER]
    with st.container(horizontal=True):
        for on in later:
            name = _(FESTIVAL_NAMES[on.festival])
            st.page_link(
                navigation.page("gifts"),
                label=f"{name} · {when(shop, on.day)}",
                icon=":material/event:",
                query_params={"festival": on.festival.value, "year": str(on.year)},
                width="content",
            )


def badge(state: State, *, words: str = "") -> None:
    """Show how a gift stands: colour, icon and word."""
    show.state(COLOURS[state], words or _(STATES[state]))


def festival_card(shop: Shop, one: Ahead) -> None:
    """Draw a festival ahead: its state, its plan, the way to its households, leaving it out."""
    on = one.festival_day
    with st.container(border=True, key=f"festival-{on.festival.value}-{on.year}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = _(FESTIVAL_NAMES[on.festival])
            st.markdown(
                f"**{name}** · {when(shop, on.day)}  \n:small[{_said(one)}]", width="stretch"
            )
            badge(one.state)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                navigation.page("gifts"),
                label=_("Plan and give"),
                icon=":material/chevron_right:",
                query_params={"festival": on.festival.value, "year": str(on.year)},
            )
            skip(shop, one)


def _said(one: Ahead) -> str:
    """Return what is planned, and for how many households."""
    if one.state is State.SKIPPED:
        return _("nothing is given")
    households = _("{count} households").format(count=one.households)
    if one.plan is None:
        return households
    given = _("{given} of {count} households have it").format(given=one.given, count=one.households)
    goods = plain(one.plan.present.said) or _("Good wishes alone")
    return f"{goods} · {given}"


def skip(shop: Shop, one: Ahead) -> None:
    """Offer to leave a festival out, or to take it in again."""
    on, plan = one.festival_day, one.plan
    form = Form(f"festival_skip_{on.festival.value}_{on.year}")
    version = form.seen("version", plan.version if plan else None)
    out = plan is None or not plan.skipped
    label = _("Leave it out") if out else _("Take it in again")
    icon = ":material/block:" if out else ":material/undo:"
    if st.button(label, icon=icon, type="tertiary", key=form.field("save")):
        name = _(FESTIVAL_NAMES[on.festival])
        notice = _("{name} is left out") if out else _("{name} is taken in again")
        with feedback.saying(notice.format(name=name), form):
            bound = form.once(shop, on.festival, on.year, out)
            skip_festival(bound, on.festival, on.year, version, skip=out)


def when(shop: Shop, day: date) -> str:
    """Return a day and how far off it is: 周四 10月1日, in 6 days."""
    days = (day - shop.today).days
    said = show.day(day, shop)
    if days > 1:
        return _("{day}, in {count} days").format(day=said, count=days)
    return said


def title_of(on: FestivalDay) -> str:
    """Return a festival with its year, for a heading."""
    return f"{_(FESTIVAL_NAMES[on.festival])} {on.day.year}"
