"""Complaints of the demo shop from the report to the last question, through its own commands.

Every complaint is a chain of acts noted in the diary: told at an hour people tell such things,
answered, solved by what the pledge promises, asked about the day after. Chance is the complaints'
own, so that the rest of the story stays as it is.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial

from lib.demo import complaints_told as told
from lib.demo import faults
from lib.demo.cast import Cast
from lib.demo.complaints_told import Told
from lib.demo.diary import Act, Diary
from lib.demo.goods import GOODS as STAPLES
from lib.kernel.clock import at_local, local
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.after_sales import commands as cases
from lib.service.after_sales.counting import Goods, whole_of
from lib.service.after_sales.queries import Card, find_cases
from lib.service.after_sales.remedies.commands import solve
from lib.service.after_sales.remedies.queries import pledge_of
from lib.service.after_sales.remedies.rules import (
    COMES_BACK,
    GOODS,
    MONEY,
    Disposal,
    Option,
    Remedy,
    Solution,
)
from lib.service.after_sales.rules import NewCase, Result, Source, number
from lib.service.owed.commands import give_owed
from lib.service.owed.queries import owed_for_case
from lib.shop.files.photos import Photo, put
from lib.shop.shop import SYSTEM
from lib.supply.stock.queries import batches_left
from lib.trade.orders import queries as orders
from lib.trade.payments.queries import money_of
from lib.trade.payments.rules import still_charged
from lib.trade.products.queries import catalogue

OPENS, CLOSES = time(8), time(21, 40)
"""Nobody writes or answers outside these hours."""
FREIGHT = Money.of("3")
MINUTE = timedelta(minutes=1)
MOST_PHOTOS = 2
"""Complaints of the last two weeks that came with a photo."""


@dataclass(frozen=True)
class About:
    """Whose complaint it is and about what: a line of an order, or goods bought at the counter."""

    member_id: int
    product_id: int
    name: str
    line_id: int | None = None
    goods: Goods | None = None


@dataclass
class Complaints:
    """All complaints of the story.

    ``handed`` are the orders collected so far, the oldest first; ``known`` lines and ``who``
    members that were complained about and did already.
    """

    cast: Cast
    diary: Diary
    chance: random.Random = field(default_factory=lambda: random.Random(528))  # noqa: S311
    handed: list[int] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    who: set[int] = field(default_factory=set)
    count: int = 0
    photos: int = 0

    @property
    def now(self) -> datetime:
        """The moment the story is at."""
        return self.cast.shop.clock.now()

    def line_of(self, order_id: int, *names: str) -> About | None:
        """Return a line of an order that nobody complained about, one of ``names`` if it has one.

        Also the goods must still be charged: what was called back and repaid is nobody's complaint.
        """
        found = orders.order(self.cast.shop, order_id)
        money = money_of(self.cast.shop, [order_id])[order_id]
        free = [
            line
            for line in found.standing
            if line.id not in self.known and still_charged(money, line.id) and line.quantity
        ]
        wanted = [line for line in free if line.product in names] or ([] if names else free)
        if not wanted or found.member_id in self.who:
            return None
        self.who.add(found.member_id)
        line = self.chance.choice(wanted)
        self.known.add(line.id)
        goods = Goods(line.unit, line.quantity)
        return About(found.member_id, line.product_id, line.product, line.id, goods)

    def newest(self, *names: str) -> About | None:
        """Return a line of an order collected lately, with goods of ``names`` if there are some."""
        for wanted in (names, ()):
            for order_id in reversed(self.handed):
                about = self.line_of(order_id, *wanted)
                if about is not None:
                    return about
        return None

    def counter(self, member_id: int, name: str, units: int = 1) -> About:
        """Return goods bought at the counter without an order, so many sale units."""
        product_id = self.cast.products[name]
        good = next(each for each in STAPLES if each.name == name)
        unit = Unit.named(good.unit)
        goods = Goods(unit, unit.amount(units), good.pieces, good.grams)
        return About(member_id, product_id, name, None, goods)

    def photo(self, name: str) -> tuple[Photo, ...]:
        """Return a picture of bad goods as a photo that was taken in."""
        self.photos += 1
        return (put(self.cast.shop.place, faults.bad(name, self.photos), "photo.png"),)

    def some_photo(self, name: str) -> tuple[Photo, ...]:
        """Return a photo for the first few that ask; taking one in costs time."""
        return self.photo(name) if self.photos < MOST_PHOTOS else ()

    def card(self, case_id: int) -> Card:
        """Return a case as it stands."""
        (found,) = find_cases(self.cast.desk, number(case_id))
        return found

    def version(self, case_id: int) -> int:
        """Return the version of a case as it stands."""
        return self.card(case_id).version

    def open(self, about: About, source: Source, *, with_photo: bool = False) -> int:
        """Open a case now with what residents say about such goods; returns its number."""
        what = self.words(about)
        photos = self.photo(about.name) if with_photo else ()
        return cases.open_case(self.cast.desk, self.new(about, what, source, photos))

    def words(self, about: About) -> Told:
        """Return what is said about these goods."""
        return told.TOLD.get(about.name, told.OTHER)

    def new(
        self, about: About, what: Told, source: Source, photos: tuple[Photo, ...] = ()
    ) -> NewCase:
        """Return the case as the desk types it."""
        bad, of_total, way = what.counted(about.goods) if about.goods else (None, None, None)
        if about.line_id is None and bad is not None and of_total is None and about.goods:
            of_total = whole_of(about.goods, way) if way else None
        return NewCase(
            source, what.defect, what.said, about.member_id, about.line_id, about.product_id,
            bad, of_total, way, photos=photos,
        )  # fmt: skip

    def reply(self, case_id: int, text: str = "") -> None:
        """Answer the resident."""
        said = text or self.chance.choice(told.REPLIES)
        cases.reply(self.cast.desk, case_id, self.version(case_id), said)

    def solve(self, case_id: int, about: About, *, goods: bool | None = None) -> None:
        """Agree what the pledge promises; ``goods`` prefers an option that gives goods, or money.

        Without an order the books know no price that was paid: it is today's.
        """
        options = pledge_of(self.cast.desk, case_id).options
        fit = [one for one in options if goods is None or _gives_goods(one) is goods]
        remedies = self._filled(case_id, about, self.chance.choice(fit or list(options)))
        what = self.words(about)
        back = any(one.kind in COMES_BACK for one in remedies)
        solution = Solution(
            remedies,
            freight=FREIGHT if any(one.freight_by_shop for one in remedies) else Money(0),
            disposal=Disposal.TO_SUPPLIER if back else Disposal.KEPT,
            cause=what.cause,
            cause_note=what.cause_note,
            text=said_of(remedies),
        )
        solve(self.cast.shop, case_id, self.version(case_id), solution)

    def _filled(self, case_id: int, about: About, option: Option) -> tuple[Remedy, ...]:
        """Return the remedies of ``option`` with what nobody could read from an order."""
        if about.line_id is not None:
            return option.remedies
        found = self.card(case_id)
        items = {item.product_id: item for item in catalogue(self.cast.shop)}
        price = items[about.product_id].price
        bad, whole = found.bad or 1, found.of_total or 1
        units = (about.goods.quantity // (about.goods.unit.grams or 1)) if about.goods else 1
        worth = Money(max(-(-price.fen * units * bad // whole), 1))
        return tuple(
            replace(one, amount=worth) if one.kind in MONEY and not one.amount else one
            for one in option.remedies
        )

    def follow_up(
        self, case_id: int, result: Result, words: str = "", *, close: bool = False
    ) -> None:
        """Note what the resident said when asked."""
        version = self.version(case_id)
        cases.follow_up(self.cast.desk, case_id, version, result, words, close=close)

    def give(self, case_id: int, tries: int = 3) -> None:
        """Give what is owed for a case at the counter, unless it went with an order already."""
        for one in owed_for_case(self.cast.desk, case_id):
            left = one.quantity - one.given
            if left <= 0 or one.cancelled_at is not None:
                continue
            if self._lying(one.product) >= left:
                give_owed(self.cast.desk, one.id)
            elif tries > 1:
                self.later(timedelta(days=1), partial(self.give, case_id, tries - 1))

    def _lying(self, name: str) -> int:
        product_id = self.cast.products[name]
        found = batches_left(self.cast.desk, product_id)
        return sum(one.on_hand for one in found if one.lot.may_go(self.cast.shop.today))

    def record_breaches(self) -> None:
        """Let the program write down what ran out."""
        cases.record_breaches(self.cast.shop.acting(SYSTEM))

    def later(self, after: timedelta, act: Act) -> None:
        """Note ``act`` for then, or for the next hour at which people are up."""
        self.diary.at_moment(self.by_day(self.now + after), act)

    def by_day(self, moment: datetime) -> datetime:
        """Return ``moment``, or one in the next morning when nobody is up."""
        zone = self.cast.shop.settings.time_zone
        wall = local(moment, zone)
        if OPENS <= wall.time() <= CLOSES:
            return moment
        day = wall.date() + timedelta(days=1) if wall.time() > CLOSES else wall.date()
        return at_local(day, OPENS, zone) + self.chance.randint(10, 100) * MINUTE

    def minutes(self, least: int, most: int) -> timedelta:
        """Return a time between ``least`` and ``most`` minutes."""
        return self.chance.randint(least, most) * MINUTE


def _gives_goods(option: Option) -> bool:
    return any(one.kind in GOODS for one in option.remedies)


def said_of(remedies: Sequence[Remedy]) -> str:
    """Return in words what is done."""
    money = next((one.amount for one in remedies if one.kind in MONEY and one.amount), None)
    goods = any(one.kind in GOODS for one in remedies)
    parts = [f"退您 {money} 元" if money else "", "下次取货补一份新的" if goods else ""]
    return "，".join(part for part in parts if part) + "，再次抱歉 🙏"
