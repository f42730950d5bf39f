"""Publishing a sheet on screen: what goes on it, what residents will see, and the one click (R20).

What is typed is kept as the owner's draft, from which the preview page is drawn.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop import drafts
from lib.shop.shop import Shop
from lib.trust.books.rules import Scope
from lib.trust.costs.commands import publish_sheet
from lib.trust.costs.draft.queries import Draft
from lib.trust.costs.intent import FORM, Intent
from lib.trust.costs.queries import Heading
from lib.trust.costs.rules import Remark, Sheet
from lib.ui import books_scope, costs, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

PREVIEW = "/preview/prices"
TABS = "costs-tab"
"""Where the open tab of the page is remembered."""

COSTS, PUBLISH, SHEETS = N_("Costs now"), N_("Publish"), N_("Published sheets")
_NEXT = "costs-next-tab"
_SHOWN = "price_sheet_shown"
_KEPT = "price_sheet_kept"


def tabs() -> Sequence[Any]:
    """Make the three tabs of the page; what was just done decides which one is open."""
    if _NEXT in st.session_state:
        st.session_state[TABS] = st.session_state.pop(_NEXT)
    return st.tabs([_(COSTS), _(PUBLISH), _(SHEETS)], key=TABS, on_change="rerun")


def tab(shop: Shop, draft: Draft, published: Sequence[Heading]) -> None:
    """Draw everything needed to publish the next sheet."""
    if not draft.lines:
        show.nothing(_("No product has a purchase price yet."), _("Give one on the product page."))
        return
    form = Form(FORM)
    wanted = _intent(form, shop, draft, published)
    scope = draft.scope
    st.caption(books_scope.said(shop, scope))
    _keep(shop, wanted)
    chosen = draft.chosen(wanted.product_ids)
    st.subheader(_("This is what residents will see"))
    _remarks(draft.remarks(wanted.product_ids))
    if chosen:
        costs.lines(chosen, "preview", shop)
        st.link_button(
            _("Preview of the residents' page"),
            PREVIEW,
            icon=":material/preview:",
            help=_("As it will look on a phone. Only you can open it until you publish."),
        )
    looked_at = _last_shown(draft.digest(wanted.product_ids))
    _confirm(form, shop, wanted, scope, len(chosen), looked_at)


def _confirm(
    form: Form, shop: Shop, wanted: Intent, scope: Scope, count: int, looked_at: str
) -> None:
    with st.form(form.field("confirm"), border=True):
        question = _("{count} products for {day}. A published sheet can never be changed.")
        st.markdown(question.format(count=count, day=show.day(wanted.day, shop)))
        read = st.checkbox(_("I have read every line"), key=form.field("read"))
        if st.form_submit_button(
            _("Publish for everybody"), type="primary", key=form.field("publish")
        ):
            with feedback.saying(_("Sheet published"), form):
                _require_reading(read)
                publish_sheet(
                    form.once(shop, wanted.text),
                    wanted.title,
                    wanted.day,
                    wanted.product_ids,
                    scope=scope,
                    corrects=wanted.corrects,
                    correction=wanted.correction,
                    looked_at=looked_at,
                )
                drafts.forget(shop, FORM)
                st.session_state[_NEXT] = _(SHEETS)


def correct(sheet: Sheet) -> None:
    """Open the tab with everything of ``sheet`` filled in, as its correction.

    Called as a widget's callback, before anything is drawn: the fields take what is put here.
    """
    form = Form(FORM)
    form.renew()
    st.session_state[form.field("products")] = [line.product_id for line in sheet.lines]
    st.session_state[form.field("title")] = sheet.title
    st.session_state[form.field("corrects")] = sheet.number
    st.session_state[_NEXT] = _(PUBLISH)


def _intent(form: Form, shop: Shop, draft: Draft, published: Sequence[Heading]) -> Intent:
    """Ask which products, which day, which title, and whether an earlier sheet is corrected."""
    names = {line.product_id: f"{line.name} / {line.unit}" for line in draft.lines}
    chosen = _products(form, names)
    with st.container(horizontal=True):
        title = st.text_input(
            _("Title"),
            max_chars=60,
            help=_("Residents read it above the sheet."),
            key=_starting(form, "title", _("What goods cost today")),
        )
        day = st.date_input(
            _("For the day"), shop.today, format="YYYY-MM-DD", key=form.field("day"), width=170
        )
    corrects, correction = _correction(form, published)
    scope = draft.scope
    return Intent(
        title, day, tuple(chosen), corrects, correction, scope.first, scope.last, scope.round_id
    )


def _starting(form: Form, name: str, value: object) -> str:
    """Return the key of a field that begins with ``value`` unless something was put there."""
    key = form.field(name)
    st.session_state.setdefault(key, value)
    return key


def _products(form: Form, names: dict[int, str]) -> list[int]:
    key = _starting(form, "products", list(names))
    # What went off sale while the form stood open is no choice any more.
    st.session_state[key] = [number for number in st.session_state[key] if number in names]
    return st.multiselect(
        _("Products on the sheet"),
        list(names),
        format_func=names.__getitem__,
        placeholder=_("Choose"),
        key=key,
    )


def _correction(form: Form, published: Sequence[Heading]) -> tuple[int | None, str]:
    if not published:
        return None, ""
    headings = {item.number: costs.heading_text(item) for item in published}
    key = _starting(form, "corrects", None)
    if st.session_state[key] not in headings:
        st.session_state[key] = None
    begun = st.session_state[key] is not None
    with st.expander(
        _("This sheet corrects an earlier one"), icon=":material/edit_note:", expanded=begun
    ):
        number = st.selectbox(
            _("Corrects"),
            list(headings),
            index=None,
            format_func=headings.__getitem__,
            placeholder=_("No correction"),
            key=key,
        )
        reason = st.text_input(
            _("What was wrong"),
            max_chars=200,
            help=_("Residents read it on both sheets."),
            key=form.field("correction"),
        )
    return number, reason


def _keep(shop: Shop, wanted: Intent) -> None:
    """Keep what is typed for the preview; written only when it changed."""
    if st.session_state.get(_KEPT) != wanted.text:
        drafts.keep(shop, FORM, wanted.text)
        st.session_state[_KEPT] = wanted.text


def _remarks(found: Sequence[Remark]) -> None:
    """Show what the owner should look at before publishing."""
    for remark in found:
        values = {
            name: show.money(value) if isinstance(value, Money) else plain(value)
            for name, value in remark.values.items()
        }
        st.warning(_(remark.sentence).format(**values), icon=":material/visibility:")


def _last_shown(digest: str) -> str:
    """Return the digest of the preview that the last run showed, and keep this one.

    What the owner read stood on the screen before the click, not in the run that the click starts.
    """
    before = st.session_state.get(_SHOWN, digest)
    st.session_state[_SHOWN] = digest
    return str(before)


def _require_reading(read: bool) -> None:
    """Raise ``Refused`` until the owner says that the lines were read."""
    if not read:
        raise Refused(N_("Read the lines above and tick that you did: this cannot be undone."))
