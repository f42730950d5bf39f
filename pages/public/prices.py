"""What every product costs and where each yuan goes, from the published sheets (R20)."""

import streamlit as st

from lib.trust.costs import queries
from lib.ui import costs, origin, session, show
from lib.ui.words import _, plain

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
st.subheader(plain(sheet.title))
show.figures(
    (_("Sheet no."), str(sheet.number)),
    (_("Data as of"), show.moment(sheet.data_as_of, shop)),
    (_("Products"), str(len(sheet.lines))),
    (
        _("Fingerprint"),
        sheet.short,
        _("The same in the group's message and here: then the sheet was not changed."),
    ),
)
costs.notices(showing)
costs.labelled(sheet.lines, shop)
costs.lines(sheet.lines, f"sheet-{sheet.number}", shop)
origin.links(shop, sheet.lines)

st.subheader(_("How a price came about"))
names = {line.product_id: f"{line.name} / {line.unit}" for line in sheet.lines}
product = costs.choose(_("Product"), names, "product")
if product is not None:
    costs.history(shop, product)

with st.container(horizontal=True):
    st.link_button(
        _("Light page for the phone"),
        f"{costs.LIGHT_PAGE}/{sheet.number}",
        icon=":material/smartphone:",
    )
    st.link_button(
        _("Sealed text for checking"),
        f"{costs.LIGHT_PAGE}/{sheet.number}.json",
        icon=":material/verified:",
        help=_("The SHA-256 of this text is the fingerprint of the sheet."),
    )
