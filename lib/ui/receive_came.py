"""What came, put right where it was mistyped; and the purchase record with its export."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.shop.shop import Shop
from lib.supply.purchasing.commands import correct_batch, undo_receiving
from lib.supply.purchasing.receiving.queries import Batch, batches
from lib.supply.purchasing.records.queries import Record, purchase_records
from lib.supply.purchasing.records.rules import CONSEQUENCE, GAP_NAMES, GAP_REASONS, Gap
from lib.trade.products.queries import product
from lib.ui import feedback, quantities, receive, scans, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_DAYS = timedelta(days=14)


def came(shop: Shop) -> None:
    """Show the batches of the last two weeks, and the means to correct one or undo a delivery."""
    found = batches(shop, arrived=(shop.today - _DAYS, shop.today))
    if not found:
        show.nothing(_("Nothing came in the last two weeks."))
        return
    show.table(
        _frame(found), "batches", shop,
        money_columns=[_("Price")] if shop.may_see_cost else [],
        config={_("Batch"): st.column_config.TextColumn(pinned=True)},
    )  # fmt: skip
    st.subheader(_("Put something right"))
    names = {one.id: f"{one.code} · {one.product_name}" for one in found}
    chosen = st.selectbox(
        _("Batch"), list(names), format_func=names.__getitem__, key="receive_batch"
    )
    one = next(batch for batch in found if batch.id == chosen)
    _correct(shop, one)
    _undo(shop, one, [each for each in found if each.delivery_id == one.delivery_id])


def _frame(found: Sequence[Batch]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [
            {
                _("Batch"): one.code,
                _("Came on"): one.arrived_on,
                _("Product"): one.product_name,
                _("Supplier"): one.supplier_name,
                _("Good"): one.unit.said(one.received) if one.received else "0",
                _("Rejected"): one.unit.said(one.rejected) if one.rejected else "",
                _("Reason"): one.reject_reason,
                _("Left"): one.unit.said(one.on_hand) if one.on_hand else "0",
                _("Best before"): one.best_before,
                _("Lot"): one.lot,
                _("Price"): one.unit_price.fen if one.unit_price else None,
            }
            for one in found
        ]
    )
    return frame if any(one.unit_price for one in found) else frame.drop(columns=[_("Price")])


def _correct(shop: Shop, one: Batch) -> None:
    form = Form(f"correct_batch_{one.id}")
    version = form.seen("version", one.version)
    with st.expander(_("Correct this batch"), icon=":material/edit:", key=f"correct-{one.id}"):
        if one.photo:
            scans.show(shop, one.photo, _("Photo of it"))
        fresh = product(shop, one.product_id).is_fresh
        line = receive.Expected(
            one.product_id, one.product_name, one.unit, None, one.unit_price, fresh
        )
        with st.form(form.field("form"), border=False):
            draft = receive.line_fields(shop, form, line, "batch", one)
            pressed = st.form_submit_button(
                _("Save the correction"), type="primary", key=form.field("save")
            )
        if pressed:
            with feedback.saying(_("Batch {code} corrected").format(code=one.code), form):
                typed = draft.line(shop)
                correct_batch(form.once(shop, one.id, typed), one.id, version, typed)


def _undo(shop: Shop, one: Batch, delivery: Sequence[Batch]) -> None:
    form = Form(f"undo_receiving_{one.delivery_id}")
    with st.expander(
        _("Take the whole receiving back"), icon=":material/undo:", key=f"undo-{one.delivery_id}"
    ):
        codes = "、".join(f"{each.code} {plain(each.product_name)}" for each in delivery)
        said = _("As if it had never come: {batches}. Possible while nothing of it has left.")
        st.markdown(said.format(batches=codes))
        reason = st.text_input(_("Reason"), key=form.field("reason"), max_chars=200)
        if st.button(_("Take it back"), type="primary", key=form.field("save")):
            with feedback.saying(_("Receiving taken back"), form):
                once = form.once(shop, one.delivery_id, reason)
                undo_receiving(once, one.delivery_id, reason)


def records(shop: Shop) -> None:
    """Show the purchase record of a period with what is missing in it, and its export."""
    with st.container(horizontal=True):
        first = st.date_input(
            _("From"), shop.today.replace(day=1), format="YYYY-MM-DD", key="records_first",
            width=170,
        )  # fmt: skip
        last = st.date_input(
            _("To"), shop.today, format="YYYY-MM-DD", key="records_last", width=170
        )
    try:
        found = purchase_records(shop, first, last)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/info:")
        return
    if not found:
        show.nothing(_("Nothing was bought in this period."))
        return
    incomplete = [one for one in found if one.gaps]
    show.figures(
        (_("Records"), str(len(found))), (_("With something missing"), str(len(incomplete)))
    )
    _missing(incomplete)
    show.table(
        records_frame(found),
        "purchase-records",
        shop,
        money_columns=[_("Price")] if shop.may_see_cost else [],
        config={_("Product"): st.column_config.TextColumn(pinned=True)},
    )


def _missing(incomplete: Sequence[Record]) -> None:
    gaps = [gap for gap in Gap if any(gap in one.gaps for one in incomplete)]
    if not gaps:
        show.state("good", _("Nothing is missing."))
        return
    with st.expander(
        _("What is missing, and why it is asked for"), icon=":material/rule:", key="records_gaps"
    ):
        for gap in gaps:
            codes = [one.code for one in incomplete if gap in one.gaps]
            some = ", ".join(codes[:8]) + ("…" if len(codes) > 8 else "")
            st.markdown(f"**{_(GAP_NAMES[gap])}** ({len(codes)}): {some}")
            st.caption(_(GAP_REASONS[gap]))
        st.caption(_(CONSEQUENCE))


def records_frame(found: Sequence[Record]) -> pd.DataFrame:
    """Return the record as the law asks for it, one row per batch."""
    frame = pd.DataFrame(
        [
            {
                _("Bought on"): one.bought_on,
                _("Product"): one.name,
                _("Specification"): one.specification,
                _("Quantity"): quantities.shown(one.unit, one.quantity),
                _("Unit"): one.unit.word,
                _("Produced on"): one.produced_on,
                _("Lot"): one.lot,
                _("Shelf life (days)"): one.shelf_life_days,
                _("Best before"): one.best_before,
                _("Supplier"): one.supplier_name,
                _("Address"): one.supplier_address,
                _("Contact"): one.supplier_contact,
                _("Certificate number"): one.certificate_number,
                _("Delivery note"): _("kept") if one.voucher else "",
                _("Keep until"): one.keep_until,
                _("Batch"): one.code,
                _("Rejected"): quantities.shown(one.unit, one.rejected) if one.rejected else None,
                _("Missing"): "、".join(_(GAP_NAMES[gap]) for gap in one.gaps),
                _("Price"): one.unit_price.fen if one.unit_price else None,
            }
            for one in found
        ]
    )
    return frame if any(one.unit_price for one in found) else frame.drop(columns=[_("Price")])
