"""What every product costs and where each yuan goes, from the published sheets (R20)."""

import streamlit as st

from lib.trust.costs import queries
from lib.ui import costs, origin, prices_public, session, show
from lib.ui.words import _

shop = session.resident()
st.title(_("Open prices"))

published = {item.number: item for item in queries.published_sheets(shop)}
if not published:
    show.nothing(
        _("The shop has not published a price sheet yet."),
        _("As soon as it does, every cost line stands here."),
    )
    st.stop()

number = costs.choose(
    _("Sheet"), {item.number: costs.heading_text(item) for item in published.values()}, "sheet"
)
showing = costs.shown(shop, number or max(published))
if showing is None:
    st.stop()

sheet = showing.sheet
is_newest = sheet.number == showing.newest
prices_public.heading(sheet, shop)
costs.notices(showing)
if is_newest:
    prices_public.cheaper_now(shop)
prices_public.labelled(sheet.lines, shop)
costs.lines(sheet.lines, f"sheet-{sheet.number}", shop)
origin.links(shop, sheet.lines)
if is_newest:
    prices_public.welfare(shop)
    prices_public.service(shop)
prices_public.history(shop, sheet.lines)
prices_public.ways(sheet, shop)
