"""The page of wishes: which of its parts is looked at, and the way to one wish.

The address says it: ``/demands?view=in`` opens a part, ``/demands?demand=12`` one wish.
"""

from enum import StrEnum

import streamlit as st

from lib.shop.shop import Shop
from lib.ui import choice, show
from lib.ui.words import _


class View(StrEnum):
    """The parts of the page."""

    BOARD = "board"
    IN = "in"
    SAME = "same"
    NOTES = "notes"
    FIGURES = "figures"
    ONE = "one"


def heading(shop: Shop) -> View:
    """Draw the title and the choice of parts; return the part to draw."""
    st.title(_("Wishes"))
    if "demand" in st.query_params:
        return View.ONE
    names = {
        View.BOARD: _("Board"),
        View.IN: _("Bring in"),
        View.SAME: _("Same wishes"),
        View.NOTES: _("Notes from residents"),
        View.FIGURES: _("Figures"),
    }
    asked = st.query_params.get("view", View.BOARD)
    start = asked if asked in names else View.BOARD
    return View(choice.of_views(_("Part of the page"), names, start, f"demands-view-{start}"))


def open_one(demand_id: int) -> None:
    """Go to one wish; a callback of buttons."""
    st.query_params["demand"] = str(demand_id)


def one(shop: Shop) -> None:
    """Draw the wish that the address names."""
    show.nothing(_("This wish does not exist."))


def figures(shop: Shop) -> None:
    """Draw what became of the wishes of each month."""
    show.nothing(_("Nothing here yet."))
