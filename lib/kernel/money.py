"""Money in whole fen.

One fen is 0.01 yuan. The database holds integers, Python holds :class:`Money`; a float never
becomes money, because ``round(5.55 * 0.5, 2)`` is 2.77 and the resident is owed 2.78.
Rounding is half-up, in :func:`half_up` and :func:`ratio` and nowhere else.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

LARGEST_FEN = 10**12
"""Ten thousand million yuan: beyond it an amount is a typing slip, not a price."""

_DASHES = {"-", "--", "—", "——", "–"}
_AMOUNT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")


def half_up(value: Decimal) -> int:
    """Return ``value`` rounded to a whole number, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def ratio(numerator: int, denominator: int) -> int:
    """Return ``numerator / denominator`` (positive) as :func:`half_up` does, in whole numbers."""
    if numerator < 0:
        return -ratio(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of ``fen`` (integer, may be negative).

    Raises ``TypeError`` when given a float or a bool.
    """

    fen: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.fen, bool) or not isinstance(self.fen, int):
            raise TypeError(f"money is whole fen, not {type(self.fen).__name__}")

    @classmethod
    def of(cls, yuan: Decimal | int | str) -> "Money":
        """Return the amount of ``yuan``, half-up to the fen. Floats are refused."""
        if isinstance(yuan, float):
            raise TypeError("money is never made of a float")
        return cls(half_up(Decimal(yuan) * 100))

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read an amount as people and exports write it: ``￥1,234.50``, ``12.5元``, ``１２．５``.

        A lone dash or an empty text is zero, as in the exports of ordering platforms. Raises
        ``ValueError`` for anything else, for more than two decimals and for amounts beyond
        :data:`LARGEST_FEN`: a wrong number is never guessed.
        """
        plain = unicodedata.normalize("NFKC", text).strip()
        plain = re.sub(r"[\s\u200b-\u200f\ufeff]", "", plain)
        if not plain or plain in _DASHES:
            return cls(0)
        negative = plain.startswith("(") and plain.endswith(")")
        plain = plain[1:-1] if negative else plain
        plain = re.sub(r"(?i)^([+-]?)(?:rmb|cny|[¥￥])", r"\1", plain)
        plain = re.sub(r"(?i)(?:元|块钱?|圆|rmb|cny)整?$", "", plain)
        if not plain or not _AMOUNT.fullmatch(plain) or not any(map(str.isdigit, plain)):
            raise ValueError(f"not an amount of money: {text!r}")
        try:
            yuan = Decimal(plain.replace(",", ""))
        except InvalidOperation as error:
            raise ValueError(f"not an amount of money: {text!r}") from error
        fen = yuan * 100
        if fen != fen.to_integral_value() or abs(fen) > LARGEST_FEN:
            raise ValueError(f"not a whole number of fen: {text!r}")
        return cls(-int(fen) if negative else int(fen))

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan with exactly two decimals."""
        return (Decimal(self.fen) / 100).quantize(Decimal("0.01"))

    def times(self, factor: Decimal | int) -> "Money":
        """Return this amount ``factor`` times, half-up to the fen."""
        if isinstance(factor, float):
            raise TypeError("money is never multiplied by a float")
        return Money(half_up(Decimal(self.fen) * Decimal(factor)))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen)

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        return f"{self.yuan:,.2f}"


def total(amounts: Iterable[Money]) -> Money:
    """Return the sum of ``amounts``."""
    return Money(sum(amount.fen for amount in amounts))


def split(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Split ``amount`` over ``weights`` so that the parts add up to it to the fen.

    Largest remainder first; of equal remainders the earlier part gets the odd fen
    (100.00 over three equal parts is 33.34 + 33.33 + 33.33). Weights are non-negative; with all
    weights zero the parts are equal. Raises ``ValueError`` without weights or with a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("a split needs weights that are not negative")
    shares = list(weights) if sum(weights) else [1] * len(weights)
    whole, sign = abs(amount.fen), -1 if amount.fen < 0 else 1
    parts = [whole * share // sum(shares) for share in shares]
    remainders = [whole * share % sum(shares) for share in shares]
    order = sorted(range(len(shares)), key=lambda index: (-remainders[index], index))
    for index in order[: whole - sum(parts)]:
        parts[index] += 1
    return [Money(sign * part) for part in parts]
