"""Products: what the shop sells, at what price, what residents call it."""

import streamlit as st

from lib.trade.products import queries
from lib.ui import products, session, show
from lib.ui.words import _

shop = session.owner()
st.title(_("Products"))

in_use = queries.products(shop)
show.figures(
    (_("In use"), str(len(in_use))),
    (
        _("Without purchase price"),
        str(sum(each.purchase_price is None for each in in_use)),
        _("Their margin is not known, and they cannot be published on a price sheet."),
    ),
    (_("Without photo"), str(sum(each.photo is None for each in in_use))),
)
products.shared_words(shop)

with st.expander(_("Add a product"), icon=":material/add:", expanded=not in_use, key="add"):
    products.add(shop)
with st.expander(_("Paste a product list"), icon=":material/content_paste:", key="paste"):
    products.paste(shop)

with st.container(horizontal=True, vertical_alignment="bottom"):
    search = st.text_input(
        _("Search"), placeholder=_("Name, other name, category"), type="search", key="search"
    )
    which = st.segmented_control(
        _("Show"),
        [products.IN_USE, products.ARCHIVED],
        default=products.IN_USE,
        required=True,
        format_func={products.IN_USE: _("In use"), products.ARCHIVED: _("Archived")}.__getitem__,
        key="which",
    )
found = queries.products(shop, search, archived=which == products.ARCHIVED)
if not found:
    show.nothing(
        _("No product found.") if in_use or search else _("No products yet."),
        _("Name, unit and price are enough for the first one."),
    )
    st.stop()
products.listing(shop, found, "products")

chosen = products.choose(found)
if chosen is not None:
    st.subheader(show.name_of(chosen.name))
    tabs = st.tabs([_("Details"), _("Photo"), _("Prices"), _("Archive")], key="part")
    with tabs[0]:
        products.edit(shop, chosen)
    with tabs[1]:
        products.photo(shop, chosen)
    with tabs[2]:
        products.history(shop, chosen)
    with tabs[3]:
        products.keep_or_archive(shop, chosen)
