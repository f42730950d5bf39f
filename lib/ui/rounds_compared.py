"""Compared prices on the rounds page: the lowest price charged beside each price, and the proof.

A price set beside an offer is at most the lowest one really charged in the days before; above that
it needs a written basis, which only the owner writes (facts of the field, 3.3 §16).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from lib.kernel.money import Money
from lib.shop.files import intake
from lib.shop.language import translator
from lib.shop.shop import Role, Shop
from lib.trade.charged.rules import LONGEST_BASIS, Lowest, stands
from lib.trade.charged.texts import meaning
from lib.trade.products.rules import known_price, typed_price
from lib.trade.rounds import commands, queries
from lib.trade.rounds.queries import Offer, Round
from lib.trade.rounds.rules import Offered
from lib.ui import feedback, scans, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, language, plain


def lowest_column(shop: Shop) -> str:
    """Return the heading of the lowest price charged, with the days that are looked back."""
    return _("Lowest in {days} days").format(days=shop.settings.compared_price_days)


def lowest_cell(shop: Shop, lowest: Lowest | None) -> dict[str, Any]:
    """Return what stands beside the price in an editor's row: the lowest price charged."""
    return {lowest_column(shop): None if lowest is None else float(lowest.price.yuan)}


def cells(compared: Money | None = None, basis: str = "") -> dict[str, Any]:
    """Return what an editor's row shows of the comparison."""
    return {
        _("Compared price"): None if compared is None else float(compared.yuan),
        _("Basis"): basis,
    }


def columns(shop: Shop) -> dict[str, Any]:
    """Return the settings of these columns for an editor."""
    number = st.column_config.NumberColumn
    return {
        lowest_column(shop): number(
            format="¥%.2f",
            width="small",
            help=_(
                "The lowest price really charged in the days before; without a sale in them the "
                "last one charged. A price merely saved was charged to nobody."
            ),
        ),
        _("Compared price"): number(
            format="¥%.2f",
            min_value=0.0,
            step=0.01,
            width="small",
            help=_("Stands beside the price. Higher than the lowest charged only with a basis."),
        ),
        _("Basis"): st.column_config.TextColumn(
            max_chars=LONGEST_BASIS,
            help=_("What a higher compared price is, for example the same in the supermarket."),
        ),
    }


def compared_of(row: Mapping[str, Any]) -> tuple[Money | None, str]:
    """Return compared price and basis as typed into an editor's row."""
    typed, basis = row[_("Compared price")], row[_("Basis")]
    known = typed is not None and not math.isnan(typed)
    compared = typed_price(f"{typed:.15g}") if known else None
    return compared, basis if isinstance(basis, str) else ""


def not_shown(shop: Shop, this: Round, found: Sequence[Offer]) -> None:
    """Name the compared prices that the rule no longer allows: they are left out everywhere."""
    compared = [each for each in found if each.compared is not None]
    if not compared:
        return
    lowest = queries.limits(shop, this, compared)
    names = [
        plain(each.name)
        for each in compared
        if each.compared
        and not stands(each.price, each.compared, each.basis, lowest.get(each.product_id))
    ]
    if names:
        said = _("Not shown to anybody, because less was charged meanwhile: {names}")
        st.warning(said.format(names="、".join(names)), icon=":material/price_change:")


def proof(shop: Shop, this: Round, found: Sequence[Offer]) -> None:
    """Let the owner write the basis of a compared price with the day and a photo of it."""
    if shop.actor.role is not Role.OWNER:
        return
    offers = {each.product_id: each for each in found}
    form = Form(f"round_proof_{this.id}")
    with st.popover(_("Basis with photo"), icon=":material/add_a_photo:", key=f"proof-{this.id}"):
        chosen = st.selectbox(
            _("Product"),
            list(offers),
            format_func=lambda number: offers[number].name,
            key=form.field("product"),
        )
        each = offers[int(chosen or found[0].product_id)]
        _limit(shop, queries.limits(shop, this, [each]).get(each.product_id))
        if each.compared_photo:
            scans.show(shop, each.compared_photo, _("Photo of the basis"))
        _prove(shop, this, each, form)


def _limit(shop: Shop, lowest: Lowest | None) -> None:
    """Say up to what a compared price needs no basis."""
    if lowest is None:
        st.caption(_("Nobody was ever charged for it: a compared price needs a basis."))
        return
    said = _("Up to {price} a compared price needs no basis: {meaning}.")
    say, days = translator(language()), shop.settings.compared_price_days
    st.caption(
        said.format(
            price=show.money(lowest.price), meaning=meaning(lowest.price, "", lowest, days, say)
        )
    )


def _prove(shop: Shop, this: Round, each: Offer, form: Form) -> None:
    name = str(each.product_id)
    compared = st.text_input(
        _("Compared price"),
        money_ui.written(each.compared),
        key=form.field(f"compared-{name}"),
    )
    basis = st.text_input(
        _("Whose price it is"),
        each.basis,
        max_chars=LONGEST_BASIS - 11,
        placeholder=_("the same in the supermarket"),
        key=form.field(f"basis-{name}"),
    )
    seen = st.date_input(
        _("Seen on"), shop.today, format="YYYY-MM-DD", key=form.field(f"seen-{name}")
    )
    photo = scans.field(form, f"photo-{name}", _("Photo of it"), photo_only=True)
    st.caption(_("Residents read basis and day beside the price. The photo stays here as proof."))
    if st.button(_("Save the basis"), type="primary", key=form.field("save")):
        with feedback.saying(_("Basis saved"), form):
            kept = scans.keep(shop, photo, intake.PHOTOS) or each.compared_photo
            wanted = replace(
                _as_it_stands(each),
                compared=known_price(compared),
                basis=_dated(basis, seen),
                photo=kept,
            )
            commands.change_offers(form.once(shop, repr(wanted)), this.id, [wanted])


def _dated(basis: str, seen: date | None) -> str:
    """Return the basis with its day; a day that stands in it already is not said twice."""
    if not basis.strip() or seen is None or f"{seen:%Y-%m-%d}" in basis:
        return basis
    return f"{basis.strip()} {seen:%Y-%m-%d}"


def _as_it_stands(each: Offer) -> Offered:
    return Offered(each.product_id, each.price, each.household_limit, each.available)
