"""Making purchase orders: from the totals of a round, or typed by hand (E3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import Shop
from lib.supply.purchasing import queries
from lib.supply.purchasing.commands import WantedLine, WantedOrder, add_orders
from lib.supply.purchasing.queries import Need
from lib.supply.purchasing.rules import Cases, below_quantity, in_cases
from lib.supply.suppliers.queries import Term, suppliers, terms_of
from lib.trade.products.queries import products
from lib.ui import feedback, navigation, quantities, round_choice, show
from lib.ui.forms import Form
from lib.ui.suppliers import offered_with_bad_papers
from lib.ui.words import _, plain

UP, DOWN, AS_TYPED = "up", "down", "typed"


@dataclass(frozen=True)
class Row:
    """One product that may be ordered: what is needed and how it is sold to the shop."""

    product_id: int
    name: str
    unit: Unit
    needed: int
    case: int | None
    minimum: int | None
    facts: tuple[tuple[str, str], ...] = ()


def from_round(shop: Shop) -> None:
    """Show what a round needs per supplier, and make the orders for it."""
    chosen = round_choice.choose(shop, "purchase")
    if chosen is None:
        return
    needs = queries.round_needs(shop, chosen.id)
    if not needs:
        show.nothing(
            _("Nothing of this round is to be bought."),
            _("Nobody ordered yet, or everything was handed over."),
        )
        return
    if chosen.takes_orders:
        still = _("The round still takes orders until {moment}.")
        st.info(still.format(moment=show.moment(chosen.cut_off_at, shop)), icon=":material/timer:")
    with st.container(horizontal=True):
        subtract = st.toggle(
            _("Less what is free here and on the way"), value=True, key="purchase_subtract"
        )
        down = st.toggle(_("Round down to cases"), key="purchase_down")
    _without_supplier(needs)
    named = {need.supplier_id: need.supplier_name for need in needs if need.supplier_id}
    for supplier_id, supplier in named.items():
        rows = [_row(need, subtract) for need in needs if need.supplier_id == supplier_id]
        with st.container(border=True):
            st.markdown(f"#### {plain(supplier)}")
            form = Form(f"purchase_{chosen.id}_{supplier_id}_{subtract}_{down}")
            rounding = DOWN if down else UP
            _offer(shop, form, supplier_id, rows, chosen.pickup_day, chosen.id, rounding)


def _row(need: Need, subtract: bool) -> Row:
    needed = need.needed(subtract=subtract)
    facts = (
        (_("Ordered"), need.unit.said(need.ordered)),
        (_("Free here"), need.unit.said(need.free) if need.free else "0"),
        (_("On the way"), need.unit.said(need.coming) if need.coming else "0"),
        (_("Needed"), need.unit.said(needed) if needed else "0"),
    )
    return Row(need.product_id, need.name, need.unit, needed, need.case, need.minimum, facts)


def _without_supplier(needs: Sequence[Need]) -> None:
    missing = "、".join(plain(need.name) for need in needs if need.supplier_id is None)
    if not missing:
        return
    said = _("Nobody is the preferred supplier of: {names}. Say with the supplier who delivers it.")
    st.warning(said.format(names=missing), icon=":material/person_search:")
    st.page_link(navigation.page("suppliers"), label=_("Suppliers"), icon=":material/agriculture:")


def by_hand(shop: Shop) -> None:
    """Show the goods of one supplier and order what is typed."""
    known = {one.id: one.name for one in suppliers(shop)}
    if not known:
        show.nothing(_("No supplier yet."), _("Add one; then goods can be ordered there."))
        st.page_link(
            navigation.page("suppliers"), label=_("Suppliers"), icon=":material/agriculture:"
        )
        return
    supplier_id = st.selectbox(
        _("Supplier"), list(known), format_func=known.__getitem__, key="purchase_supplier"
    )
    terms = terms_of(shop, int(supplier_id))
    rows = [_term_row(term) for term in terms] + _others(shop, {term.product_id for term in terms})
    if not rows:
        show.nothing(_("This supplier has no terms yet."), _("Say what it delivers, and for what."))
        return
    form = Form(f"purchase_hand_{supplier_id}")
    rounding = _rounding() if any(row.case for row in rows) else AS_TYPED
    day = shop.today + timedelta(days=1)
    _offer(shop, form, int(supplier_id), rows, day, None, rounding)


def _rounding() -> str:
    names = {UP: _("Round up to cases"), DOWN: _("Round down to cases"), AS_TYPED: _("As typed")}
    chosen = st.segmented_control(
        _("Cases"), list(names), format_func=names.__getitem__, default=UP, required=True,
        key="purchase_rounding", label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen or UP)


def _term_row(term: Term) -> Row:
    return Row(
        term.product_id, term.product_name, term.unit, 0, term.case_quantity, term.minimum_quantity
    )


def _others(shop: Shop, known: set[int]) -> list[Row]:
    others = {one.id: one for one in products(shop) if one.id not in known}
    chosen = st.multiselect(
        _("Other products"),
        list(others),
        format_func=lambda number: others[number].name,
        placeholder=_("not among this supplier's goods"),
        key="purchase_others",
    )
    picked = [others[number] for number in chosen]
    return [Row(one.id, one.name, one.unit, 0, None, None) for one in picked]


def _offer(
    shop: Shop,
    form: Form,
    supplier_id: int,
    rows: Sequence[Row],
    day: date,
    round_id: int | None,
    rounding: str,
) -> None:
    """Draw the table of one supplier with its sentences, and the button that makes the order."""
    if round_id is not None and not any(row.needed for row in rows):
        show.state("good", _("Enough is here or on the way."))
    offered_with_bad_papers(shop, {row.product_id: row.name for row in rows})
    edited = _editor(form, rows, rounding)
    by_hand_rounding = rounding if round_id is None else AS_TYPED
    for row, record in zip(rows, edited, strict=True):
        typed = quantities.lenient(row.unit, record[_("To order")])
        _say(row, typed if round_id is None else row.needed, _rounded(row, typed, by_hand_rounding))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        expected = st.date_input(
            _("Expected on"), day, format="YYYY-MM-DD", key=form.field("day"), width=170
        )
        note = st.text_input(_("Note for the supplier"), key=form.field("note"), max_chars=200)
    again = _again(shop, form, supplier_id, round_id)
    if st.button(
        _("Make the order"), type="primary", icon=":material/add_shopping_cart:",
        key=form.field("save"),
    ):  # fmt: skip
        with feedback.saying(_("Purchase order made: it stands under Open orders"), form):
            lines = tuple(
                _wanted(row, record, round_id, by_hand_rounding)
                for row, record in zip(rows, edited, strict=True)
            )
            if again is None:
                raise Refused(N_("There is one already. Tick that you want another one."))
            order = WantedOrder(
                supplier_id, expected, lines, round_id, note=note, again=bool(again)
            )
            add_orders(form.once(shop, order), [order])


def _rounded(row: Row, typed: int, rounding: str) -> int:
    if rounding == AS_TYPED:
        return typed
    return in_cases(typed, row.case, down=rounding == DOWN).quantity


def _editor(form: Form, rows: Sequence[Row], rounding: str) -> list[dict[Any, Any]]:
    frame = pd.DataFrame(
        [
            {
                _("Product"): row.name,
                _("To order"): quantities.shown(row.unit, _rounded(row, row.needed, rounding)),
                _("Unit"): row.unit.word,
                _("Case"): row.unit.said(row.case) if row.case else "—",
                **dict(row.facts),
            }
            for row in rows
        ]
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[column for column in frame.columns if column != _("To order")],
        column_config={
            _("Product"): st.column_config.TextColumn(pinned=True),
            _("To order"): st.column_config.NumberColumn(min_value=0.0, format="%g", width="small"),
            _("Unit"): st.column_config.TextColumn(width="small"),
        },
        key=form.field("lines"),
    )
    return list(edited.to_dict("records"))


def _say(row: Row, needed: int, quantity: int) -> None:
    """Say how the need was rounded, and what the quantity is below (E3)."""
    cases = Cases(needed, quantity, row.case)
    name = plain(row.name)
    if needed and row.case and quantity != needed:
        parts = _("{product}: needed {needed}, cases of {case} → {quantity}").format(
            product=name,
            needed=plain(row.unit.said(needed)),
            case=plain(row.unit.said(row.case)),
            quantity=plain(row.unit.said(quantity)) if quantity else "0",
        )
        st.caption(f"{parts}{_rest(row.unit, cases)}")
    elif cases.missing:
        missing = _("{product}: {rest} missing")
        st.caption(missing.format(product=name, rest=plain(row.unit.said(cases.missing))))
    below = below_quantity(quantity, row.minimum)
    if below:
        said = _("{product}: {missing} below the supplier's least quantity of {least}.")
        st.warning(
            said.format(
                product=name,
                missing=plain(row.unit.said(below)),
                least=plain(row.unit.said(row.minimum or 0)),
            ),
            icon=":material/production_quantity_limits:",
        )


def _rest(unit: Unit, cases: Cases) -> str:
    if cases.left_over:
        return _(", {rest} left over").format(rest=plain(unit.said(cases.left_over)))
    if cases.missing:
        return _(", {rest} missing").format(rest=plain(unit.said(cases.missing)))
    return ""


def _again(shop: Shop, form: Form, supplier_id: int, round_id: int | None) -> bool | None:
    """Show an order that was made for this round before; None until another one is wanted."""
    if round_id is None:
        return False
    made = queries.orders_like(shop, supplier_id, round_id=round_id)
    if not made:
        return False
    numbers = ", ".join(one.number for one in made)
    said = _("There is already an order for this round from here: {numbers}.")
    st.warning(said.format(numbers=numbers), icon=":material/receipt_long:")
    st.page_link(
        navigation.page("purchase"),
        label=_("Look at it"),
        icon=":material/visibility:",
        query_params={"order": str(made[0].id)},
    )
    return st.checkbox(_("I want another one"), key=form.field("again")) or None


def _wanted(row: Row, record: dict[Any, Any], round_id: int | None, rounding: str) -> WantedLine:
    typed = quantities.typed(row.unit, record[_("To order")], row.name)
    needed = row.needed if round_id is not None else typed
    quantity = _rounded(row, typed, rounding)
    return WantedLine(row.product_id, needed if quantity else 0, quantity)
