"""What happens at the shelf: counter sales, waste, sending back, returns, another batch, undo."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import Role, Shop
from lib.supply.stock.queries import BatchLeft, Stock
from lib.supply.stock.rules import KIND_NAMES, LONGEST_REASON, WASTE_NAMES, Waste, typed_amount
from lib.supply.stock.shelf import commands, queries
from lib.supply.stock.shelf.commands import FURTHEST_BACK, Booked
from lib.supply.stock.shelf.queries import Handed
from lib.ui import feedback, navigation, scans, show
from lib.ui.forms import Form
from lib.ui.stock import free_said, last_day
from lib.ui.words import _, plain


def sales(shop: Shop, found: Sequence[Stock]) -> None:
    """Show one table for everything sold over the counter on a day, and the means to book it."""
    form = Form("shelf_sales")
    seen = form.seen("listed", tuple(each.product_id for each in found))
    listed = sorted(found, key=lambda each: _place(seen, each.product_id))
    st.caption(
        _("What was sold without an order. Orders leave the stock when they are handed over.")
    )
    frame = pd.DataFrame([{_("Product"): each.name, _("Unit"): each.unit.word} for each in listed])
    frame[_("Sold")] = pd.Series([None] * len(listed), dtype="float64")
    with st.form(form.field("form"), border=False):
        day = st.date_input(
            _("Day"),
            shop.today,
            min_value=shop.today - FURTHEST_BACK,
            max_value=shop.today,
            format="YYYY-MM-DD",
            key=form.field("day"),
            width=180,
        )
        edited = st.data_editor(
            frame,
            hide_index=True,
            disabled=[_("Product"), _("Unit")],
            placeholder="",
            column_config={
                _("Product"): st.column_config.TextColumn(pinned=True),
                _("Unit"): st.column_config.TextColumn(width="small"),
                _("Sold"): st.column_config.NumberColumn(min_value=0.0, width=110),
            },
            key=form.field("sold"),
        )
        saved = st.form_submit_button(
            _("Book these sales"),
            type="primary",
            icon=":material/point_of_sale:",
            key=form.field("save"),
        )
    if saved:
        with feedback.saying(None, form):
            values = [None if pd.isna(value) else float(value) for value in edited[_("Sold")]]
            sold = {
                each.product_id: amount
                for each, value in zip(listed, values, strict=True)
                if (amount := typed_amount(value, each.unit))
            }
            bound = form.once(shop, repr(sold), day)
            _say(commands.sell_from_shelf(bound, sold, day), _("Sales booked"))


def sold_out(shop: Shop, found: Sequence[Stock]) -> None:
    """Show the products marked as sold out today, and the means to tick and untick them (R4)."""
    form = Form("sold_out")
    names = {each.product_id: each.name for each in found}
    before = queries.sold_out(shop, shop.today) & set(names)
    st.subheader(_("Sold out today"))
    st.caption(_("A day on which something sold out does not count as a day of low demand."))
    with st.form(form.field("form"), border=False):
        chosen = st.multiselect(
            _("Sold out today"),
            list(names),
            default=[key for key in names if key in before],
            format_func=names.__getitem__,
            placeholder=_("Choose"),
            label_visibility="collapsed",
            key=form.field("products"),
        )
        saved = st.form_submit_button(_("Keep the ticks"), key=form.field("save"))
    if saved:
        with feedback.saying(_("Ticks kept"), form):
            for product in before ^ set(chosen):
                ticked = product in chosen
                save = commands.mark_sold_out if ticked else commands.unmark_sold_out
                save(shop, product, shop.today)


def one_product(shop: Shop, this: Stock, own: Sequence[BatchLeft]) -> None:
    """Show all that can happen to one product besides being sold."""
    st.markdown(f"**{plain(this.name)}** · {plain(free_said(this))}")
    with st.expander(_("Throw away"), icon=":material/delete:", key=f"waste-{this.product_id}"):
        _waste(shop, this, own)
    handed = queries.handed_out(shop, this.product_id)
    with st.expander(_("A resident brings it back"), icon=":material/assignment_return:"):
        _return(shop, this, handed)
    left = [one for one in own if one.on_hand > 0]
    with st.expander(_("Send back to the supplier"), icon=":material/local_shipping:"):
        _send_back(shop, this, left)
    with st.expander(_("It was another batch"), icon=":material/swap_horiz:"):
        _other_batch(shop, this, handed, left)


def _waste(shop: Shop, this: Stock, own: Sequence[BatchLeft]) -> None:
    form = Form(f"waste_{this.product_id}")
    reasons = {one: _(WASTE_NAMES[one]) for one in Waste}
    with st.form(form.field("form"), border=False):
        amount = _quantity(form, this.unit)
        why = st.segmented_control(
            _("Why"),
            list(reasons),
            format_func=reasons.__getitem__,
            default=Waste.SPOILED,
            required=True,
            key=form.field("why"),
        )
        words = st.text_input(
            _("In words, for something else"),
            max_chars=LONGEST_REASON,
            key=form.field("words"),
        )
        batch = _batch(form, own, _("the first to end"))
        picture = scans.photo(form, _("Photo (optional)"))
        saved = st.form_submit_button(
            _("Throw away"), type="primary", icon=":material/delete:", key=form.field("save")
        )
    if saved:
        with feedback.saying(None, form):
            quantity = typed_amount(amount, this.unit) or 0
            bound = form.once(shop, quantity, why, words, batch, scans.size_of(picture))
            booked = commands.waste(
                bound,
                this.product_id,
                quantity,
                Waste(why),
                words,
                batch_id=batch,
                picture=picture,
            )
            _say(booked, _("Thrown away"))


def _send_back(shop: Shop, this: Stock, left: Sequence[BatchLeft]) -> None:
    if not left:
        st.caption(_("No batch of it has anything left."))
        return
    form = Form(f"send_back_{this.product_id}")
    with st.form(form.field("form"), border=False):
        batch = _batch(form, left)
        amount = _quantity(form, this.unit)
        reason = st.text_input(_("Why"), max_chars=LONGEST_REASON, key=form.field("why"))
        picture = scans.photo(form, _("Photo (optional)"))
        saved = st.form_submit_button(
            _("Send back"), type="primary", icon=":material/local_shipping:",
            key=form.field("save"),
        )  # fmt: skip
    supplier = next((one.supplier_id for one in left if one.batch_id == batch), None)
    if shop.actor.role is Role.OWNER and supplier is not None:
        st.page_link(
            navigation.page("suppliers"),
            label=_("Claim money from the supplier"),
            icon=":material/request_quote:",
            query_params={"supplier": str(supplier), "part": "claims"},
        )
    if saved and batch is not None:
        with feedback.saying(_("Sent back. Money for it is a claim."), form):
            quantity = typed_amount(amount, this.unit) or 0
            bound = form.once(shop, batch, quantity, reason, scans.size_of(picture))
            commands.send_back(bound, batch, quantity, reason, picture=picture)


def _return(shop: Shop, this: Stock, handed: Sequence[Handed]) -> None:
    if not handed:
        st.caption(_("None of it was handed over in the last two weeks."))
        return
    form = Form(f"return_{this.product_id}")
    with st.form(form.field("form"), border=False):
        goods = _handed(shop, form, handed)
        amount = _quantity(form, this.unit)
        reason = st.text_input(_("Why"), max_chars=LONGEST_REASON, key=form.field("why"))
        sellable = st.toggle(
            _("It can be sold again"),
            value=True,
            help=_("Otherwise it is thrown away at once."),
            key=form.field("sellable"),
        )
        picture = scans.photo(form, _("Photo (optional)"))
        saved = st.form_submit_button(
            _("Take it back"), type="primary", icon=":material/assignment_return:",
            key=form.field("save"),
        )  # fmt: skip
    st.caption(_("The money is given back at the order."))
    if saved:
        with feedback.saying(_("Taken back"), form):
            of = _required(goods)
            quantity = typed_amount(amount, this.unit) or 0
            values = (of.handover_id, of.batch_id, quantity, reason)
            bound = form.once(shop, *values, sellable, scans.size_of(picture))
            commands.take_return(bound, *values, sellable=sellable, picture=picture)


def _other_batch(
    shop: Shop, this: Stock, handed: Sequence[Handed], left: Sequence[BatchLeft]
) -> None:
    st.caption(
        _(
            "Goods leave by the earliest date. If other goods were given out, name their batch: "
            "a recall then finds the right people."
        )
    )
    if not handed or not left:
        st.caption(_("There are no goods handed over, or no other batch."))
        return
    form = Form(f"other_batch_{this.product_id}")
    with st.form(form.field("form"), border=False):
        goods = _handed(shop, form, handed)
        target = _batch(form, left)
        saved = st.form_submit_button(
            _("Name this batch"), type="primary", icon=":material/swap_horiz:",
            key=form.field("save"),
        )  # fmt: skip
    if saved and target is not None:
        with feedback.saying(_("Batch named"), form):
            of = _required(goods)
            bound = form.once(shop, of.handover_id, of.batch_id, target)
            commands.change_batch(bound, of.handover_id, of.batch_id, target)


def take_back(shop: Shop) -> None:
    """Show the newest entries that this person may take back."""
    entries = queries.own_entries(shop)
    if not entries:
        return
    st.subheader(_("Entered lately"))
    for entry in entries:
        form = Form(f"undo_stock_{entry.movement_id}")
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            goods = "、".join(plain(each) for each in entry.goods[:4])
            more = "…" if len(entry.goods) > 4 else ""
            st.markdown(
                f"**{_(KIND_NAMES[entry.kind])}** {goods}{more}  \n"
                f":small[{show.moment(entry.at, shop)} · {plain(entry.by)}]",
                width="stretch",
            )
            if st.button(
                _("Take this entry back"),
                type="tertiary",
                icon=":material/undo:",
                key=form.field("undo"),
            ):
                with feedback.saying(_("Taken back; both entries stay in the ledger"), form):
                    commands.undo(form.once(shop), entry.movement_id)


def _place(seen: Sequence[int], product_id: int) -> int:
    """Return where a product stood when the table was first shown; new ones come last."""
    return seen.index(product_id) if product_id in seen else len(seen)


def _say(booked: Booked, done: str) -> None:
    """Keep what was done as the notice, and that something is below zero now."""
    if booked.negative:
        below = _("{done}. Below zero now: {names}. Count it or enter the delivery.")
        done = below.format(done=done, names=plain("、".join(booked.negative)))
    feedback.keep(done)


def _quantity(form: Form, unit: Unit) -> float:
    return st.number_input(
        _("How much ({unit})").format(unit=plain(unit.word)),
        min_value=0.0,
        step=1.0 if unit.grams is None else 0.1,
        format="%g",
        key=form.field("quantity"),
        width=200,
    )


def _batch(form: Form, batches: Sequence[BatchLeft], any_of_them: str = "") -> int | None:
    said = {
        one.batch_id: f"{one.code} · {one.unit.said(one.on_hand)} · {last_day(one.best_before)}"
        for one in batches
    }
    return st.selectbox(
        _("Batch"),
        list(said),
        index=None if any_of_them else 0,
        format_func=said.__getitem__,
        placeholder=any_of_them,
        key=form.field("batch"),
    )


def _handed(shop: Shop, form: Form, handed: Sequence[Handed]) -> Handed | None:
    said = {
        (one.handover_id, one.batch_id): " · ".join(
            (
                f"#{one.order_number} {one.nickname}",
                one.unit.said(one.quantity),
                show.day(one.day, shop),
                one.batch or _("without batch"),
            )
        )
        for one in handed
    }
    chosen = st.selectbox(
        _("Goods handed over"),
        list(said),
        index=None,
        format_func=said.__getitem__,
        placeholder=_("Choose an order"),
        key=form.field("handed"),
    )
    return next((one for one in handed if (one.handover_id, one.batch_id) == chosen), None)


def _required(goods: Handed | None) -> Handed:
    if goods is None:
        raise Refused(N_("Choose the order the goods were handed over with."))
    return goods
