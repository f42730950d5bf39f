"""What is read for picking: pick lists, slips, how far each order is, days to choose from."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.service.picking import rules
from lib.service.picking.queries import (
    Scope,
    pack_slips,
    pick_list,
    pickup_days,
    progress,
    rounds_of,
)
from lib.service.pickup.commands import hand_over
from lib.service.pickup.queries import bag_of
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from tests.service.cast import TODAY, Street, refund_line

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def test_the_pick_list_adds_up_by_building(street: Street) -> None:
    eggs, milk = pick_list(street.shop, Scope(day=TODAY))
    assert (eggs.product, eggs.quantity, eggs.orders) == ("土鸡蛋", 2500, 4)
    assert eggs.buildings == (("3", 250), ("12", 500), ("B", 750), ("", 1000))
    assert eggs.unit.said(eggs.quantity) == "5斤"
    assert sum(quantity for _, quantity in eggs.buildings) == eggs.quantity
    assert (milk.quantity, milk.to_pick, milk.handed) == (4, 4, 0)
    noon = pick_list(street.shop, Scope(day=TODAY, slot="noon"))
    assert [row.quantity for row in noon] == [500, 1]
    assert pick_list(street.shop, Scope(day=TOMORROW)) == []


def test_the_pick_list_leaves_out_what_nobody_gets(street: Street) -> None:
    line, order = schema.order_line, schema.customer_order
    with street.shop.store.write() as connection:
        connection.execute(
            update(line)
            .where(line.c.id == street.lines["小李"][0])
            .values(cancelled_at=street.shop.clock.now())
        )
        connection.execute(
            update(order).where(order.c.id == street.orders["王阿姨"]).values(status="cancelled")
        )
    refund_line(
        street.shop,
        street.orders["B座老张"],
        street.lines["B座老张"][0],
        street.members["B座老张"],
        720,
    )
    hand_over(street.shop, street.orders["新邻居"], {street.lines["新邻居"][0]: 400})
    eggs = pick_list(street.shop, Scope(round_id=street.round))[0]
    assert (eggs.quantity, eggs.handed, eggs.to_pick, eggs.orders) == (1000, 400, 600, 1)


def test_a_scope_without_bounds_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="day or a round"):
        _ = Scope(slot="noon").condition


def test_slips_lie_in_walking_order_and_name_no_phone(street: Street) -> None:
    slips = pack_slips(street.shop, Scope(day=TODAY))
    assert [slip.name for slip in slips] == ["小李", "王阿姨", "B座老张", "新邻居"]
    assert slips[0].phone_tail == "0831"
    assert slips[3].phone_tail == ""
    assert "13800000831" not in repr(slips)
    assert "399" not in repr(slips), "no purchase cost"
    ticks = rules.packaging(slips[0].lines, Settings(), TODAY)
    assert len(ticks) == 3


def test_the_database_decides_like_the_rules(street: Street) -> None:
    line = schema.order_line
    hand_over(street.shop, street.orders["小李"])
    hand_over(street.shop, street.orders["王阿姨"], {street.lines["王阿姨"][0]: 100})
    refund_line(
        street.shop,
        street.orders["新邻居"],
        street.lines["新邻居"][0],
        street.members["新邻居"],
        960,
    )
    with street.shop.store.write() as connection:
        for line_id, quantity in ((street.lines["小李"][0], 100), (street.lines["昨天"][0], 0)):
            connection.execute(update(line).where(line.c.id == line_id).values(quantity=quantity))
    everything = schema.customer_order.c.id > 0
    with street.shop.read() as connection:
        counted = {row.order_id: row.open_lines for row in connection.execute(progress(everything))}
    for order_id, count in counted.items():
        bag = bag_of(street.shop, order_id)
        assert bag is not None
        assert count == len(bag.open_lines)
    assert len(counted) == 5


def test_days_and_rounds_to_choose_from(street: Street) -> None:
    assert pickup_days(street.shop) == [(YESTERDAY, 1), (TODAY, 4)]
    assert rounds_of(street.shop, TODAY) == [(street.round, "周五团")]
    assert rounds_of(street.shop, YESTERDAY) == []


def test_residents_see_nothing(resident_shop: Shop) -> None:
    scope = Scope(day=TODAY)
    for read in (
        lambda: pick_list(resident_shop, scope),
        lambda: pack_slips(resident_shop, scope),
        lambda: pickup_days(resident_shop),
        lambda: rounds_of(resident_shop, TODAY),
    ):
        with pytest.raises(Refused):
            read()
