"""A line of which all was taken off before it was paid is over: nobody waits for it."""

from lib.kernel.money import Money
from lib.service.owed.queries import open_owed
from lib.service.picking.queries import Scope, pick_list
from lib.service.picking.rules import Collected
from lib.service.pickup.promised.queries import without_order
from lib.service.pickup.queries import bag_of, desk_search, slot_load, waiting
from lib.shop.shop import Shop
from lib.supply.purchasing.shortage.queries import claims_of
from lib.supply.stock.queries import reserved
from lib.trade.payments.commands import take_off
from tests.service.cast import TODAY, add_order, add_product
from tests.service.owed.cast import set_up


def off(shop: Shop, line: int, fen: int) -> None:
    with shop.write("test.take_off") as tx:
        take_off(tx, line, Money(fen))


def test_what_costs_nothing_any_more_is_not_to_collect(shop: Shop) -> None:
    owing = set_up(shop)
    owed = owing.owe(1)
    order, (line,) = owing.order(owing.li, 11)
    off(shop, line, 980)
    bag = bag_of(shop, order)
    assert bag is not None
    assert len(bag.open_lines) == 1  # a share: the goods are still wanted
    off(shop, line, 1000)
    bag = bag_of(shop, order)
    assert bag is not None
    assert (bag.state, bag.open_lines) == (Collected.NOTHING, ())
    assert waiting(shop, TODAY) == []
    assert slot_load(shop, TODAY).orders == 0
    assert [one for one in pick_list(shop, Scope(day=TODAY)) if one.to_pick > 1] == []
    assert [one.open_lines for one in desk_search(shop, "小李")] == [()]
    with shop.read() as connection:
        assert claims_of(connection, TODAY) == {}
        assert reserved(connection, TODAY) == {owing.eggs: 1}  # what is owed
        assert [one.order_id for one in open_owed(connection, TODAY)] == [None]
    assert [one.owed[0].id for one in without_order(shop, TODAY)] == [owed]
    off(shop, line, -1980)
    bag = bag_of(shop, order)
    assert bag is not None
    assert len(bag.open_lines) == 1


def test_goods_given_along_for_nothing_are_collected(shop: Shop) -> None:
    owing = set_up(shop)
    gift = add_product(shop, "试吃装", "份", 0)
    order, _lines = add_order(shop, owing.li, 12, (gift, 1))
    bag = bag_of(shop, order)
    assert bag is not None
    assert [one.product for one in bag.open_lines] == ["试吃装"]
