"""What is owed to make something good is kept for the resident, and goes out like a sale (R29)."""

from lib.service.owed.commands import cancel_owed, give_owed
from lib.shop.shop import Shop
from lib.supply.stock.commands import assign_loose
from lib.supply.stock.queries import reserved, stock_of
from lib.supply.stock.rules import KIND_NAMES, Kind
from tests.service.cast import TODAY
from tests.service.owed import cast
from tests.service.owed.cast import set_up
from tests.supply.cast import add_batch


def test_owed_goods_are_reserved_until_they_are_given(shop: Shop) -> None:
    owing = set_up(shop)
    owed, other = owing.owe(3), owing.owe(1)
    owing.order(owing.li, 11)
    assert stock_of(shop, [owing.eggs])[owing.eggs].reserved == 5
    give_owed(shop, owed, 2)
    assert stock_of(shop, [owing.eggs])[owing.eggs].reserved == 3
    cancel_owed(shop, other, 1, "不要了")
    with shop.read() as connection:
        assert reserved(connection, TODAY)[owing.eggs] == 2


def test_a_batch_entered_later_knows_who_got_owed_goods(shop: Shop) -> None:
    owing = set_up(shop)
    give_owed(shop, owing.owe(30))
    given = give_owed(shop, owing.owe(2))
    late = add_batch(shop, owing.eggs, 10)
    with shop.write("stock.test") as tx:
        assert assign_loose(tx, owing.eggs, late, 10) == 2
    moves = cast.rows(shop, cast.schema.stock_movement, owed_handover_id=given[0])
    assert [(row.kind, row.quantity, row.batch_id, row.line_id) for row in moves] == [
        ("redeemed", -2, None, owing.line),
        ("assigned", 2, None, owing.line),
        ("assigned", -2, late, owing.line),
    ]


def test_the_kind_says_what_it_is() -> None:
    assert KIND_NAMES[Kind.REDEEMED] == "given without payment"
