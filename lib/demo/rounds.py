"""The rounds of the demo shop: opened, announced, ordered in by chain, collected.

Before the two weeks that are lived day by day there were a few small rounds of goods that do not
lie on the shelf (rice, oil, tissues, what was wished for), so that the shelf's past stays as it
was simulated.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import partial

from lib.demo.cast import STAPLES, Cast, residents_named
from lib.demo.diary import Diary
from lib.demo.residents import Resident, in_group
from lib.kernel.clock import at_local
from lib.service.pickup.commands import hand_over
from lib.shop.messages.trade_events import CUT_OFF, ROUND
from lib.shop.posts import note_post
from lib.trade.orders import queries as orders
from lib.trade.orders.chain_review import Decision, Decisions, booking, review
from lib.trade.orders.commands import book_intake
from lib.trade.payments.commands import pay_order
from lib.trade.payments.rules import Method
from lib.trade.products.queries import CatalogueItem, catalogue
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.queries import announcement_text, reminder_text
from lib.trade.rounds.rules import Offered, Times

SLOT_WORDS = ("晚上拿", "明早来取", "中午拿", "", "", "")
REMARKS = ("", "", "", "", "（挑大个的）", "要新鲜点的", "放门口", "")
OFFERED = 7
"""Goods of the shelf in one round."""
AGAIN = 2
"""Goods that came of a wish are offered again, so many in a round."""

PAST = (102, 88, 60, 38, 32, 20)
"""Days ago on which the small rounds of the past were opened."""
OFF_SHELF = ("东北大米", "菜籽油", "原木抽纸")
FEW = 6
"""Residents of a small round beside those who wished for something in it."""

OPENS, CUT, ARRIVES, COLLECTS = time(9), time(20), time(6, 30), time(18, 20)
REMINDS, CHAIN_COMES = time(18, 5), time(20, 10)


def offers(cast: Cast) -> list[Offered]:
    """Return what a round of today offers: a choice of the shelf, and what was wished for."""
    names = cast.chance.sample(STAPLES, OFFERED)
    if "土鸡蛋" not in names:
        names[0] = "土鸡蛋"
    wished = cast.chance.sample(cast.wished, min(AGAIN, len(cast.wished)))
    names += [name for name in cast.wished if name in cast.eager or name in wished]
    return at_own_price(cast, names)


def at_own_price(cast: Cast, names: Iterable[str]) -> list[Offered]:
    """Return offers of ``names`` at the price each has on its own."""
    found = {item.product_id: item for item in catalogue(cast.shop)}
    return [Offered(cast.products[name], found[cast.products[name]].price) for name in names]


def open_today(cast: Cast, ago: int, offered: Sequence[Offered]) -> int:
    """Open a round that is cut off in the evening and collected tomorrow; announce it."""
    shop = cast.shop
    cut_off = at_local(shop.today, CUT, shop.settings.time_zone)
    times = Times(shop.clock.now(), cut_off, shop.today + timedelta(days=1))
    cast.rounds[ago] = open_round(cast.desk, Plan("", times), offered)
    return cast.rounds[ago]


def announce(cast: Cast, number: int) -> None:
    """Post the text that opens a round."""
    note_post(cast.desk, ROUND.key, _subject(number), announcement_text(cast.desk, number))


def remind(cast: Cast, number: int) -> None:
    """Post the text that says its orders close soon."""
    note_post(cast.desk, CUT_OFF.key, _subject(number), reminder_text(cast.desk, number))


def _subject(number: int) -> str:
    return f"buying_round:{number}"


def schedule(diary: Diary, cast: Cast, first: Sequence[str]) -> None:
    """Note the small rounds of the past; in the very first the residents named ``first`` order."""
    for place, ago in enumerate(PAST):
        this = _Small(cast, ago, residents_named(first) if place == 0 else None)
        diary.at(ago, OPENS, this.begin)
        diary.at(ago, time(9, 30), this.announced)
        diary.at(ago, CHAIN_COMES, this.ordered)
        diary.at(ago - 1, ARRIVES, this.arrived)
        diary.at(ago - 1, COLLECTS, this.collected)


def schedule_reminders(diary: Diary, cast: Cast, days: Iterable[int]) -> None:
    """Note the reminders of rounds that are opened so many ``days`` ago."""
    for ago in days:
        diary.at(ago, REMINDS, partial(_remind_of, cast, ago))


def _remind_of(cast: Cast, ago: int) -> None:
    remind(cast, cast.rounds[ago])


@dataclass
class _Small:
    """A round of the past, from its opening to its last handover; ``sure`` order something."""

    cast: Cast
    ago: int
    sure: Sequence[Resident] | None
    _arriving: list[int] = field(default_factory=list)
    _orders: Sequence[int] = ()

    def begin(self) -> None:
        names = [*OFF_SHELF, *self.cast.wished]
        open_today(self.cast, self.ago, at_own_price(self.cast, names))

    def announced(self) -> None:
        announce(self.cast, self.cast.rounds[self.ago])

    def ordered(self) -> None:
        cast, number = self.cast, self.cast.rounds[self.ago]
        chosen = self.sure or cast.chance.sample(in_group(self.ago), FEW)
        self._orders = paste(cast, number, chosen)
        day = cast.shop.today + timedelta(days=1)
        self._arriving = cast.shelf.order_for_round(cast.shop, number, day)

    def arrived(self) -> None:
        for number in self._arriving:
            self.cast.shelf.take_in(self.cast.shop, number)

    def collected(self) -> None:
        for number in self._orders:
            pay_order(self.cast.desk, number, Method.TRANSFER)
            hand_over(self.cast.desk, number)


def chain_text(
    items: Sequence[CatalogueItem],
    residents: Sequence[Resident],
    chance: random.Random,
    sure: Mapping[str, Sequence[str]],
) -> str:
    """Return a chain message as residents of the demo shop would have written it.

    ``sure`` are the goods somebody orders in any case, by nickname. Nobody asks for more than a
    household may have, nor all of them for more than there is.
    """
    prices = " ".join(f"{item.name}{item.price.yuan:f}元/{item.unit}" for item in items)
    lines = [f"#接龙\n今日团：{prices}\n例 3-201 小李 {items[0].name}2{items[0].unit}\n"]
    left = {item.product_id: item.available for item in items}
    taken: dict[tuple[str, int], int] = {}
    for resident in residents:
        more = chance.sample(list(items), chance.randint(1, min(4, len(items))))
        asked = {*sure.get(resident.nickname, ()), *(item.name for item in more)}
        basket = {}
        for item in (item for item in items if item.name in asked):
            door = (resident.door, item.product_id)
            count = _within(item, chance.choice((1, 1, 2, 2, 3)), taken.get(door, 0), left)
            if count:
                basket[item.name] = f"{item.name}{count}{item.unit}"
                taken[door] = taken.get(door, 0) + count
        if basket:
            words = f"{chance.choice(SLOT_WORDS)} {chance.choice(REMARKS)}".strip()
            goods = " ".join(basket.values())
            lines.append(
                f"{len(lines)}. {resident.door} {resident.nickname} {goods} {words}".rstrip()
            )
    return "\n".join(lines)


def _within(item: CatalogueItem, count: int, had: int, left: dict[int, int | None]) -> int:
    """Return how many of ``count`` sale units may be ordered, and take them off what is left."""
    unit = item.sale_unit
    if item.household_limit is not None:
        count = min(count, item.household_limit // unit.amount(1) - had)
    there = left[item.product_id]
    if there is not None:
        count = min(count, there // unit.amount(1))
        left[item.product_id] = there - max(count, 0) * unit.amount(1)
    return max(count, 0)


def paste(cast: Cast, number: int, residents: Sequence[Resident]) -> tuple[int, ...]:
    """Book a chain of ``residents`` and of those who wished for something in it; order ids."""
    shop, items = cast.desk, catalogue(cast.desk, number)
    coming = [one.nickname for one in residents]
    sure = cast.surely(number, [item.name for item in items], coming)
    everybody = list(dict.fromkeys([*residents, *residents_named(sure)]))
    found = review(chain_text(items, everybody, cast.chance, sure), items, shop.settings.slots)
    taken = {row.index: Decision(settled=frozenset(range(len(row.phrases)))) for row in found.rows}
    return book_intake(shop, number, booking(found, Decisions(taken))).added


def collect(
    cast: Cast, order_ids: Sequence[int], *, everybody: bool
) -> tuple[list[int], list[int]]:
    """Let residents pay and collect; of ``everybody`` a few forget to.

    Returns the orders that were collected, and of them those with a complaint.
    """
    shop, chance = cast.shop, cast.chance
    collected, bad = [], []
    for number in order_ids:
        fate = chance.random()
        if everybody and fate < 0.04:
            continue
        if fate < 0.93:
            method = Method.CASH if chance.random() < 0.15 else Method.TRANSFER
            pay_order(shop, number, method)
        hand_over(shop, number)
        collected.append(number)
        if fate > 0.9 and everybody:
            bad.append(number)
    return collected, bad


def by_slot(cast: Cast, order_ids: Sequence[int]) -> dict[time, list[int]]:
    """Return when in the day each of the orders is collected, the earliest first.

    Who said no slot comes in the last one.
    """
    settings = cast.shop.settings
    found: dict[time, list[int]] = {}
    for one in orders.orders(cast.shop, ids=order_ids):
        slot = settings.slot(one.slot) or settings.slots[-1]
        wall = slot.start.replace(minute=COLLECTS.minute)
        found.setdefault(wall, []).append(one.id)
    return {wall: sorted(found[wall]) for wall in sorted(found)}
