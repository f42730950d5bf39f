"""An order file and the books: what stands in them already, the button that books, what it did.

Known orders, members and products are read anew on every run; the file itself is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.members.profiles import queries as members
from lib.members.profiles.rules import Match
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.trade.orders import queries, sheet_goods, sheet_review
from lib.trade.orders.allowance.rules import Excess
from lib.trade.orders.commands import Booked, book_intake, save_mapping
from lib.trade.orders.rules import BookedEntry
from lib.trade.orders.sheet_entries import money_came_in
from lib.trade.orders.sheet_review import Decisions, Review, State
from lib.trade.orders.sheets import Meaning, Reading
from lib.trade.products.queries import CatalogueItem, catalogue
from lib.trade.rounds.queries import Round
from lib.ui import feedback, navigation, show
from lib.ui.forms import Form
from lib.ui.limits import require_decided
from lib.ui.sheet_file import ANSWERS, RESULT, UPLOAD, Upload
from lib.ui.words import _


@dataclass(frozen=True)
class Desk:
    """A file held against the books at this moment."""

    preview: Review
    reading: Reading
    decisions: Decisions
    shelf: dict[int, CatalogueItem]
    offered: frozenset[int]
    basis: int | None
    again: bool
    booked: tuple[queries.FileBooked, ...]


def choices(form: Form, upload: Upload) -> Decisions:
    """Ask what the file does not say: who collected the money, what becomes of unpaid orders."""
    reading = upload.reading
    assert reading is not None
    own = sheet_review.platform_of(reading) == sheet_review.OTHER_PLATFORM
    counted = [order for order in reading.orders if order.counts]
    paid, unpaid = True, False
    if any(order.gross_fen is not None for order in counted):
        proof = bool(counted) and all(money_came_in(order) for order in counted)
        paid = st.toggle(
            _("The amounts were paid on the platform already"),
            value=not own or proof,
            help=_("Off: the orders come in unpaid and are paid at the shop."),
            key=form.field("paid"),
        )
    if any(order.meaning is Meaning.UNPAID for order in reading.orders):
        unpaid = st.toggle(
            _("Book unpaid orders too, to be paid at the shop"), key=form.field("with_unpaid")
        )
    return Decisions(
        paid, unpaid, upload.dropped, dict(upload.members), dict(upload.cut), dict(upload.beyond)
    )


def against_books(shop: Shop, upload: Upload, chosen: Round, decisions: Decisions) -> Desk:
    """Hold the file against what is booked; a handful of queries however long it is."""
    reading = upload.reading
    assert reading is not None
    offers = {item.product_id: item for item in catalogue(shop, chosen.id)}
    shelf = {item.product_id: item for item in catalogue(shop)} | offers
    booked = tuple(queries.file_booked(shop, upload.fingerprint))
    identity = sheet_review.identity_of(reading)
    compared = sheet_review.compare(
        upload.entries,
        _known(shop, upload, chosen.id, everywhere=bool(booked)),
        queries.booked_entries(shop, chosen.id, identity),
        with_unpaid=decisions.with_unpaid,
    )
    goods = sheet_goods.goods_of(
        [one.entry.order for one in compared if sheet_review.needs_goods(one)],
        list(shelf.values()),
        offers,
        upload.answers,
        upload.remembered_answers,
        upload.reopened,
    )
    preview = sheet_review.review(
        compared, _matches(shop, compared), goods, shelf, decisions,
        translator(shop.settings.language),
    )  # fmt: skip
    newest = queries.basis(shop, chosen.id, identity)
    again = any(one.round_id == chosen.id for one in booked)
    return Desk(
        preview, reading, decisions, shelf, frozenset(offers),
        newest.intake_id if newest else None, again, booked,
    )  # fmt: skip


def _known(
    shop: Shop, upload: Upload, round_id: int, *, everywhere: bool
) -> dict[str, BookedEntry]:
    """Orders booked under the file's keys; keys good for one round only count there.

    When this very file was booked into another round, all of its orders count as booked.
    """
    lasting = [one.key for one in upload.entries if everywhere or not one.passing]
    passing = [one.key for one in upload.entries if one.passing and not everywhere]
    known = queries.booked_by_key(shop, lasting)
    return known | (queries.booked_by_key(shop, passing, round_id) if passing else {})


def _matches(shop: Shop, compared: Sequence[sheet_review.Compared]) -> list[Match | None]:
    asked = [one for one in compared if one.state is State.NEW]
    found_members = members.matches(shop, [one.entry.hint for one in asked])
    by_key = {one.entry.key: match for one, match in zip(asked, found_members, strict=True)}
    return [by_key.get(one.entry.key) for one in compared]


def confirm(
    shop: Shop,
    form: Form,
    upload: Upload,
    desk: Desk,
    chosen: Round,
    excesses: Sequence[Excess],
) -> None:
    """The one button that books; nothing before it wrote an order.

    ``excesses`` are orders beyond a limit without a decision: with one of them nothing is booked.
    """
    preview = desk.preview
    if preview.open_goods:
        text = _("{count} products are still without an answer; then the orders can be booked.")
        st.caption(text.format(count=len(preview.open_goods)))
        return
    if not preview.touches:
        text = _("Nothing to book: every order of this file is booked already or left out.")
        st.success(text, icon=":material/done_all:")
        st.page_link(navigation.page("orders"), label=_("See the orders"),
                     query_params={"round": str(chosen.id)})  # fmt: skip
        return
    if st.button(_confirm_label(preview), type="primary", width="stretch", key=form.field("book")):
        with feedback.saying(_("Booked."), form):
            require_decided(excesses)
            wanted = sheet_review.booking(
                preview, desk.reading, upload.fingerprint, desk.basis, desk.decisions,
                file_name=upload.name, again=desk.again,
            )  # fmt: skip
            booked = book_intake(form.once(shop, wanted.fingerprint), chosen.id, wanted)
            st.session_state[RESULT] = _result(booked, preview, chosen)
            st.session_state.pop(UPLOAD, None)
            if upload.answers:
                known = upload.remembered_answers | upload.answers
                document = sheet_goods.answers_document(known)
                save_mapping(shop, ANSWERS, document)


def _confirm_label(preview: Review) -> str:
    new = len(preview.having(State.NEW))
    other = preview.touches - new
    if not other:
        return _("Book {count} orders").format(count=new)
    if not new:
        return _("Book {count} changes").format(count=other)
    return _("Book {count} orders and {other} changes").format(count=new, other=other)


def _result(booked: Booked, preview: Review, chosen: Round) -> dict[str, Any]:
    left: dict[str, int] = {}
    for row in preview.having(State.LEFT_OUT):
        for one in row.reasons[:1]:
            left[one.sentence] = left.get(one.sentence, 0) + 1
    return {
        "added": len(booked.added),
        "changed": booked.changed,
        "cancelled": booked.cancelled,
        "known": len(preview.having(State.KNOWN)),
        "left": left,
        "round": chosen.id,
    }


def result() -> None:
    """Say what the last booking did, until it is put away."""
    done = st.session_state.get(RESULT)
    if done is None:
        return
    with st.container(border=True):
        st.success(_("The file is booked."), icon=":material/check_circle:")
        show.figures(
            (_("Added"), str(done["added"])),
            (_("Changed"), str(done["changed"])),
            (_("Cancelled"), str(done["cancelled"])),
            (_("Unchanged"), str(done["known"])),
            (_("Left out"), str(sum(done["left"].values()))),
        )
        for sentence, count in done["left"].items():
            reason = _(sentence).format_map(_Blank())
            st.caption(_("Left out, {reason}: {count}").format(reason=reason, count=count))
        with st.container(horizontal=True):
            asked = {"round": str(done["round"])}
            for page, label in (("orders", _("See the orders")), ("pick", _("Pick list"))):
                st.page_link(navigation.page(page), label=label, query_params=asked)
            if st.button(_("Done"), key="sheet-result-done", type="tertiary"):
                st.session_state.pop(RESULT, None)
                st.rerun()


class _Blank(dict[str, str]):
    """Fills the placeholders of a reason that stands for many orders."""

    def __missing__(self, name: str) -> str:
        return "…"
