"""The label page: versions with their approval photo, the print run, what is left of it (R3)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.labels import commands, queries, rules
from lib.supply.labels.queries import Label
from lib.supply.labels.rules import BY_HAND, KIND_NAMES, Details, Kind
from lib.trade.products.queries import Product
from lib.ui import feedback, scans, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_PHOTO_WIDTH = 360


def figures(shop: Shop, found: Sequence[Label]) -> None:
    """Show how many products bear a label, and how many labels are running out."""
    in_force = [one for one in found if one.in_force]
    short = [one for one in in_force if one.is_short(shop.settings.label_reorder_at)]
    show.figures(
        (_("Products sold only here"), str(len(in_force))),
        (_("Labels to print again"), str(len(short))),
        (_("Labels left"), f"{sum(max(one.left, 0) for one in in_force):,}"),
    )
    for one in short:
        said = _("{product}: {left} labels left, print again below {limit}")
        show.state(
            "late" if one.left < 0 else "soon",
            said.format(
                product=plain(one.product), left=one.left, limit=shop.settings.label_reorder_at
            ),
        )


def listing(shop: Shop, found: Sequence[Label]) -> None:
    """Show every version with its numbers, and the export."""
    rows = [
        {
            _("Product"): one.product,
            _("Version"): one.number,
            _("Label name"): one.details.title,
            _("State"): state_of(one),
            _("Labels left"): one.left,
            _("Printed"): one.printed,
            _("Used by deliveries"): one.delivered,
            _("Minimum run"): one.details.minimum_run,
            _("Cost of a label"): _fen(one.details.label_cost),
            _("Unit cost with label"): _fen(one.details.unit_cost),
            _("Approved on"): one.details.approved_on,
        }
        for one in found
    ]
    show.table(
        pd.DataFrame(rows),
        "labels",
        shop,
        money_columns=[_("Cost of a label"), _("Unit cost with label")],
        config={
            _("Product"): st.column_config.TextColumn(pinned=True),
            _("Approved on"): st.column_config.DateColumn(format="YYYY-MM-DD"),
        },
    )


def state_of(one: Label) -> str:
    """Return in words whether a version is a draft, in force, or ended."""
    if one.ended_at is not None:
        return _("ended")
    return _("in force") if one.in_force else _("draft, not approved")


def choose(found: Sequence[Label]) -> Label | None:
    """Show the choice of one version and return it; it stands in the address (``?label=3``)."""
    by_id = {one.id: one for one in found}
    ids = list(by_id)
    said = {
        one.id: f"{one.product} · {one.details.title} · {state_of(one)}" for one in by_id.values()
    }
    asked = st.query_params.get("label", "")
    named = int(asked) if asked.isdecimal() and int(asked) in by_id else None
    chosen = st.selectbox(
        _("Open a label"),
        ids,
        index=ids.index(named) if named is not None else 0,
        format_func=said.__getitem__,
        key="label",
    )
    if chosen is None:
        return None
    st.query_params["label"] = str(chosen)
    return by_id[chosen]


def one(shop: Shop, this: Label) -> None:
    """Show a version: photo, what is left of the run, and what can be done with it."""
    with st.container(border=True, key=f"label-{this.id}"):
        left, right = st.columns([1, 2])
        with left:
            if this.photo:
                with st.container(width=_PHOTO_WIDTH):
                    st.markdown(f"![{plain(this.details.title)}](/files/{this.photo})")
            else:
                st.caption(_("No photo yet. An approval needs one."))
        with right:
            _facts(shop, this)
    if this.ended_at is None:
        with st.container(horizontal=True):
            with st.popover(_("Print run, spoiled, used"), icon=":material/print:"):
                _move(shop, this)
            with st.popover(_("Count the labels"), icon=":material/inventory:"):
                _count(shop, this)
            with st.popover(_("End it"), icon=":material/block:"):
                _end(shop, this)
        with st.expander(
            _("Change or approve it"), icon=":material/edit:", expanded=not this.in_force
        ):
            _change(shop, this)
    _movements(shop, this)


def _facts(shop: Shop, this: Label) -> None:
    st.markdown(f"### {plain(this.product)} · {plain(this.details.title)}")
    with st.container(horizontal=True):
        kind: show.State = "good" if this.in_force else "quiet"
        show.state(kind, state_of(this))
        if this.in_force:
            st.badge(_("Only here"), icon=":material/loyalty:", color="green")
    if this.printed:
        st.markdown(
            _("**{left}** labels left: {printed} printed, {used} used by deliveries").format(
                left=f"{this.left:,}", printed=f"{this.printed:,}", used=f"{this.delivered:,}"
            )
        )
    else:
        st.markdown(_("No print run is booked yet."))
    if this.left < 0:
        show.state("late", _("More were used than printed: book the print run, or count."))
    elif this.is_short(shop.settings.label_reorder_at):
        run = this.details.minimum_run
        again = (
            _("Print again; the least is {run} pieces").format(run=run) if run else _("Print again")
        )
        show.state("soon", again)
    if this.details.approved_on:
        when = show.day(this.details.approved_on, shop)
        st.caption(_("Approved {when}. Deliveries since then use its labels.").format(when=when))
    if this.details.note:
        st.caption(plain(this.details.note))


def _move(shop: Shop, this: Label) -> None:
    form = Form(f"label_move_{this.id}")
    kinds = {kind: _(KIND_NAMES[kind]) for kind in BY_HAND}
    with st.form(form.field("form"), border=False):
        kind = st.radio(
            _("What happened"), list(kinds), format_func=kinds.__getitem__, key=form.field("kind")
        )
        pieces = st.number_input(
            _("Labels"), min_value=0, step=100, value=this.details.minimum_run or 0,
            key=form.field("pieces"),
        )  # fmt: skip
        reason = st.text_input(_("Note"), max_chars=rules.LONGEST_NOTE, key=form.field("note"))
        saved = st.form_submit_button(_("Book labels"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Labels booked"), form):
            bound = form.once(shop, kind, pieces, reason)
            commands.move_labels(bound, this.id, Kind(kind), int(pieces or 0), reason)


def _count(shop: Shop, this: Label) -> None:
    form = Form(f"label_count_{this.id}")
    expected = form.seen("expected", this.left)
    st.caption(_("Booked now: {count}").format(count=this.left))
    with st.form(form.field("form"), border=False):
        counted = st.number_input(
            _("Counted"), min_value=0, value=max(this.left, 0), key=form.field("counted")
        )
        saved = st.form_submit_button(_("Keep the count"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Count kept"), form):
            bound = form.once(shop, counted, expected)
            commands.count_labels(bound, this.id, int(counted or 0), expected)


def _end(shop: Shop, this: Label) -> None:
    form = Form(f"label_end_{this.id}")
    st.write(_("Residents no longer see “only here” unless another version is in force."))
    version = form.seen("version", this.version)
    if st.button(_("End this label"), type="primary", key=form.field("end")):
        with feedback.saying(_("Label ended"), form):
            commands.end_label(form.once(shop, version), this.id, version)
            form.keep_up(f"label_change_{this.id}")


def _change(shop: Shop, this: Label) -> None:
    form = Form(f"label_change_{this.id}")
    version = form.seen("version", this.version)
    with st.form(form.field("form"), border=False):
        details = _fields(shop, form, form.seen("details", this.details))
        picture = scans.photo(form, _("Another photo of the approved label"))
        saved = st.form_submit_button(_("Save changes"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Changes saved"), form):
            bound = form.once(shop, version, repr(details), scans.size_of(picture))
            commands.change_label(bound, this.id, version, details, picture)
            form.keep_up(f"label_end_{this.id}")


def add(shop: Shop, products: Sequence[Product]) -> None:
    """Show the form for a new version of a product's label."""
    form = Form("label_add")
    names = {each.id: each.name for each in products}
    with st.form(form.field("form"), border=False):
        product = st.selectbox(
            _("Product"), list(names), index=None, format_func=names.__getitem__,
            placeholder=_("Choose"), key=form.field("product"),
        )  # fmt: skip
        details = _fields(shop, form, Details(""))
        picture = scans.photo(form, _("Photo of the approved label"))
        saved = st.form_submit_button(
            _("Add this label"), type="primary", icon=":material/add:", key=form.field("save")
        )
    st.caption(_("A new approved version ends the one before it."))
    if saved:
        with feedback.saying(_("Label added"), form):
            bound = form.once(shop, product, repr(details), scans.size_of(picture))
            commands.add_label(bound, product or 0, details, picture)


def _fields(shop: Shop, form: Form, start: Details) -> Details:
    title = st.text_input(
        _("Label name"), start.title, max_chars=rules.LONGEST_TITLE,
        placeholder=_("blue, 500 g"), key=form.field("title"),
    )  # fmt: skip
    with st.container(horizontal=True):
        run = st.number_input(
            _("Minimum run (pieces)"), min_value=1, value=start.minimum_run, step=100,
            key=form.field("run"), width=190,
        )  # fmt: skip
        label = _cost(form, "label-cost", _("Cost of a label"), start.label_cost)
        unit = _cost(form, "unit-cost", _("Unit cost with label"), start.unit_cost)
    approved = st.date_input(
        _("Approved on"), start.approved_on, max_value=shop.today, format="YYYY-MM-DD",
        help=_("Leave empty while it is a draft; residents see it once it is approved."),
        key=form.field("approved"), width=190,
    )  # fmt: skip
    note = st.text_input(
        _("Note, for you only"), start.note, max_chars=rules.LONGEST_NOTE, key=form.field("note")
    )
    day = approved if isinstance(approved, date) else None
    return Details(title, None if run is None else int(run), label, unit, day, note)


def _cost(form: Form, name: str, label: str, start: Money | None) -> Money | None:
    value = st.number_input(
        f"{label} (¥)", min_value=0.0, value=None if start is None else float(start.yuan),
        step=0.01, format="%.2f", key=form.field(name), width=190,
    )  # fmt: skip
    return None if value is None else Money.of(Decimal(f"{value:.2f}"))


def _movements(shop: Shop, this: Label) -> None:
    rows = [
        {
            _("Entered"): each.at,
            _("Movement"): _(KIND_NAMES[each.kind]),
            _("Labels"): each.quantity,
            _("Note"): each.reason,
            _("By"): each.by,
        }
        for each in queries.label_movements(shop, this.id)
    ]
    if rows:
        show.table(pd.DataFrame(rows), f"label-{this.id}", shop, moment_columns=[_("Entered")])


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen
