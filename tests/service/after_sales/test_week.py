"""A simulated week at the desk against an independent calculation of every broken promise.

Cases are opened, answered, held for photos, solved, opened again, withdrawn at odd minutes; the
recorder runs whenever it likes. What is in the books at the end is compared with what follows from
the diary alone, by the clock of :mod:`tests.service.after_sales.minutes`.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from lib.kernel.clock import FixedClock
from lib.service.after_sales import commands
from lib.service.after_sales.clocks import Pause
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, opened, row, version
from tests.service.after_sales.minutes import runs_out

CASES, EVENTS = 14, 150
WEEK = timedelta(days=7)


@dataclass
class Opening:
    """One turn as the diary knows it."""

    started_at: datetime
    pauses: list[Pause] = field(default_factory=list)
    solved_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass
class Diary:
    """What happened to one case, by minutes."""

    turns: list[Opening]
    replied_at: datetime | None = None
    withdrawn: bool = False

    @property
    def now(self) -> Opening:
        return self.turns[-1]

    @property
    def waits(self) -> bool:
        return bool(self.now.pauses) and self.now.pauses[-1].to_at is None

    @property
    def open(self) -> bool:
        return self.now.solved_at is None and not self.withdrawn


@pytest.mark.parametrize("hours", [False, True], ids=["around the clock", "in service hours"])
def test_every_breach_of_a_week_agrees_with_the_diary(
    bought: Bought, clock: FixedClock, hours: bool
) -> None:
    shop = cast.set_to(bought.shop, service_hours_on=hours)
    dice = random.Random(20260925 + hours)
    diary: dict[int, Diary] = {}
    for step in range(EVENTS):
        clock.forward(minutes=dice.randint(1, 2 * 7 * 1440 // EVENTS))
        if len(diary) < CASES and step % 5 == 0:
            ago = dice.choice([0, 0, 10, 59, 60, 61, 200])
            case_id = opened(Bought(**{**vars(bought), "shop": shop}), ago)
            diary[case_id] = Diary([Opening(clock.now() - timedelta(minutes=ago))])
        else:
            happen(shop, clock.now(), dice, diary)
        if dice.random() < 0.3:
            cast.record(shop)
    clock.forward(days=3)
    cast.record(shop)

    wrong = {}
    for case_id, told in diary.items():
        expected = follows_from(told, shop.settings, clock.now())
        if cast.breaches(shop, case_id) != expected:
            wrong[case_id] = (cast.breaches(shop, case_id), expected, told)
    assert wrong == {}
    assert any(len(told.turns) > 1 for told in diary.values())
    assert sum(len(cast.breaches(shop, case_id)) for case_id in diary) > CASES


def happen(shop: Shop, now: datetime, dice: random.Random, diary: dict[int, Diary]) -> None:
    """Let something happen to one of the cases, and write it into its diary."""
    case_id = dice.choice(list(diary))
    told = diary[case_id]
    if not told.open:
        if dice.random() < 0.5:
            commands.reopen(shop, case_id, version(shop, case_id), "又坏了")
            told.turns.append(Opening(now))
            told.withdrawn = False
        return
    deed = dice.choice(["reply", "ask", "ask", "resume", "solve", "withdraw", "nothing"])
    if deed == "reply":
        cast.reply(shop, case_id)
    elif deed == "ask":
        cast.ask(shop, case_id)
        if not told.waits:
            told.now.pauses.append(Pause(now))
    elif deed == "resume" and told.waits:
        commands.resume(shop, case_id, version(shop, case_id))
        goes_on(told, now)
    elif deed == "solve":
        cast.solve(shop, case_id)
        goes_on(told, now)
        told.now.solved_at = told.now.ended_at = now
    elif deed == "withdraw" and told.replied_at is not None:
        commands.withdraw(shop, case_id, version(shop, case_id), "算了")
        goes_on(told, now)
        told.withdrawn, told.now.ended_at = True, now
    if deed in ("reply", "ask", "solve") and told.replied_at is None:
        told.replied_at = now


def goes_on(told: Diary, now: datetime) -> None:
    """End the pause that is open, if one is."""
    if told.waits:
        told.now.pauses[-1] = Pause(told.now.pauses[-1].from_at, now)


def follows_from(told: Diary, settings: Settings, now: datetime) -> list[tuple[str, int]]:
    """What ran out, by the diary alone: each with the moment it did, in that order."""
    closed: set[date] = set()
    first = told.turns[0].started_at
    due = runs_out(first, settings.reply_minutes, (), settings, closed, now)
    found = [(due, "reply", 1)] if (told.replied_at or now) > due else []
    for number, each in enumerate(told.turns, 1):
        minutes = settings.solve_hours * 60
        due = runs_out(each.started_at, minutes, each.pauses, settings, closed, now)
        if (each.ended_at or now) > due:
            found.append((due, "solution", number))
    return [(clock, number) for _due, clock, number in sorted(found)]


def test_the_diary_knows_what_is_due(bought: Bought) -> None:
    """The model itself, on a case one can work out by hand."""
    told = Diary([Opening(NOW, [Pause(NOW + timedelta(hours=1))])], NOW + timedelta(minutes=61))

    assert follows_from(told, Settings(), NOW + WEEK) == [("reply", 1)]
    told.now.pauses = []
    assert follows_from(told, Settings(), NOW + WEEK) == [("reply", 1), ("solution", 1)]
    assert row(bought.shop, opened(bought)).turn == 1
