"""A month with the lunar day of each day, festivals and birthdays (R34, R35). For the desk.

A table draws it: seven columns stay seven on a phone, where columns of the screen would be stacked.
Below stand the days with something on them, one line each. ``?month=2026-09`` says the month.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from lib.kernel.clock import monday_of
from lib.kernel.festivals import FESTIVAL_NAMES, FestivalDay, festivals_between
from lib.kernel.months import months_later
from lib.members.birthdays.queries import Upcoming, birthdays_between
from lib.shop.shop import Shop
from lib.ui import birthday_words, navigation, show
from lib.ui.words import _, plain

NAMES_IN_CELL = 3
SHOWN = 40
"""So many birthdays of the month are listed at first; the table counts all."""

_JOINED = "\u2060"
"""Keeps the two characters of a lunar day on one line in the narrow cells of a phone."""

FURTHEST = 24
"""Months ahead or back that the address may ask for."""


def month(shop: Shop) -> None:
    """Draw the month the address asks for, this one without, and the way to the others."""
    first = _asked(shop)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    _turn(shop, first)
    festivals: dict[date, list[FestivalDay]] = defaultdict(list)
    for one in festivals_between(first, last):
        festivals[one.day].append(one)
    birthdays: dict[date, list[Upcoming]] = defaultdict(list)
    for born in birthdays_between(shop, first, last):
        birthdays[born.day].append(born)
    with st.container(key="month-table"):
        st.markdown(_table(shop, first, last, festivals, birthdays))
    _days(shop, festivals, birthdays)


def _asked(shop: Shop) -> date:
    now = shop.today.replace(day=1)
    try:
        asked = date.fromisoformat(f"{st.query_params.get('month', '')}-01")
    except ValueError:
        return now
    return asked if abs(_months(asked) - _months(now)) <= FURTHEST else now


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _turn(shop: Shop, first: date) -> None:
    now = shop.today.replace(day=1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {show.month(first)}", width="stretch")
        for label, icon, to in (
            (_("Month before"), ":material/chevron_left:", months_later(first, -1)),
            (_("This month"), ":material/today:", now),
            (_("Month after"), ":material/chevron_right:", months_later(first, 1)),
        ):
            out = abs(_months(to) - _months(now)) > FURTHEST
            if st.button(
                label if to == now and first != now else " ",
                icon=icon,
                help=label,
                type="tertiary",
                disabled=out or to == first,
                key=f"calendar-{icon}",
            ):
                st.query_params["month"] = f"{to:%Y-%m}"
                st.rerun()


def _table(
    shop: Shop,
    first: date,
    last: date,
    festivals: Mapping[date, Sequence[FestivalDay]],
    birthdays: Mapping[date, Sequence[Upcoming]],
) -> str:
    lines = [" | ".join(show.weekday(number) for number in range(7)), "|".join([":--"] * 7)]
    monday = monday_of(first)
    while monday <= last:
        week = [monday + timedelta(days=number) for number in range(7)]
        lines.append(
            " | ".join(
                _cell(shop, day, festivals.get(day, ()), birthdays.get(day, ()))
                if first <= day <= last
                else " "
                for day in week
            )
        )
        monday += timedelta(days=7)
    return "\n".join(f"| {line} |" for line in lines)


def _cell(
    shop: Shop, day: date, festivals: Sequence[FestivalDay], birthdays: Sequence[Upcoming]
) -> str:
    number = f":green-background[**{day.day}**]" if day == shop.today else f"**{day.day}**"
    lunar = _JOINED.join(birthday_words.in_cell(day))
    parts = [f"{number} :small[:gray[{plain(lunar)}]]"]
    parts += [f":orange[{plain(_(FESTIVAL_NAMES[one.festival]))}]" for one in festivals]
    if birthdays:
        names = "、".join(plain(one.name) for one in birthdays[:NAMES_IN_CELL])
        more = len(birthdays) - NAMES_IN_CELL
        more_said = f" +{more}" if more > 0 else ""
        parts.append(f":small[:material/cake: {names}{more_said}]")
    return " ".join(parts)


def _days(
    shop: Shop,
    festivals: Mapping[date, Sequence[FestivalDay]],
    birthdays: Mapping[date, Sequence[Upcoming]],
) -> None:
    """List the days with something on them, each birthday with the way to the file."""
    days = sorted({*festivals, *birthdays})
    if not days:
        st.caption(_("Neither a festival nor a birthday this month."))
        return
    left = SHOWN
    for day in days:
        names = [f":orange[{plain(_(FESTIVAL_NAMES[one.festival]))}]" for one in festivals[day]]
        lunar = plain(birthday_words.lunar_of_day(day))
        heading = f"**{birthday_words.on(shop, day)}** :small[:gray[{lunar}]]"
        st.markdown(" · ".join([heading, *names]))
        people = birthdays[day][: max(left, 0)]
        left -= len(people)
        with st.container(horizontal=True):
            for one in people:
                st.page_link(
                    navigation.page("members"),
                    label=_person(one),
                    icon=":material/cake:",
                    query_params={"member": str(one.member_id)},
                    width="content",
                )
    hidden = sum(map(len, birthdays.values())) - SHOWN
    if hidden > 0:
        st.caption(_("{count} more birthdays this month.").format(count=hidden))


def _person(one: Upcoming) -> str:
    return " · ".join(part for part in (plain(one.name), plain(one.home)) if part)
