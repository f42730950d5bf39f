"""Complaints of the demo shop's earlier months about goods off the shelf, and letters about them.

Told and solved at the counter; which batch the goods came from is looked up one evening a week,
when the delivery notes are filed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from lib.demo import complaints_told as told
from lib.demo.complaints import MINUTE, About, Complaints
from lib.demo.diary import Diary
from lib.demo.residents import RESIDENTS
from lib.kernel.clock import at_local
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.members.profiles.queries import find_members
from lib.service.after_sales import commands as cases
from lib.service.after_sales.rules import Result, Source
from lib.service.ledger.letters.commands import mark_sent, write_letter
from lib.service.ledger.letters.kept import facts_mark
from lib.service.ledger.letters.queries import facts, letter
from lib.service.ledger.letters.rules import MOST_PHOTOS, Choice
from lib.supply.statements.commands import decide_claim
from lib.supply.statements.queries import claims
from lib.supply.statements.rules import ClaimStatus

LIVED_DAYS = 15
"""Days ago on which the last of these was told; after that the last two weeks are lived."""
PHOTOGRAPHED = ("红富士苹果", "阳光玫瑰葡萄")
"""Goods of the last month of which one complaint each came with a photo."""
FRUIT, GREENS = "勾庄果品行", "青禾蔬菜合作社"
ASKS = {
    FRUIT: "苹果请逐箱抽两个切开看；葡萄装单层箱，上面不要再压货。",
    GREENS: "雨天采的请先沥干再装筐；菠菜根部黄叶摘掉。",
}
CAME = "装筐前已经沥干了，烂的少了很多"
SENT = "微信发给老板"
WORTH_A_CLAIM, LET_GO = 3, "就一两单，这个月不算了"
"""Of fewer complaints nothing is claimed, and what is written then."""
LETTER_DAY, ANSWER_DAYS = 2, 1
"""Days after the first of a month on which letters are written, and until one is answered."""


@dataclass
class Past:
    """What was told in the earlier months. ``arrived`` are name, day and batch of deliveries."""

    all: Complaints
    arrived: list[tuple[str, date, int]] = field(default_factory=list)
    _members: Sequence[int] = ()
    _open: list[tuple[int, str, date]] = field(default_factory=list)

    def schedule(self) -> None:
        """Note every complaint and every letter."""
        diary, this = self.all.diary, self.all.diary.today.replace(day=1)
        before_last, last = months_later(this, -2), months_later(this, -1)
        limit = diary.today - timedelta(days=LIVED_DAYS)
        for first, goods in ((before_last, told.BEFORE_LAST), (last, told.LAST), (this, told.THIS)):
            end = min(months_later(first, 1) - timedelta(days=1), limit)
            pictured = set(PHOTOGRAPHED) if first == last else set()
            self._spread(first, end, goods, pictured)
        self._letter(last, before_last, (GREENS,))
        self._letter(this, last, (FRUIT, GREENS))

    def _spread(
        self, first: date, end: date, goods: Sequence[tuple[str, int]], pictured: set[str]
    ) -> None:
        """Spread complaints over the days from ``first`` to ``end``; none if there are no days."""
        names = [name for name, count in goods for _ in range(count)]
        days = (end - first).days + 1
        for place, name in enumerate(names if days > 0 else ()):
            day = first + timedelta(days=place * days // len(names))
            wall = time(self.all.chance.choice((9, 10, 11, 15, 17, 18)), place * 7 % 60)
            moment = at_local(day, wall, self.all.cast.shop.settings.time_zone)
            with_photo = name in pictured
            pictured.discard(name)
            self.all.diary.at_moment(moment, partial(self._tell, name, with_photo))

    def _tell(self, name: str, with_photo: bool) -> None:
        """Somebody tells it at the counter; it is solved within hours, most of it at once."""
        about = self.all.counter(self._somebody(), name, self.all.chance.choice((1, 1, 2)))
        source = self.all.chance.choice((Source.COUNTER, Source.COUNTER, Source.PHONE))
        case_id = self.all.open(about, source, with_photo=with_photo)
        self._open.append((case_id, name, self.all.cast.shop.today))
        wait = self.all.minutes(4, 40)
        self.all.diary.at_moment(self.all.now + wait, partial(self._solve, case_id, about))

    def _somebody(self) -> int:
        if not self._members:
            known = {one.nickname for one in RESIDENTS}
            found = find_members(self.all.cast.desk, "", limit=100)
            self._members = sorted(one.id for one in found if one.nickname in known)
        return self.all.chance.choice(self._members)

    def _solve(self, case_id: int, about: About) -> None:
        self.all.solve(case_id, about, goods=False)
        if self.all.chance.random() < 0.8:
            words = self.all.chance.choice((*told.CONTENT, ""))
            ask = partial(self.all.follow_up, case_id, Result.SATISFIED, words)
        else:
            ask = partial(self.all.follow_up, case_id, Result.NO_ANSWER, close=True)
        self.all.later(timedelta(hours=23) + self.all.minutes(0, 90), ask)

    def look_up_batches(self) -> None:
        """Say from which batch goods came that were complained about lately."""
        for case_id, name, day in self._open:
            fit = [batch for good, came, batch in self.arrived if good == name and came <= day]
            found = self.all.card(case_id)
            if fit:
                cases.change_case(
                    self.all.cast.desk, case_id, found.version, found.defect, found.bad,
                    found.of_total, found.counted_in, found.said, fit[-1], None,
                )  # fmt: skip
        self._open.clear()

    def _letter(self, first: date, month: date, suppliers: Sequence[str]) -> None:
        """Note letters about ``month``, written early in the month that begins on ``first``."""
        diary, zone = self.all.diary, self.all.cast.shop.settings.time_zone
        planned = at_local(first + timedelta(days=LETTER_DAY), time(10, 30), zone)
        moment = min(planned, diary.now - 150 * MINUTE)
        for name in suppliers:
            diary.at_moment(moment, partial(self._write, diary, name, month, moment))

    def _write(self, diary: Diary, name: str, month: date, moment: datetime) -> None:
        shop, supplier = self.all.cast.shop, self.all.cast.shelf.known.suppliers[name]
        found = facts(shop, supplier, month)
        if not found.lines:
            return
        photos = tuple(one.sha256 for one in found.pictures[:MOST_PHOTOS])
        came = CAME if found.last is not None else ""
        few = len(found.lines) < WORTH_A_CLAIM
        choice = Choice(
            ASKS[name],
            photos,
            Money(0) if few else found.reckoned,
            why=LET_GO if few and found.reckoned else "",
            came=came,
        )
        number = write_letter(shop, supplier, month, choice, facts_mark(found))
        mark_sent(shop, number, letter(shop, number).version, SENT)
        if choice.claim and name == GREENS:
            diary.at_moment(moment + timedelta(days=ANSWER_DAYS), partial(self._accept, number))

    def _accept(self, number: int) -> None:
        """The supplier accepts the claim: the statement of that week is lower."""
        shop, written = self.all.cast.shop, letter(self.all.cast.shop, number)
        for one in claims(shop, written.supplier_id):
            if one.id == written.claim_id:
                said = "认了，这周货款里扣"
                decide_claim(shop, one.id, one.version, ClaimStatus.ACCEPTED, said)
