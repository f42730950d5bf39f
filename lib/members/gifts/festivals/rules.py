"""Decisions on festivals: which households count, how the plan stands, what it costs. Pure (R35).

A household is everybody behind one door; who has no room on file counts alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lib.kernel.errors import Refused
from lib.kernel.festivals import Festival, FestivalDay
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.members.gifts.rules import Gift, Present, State, household_of, state_of
from lib.members.profiles.rules import Home
from lib.service.picking.rules import walking_order
from lib.shop.settings import Settings

CHILDREN_TAGS = ("家有儿童", "children at home")
"""Tags by which a parent asks for something on Children's Day; no name and no date (PIPL 31)."""

BEHIND = timedelta(days=14)
"""How long after a festival its gifts can still be given: at the next visit."""


@dataclass(frozen=True)
class Plan:
    """What the shop gives every household for a festival, and what one of them costs.

    ``present.cost`` is None for those who may not see what goods cost.
    """

    id: int
    version: int
    festival: Festival
    year: int
    present: Present
    skipped: bool
    note: str


@dataclass(frozen=True)
class Resident:
    """Somebody who ordered lately; ``orders_then`` says that they collect on the festival."""

    member_id: int
    name: str
    home: Home
    orders_then: bool = False


@dataclass(frozen=True)
class Household:
    """A household and its gift, if it has one. ``residents`` are those known behind the door."""

    key: str
    home: Home
    residents: tuple[Resident, ...]
    gift: Gift | None = None

    @property
    def member_id(self) -> int:
        """Whose name the gift stands under: the one known longest."""
        return self.residents[0].member_id

    @property
    def names(self) -> str:
        """The names of the residents."""
        return "、".join(one.name for one in self.residents)

    @property
    def orders_then(self) -> bool:
        """Whether somebody of it collects an order on the festival."""
        return any(one.orders_then for one in self.residents)


@dataclass(frozen=True)
class Ahead:
    """A festival with its plan, how many households count and how many have their gift."""

    festival_day: FestivalDay
    plan: Plan | None
    households: int
    given: int
    state: State

    @property
    def left(self) -> int:
        """Households that have nothing yet."""
        return max(self.households - self.given, 0)


def households(
    residents: Iterable[Resident], by_key: Mapping[str, Gift], by_member: Mapping[int, Gift]
) -> tuple[Household, ...]:
    """Return the households of ``residents`` in walking order, each with its gift.

    A gift counts for the door it was given at (``by_key``, see :func:`household_of`) and for
    everybody behind the present door of who got it (``by_member``): moving brings no second one.
    """
    doors: dict[str, list[Resident]] = {}
    for one in residents:
        doors.setdefault(household_of(one.member_id, one.home), []).append(one)
    found = []
    for key, inside in doors.items():
        inside.sort(key=lambda one: one.member_id)
        theirs = (by_member[one.member_id] for one in inside if one.member_id in by_member)
        gift = by_key.get(key) or next(theirs, None)
        found.append(Household(key, inside[0].home, tuple(inside), gift))
    return tuple(sorted(found, key=lambda one: (walking_order(one.home), one.member_id)))


def festival_state(
    day: date,
    today: date,
    settings: Settings,
    plan: Plan | None,
    *,
    households: int,
    given: int,
    missing: bool,
) -> State:
    """Return how a festival stands: left out, given to all, late, planned, or nothing planned.

    After the day what is planned waits for the next visit and is not late.
    """
    if plan is not None and plan.skipped:
        return State.SKIPPED
    if plan is not None and 0 < households <= given:
        return State.GIVEN
    if plan is not None and day < today:
        return State.PLANNED
    return state_of(day, today, settings, planned=plan is not None, missing=missing)


def cost_in_all(present: Present, households: int) -> Money | None:
    """Return what a plan costs for so many households; None when the cost is not known."""
    return None if present.cost is None else Money(present.cost.fen * households)


def checked_for_children(festival: Festival, tagged: bool) -> None:
    """Raise ``Refused`` for a Children's Day gift that no parent of the household asked for."""
    if festival is Festival.CHILDREN and not tagged:
        raise Refused(
            N_(
                "On Children's Day only households get something whose parents asked for the tag "
                "{tag}."
            ),
            tag=CHILDREN_TAGS[0],
        )
