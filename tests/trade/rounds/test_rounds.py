"""Rounds through commands and queries, on both databases (E2)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.products import commands as products
from lib.trade.products.rules import Details
from lib.trade.rounds import commands, queries
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered, State, Times

SATURDAY, SUNDAY = date(2026, 9, 26), date(2026, 9, 27)


@pytest.fixture
def eggs(shop: Shop) -> int:
    return products.add_product(shop, Details("土鸡蛋", "斤", Money.of("4.80"), is_fresh=True))


@pytest.fixture
def tofu(shop: Shop) -> int:
    return products.add_product(shop, Details("老豆腐", "盒", Money.of("3")))


def opened(shop: Shop, *offers: Offered, title: str = "周五团") -> int:
    return commands.open_round(shop, Plan(title, queries.proposed(shop)), offers)


def add_order(shop: Shop, round_id: int, number: int, *lines: tuple[int, int, int]) -> int:
    """Book an order of ``(product_id, quantity, amount_fen)`` lines."""
    with shop.write("test.order") as tx:
        member = tx.add(
            schema.member,
            nickname=f"邻居{number}",
            folded_nickname=f"邻居{number}",
            created_at=tx.now,
        )
        day = tx.execute(
            select(schema.buying_round.c.pickup_day).where(schema.buying_round.c.id == round_id)
        ).scalar_one()
        order = tx.add(
            schema.customer_order,
            round_id=round_id,
            member_id=member,
            source="counter",
            number=number,
            pickup_day=day,
            delivery=False,
            status="active",
            placed_at=tx.now,
        )
        for product_id, quantity, amount in lines:
            tx.add(
                schema.order_line,
                order_id=order,
                product_id=product_id,
                product_name="货",
                sale_unit="斤",
                ordered=quantity,
                quantity=quantity,
                unit_price_fen=480,
                amount_fen=amount,
            )
    return order


def test_a_round_opens_with_its_offers_in_order(
    shop: Shop, staff_shop: Shop, eggs: int, tofu: int
) -> None:
    round_id = opened(
        staff_shop, Offered(tofu, Money.of("2.80"), 2, 30), Offered(eggs, Money.of("4.80"))
    )
    found = queries.one_round(shop, round_id)
    assert (found.state, found.offers, found.orders) == (State.OPEN, 2, 0)
    assert found.pickup_day == SATURDAY
    offers = queries.offers(shop, round_id)
    assert [each.name for each in offers] == ["老豆腐", "土鸡蛋"]
    assert (offers[0].household_limit, offers[0].available, offers[0].left) == (2, 30, 30)
    assert (str(offers[0].price), str(offers[0].todays_price)) == ("2.80", "3.00")


def test_a_round_without_a_title_gets_the_usual_one(shop: Shop, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)), title="")
    assert queries.one_round(shop, round_id).title == queries.usual_title(shop) == "周五团 9月25日"


def test_only_products_in_use_are_offered(shop: Shop, eggs: int) -> None:
    products.archive_product(shop, eggs)
    with pytest.raises(Refused, match="archived"):
        opened(shop, Offered(eggs, Money(480)))
    with pytest.raises(NotFound):
        opened(shop, Offered(99, Money(480)))
    assert queries.rounds(shop) == ()


def test_residents_neither_see_nor_run_rounds(resident_shop: Shop) -> None:
    for call in (queries.rounds, queries.open_rounds, queries.closed_days):
        with pytest.raises(Refused):
            call(resident_shop)
    with pytest.raises(Refused):
        commands.set_closed_day(resident_shop, SUNDAY)


def test_time_passes_and_a_round_is_cut_off(shop: Shop, clock: FixedClock, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    assert [each.id for each in queries.open_rounds(shop)] == [round_id]
    clock.moment = queries.one_round(shop, round_id).cut_off_at
    assert queries.open_rounds(shop) == ()
    assert queries.one_round(shop, round_id).state is State.CUT_OFF


def test_the_round_that_cuts_off_first_is_the_desk_s(shop: Shop, eggs: int) -> None:
    times = queries.proposed(shop)
    later = replace(times, cut_off_at=times.cut_off_at + timedelta(days=1), pickup_day=SUNDAY)
    commands.open_round(shop, Plan("晚的", later), [Offered(eggs, Money(480))])
    first = opened(shop, Offered(eggs, Money(480)), title="早的")
    assert queries.open_rounds(shop)[0].id == first


def test_totals_count_active_orders_and_lines(shop: Shop, eggs: int, tofu: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480), None, 2000), Offered(tofu, Money(300)))
    add_order(shop, round_id, 1, (eggs, 1000, 960), (tofu, 2, 600))
    add_order(shop, round_id, 2, (eggs, 500, 480))
    gone = add_order(shop, round_id, 3, (eggs, 5000, 4800))
    half = add_order(shop, round_id, 4, (tofu, 9, 2700))
    with shop.write("test.cancel") as tx:
        orders, lines = schema.customer_order, schema.order_line
        tx.execute(update(orders).where(orders.c.id == gone).values(status="cancelled"))
        tx.execute(update(lines).where(lines.c.order_id == half).values(cancelled_at=tx.now))
    found = queries.one_round(shop, round_id)
    assert (found.orders, found.amount.fen) == (3, 960 + 600 + 480)
    by_name = {each.name: each for each in queries.offers(shop, round_id)}
    assert (by_name["土鸡蛋"].ordered, by_name["土鸡蛋"].orders) == (1500, 2)
    assert by_name["土鸡蛋"].left == 500
    assert (by_name["老豆腐"].ordered, by_name["老豆腐"].amount.fen) == (2, 600)
    assert by_name["老豆腐"].left is None


def test_extending_moves_the_cut_off_and_reopens(shop: Shop, clock: FixedClock, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    this = queries.one_round(shop, round_id)
    later = this.cut_off_at + timedelta(hours=1)
    commands.extend_round(shop, round_id, this.version, later)
    clock.moment = later
    assert queries.one_round(shop, round_id).state is State.CUT_OFF
    again = later + timedelta(hours=1)
    commands.extend_round(shop, round_id, this.version + 1, again)
    assert queries.one_round(shop, round_id).state is State.OPEN
    commands.close_round(shop, round_id, this.version + 2)
    assert queries.one_round(shop, round_id).state is State.CLOSED_EARLY
    commands.extend_round(shop, round_id, this.version + 3, again)
    assert queries.one_round(shop, round_id).state is State.OPEN


def test_extensions_that_cannot_be(shop: Shop, clock: FixedClock, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    this = queries.one_round(shop, round_id)
    for cut_off, sentence in (
        (this.cut_off_at, "not later"),
        (this.cut_off_at - timedelta(hours=1), "not later"),
        (clock.now() + timedelta(days=3), "before the day"),
    ):
        with pytest.raises(Refused, match=sentence):
            commands.extend_round(shop, round_id, this.version, cut_off)
    with pytest.raises(Conflict, match="芳姐"):
        commands.extend_round(shop, round_id, 99, this.cut_off_at + timedelta(hours=1))
    with pytest.raises(NotFound):
        commands.extend_round(shop, 99, 1, this.cut_off_at)
    assert queries.one_round(shop, round_id).cut_off_at == this.cut_off_at


def test_closing_early_stops_orders_once(shop: Shop, clock: FixedClock, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    clock.forward(hours=1)
    commands.close_round(shop, round_id, 1)
    closed = queries.one_round(shop, round_id)
    assert (closed.state, closed.ended_at) == (State.CLOSED_EARLY, clock.now())
    with pytest.raises(Refused, match="no longer"):
        commands.close_round(shop, round_id, 2)


def test_a_later_pickup_day_takes_the_orders_along(shop: Shop, eggs: int) -> None:
    first = opened(shop, Offered(eggs, Money(480)))
    one, two = (add_order(shop, first, number, (eggs, 500, 480)) for number in (1, 2))
    times = queries.proposed(shop)
    sunday = replace(times, pickup_day=SUNDAY)
    other = commands.open_round(shop, Plan("周日团", sunday), [Offered(eggs, Money(480))])
    waiting = add_order(shop, other, 1, (eggs, 500, 480))
    this = queries.one_round(shop, first)
    commands.extend_round(
        shop, first, this.version, this.cut_off_at + timedelta(hours=1), pickup_day=SUNDAY
    )
    with shop.read() as connection:
        table = schema.customer_order
        rows = connection.execute(select(table.c.id, table.c.pickup_day, table.c.number)).all()
    assert {row.pickup_day for row in rows} == {SUNDAY}
    assert {row.id: row.number for row in rows} == {waiting: 1, one: 2, two: 3}


def test_changing_title_note_and_times(shop: Shop, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    this = queries.one_round(shop, round_id)
    cut_off = this.cut_off_at - timedelta(hours=1)
    plan = Plan("新名字", Times(this.opens_at, cut_off, SUNDAY), "自带袋子")
    commands.change_round(shop, round_id, this.version, plan)
    changed = queries.one_round(shop, round_id)
    assert (changed.title, changed.note, changed.cut_off_at) == ("新名字", "自带袋子", cut_off)
    assert (changed.pickup_day, changed.opens_at) == (SUNDAY, this.opens_at)
    with pytest.raises(Conflict):
        commands.change_round(shop, round_id, this.version, plan)
    commands.close_round(shop, round_id, changed.version)
    with pytest.raises(Refused, match="Extend"):
        commands.change_round(shop, round_id, changed.version + 1, plan)


def test_a_price_changed_after_orders_is_for_new_ones_only(shop: Shop, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    order = add_order(shop, round_id, 1, (eggs, 500, 480))
    assert commands.change_offers(shop, round_id, [Offered(eggs, Money(520), 1000)]) == 1
    assert commands.change_offers(shop, round_id, [Offered(eggs, Money(520), 1000)]) == 0
    offer = queries.offers(shop, round_id)[0]
    assert (offer.price.fen, offer.household_limit) == (520, 1000)
    with shop.read() as connection:
        line = connection.execute(
            select(schema.order_line).where(schema.order_line.c.order_id == order)
        ).one()
    assert (line.unit_price_fen, line.amount_fen) == (480, 480)
    with pytest.raises(NotFound):
        commands.change_offers(shop, round_id, [Offered(999, Money(1))])


def test_products_come_into_a_round_and_go(shop: Shop, eggs: int, tofu: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    commands.add_offers(shop, round_id, [Offered(tofu, Money(300))])
    assert [each.position for each in queries.offers(shop, round_id)] == [1, 2]
    with pytest.raises(Refused, match="once"):
        commands.add_offers(shop, round_id, [Offered(tofu, Money(300))])
    add_order(shop, round_id, 1, (eggs, 500, 480))
    with pytest.raises(Refused, match="1 orders hold"):
        commands.remove_offer(shop, round_id, eggs)
    commands.remove_offer(shop, round_id, tofu)
    with pytest.raises(NotFound):
        commands.remove_offer(shop, round_id, tofu)
    assert [each.name for each in queries.offers(shop, round_id)] == ["土鸡蛋"]


def test_the_last_product_of_a_round_stays(shop: Shop, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    with pytest.raises(Refused, match="at least one"):
        commands.remove_offer(shop, round_id, eggs)


def test_copying_takes_today_s_prices_and_says_the_difference(
    shop: Shop, clock: FixedClock, eggs: int, tofu: int
) -> None:
    old = products.add_product(shop, Details("旧货", "份", Money(100)))
    source = opened(
        shop,
        Offered(eggs, Money(460), 1000, 5000),
        Offered(tofu, Money(300)),
        Offered(old, Money(100)),
    )
    clock.forward(days=3)
    products.archive_product(shop, old)
    products.set_price(shop, eggs, Money.of("5.20"))
    preview = queries.copied_offers(shop, source)
    assert [(each.name, each.difference.fen, each.gone) for each in preview] == [
        ("土鸡蛋", 60, False),
        ("老豆腐", 0, False),
        ("旧货", 0, True),
    ]
    plan = Plan("", queries.proposed(shop))
    copy = queries.one_round(shop, commands.copy_round(shop, source, plan))
    assert (copy.copied_from, copy.offers, copy.title) == (source, 2, "周一团 9月28日")
    offers = queries.offers(shop, copy.id)
    assert [(each.name, each.price.fen) for each in offers] == [("土鸡蛋", 520), ("老豆腐", 300)]
    assert (offers[0].household_limit, offers[0].available) == (1000, 5000)
    same = commands.copy_round(shop, source, plan, todays_prices=False, keep_limits=False)
    offers = queries.offers(shop, same)
    assert (offers[0].price.fen, offers[0].household_limit) == (460, None)


def test_a_copy_needs_something_to_offer(shop: Shop, clock: FixedClock, eggs: int) -> None:
    source = opened(shop, Offered(eggs, Money(480)))
    clock.forward(days=1)
    products.archive_product(shop, eggs)
    with pytest.raises(Refused, match="nothing is left"):
        commands.copy_round(shop, source, Plan("", queries.proposed(shop)))
    with pytest.raises(NotFound):
        commands.copy_round(shop, 99, Plan("", queries.proposed(shop)))


def test_a_double_click_opens_one_round(shop: Shop, eggs: int) -> None:
    source = opened(shop, Offered(eggs, Money(480)))
    bound = shop.once(FormKey.of("copy-1", [source]))
    plan = Plan("", queries.proposed(shop))
    commands.copy_round(bound, source, plan)
    with pytest.raises(Repeated):
        commands.copy_round(bound, source, plan)
    assert len(queries.rounds(shop)) == 2


def test_closed_days_are_skipped_and_kept_free(shop: Shop, eggs: int) -> None:
    commands.set_closed_day(shop, SATURDAY, "中秋休息")
    assert queries.closed_days(shop) == (queries.ClosedDay(SATURDAY, "中秋休息"),)
    times = queries.proposed(shop)
    assert times.pickup_day == SUNDAY
    with pytest.raises(Refused, match="closed on 2026-09-26"):
        commands.open_round(
            shop, Plan("", replace(times, pickup_day=SATURDAY)), [Offered(eggs, Money(480))]
        )
    opened(shop, Offered(eggs, Money(480)))
    with pytest.raises(Refused, match="周五团"):
        commands.set_closed_day(shop, SUNDAY)
    commands.set_closed_day(shop, SATURDAY, "改了")
    commands.remove_closed_day(shop, SATURDAY)
    assert queries.closed_days(shop) == ()
    with pytest.raises(Refused, match="over"):
        commands.set_closed_day(shop, date(2026, 9, 24))


def test_a_day_with_orders_cannot_be_closed(shop: Shop, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    add_order(shop, round_id, 1, (eggs, 500, 480))
    commands.close_round(shop, round_id, 1)
    with pytest.raises(Refused, match="1 orders"):
        commands.set_closed_day(shop, SATURDAY)


def test_a_past_closed_day_is_not_listed(shop: Shop, clock: FixedClock) -> None:
    with shop.write("test.day") as tx:
        tx.execute(insert(schema.closed_day).values(day=date(2026, 9, 24), reason=""))
    assert queries.closed_days(shop) == ()


def test_group_texts_are_in_the_shop_s_language(shop: Shop, eggs: int, tofu: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)), Offered(tofu, Money(300), None, 10))
    add_order(shop, round_id, 1, (tofu, 4, 1200))
    text = queries.announcement_text(shop, round_id, {eggs: "进价4.5+损耗0.3=4.8"})
    assert text.startswith("🥬【周五团】土鸡蛋 4.8元/斤")
    assert "土鸡蛋成本公开：进价4.5+损耗0.3=4.8" in text
    assert "老豆腐：只剩6盒" in queries.reminder_text(shop, round_id)
    english = replace(shop, settings=replace(shop.settings, language="en"))
    assert "order until tonight 20:00" in queries.announcement_text(english, round_id)
