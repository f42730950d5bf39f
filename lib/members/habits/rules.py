"""Decisions about what purchases say of a member; no database, no clock (R33).

Nothing here ever decides about a price.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from lib.kernel.errors import Refused
from lib.kernel.months import months_later
from lib.kernel.text import clean, holds_phone
from lib.kernel.words import N_
from lib.shop.language import Translate
from lib.shop.sensitive import refuse_sensitive
from lib.shop.settings import Settings

LONGEST_TAG = 20
MOST_PREFERENCES = 40
"""Likings kept of one member: beyond it nobody reads them."""

LATEST_VISITS = 30
"""The usual time is that between the latest visits: a habit of years ago is none."""

HALF_YEAR = 6
DAYS_A_MONTH = 30.4
"""On average."""

COMES_BACK = 2
"""A rejected suggestion comes back when its count is so many times that of the rejection."""


class Kind(StrEnum):
    """What somebody likes: goods, a category of goods, or a neutral interest they named."""

    PRODUCT = "product"
    CATEGORY = "category"
    TAG = "tag"


class State(StrEnum):
    """What a person decided about a suggestion; a tag is always accepted."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


KIND_NAMES = {
    Kind.PRODUCT: N_("goods"),
    Kind.CATEGORY: N_("kind of goods"),
    Kind.TAG: N_("interest"),
}
STATE_NAMES = {State.ACCEPTED: N_("kept as a liking"), State.REJECTED: N_("put aside")}

INTERESTS = (
    N_("likes it hot"),
    N_("likes it mild"),
    N_("likes sweet things"),
    N_("little oil and salt"),
    N_("fruit"),
    N_("fish and seafood"),
    N_("greens"),
    N_("bread and noodles"),
    N_("cooks a lot"),
    N_("bakes"),
    N_("tea"),
    N_("flowers and plants"),
    N_("keeps a pet"),
    N_("handicraft"),
    N_("singing and dancing"),
    N_("large packs"),
    N_("small packs"),
    N_("comes to activities"),
)
"""The neutral interests that are offered; other words are typed, and screened."""


@dataclass(frozen=True)
class Rhythm:
    """How often somebody comes, from the days of their visits.

    ``gap_days`` is the usual time between two of the latest visits (their median, half a day
    rounds up); None with fewer visits than make a habit. ``expected_on`` is the last day on which
    nobody is surprised that they have not been there again: the setting's times that gap.
    """

    visits: int
    first_on: date
    last_on: date
    gap_days: int | None
    expected_on: date | None

    @property
    def next_on(self) -> date | None:
        """The day they would come again at their usual pace."""
        return self.last_on + timedelta(days=self.gap_days) if self.gap_days else None

    def overdue(self, today: date) -> int:
        """Return for how many days they should have been there again at their usual pace."""
        return max((today - self.next_on).days, 0) if self.next_on else 0

    def missed(self, today: date, until_days: int) -> bool:
        """Whether they are missed: longer away than expected, but not gone for good."""
        if self.expected_on is None:
            return False
        return self.expected_on < today <= self.last_on + timedelta(days=until_days)


def rhythm(days: Iterable[date], settings: Settings) -> Rhythm | None:
    """Return the rhythm of visits on ``days``, each counted once; None without any."""
    visits = sorted(set(days))
    if not visits:
        return None
    gap = None
    if len(visits) >= settings.missed_from_visits:
        latest = visits[-LATEST_VISITS:]
        usual = median((later - earlier).days for earlier, later in pairwise(latest))
        gap = int(usual + 0.5)
    patience = None if gap is None else timedelta(days=gap * settings.missed_after_gaps)
    last = visits[-1]
    return Rhythm(len(visits), visits[0], last, gap, last + patience if patience else None)


def months_back(today: date, count: int) -> tuple[date, ...]:
    """Return the first days of the last ``count`` months, this one last."""
    last = today.year * 12 + today.month - 1
    numbers = range(last - count + 1, last + 1)
    return tuple(date(number // 12, number % 12 + 1, 1) for number in numbers)


def per_month(days: Collection[date], months: Sequence[date]) -> tuple[tuple[date, int], ...]:
    """Return how many different ``days`` lie in each of ``months``."""
    firsts = [day.replace(day=1) for day in set(days)]
    return tuple((month, firsts.count(month)) for month in months)


def visits_a_month(days: Collection[date]) -> float:
    """Return visits per month over the half-year that ended with the last visit, to one decimal.

    Of somebody who came for less than a month it is the visits so far.
    """
    visits = set(days)
    if not visits:
        return 0.0
    last = max(visits)
    since = max(min(visits), months_later(last, -HALF_YEAR))
    months = max((last - since).days / DAYS_A_MONTH, 1.0)
    return round(sum(since <= day <= last for day in visits) / months, 1)


def is_suggested(orders: int, rejected_at: int | None, settings: Settings) -> bool:
    """Whether ``orders`` of one thing are worth a suggestion.

    ``rejected_at`` is the count at which a person rejected it before, None for never: it comes
    back only when that has doubled.
    """
    if orders < settings.preference_orders:
        return False
    return rejected_at is None or orders >= COMES_BACK * rejected_at


def checked_tag(tag: str, say: Translate) -> str:
    """Return a tag as it is kept: an offered interest in the shop's language, or the words typed.

    Raises ``Refused`` for nothing, for a phone number, and for words that tell of health, a
    pregnancy or a child.
    """
    kept = say(tag) if tag in INTERESTS else clean(tag, LONGEST_TAG)
    if not any(sign.isalnum() for sign in kept):
        raise Refused(N_("Say in a word or two what they like."))
    if holds_phone(kept):
        raise Refused(N_("A phone number is no liking. It belongs into the file."))
    refuse_sensitive(kept)
    return kept


def written_since(today: date, settings: Settings) -> date:
    """Return the first of the days of quiet that end ``today``: nobody is written to twice."""
    return today - timedelta(days=settings.win_back_quiet_days - 1)


def subject_of(member_id: int) -> str:
    """Return the subject under which texts to win a member back are logged."""
    return f"member:{member_id}"
