"""Decisions on recalls: whom they reach, how residents are told, when one may be closed. Pure.

Quantities are grams or sale units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_

LONGEST_REASON = 200
LONGEST_TEXT = 1000

ADVICE = N_(
    "Please do not eat it. Bring what is left back to the shop or throw it away. You get all your "
    "money back, also without the goods."
)
"""What residents are asked to do unless the shop writes something else."""


class How(StrEnum):
    """How somebody was told."""

    GROUP = "group"
    PHONE = "phone"
    DOOR = "door"


HOW_NAMES: dict[How, str] = {
    How.GROUP: N_("@ in the group"),
    How.PHONE: N_("by phone"),
    How.DOOR: N_("at the door"),
}


@dataclass(frozen=True)
class Reached:
    """An order line that a recall reaches; ``certain``: goods of the very batch were given."""

    line_id: int
    quantity: int
    certain: bool


@dataclass(frozen=True)
class Told:
    """How far a recall is: residents in all, told, and those with nothing left to be paid back."""

    residents: int = 0
    told: int = 0
    settled: int = 0

    @property
    def missing(self) -> int:
        """How many residents still have to be told."""
        return self.residents - self.told


def reached(certain: Mapping[int, int], loose: Mapping[int, int]) -> tuple[Reached, ...]:
    """Return whom a recall reaches; both mappings are order line → what it still holds.

    ``certain`` left the batch, ``loose`` left the product without a batch meanwhile. A line of both
    is certain with all of it: nobody can tell the goods apart. What came back is not reached.
    """
    found = []
    for line_id in sorted({*certain, *loose}):
        quantity = max(certain.get(line_id, 0), 0) + max(loose.get(line_id, 0), 0)
        if quantity > 0:
            found.append(Reached(line_id, quantity, certain.get(line_id, 0) > 0))
    return tuple(found)


def typed_reason(text: str) -> str:
    """Return the reason as it is kept; raises ``Refused`` when there is none."""
    reason = clean(text, LONGEST_REASON)
    if not reason:
        raise Refused(N_("Write the reason. It is part of the record the law asks for."))
    return reason


def typed_advice(text: str) -> str:
    """Return what residents are asked to do, as it is kept."""
    return clean(text, LONGEST_TEXT, lines=True)


def typed_disposal(text: str) -> str:
    """Return what became of the goods; raises ``Refused`` when nothing is said."""
    disposal = clean(text, LONGEST_TEXT, lines=True)
    if not disposal:
        raise Refused(
            N_(
                "Write what became of the goods: how much was destroyed or sent back, when, and "
                "by whom. Only then a recall is closed."
            )
        )
    return disposal


def progress(residents: Iterable[tuple[bool, bool]]) -> Told:
    """Count residents given as (told, settled)."""
    known = list(residents)
    return Told(len(known), sum(told for told, _ in known), sum(settled for _, settled in known))
