"""The diary of a simulated week: what follows from the mission for promises, money and goods.

It shares no arithmetic with the program. Money is whole fen, quantities are grams or sale units,
moments are UTC. Rules come from the mission (R10, R11, R26, R27, R29) and from what the tables say
of themselves.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

REPLY = timedelta(hours=1)
SOLVED = timedelta(hours=24)
OWED = timedelta(days=2)
"""As the shop of the week sets it, so that some of it is late within the week."""
BATCH_FEN = 400
"""What a sale unit of every batch was bought for."""


def half_up(amount: Fraction) -> int:
    """Round a fraction that is not negative, half upwards."""
    return int(amount + Fraction(1, 2))


@dataclass
class Line:
    """An order line: ``price`` is what it costs by quantity and weight, before complaints.

    ``off`` was taken off that price while it was not paid, ``back`` was paid back for it.
    """

    id: int
    product: str
    base: int
    quantity: int
    price: int
    unit_fen: int
    handed: int = 0
    off: int = 0
    back: int = 0
    cases: list["Case"] = field(default_factory=list)

    @property
    def left(self) -> int:
        """What is still charged for it."""
        return max(self.price - self.off - self.back, 0)


@dataclass
class Order:
    """An order, what was paid for it and what went back for complaints."""

    id: int
    member: int
    lines: list[Line]
    paid: int = 0
    cancelled: bool = False

    @property
    def kept(self) -> int:
        """Money received and kept."""
        return self.paid - sum(line.back for line in self.lines)

    @property
    def owes(self) -> int:
        """What the resident owes; negative: what the shop does."""
        return sum(line.left for line in self.lines) - self.kept


@dataclass
class Owed:
    """Goods promised: how much, by when, and what became of it."""

    case: "Case"
    product: str
    quantity: int
    due_at: datetime
    given: int = 0
    open_spans: list[list[datetime | None]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.open_spans[-1][1] is None

    def close(self, now: datetime) -> None:
        self.open_spans[-1][1] = now

    def late(self, now: datetime) -> bool:
        """Whether it was owed at any moment after the one it was promised for."""
        return any((until or now) > self.due_at for _since, until in self.open_spans)


@dataclass
class Done:
    """One thing done about a case and what it moved."""

    kind: str
    quantity: int = 0
    amount: int = 0
    off: int = 0
    method: str = "transfer"
    freight: int = 0
    owed: Owed | None = None
    disposal: str = "kept"
    undone: bool = False


@dataclass
class Turn:
    """One opening of a case."""

    started_at: datetime
    pauses: list[list[datetime | None]] = field(default_factory=list)
    solved_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    def due_at(self, now: datetime) -> datetime:
        """When the solution is due; what an awaited photo takes does not count."""
        due = self.started_at + SOLVED
        for since, until in self.pauses:
            assert since is not None
            if since <= due:
                due += (until or now) - since
        return due

    def goes_on(self, now: datetime) -> None:
        if self.waits:
            self.pauses[-1][1] = now


@dataclass
class Case:
    """One complaint: about ``bad`` of ``of`` of a line."""

    order: Order
    line: Line
    defect: str
    bad: int
    of: int
    reported_at: datetime
    reply_due: datetime
    turns: list[Turn]
    id: int = 0
    replied_at: datetime | None = None
    status: str = "new"
    withdrawn_at: datetime | None = None
    merged_into: "Case | None" = None
    ran_out: set[tuple[str, int, datetime]] = field(default_factory=set)
    done: list[Done] = field(default_factory=list)

    @property
    def root(self) -> "Case":
        """The case it is part of by now, or itself."""
        return self if self.merged_into is None else self.merged_into.root

    @property
    def turn(self) -> Turn:
        return self.turns[-1]

    @property
    def is_open(self) -> bool:
        return self.status in ("new", "working", "waiting")

    @property
    def standing(self) -> list[Done]:
        return [each for each in self.done if not each.undone]

    @property
    def part(self) -> Fraction:
        """Which part of the line is bad."""
        return Fraction(self.bad, self.of)

    @property
    def had_money(self) -> bool:
        """Whether money was given for it that stands."""
        return any(one.amount for one in self.standing)

    def share_of(self, part: Fraction) -> int:
        """What a part of the line cost: the shares of all complaints add up to its price.

        At most what is still charged but for this case itself.
        """
        others = [each.part for each in self.line.cases if each is not self and each.had_money]
        before = min(sum(others, Fraction(0)), Fraction(1))
        until = min(before + part, Fraction(1))
        cost = half_up(self.line.price * until) - half_up(self.line.price * before)
        mine = sum(one.amount for one in self.standing)
        return max(min(cost, self.line.left + mine), 0)

    def up_to_units(self, quantity: Fraction) -> int:
        """So much, up to whole sale units, at most what was bought."""
        units = -(-quantity // self.line.base)
        return min(int(units) * self.line.base, self.line.quantity)

    @property
    def options(self) -> list[list[tuple[str, int, int]]]:
        """What the resident may choose from: kind, quantity, fen; all of one option is promised.

        Rotten fresh goods: whole sale units back and as many more; of a part inside a unit the
        share or one more. Daily goods: whole units are returned or exchanged.
        """
        line, bad = self.line, self.line.quantity * self.part
        more = self.up_to_units(bad)
        units = int(bad // line.base) * line.base if self.part < 1 else line.quantity
        back = ("refund", int(-(-bad // 1)), self.share_of(self.part))
        if line.product == "纸巾":
            return [
                [("return", more, self.share_of(Fraction(more, line.quantity)))],
                [("exchange", more, 0)],
            ]
        if self.defect != "rotten" or not units:
            return [[back], [("one_more", more, 0)]]
        if units == more:
            return [[back, ("one_more", more, 0)]]
        of_units = ("refund", units, self.share_of(Fraction(units, line.quantity)))
        return [[back, ("one_more", units, 0)], [of_units, ("one_more", more, 0)]]

    def look(self, now: datetime) -> None:
        """Keep in mind what ran out by ``now``, as it stood until now."""
        if self.merged_into is not None:
            return
        asked_until = self.withdrawn_at if self.status == "withdrawn" else now
        met = self.replied_at or asked_until or now
        if met > self.reply_due:
            self.ran_out.add(("reply", 0, self.reply_due))
        for number, turn in enumerate(self.turns, 1):
            due = turn.due_at(now)
            if (turn.solved_at or turn.stopped_at or now) > due:
                self.ran_out.add(("solution", number, due))


@dataclass
class Diary:
    """Everything that was done in the week."""

    orders: list[Order] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    owed: dict[int, Owed] = field(default_factory=dict)
    balance: dict[int, int] = field(default_factory=dict)
    stock: dict[str, int] = field(default_factory=dict)
    came_back: dict[str, int] = field(default_factory=dict)
    thrown_away: dict[str, int] = field(default_factory=dict)
    refused: int = 0

    @property
    def kept(self) -> list[Case]:
        """Complaints; a double is none of its own."""
        return [case for case in self.cases if case.merged_into is None]

    @property
    def done(self) -> list[Done]:
        return [each for case in self.cases for each in case.standing]
