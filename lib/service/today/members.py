"""What is due about members, put together from its topics (R33-R37). Every part is bounded."""

from dataclasses import dataclass
from datetime import date

from lib.members.clean_up.queries import CleanUpDue
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
        clean_up_due(shop) if shop.actor.role is Role.OWNER else None,
    )
