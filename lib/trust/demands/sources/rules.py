"""The checklist of a wish: whom to ask, what they answered. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.trade.products.rules import check_price

LONGEST_NAME = 40
LONGEST_UNIT = 20
LONGEST_LINE = 120
MOST_SOURCES = 20
"""Sources asked for one wish; more is no checklist any more."""
_RUN = 2
"""Characters in a row that a wish and a product must share to be called similar."""


class Answer(StrEnum):
    """What a source said."""

    TO_ASK = "to_ask"
    WAITING = "waiting"
    CAN = "can"
    CANNOT = "cannot"


ANSWER_NAMES: dict[Answer, str] = {
    Answer.TO_ASK: N_("to be asked"),
    Answer.WAITING: N_("asked, no answer yet"),
    Answer.CAN: N_("can deliver"),
    Answer.CANNOT: N_("cannot deliver"),
}

SETTLED = frozenset({Answer.CAN, Answer.CANNOT})


@dataclass(frozen=True)
class SourceDetails:
    """A source of a wish as typed: a supplier the shop knows, or any ``name``.

    ``cost`` is what the shop would pay and ``price`` what residents would, both for one ``unit``
    (the sale unit's word). ``minimum`` is in the source's own words: 50箱起订.
    """

    name: str = ""
    supplier_id: int | None = None
    answer: Answer = Answer.TO_ASK
    unit: str = ""
    cost: Money | None = None
    price: Money | None = None
    minimum: str = ""
    ready_on: date | None = None
    note: str = ""


def checked(details: SourceDetails) -> SourceDetails:
    """Return ``details`` cleaned; raises ``Refused`` without a name or for a bad amount."""
    ready = replace(
        details,
        name=clean(details.name, LONGEST_NAME),
        answer=Answer(details.answer),
        unit=clean(details.unit, LONGEST_UNIT),
        minimum=clean(details.minimum, LONGEST_LINE),
        note=clean(details.note, LONGEST_LINE),
    )
    if not ready.name and ready.supplier_id is None:
        raise Refused(N_("Say who is asked: choose a supplier or write a name."))
    for amount in (ready.cost, ready.price):
        if amount is not None:
            check_price(amount)
    return ready


def is_asked(answer: Answer) -> bool:
    """Whether somebody called: then the moment is kept."""
    return answer is not Answer.TO_ASK


def likeness(wish: str, product: str) -> int:
    """Return how many runs of two characters ``wish`` and ``product`` share; 0 is unlike.

    "现磨芝麻酱" and "芝麻油" share one, 芝麻. A name of a single character is alike where the other
    contains it.
    """
    one, other = folded(wish), folded(product)
    if min(len(one), len(other)) < _RUN:
        return int(bool(one) and bool(other) and (one in other or other in one))
    return len(_runs(one) & _runs(other))


def progress(answers: Iterable[Answer]) -> tuple[int, int]:
    """Return how many sources have answered, and how many there are."""
    listed = list(answers)
    return sum(answer in SETTLED for answer in listed), len(listed)


def _runs(text: str) -> set[str]:
    return {text[start : start + _RUN] for start in range(len(text) - _RUN + 1)}
