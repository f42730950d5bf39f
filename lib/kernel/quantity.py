"""How much of something: integer grams for goods sold by weight, integer pieces for the rest.

A *piece* is one sale unit (份, 盒, 板 …), whatever it holds. 1 jin (斤) = 500 g,
1 liang (两) = 50 g, 1 kg (公斤) = 1000 g (facts of the field, 4.1).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lib.kernel.money import Money, half_up

GRAMS_PER_JIN = 500
LARGEST_COUNT = 10**9
"""Units of one quantity: beyond it a number is a slip of the finger, and no database holds it."""

WEIGHT_UNITS: dict[str, int] = {
    "斤": 500,
    "市斤": 500,
    "500g": 500,
    "公斤": 1000,
    "千克": 1000,
    "kg": 1000,
    "两": 50,
    "克": 1,
    "g": 1,
}
"""Sale units that are weights, with their grams."""


class Measure(StrEnum):
    """What a quantity counts."""

    WEIGHT = "weight"
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class Unit:
    """A sale unit: its ``word`` and, for a weight, its ``grams``; for pieces ``grams`` is None."""

    word: str
    grams: int | None = None

    @classmethod
    def named(cls, word: str) -> "Unit":
        """Return the unit a shopkeeper calls ``word``; an unknown word counts pieces."""
        return cls(word, WEIGHT_UNITS.get(word.lower()))

    @property
    def measure(self) -> Measure:
        """Whether amounts of this unit are grams or pieces."""
        return Measure.PIECE if self.grams is None else Measure.WEIGHT

    def amount(self, count: Decimal | int | str) -> int:
        """Return ``count`` units as integer grams or pieces.

        Raises ``ValueError`` when that is not whole (1.5 boxes), not positive, or beyond
        :data:`LARGEST_COUNT`.
        """
        number = Decimal(count)
        if not number.is_finite() or number > LARGEST_COUNT:
            raise ValueError(f"{count} {self.word} is no quantity")
        exact = number * (self.grams or 1)
        if exact != exact.to_integral_value() or exact <= 0:
            raise ValueError(f"{count} {self.word} is not a whole quantity")
        return int(exact)

    def count(self, amount: int) -> Decimal:
        """Return how many units ``amount`` (grams or pieces) is, exact."""
        return (Decimal(amount) / (self.grams or 1)).normalize() + 0

    def price_of(self, price: Money, amount: int) -> Money:
        """Return what ``amount`` (grams or pieces) costs at ``price`` per unit, half-up."""
        if self.grams is None:
            return Money(price.fen * amount)
        return Money(half_up(Decimal(price.fen) * amount / self.grams))

    def said(self, amount: int) -> str:
        """Return ``amount`` as people write it: ``1.5斤``, ``3盒``."""
        return f"{self.count(amount):f}{self.word}"


def price_per_jin(price: Money, grams: int | None) -> Money | None:
    """Return the price of 500 g when ``price`` buys ``grams``; None when the weight is unknown."""
    if not grams or grams <= 0:
        return None
    return Money(half_up(Decimal(price.fen) * GRAMS_PER_JIN / grams))
