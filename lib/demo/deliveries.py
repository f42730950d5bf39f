"""Door delivery of the demo shop: residents with a need, and what was brought to them (R23)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import partial

from lib.demo.cast import BY_NAME, Cast
from lib.demo.diary import Diary
from lib.kernel.quantity import Unit
from lib.members.profiles.commands import add_member
from lib.members.profiles.queries import find_members
from lib.members.profiles.rules import Home
from lib.service.delivery.commands import mark_brought, mark_for_delivery
from lib.service.delivery.needs.commands import add_need
from lib.service.delivery.needs.rules import ConsentHow, NewNeed
from lib.service.delivery.queries import walk
from lib.service.delivery.rules import LeftWith
from lib.service.delivery.texts import consent_values
from lib.shop.messages.delivery_events import DELIVERY_CONSENT
from lib.shop.messages.wording import said, speaker
from lib.trade.orders import queries as orders
from lib.trade.orders.commands import add_order
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.payments.commands import pay_order
from lib.trade.payments.rules import Method
from lib.trade.products.queries import catalogue

HOMES = "1-12"
"""Buildings of the invented community."""
SINCE = 14
"""Days ago on which the needs were taken down."""


@dataclass(frozen=True)
class Needs:
    """A resident goods are brought to: until when (days from today), how, and who agreed how."""

    nickname: str
    until: int
    hint: str
    how: ConsentHow


NEEDS = (
    Needs("李大爷", 76, "敲门重一点，多等一会儿", ConsentHow.SPOKEN),
    Needs("月月奶奶", 60, "按两下门铃，放进门口的小推车", ConsentHow.FAMILY),
    Needs("陈叔", 4, "先打电话，他下楼来接", ConsentHow.CHAT),
)
WITHOUT = "郭老师"
"""Asks to be brought something though no need was taken down: somebody must decide."""
WALKS = time(17, 15)
LEFT = (
    (LeftWith.HAND, ""), (LeftWith.DOOR, "挂在门把手上"), (LeftWith.NEIGHBOUR, "对门 502 代收"),
    (LeftWith.HAND, ""),
)  # fmt: skip


@dataclass
class Deliveries:
    """Who gets what brought. ``today`` are the orders that are to be brought today."""

    cast: Cast
    diary: Diary
    today: list[int] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(23))  # noqa: S311
    _members: dict[str, int] = field(default_factory=dict)
    _count: int = 0

    def schedule(self) -> None:
        """Note when the needs were taken down."""
        for place, each in enumerate(NEEDS):
            self.diary.at(SINCE, time(10, 5 + place * 9), partial(self._take_down, each))

    def of_round(self, number: int, added: Sequence[int]) -> list[int]:
        """Let those with a need order in round ``number``; return the orders that are collected.

        ``added`` are the orders of its chain: theirs are marked, who has none calls the shop.
        """
        bring = self._of_those_with_a_need(number, added)
        day = orders.order(self.cast.desk, bring[0]).pickup_day
        if day == self.diary.today:
            self.today = [*bring, self._call(number, WITHOUT)]
        else:
            ago = (self.diary.today - day).days
            self.diary.at(ago, WALKS, partial(self._walk, bring))
        return [one for one in added if one not in bring]

    def bring_one(self) -> None:
        """The first door of today's walk is done."""
        self._walk(
            [one.bag.order_id for one in walk(self.cast.desk, self.cast.shop.today).stops[:1]]
        )

    def _of_those_with_a_need(self, number: int, added: Sequence[int]) -> list[int]:
        found: list[int] = []
        for each in NEEDS:
            mine = orders.orders(
                self.cast.desk, round_id=number, member_id=self._members[each.nickname]
            )
            theirs = [one.id for one in mine if one.id in added and not one.delivery]
            if theirs:
                mark_for_delivery(self.cast.desk, theirs)
            found += [one.id for one in mine if one.id in added] or [
                self._call(number, each.nickname)
            ]
        return found

    def _call(self, number: int, nickname: str) -> int:
        """Somebody orders by telephone, to be brought."""
        resident = BY_NAME[nickname]
        free = [
            item
            for item in catalogue(self.cast.desk, number)
            if item.available is None and item.household_limit is None and not item.stopped
        ]
        wanted = tuple(
            Wanted(item.product_id, Unit(item.unit, item.unit_grams).amount(1))
            for item in self.chance.sample(free, min(2, len(free)))
        )
        home = Home(building=resident.building, unit=resident.unit, room=resident.room)
        incoming = IncomingOrder(
            None, nickname, wanted, home, member_id=self._member(nickname), delivery=True,
            slot="evening",
        )  # fmt: skip
        return add_order(self.cast.desk, incoming, round_id=number)

    def _take_down(self, each: Needs) -> None:
        shop, until = self.cast.desk, self.diary.today + timedelta(days=each.until)
        consent = said(
            shop, DELIVERY_CONSENT, **consent_values(shop.settings, until, speaker(shop))
        )
        today: date = shop.today
        member = self._member(each.nickname)
        add_need(shop, NewNeed(member, today, until, each.hint, today, each.how, consent))

    def _member(self, nickname: str) -> int:
        if nickname not in self._members:
            resident = BY_NAME[nickname]
            found = [
                one.id for one in find_members(self.cast.desk, nickname) if one.nickname == nickname
            ]
            home = Home(building=resident.building, unit=resident.unit, room=resident.room)
            self._members[nickname] = (
                found[0] if found else add_member(self.cast.desk, nickname, home=home)
            )
        return self._members[nickname]

    def _walk(self, order_ids: Sequence[int]) -> None:
        """Bring orders one after the other; they are paid by transfer."""
        for order_id in order_ids:
            left_with, note = LEFT[self._count % len(LEFT)]
            self._count += 1
            pay_order(self.cast.desk, order_id, Method.TRANSFER)
            mark_brought(self.cast.desk, order_id, left_with, note)
