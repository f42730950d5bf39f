"""Two years in the life of the demo shop, told through the program's own commands.

The shelf's past is kept a month at a time (lib/demo/shelf). In the last two weeks chains are
pasted, parsed, booked, bought for, received, paid and handed over the way a shop does it, at the
moments it would have happened: the clock is set for every step. What a newcomer sees is therefore
what the program makes of it, not rows painted into the database. The same day of the year always
tells the same story (seeded); nothing of it is random at the next start.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from lib.demo import incidents, scenes, supply
from lib.demo.goods import DAILY, FRAGILE, FRESH, GOODS, Good
from lib.demo.partners import SHOP_AT
from lib.demo.pictures import picture
from lib.demo.residents import RESIDENTS, Resident
from lib.demo.shelf.commands import keep_period
from lib.demo.shelf.days import Shelf
from lib.demo.shelf.simulation import Market
from lib.demo.supply import Files
from lib.kernel.clock import FixedClock, at_local, monday_of
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.pickup.commands import hand_over
from lib.shop.settings import load
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.stock.queries import batches_left
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
ROUNDS_BEFORE = (12, 9, 7, 5, 3)
"""Days ago on which the earlier rounds were opened."""

DAYS = 730
RECENT_DAYS = 14
"""How far back the story reaches, and since when every day is lived in full."""

TESTED = ("土鸡蛋", "小白菜", "五花肉", "老豆腐")
LABELLED, CLEARED, RECALLED, ORDERED, CLEARING = 13, 8, 6, 3, 2
"""Days ago on which something out of the ordinary happened."""


def tell(shop: Shop) -> None:
    """Fill an empty demo shop up to now. ``shop`` is the owner's, on a clock that can be set."""
    assert isinstance(shop.clock, FixedClock)
    now, today = shop.clock.moment, shop.today
    _go_to(shop, today - timedelta(days=DAYS), time(5))
    shop = _name_the_shop(shop)
    products = _stock(shop)
    known = supply.partners(shop, products)
    chance = random.Random(20260925)  # noqa: S311 - a story, not a secret
    units = {good.name: Unit.named(good.unit) for good in GOODS}
    recent = today - timedelta(days=RECENT_DAYS)
    shelf = Shelf(Market(units, random.Random(5), today, recent), known)  # noqa: S311
    kept = supply.files(shop)
    supply.show_places(shop, known, kept)
    _live_the_past(shop, shelf, kept, today)
    supply.agree(shop, known, today)
    supply.show_old_tests(shop, known, kept, today)
    _Weeks(shop, products, shelf, kept, today, now, chance).live()


def _live_the_past(shop: Shop, shelf: Shelf, kept: Files, today: date) -> None:
    """All but the last two weeks of the shelf, with a test of the eggs every month."""
    batches: dict[int, int] = {}
    first, until = today - timedelta(days=DAYS), today - timedelta(days=RECENT_DAYS)
    for period in shelf.market.periods(first, until):
        _go_to(shop, period.until, time(22))
        keep_period(shop, shelf.known, period, batches)
        eggs = [each.number for each in period.arrived if each.name == "土鸡蛋"]
        supply.show_test(shop, kept, "土鸡蛋", batches[eggs[-1]])


@dataclass
class _Weeks:
    """The last two weeks, day by day."""

    shop: Shop
    products: dict[str, int]
    shelf: Shelf
    kept: Files
    today: date
    now: datetime
    chance: random.Random
    _collecting: tuple[int, ...] = ()
    _arriving: list[int] = field(default_factory=list)

    def live(self) -> None:
        """Live every day up to now."""
        for weeks in range(supply.WEEKS_PAID, 0, -1):
            monday = monday_of(self.today) - timedelta(weeks=weeks)
            if monday < self._first:
                self._pay(monday)
        for number in range(RECENT_DAYS, 1, -1):
            self._day(self.today - timedelta(days=number), number)
        self._yesterday()
        self._todays_morning()
        _open_round_now(self.shop, self.products, self.now, self.chance)
        assert isinstance(self.shop.clock, FixedClock)
        self.shop.clock.moment = self.now

    @property
    def _first(self) -> date:
        return self.today - timedelta(days=RECENT_DAYS)

    def _day(self, day: date, ago: int) -> None:
        shop = self.shop
        _go_to(shop, day, time(6, 30))
        self._receive()
        if day.weekday() == 0:
            self._pay(day)
        if ago == RECENT_DAYS:
            _publish(shop, self.products)
        opened = ago in ROUNDS_BEFORE
        number = _open_at(shop, self.products, day, self.chance) if opened else 0
        if self._collecting:
            _go_to(shop, day, time(18, 20))
            _collect(shop, self._collecting, self.chance, everybody=True)
            _go_to(shop, day, time(19, 50))
            _count_the_till(shop, self.chance)
            self._collecting = ()
        if opened:
            self._cut_off(number, day, time(20, 10), self.chance.randint(22, 34))
            _raise_a_price(shop, self.products, ago)
        self._something_happens(day, ago)
        _go_to(shop, day, time(21, 30))
        self.shelf.evening(shop)

    def _something_happens(self, day: date, ago: int) -> None:
        shop, products = self.shop, self.products
        if ago == LABELLED:
            incidents.label(shop, products, scenes.as_png(scenes.workshop("#cfd8dc")))
        elif ago == CLEARED:
            incidents.clear(shop, products, "全麦吐司", "7.90", 1)
        elif ago == RECALLED:
            incidents.call_back(shop, self._newest()[products["老豆腐"]])
        elif ago == ORDERED:
            supply.order(shop, self.shelf.known, "富春纸品厂", day + timedelta(days=2))
        elif ago == CLEARING:
            incidents.clear(shop, products, "阳光玫瑰葡萄", "15.90", 3)

    def _newest(self) -> dict[int, int]:
        """Return the newest batch of every product of which something is left."""
        return {each.product_id: each.batch_id for each in batches_left(self.shop)}

    def _pay(self, monday: date) -> None:
        """Pay the week before ``monday``, unless it is the last one: that is for the newcomer."""
        if monday < monday_of(self.today):
            _go_to(self.shop, monday, time(8))
            supply.pay_week(self.shop, self.shelf.known, monday - timedelta(weeks=1))

    def _receive(self) -> None:
        """The morning's goods, with a fresh test of what is tested often."""
        self.shelf.morning(self.shop, self._arriving)
        self._arriving = []

    def _cut_off(self, number: int, day: date, wall: time, residents: int) -> None:
        """The chain comes in, and what it asks for is ordered for tomorrow."""
        shop = self.shop
        _go_to(shop, day, wall)
        self._collecting = _paste(
            shop, number, self.chance.sample(RESIDENTS, residents), self.chance
        )
        self._arriving = self.shelf.order_for_round(shop, number, day + timedelta(days=1))

    def _yesterday(self) -> None:
        day = self.today - timedelta(days=1)
        _go_to(self.shop, day, time(6, 30))
        self._receive()
        number = _open_at(self.shop, self.products, day, self.chance)
        if self._collecting:
            _go_to(self.shop, day, time(18, 20))
            _collect(self.shop, self._collecting, self.chance, everybody=True)
            self._collecting = ()
        self._cut_off(number, day, time(20, 5), 26)
        _go_to(self.shop, day, time(21, 30))
        self.shelf.evening(self.shop)

    def _todays_morning(self) -> None:
        """Yesterday's round is being collected: its goods came, some residents did too."""
        shop = self.shop
        assert isinstance(shop.clock, FixedClock)
        before = shop.clock.moment
        shop.clock.moment = max(self.now - timedelta(hours=3), before)
        self._receive()
        _publish(shop, self.products)
        self._show_tests()
        supply.claim(shop, self.shelf.known)
        incidents.plan(shop, self.products)
        supply.order(shop, self.shelf.known, "五谷粮油", self.today)
        shop.clock.moment = max(self.now - timedelta(minutes=50), before)
        _collect(shop, self._collecting[:9], self.chance, everybody=False)

    def _show_tests(self) -> None:
        """The newest batches of what is tested often, and one that nobody tested for long."""
        newest = self._newest()
        for name in TESTED:
            if self.products[name] in newest:
                batch = newest[self.products[name]]
                supply.show_test(self.shop, self.kept, name, batch)
                incidents.post(self.shop, batch, name)


def _go_to(shop: Shop, day: date, wall: time) -> None:
    assert isinstance(shop.clock, FixedClock)
    shop.clock.moment = at_local(day, wall, shop.settings.time_zone)


def _name_the_shop(shop: Shop) -> Shop:
    """Say what the shop is called and where it is; return it with these settings."""
    values = {
        "shop_name": "芳姐生鲜（演示）",
        "community": "金桂花园",
        "pickup_point": "金桂花园 3 栋楼下芳姐生鲜",
        "shop_position": SHOP_AT,
        "delivery_cost": Money.of("3"),
        "freshness_bag_cost": Money.of("0.08"),
        "ice_pack_cost": Money.of("0.25"),
        "bubble_wrap_cost": Money.of("0.15"),
    }
    save_settings(shop, values, {})
    with shop.read() as connection:
        return replace(shop, settings=load(connection))


def _stock(shop: Shop) -> dict[str, int]:
    ids = add_products(shop, [_details(good) for good in GOODS])
    products = {good.name: number for good, number in zip(GOODS, ids, strict=True)}
    for good in GOODS:
        set_photo(shop, products[good.name], picture(good), f"{good.name}.png")
        typed: dict[Part, Cost | None] = {
            Part(kind): Cost(Money.of(yuan), basis=note)
            for kind, (yuan, note) in good.typed.items()
        }
        if typed:
            set_costs(shop, products[good.name], typed, {})
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
    moves = {9: ("菠菜", "4.20"), 5: ("五花肉", "19.20"), 3: ("菠菜", "3.90")}
    if days in moves:
        name, price = moves[days]
        set_price(shop, products[name], Money.of(price))


def _offers(shop: Shop, products: dict[str, int], chance: random.Random) -> list[Offered]:
    names = chance.sample(sorted(products), 7)
    if "土鸡蛋" not in names:
        names[0] = "土鸡蛋"
    found = {item.product_id: item for item in catalogue(shop)}
    return [Offered(products[name], found[products[name]].price) for name in names]


def _open_at(shop: Shop, products: dict[str, int], day: date, chance: random.Random) -> int:
    """Open a round in the morning of ``day`` that is collected the day after; return its id."""
    _go_to(shop, day, time(9))
    cut_off = at_local(day, time(20), shop.settings.time_zone)
    times = Times(shop.clock.now(), cut_off, day + timedelta(days=1))
    return open_round(shop, Plan("", times), _offers(shop, products, chance))


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
