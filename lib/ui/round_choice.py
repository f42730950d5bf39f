"""Choosing the round that orders come into."""

import streamlit as st

from lib.shop.shop import Shop
from lib.trade.rounds.queries import Round, rounds
from lib.ui import navigation, show
from lib.ui.words import _


def choose(shop: Shop, key: str) -> Round | None:
    """Return the round a person chose, the newest one that takes orders first.

    Without any round it says what to do and returns None. The choice stands in the address
    (``?round=12``), so that a reload or a link keeps it.
    """
    recent = {one.id: one for one in rounds(shop, limit=30)}
    if not recent:
        show.nothing(
            _("There is no round yet."), _("Open one first; then orders have somewhere to go.")
        )
        st.page_link(navigation.page("rounds"), label=_("Rounds"), icon=":material/campaign:")
        return None
    asked = st.query_params.get("round", "")
    named = int(asked) if asked.isdecimal() else None
    usual = next((one.id for one in recent.values() if one.takes_orders), next(iter(recent)))
    ids = list(recent)
    names = {number: _said(one, shop) for number, one in recent.items()}
    chosen = st.selectbox(
        _("Round"),
        ids,
        index=ids.index(named if named in recent else usual),
        format_func=names.__getitem__,
        key=f"{key}-round",
    )
    return recent[chosen]


def _said(one: Round, shop: Shop) -> str:
    return _("{title}, pickup {day}").format(title=one.title, day=show.day(one.pickup_day, shop))
