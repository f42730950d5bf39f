"""A product that is stopped takes no new orders, wherever they come from."""

import pytest
from sqlalchemy import text, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop.settings import DEFAULT_SLOTS
from lib.shop.shop import Shop
from lib.trade.orders import chain_review, commands, queries
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.rules import Wanted
from lib.trade.orders.sheet_review import State
from lib.trade.products.queries import catalogue
from lib.trade.rounds import commands as rounds
from lib.trade.rounds import queries as rounds_queries
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered
from tests.trade.orders.cast import EGGS, TOFU, open_friday, stock_up
from tests.trade.orders.sheet_cast import open_round
from tests.trade.orders.test_orders import chain, incoming, keyed
from tests.trade.orders.test_sheet_review import HEAD, ONE, TWO, look


def stop(shop: Shop, product_id: int) -> None:
    table = schema.product
    with shop.store.write() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == product_id)
            .values(stopped_at=shop.clock.now(), stop_reason="检测不合格")
        )


def test_a_walk_in_of_it_is_refused_with_the_reason(shop: Shop) -> None:
    stock_up(shop)
    stop(shop, EGGS)
    with pytest.raises(Refused, match="检测不合格"):
        commands.add_order(shop, incoming(Wanted(TOFU, 1), Wanted(EGGS, 500)))
    assert queries.orders(shop) == []


def test_a_chain_with_it_is_booked_whole_or_not_at_all(shop: Shop) -> None:
    round_id = open_friday(shop)
    stop(shop, EGGS)
    orders = [keyed("a", "小李", Wanted(TOFU, 1)), keyed("b", "王姐", Wanted(EGGS, 500))]
    with pytest.raises(Refused, match="not sold at present"):
        commands.book_intake(shop, round_id, chain(orders))
    with shop.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM intake")).scalar() == 0
    assert len(commands.book_intake(shop, round_id, chain(orders[:1])).added) == 1


def test_a_paste_marks_it_and_counts_it_for_nobody(shop: Shop) -> None:
    round_id = open_friday(shop)
    stop(shop, EGGS)
    items = catalogue(shop, round_id)
    (row,) = chain_review.review("#接龙\n\n1. 小李 鸡蛋2斤 豆腐1盒", items, DEFAULT_SLOTS).rows
    assert [phrase.flag for phrase in row.phrases] == [Flag.STOPPED]
    assert [wanted.product_id for wanted in row.wanted] == [TOFU]


def test_an_order_file_leaves_it_out_and_says_why(shop: Shop) -> None:
    round_id = open_round(shop)
    eggs = next(item.product_id for item in catalogue(shop, round_id) if "蛋" in item.name)
    stop(shop, eggs)
    preview, wanted = look(shop, round_id, HEAD + ONE + TWO)
    left_out = preview.rows[0]
    assert left_out.state is State.LEFT_OUT
    assert left_out.reasons[0].sentence.endswith("not sold at present")
    assert wanted is not None
    assert len(commands.book_intake(shop, round_id, wanted).added) == 1


def test_an_order_that_has_it_keeps_it_and_gets_no_more(shop: Shop) -> None:
    stock_up(shop)
    number = commands.add_order(shop, incoming(Wanted(EGGS, 1000)))
    stop(shop, EGGS)
    order = queries.order(shop, number)
    commands.change_lines(shop, number, order.version, [Wanted(EGGS, 1000), Wanted(TOFU, 1)])
    order = queries.order(shop, number)
    with pytest.raises(Refused, match="not sold at present"):
        commands.change_lines(shop, number, order.version, [Wanted(EGGS, 1500)])
    commands.change_lines(shop, number, order.version, [Wanted(EGGS, 500)])
    assert queries.order(shop, number).comes_to == Money(480)


def test_a_round_says_so_and_offers_it_no_more(shop: Shop) -> None:
    round_id = open_friday(shop)
    assert "土鸡蛋" in rounds_queries.announcement_text(shop, round_id)
    stop(shop, EGGS)
    marked = {each.product_id: each.stopped for each in rounds_queries.offers(shop, round_id)}
    assert marked[EGGS]
    assert not marked[TOFU]
    assert "土鸡蛋" not in rounds_queries.announcement_text(shop, round_id)
    assert {each.name: each.gone for each in rounds_queries.copied_offers(shop, round_id)}["土鸡蛋"]
    plan = Plan("", rounds_queries.proposed(shop))
    copied = rounds.copy_round(shop, round_id, plan)
    assert EGGS not in {each.product_id for each in rounds_queries.offers(shop, copied)}
    with pytest.raises(Refused, match="not sold at present"):
        rounds.open_round(shop, plan, [Offered(EGGS, Money(480))])
