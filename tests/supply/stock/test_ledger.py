"""Stock is the sum of its movements, whatever happens; goods leave earliest expiry first."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.shop import Shop
from lib.supply.stock.rules import Lot, allocate
from tests.service.cast import add_member, add_order
from tests.supply.cast import TODAY, add_batch, add_product


def lot(number: int, on_hand: int, days: int | None, **more: bool) -> Lot:
    best = None if days is None else TODAY + timedelta(days=days)
    return Lot(number, f"B{number}", on_hand, date(2026, 9, 20), best, **more)


def taken(lots: list[Lot], quantity: int, **more: object) -> list[tuple[int | None, int]]:
    found = allocate(lots, quantity, TODAY, **more)  # type: ignore[arg-type]
    return [(part.batch_id, part.quantity) for part in found.parts]


@pytest.mark.parametrize(
    ("lots", "quantity", "more", "expected"),
    [
        ([lot(1, 10, 5), lot(2, 10, 2)], 4, {}, [(2, 4)]),
        ([lot(1, 10, 5), lot(2, 3, 2)], 4, {}, [(2, 3), (1, 1)]),
        ([lot(1, 10, None), lot(2, 3, 9)], 4, {}, [(2, 3), (1, 1)]),
        ([lot(1, 10, 5), lot(2, 10, 2)], 4, {"first": 1}, [(1, 4)]),
        ([lot(1, 2, 5)], 4, {}, [(1, 2), (None, 2)]),
        ([], 4, {}, [(None, 4)]),
        ([lot(1, 9, 5, stopped=True)], 4, {}, [(None, 4)]),
        ([lot(1, 9, 5, stopped=True)], 4, {"to_residents": False}, [(1, 4)]),
        ([lot(1, 9, 0, printed=True)], 4, {}, [(1, 4)]),
        ([lot(1, 9, -1, printed=True), lot(2, 9, 8)], 4, {}, [(2, 4)]),
        ([lot(1, 9, -1)], 4, {}, [(1, 4)]),
    ],
)
def test_earliest_expiry_first(
    lots: list[Lot], quantity: int, more: dict[str, object], expected: list[tuple[int | None, int]]
) -> None:
    """A printed date binds from the day after it; an estimate never does."""
    assert taken(lots, quantity, **more) == expected


LOTS = st.lists(
    st.builds(
        Lot,
        batch_id=st.integers(1, 50),
        code=st.just("B"),
        on_hand=st.integers(-5, 500),
        arrived_on=st.dates(date(2026, 9, 1), date(2026, 9, 25)),
        best_before=st.none() | st.dates(date(2026, 9, 1), date(2026, 10, 25)),
        printed=st.booleans(),
        stopped=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.batch_id,
)


@given(lots=LOTS, quantity=st.integers(1, 2000), first=st.none() | st.integers(1, 50))
def test_the_parts_add_up_and_no_lot_gives_more_than_it_has(
    lots: list[Lot], quantity: int, first: int | None
) -> None:
    found = allocate(lots, quantity, TODAY, first=first)
    assert sum(part.quantity for part in found.parts) == quantity
    has = {one.batch_id: one for one in lots}
    for part in found.parts:
        assert part.quantity > 0
        if part.batch_id is not None:
            assert part.quantity <= has[part.batch_id].on_hand
            assert has[part.batch_id].may_go(TODAY)


def sums(shop: Shop, product: int) -> tuple[int, int, int]:
    """Ledger, level and closing of the product."""
    movement, level, day = schema.stock_movement, schema.stock_level, schema.stock_day
    with shop.read() as connection:
        ledger = connection.execute(
            select(func.sum(movement.c.quantity)).where(movement.c.product_id == product)
        ).scalar()
        kept = connection.execute(
            select(level.c.on_hand).where(level.c.product_id == product)
        ).scalar()
        closing = connection.execute(
            select(day.c.closing)
            .where(day.c.product_id == product)
            .order_by(day.c.day.desc())
            .limit(1)
        ).scalar()
    return int(ledger or 0), int(kept or 0), int(closing or 0)


def test_handing_over_takes_from_the_batch_and_undo_brings_it_back(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000, best_before=TODAY + timedelta(days=9))
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1500))
    hand_over(shop, order)
    assert sums(shop, eggs) == (3500, 3500, 3500)
    with shop.read() as connection:
        of_batch = connection.execute(
            select(schema.batch.c.on_hand).where(schema.batch.c.id == batch)
        ).scalar()
        day = connection.execute(select(schema.stock_day)).one()
    assert of_batch == 3500
    assert (day.received, day.sold, day.shelf_sold) == (5000, 1500, 0)
    undo_last_handover(shop, order)
    assert sums(shop, eggs) == (5000, 5000, 5000)


def test_goods_without_a_stock_are_handed_over_as_before(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1500))
    hand_over(shop, order)
    assert sums(shop, eggs) == (0, 0, 0)


def test_more_may_leave_than_is_booked_and_shows(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1500))
    hand_over(shop, order)
    assert sums(shop, eggs) == (-500, -500, -500)


def test_a_stopped_batch_is_not_given_out(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, stopped_at=shop.clock.now(), stop_reason="检测不合格")
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1500))
    with pytest.raises(Refused, match="stopped or past its date"):
        hand_over(shop, order)
    assert sums(shop, eggs) == (5000, 5000, 5000)
