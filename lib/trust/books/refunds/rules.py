"""Shares what was let go of an order over its goods. Pure, in whole fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lib.kernel.money import Money, split


@dataclass(frozen=True)
class Line:
    """A standing line of an order: what it costs, and whether anything of it came."""

    line_id: int
    product_id: int
    amount: int
    is_some: bool


@dataclass(frozen=True)
class LetGo:
    """What the shop let go of one order: refunds per line, for the whole order, and rounding.

    ``fee`` is what its delivery was charged at, ``coupon`` what a coupon may take off (R37).
    """

    of_lines: Mapping[int, int] = field(default_factory=dict)
    of_order: int = 0
    rounded: int = 0
    fee: int = 0
    coupon: int = 0

    def more(self, fen: int, line_id: int | None, *, is_back: bool) -> "LetGo":
        """Return it with one more payment: a refund (``is_back``) or one that was rounded."""
        if not is_back:
            return replace(self, rounded=self.rounded + fen)
        if line_id is None:
            return replace(self, of_order=self.of_order + fen)
        of_line = self.of_lines.get(line_id, 0) + fen
        return replace(self, of_lines={**self.of_lines, line_id: of_line})


@dataclass(frozen=True)
class Shared:
    """What of an order's :class:`LetGo` falls on each of its lines, and on its delivery fee."""

    refunded: tuple[int, ...]
    rounded: tuple[int, ...]
    fee: int
    coupon: tuple[int, ...] = ()


def share(lines: Sequence[Line], found: LetGo) -> Shared:
    """Return who bears what was let go of an order; never more than the order costs.

    First what was given back for a line, then for the order, by what its lines still cost; then
    the rounding (抹零), then what a coupon took off, likewise. What goes beyond the goods gave the
    delivery fee back; a coupon never does.
    """
    taken = [min(max(found.of_lines.get(one.line_id, 0), 0), one.amount) for one in lines]
    left = [one.amount - fen for one, fen in zip(lines, taken, strict=True)]
    of_order = _split(found.of_order, left)
    left = [fen - part for fen, part in zip(left, of_order, strict=True)]
    rounded = _split(found.rounded, left)
    left = [fen - part for fen, part in zip(left, rounded, strict=True)]
    coupon = _split(found.coupon, left)
    beyond = max(found.of_order, 0) - sum(of_order) + max(found.rounded, 0) - sum(rounded)
    refunded = tuple(fen + part for fen, part in zip(taken, of_order, strict=True))
    return Shared(refunded, tuple(rounded), min(beyond, found.fee), tuple(coupon))


def _split(fen: int, left: Sequence[int]) -> list[int]:
    shared = min(max(fen, 0), sum(left))
    if not shared:
        return [0] * len(left)
    return [part.fen for part in split(Money(shared), list(left))]
