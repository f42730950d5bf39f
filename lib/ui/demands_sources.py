"""The checklist of a wish: whom to ask, what they said (R16).

What a source wants for it is a purchase cost: who may not see those types it, and afterwards reads
only that it is noted (E14).
"""

from collections.abc import Callable

import streamlit as st

from lib.shop.shop import Shop
from lib.trade.products.rules import COMMON_UNITS, known_price
from lib.trust.demands.queries import One
from lib.trust.demands.rules import Status
from lib.trust.demands.sources import queries
from lib.trust.demands.sources.commands import add_source, change_source, remove_source
from lib.trust.demands.sources.queries import Source
from lib.trust.demands.sources.rules import (
    ANSWER_NAMES,
    LONGEST_LINE,
    LONGEST_NAME,
    Answer,
    SourceDetails,
    progress,
)
from lib.ui import feedback, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

_ANSWERS: dict[Answer, show.State] = {
    Answer.TO_ASK: "quiet",
    Answer.WAITING: "soon",
    Answer.CAN: "good",
    Answer.CANNOT: "late",
}


def draw(shop: Shop, this: One) -> None:
    """Draw the checklist, with suppliers who may have it and the means to add one."""
    found = queries.sources(shop, this.card.id)
    answered, count = progress(one.answer for one in found)
    said = _("Sources: {answered} of {count} answered").format(answered=answered, count=count)
    st.subheader(said if found else _("Sources"), anchor=False)
    for one in found:
        _source(shop, one)
    if this.card.status is not Status.DECLINED:
        _suggest(shop, this, found)
        _add(shop, this, found)


def _source(shop: Shop, one: Source) -> None:
    with st.container(border=True, key=f"source-{one.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(one.name)}**")
            show.state(_ANSWERS[one.answer], _(ANSWER_NAMES[one.answer]))
            if one.asked_at is not None:
                when = show.moment(one.asked_at, shop)
                st.caption(f"{when} {plain(one.asked_by)}")
        facts = _facts(shop, one)
        if facts:
            st.markdown(" · ".join(facts))
        with st.container(horizontal=True):
            form = Form(f"source_{one.id}")
            with st.popover(_("Note the answer"), icon=":material/call:", key=form.field("pop")):
                _answer(shop, form, one)
            _remove(shop, one)


def _facts(shop: Shop, one: Source) -> list[str]:
    said = []
    unit = f"/{plain(one.unit)}" if one.unit else ""
    if one.cost is not None:
        said.append(_("quoted {price}").format(price=plain(show.money(one.cost)) + unit))
    elif one.has_cost:
        said.append(_("quoted: noted"))
    if one.price is not None:
        said.append(_("group price {price}").format(price=plain(show.money(one.price)) + unit))
    if one.minimum:
        said.append(_("at least {minimum}").format(minimum=plain(one.minimum)))
    if one.ready_on is not None:
        said.append(_("ready {day}").format(day=show.day(one.ready_on, shop)))
    if one.note:
        said.append(plain(one.note))
    return said


def _answer(shop: Shop, form: Form, one: Source) -> None:
    version = form.seen("version", one.version)
    start = form.seen("details", one.details)
    with st.form(form.field("form"), border=False):
        names = {each.value: _(name) for each, name in ANSWER_NAMES.items()}
        answer = st.radio(
            _("What they said"),
            list(names),
            index=list(names).index(start.answer.value),
            format_func=names.__getitem__,
            horizontal=True,
            key=form.field("answer"),
        )
        typed = _amounts(form, start, noted=one.has_cost and one.cost is None)
        saved = st.form_submit_button(_("Save"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Answer noted"), form):
            details = typed(Answer(answer or start.answer))
            change_source(form.once(shop, version, repr(details)), one.id, version, details)


def _amounts(form: Form, start: SourceDetails, *, noted: bool) -> Callable[[Answer], SourceDetails]:
    """Draw the fields of an answer; return what reads them, which may raise ``Refused``."""
    with st.container(horizontal=True):
        unit = st.selectbox(
            _("Sale unit"),
            list(dict.fromkeys(["", start.unit, *COMMON_UNITS])),
            index=1 if start.unit else 0,
            format_func=lambda word: word or "—",
            accept_new_options=True,
            key=form.field("unit"),
        )
        cost = st.text_input(
            _("They want (yuan per unit)"),
            money_ui.written(start.cost),
            placeholder=_("noted") if noted else "12.50",
            key=form.field("cost"),
        )
        price = st.text_input(
            _("Group price (yuan per unit)"),
            money_ui.written(start.price),
            placeholder="15.80",
            key=form.field("price"),
        )
    minimum = st.text_input(
        _("Least they deliver"),
        start.minimum,
        max_chars=LONGEST_LINE,
        placeholder="50箱",
        key=form.field("minimum"),
    )
    ready_on = st.date_input(
        _("Ready on"), start.ready_on, format="YYYY-MM-DD", key=form.field("ready")
    )
    note = st.text_input(_("Note"), start.note, max_chars=LONGEST_LINE, key=form.field("note"))

    def read(answer: Answer) -> SourceDetails:
        return SourceDetails(
            start.name,
            start.supplier_id,
            answer,
            unit or "",
            known_price(cost),
            known_price(price),
            minimum,
            ready_on,
            note,
        )

    return read


def _remove(shop: Shop, one: Source) -> None:
    form = Form(f"source_remove_{one.id}")
    if st.button(
        _("Take off the list"),
        icon=":material/close:",
        type="tertiary",
        help=_("Take off: {name}").format(name=plain(one.name)),
        key=form.field("save"),
    ):
        with feedback.saying(_("Taken off the list"), form):
            remove_source(form.once(shop, one.id), one.id)


def _suggest(shop: Shop, this: One, found: tuple[Source, ...]) -> None:
    known = {one.supplier_id for one in found if one.supplier_id is not None}
    suggested = queries.suggestions(shop, this.card.title, known)
    if not suggested:
        return
    st.caption(_("These deliver something alike:"))
    with st.container(horizontal=True):
        for one in suggested:
            form = Form(f"source_suggested_{this.card.id}_{one.supplier_id}")
            label = f"{plain(one.name)} ({plain('、'.join(one.products))})"
            if st.button(label, icon=":material/add:", key=form.field("save")):
                with feedback.saying(_("Put on the list"), form):
                    details = SourceDetails(supplier_id=one.supplier_id)
                    add_source(form.once(shop, one.supplier_id), this.card.id, details)


def _add(shop: Shop, this: One, found: tuple[Source, ...]) -> None:
    form = Form(f"source_add_{this.card.id}")
    known = {one.name for one in found}
    names = {name: key for key, name in queries.supplier_names(shop).items() if name not in known}
    with st.popover(_("Ask somebody"), icon=":material/add_call:", key=form.field("pop")):
        name = st.selectbox(
            _("Supplier, or any name"),
            list(names),
            index=None,
            accept_new_options=True,
            placeholder=_("Choose or type"),
            key=form.field("name"),
        )
        asked = st.checkbox(_("I have asked already"), key=form.field("asked"))
        if st.button(_("Put on the list"), type="primary", key=form.field("save")):
            with feedback.saying(_("Put on the list"), form):
                details = SourceDetails(
                    (name or "")[:LONGEST_NAME],
                    names.get(name or ""),
                    Answer.WAITING if asked else Answer.TO_ASK,
                )
                add_source(form.once(shop, name, asked), this.card.id, details)
