"""The draft follows the books; what was typed stands and is marked (R20)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lib.db import schema
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.supply.stock.rules import Kind
from lib.trust.books.rules import Scope, last_days, round_days
from lib.trust.costs import queries
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.draft.queries import DraftLine, draft_sheet, unit_cost
from lib.trust.costs.profit.queries import profit
from lib.trust.costs.profit.rules import COSTS
from lib.trust.costs.rules import Cost, Line, Part, Period
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
    put,
    refund,
    with_settings,
)


def sold(shop: Shop, *goods: int, **order: object) -> None:
    """Sell ten sale units of every one of ``goods`` in one order, out of a batch at 4.00."""
    with shop.read() as connection:
        units = dict(
            connection.execute(select(schema.product.c.id, schema.product.c.unit_grams)).all()
        )
    amounts = {each: 10 * (units[each] or 1) for each in goods}
    _order, lines = add_order(shop, add_member(shop, "小李"), 1, *amounts.items(), **order)
    for line, (product, amount) in zip(lines, amounts.items(), strict=True):
        leave(shop, product, amount, add_batch(shop, product, 2 * amount), line_id=line)


def item_of(shop: Shop, product_id: int, scope: Scope | None = None) -> DraftLine:
    found = draft_sheet(shop, scope).products
    return next(item for item in found if item.product_id == product_id)


def line_of(shop: Shop, product_id: int, scope: Scope | None = None) -> Line:
    line = item_of(shop, product_id, scope).line
    assert line is not None
    return line


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", fresh=True, fragile=True)


@pytest.fixture
def dear(shop: Shop) -> Shop:
    """The shop with what bags and deliveries cost."""
    return with_settings(
        shop, freshness_bag_cost=10, ice_pack_cost=30, bubble_wrap_cost=20, delivery_cost=300
    )


def test_every_part_comes_from_the_books(dear: Shop, eggs: int) -> None:
    sold(dear, eggs, delivery=True)
    with dear.read() as connection:
        order = connection.execute(select(schema.order_line)).one()
    refund(dear, order.order_id, 1, 50, order.id)
    with dear.read() as connection:
        batch = connection.execute(select(schema.batch.c.id)).scalar_one()
    leave(dear, eggs, 250, batch, Kind.WASTED)
    line = line_of(dear, eggs)
    assert (line.purchase, line.loss, line.packaging, line.delivery, line.pledge) == (
        Money(400), Money(20), Money(6), Money(30), Money(5),
    )  # fmt: skip
    assert line.kept == Money(480 - 461)
    assert line.by_hand == frozenset()
    assert item_of(dear, eggs).measured.quantity == 5000


def test_a_typed_part_stands_and_is_marked_and_goes_back_to_the_books(
    dear: Shop, eggs: int
) -> None:
    sold(dear, eggs)
    typed = {Part.PACKAGING: Cost(Money(0)), Part.LOSS: Cost(rate=240), Part.POINTS: Cost(Money(3))}
    set_costs(dear, eggs, typed, {})
    line, item = line_of(dear, eggs), item_of(dear, eggs)
    assert line.by_hand == {Part.PACKAGING, Part.LOSS, Part.POINTS}, "a typed zero is by hand"
    assert (line.packaging, line.loss, line.points) == (Money(0), Money(10), Money(3))
    assert item.books[Part.PACKAGING] == Money(6)
    set_costs(dear, eggs, {Part.PACKAGING: None, Part.OTHER: None}, item.versions)
    line = line_of(dear, eggs)
    assert line.by_hand == {Part.LOSS, Part.POINTS}
    assert line.packaging == Money(6)
    with dear.read() as connection:
        last = schema.journal.c.id.desc()
        row = connection.execute(select(schema.journal).order_by(last).limit(1)).one()
    assert row.action == "product_cost.set"
    assert row.details["before"] == {"packaging": 0, "packaging_note": ""}
    assert row.details["after"] == {"packaging": None, "packaging_note": None}


def test_a_stale_screen_takes_nothing_back_to_the_books(shop: Shop, eggs: int) -> None:
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(1))}, {})
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(2))}, {Part.OTHER: 1})
    with pytest.raises(Conflict):
        set_costs(shop, eggs, {Part.OTHER: None}, {Part.OTHER: 1})
    assert item_of(shop, eggs).costs[Part.OTHER] == Cost(Money(2))


def test_going_back_twice_is_once(shop: Shop, eggs: int) -> None:
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(1))}, {})
    once = shop.once(FormKey.of("key", "back"))
    set_costs(once, eggs, {Part.OTHER: None}, {Part.OTHER: 1})
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(7))}, {})
    with pytest.raises(Repeated):
        set_costs(once, eggs, {Part.OTHER: None}, {Part.OTHER: 1})
    assert item_of(shop, eggs).costs[Part.OTHER] == Cost(Money(7))


def test_a_usual_purchase_price_counts_as_by_hand(shop: Shop, eggs: int) -> None:
    line = line_of(shop, eggs)
    assert (line.purchase, line.by_hand) == (Money(399), {Part.PURCHASE})
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(purchase_price_fen=None))
    assert draft_sheet(shop).missing == ("土鸡蛋",)
    add_batch(shop, eggs, 500, unit_price_fen=410)
    line = line_of(shop, eggs)
    assert (line.purchase, line.by_hand) == (Money(410), frozenset())


def test_the_usual_days_are_those_of_the_setting(shop: Shop, eggs: int) -> None:
    leave(shop, eggs, 500, add_batch(shop, eggs, 900), on=TODAY - timedelta(days=10))
    for days, quantity in ((10, 0), (11, 500)):
        draft = draft_sheet(with_settings(shop, cost_days=days))
        assert draft.products[0].measured.quantity == quantity
        assert draft.period == Period(TODAY - timedelta(days=days - 1), TODAY)


def test_the_digest_covers_the_days(shop: Shop, eggs: int) -> None:
    week, month = last_days(TODAY, 7), last_days(TODAY, 30)
    first, second = draft_sheet(shop, week), draft_sheet(shop, month)
    assert first.lines == second.lines
    assert first.digest([eggs]) != second.digest([eggs])
    with pytest.raises(Conflict):
        publish_sheet(shop, "一", shop.today, [eggs], looked_at=first.digest([eggs]), scope=month)
    number = publish_sheet(
        shop, "一", shop.today, [eggs], looked_at=first.digest([eggs]), scope=week
    )
    assert queries.sheet(shop, number).period == Period(week.first, week.last)


def test_a_round_has_its_goods_at_its_prices(shop: Shop, eggs: int) -> None:
    add_product(shop, "牛奶", "瓶", 650)
    round_id = add_round(shop)
    put(shop, schema.round_offer, round_id=round_id, product_id=eggs, price_fen=450, position=0)
    sold(shop, eggs, round_id=round_id)
    draft = draft_sheet(shop, round_days(round_id, TODAY, 30))
    assert [(line.name, line.price) for line in draft.lines] == [("土鸡蛋", Money(450))]


def test_a_batch_that_comes_later_changes_the_next_sheet_never_a_published_one(
    shop: Shop, eggs: int
) -> None:
    """Issue 4: cost of a batch that arrives or is corrected later."""
    sold(shop, eggs)
    first = publish_sheet(shop, "一", shop.today, [eggs])
    before = queries.sheet(shop, first)
    later = add_batch(shop, eggs, 9000, unit_price_fen=600)
    leave(shop, eggs, 5000, later)
    assert line_of(shop, eggs).purchase == Money(500)
    with shop.store.write() as connection:
        batch = schema.batch
        connection.execute(update(batch).where(batch.c.id == later).values(unit_price_fen=500))
    assert line_of(shop, eggs).purchase == Money(450)
    earned = {line.product_id: line for line in profit(shop, last_days(TODAY, 30)).lines}
    assert earned[eggs].per_unit == {**earned[eggs].per_unit, Part.PURCHASE: Money(450)}
    assert earned[eggs].totals[Part.PURCHASE] == Money(20 * 450)
    assert queries.sheet(shop, first) == before
    second = publish_sheet(shop, "二", shop.today, [eggs])
    assert queries.sheet(shop, second).lines[0].purchase == Money(450)


@pytest.mark.parametrize("of_round", [False, True])
def test_sheet_draft_and_profit_say_the_same_figure_by_figure(
    dear: Shop, eggs: int, of_round: bool
) -> None:
    """E15, R20: published lines, draft lines and profit per unit for the same scope."""
    milk, rice = (
        add_product(dear, "牛奶", "瓶", 650, fresh=True),
        add_product(dear, "大米", "袋", 3280),
    )
    round_id = add_round(dear)
    for number, each in enumerate((eggs, milk, rice)):
        row = {"round_id": round_id, "product_id": each, "price_fen": 700, "position": number}
        put(dear, schema.round_offer, **row)
    sold(dear, eggs, milk, rice, delivery=True, round_id=round_id)
    leave(dear, eggs, 777)
    leave(dear, milk, 3, kind=Kind.WASTED)
    refund(dear, 1, 1, 123)
    set_costs(dear, rice, {Part.PACKAGING: Cost(Money(0)), Part.OTHER: Cost(Money(7))}, {})
    set_costs(dear, milk, {Part.LOSS: Cost(rate=333)}, {})
    scope = round_days(round_id, TODAY, 30) if of_round else last_days(TODAY, 30)
    drafted = {line.product_id: line for line in draft_sheet(dear, scope).lines}
    number = publish_sheet(dear, "一", dear.today, list(drafted), scope=scope)
    published = {line.product_id: line for line in queries.sheet(dear, number).lines}
    earned = {line.product_id: line for line in profit(dear, scope).lines}
    assert published == drafted
    assert published.keys() == earned.keys() == {eggs, milk, rice}
    for product_id, line in published.items():
        per_unit = earned[product_id].per_unit
        assert per_unit is not None
        assert {part: getattr(line, part.value) for part in COSTS} == dict(per_unit)
        assert earned[product_id].by_hand == line.by_hand
        assert line.cost == sum(per_unit.values(), Money(0))


def test_other_topics_get_the_line_of_the_next_sheet(dear: Shop, eggs: int) -> None:
    sold(dear, eggs, add_product(dear, "小葱", "把", 150, fresh=True))
    set_costs(dear, eggs, {Part.OTHER: Cost(Money(7))}, {})
    now = dear.clock.now()
    with dear.read() as connection:
        assert unit_cost(connection, dear.settings, eggs, now) == line_of(dear, eggs)
        assert unit_cost(connection, dear.settings, 999, now) is None


def test_drafts_and_profit_are_the_owners(
    shop: Shop, staff_shop: Shop, resident_shop: Shop
) -> None:
    scope = last_days(TODAY, 30)
    trusted = with_settings(staff_shop, staff_may_see_cost=True)
    for other in (staff_shop, trusted, resident_shop):
        for asked in (draft_sheet, profit):
            with pytest.raises(Refused):
                asked(other, scope)
