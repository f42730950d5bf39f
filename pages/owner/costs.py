"""Keep what products cost, and publish dated sheets that are never altered (R20)."""

import streamlit as st

from lib.trust.costs import queries
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.ui import costs, feedback, navigation, session, show
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

keep, publish, sheets = st.tabs([_("Costs now"), _("Publish"), _("Published sheets")])

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

with publish:
    if not draft.lines:
        show.nothing(_("No product has a purchase price yet."), _("Give one on the product page."))
    else:
        form = Form("publish_sheet")
        wanted = costs.intent(form, shop, draft, published)
        chosen = draft.chosen(wanted.product_ids)
        st.subheader(_("This is what residents will see"))
        costs.remarks(draft.remarks(wanted.product_ids))
        if chosen:
            costs.lines(chosen, "preview", shop)
        looked_at = costs.last_shown(draft.digest(wanted.product_ids))
        with st.form(form.field("confirm"), border=True):
            question = _("{count} products for {day}. A published sheet can never be changed.")
            st.markdown(question.format(count=len(chosen), day=show.day(wanted.day, shop)))
            read = st.checkbox(_("I have read every line"), key=form.field("read"))
            if st.form_submit_button(
                _("Publish for everybody"), type="primary", key=form.field("publish")
            ):
                with feedback.saying(_("Sheet published"), form):
                    costs.require_reading(read)
                    publish_sheet(
                        form.once(shop, wanted),
                        wanted.title,
                        wanted.day,
                        wanted.product_ids,
                        corrects=wanted.corrects,
                        correction=wanted.correction,
                        looked_at=looked_at,
                    )

with sheets:
    if not published:
        show.nothing(_("Nothing published yet."), _("Residents see an empty page until then."))
    else:
        st.subheader(_("For the group"))
        newest = costs.shown(shop, published[0].number)
        if newest is not None:
            costs.for_the_group(newest.sheet, shop)
        st.subheader(_("All sheets"))
        show.table(
            costs.published_frame(published),
            "sheets",
            shop,
            moment_columns=[_("Data as of")],
        )
        if st.button(_("Check every sheet"), icon=":material/verified:", key="verify"):
            costs.verdict(queries.verify_sheets(shop))
        st.caption(
            _(
                "The check computes every fingerprint again and compares it with the sheet after "
                "it and with the journal."
            )
        )
