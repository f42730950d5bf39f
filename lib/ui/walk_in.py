"""A walk-in order: one line typed as residents write it, or goods picked by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.words import N_
from lib.members.profiles import queries as members
from lib.members.profiles.rules import Certainty, Hint
from lib.shop.shop import Shop
from lib.supply.stock.queries import Stock
from lib.trade.orders.chain_review import read_line
from lib.trade.orders.delivery.rules import delivery_fee, missing_for_free_delivery
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.payments.commands import pay_order
from lib.trade.products.queries import CatalogueItem
from lib.ui import navigation, show, slots_usual
from lib.ui.chain_review import goods_said
from lib.ui.forms import Form
from lib.ui.stock import free_said
from lib.ui.words import _, plain

LATER, COUPON = "later", "coupon"
_NEXT = "walk_in_next"


@dataclass(frozen=True)
class Typed:
    """What stands in the form: the order, and what keeps it from being booked."""

    order: IncomingOrder
    goods: Money
    open_questions: tuple[str, ...] = ()


def typed_line(shop: Shop, line: str, items: tuple[CatalogueItem, ...]) -> Typed | None:
    """Read one line like ``3-201 小李 鸡蛋2斤 豆腐1盒``; None while it is empty."""
    row = read_line(line, items, shop.settings.slots)
    if row is None:
        return None
    entry = row.entry
    questions = [f"{phrase.text}: {_(phrase.flag.sentence)}" for phrase in row.phrases]
    if not entry.nickname:
        questions.append(_("Write who it is first, then what they want."))
    order = IncomingOrder(
        key=None,
        nickname=entry.nickname,
        wanted=row.wanted,
        home=row.home,
        phone=entry.phones[0] if entry.phones else None,
        slot=entry.pickup_slot,
        delivery=entry.delivery,
        note=entry.note,
    )
    return Typed(order, _sum(row.wanted, items), tuple(questions))


def picked(form: Form, items: tuple[CatalogueItem, ...], kept: Mapping[int, Stock]) -> Typed | None:
    """Draw a name field and a quantity per chosen product; None while nothing is chosen.

    Where the stock is ``kept``, what can still be sold stands beside the price (E4).
    """
    name = st.text_input(_("Who"), key=form.field("who"), placeholder=_("nickname"))
    by_id = {item.product_id: item for item in items}
    labels = {
        key: f"{plain(item.name)} {show.money(item.price)}{_left(kept.get(key))}"
        for key, item in by_id.items()
    }
    chosen = st.pills(
        _("Goods"),
        list(by_id),
        selection_mode="multi",
        format_func=labels.__getitem__,
        key=form.field("goods"),
    )
    wanted = []
    with st.container(horizontal=True):
        for product_id in chosen:
            item = by_id[product_id]
            count = st.number_input(
                f"{plain(item.name)} ({plain(item.unit)})",
                min_value=0.0,
                value=1.0,
                step=1.0 if item.unit_grams is None else 0.5,
                key=form.field(f"count-{product_id}"),
                width=160,
            )
            wanted.append(Wanted(product_id, _amount(item, count)))
    if not wanted:
        return None
    questions = () if name.strip() else (_("Write who it is first."),)
    to_door = st.checkbox(_("To the door"), key=form.field("door"))
    order = IncomingOrder(None, name.strip(), tuple(wanted), delivery=to_door)
    return Typed(order, _sum(order.wanted, items), questions)


def _left(stock: Stock | None) -> str:
    if stock is None:
        return ""
    return " · " + _("{free} free").format(free=plain(stock.unit.said(stock.free)))


def _scarce(order: IncomingOrder, kept: Mapping[int, Stock]) -> None:
    """Say what is free of the goods wanted, in persimmon where that is less than wanted."""
    for one in order.wanted:
        stock = kept.get(one.product_id)
        if stock is None:
            continue
        said = f"{stock.name}: {free_said(stock)}"
        if one.amount > stock.free:
            show.state("late", plain(said))
        else:
            st.caption(plain(said))


def preview(
    shop: Shop, typed: Typed, items: tuple[CatalogueItem, ...], kept: Mapping[int, Stock]
) -> None:
    """Show what would be booked, for whom, and what it costs."""
    order = typed.order
    with st.container(border=True):
        (match,) = members.matches(shop, [Hint(order.nickname, order.home, order.phone)])
        st.markdown(f"### {show.money(typed.goods)}")
        st.markdown(f"**{plain(order.nickname)}** {plain(order.home)}")
        kind: show.State = "good" if match.attaches else "soon"
        show.state("quiet" if match.certainty is Certainty.NONE else kind, _(match.reason))
        st.markdown(plain(goods_said(order.wanted, items)))
        _scarce(order, kept)
        slots_usual.at_counter(shop, order, match)
        if order.note:
            st.caption(plain(order.note))
        if order.delivery:
            _delivery(shop, typed.goods)
        for question in typed.open_questions:
            st.warning(plain(question), icon=":material/help:")


def _delivery(shop: Shop, goods: Money) -> None:
    """Say what bringing the order costs, and how much more makes it free (R24)."""
    fee = delivery_fee(goods, True, shop.settings)
    if not fee:
        st.caption(_("To the door, free of charge"))
        return
    said = _("To the door: {fee} more, {total} in all").format(
        fee=show.money(fee), total=show.money(goods + fee)
    )
    missing = missing_for_free_delivery(goods, shop.settings)
    more = _("{amount} more for free delivery").format(amount=show.money(missing))
    st.caption(f"{said} · {more}")


def how_paid(form: Form) -> str:
    """Ask how it is paid: ``transfer``, ``cash``, with a coupon on the order's page, or later."""
    ways = {
        "transfer": _("WeChat transfer"),
        "cash": _("cash"),
        COUPON: _("with a coupon"),
        LATER: _("pays later"),
    }
    chosen = st.segmented_control(
        _("Paid by"),
        list(ways),
        format_func=ways.__getitem__,
        default="transfer",
        required=True,
        key=form.field("paid"),
    )
    return str(chosen)


def pay(shop: Shop, order_id: int, method: str) -> None:
    """Book the payment of a walk-in in full, unless it is paid later or with a coupon first."""
    if method not in (LATER, COUPON):
        pay_order(shop, order_id, method)


def note_coupon(order_id: int, method: str) -> None:
    """Remember a walk-in that is paid with a coupon: its own page opens next."""
    if method == COUPON:
        st.session_state[_NEXT] = order_id


def go_on() -> None:
    """Open the order that was just booked to be paid with a coupon; there the rest is paid, too."""
    order_id = st.session_state.pop(_NEXT, None)
    if order_id is not None:
        st.switch_page(navigation.page("orders"), query_params={"order": str(order_id)})


def refuse_questions(typed: Typed) -> None:
    """Raise ``Refused`` while something typed is not understood."""
    if typed.open_questions:
        raise Refused(
            N_("Not everything was understood: {what} Change the line."),
            what=" ".join(typed.open_questions),
        )


def _amount(item: CatalogueItem, count: float) -> int:
    try:
        return item.sale_unit.amount(Decimal(str(count)))
    except ValueError:
        return 0


def _sum(wanted: tuple[Wanted, ...], items: tuple[CatalogueItem, ...]) -> Money:
    named = {item.product_id: item for item in items}
    return total(
        named[one.product_id].sale_unit.price_of(named[one.product_id].price, one.amount)
        for one in wanted
    )
