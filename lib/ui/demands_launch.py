"""Putting a wish on offer in one step: a product, its supplier, its place in a round (R16)."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.files import photos
from lib.shop.shop import Role, Shop
from lib.trade.products.queries import categories, products
from lib.trade.products.rules import (
    COMMON_UNITS,
    LONGEST_NAME,
    Details,
    known_price,
    price_per_jin,
    typed_price,
)
from lib.trade.rounds import queries as rounds_queries
from lib.trust.demands.launch.commands import (
    NewProduct,
    Place,
    launch_product,
    offer_product,
)
from lib.trust.demands.queries import One
from lib.trust.demands.sources import queries as sources
from lib.trust.demands.sources.queries import Source
from lib.trust.demands.sources.rules import Answer
from lib.ui import demands, feedback, quantities, rounds, show
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

_NEW, _STANDING = "new", "standing"
_NEW_ROUND, _NO_ROUND = "new", "none"


def draw(shop: Shop, this: One, version: int) -> None:
    """Draw the form: a new product (the owner's), or one that stands in the catalogue."""
    if shop.actor.role is not Role.OWNER:
        st.caption(_("The owner makes new products; you can offer one that is there."))
        _standing(shop, this, version)
        return
    kinds = {_NEW: _("A new product"), _STANDING: _("A product we have")}
    kind = st.radio(
        _("What is on offer"),
        list(kinds),
        format_func=kinds.__getitem__,
        horizontal=True,
        label_visibility="collapsed",
        key=f"launch-kind-{this.card.id}",
    )
    if kind == _STANDING:
        _standing(shop, this, version)
    else:
        _new(shop, this, version)


def _new(shop: Shop, this: One, version: int) -> None:
    source = _choose_source(shop, this)
    form = Form(f"launch-{this.card.id}-{source.id if source else 0}")
    read_new = _product(shop, form, this.card.title, source)
    photo = st.file_uploader(
        _("Photo (may come later)"),
        type="image",
        max_upload_size=photos.LARGEST_UPLOAD // 1024 // 1024,
        key=form.field("photo"),
    )
    read_place = _place(shop, form)
    if not st.button(
        _("Make the product and put it on offer"),
        type="primary",
        icon=":material/rocket_launch:",
        key=form.field("save"),
    ):
        return
    with feedback.saying(_("On offer. Now tell everybody who asked."), form):
        new, place = read_new(), read_place()
        content = photo.getvalue() if photo is not None else None
        bound = form.once(shop, version, repr(new), _said(place), len(content or b""))
        launch_product(
            bound, this.card.id, version, new, place, content, photo.name if photo else ""
        )
        _leave(this)


def _product(shop: Shop, form: Form, title: str, source: Source | None) -> Callable[[], NewProduct]:
    """Draw the fields of a new product; return what reads them, which may raise ``Refused``."""
    name = st.text_input(_("Name"), title, max_chars=LONGEST_NAME, key=form.field("name"))
    unit, price, cost = _prices(form, source)
    _what_is_kept(price, cost, unit)
    with st.container(horizontal=True):
        category = st.selectbox(
            _("Category"),
            ["", *categories(shop)],
            format_func=lambda word: word or "—",
            accept_new_options=True,
            key=form.field("category"),
        )
        supplier = _choose_supplier(shop, form, source)
    with st.container(horizontal=True):
        fresh = st.checkbox(_("Fresh"), key=form.field("fresh"))
        daily = st.checkbox(_("Daily goods"), key=form.field("daily"))
        fragile = st.checkbox(_("Fragile"), key=form.field("fragile"))
    limit, available = _limits(form, Unit.named(unit))

    def read() -> NewProduct:
        asked, bought = typed_price(price), known_price(cost)
        details = Details(
            name, unit, asked, category or "", fresh, daily, fragile, purchase_price=bought
        )
        word = details.sale_unit
        return NewProduct(
            details,
            supplier,
            quantities.typed(word, limit, name) or None,
            quantities.typed(word, available, name) or None,
        )

    return read


def _prices(form: Form, source: Source | None) -> tuple[str, str, str]:
    """Ask for the sale unit and what one costs and is bought at; a quote fills them in."""
    known = (source.unit if source else "") or COMMON_UNITS[0]
    with st.container(horizontal=True):
        units = list(dict.fromkeys([known, *COMMON_UNITS]))
        unit = st.selectbox(_("Sale unit"), units, accept_new_options=True, key=form.field("unit"))
        price = st.text_input(
            _("Price (yuan per unit)"),
            money_ui.written(source.price if source else None),
            placeholder="18.80",
            key=form.field("price"),
        )
        cost = st.text_input(
            _("Purchase price (yuan per unit)"),
            money_ui.written(source.cost if source else None),
            placeholder="15.00",
            key=form.field("cost"),
        )
    return unit or "", price, cost


def _choose_source(shop: Shop, this: One) -> Source | None:
    """Ask which source delivers it; their quote fills the form."""
    able = {one.id: one for one in sources.sources(shop, this.card.id) if one.answer is Answer.CAN}
    if not able:
        return None
    names: dict[int | None, str] = {key: one.name for key, one in able.items()}
    names[None] = _("another one")
    chosen = st.selectbox(
        _("Which source delivers it"),
        list(names),
        format_func=names.__getitem__,
        key=f"launch-source-{this.card.id}",
    )
    return able.get(chosen) if chosen is not None else None


def _choose_supplier(shop: Shop, form: Form, source: Source | None) -> int | None:
    known = sources.supplier_names(shop)
    names: dict[int | None, str] = {None: "—", **{key: known[key] for key in known}}
    start = source.supplier_id if source and source.supplier_id in names else None
    chosen: int | None = st.selectbox(
        _("Supplier"),
        list(names),
        index=list(names).index(start),
        format_func=names.__getitem__,
        help=_("Their terms start with this purchase price."),
        key=form.field("supplier"),
    )
    return chosen


def _what_is_kept(price: str, cost: str, unit: str) -> None:
    """Say at once what the shop keeps of a price, and what 500 g cost."""
    asked, paid = _amount(price), _amount(cost)
    said = []
    if asked is not None and paid is not None:
        said.append(
            _("Price less purchase price: {amount}").format(amount=show.money(asked - paid))
        )
    per_jin = price_per_jin(asked, Unit.named(unit), None) if asked is not None else None
    if per_jin is not None:
        said.append(_("{price} per 500 g").format(price=show.money(per_jin)))
    if said:
        st.caption(plain(" · ".join(said)))


def _amount(text: str) -> Money | None:
    try:
        return Money.parse(text) if text.strip() else None
    except ValueError:
        return None


def _limits(form: Form, unit: Unit) -> tuple[float | None, float | None]:
    with st.expander(_("Limits")), st.container(horizontal=True):
        limit = quantities.field(form.field("limit"), _("Per household"), unit, None)
        available = quantities.field(form.field("available"), _("In all"), unit, None)
    return limit, available


def _standing(shop: Shop, this: One, version: int) -> None:
    """Offer a product of the catalogue, in a round in which it may stand already."""
    form = Form(f"link-{this.card.id}")
    names = {each.id: f"{each.name} {each.price}" for each in products(shop)}
    if not names:
        show.nothing(_("No products yet."), _("The owner adds them on the page Products."))
        return
    chosen = st.selectbox(
        _("Product"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose"),
        key=form.field("product"),
    )
    price = st.text_input(
        _("Price in the round (empty: its own)"), placeholder="18.80", key=form.field("price")
    )
    read_place = _place(shop, form)
    if st.button(_("It is on offer"), type="primary", key=form.field("save")):
        with feedback.saying(_("On offer. Now tell everybody who asked."), form):
            asked = known_price(price)
            place = read_place()
            bound = form.once(shop, version, chosen, repr(asked), _said(place))
            offer_product(bound, this.card.id, version, int(chosen or 0), place, asked)
            _leave(this)


def _place(shop: Shop, form: Form) -> Callable[[], Place]:
    """Ask for the round; return what reads the choice, which may raise ``Refused``."""
    names: dict[int | str, str] = {
        one.id: f"{one.title} · {show.moment(one.cut_off_at, shop)}"
        for one in rounds_queries.open_rounds(shop)
    }
    names |= {_NEW_ROUND: _("a new round"), _NO_ROUND: _("no round: it lies in the shop")}
    chosen = st.selectbox(
        _("In which round"), list(names), format_func=names.__getitem__, key=form.field("round")
    )
    if chosen == _NO_ROUND:
        return Place
    if chosen != _NEW_ROUND:
        return lambda: Place(round_id=int(chosen or 0))
    with st.container(border=True):
        plan = rounds.plan_fields(shop, form, "", rounds_queries.proposed(shop), "")
    return lambda: Place(plan=replace(plan, times=replace(plan.times, opens_at=shop.clock.now())))


def _said(place: Place) -> str:
    """Return the place for the form key: a second click is the same at another moment."""
    plan = place.plan
    if plan is None:
        return str(place.round_id)
    return f"{plan.title} {plan.times.cut_off_at} {plan.times.pickup_day} {plan.note}"


def _leave(this: One) -> None:
    demands.moved(this.card)
    st.query_params.pop("do", None)
