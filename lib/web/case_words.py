"""How a resident reads their case: states, promises, what happened, what the shop did. Pure (R26).

Everything is in the words of a shop that speaks to somebody, at the moment the page is made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lib.kernel.clock import local_day
from lib.kernel.words import N_
from lib.service.after_sales.clocks import NO_TIME, Clock
from lib.service.after_sales.links.queries import Followed, Given, Promised, Said
from lib.service.after_sales.links.rules import RESIDENTS_WORDS
from lib.service.after_sales.rules import ClockName, CountedIn, EntryKind, Result, Status
from lib.shop.language import Translate
from lib.trade.rounds.announcement import said_day, said_moment
from lib.web.said import money, said_span

HEADS: dict[Status, str] = {
    Status.NEW: N_("The shop has your report"),
    Status.WORKING: N_("The shop is looking after it"),
    Status.WAITING_PHOTO: N_("The shop waits for a photo from you"),
    Status.SOLVED: N_("A solution is agreed"),
    Status.CLOSED: N_("This is settled"),
    Status.WITHDRAWN: N_("This was withdrawn"),
}
CLOCKS: dict[ClockName, str] = {
    ClockName.REPLY: N_("First answer"),
    ClockName.SOLUTION: N_("Solution by"),
}
HAPPENED: dict[EntryKind, tuple[str, str]] = {
    EntryKind.REPORTED: (N_("You reported it"), N_("The shop wrote down what you said")),
    EntryKind.REPLY: (N_("You answered"), N_("The shop answered")),
    EntryKind.ASK_PHOTO: (N_("You asked"), N_("The shop asks for a photo")),
    EntryKind.PHOTO: (N_("You added photos: {count}"), N_("The shop added photos: {count}")),
    EntryKind.WROTE: (N_("You wrote"), N_("The shop wrote")),
    EntryKind.SOLVED: (N_("A solution is agreed"), N_("A solution is agreed")),
    EntryKind.REMEDY_UNDONE: (N_("Corrected"), N_("The shop corrected what it did")),
    EntryKind.CLOSED: (N_("This is settled"), N_("This is settled")),
    EntryKind.REOPENED: (N_("It goes on"), N_("It goes on")),
    EntryKind.WITHDRAWN: (N_("This was withdrawn"), N_("This was withdrawn")),
}
ANSWERS: dict[Result, tuple[str, str]] = {
    Result.SATISFIED: (N_("You said: all is well"), N_("You told the shop: all is well")),
    Result.NOT_SATISFIED: (
        N_("You said: not right yet"),
        N_("You told the shop: not right yet"),
    ),
    Result.NO_ANSWER: (N_("The shop asked whether all is well"),) * 2,
}
REMEDIES: dict[str, str] = {
    "refund": N_("Money back: {amount}"),
    "one_more": N_("One more of the same: {quantity}"),
    "exchange": N_("Exchanged: {quantity}"),
    "return": N_("Taken back by the shop, money back: {amount}"),
    "word": N_("Settled between us"),
}
COUNTED: dict[CountedIn, str] = {
    CountedIn.UNITS: N_("{bad} of {total} units bad"),
    CountedIn.PIECES: N_("{bad} of {total} pieces bad"),
    CountedIn.GRAMS: N_("{bad} of {total} g bad"),
}


@dataclass(frozen=True)
class Moments:
    """How moments are said: against ``now``, on the clock of ``zone``, in the language ``say``."""

    now: datetime
    zone: str
    say: Translate

    @property
    def today(self) -> date:
        """The shop's day."""
        return local_day(self.now, self.zone)

    def moment(self, value: datetime) -> str:
        """Return a moment as a message says it."""
        return said_moment(value, self.now, self.zone, self.say)


@dataclass(frozen=True)
class Line:
    """One line of the history: when, what, the words, and whose they are."""

    when: str
    what: str
    text: str
    mine: bool


@dataclass(frozen=True)
class Promise:
    """One promise: its name, its moment, how it stands in words, and whether it was broken."""

    name: str
    by: str
    stands: str
    late: bool


def promises(case: Followed, how: Moments) -> list[Promise]:
    """Return both promises of a case with what is left of them, when this page is made."""
    return [_promise(clock, how) for clock in (case.reply, case.solution)]


def _promise(clock: Clock, how: Moments) -> Promise:
    left, name = clock.left(how.now), how.say(CLOCKS[clock.name])
    return Promise(name, how.moment(clock.due_at), _stands(clock, left, how), left < NO_TIME)


def _stands(clock: Clock, left: timedelta, how: Moments) -> str:
    say, span = how.say, said_span(left, how.say)
    if clock.met_at is not None:
        when = how.moment(clock.met_at)
        sentence = N_("done {when}") if left >= NO_TIME else N_("done {when}, {span} late: sorry")
        return say(sentence).format(when=when, span=span)
    if left < NO_TIME:
        return say(N_("{span} late, and not done yet: sorry")).format(span=span)
    if clock.stopped_at is not None:
        return say(N_("no longer needed"))
    if clock.paused:
        return say(N_("stands still until your photo is here; then {span} are left")).format(
            span=span
        )
    return say(N_("{span} left")).format(span=span)


def about(case: Followed, say: Translate) -> str:
    """Return what is wrong, with how much of it where it was counted."""
    words = say(RESIDENTS_WORDS[case.defect])
    if case.bad is None or case.counted_in is None:
        return words
    counted = say(COUNTED[case.counted_in]).format(bad=case.bad, total=case.of_total)
    return f"{words} · {counted}"


def history(entries: Iterable[Said], how: Moments) -> list[Line]:
    """Return what happened, oldest first: photos that came together are one line."""
    lines: list[Line] = []
    together: list[Said] = []
    before = ""
    for entry in entries:
        if together and (entry.kind, entry.by_resident) != _side(together[0]):
            lines.append(_photos(together, how))
            together = []
        if entry.kind is EntryKind.PHOTO:
            together.append(entry)
            continue
        text = "" if entry.kind is EntryKind.REOPENED and entry.text == before else entry.text
        lines.append(Line(how.moment(entry.at), _what(entry, how.say), text, entry.by_resident))
        before = entry.text
    return [*lines, _photos(together, how)] if together else lines


def _side(entry: Said) -> tuple[EntryKind, bool]:
    return entry.kind, entry.by_resident


def _photos(together: list[Said], how: Moments) -> Line:
    mine = together[0].by_resident
    what = how.say(HAPPENED[EntryKind.PHOTO][not mine]).format(count=len(together))
    return Line(how.moment(together[-1].at), what, "", mine)


def _what(entry: Said, say: Translate) -> str:
    if entry.kind is EntryKind.FOLLOW_UP and entry.result in set(Result):
        return say(ANSWERS[Result(entry.result)][not entry.by_resident])
    said = HAPPENED.get(entry.kind)
    return say(said[not entry.by_resident]) if said else say(N_("Noted"))


def solutions(given: Iterable[Given], case: Followed, say: Translate) -> list[str]:
    """Return what the shop did, one line each."""
    return [
        say(REMEDIES.get(each.kind, REMEDIES["word"])).format(
            amount=money(each.amount), quantity=_quantity(each.quantity, case)
        )
        for each in given
    ]


def _quantity(quantity: int | None, case: Followed) -> str:
    if quantity is None:
        return case.product
    return case.unit.said(quantity) if case.unit is not None else str(quantity)


def owed(promised: Iterable[Promised], how: Moments) -> list[str]:
    """Return what the resident still gets and when it lies ready, one line each."""
    return [_owed(each, how) for each in promised]


def _owed(each: Promised, how: Moments) -> str:
    goods = f"{each.product} {each.unit.said(each.open or each.quantity)}"
    if each.pick_day is None:
        return how.say(N_("{goods}: you have it")).format(goods=goods)
    day = said_day(each.pick_day, how.today, how.say)
    return how.say(N_("{goods}: ready for you {day}")).format(goods=goods, day=day)
