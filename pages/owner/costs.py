"""Keep what products cost, and publish dated sheets that are never altered (R20)."""

import streamlit as st

from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.queries import published_sheets
from lib.ui import books_scope, costs_now, costs_publish, costs_sheets, session, show
from lib.ui.words import _

shop = session.owner()
st.title(_("Price sheets"))

scope = books_scope.choose(shop, "costs")
draft = draft_sheet(shop, scope)
published = published_sheets(shop)
show.figures(
    *costs_now.figures(draft),
    (_("Newest sheet"), str(published[0].number) if published else "—"),
    (_("Published"), show.moment(published[0].data_as_of, shop) if published else "—"),
)
costs_now.missing(draft)

keep, publish, sheets = costs_publish.tabs()

with keep:
    costs_now.tab(shop, draft)

if publish.open:
    with publish:
        costs_publish.tab(shop, draft, published)

if sheets.open:
    with sheets:
        costs_sheets.tab(shop, published)
