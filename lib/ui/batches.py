"""The list of batches: which fresh supplier the group has not seen, filters, the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lib.kernel.errors import NotFound
from lib.shop.shop import Shop
from lib.supply.batches import queries
from lib.supply.batches.queries import Proof, Unposted
from lib.supply.purchasing.receiving.queries import Batch, batch
from lib.supply.purchasing.receiving.queries import batches as read_batches
from lib.ui import choice, navigation, show
from lib.ui.words import _, plain

WITH, WITHOUT, HERE, STOPPED = "with", "without", "here", "stopped"
DAYS = 30
MOST = 500


@dataclass(frozen=True)
class Wanted:
    """What the filters ask for."""

    product: str | None
    supplier: str | None
    first: date
    last: date
    only: str | None


def exists(shop: Shop, batch_id: int) -> bool:
    """Whether there is a batch with this id."""
    try:
        batch(shop, batch_id)
    except NotFound:
        return False
    return True


def not_posted(shop: Shop, waiting: Sequence[Unposted]) -> None:
    """Say which fresh suppliers the group has seen nothing of this week, newest batch beside."""
    if not waiting:
        return
    with st.container(border=True, key="not-posted"):
        said = _("Not shown to the group this week: {count}").format(count=len(waiting))
        show.state("soon", said)
        for one in waiting:
            with st.container(horizontal=True, vertical_alignment="center"):
                arrived = show.day(one.arrived_on, shop)
                st.markdown(
                    f"**{plain(one.supplier)}** {plain(one.product)} · {arrived}", width="stretch"
                )
                st.page_link(
                    navigation.page("batches"),
                    label=_("Text and poster"),
                    icon=":material/campaign:",
                    query_params={"batch": str(one.batch_id)},
                )


def filters(shop: Shop) -> Wanted:
    """Draw the filters."""
    words = {
        HERE: _("in the shop"),
        WITH: _("with evidence"),
        WITHOUT: _("without evidence"),
        STOPPED: _("stopped"),
    }
    only = st.pills(
        _("Show only"),
        list(words),
        format_func=words.__getitem__,
        key="batches-only",
        label_visibility="collapsed",
    )
    with st.popover(_("Product, supplier, days"), icon=":material/filter_alt:", key="batches-more"):
        first = st.date_input(
            _("Arrived from"), shop.today - timedelta(days=DAYS), format="YYYY-MM-DD",
            key="batches-first",
        )  # fmt: skip
        last = st.date_input(_("to"), shop.today, format="YYYY-MM-DD", key="batches-last")
        product = st.text_input(_("Product"), key="batches-product")
        supplier = st.text_input(_("Supplier"), key="batches-supplier")
    return Wanted(product.strip() or None, supplier.strip() or None, first, last, only)


def found(shop: Shop, wanted: Wanted) -> tuple[list[Batch], dict[int, Proof]]:
    """Return the batches the filters ask for with their evidence."""
    rows = [
        row
        for row in read_batches(shop, arrived=(wanted.first, wanted.last), limit=MOST)
        if (wanted.product is None or wanted.product in row.product_name)
        and (wanted.supplier is None or wanted.supplier in row.supplier_name)
    ]
    proofs = queries.proofs(shop, [row.id for row in rows])
    return [row for row in rows if _fits(row, proofs[row.id], wanted.only)], proofs


def _fits(row: Batch, proof: Proof, only: str | None) -> bool:
    if only == HERE:
        return row.on_hand > 0
    if only in (WITH, WITHOUT):
        return (proof.pieces > 0) == (only == WITH)
    return only != STOPPED or row.stopped_at is not None


def listing(shop: Shop, rows: Sequence[Batch], proofs: Mapping[int, Proof]) -> int | None:
    """Show the table; return the batch a person picked in it."""
    posted = {post.subject for post in queries.posted_this_week(shop)}
    frame = pd.DataFrame([_row(row, proofs[row.id], posted) for row in rows])
    if rows:
        st.caption(_("Tap the box at the left of a row to open the batch."))
    picked = choice.of_rows(
        frame,
        "batches",
        shop,
        config={_("Product"): st.column_config.TextColumn(pinned=True, width=110)},
        empty=_("No batch fits. Batches are made when goods are received."),
    )
    return None if picked is None else rows[picked].id


def _row(row: Batch, proof: Proof, posted: set[str]) -> dict[str, object]:
    return {
        _("Product"): row.product_name,
        _("Left"): row.unit.said(row.on_hand),
        _("Arrived"): row.arrived_on,
        _("Evidence"): proof.pieces,
        _("Last test"): proof.tested_on,
        _("Posted this week"): queries.subject(row.id) in posted,
        _("Supplier"): row.supplier_name,
        _("Batch"): row.code,
        _("Best before"): row.best_before,
        _("Sale stopped"): row.stopped_at is not None,
    }
