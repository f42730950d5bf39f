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
from functools import partial
from itertools import chain

from lib.demo import community, incidents, messages, regulars, rounds, scenes, supply, trust
from lib.demo.cast import Cast
from lib.demo.diary import Diary
from lib.demo.goods import GOODS, details
from lib.demo.partners import SHOP_AT
from lib.demo.pictures import picture
from lib.demo.residents import in_group, surely_in
from lib.demo.service import SETTINGS, Service
from lib.demo.shelf.commands import keep_period
from lib.demo.shelf.days import Shelf
from lib.demo.shelf.simulation import Market
from lib.demo.supply import Files
from lib.demo.wishes import Wishes, first_names
from lib.kernel.clock import FixedClock, at_local, monday_of
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.settings import load
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.stock.queries import batches_left
from lib.trade.payments.commands import cash_up
from lib.trade.payments.queries import day_money
from lib.trade.products.commands import add_products, set_photo, set_price
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Times
from lib.trust.costs.commands import set_costs
from lib.trust.costs.rules import Cost, Part

ROUNDS_BEFORE = (12, 9, 7, 5, 3)
"""Days ago on which the earlier rounds were opened."""
REMINDED = (12, 9, 7)
"""Of them, those that the group was reminded of: adverts are fewer than tips."""

DAYS = 730
RECENT_DAYS = 14
"""How far back the story reaches, and since when every day is lived in full."""

MONTH, WEEK = 28, 7
WEEKLY_DAYS = RECENT_DAYS + 3 * MONTH
"""Days of one stretch of the shelf's past, and since when it is kept by the week."""

EARLY = 5
"""Residents who collect before everybody else today."""

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
    cast = Cast(shop, shelf, products, chance)
    diary = Diary(shop, today, now)
    service = _note_acts(diary, cast)
    _live_the_past(diary, cast, kept, service)
    supply.agree(shop, known, today)
    supply.show_old_tests(shop, known, kept, today)
    _Weeks(cast, diary, kept, now, service).live()


def _note_acts(diary: Diary, cast: Cast) -> Service:
    """Note everything that happens beside the daily round; service hears of that round."""
    wishes = Wishes(diary, cast, {})
    rounds.schedule(diary, cast, first_names())
    rounds.schedule_reminders(diary, cast, REMINDED)
    trust.schedule(diary, cast)
    messages.schedule(diary, cast)
    community.schedule(diary, cast, wishes.wished)
    wishes.schedule()
    regulars.Regulars(cast, diary).schedule()
    return Service.noted(diary, cast)


def _live_the_past(diary: Diary, cast: Cast, kept: Files, service: Service) -> None:
    """All but the last two weeks of the shelf, with a test of the eggs every month.

    The shelf of the last weeks is kept a week at a time: complaints name its batches.
    """
    shop, shelf = cast.shop, cast.shelf
    batches: dict[int, int] = {}
    first, weekly, until = (
        diary.today - timedelta(days=days) for days in (DAYS, WEEKLY_DAYS, RECENT_DAYS)
    )
    months = shelf.market.periods(first, weekly, MONTH)
    weeks = shelf.market.periods(weekly, until, WEEK)
    for place, period in enumerate(chain(months, weeks)):
        diary.go_to(period.until, time(22))
        keep_period(shop, shelf.known, period, batches)
        service.shelf_was_kept(period, batches)
        eggs = [each.number for each in period.arrived if each.name == "土鸡蛋"]
        if period.until < weekly or not place % (MONTH // WEEK):
            supply.show_test(shop, kept, "土鸡蛋", batches[eggs[-1]])


@dataclass
class _Weeks:
    """The last two weeks, day by day."""

    cast: Cast
    diary: Diary
    kept: Files
    now: datetime
    service: Service
    _collecting: Sequence[int] = ()
    _arriving: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shop, self.shelf = self.cast.shop, self.cast.shelf
        self.products, self.today = self.cast.products, self.diary.today

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
        self._open_round_now()
        self.diary.until(self.now)

    @property
    def _first(self) -> date:
        return self.today - timedelta(days=RECENT_DAYS)

    def _day(self, day: date, ago: int) -> None:
        shop, go_to = self.shop, self.diary.go_to
        go_to(day, time(6, 30))
        self._receive()
        if day.weekday() == 0:
            self._pay(day)
        if ago == RECENT_DAYS:
            trust.publish(self.cast)
        opened = ago in ROUNDS_BEFORE
        by_slot = rounds.by_slot(self.cast, self._collecting) if self._collecting else {}
        if opened:
            self.diary.at(ago, time(9), partial(self._open, ago))
        for wall, order_ids in by_slot.items():
            go_to(day, wall)
            self._collect(order_ids, everybody=True)
        if by_slot:
            go_to(day, time(19, 50))
            _count_the_till(shop, self.cast.chance)
            self._collecting = ()
        if opened:
            self._cut_off(day, ago, time(20, 10), self.cast.chance.randint(22, 34))
            _raise_a_price(shop, self.products, ago)
        self._something_happens(day, ago)
        go_to(day, time(21, 30))
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
            self.diary.go_to(monday, time(8))
            supply.pay_week(self.shop, self.shelf.known, monday - timedelta(weeks=1))

    def _receive(self) -> None:
        """The morning's goods, with a fresh test of what is tested often."""
        self.shelf.morning(self.shop, self._arriving)
        self._arriving = []

    def _collect(self, order_ids: Sequence[int], *, everybody: bool) -> None:
        self.service.collected(*rounds.collect(self.cast, order_ids, everybody=everybody))

    def _open(self, ago: int) -> None:
        """Open a round in the morning that is collected the day after."""
        rounds.announce(self.cast, rounds.open_today(self.cast, ago, rounds.offers(self.cast)))

    def _cut_off(self, day: date, ago: int, wall: time, residents: int) -> None:
        """The chain comes in, and what it asks for is ordered for tomorrow."""
        self.diary.go_to(day, wall)
        number = self.cast.rounds[ago]
        coming = self.cast.chance.sample(in_group(ago), residents)
        chosen = list(dict.fromkeys([*coming, *surely_in(ago)]))
        self._collecting = self.service.ordered(number, rounds.paste(self.cast, number, chosen))
        self._arriving = self.shelf.order_for_round(self.shop, number, day + timedelta(days=1))

    def _yesterday(self) -> None:
        day = self.today - timedelta(days=1)
        self.diary.go_to(day, time(6, 30))
        self._receive()
        self.diary.go_to(day, time(9))
        self._open(1)
        self._cut_off(day, 1, time(20, 5), 26)
        self.diary.go_to(day, time(21, 30))
        self.shelf.evening(self.shop)

    def _todays_morning(self) -> None:
        """Yesterday's round is being collected: its goods came, the first residents did too."""
        early = self.diary.moment(0, rounds.ARRIVES)
        self.diary.until(min(self.now - timedelta(hours=3), early))
        self._receive()
        for wall, order_ids in rounds.by_slot(self.cast, self._collecting).items():
            moment = self.diary.moment(0, wall)
            if early < moment < self.now - timedelta(hours=2):
                self.diary.until(moment)
                self._collect(order_ids[:-1], everybody=False)
                self._collecting = [one for one in self._collecting if one not in order_ids[:-1]]
        self.diary.until(self.now - timedelta(hours=3))
        self._show_tests()
        supply.claim(self.shop, self.shelf.known)
        incidents.plan(self.shop, self.products)
        supply.order(self.shop, self.shelf.known, "五谷粮油", self.today)
        trust.plan_ahead(self.cast)

    def _open_round_now(self) -> None:
        """A round that takes orders now, its sheet published, its first chain booked by now."""
        cast, now = self.cast, self.now
        self.diary.until(now - timedelta(hours=2))
        cut_off = at_local(self.shop.today, time(20), self.shop.settings.time_zone)
        if cut_off < now + timedelta(hours=2):
            cut_off = now + timedelta(hours=6)
        pickup = replace(self.shop, clock=FixedClock(cut_off)).today + timedelta(days=1)
        times = Times(self.shop.clock.now(), cut_off, pickup)
        offered = trust.with_comparisons(cast, rounds.offers(cast))
        number = open_round(self.shop, Plan("", times), offered)
        trust.offer_todays_gift(cast, number)
        self.diary.until(now - timedelta(minutes=110))
        trust.publish(cast)
        rounds.announce(cast, number)
        self.diary.until(now - timedelta(hours=1))
        rounds.paste(cast, number, cast.chance.sample(in_group(0), 12))
        self.diary.until(now - timedelta(minutes=50))
        early = [one for part in rounds.by_slot(cast, self._collecting).values() for one in part]
        self._collect(early[:EARLY], everybody=False)
        self.service.deliveries.bring_one()

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
        **SETTINGS,
        **regulars.SETTINGS,
        "shop_name": "芳姐生鲜（演示）",
        "community": "金桂花园",
        "pickup_point": "金桂花园 3 栋楼下芳姐生鲜",
        "shop_position": SHOP_AT,
        "delivery_cost": Money.of("3"),
        "welfare_budget": Money.of("80"),
        "freshness_bag_cost": Money.of("0.08"),
        "ice_pack_cost": Money.of("0.25"),
        "bubble_wrap_cost": Money.of("0.15"),
    }
    save_settings(shop, values, {})
    with shop.read() as connection:
        return replace(shop, settings=load(connection))


def _stock(shop: Shop) -> dict[str, int]:
    ids = add_products(
        shop, [details(good, trust.FIRST_PRICES.get(good.name, "")) for good in GOODS]
    )
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


def _raise_a_price(shop: Shop, products: dict[str, int], days: int) -> None:
    """The market moves: now and then one product costs a little more or less."""
    moves = {9: ("菠菜", "4.20"), 5: ("五花肉", "19.20"), 3: ("菠菜", "3.90")}
    if days in moves:
        name, price = moves[days]
        set_price(shop, products[name], Money.of(price))


def _count_the_till(shop: Shop, chance: random.Random) -> None:
    day = day_money(shop, shop.today)
    slip = Money(chance.choice((0, 0, 0, -100, 50)))
    cash_up(shop, shop.today, day.expected_cash + slip, note="" if not slip else "找零差了一点")
