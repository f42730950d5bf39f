"""Keep what products cost, and publish dated sheets that are never altered (R20)."""

import streamlit as st

from lib.trust.costs import queries
from lib.trust.costs.commands import set_costs
from lib.ui import costs, costs_publish, costs_sheets, feedback, navigation, session, show
from lib.ui.forms import Form
from lib.ui.words import _

shop = session.owner()
st.title(_("Cost sheets"))

draft = queries.draft_sheet(shop)
published = queries.published_sheets(shop)
show.figures(
    (
        _("Products ready to publish"),
        f"{len(draft.lines)} / {len(draft.products)}",
        _("A product needs a purchase price. Loss and the other costs are zero until you say so."),
    ),
    (_("Newest sheet"), str(published[0].number) if published else "—"),
    (_("Published"), show.moment(published[0].data_as_of, shop) if published else "—"),
)
costs.missing(draft)

keep, publish, sheets = costs_publish.tabs()

with keep:
    costs.table(draft.lines, "costs", shop)
    names = {item.product_id: item for item in draft.products}
    product = costs.choose(
        _("Costs of"),
        {number: f"{item.name} / {item.unit}" for number, item in names.items()},
        "product",
    )
    if product is not None:
        item = names[product]
        if item.line is not None:
            costs.sum_of(item)
        form = Form(f"costs-{product}")
        seen = form.seen("versions", dict(item.versions))
        with st.form(form.field("form"), border=True):
            typed = costs.cost_fields(form, item)
            if st.form_submit_button(_("Save costs"), type="primary", key=form.field("save")):
                with feedback.saying(_("Costs saved"), form):
                    set_costs(form.once(shop, product, typed), product, typed, seen)
        st.page_link(
            navigation.page("products"),
            label=_("Prices are kept with the product"),
            icon=":material/nutrition:",
        )

if publish.open:
    with publish:
        costs_publish.tab(shop, draft, published)

if sheets.open:
    with sheets:
        costs_sheets.tab(shop, published)
