"""What a supplier delivers and on which terms, on the suppliers page."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.kernel.quantity import Unit
from lib.shop.shop import Shop
from lib.supply.suppliers import commands, queries, rules
from lib.supply.suppliers.queries import Supplier, Term
from lib.supply.suppliers.rules import TermDetails
from lib.trade.products import queries as products
from lib.trade.products.queries import Product
from lib.trade.products.rules import typed_price
from lib.ui import feedback, navigation, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain


def tab(shop: Shop, this: Supplier) -> None:
    """Show the goods of a supplier with prices, and the form for the terms of one product."""
    terms = queries.terms_of(shop, this.id)
    if terms:
        _listing(shop, terms)
    else:
        show.nothing(
            _("No goods of this supplier yet."), _("Choose a product below and write its price.")
        )
    if this.archived_at is not None:
        return
    catalogue = {each.id: each for each in products.products(shop)}
    if not catalogue:
        st.page_link(navigation.page("products"), label=_("Add a product first"))
        return
    known = {term.product_id: term for term in terms}
    names = {one: f"{each.name} / {each.unit.word}" for one, each in catalogue.items()}
    chosen = st.selectbox(
        _("Product"),
        sorted(catalogue, key=lambda one: (one not in known, names[one])),
        format_func=names.__getitem__,
        key=f"term-product-{this.id}",
    )
    _form(shop, this, catalogue[chosen], known.get(chosen))


def _listing(shop: Shop, terms: Sequence[Term]) -> None:
    rows = [
        {
            _("Product"): term.product_name,
            _("Price"): term.price.fen if term.price is not None else None,
            _("Unit"): term.unit.word,
            _("Case"): _said(term.unit, term.case_quantity),
            _("Least quantity"): _said(term.unit, term.minimum_quantity),
            _("Shelf life (days)"): term.shelf_life_days,
            _("Preferred"): term.preferred,
        }
        for term in terms
    ]
    show.table(
        pd.DataFrame(rows),
        f"terms-{terms[0].supplier_id}",
        shop,
        money_columns=[_("Price")],
        config={_("Product"): st.column_config.TextColumn(pinned=True)},
    )
    st.caption(
        _("The plan orders a product from its preferred supplier; each product has exactly one.")
    )


def _said(unit: Unit, quantity: int | None) -> str:
    return "" if quantity is None else unit.said(quantity)


@dataclass(frozen=True)
class Typed:
    """What stands in the form of one product's terms, unread."""

    price: str
    case: str
    least: str
    shelf_life: int | None
    preferred: bool

    def read(self, product: Product) -> TermDetails:
        """Return the terms; raises ``Refused`` for what cannot be read."""
        return TermDetails(
            typed_price(self.price),
            rules.typed_quantity(self.case, product.unit, product.conversions),
            rules.typed_quantity(self.least, product.unit, product.conversions),
            self.shelf_life,
            self.preferred,
        )


def _form(shop: Shop, this: Supplier, product: Product, term: Term | None) -> None:
    form = Form(f"term_{this.id}_{product.id}")
    version = form.seen("version", term.version if term else 0)
    with st.form(form.field("form"), border=True):
        typed = _fields(form, product, form.seen("term", term))
        label = _("Save terms") if term else _("Add to its goods")
        saved = st.form_submit_button(label, type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Terms saved"), form):
            details = typed.read(product)
            bound = form.once(shop, version, repr(details))
            commands.set_term(bound, this.id, product.id, details, version)
    if term is not None:
        _ends(shop, term)


def _fields(form: Form, product: Product, term: Term | None) -> Typed:
    unit = product.unit
    with st.container(horizontal=True):
        price = st.text_input(
            _("Price (yuan per {unit})").format(unit=plain(unit.word)),
            money_ui.written(term.price if term else None),
            placeholder="4.50",
            key=form.field("price"),
            width=170,
        )
        case = st.text_input(
            _("Case"),
            _said(unit, term.case_quantity) if term else "",
            placeholder=f"30{unit.word}",
            help=_("Orders are rounded to whole cases. Empty: any quantity."),
            key=form.field("case"),
            width=130,
        )
        least = st.text_input(
            _("Least quantity"),
            _said(unit, term.minimum_quantity) if term else "",
            placeholder=f"10{unit.word}",
            key=form.field("least"),
            width=130,
        )
        shelf_life = st.number_input(
            _("Shelf life (days)"),
            min_value=0,
            max_value=rules.LONGEST_SHELF_LIFE,
            value=term.shelf_life_days if term else None,
            step=1,
            placeholder="—",
            key=form.field("shelf"),
            width=150,
        )
    preferred = st.checkbox(
        _("Preferred supplier of this product"),
        term.preferred if term else False,
        help=_("The first supplier of a product is preferred by itself."),
        key=form.field("preferred"),
    )
    return Typed(price, case, least, shelf_life, preferred)


def _ends(shop: Shop, term: Term) -> None:
    form = Form(f"term_end_{term.id}")
    if st.button(
        _("No longer delivers {product}").format(product=plain(term.product_name)),
        icon=":material/do_not_disturb_on:",
        key=form.field("end"),
        type="tertiary",
    ):
        with feedback.saying(_("Taken off its goods"), form):
            commands.end_term(form.once(shop), term.id)
            Form(f"term_{term.supplier_id}_{term.product_id}").renew()
