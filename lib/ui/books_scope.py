"""Choosing which part of the books to look at: the last days, a month, or a round."""

from datetime import date

import streamlit as st

from lib.kernel.months import months_later
from lib.shop.shop import Shop
from lib.trust.books.rules import Scope, last_days, month_of, round_days
from lib.trust.costs.draft.queries import RoundName, recent_rounds
from lib.ui import choice, show
from lib.ui.words import _

DAYS, MONTH, ROUND = "days", "month", "round"
MOST_DAYS = 366
MONTHS_BACK = 24


def choose(shop: Shop, key: str, first: str = DAYS) -> Scope:
    """Ask what of the books is read and return it; the address carries the choice.

    ``first`` is what stands there at first. Without any round there is none to choose.
    """
    recent = recent_rounds(shop)
    views = {DAYS: _("The last days"), MONTH: _("A month"), ROUND: _("A round")}
    if not recent:
        views.pop(ROUND)
    asked = st.query_params.get("books", first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choice.of_views(
            _("Books of"), views, asked if asked in views else first, f"{key}-books"
        )
        if chosen != first or "books" in st.query_params:
            st.query_params["books"] = chosen
        if chosen == MONTH:
            return month_of(_month(shop), shop.today)
        if chosen == ROUND:
            one = _round(shop, recent)
            return round_days(one.id, one.pickup_day, shop.settings.cost_days)
        return last_days(shop.today, _days(shop, key))


def said(shop: Shop, scope: Scope) -> str:
    """Return which part of the books ``scope`` is, in one sentence."""
    days = {"first": show.day(scope.first, shop), "last": show.day(scope.last, shop)}
    if scope.round_id is None:
        return _("Read from the books of {first} to {last}.").format(**days)
    return _(
        "Read from this round's orders and the batches they got; loss is that of {first} to "
        "{last}, carried by every unit sold."
    ).format(**days)


def _days(shop: Shop, key: str) -> int:
    days = st.number_input(
        _("Number of days"),
        min_value=1,
        max_value=MOST_DAYS,
        value=shop.settings.cost_days,
        help=_("Today and the days before it. The settings say how many are usual."),
        key=f"{key}-days",
        width=120,
    )
    return int(days)


def _month(shop: Shop) -> date:
    this = shop.today.replace(day=1)
    firsts = [months_later(this, -ago) for ago in range(MONTHS_BACK)]
    return choice.of(
        _("Month"), firsts, "month", said=show.month, written=lambda first: f"{first:%Y-%m}"
    )


def _round(shop: Shop, recent: tuple[RoundName, ...]) -> RoundName:
    named = {one.id: one for one in recent}
    words = _("{title}, pickup {day}")
    usual = next((n for n, one in enumerate(recent) if one.pickup_day <= shop.today), 0)
    number = choice.of(
        _("Round"),
        list(named),
        "round",
        said=lambda key: words.format(
            title=named[key].title, day=show.day(named[key].pickup_day, shop)
        ),
        written=str,
        usual=usual,
    )
    return named[number]
