"""Weekly statements: what is owed to each supplier for a week, closed and paid (R2)."""

import streamlit as st

from lib.supply.statements import queries
from lib.ui import choice, session, show, statements
from lib.ui.words import _

shop = session.owner()
st.title(_("Weekly statements"))

due = queries.due(shop)
week = statements.choose_week(shop)
found = queries.statements(shop, week)
statements.figures(found, due)
statements.waiting(shop, due, week)
if not found:
    show.nothing(_("No supplier was known in this week."))
    st.stop()
statements.listing(shop, found, week)

of = {each.supplier_id: each for each in found}
names = {each.supplier_id: each.supplier_name for each in statements.pressing_first(found)}
chosen = choice.of_names(_("Statement of"), names, "supplier")
if chosen is not None:
    st.subheader(show.name_of(names[chosen]))
    statements.one(shop, of[chosen])
