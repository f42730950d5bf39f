"""Correcting a case: what is wrong, how much, batch, words, cause; notes of the desk (R28)."""

import streamlit as st

from lib.service.after_sales.commands import add_note, change_case, set_cause
from lib.service.after_sales.queries import Case
from lib.service.after_sales.rules import (
    CAUSE_NAMES,
    LONGEST_SAID,
    LONGEST_TEXT,
    Cause,
    Status,
)
from lib.shop.shop import Shop
from lib.ui import after_sales, after_sales_count, show
from lib.ui.after_sales_count import UNCOUNTED, Counted
from lib.ui.forms import Form
from lib.ui.words import _


def draw(shop: Shop, this: Case) -> None:
    """Draw the means to correct a case, to say its cause and to note something."""
    if this.status is Status.MERGED:
        return
    with st.container(horizontal=True, key="case-change"):
        _folded(shop, this)


def _folded(shop: Shop, this: Case) -> None:
    with st.popover(_("Correct"), icon=":material/edit:", key=f"case-edit-{this.id}"):
        _change(shop, this)
    with st.popover(_cause_label(this), icon=":material/search:", key=f"case-cause-{this.id}"):
        _cause(shop, this)
    with st.popover(_("Note"), icon=":material/sticky_note_2:", key=f"case-note-{this.id}"):
        _note(shop, this)


def _change(shop: Shop, this: Case) -> None:
    form = Form(f"case-change-{this.id}")
    defect = after_sales_count.defect(form, this.defect) or this.defect
    counted = Counted()
    if defect not in UNCOUNTED:
        was = Counted(this.bad, this.of_total, this.counted_in)
        counted = after_sales_count.amount(form, this.line.goods if this.line else None, was)
    batch = _batch(shop, this, form)
    said = st.text_area(
        _("What the resident said"),
        this.said,
        max_chars=LONGEST_SAID,
        height=90,
        key=form.field("said"),
    )
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with after_sales.saying(this, _("Changes saved"), form):
            bound = form.once(shop, defect, counted, said, batch)
            version = after_sales.seen(this)
            change_case(
                bound,
                this.id,
                version,
                defect,
                counted.bad,
                counted.of_total,
                counted.counted_in,
                said,
                batch,
                None if batch is not None else this.supplier_id,
            )


def _batch(shop: Shop, this: Case, form: Form) -> int | None:
    """Ask from which batch it was; None where it is not known."""
    if not this.choosable:
        return this.batch.id if this.batch is not None else None
    names = {
        each.id: f"{each.code} · {each.supplier} · {show.day(each.arrived_on, shop)}"
        for each in this.choosable
    }
    ids = list(names)
    chosen = st.selectbox(
        _("Batch"),
        ids,
        index=ids.index(this.batch.id) if this.batch is not None else None,
        format_func=names.__getitem__,
        placeholder=_("not known"),
        key=form.field("batch"),
    )
    return int(chosen) if chosen is not None else None


def _cause_label(this: Case) -> str:
    if this.cause is None:
        return _("Cause")
    return _("Cause: {cause}").format(cause=_(CAUSE_NAMES[this.cause]))


def _cause(shop: Shop, this: Case) -> None:
    form = Form(f"case-cause-{this.id}")
    cause = cause_field(form, this.cause)
    note = st.text_area(
        _("What was found out"),
        this.cause_note,
        max_chars=LONGEST_TEXT,
        height=90,
        key=form.field("note"),
    )
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with after_sales.saying(this, _("Cause saved"), form):
            version = after_sales.seen(this)
            set_cause(form.once(shop, cause, note), this.id, version, cause, note)


def cause_field(form: Form, default: Cause | None) -> Cause | None:
    """Ask for the cause by one touch; None: not found out yet."""
    names = {each: _(name) for each, name in CAUSE_NAMES.items()}
    return st.pills(
        _("Cause"),
        list(names),
        format_func=names.__getitem__,
        default=default,
        key=form.field("cause"),
    )


def _note(shop: Shop, this: Case) -> None:
    form = Form(f"case-note-{this.id}")
    st.caption(_("For the shop only; residents do not read it."))
    text = st.text_area(_("Note"), max_chars=LONGEST_TEXT, height=90, key=form.field("text"))
    if st.button(_("Keep the note"), type="primary", key=form.field("save")):
        with after_sales.saying(this, _("Noted"), form):
            add_note(form.once(shop, text), this.id, text)
