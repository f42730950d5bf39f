"""What is due in the group today: tip, topics, activities, quotas (R12-R14)."""

from dataclasses import dataclass
from datetime import timedelta

from lib.shop.shop import DESK, Shop
from lib.trust.community.activities import queries as activities
from lib.trust.community.activities.queries import Activity
from lib.trust.community.activities.rules import Status
from lib.trust.community.tips import queries as tips
from lib.trust.community.tips.rules import Tip, proposed
from lib.trust.community.topics import queries as topics
from lib.trust.community.topics.queries import Topic
from lib.trust.community.week.queries import read_meters
from lib.trust.community.week.rules import Meter

NEAR_DAYS = 7
"""An activity with something left to do is pointed out so many days before."""


@dataclass(frozen=True)
class Due:
    """What the group is owed today. Nobody is named.

    ``tip`` is today's while ``tip_sent`` is false; None when none fits. ``topics`` were planned for
    today or before and not asked; ``answered`` are open ones with answers that are no wish yet.
    ``near`` are activities of the coming days, ``uncounted`` those gone by without a head count.
    """

    tip_sent: bool
    tip: Tip | None
    topics: tuple[Topic, ...]
    answered: tuple[Topic, ...]
    near: tuple[Activity, ...]
    uncounted: tuple[Activity, ...]
    topic_meter: Meter
    activity_meter: Meter

    @property
    def count(self) -> int:
        """How many things are to be done or thought of."""
        nudges = self.topic_meter.is_nudge + self.activity_meter.is_nudge
        open_near = sum(one.tasks_open > 0 for one in self.near)
        listed = len(self.topics) + len(self.answered) + len(self.uncounted)
        return (not self.tip_sent) + listed + open_near + nudges


def due(shop: Shop) -> Due:
    """Return what is due today."""
    shop.require(DESK)
    today, repeat = shop.today, shop.settings.tip_repeat_days
    with shop.read() as connection:
        done = bool(tips.read_sent(shop, connection, today, today))
        tip = None
        if not done:
            kind = tips.last_kind(connection, today)
            bank = tips.read_tips(shop, connection)
            tip = proposed(bank, today, repeat, last_kind=kind)
        near = activities.read_activities(connection, today, today + timedelta(days=NEAR_DAYS))
        topic_meter, activity_meter = read_meters(shop, connection, today)
        return Due(
            done,
            tip,
            topics.read_waiting(connection, today),
            topics.read_unread(connection),
            tuple(one for one in near if one.status is Status.PLANNED),
            activities.read_uncounted(connection, today),
            topic_meter,
            activity_meter,
        )
