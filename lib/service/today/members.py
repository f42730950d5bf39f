"""What is due about members, put together from its topics (R33-R37). Every part is bounded."""

from dataclasses import dataclass
from datetime import date

from lib.kernel.latest import Latest
from lib.members.clean_up.queries import CleanUpDue, newest_done
from lib.members.clean_up.queries import due as clean_up_due
from lib.members.gifts.queries import GiftsDue
from lib.members.gifts.queries import due as gifts_due
from lib.members.habits.seen.queries import HabitsDue
from lib.members.habits.seen.queries import due as habits_due
from lib.members.points.queries import PointsDue
from lib.members.points.queries import due as points_due
from lib.members.rewards.queries import RewardsDue
from lib.members.rewards.queries import due as rewards_due
from lib.shop.shop import Role, Shop


@dataclass(frozen=True)
class MembersDue:
    """Everything due about members on ``today``; ``clean_up`` is the owner's, None if done."""

    today: date
    gifts: GiftsDue
    rewards: RewardsDue
    points: PointsDue
    habits: HabitsDue
    clean_up: CleanUpDue | None


def members_due(shop: Shop) -> MembersDue:
    """Return what is due about members now, for owner or staff."""
    return MembersDue(
        shop.today,
        gifts_due(shop),
        rewards_due(shop),
        points_due(shop),
        habits_due(shop),
        _clean_up(shop) if shop.actor.role is Role.OWNER else None,
    )


_latest: Latest[CleanUpDue | None] = Latest()


def _clean_up(shop: Shop) -> CleanUpDue | None:
    """Count what waits for the clean-up once an hour: it walks through tables, and has all month.

    A clean-up that was done is seen at once.
    """
    hour = shop.clock.now().replace(minute=0, second=0, microsecond=0)
    key = (hour, newest_done(shop))
    return _latest.value(shop.place.database_url, key, lambda: clean_up_due(shop))
