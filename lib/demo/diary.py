"""What happens when in the demo shop beside its daily round, lived in the order of time."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from lib.kernel.clock import FixedClock, at_local
from lib.shop.shop import Shop

Act = Callable[[], object]


@dataclass
class Diary:
    """Acts still to come. ``today`` is the day the story ends on, ``now`` its last moment (UTC).

    The clock of ``shop`` only ever goes on, so the journal stands in the order of its times.
    """

    shop: Shop
    today: date
    now: datetime
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _count: int = 0

    def at(self, ago: int, wall: time, act: Act) -> None:
        """Let ``act`` happen ``ago`` days before today when the shop's clock shows ``wall``."""
        self.at_moment(self.moment(ago, wall), act)

    def before(self, hours: float, act: Act) -> None:
        """Let ``act`` happen so many hours before now."""
        self.at_moment(self.now - timedelta(hours=hours), act)

    def at_moment(self, moment: datetime, act: Act) -> None:
        """Let ``act`` happen at ``moment``; what is noted for one moment happens in that order."""
        heapq.heappush(self._acts, (moment, self._count, act))
        self._count += 1

    def moment(self, ago: int, wall: time) -> datetime:
        """Return the moment ``ago`` days before today when the shop's clock shows ``wall``."""
        day = self.today - timedelta(days=ago)
        return at_local(day, wall, self.shop.settings.time_zone)

    def go_to(self, day: date, wall: time) -> None:
        """Live everything up to ``wall`` on ``day``; then it is that moment."""
        self.until(at_local(day, wall, self.shop.settings.time_zone))

    def until(self, moment: datetime) -> None:
        """Live everything up to ``moment``; then it is that moment."""
        while self._acts and self._acts[0][0] <= moment:
            due, _number, act = heapq.heappop(self._acts)
            self._turn(due)
            act()
        self._turn(moment)

    def _turn(self, moment: datetime) -> None:
        clock = self.shop.clock
        assert isinstance(clock, FixedClock)
        clock.moment = max(clock.moment, moment)
