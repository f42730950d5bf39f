"""Members at a glance: who is missed, who is new, who comes regularly (R33).

Winning people back is why the shop exists: so this stands first.
"""

from collections.abc import Sequence
from enum import StrEnum

import pandas as pd
import streamlit as st

from lib.members.habits.queries import (
    Glance,
    Missed,
    Newcomer,
    Regular,
    glance,
    liked_by,
    missed,
    newcomers,
    regulars,
)
from lib.members.habits.seen.queries import MOST_LISTED
from lib.members.profiles.openings.commands import note_list
from lib.shop.shop import Shop
from lib.ui import choice, members_win_back, show
from lib.ui.words import _


class View(StrEnum):
    """The lists of the members page."""

    MISSED = "missed"
    NEW = "new"
    REGULAR = "regular"
    ALL = "all"


def heading(shop: Shop) -> View:
    """Draw the counts and the ways to the lists; return the list to draw."""
    found = glance(shop)
    show.figures(
        (
            _("Not seen for long"),
            str(found.missed),
            _("Longer away than {times} times their usual gap.").format(
                times=shop.settings.missed_after_gaps
            ),
        ),
        (
            _("New, here once only"),
            _("{count} of {all}").format(count=found.came_once, all=found.newcomers),
            _("First visit within {days} days.").format(days=shop.settings.new_member_days),
        ),
        (_("Come regularly"), str(found.regulars)),
    )
    _as_of(shop, found)
    names = {
        View.MISSED.value: _("Not seen for long"),
        View.NEW.value: _("New"),
        View.REGULAR.value: _("Regulars"),
        View.ALL.value: _("Newest files"),
    }
    usual = View.MISSED if found.missed else View.ALL
    asked = st.query_params.get("view", usual.value)
    start = asked if asked in names else usual.value
    chosen = choice.of_views(_("List"), names, start, f"members-view-{start}")
    if chosen != start or "view" in st.query_params:
        st.query_params["view"] = chosen
    return View(chosen)


def _as_of(shop: Shop, found: Glance) -> None:
    if found.as_of is None:
        st.caption(_("Reckoned for the first time within a minute."))
        return
    day = show.day(found.as_of, shop)
    st.caption(_("As of {day}; reckoned anew every night.").format(day=day))


def draw(shop: Shop, view: View) -> None:
    """Draw one of the lists; a row leads to the member's file."""
    if view is View.MISSED:
        _missed(shop, missed(shop))
    elif view is View.NEW:
        _newcomers(shop, newcomers(shop))
    else:
        _regulars(shop, regulars(shop))


def _missed(shop: Shop, found: Sequence[Missed]) -> None:
    if not found:
        show.nothing(
            _("Nobody is missed."),
            _(
                "Who stays away {times} times their usual gap stands here until they are back."
            ).format(times=shop.settings.missed_after_gaps),
        )
        return
    frame = pd.DataFrame(
        {
            **_who(found),
            _("Overdue (days)"): [one.overdue for one in found],
            **_rhythm(found),
            **_more(shop, found),
        }
    )
    _table(shop, frame, found, "missed")
    _write(shop, found)


def _newcomers(shop: Shop, found: Sequence[Newcomer]) -> None:
    if not found:
        show.nothing(
            _("Nobody is new."),
            _("Whose first visit was within {days} days stands here.").format(
                days=shop.settings.new_member_days
            ),
        )
        return
    frame = pd.DataFrame(
        {
            **_who(found),
            _("First visit"): [one.first_on for one in found],
            _("Came again"): [one.came_again for one in found],
            _("Visits"): [one.visits for one in found],
            _("Last visit"): [one.last_on for one in found],
            **_more(shop, found),
        }
    )
    _table(shop, frame, found, "newcomers")


def _regulars(shop: Shop, found: Sequence[Regular]) -> None:
    if not found:
        show.nothing(
            _("No regulars yet."),
            _("The usual time is known from {count} visits.").format(
                count=shop.settings.missed_from_visits
            ),
        )
        return
    frame = pd.DataFrame({**_who(found), **_rhythm(found), **_more(shop, found)})
    _table(shop, frame, found, "regulars")


def _who(found: Sequence[Regular]) -> dict[str, list[object]]:
    return {_("Name"): [one.nickname for one in found]}


def _rhythm(found: Sequence[Regular]) -> dict[str, list[object]]:
    return {
        _("Last visit"): [one.last_on for one in found],
        _("Usual gap (days)"): [one.gap_days for one in found],
        _("Visits a month"): [one.a_month for one in found],
    }


def _more(shop: Shop, found: Sequence[Regular]) -> dict[str, list[object]]:
    return {
        _("Writing to them"): [_messages(shop, one) for one in found],
        _("Home"): [str(one.home) for one in found],
        _("Buys"): ["、".join(one.bought) for one in found],
    }


def _messages(shop: Shop, one: Regular) -> str:
    if one.written_on is not None:
        return _("written {day}").format(day=show.day(one.written_on, shop))
    return _("agreed") if one.may_write else ""


def _table(shop: Shop, frame: pd.DataFrame, found: Sequence[Regular], name: str) -> None:
    """Draw a list; a touched row opens the file, an export is written into the journal."""

    def noted() -> pd.DataFrame:
        note_list(shop, len(frame))
        return frame

    picked = choice.of_rows(
        frame,
        f"members-{name}",
        shop,
        whole=noted,
        config={
            _("Name"): st.column_config.TextColumn(pinned=True),
            _("Visits a month"): st.column_config.NumberColumn(format="%.1f"),
        },
    )
    first = _("The first {count}. Type to find others.").format(count=len(found))
    more = first if len(found) == MOST_LISTED else ""
    st.caption(" ".join(part for part in (_("Touch a row to open the file."), more) if part))
    if picked is not None:
        st.query_params.from_dict({"member": str(found[picked].member_id)})
        st.rerun()


def _write(shop: Shop, found: Sequence[Missed]) -> None:
    """Draw the text for one of those who may be written to and were not this month."""
    st.markdown(f"#### {_('Win them back')}")
    ready = {one.member_id: one for one in found if one.may_write and one.written_on is None}
    if not ready:
        st.caption(
            _("Nobody to write to now: they were written to, or have not agreed to messages.")
        )
        return
    names = {one.member_id: f"{one.nickname} {one.home}".strip() for one in ready.values()}
    said = _("Write to ({count} agreed to messages)").format(count=len(ready))
    chosen = st.selectbox(
        said, list(names), format_func=names.__getitem__, key="win-back-who", width=320
    )
    one = ready[chosen]
    members_win_back.offer(
        shop,
        one.member_id,
        one.nickname,
        liked_by(shop, [one.member_id]).get(one.member_id, ()),
        may_write=True,
        written_on=None,
    )
