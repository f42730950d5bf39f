"""Figures of a month of complaints. Pure.

A month counts the complaints that were told in it: a double that was joined with another case is
no complaint of its own. A withdrawn case is left out, unless a promise to it had run out before:
then it counts as broken, so that withdrawing improves no figure. The first turn of a case counts;
opened again it is counted as reopened, not as another complaint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lib.kernel.money import ratio
from lib.service.ledger.rules import Kept


@dataclass(frozen=True, slots=True)
class Told:
    """One complaint: how its two promises were kept and how long they took (None: not yet)."""

    reply: Kept
    solution: Kept
    reply_after: timedelta | None = None
    solved_after: timedelta | None = None
    withdrawn: bool = False
    reopened: bool = False
    content: bool | None = None


@dataclass(frozen=True)
class ServiceFigures:
    """What residents may be shown of a month (``month``: its first day), in counts.

    ``reports`` in all; of each of the two promises how many were kept in time, and how many were
    late or ran out unkept. ``running``: a promise to them is still within its time.
    """

    month: date
    reports: int = 0
    answered_in_time: int = 0
    answered_late_or_due: int = 0
    solved_in_time: int = 0
    solved_late_or_due: int = 0
    running: int = 0

    @property
    def replies(self) -> int:
        """Complaints whose first reply can be judged."""
        return self.answered_in_time + self.answered_late_or_due

    @property
    def solutions(self) -> int:
        """Complaints whose solution can be judged."""
        return self.solved_in_time + self.solved_late_or_due

    @property
    def answered_percent(self) -> int | None:
        """The share answered in time, whole per cent rounded down; None where none is judged."""
        return percent(self.answered_in_time, self.replies)


@dataclass(frozen=True)
class MonthFigures:
    """A month for the owner: ``service`` as residents may see it, and what is behind it.

    Medians are of what was done. ``breaches`` are promises that ran out in the month, deliveries
    too. ``content`` of ``asked`` who answered were content.
    """

    service: ServiceFigures
    reply_minutes: int | None
    solution_hours: int | None
    breaches: int
    reopened: int
    content: int
    asked: int

    @property
    def reopened_percent(self) -> int | None:
        """The share opened again, half-up."""
        reports = self.service.reports
        return ratio(100 * self.reopened, reports) if reports else None

    @property
    def content_percent(self) -> int | None:
        """The share of those who answered that was content, rounded down."""
        return percent(self.content, self.asked)


def kept(
    due_at: datetime,
    met_at: datetime | None,
    stopped_at: datetime | None,
    now: datetime,
    *,
    broken: bool,
    held: bool = False,
) -> Kept:
    """Return how a promise was kept; exactly at its moment nothing is late yet.

    ``broken``: it ran out by the books. ``held``: an awaited photo holds it still.
    """
    if broken or (met_at or stopped_at or (due_at if held else now)) > due_at:
        return Kept.LATE
    if met_at is not None:
        return Kept.IN_TIME
    return Kept.RUNNING if stopped_at is None else Kept.NOT_ASKED


def percent(part: int, whole: int) -> int | None:
    """Return ``part`` of ``whole`` in whole per cent, rounded down: 99.9 is not 100."""
    return 100 * part // whole if whole else None


def counted(told: Iterable[Told]) -> tuple[Told, ...]:
    """Return the complaints that count: withdrawn ones only where a promise was broken."""
    return tuple(
        each for each in told if not each.withdrawn or Kept.LATE in (each.reply, each.solution)
    )


def service_figures(month: date, told: Sequence[Told]) -> ServiceFigures:
    """Return the public figures of the complaints of a month."""
    mine = counted(told)

    def number(name: str, kept: Kept) -> int:
        return sum(
            getattr(each, name) is kept for each in mine if not each.withdrawn or kept is Kept.LATE
        )

    running = sum(Kept.RUNNING in (each.reply, each.solution) for each in mine)
    return ServiceFigures(
        month.replace(day=1),
        len(mine),
        number("reply", Kept.IN_TIME),
        number("reply", Kept.LATE),
        number("solution", Kept.IN_TIME),
        number("solution", Kept.LATE),
        running,
    )


def owner_figures(month: date, told: Sequence[Told], breaches: int) -> MonthFigures:
    """Return the owner's figures of the complaints of a month."""
    mine = counted(told)
    replies = [each.reply_after for each in mine if each.reply_after is not None]
    solved = [each.solved_after for each in mine if each.solved_after is not None]
    answers = [each.content for each in mine if each.content is not None]
    return MonthFigures(
        service_figures(month, told),
        _in(timedelta(minutes=1), replies),
        _in(timedelta(hours=1), solved),
        breaches,
        sum(each.reopened for each in mine),
        sum(answers),
        len(answers),
    )


def _in(unit: timedelta, spans: Sequence[timedelta]) -> int | None:
    """Return the median of ``spans`` in whole ``unit``, half-up; None without any."""
    if not spans:
        return None
    second = timedelta(seconds=1)
    # Twice the median, so that the middle of two stays whole.
    ordered = sorted(span // second for span in spans)
    twice = ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]
    return ratio(twice, 2 * (unit // second))
