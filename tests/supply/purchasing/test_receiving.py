"""Counting goods in: batches, their record, stock, and putting mistakes right (E6, R8)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.supply.purchasing import queries
from lib.supply.purchasing.commands import (
    Arrival,
    ArrivalLine,
    WantedLine,
    WantedOrder,
    add_orders,
    close_order,
    correct_batch,
    receive,
    undo_receiving,
)
from lib.supply.purchasing.receiving import queries as received
from lib.supply.purchasing.rules import Status
from lib.supply.stock.checks.queries import check_sums
from lib.supply.stock.commands import take_out
from lib.supply.stock.rules import Kind, Waste
from lib.supply.stock.shelf.commands import waste
from lib.trade.products.queries import price_history
from lib.trust.books.queries import books
from lib.trust.books.rules import Cost, Scope
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", fresh=True)


@pytest.fixture
def grower(shop: Shop, eggs: int) -> int:
    supplier = add_supplier(shop, address="径山村 8 号", contact_name="老周", phone="13800000001")
    add_term(shop, supplier, eggs, 420, case_quantity=5000, shelf_life_days=20)
    return supplier


@pytest.fixture
def ordered(shop: Shop, eggs: int, grower: int) -> int:
    return add_orders(shop, [WantedOrder(grower, TODAY, (WantedLine(eggs, 23_500),))])[0]


def on_hand(shop: Shop, product_id: int) -> int:
    level = schema.stock_level
    with shop.read() as connection:
        query = select(level.c.on_hand).where(level.c.product_id == product_id)
        return int(connection.execute(query).scalar() or 0)


def bring(shop: Shop, supplier: int, *lines: ArrivalLine, **values: object) -> list[int]:
    return list(receive(shop, Arrival(supplier, lines, **values)).batch_ids)  # type: ignore[arg-type]


def test_receiving_makes_a_batch_with_its_record_and_stock(
    shop: Shop, staff_shop: Shop, eggs: int, grower: int, ordered: int
) -> None:
    line = ArrivalLine(eggs, 20_000, 5_000, "碎了", certificate_number="CX-9")
    (batch_id,) = bring(staff_shop, grower, line, purchase_order_id=ordered)
    batch = received.batch(shop, batch_id)
    assert (batch.code, batch.received, batch.rejected, batch.on_hand) == (
        "0925-1", 20_000, 5_000, 20_000,
    )  # fmt: skip
    assert (batch.supplier_address, batch.supplier_contact) == ("径山村 8 号", "老周 13800000001")
    assert (batch.best_before, batch.best_before_printed) == (TODAY + timedelta(days=20), False)
    assert batch.keep_until == date(2027, 3, 25)
    assert (batch.ordered, batch.unit_price) == (25_000, Money(420))
    assert len(batch.token) >= 20
    assert on_hand(shop, eggs) == 20_000
    left = queries.order(shop, ordered)
    assert (left.status, left.lines[0].to_come, left.partly_came) == (Status.SENT, 5_000, True)
    assert received.batch(staff_shop, batch_id).unit_price is None


def test_an_order_all_of_which_came_closes_itself(
    shop: Shop, eggs: int, grower: int, ordered: int
) -> None:
    bring(shop, grower, ArrivalLine(eggs, 25_000), purchase_order_id=ordered)
    assert queries.order(shop, ordered).status is Status.CLOSED
    with pytest.raises(Refused, match="finished"):
        bring(shop, grower, ArrivalLine(eggs, 500), purchase_order_id=ordered)


def test_the_rest_is_closed_with_a_reason(shop: Shop, eggs: int, grower: int, ordered: int) -> None:
    bring(shop, grower, ArrivalLine(eggs, 5_000), purchase_order_id=ordered, rest_reason="没货了")
    closed = queries.order(shop, ordered)
    assert (closed.status, closed.close_reason) == (Status.CLOSED, "没货了")
    assert queries.on_the_way(shop, [eggs], TODAY) == {}


def test_the_open_rest_can_be_closed_later(
    shop: Shop, eggs: int, grower: int, ordered: int
) -> None:
    bring(shop, grower, ArrivalLine(eggs, 5_000), purchase_order_id=ordered)
    assert queries.on_the_way(shop, [eggs], TODAY) == {eggs: {TODAY: 20_000}}
    close_order(shop, ordered, queries.order(shop, ordered).version, "明天也没有")
    assert queries.on_the_way(shop, [eggs], TODAY) == {}


def test_codes_of_a_day_go_on_even_after_a_year(
    shop: Shop, clock: FixedClock, eggs: int, grower: int
) -> None:
    bring(shop, grower, ArrivalLine(eggs, 500), ArrivalLine(eggs, 1_000, lot="B"))
    clock.forward(days=365)
    (third,) = bring(shop, grower, ArrivalLine(eggs, 500))
    codes = sorted(one.code for one in received.batches(shop, product_id=eggs))
    assert codes == ["0925-1", "0925-2", "0925-3"]
    assert received.batch(shop, third).code == "0925-3"


def test_goods_sold_before_the_entry_are_covered(shop: Shop, eggs: int, grower: int) -> None:
    add_batch(shop, eggs, 1_000, supplier_id=grower)
    with shop.write("stock.test") as tx:
        take_out(tx, eggs, 1_600, Kind.SOLD)
    (batch_id,) = bring(shop, grower, ArrivalLine(eggs, 2_000))
    assert received.batch(shop, batch_id).on_hand == 1_400
    assert on_hand(shop, eggs) == 1_400


def wasted(shop: Shop, batch_id: int | None) -> int:
    moved = schema.stock_movement
    of = moved.c.batch_id.is_(None) if batch_id is None else moved.c.batch_id == batch_id
    query = select(func.coalesce(func.sum(-moved.c.quantity), 0)).where(moved.c.kind == "wasted")
    with shop.read() as connection:
        return int(connection.execute(query.where(of)).scalar_one())


def test_goods_thrown_away_before_the_entry_stay_a_loss(
    shop: Shop, eggs: int, grower: int, clock: FixedClock
) -> None:
    """Two broken trays noted before the delivery: of its batch, but sold to nobody (R20)."""
    dear = ArrivalLine(eggs, 5_000, unit_price=Money(1000))
    sold = add_batch(shop, eggs, 1_000, supplier_id=grower, unit_price_fen=600)
    with shop.write("stock.test") as tx:
        take_out(tx, eggs, 1_000, Kind.SOLD)
        take_out(tx, eggs, 500, Kind.WASTED)
    clock.forward(days=1)
    (batch_id,) = bring(shop, grower, dear, arrived_on=TODAY + timedelta(days=1))
    assert (wasted(shop, None), wasted(shop, sold), wasted(shop, batch_id)) == (0, 0, 500)
    assert received.batch(shop, batch_id).on_hand == on_hand(shop, eggs) == 4_500
    yesterday = books(shop, Scope(TODAY, TODAY))[0]
    assert (yesterday.unit_cost(Cost.PURCHASE), yesterday.loss) == (Money(600), Money(1000))
    assert not check_sums(shop)
    row = received.batch(shop, batch_id)
    undo_receiving(shop, row.delivery_id, "弄错了")
    assert (wasted(shop, None), wasted(shop, batch_id), on_hand(shop, eggs)) == (500, 0, -500)
    assert not check_sums(shop)
    (again,) = bring(shop, grower, dear, arrived_on=TODAY + timedelta(days=1))
    assert (wasted(shop, None), wasted(shop, again), on_hand(shop, eggs)) == (0, 500, 4_500)
    thrown = waste(shop, eggs, 100, Waste.BROKEN)
    assert thrown.negative == ()
    with pytest.raises(Refused, match="have left the shop"):
        undo_receiving(shop, received.batch(shop, again).delivery_id, "弄错了")


def test_the_price_paid_becomes_the_purchase_price_with_its_history(
    shop: Shop, staff_shop: Shop, eggs: int, grower: int
) -> None:
    bring(shop, grower, ArrivalLine(eggs, 500))
    bring(shop, grower, ArrivalLine(eggs, 500))
    bring(shop, grower, ArrivalLine(eggs, 500, unit_price=Money(455)))
    prices = [one.price for one in price_history(shop, eggs) if one.kind == "purchase"]
    assert prices == [Money(455), Money(420)]
    with pytest.raises(Refused, match="Only the owner"):
        bring(staff_shop, grower, ArrivalLine(eggs, 500, unit_price=Money(1)))


def test_two_people_do_not_book_one_delivery_twice(
    shop: Shop, staff_shop: Shop, eggs: int, grower: int, ordered: int
) -> None:
    seen = queries.order(shop, ordered).version
    line = ArrivalLine(eggs, 5_000)
    bring(shop, grower, line, purchase_order_id=ordered, order_version=seen)
    with pytest.raises(Conflict):
        bring(staff_shop, grower, line, purchase_order_id=ordered, order_version=seen)
    assert on_hand(shop, eggs) == 5_000


def test_a_double_click_receives_once(shop: Shop, eggs: int, grower: int) -> None:
    once = shop.once(FormKey.of("k", [1]))
    bring(once, grower, ArrivalLine(eggs, 5_000))
    with pytest.raises(Repeated):
        bring(once, grower, ArrivalLine(eggs, 5_000))
    assert on_hand(shop, eggs) == 5_000


def test_goods_past_their_printed_date_are_not_taken_in(shop: Shop, eggs: int, grower: int) -> None:
    late = ArrivalLine(eggs, 500, best_before=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="past the date"):
        bring(shop, grower, late)
    bring(shop, grower, replace(late, received=0, rejected=500, reject_reason="过期"))
    assert on_hand(shop, eggs) == 0


def test_what_was_mistyped_is_corrected(shop: Shop, eggs: int, grower: int) -> None:
    (batch_id,) = bring(shop, grower, ArrivalLine(eggs, 50_000, lot="A"))
    version = received.batch(shop, batch_id).version
    correct_batch(shop, batch_id, version, ArrivalLine(eggs, 5_000, lot="B", shelf_life_days=10,
                                                       produced_on=TODAY))  # fmt: skip
    batch = received.batch(shop, batch_id)
    assert (batch.received, batch.on_hand, batch.lot) == (5_000, 5_000, "B")
    assert batch.best_before == TODAY + timedelta(days=10)
    assert on_hand(shop, eggs) == 5_000
    with pytest.raises(Conflict):
        correct_batch(shop, batch_id, version, ArrivalLine(eggs, 6_000))
    with shop.write("stock.test") as tx:
        take_out(tx, eggs, 3_000, Kind.SOLD)
    with pytest.raises(Refused, match="6斤 of this batch"):
        correct_batch(shop, batch_id, batch.version, ArrivalLine(eggs, 2_000))


def test_correcting_gives_back_what_the_batch_covered(shop: Shop, eggs: int, grower: int) -> None:
    add_batch(shop, eggs, 500, supplier_id=grower)
    with shop.write("stock.test") as tx:
        take_out(tx, eggs, 3_500, Kind.SOLD)
    (batch_id,) = bring(shop, grower, ArrivalLine(eggs, 20_000))
    correct_batch(shop, batch_id, 1, ArrivalLine(eggs, 2_000))
    assert received.batch(shop, batch_id).on_hand == 0
    assert on_hand(shop, eggs) == -1_000


def test_a_receiving_is_taken_back_while_nothing_was_sold(
    shop: Shop, eggs: int, grower: int, ordered: int
) -> None:
    add_batch(shop, eggs, 500, supplier_id=grower)
    with shop.write("stock.test") as tx:
        take_out(tx, eggs, 1_500, Kind.SOLD)
    done = receive(shop, Arrival(grower, (ArrivalLine(eggs, 25_000),), purchase_order_id=ordered))
    undo_receiving(shop, done.delivery_id, "送错了")
    assert on_hand(shop, eggs) == -1_000
    batch = received.batch(shop, done.batch_ids[0])
    assert (batch.received, batch.on_hand, batch.undone_at) == (0, 0, shop.clock.now())
    assert queries.order(shop, ordered).status is Status.SENT
    assert queries.on_the_way(shop, [eggs], TODAY) == {eggs: {TODAY: 25_000}}
    assert done.batch_ids[0] not in [one.id for one in received.batches(shop)]
    with pytest.raises(Refused, match="already taken back"):
        undo_receiving(shop, done.delivery_id, "再来")


def test_a_receiving_is_not_taken_back_once_goods_of_it_left(
    shop: Shop, eggs: int, grower: int
) -> None:
    done = receive(shop, Arrival(grower, (ArrivalLine(eggs, 5_000),)))
    with shop.write("stock.test") as tx:
        take_out(tx, eggs, 500, Kind.SOLD)
    with pytest.raises(Refused, match="have left the shop"):
        undo_receiving(shop, done.delivery_id, "送错了")
    assert on_hand(shop, eggs) == 4_500


def test_a_receiving_leaves_one_journal_row(
    shop: Shop, eggs: int, grower: int, ordered: int
) -> None:
    bring(shop, grower, ArrivalLine(eggs, 5_000), purchase_order_id=ordered)
    journal = schema.journal
    with shop.read() as connection:
        rows = connection.execute(
            select(func.count()).where(journal.c.action == "purchase.receive")
        ).scalar_one()
    assert rows == 1


def test_an_archived_term_no_longer_sets_the_price(shop: Shop, eggs: int, grower: int) -> None:
    with shop.store.write() as connection:
        connection.execute(update(schema.supply_term).values(ended_at=shop.clock.now()))
    (batch_id,) = bring(shop, grower, ArrivalLine(eggs, 500))
    assert received.batch(shop, batch_id).unit_price == Money(399)
