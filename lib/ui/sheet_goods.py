"""Questions about the goods of an order file: which product of the shop is meant, how many of it.

Each text is asked about once, however many orders name it; answers are kept with the file.
"""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from lib.shop.shop import Role, Shop
from lib.trade.orders import sheet_goods
from lib.trade.orders.sheet_goods import Answer, Goods
from lib.trade.orders.sheets import file_fingerprint
from lib.trade.products import commands as product_commands
from lib.trade.products.queries import CatalogueItem
from lib.trade.products.rules import Details, typed_price
from lib.trade.rounds.commands import add_offers
from lib.trade.rounds.queries import Round
from lib.trade.rounds.rules import Offered
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.sheet_books import Desk
from lib.ui.sheet_file import Upload
from lib.ui.words import _, plain

OUT, NEW = -1, -2
MOST_CARDS = 30


def goods(shop: Shop, form: Form, upload: Upload, desk: Desk, chosen: Round) -> None:
    """Ask about goods that are not certain: once per text, however many orders name it."""
    still_open = desk.preview.open_goods
    if still_open:
        st.subheader(_("Which products are these?"))
        _offer_all(shop, desk, chosen)
        answered: dict[str, Answer] = {}
        for each in still_open[:MOST_CARDS]:
            answer = _card(shop, form, upload, each, desk, chosen)
            if answer is not None:
                answered[each.text.key] = answer
        ready = f"{len(answered)}/{len(still_open)}"
        if st.button(
            _("Use these answers") + f" ({ready})",
            type="primary",
            disabled=not answered,
            key=form.field("answer"),
        ):
            upload.answers |= answered
            upload.reopened -= answered.keys()
            st.rerun()
    _settled_goods(form, upload, desk)


def _card(
    shop: Shop, form: Form, upload: Upload, each: Goods, desk: Desk, chosen: Round
) -> Answer | None:
    """One goods text with its question; returns the answer as it stands, None while incomplete."""
    name = file_fingerprint(each.text.key.encode())[:12]
    with st.container(border=True, key=f"goods-{name}"):
        st.markdown(f"**{plain(each.text.said)}**")
        said = _("{orders} orders, {quantity} in all; {why}")
        st.caption(
            said.format(
                orders=each.orders, quantity=f"{each.quantity.normalize():f}", why=_(each.fit.value)
            )
        )
        proposed = each.answer.product_id if each.answer else None
        options = [*_ordered(desk, each.candidates), OUT]
        if shop.actor.role is Role.OWNER:
            options.append(NEW)
        labels = {number: _option(desk, number) for number in options}
        picked = st.selectbox(
            _("Product in the shop"),
            options,
            index=options.index(proposed) if proposed in options else None,
            format_func=labels.__getitem__,
            placeholder=_("Choose a product"),
            key=form.field(f"product-{name}{'-made' if each.text.key in upload.made else ''}"),
        )
        if picked is None:
            return None
        if picked == OUT:
            st.caption(_("Orders with these goods are booked without them and marked for a look."))
            return Answer(None)
        if picked == NEW:
            _new_product(shop, upload, each, name)
            return None
        return _units(shop, form, each, desk, chosen, picked, name)


def _units(
    shop: Shop, form: Form, each: Goods, desk: Desk, chosen: Round, picked: int, name: str
) -> Answer | None:
    item = desk.shelf[picked]
    units = sheet_goods.propose_units(each.text, item)
    label = _("One of these = how many {unit}?").format(unit=plain(item.unit))
    if not units.sure:
        st.caption(_("The size in the file is not how the shop sells it: please say what it is."))
    number = st.number_input(
        label,
        min_value=0.001,
        max_value=float(sheet_goods.LARGEST_UNITS),
        value=float(units.number) if units.number else None,
        format="%g",
        placeholder=_("Not certain: please type it"),
        key=form.field(f"units-{name}-{picked}"),
    )
    if picked not in desk.offered:
        st.caption(_("{name} is not in this round yet.").format(name=plain(item.name)))
        label = _("Add to this round at {price}").format(price=_price(item))
        adding = Form(f"sheet_offer_{picked}")
        if st.button(label, key=adding.field("add"), icon=":material/add:"):
            _offer(shop, adding, chosen, [item])
        return None
    return Answer(picked, Decimal(str(round(number, 3))), item.unit) if number else None


def _ordered(desk: Desk, candidates: Sequence[int]) -> list[int]:
    """Candidates first, then the round's products, then all others."""
    return sorted(
        desk.shelf,
        key=lambda key: (key not in candidates, key not in desk.offered, desk.shelf[key].name),
    )


def _option(desk: Desk, number: int) -> str:
    if number == OUT:
        return _("leave these lines out")
    if number == NEW:
        return _("make it a new product")
    item = desk.shelf[number]
    extra = "" if number in desk.offered else " · " + _("not in this round")
    return f"{item.name} ({item.unit}){extra}"


def _price(item: CatalogueItem) -> str:
    return f"{show.money(item.price)}/{plain(item.unit)}"


def _offer_all(shop: Shop, desk: Desk, chosen: Round) -> None:
    """One click for all products that were recognised but are not in the round."""
    missing = {
        each.answer.product_id
        for each in desk.preview.open_goods
        if each.answer and each.answer.product_id and not each.offered
    }
    if len(missing) < 2:
        return
    adding = Form("sheet_offer_all")
    label = _("Add these {count} products to the round at today's prices")
    if st.button(label.format(count=len(missing)), key=adding.field("add"), icon=":material/add:"):
        _offer(shop, adding, chosen, [desk.shelf[key] for key in sorted(missing)])


def _offer(shop: Shop, adding: Form, chosen: Round, items: Sequence[CatalogueItem]) -> None:
    with feedback.saying(_("Added to the round."), adding):
        offers = [Offered(item.product_id, item.price) for item in items]
        ids = [offer.product_id for offer in offers]
        add_offers(adding.once(shop, chosen.id, ids), chosen.id, offers)


def _new_product(shop: Shop, upload: Upload, each: Goods, key: str) -> None:
    """A product of the file becomes one of the shop: name, unit and price are enough."""
    adding = Form(f"sheet_product_{key}")
    with st.form(adding.field("form"), border=False):
        with st.container(horizontal=True):
            name = st.text_input(_("Name"), value=each.text.name, key=adding.field("name"))
            unit = st.text_input(_("Sale unit"), value=sheet_goods.unit_of(each.text),
                                 key=adding.field("unit"))  # fmt: skip
            price = st.text_input(_("Price per unit (yuan)"), placeholder="4.80",
                                  key=adding.field("price"))  # fmt: skip
        pressed = st.form_submit_button(_("Add product"), key=adding.field("save"))
    if pressed:
        with feedback.saying(_("Product added; now add it to the round."), adding):
            details = Details(name, unit, typed_price(price))
            product_commands.add_product(adding.once(shop, name, unit, price), details)
            # The choice "new product" is done with: the card starts over with the product.
            upload.made.add(each.text.key)


def _settled_goods(form: Form, upload: Upload, desk: Desk) -> None:
    """What is certain, with the conversion; each can be asked about again."""
    settled = [each for each in desk.preview.goods if each.settled]
    if not settled:
        return
    frame = pd.DataFrame([_settled_row(desk, each) for each in settled])
    with st.expander(_("Products recognised: {count}").format(count=len(settled)),
                     icon=":material/nutrition:"):  # fmt: skip
        st.dataframe(frame, hide_index=True, key="sheet-goods")
        keys = {each.text.key: each.text.said for each in settled}
        again = st.selectbox(
            _("Something wrong? Ask about it again"),
            list(keys),
            index=None,
            format_func=keys.__getitem__,
            placeholder=_("Choose a product"),
            key=form.field(f"again-{len(upload.reopened)}-{len(upload.answers)}"),
        )
        if again is not None:
            upload.reopened.add(again)
            st.rerun()


def _settled_row(desk: Desk, each: Goods) -> dict[str, str]:
    assert each.answer is not None
    number = each.answer.product_id
    if number is None:
        return {_("In the file"): each.text.said, _("In the shop"): _("left out"),
                _("One of these is"): "—", _("Why"): _(each.fit.value)}  # fmt: skip
    item = desk.shelf[number]
    return {
        _("In the file"): each.text.said,
        _("In the shop"): item.name,
        _("One of these is"): f"{each.answer.units.normalize():f}{item.unit}",
        _("Why"): _(each.fit.value),
    }
