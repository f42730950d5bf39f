"""Complaints about orders of the demo shop's last two weeks: most go as they should, some not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from lib.demo import complaints_told as told
from lib.demo.complaints import MINUTE, About, Complaints
from lib.demo.complaints_told import Told
from lib.demo.diary import Act
from lib.service.after_sales import commands as cases
from lib.service.after_sales.merging.commands import merge_cases
from lib.service.after_sales.remedies.commands import solve
from lib.service.after_sales.remedies.rules import Kind, Remedy, Solution
from lib.service.after_sales.rules import Defect, Result, Source
from lib.shop.files.photos import Photo

LATE_REPLY, LATE_SOLUTION, DOUBLE, NOT_CONTENT, AWAITED, WITHDRAWN = 2, 4, 1, 3, 5, 7
"""Which of the complaints went otherwise than usual."""
SILENT = (6, 9)
"""Nobody answered when these were asked about."""

MANY, MANY_COMPLAIN = 10, 2
"""Of so many orders collected in one slot so many come with a complaint at least."""


def hear(all_of: Complaints, order_ids: Sequence[int], bad: Sequence[int]) -> None:
    """Hear of orders that were just collected; of those in ``bad`` somebody complains.

    Of many collected at once a few are never all content.
    """
    all_of.handed += order_ids
    more = MANY_COMPLAIN - len(bad) if len(order_ids) >= MANY else 0
    others = [one for one in order_ids if one not in bad]
    for order_id in (*bad, *all_of.chance.sample(others, max(more, 0))):
        about = all_of.line_of(order_id)
        if about is not None:
            _Usual(all_of, about, all_of.count).tell()
            all_of.count += 1


@dataclass
class _Usual:
    """One complaint about an order just collected; ``number`` counts those of the two weeks."""

    all: Complaints
    about: About
    number: int
    case_id: int = 0

    def tell(self) -> None:
        """Note when the resident tells the shop."""
        wait = self.all.minutes(25, 150)
        if not self.number % 2:
            wait += timedelta(hours=13)
        self.all.later(wait, self.report)

    def report(self) -> None:
        """The resident tells the shop; the shop answers soon, once too late."""
        source = (Source.CHAT, Source.COUNTER, Source.PHONE)[self.number % 3]
        what = self.all.words(self.about)
        if self.number == WITHDRAWN:
            what = Told(Defect.MISSING, told.LEFT_BEHIND, None, None, what.cause)
        new = self.all.new(self.about, what, source, self._photos())
        self.case_id = cases.open_case(self.all.cast.desk, new)
        wait = self.all.minutes(5, 50)
        if self.number == LATE_REPLY:
            wait = 82 * MINUTE
            self._at(61 * MINUTE, self.all.record_breaches)
        self._at(wait, self.answer)
        if self.number == DOUBLE:
            self._at(2 * MINUTE, self.again)

    def _photos(self) -> tuple[Photo, ...]:
        return self.all.some_photo(self.about.name) if self.number in (0, 3) else ()

    def again(self) -> None:
        """The same resident writes once more; somebody sees that it is the same."""
        new = replace(self.all.new(self.about, self.all.words(self.about), Source.PHONE))
        twin = cases.open_case(self.all.cast.desk, replace(new, said=told.TWICE))
        self._at(2 * MINUTE, partial(self.merge, twin))

    def merge(self, twin: int) -> None:
        """Join the second report with the first."""
        merge_cases(self.all.cast.desk, self.case_id, twin)

    def answer(self) -> None:
        """The first reply, and when it is solved."""
        if self.number == AWAITED:
            version = self.all.version(self.case_id)
            cases.ask_photo(self.all.cast.desk, self.case_id, version, told.PHOTO_PLEASE)
            self.all.later(self.all.minutes(40, 90), self.photo_comes)
            return
        self.all.reply(self.case_id, told.SORRY_LATE if self.number == LATE_REPLY else "")
        if self.number == WITHDRAWN:
            self.all.later(timedelta(hours=2), self.withdraw)
        elif self.number == LATE_SOLUTION:
            self._at(timedelta(hours=24), self.all.record_breaches)
            self.all.later(timedelta(hours=26), self.solve)
        else:
            self.all.later(self.all.minutes(60, 440), self.solve)

    def photo_comes(self) -> None:
        """The photo that was awaited comes."""
        (photo,) = self.all.photo(self.about.name)
        cases.add_photo(self.all.cast.desk, self.case_id, photo)
        self.all.later(self.all.minutes(60, 200), self.solve)

    def withdraw(self) -> None:
        """It was none."""
        cases.withdraw(self.all.cast.desk, self.case_id, self.all.version(self.case_id), told.FOUND)

    def solve(self) -> None:
        """Agree a solution; what is owed is given within days, with an order or at the counter."""
        on_shelf = self.about.name in told.TOLD and self.about.name not in told.OFF_SHELF
        self.all.solve(self.case_id, self.about, goods=None if on_shelf else False)
        self.all.later(timedelta(days=self.all.chance.choice((2, 3, 4))), self._give)
        self.all.later(timedelta(hours=self.all.chance.randint(20, 26)), self.ask)

    def _give(self) -> None:
        self.all.give(self.case_id)

    def ask(self) -> None:
        """Ask whether all is well now."""
        if self.number in SILENT:
            self.all.follow_up(self.case_id, Result.NO_ANSWER)
            last = partial(self.all.follow_up, self.case_id, Result.NO_ANSWER, close=True)
            self.all.later(timedelta(days=1), last)
        elif self.number == NOT_CONTENT:
            self.all.follow_up(self.case_id, Result.NOT_SATISFIED, told.NOT_CONTENT)
            self.all.later(self.all.minutes(90, 300), self.solve_again)
        else:
            self._content()

    def _content(self) -> None:
        words = self.all.chance.choice((*told.CONTENT, ""))
        self.all.follow_up(self.case_id, Result.SATISFIED, words)

    def solve_again(self) -> None:
        """Give once more what was promised, as far as something is still charged."""
        again = (Remedy(Kind.ONE_MORE, self._one()),)
        text = "再补一份，这次我亲自挑 🙏"
        version = self.all.version(self.case_id)
        solve(self.all.cast.shop, self.case_id, version, Solution(again, text=text))
        self.all.later(timedelta(days=2), self._give)
        self.all.later(timedelta(hours=22), self._content)

    def _one(self) -> int:
        assert self.about.goods is not None
        return self.about.goods.unit.amount(1)

    def _at(self, after: timedelta, act: Act) -> None:
        self.all.diary.at_moment(self.all.now + after, act)
