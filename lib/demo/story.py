"""Two weeks in the life of the demo shop, told through the program's own commands.

Chains are pasted, parsed, booked, paid and handed over the way a shop does it, at the moments it
would have happened: the clock is set for every step. What a newcomer sees is therefore what the
program makes of it, not rows painted into the database. The same day of the year always tells the
same story (seeded); nothing of it is random at the next start.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from lib.demo.goods import DAILY, FRAGILE, FRESH, GOODS, Good
from lib.demo.pictures import picture
from lib.demo.residents import RESIDENTS, Resident
from lib.kernel.clock import FixedClock, at_local
from lib.kernel.money import Money
from lib.service.pickup.commands import hand_over
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.trade.orders import queries as orders
from lib.trade.orders.chain_review import Decision, Decisions, booking, review
from lib.trade.orders.commands import book_intake
from lib.trade.payments.commands import cash_up, pay_order, refund_line
from lib.trade.payments.queries import day_money, money_of
from lib.trade.payments.rules import Method, refundable
from lib.trade.products.commands import add_products, set_photo, set_price
from lib.trade.products.queries import CatalogueItem, catalogue
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Offered, Times
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.rules import Cost, Part

SLOT_WORDS = ("晚上拿", "明早来取", "中午拿", "", "", "")
REMARKS = ("", "", "", "", "（挑大个的）", "要新鲜点的", "放门口", "")
ROUNDS_BEFORE = (12, 9, 7, 5, 2)
"""Days ago on which the earlier rounds were opened."""


def tell(shop: Shop) -> None:
    """Fill an empty demo shop up to now. ``shop`` is the owner's, on a clock that can be set."""
    assert isinstance(shop.clock, FixedClock)
    clock = shop.clock
    now, chance = clock.moment, random.Random(20260925)  # noqa: S311 - a story, not a secret
    today = shop.today
    _go_to(shop, today - timedelta(days=14), time(8))
    _name_the_shop(shop)
    products = _stock(shop)
    _publish(shop, products)
    for days in ROUNDS_BEFORE:
        _past_round(shop, products, today - timedelta(days=days), chance)
        _raise_a_price(shop, products, days)
    clock.moment = now - timedelta(hours=3)
    _publish(shop, products)
    _todays_pickup(shop, products, today, now, chance)
    _open_round_now(shop, products, now, chance)
    clock.moment = now


def _go_to(shop: Shop, day: date, wall: time) -> None:
    assert isinstance(shop.clock, FixedClock)
    shop.clock.moment = at_local(day, wall, shop.settings.time_zone)


def _name_the_shop(shop: Shop) -> None:
    values = {
        "shop_name": "芳姐生鲜（演示）",
        "community": "金桂花园",
        "pickup_point": "金桂花园 3 栋楼下芳姐生鲜",
    }
    save_settings(shop, values, {})


def _stock(shop: Shop) -> dict[str, int]:
    ids = add_products(shop, [_details(good) for good in GOODS])
    products = {good.name: number for good, number in zip(GOODS, ids, strict=True)}
    for good in GOODS:
        set_photo(shop, products[good.name], picture(good), f"{good.name}.png")
        costs = {
            Part.LOSS: Cost(rate=good.loss),
            Part.PACKAGING: Cost(Money.of(good.packaging)),
            Part.DELIVERY: Cost(Money.of(good.delivery)),
        }
        set_costs(shop, products[good.name], costs, {})
    return products


def _details(good: Good) -> Details:
    return Details(
        good.name,
        good.unit,
        Money.of(good.price),
        good.category,
        FRESH in good.tags,
        DAILY in good.tags,
        FRAGILE in good.tags,
        good.grams,
        good.pieces,
        Money.of(good.purchase),
        "",
        good.aliases,
        good.conversions,
    )


def _publish(shop: Shop, products: dict[str, int]) -> None:
    title = f"{shop.today.year}年{shop.today.month}月{shop.today.day}日价格"
    publish_sheet(shop, title, shop.today, list(products.values()))


def _raise_a_price(shop: Shop, products: dict[str, int], days: int) -> None:
    """The market moves: now and then one product costs a little more or less."""
    moves = {9: ("菠菜", "4.20"), 5: ("五花肉", "19.20"), 2: ("菠菜", "3.90")}
    if days in moves:
        name, price = moves[days]
        set_price(shop, products[name], Money.of(price))


def _offers(shop: Shop, products: dict[str, int], chance: random.Random) -> list[Offered]:
    names = chance.sample(sorted(products), 7)
    if "土鸡蛋" not in names:
        names[0] = "土鸡蛋"
    found = {item.product_id: item for item in catalogue(shop)}
    return [Offered(products[name], found[products[name]].price) for name in names]


def _past_round(shop: Shop, products: dict[str, int], day: date, chance: random.Random) -> None:
    """A whole round: opened in the morning, chain pasted at the cut-off, collected next day."""
    _go_to(shop, day, time(9))
    cut_off = at_local(day, time(20), shop.settings.time_zone)
    pickup = day + timedelta(days=1)
    times = Times(shop.clock.now(), cut_off, pickup)
    number = open_round(shop, Plan("", times), _offers(shop, products, chance))
    _go_to(shop, day, time(20, 10))
    booked = _paste(shop, number, chance.sample(RESIDENTS, chance.randint(22, 34)), chance)
    _go_to(shop, pickup, time(18, 20))
    _collect(shop, booked, chance, everybody=True)
    _go_to(shop, pickup, time(21, 30))
    _count_the_till(shop, chance)


def _todays_pickup(
    shop: Shop, products: dict[str, int], today: date, now: datetime, chance: random.Random
) -> None:
    """Yesterday's round is being collected today: some came, some pay at the desk."""
    _go_to(shop, today - timedelta(days=1), time(9))
    cut_off = at_local(today - timedelta(days=1), time(20), shop.settings.time_zone)
    times = Times(shop.clock.now(), cut_off, today)
    number = open_round(shop, Plan("", times), _offers(shop, products, chance))
    _go_to(shop, today - timedelta(days=1), time(20, 5))
    booked = _paste(shop, number, chance.sample(RESIDENTS, 26), chance)
    assert isinstance(shop.clock, FixedClock)
    shop.clock.moment = max(now - timedelta(minutes=50), shop.clock.moment)
    _collect(shop, booked[:9], chance, everybody=False)


def _open_round_now(
    shop: Shop, products: dict[str, int], now: datetime, chance: random.Random
) -> None:
    """A round that takes orders now, its first chain booked an hour ago."""
    assert isinstance(shop.clock, FixedClock)
    shop.clock.moment = now - timedelta(hours=2)
    cut_off = at_local(shop.today, time(20), shop.settings.time_zone)
    if cut_off < now + timedelta(hours=2):
        cut_off = now + timedelta(hours=6)
    pickup = replace(shop, clock=FixedClock(cut_off)).today + timedelta(days=1)
    times = Times(shop.clock.now(), cut_off, pickup)
    number = open_round(shop, Plan("", times), _offers(shop, products, chance))
    shop.clock.moment = now - timedelta(hours=1)
    _paste(shop, number, chance.sample(RESIDENTS, 12), chance)


def chain_text(
    items: Sequence[CatalogueItem], residents: Sequence[Resident], chance: random.Random
) -> str:
    """Return a chain message as residents of the demo shop would have written it."""
    prices = " ".join(f"{item.name}{item.price.yuan:f}元/{item.unit}" for item in items)
    lines = [f"#接龙\n今日团：{prices}\n例 3-201 小李 {items[0].name}2{items[0].unit}\n"]
    for number, resident in enumerate(residents, start=1):
        goods = " ".join(
            f"{item.name}{chance.choice((1, 1, 2, 2, 3))}{item.unit}"
            for item in chance.sample(list(items), chance.randint(1, min(4, len(items))))
        )
        words = f"{chance.choice(SLOT_WORDS)} {chance.choice(REMARKS)}".strip()
        lines.append(f"{number}. {resident.door} {resident.nickname} {goods} {words}".rstrip())
    return "\n".join(lines)


def _paste(
    shop: Shop, round_id: int, residents: Sequence[Resident], chance: random.Random
) -> tuple[int, ...]:
    items = catalogue(shop, round_id)
    paste = review(chain_text(items, residents, chance), items, shop.settings.slots)
    taken = {row.index: Decision(settled=frozenset(range(len(row.phrases)))) for row in paste.rows}
    return book_intake(shop, round_id, booking(paste, Decisions(taken))).added


def _collect(
    shop: Shop, order_ids: Sequence[int], chance: random.Random, *, everybody: bool
) -> None:
    for number in order_ids:
        fate = chance.random()
        if everybody and fate < 0.04:
            continue
        if fate < 0.93:
            method = Method.CASH if chance.random() < 0.15 else Method.TRANSFER
            pay_order(shop, number, method)
        hand_over(shop, number)
        if fate > 0.9 and everybody:
            _refund_a_bad_one(shop, number, chance)


def _refund_a_bad_one(shop: Shop, number: int, chance: random.Random) -> None:
    line = chance.choice(orders.order(shop, number).standing)
    if refundable(money_of(shop, [number])[number], line.id):
        refund_line(shop, line.id, Money(min(line.money.fen, 350)), "有一个坏的")


def _count_the_till(shop: Shop, chance: random.Random) -> None:
    day = day_money(shop, shop.today)
    slip = Money(chance.choice((0, 0, 0, -100, 50)))
    cash_up(shop, shop.today, day.expected_cash + slip, note="" if not slip else "找零差了一点")
