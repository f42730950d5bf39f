"""Planning a welfare item: the form, and beside it what the item costs and gives back (R19)."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from lib.kernel.errors import Refused, ShopError
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import Shop
from lib.trade.products.queries import Product, product, products
from lib.trade.products.rules import known_price, typed_price
from lib.trust.costs.rules import LABELS, Line, Part
from lib.trust.welfare import commands, queries, rules
from lib.trust.welfare.queries import Item, Month
from lib.trust.welfare.rules import BELOW_COST, REASON_NAMES, Details, Reason
from lib.ui import feedback, quantities, show
from lib.ui.forms import Form
from lib.ui.words import _, plain


@dataclass(frozen=True)
class Typed:
    """What stands in the form; amounts as typed, so that nothing is lost when it is refused."""

    product: Product
    price: str
    household: float | None
    available: float | None
    reason: Reason
    day: date | None
    note: str
    budget: str
    far_below: bool


_FORMS = ("change", "cancel", "offer", "limits", "back")


def keep_up(one: Item) -> None:
    """Let the other forms of an item know the version that our own change made.

    A form that saw an older version than ``one`` still has somebody else's change to be told of.
    """
    for name in _FORMS:
        form = Form(f"welfare_{name}_{one.id}")
        if form.seen("version", one.version) == one.version:
            form.renew()


def new_item(shop: Shop, month: Month) -> None:
    """Show the form for the next item, with the reckoning that follows what is typed."""
    shelf = {each.id: each for each in products(shop)}
    if not shelf:
        show.nothing(_("No products yet."), _("The owner adds them on the page Products."))
        return
    form = Form("welfare_plan")
    chosen = st.selectbox(
        _("Product"),
        list(shelf),
        index=None,
        format_func=lambda number: f"{shelf[number].name} {shelf[number].price}",
        placeholder=_("Choose a product"),
        key=form.field("product"),
    )
    if chosen is None:
        st.caption(
            _("What it costs us then stands beside the form, from the books of the price sheet.")
        )
        return
    typed = _fields(shop, form, shelf[chosen], None, month)
    if st.button(_("Plan it"), type="primary", key=form.field("save")):
        with feedback.saying(_("The item is planned"), form):
            details = details_of(typed)
            commands.plan_item(form.once(shop, details), details)


def change(shop: Shop, one: Item) -> None:
    """Show the form of an item that is still planned."""
    form = Form(f"welfare_change_{one.id}")
    version = form.seen("version", one.version)
    goods = product(shop, one.product_id)
    if goods.archived_at is not None:
        st.caption(_("This product is not on sale any more. Call the item off."))
        return
    typed = _fields(shop, form, goods, one, None)
    if st.button(_("Save changes"), type="primary", key=form.field("save")):
        with feedback.saying(_("Changes saved"), form):
            details = details_of(typed)
            commands.change_item(form.once(shop, version, details), one.id, version, details)
            keep_up(one)


def _fields(shop: Shop, form: Form, goods: Product, one: Item | None, month: Month | None) -> Typed:
    """Draw the fields, and beside them what they come to."""
    line = queries.cost_now(shop, goods.id) if one is None else one.line
    left, right = st.columns([3, 2], gap="large") if month is not None else (st.container(),) * 2
    with left:
        typed = _numbers(form, goods, one, line)
    with right:
        kind = _reckoning(shop, typed, line, month)
    with left:
        return _rest(shop, form, typed, one, *kind)


def _numbers(form: Form, goods: Product, one: Item | None, line: Line | None) -> Typed:
    usual = line.cost if line is not None else goods.price
    with st.container(horizontal=True, vertical_alignment="bottom"):
        price = st.text_input(
            _("Welfare price per {unit}").format(unit=plain(goods.unit.word)),
            str(one.price if one else usual).replace(",", ""),
            key=form.field(f"price-{goods.id}"),
            width=170,
        )
        household = quantities.field(
            form.field(f"household-{goods.id}"),
            _("Per household"),
            goods.unit,
            one.household_limit if one else None,
        )
        available = quantities.field(
            form.field(f"available-{goods.id}"),
            _("In all"),
            goods.unit,
            one.available if one else None,
        )
    reason = one.reason if one else Reason.THANKS
    return Typed(goods, price, household, available, reason, None, "", "", far_below=False)


def _reckoning(
    shop: Shop, typed: Typed, line: Line | None, month: Month | None
) -> tuple[bool, bool]:
    """Show cost against price; returns whether it is below cost, and far below."""
    if line is None:
        show.state("late", _("Nobody knows what it costs us"))
        st.caption(_("Receive a batch of it, or write its purchase price on the page Products."))
        return False, False
    unit, cost = typed.product.unit, line.cost
    cost_of(unit, line)
    try:
        price = typed_price(typed.price)
    except ShopError as error:
        st.caption(feedback.refusal(error))
        return False, False
    st.markdown(
        _("Bought at {purchase}, sold at {price}.").format(
            purchase=show.money(line.purchase), price=show.money(price)
        )
    )
    if price > cost:
        above = _("{amount} above cost: that is no welfare item")
        show.state("late", above.format(amount=show.money(price - cost)))
        return False, False
    if price == cost:
        show.state("good", _("exactly at cost"))
        return False, False
    _gift(shop, typed, unit, price, cost, month)
    percent = shop.settings.welfare_below_percent
    return True, rules.is_far_below(price, cost, percent)


def cost_of(unit: Unit, line: Line) -> None:
    """Show what one unit costs, part by part, and what is meant by it."""
    st.markdown(
        _("**{cost}** is what one {unit} costs us").format(
            cost=show.money(line.cost), unit=plain(unit.word)
        )
    )
    parts = [(part, amount) for part, amount in line.parts if part is not Part.KEPT]
    st.markdown(" + ".join(f"{_(LABELS[part])} {show.money(amount)}" for part, amount in parts))
    st.caption(
        _("The line it would have on the next price sheet. Rent, wages and our time are not in it.")
    )


def _gift(
    shop: Shop, typed: Typed, unit: Unit, price: Money, cost: Money, month: Month | None
) -> None:
    gift = rules.added(price, cost)
    below = _("We add {added} per {unit}: {percent} % below cost")
    kind: show.State = (
        "soon" if rules.is_far_below(price, cost, shop.settings.welfare_below_percent) else "good"
    )
    show.state(
        kind,
        below.format(
            added=show.money(gift),
            unit=plain(unit.word),
            percent=rules.percent_below(price, cost),
        ),
    )
    most = rules.given(unit, price, cost, quantities.lenient(unit, typed.available))
    show.figures((_("Gives back at most"), show.money(most)), *_left(month, most))


def _left(month: Month | None, most: Money) -> list[tuple[str, str]]:
    if month is None:
        return []
    return [(_("Budget then left"), show.money(month.meter.left - most))]


def _rest(shop: Shop, form: Form, typed: Typed, one: Item | None, below: bool, far: bool) -> Typed:
    number = typed.product.id
    reason = Reason.AT_COST
    if below:
        names = {each: _(REASON_NAMES[each]) for each in BELOW_COST}
        usual = typed.reason if typed.reason in BELOW_COST else Reason.THANKS
        picked = st.radio(
            _("Why below cost (residents read it)"),
            list(names),
            index=list(names).index(usual),
            format_func=names.__getitem__,
            horizontal=True,
            key=form.field(f"reason-{number}"),
        )
        reason = Reason(str(picked or usual))
    ticked = far and st.checkbox(
        _("It is meant to be so far below cost"), key=form.field(f"far-{number}")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            _("Planned for"),
            one.day if one else shop.today + timedelta(days=1),
            format="YYYY-MM-DD",
            key=form.field("day"),
            width=170,
        )
        budget = st.text_input(
            _("Its own budget (yuan)"),
            "" if one is None or one.budget is None else str(one.budget).replace(",", ""),
            placeholder=_("none"),
            help=_("It then cannot be planned for more than this."),
            key=form.field("budget"),
            width=170,
        )
    note = st.text_input(
        _("Note, for you only"),
        one.note if one else "",
        max_chars=rules.LONGEST_NOTE,
        key=form.field("note"),
    )
    return Typed(
        typed.product, typed.price, typed.household, typed.available, reason, day, note, budget,
        bool(ticked),
    )  # fmt: skip


def details_of(typed: Typed) -> Details:
    """Return the item as typed; raises ``Refused`` with what is missing."""
    goods = typed.product
    household = quantities.typed(goods.unit, typed.household, goods.name)
    available = quantities.typed(goods.unit, typed.available, goods.name)
    if not household or not available:
        raise Refused(N_("Write how much a household may have, and how much there is in all."))
    if typed.day is None:
        raise Refused(N_("Choose the day it is planned for."))
    return Details(
        goods.id,
        typed_price(typed.price),
        household,
        available,
        typed.reason,
        typed.day,
        typed.note,
        known_price(typed.budget),
        typed.far_below,
    )
