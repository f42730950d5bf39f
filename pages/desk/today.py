"""Today (E16): everything due now, with countdowns; the home of owner and staff."""

import streamlit as st

from lib.service.today.members import members_due
from lib.service.today.queries import today
from lib.service.today.service import service_due
from lib.service.today.supply import supply_due
from lib.service.today.trust import trust_due
from lib.ui import session, show, today_members, today_service, today_supply, today_trust
from lib.ui import today as board
from lib.ui.words import _

shop = session.staff()
st.title(_("Today"))


@st.fragment(run_every="30s")
def due_now() -> None:
    """Draw what is due, afresh every half minute, for whoever is still signed in."""
    here = session.staff()
    due = today(here)
    st.caption(show.moment(due.now, here))
    if not due.steps.complete:
        board.first_steps(here, due.steps)
    found = [
        *board.cards(here, due),
        *today_service.cards(here, service_due(here)),
        *today_supply.cards(here, supply_due(here)),
        *today_trust.cards(here, trust_due(here)),
        *today_members.cards(here, members_due(here)),
    ]
    if found:
        board.draw(found)
    elif due.steps.complete:
        show.nothing(
            _("Nothing is due."),
            _("Open rounds, orders to pick and to collect appear here by themselves."),
        )


due_now()
