"""Suppliers: how far away, on which terms, with which papers; agreements, claims (R1, R2, R9)."""

import streamlit as st

from lib.supply.papers import queries as papers
from lib.supply.suppliers import queries
from lib.ui import choice, session, show, statements, supplier_papers, supplier_terms, suppliers
from lib.ui.words import _

shop = session.owner()
st.title(_("Suppliers"))

known = queries.suppliers(shop)
archived = queries.suppliers(shop, archived=True)
bought = queries.month_purchases(shop, shop.today)
due = papers.due(shop)
needs = papers.needs(shop)
suppliers.figures(shop, queries.month_share(shop, shop.today), len(known), needs, due)
suppliers.look_after(shop, needs, due)

names = {each.id: each.name for each in known}
names |= {each.id: _("{name} (archived)").format(name=each.name) for each in archived}
chosen = choice.of_names(_("Supplier"), names, "supplier")
if chosen is not None:
    this = queries.supplier(shop, chosen)
    suppliers.head(shop, this, bought.get(this.id))
    parts = [_("Goods and prices"), _("Agreement"), _("Papers"), _("Claims"), _("File")]
    asked = parts[3] if st.query_params.get("part") == "claims" else None
    goods, agreement, paper, claims, file = st.tabs(parts, key="part", default=asked)
    with goods:
        supplier_terms.tab(shop, this)
    with agreement:
        supplier_papers.agreement_tab(shop, this)
    with paper:
        supplier_papers.papers_tab(shop, this)
    with claims:
        statements.claims_tab(shop, this)
    with file:
        suppliers.file(shop, this)
else:
    show.nothing(
        _("No supplier yet."), _("Begin with the growers and workshops nearest to the shop.")
    )

with st.expander(_("Add a supplier"), icon=":material/add:", expanded=not names, key="add"):
    suppliers.add(shop)
if known:
    st.subheader(_("All suppliers"))
    suppliers.listing(shop, known, bought, needs, due)
