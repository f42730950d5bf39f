"""What a complaint took off a line stays off, whatever works the line's amount out anew (E9)."""

import pytest

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.orders import commands
from lib.trade.orders.delivery.queries import charged_in
from lib.trade.orders.reductions.queries import taken_off
from lib.trade.orders.reductions.rules import charged
from lib.trade.orders.rules import Wanted
from lib.trade.payments.commands import take_off, weigh_line
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, add_product, put


def complained(shop: Shop, fen: int, *, undone: bool = False) -> tuple[int, int, int]:
    """Two jin of eggs for 9.60, not paid, ``fen`` taken off; return product, order and line."""
    eggs = add_product(shop, "土鸡蛋")
    member = add_member(shop, "小李")
    order, (line,) = add_order(shop, member, 1, (eggs, 1000))
    case = put(
        shop, schema.after_sales_case,
        member_id=member, order_id=order, line_id=line, product_id=eggs, source="counter",
        defect="damaged", reported_at=NOW, reply_due_at=NOW, status="solved", created_at=NOW,
    )  # fmt: skip
    put(
        shop, schema.case_remedy,
        case_id=case, turn=1, kind="refund", amount_fen=fen, taken_off_fen=fen, at=NOW,
        undone_at=NOW if undone else None,
    )  # fmt: skip
    if not undone:
        with shop.write("payment.test") as tx:
            take_off(tx, line, Money(fen))
    return eggs, order, line


def costs(shop: Shop, line: int) -> int:
    with shop.read() as connection:
        return int(
            connection.execute(
                schema.order_line.select().where(schema.order_line.c.id == line)
            ).one().amount_fen
        )  # fmt: skip


def version(shop: Shop, order: int) -> int:
    table = schema.customer_order
    with shop.read() as connection:
        return int(connection.execute(table.select().where(table.c.id == order)).one().version)


def test_what_was_taken_off_is_read_by_line(shop: Shop) -> None:
    _eggs, _order, line = complained(shop, 96)
    with shop.read() as connection:
        assert taken_off(connection, [line, line + 1]) == {line: 96}
        assert taken_off(connection, []) == {}


def test_what_was_taken_back_does_not_count(shop: Shop) -> None:
    _eggs, _order, line = complained(shop, 96, undone=True)
    with shop.read() as connection:
        assert taken_off(connection, [line]) == {}


def test_the_scale_takes_it_off_again(shop: Shop) -> None:
    _eggs, _order, line = complained(shop, 96)
    assert costs(shop, line) == 864
    assert weigh_line(shop, line, 900) == Money(-96)
    assert costs(shop, line) == 864 - 96
    with pytest.raises(Refused, match=r"¥0\.96 were taken off 土鸡蛋"):
        weigh_line(shop, line, 50)
    assert costs(shop, line) == 864 - 96


def test_a_changed_order_takes_it_off_again(shop: Shop) -> None:
    eggs, order, line = complained(shop, 96)
    commands.change_lines(shop, order, version(shop, order), [Wanted(eggs, 1000)])
    assert costs(shop, line) == 864, "the same order costs the same"
    commands.change_lines(shop, order, version(shop, order), [Wanted(eggs, 1500)])
    assert costs(shop, line) == 1440 - 96


def test_a_shared_shortage_takes_it_off_again(shop: Shop) -> None:
    _eggs, order, line = complained(shop, 96)
    with shop.write("receiving.test") as tx:
        commands.put_quantities(tx, {line: 500}, {order: version(shop, order)})
    assert costs(shop, line) == 480 - 96


def test_free_delivery_is_not_lost_by_a_complaint(shop: Shop) -> None:
    _eggs, order, _line = complained(shop, 96)
    with shop.read() as connection:
        assert charged_in(connection, [order])[order].goods == Money(960)


def test_never_less_than_nothing() -> None:
    assert charged(Money(96), 96, "土鸡蛋") == Money(0)
    with pytest.raises(Refused):
        charged(Money(95), 96, "土鸡蛋")
