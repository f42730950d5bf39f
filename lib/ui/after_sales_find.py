"""Any case, also those that left the board, by number, resident, goods or their words."""

import pandas as pd
import streamlit as st

from lib.service.after_sales.queries import Card, find_cases
from lib.service.after_sales.rules import DEFECT_NAMES, STATUS_NAMES
from lib.shop.shop import Shop
from lib.ui import after_sales, choice
from lib.ui.words import _


def draw(shop: Shop) -> None:
    """Draw the search and what it finds, the newest first."""
    text = st.text_input(
        _("Find a case"),
        placeholder=_("A0012, name, goods, their words"),
        icon=":material/search:",
        max_chars=60,
        type="search",
        live=True,
        key="case-find",
        label_visibility="collapsed",
    )
    cards = find_cases(shop, text or "")
    picked = choice.of_rows(
        pd.DataFrame([_row(card) for card in cards]),
        "cases",
        shop,
        moment_columns=[_("Told us at")],
        config={_("Case no."): st.column_config.TextColumn(pinned=True)},
        empty=_("No case is found."),
    )
    if picked is not None:
        after_sales.open_one(cards[picked].id)
        st.rerun()


def _row(card: Card) -> dict[str, object]:
    bad, total = card.bad, card.of_total
    return {
        _("Case no."): card.number,
        _("State"): _(STATUS_NAMES[card.status]),
        _("Product"): card.product,
        _("What is wrong"): _(DEFECT_NAMES[card.defect]),
        _("Bad"): "" if bad is None else f"{bad} / {total}",
        _("Name"): card.name,
        _("Home"): card.home,
        _("Told us at"): card.reported_at,
        _("Photos"): card.photos,
    }
