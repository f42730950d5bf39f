"""Receiving on screen: what should be here, what came, what is rejected (E6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.files import intake
from lib.shop.shop import OWNER_ONLY, Shop
from lib.supply.purchasing.commands import Arrival, ArrivalLine, receive
from lib.supply.purchasing.queries import PurchaseOrder
from lib.supply.purchasing.receiving.queries import Batch, batch
from lib.supply.suppliers.queries import suppliers, terms_of
from lib.trade.products.queries import products
from lib.trade.products.rules import known_price
from lib.ui import choice, feedback, navigation, quantities, scans, show
from lib.ui.forms import Form
from lib.ui.suppliers import offered_with_bad_papers
from lib.ui.words import _, plain

GOODS_IN, SHORT, CAME, RECORDS = "in", "short", "came", "records"
WITHOUT_ORDER = 0
_DONE = "received_just_now"


@dataclass(frozen=True)
class Expected:
    """One product that may have come: what of it is still to come, and whether it is fresh."""

    product_id: int
    name: str
    unit: Unit
    to_come: int | None
    price: Money | None
    is_fresh: bool


def view(short: int) -> str:
    """Let one of the page's views be chosen; ``?round=`` and ``?day=`` open the shortages."""
    names = {
        GOODS_IN: _("Goods in"),
        SHORT: _("Shortages ({count})").format(count=short) if short else _("Shortages"),
        CAME: _("What came"),
        RECORDS: _("Purchase records"),
    }
    asked = SHORT if {"round", "day"} & set(st.query_params) else GOODS_IN
    return choice.of_views(_("View"), names, asked, "receive_view")


def just_received(shop: Shop, short: Sequence[str]) -> None:
    """Say what the last receiving made: the batches to write on the crates, and who is short."""
    ids = st.session_state.get(_DONE, ())
    if not ids:
        return
    made = [batch(shop, one) for one in ids]
    with st.container(border=True):
        show.state("good", _("Booked in"))
        st.markdown("\n".join(_batch_said(one) for one in made))
        with st.container(horizontal=True):
            for one in made:
                st.page_link(
                    navigation.page("batches"),
                    label=_("Label and evidence {code}").format(code=one.code),
                    icon=":material/qr_code_2:",
                    query_params={"batch": str(one.id)},
                )
        if short:
            names = "、".join(plain(name) for name in short)
            said = _("Too little for what was ordered: {names}. Share it out under Shortages.")
            st.warning(said.format(names=names), icon=":material/call_split:")
        if st.button(_("Done"), key="received_done"):
            st.session_state.pop(_DONE, None)
            st.rerun()


def _batch_said(one: Batch) -> str:
    came = plain(one.unit.said(one.received)) if one.received else "0"
    said = f"- **{one.code}** {plain(one.product_name)} {came}"
    if one.rejected:
        rejected = _("rejected {amount}").format(amount=plain(one.unit.said(one.rejected)))
        said += f" · :red[{rejected}]"
    return said


def choose(shop: Shop, found: Sequence[PurchaseOrder]) -> PurchaseOrder | None:
    """Let the expected order be chosen, today's first; None for goods without an order."""
    names = {one.id: _said(shop, one) for one in found}
    names[WITHOUT_ORDER] = _("Without an order")
    asked = st.query_params.get("order", "")
    known = [one for one in names if str(one) == asked]
    chosen = st.selectbox(
        _("What came?"),
        list(names),
        index=list(names).index(known[0]) if known else 0,
        format_func=names.__getitem__,
        key="receive_order",
    )
    return next((one for one in found if one.id == chosen), None)


def in_turn(shop: Shop, found: Sequence[PurchaseOrder]) -> list[PurchaseOrder]:
    """Return open orders as they are looked for: today's, late ones, then those to come."""
    today = shop.today
    return sorted(
        found,
        key=lambda one: (
            one.expected_on != today,
            one.expected_on > today,
            abs((one.expected_on - today).days),
            one.id,
        ),
    )


def _said(shop: Shop, one: PurchaseOrder) -> str:
    goods = "、".join(line.name for line in one.lines[:3]) + ("…" if len(one.lines) > 3 else "")
    return f"{show.day(one.expected_on, shop)} · {one.supplier_name} · {goods} · {one.number}"


def of_order(shop: Shop, one: PurchaseOrder) -> None:
    """Draw the form for an expected order."""
    fresh = {each.id: each.is_fresh for each in products(shop)}
    lines = [
        Expected(
            line.product_id,
            line.name,
            line.unit,
            line.to_come,
            line.unit_price,
            fresh.get(line.product_id, False),
        )
        for line in one.lines
    ]
    if one.note:
        st.info(plain(one.note), icon=":material/sticky_note_2:")
    _form(shop, Form(f"receive_{one.id}"), one.supplier_id, lines, one)


def without_order(shop: Shop) -> None:
    """Draw the form for goods that nobody ordered: a supplier, then its products."""
    known = {one.id: one.name for one in suppliers(shop)}
    if not known:
        show.nothing(_("No supplier yet."), _("The owner adds them on the page Suppliers."))
        return
    supplier_id = st.selectbox(
        _("Supplier"), list(known), format_func=known.__getitem__, key="receive_supplier"
    )
    own = [term.product_id for term in terms_of(shop, int(supplier_id))]
    shelf = {one.id: one for one in products(shop)}
    order = [one for one in own if one in shelf] + [one for one in shelf if one not in own]
    chosen = st.multiselect(
        _("Products that came"),
        order,
        format_func=lambda number: shelf[number].name,
        placeholder=_("Choose"),
        key=f"receive_products_{supplier_id}",
    )
    if not chosen:
        st.caption(_("Choose what came; then the quantities are asked for."))
        return
    lines = [
        Expected(one, shelf[one].name, shelf[one].unit, None, None, shelf[one].is_fresh)
        for one in chosen
    ]
    _form(shop, Form(f"receive_from_{supplier_id}"), int(supplier_id), lines, None)


def _form(
    shop: Shop,
    form: Form,
    supplier_id: int,
    lines: Sequence[Expected],
    one: PurchaseOrder | None,
) -> None:
    version = form.seen("version", one.version) if one is not None else None
    offered_with_bad_papers(shop, {line.product_id: line.name for line in lines})
    with st.form(form.field("form"), border=False):
        drafts = [line_fields(shop, form, line, f"{line.product_id}") for line in lines]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = st.date_input(
                _("Came on"),
                shop.today,
                max_value=shop.today,
                min_value=shop.today - timedelta(days=60),
                format="YYYY-MM-DD",
                key=form.field("day"),
                width=170,
            )
            note = st.text_input(_("Note"), key=form.field("note"), max_chars=200)
        voucher = scans.field(form, "voucher", _("Photo of the delivery note"))
        rest = ""
        if one is not None:
            rest = st.text_input(
                _("If the rest will not come: why"),
                key=form.field("rest"),
                help=_("Empty: what is missing stays expected."),
                max_chars=200,
            )
        pressed = st.form_submit_button(
            _("Book it in"), type="primary", icon=":material/inventory:", key=form.field("save"),
            width="stretch",
        )  # fmt: skip
    if pressed:
        with feedback.saying(_("Goods booked in"), form):
            arrival = Arrival(
                supplier_id,
                tuple(draft.line(shop) for draft in drafts),
                day,
                one.id if one is not None else None,
                version,
                scans.keep(shop, voucher),
                note,
                rest,
            )
            done = receive(form.once(shop, arrival), arrival)
            st.session_state[_DONE] = done.batch_ids
            st.query_params.pop("order", None)


@dataclass(frozen=True)
class Draft:
    """What stands in the fields of one product before anybody checked it."""

    expected: Expected
    received: float | None
    rejected: float | None
    reason: str
    photo: object
    produced_on: date | None
    shelf_life: int | None
    best_before: date | None
    estimate: bool
    lot: str
    specification: str
    certificate: str
    price: str

    def line(self, shop: Shop) -> ArrivalLine:
        """Return the line to be booked; raises ``Refused`` for what cannot be meant."""
        unit, name = self.expected.unit, self.expected.name
        return ArrivalLine(
            self.expected.product_id,
            quantities.typed(unit, self.received, name),
            quantities.typed(unit, self.rejected, name),
            self.reason,
            scans.keep(shop, self.photo, intake.PHOTOS),
            self.produced_on,
            self.lot,
            self.shelf_life,
            self.best_before,
            not self.estimate,
            self.specification,
            self.certificate,
            known_price(self.price),
        )


def line_fields(
    shop: Shop, form: Form, line: Expected, name: str, before: Batch | None = None
) -> Draft:
    """Draw the fields of one product: how much came, and what else is known of it."""
    with st.container(border=True):
        st.markdown(f"**{plain(line.name)}**" + _of_order(line))
        with st.container(horizontal=True):
            received = quantities.field(
                form.field(f"received-{name}"),
                _("Good"),
                line.unit,
                before.received if before else line.to_come,
            )
            rejected = quantities.field(
                form.field(f"rejected-{name}"),
                _("Rejected"),
                line.unit,
                before.rejected if before else 0,
            )
        with st.expander(_("Rejected: reason and photo"), key=form.field(f"bad-{name}")):
            reason = st.text_input(
                _("Why rejected"),
                before.reject_reason if before else "",
                key=form.field(f"reason-{name}"),
                max_chars=200,
            )
            photo = scans.field(form, f"photo-{name}", _("Photo of it"), photo_only=True)
        with st.expander(_("Dates, lot, papers"), key=form.field(f"papers-{name}")):
            return Draft(
                line, received, rejected, reason, photo,
                *_papers(shop, form, line, name, before),
            )  # fmt: skip


def _of_order(line: Expected) -> str:
    if line.to_come is None:
        return ""
    amount = plain(line.unit.said(line.to_come)) if line.to_come else "0"
    said = _("expected {amount}").format(amount=amount)
    price = f" · {show.money(line.price)}/{plain(line.unit.word)}" if line.price else ""
    return f" · {said}{price}"


def _papers(
    shop: Shop, form: Form, line: Expected, name: str, before: Batch | None
) -> tuple[date | None, int | None, date | None, bool, str, str, str, str]:
    with st.container(horizontal=True):
        produced = st.date_input(
            _("Produced or picked on"),
            before.produced_on if before else None,
            max_value=shop.today,
            format="YYYY-MM-DD",
            key=form.field(f"produced-{name}"),
            width=190,
        )
        shelf_life = st.number_input(
            _("Shelf life (days)"),
            min_value=0,
            max_value=36_500,
            value=before.shelf_life_days if before else None,
            step=1,
            placeholder="—",
            key=form.field(f"shelf-{name}"),
            width=150,
        )
        best_before = st.date_input(
            _("Or best before"),
            _best_before(before),
            format="YYYY-MM-DD",
            key=form.field(f"best-{name}"),
            width=190,
        )
    estimate = st.checkbox(
        _("The dates are our own estimate, not printed on the goods"),
        not before.best_before_printed if before else line.is_fresh,
        key=form.field(f"estimate-{name}"),
        help=_("Goods past a printed date cannot be handed out; past an estimate they can."),
    )
    with st.container(horizontal=True):
        lot = st.text_input(
            _("Lot"), before.lot if before else "", key=form.field(f"lot-{name}"), width=160
        )
        specification = st.text_input(
            _("Specification"),
            before.specification if before else "",
            placeholder="500ml × 12",
            key=form.field(f"spec-{name}"),
            width=190,
        )
        certificate = st.text_input(
            _("Certificate number"),
            before.certificate_number if before else "",
            key=form.field(f"certificate-{name}"),
            width=220,
        )
    price = ""
    if shop.actor.role in OWNER_ONLY:
        price = st.text_input(
            _("Another price than agreed (per {unit})").format(unit=plain(line.unit.word)),
            placeholder=show.money(before.unit_price if before else line.price),
            key=form.field(f"price-{name}"),
            width=260,
        )
    return produced, shelf_life, best_before, estimate, lot, specification, certificate, price


def _best_before(before: Batch | None) -> date | None:
    """Return the date that was typed, not one that follows from the shelf life."""
    if before is None or before.shelf_life_days is not None:
        return None
    return before.best_before
