"""Decisions on erasing a resident's data: why, what must be settled first, what is said. Pure.

Erasing makes the file anonymous: the books keep orders, lines, payments, stock and points, because
the law wants them kept; nothing in them tells who it was (PIPL 47; facts of the field, 3.5).
"""

from dataclasses import dataclass, field
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.service.after_sales.rules import number as case_number


class Why(StrEnum):
    """Why a resident's data is erased."""

    ASKED = "asked"
    RETENTION = "retention"


WHY_NAMES: dict[Why, str] = {
    Why.ASKED: N_("the resident asked for it"),
    Why.RETENTION: N_("the time of keeping is over"),
}

FORMER = N_("Former resident {number}")
"""What an anonymous file is called, in the shop's language at that time."""

LAPSED = N_("The file was made anonymous.")
"""Why points of it lapsed."""


@dataclass(frozen=True)
class Unsettled:
    """What is open between a resident and the shop; erasing waits for it.

    ``due`` and ``held`` are money the resident owes and has with the shop; ``overpaid`` what was
    paid too much. The others are numbers: of orders as called out, of rows for the rest.
    """

    due: Money = field(default=Money(0))
    overpaid: Money = field(default=Money(0))
    held: Money = field(default=Money(0))
    uncollected: tuple[int, ...] = ()
    owed: int = 0
    cases: tuple[int, ...] = ()
    recalls: int = 0

    def sentences(self) -> tuple[tuple[str, dict[str, object]], ...]:
        """Return what must be settled, each as a sentence to translate with its values."""
        numbers = ", ".join(str(number) for number in self.uncollected[:5])
        cases = ", ".join(case_number(number) for number in self.cases[:5])
        said: list[tuple[str, dict[str, object]] | None] = [
            (N_("{amount} is still to be paid."), {"amount": self.due}) if self.due else None,
            (N_("{amount} was paid too much and is to be given back."), {"amount": self.overpaid})
            if self.overpaid
            else None,
            (N_("The shop holds a balance of {amount}; pay it out first."), {"amount": self.held})
            if self.held
            else None,
            (N_("Not collected yet: order {numbers}."), {"numbers": numbers}) if numbers else None,
            (N_("Goods are still owed: {count}."), {"count": self.owed}) if self.owed else None,
            (N_("Complaints are still open: {numbers}."), {"numbers": cases}) if cases else None,
            (N_("Goods they bought were called back; tell them first."), {})
            if self.recalls
            else None,
        ]
        return tuple(one for one in said if one is not None)

    def __bool__(self) -> bool:
        return bool(self.sentences())


def check(unsettled: Unsettled) -> None:
    """Raise ``Refused`` with the first thing that must be settled; the screen lists them all."""
    for sentence, values in unsettled.sentences()[:1]:
        raise Refused(sentence, **values)
