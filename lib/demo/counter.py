"""At the demo shop's counter: packaging material, and the lists before and after pickup slots."""

from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial

from lib.demo.complaints import Complaints
from lib.demo.diary import Diary
from lib.kernel.money import Money
from lib.service.packing import commands as packing
from lib.service.reminders.commands import make_notices
from lib.service.reminders.queries import EVENTS, notices
from lib.service.reminders.rules import occasions
from lib.shop.posts import note_post
from lib.shop.shop import SYSTEM
from lib.trade.orders import queries as orders
from lib.trade.packaging.rules import Packaging

BOUGHT = (
    (Packaging.FRESHNESS_BAG, 400, "32.00", "批发市场，一捆"),
    (Packaging.ICE_PACK, 260, "65.00", "冷库两箱，用完还能收回来冻"),
    (Packaging.BUBBLE_WRAP, 120, "18.00", "裁好的"),
)
STOCKED, COUNTED_AGO, TORN_AGO = 14, 2, 6
"""Days ago on which material was bought, counted, and some of it torn."""
TORN, COUNTED = 12, 22
"""Pieces of bubble wrap that were torn, and that were left when somebody counted."""
LISTS_DAYS = 14
"""For how many days the lists were made."""
TICKED, TICKED_AFTER, OF = 7, 3, 8
"""Of eight reminders so many were sent, of eight second notices so many."""


@dataclass
class Counter:
    """What happens at the counter beside handing over."""

    all: Complaints

    @property
    def diary(self) -> Diary:
        """The diary of the story."""
        return self.all.diary

    def schedule(self) -> None:
        """Note material and lists."""
        for place, (material, pieces, cost, note) in enumerate(BOUGHT):
            buy = partial(self._buy, material, pieces, Money.of(cost), note)
            self.diary.at(STOCKED, time(6, 40 + place), buy)
        self.diary.at(TORN_AGO, time(19, 10), self._tear)
        self.diary.at(COUNTED_AGO, time(21, 50), self._count)
        self._schedule_lists()
        self.diary.before(0.7, self._two_ice_packs)

    def _buy(self, material: Packaging, pieces: int, cost: Money, note: str) -> None:
        packing.buy(self.all.cast.desk, material, pieces, cost, note)

    def _tear(self) -> None:
        packing.throw_away(self.all.cast.desk, Packaging.BUBBLE_WRAP, TORN, "受潮粘在一起了")

    def _count(self) -> None:
        packing.count(self.all.cast.desk, Packaging.BUBBLE_WRAP, COUNTED)
        packing.count(self.all.cast.desk, Packaging.FRESHNESS_BAG, 236)

    def _two_ice_packs(self) -> None:
        """A resident has a long way: two ice packs go into the bag."""
        handed = set(self.all.handed)
        for one in orders.orders(self.all.cast.desk, day=self.all.cast.shop.today):
            if one.id not in handed and not one.delivery:
                packing.tick(self.all.cast.desk, one.id, {Packaging.ICE_PACK: 2})
                return

    def _schedule_lists(self) -> None:
        for ago in range(LISTS_DAYS, -2, -1):
            day = self.diary.today - timedelta(days=ago)
            for one in occasions(day, self.all.cast.shop.settings):
                self.diary.at_moment(one.due_at, self._lists)

    def _lists(self) -> None:
        """The program makes what is due; somebody sends most of it a few minutes later."""
        made = make_notices(self.all.cast.shop.acting(SYSTEM))
        if not made:
            return
        today = self.all.cast.shop.today
        for one in notices(self.all.cast.desk, today, today + timedelta(days=1)):
            if one.id in made and one.open and one.waiting:
                most = TICKED if one.kind == "before" else TICKED_AFTER
                if self.all.chance.randrange(OF) < most:
                    tick = partial(
                        note_post, self.all.cast.desk, EVENTS[one.kind].key, one.subject, one.text
                    )
                    self.diary.at_moment(self.all.now + timedelta(minutes=4), tick)
