"""What of a purchase is bad: "n bad of m" in sale units, pieces or grams (R28). Pure."""

from dataclasses import dataclass

from lib.kernel.errors import Refused
from lib.kernel.quantity import LARGEST_COUNT, Measure, Unit
from lib.kernel.words import N_
from lib.service.after_sales.rules import CountedIn


@dataclass(frozen=True)
class Goods:
    """What of an order line can be counted: ``quantity`` in grams or sale units of ``unit``.

    ``content_pieces`` and ``content_grams`` are what one sale unit holds, where it is known.
    """

    unit: Unit
    quantity: int
    content_pieces: int | None = None
    content_grams: int | None = None


@dataclass(frozen=True)
class Amount:
    """``bad`` of ``of_total``, counted in ``counted_in``."""

    bad: int
    of_total: int
    counted_in: CountedIn


def whole_of(goods: Goods, counted_in: CountedIn) -> int | None:
    """Return how much the whole line is, counted so; None where nobody knows.

    A line of 2 boxes with 30 eggs is 2 units or 60 pieces; one of 1 500 g is 3 斤, 1 500 grams,
    and an unknown number of potatoes.
    """
    by_weight = goods.unit.measure is Measure.WEIGHT
    if counted_in is CountedIn.GRAMS:
        content = 1 if by_weight else goods.content_grams
    elif counted_in is CountedIn.PIECES:
        content = None if by_weight else goods.content_pieces
    else:
        grams = goods.unit.grams or 1
        return None if goods.quantity % grams else goods.quantity // grams
    return goods.quantity * content if content else None


def ways_to_count(goods: Goods) -> tuple[CountedIn, ...]:
    """Return how "n bad of m" can be said of a line, the most exact first.

    Pieces come first where a unit holds several; grams of a line sold by piece only where its
    weight is known; units of weight only where the line is a whole number of them.
    """
    found = [way for way in CountedIn if whole_of(goods, way)]
    if goods.unit.measure is Measure.WEIGHT:
        return (
            CountedIn.GRAMS,
            *(way for way in found if way is CountedIn.UNITS),
            CountedIn.PIECES,
        )
    several = (goods.content_pieces or 1) > 1
    return tuple(sorted(found, key=lambda way: not several or way is not CountedIn.PIECES))


def checked_amount(
    bad: int | None, of_total: int | None, counted_in: CountedIn | None, goods: Goods | None
) -> Amount | None:
    """Return "n bad of m" as it is kept; None when nothing was counted. Raises ``Refused``.

    ``of_total`` becomes the whole of the line where that is known: a share of less would promise
    too much money. ``goods`` is None for something bought without an order.
    """
    if bad is None and counted_in is None:
        return None
    if bad is None or counted_in is None:
        raise Refused(N_("Say how many are bad, and what you count."))
    if bad <= 0:
        raise Refused(N_("At least one must be bad. Leave the number empty when nothing counts."))
    way = CountedIn(counted_in)
    whole = whole_of(goods, way) if goods is not None else None
    if goods is not None and whole is None and not _may_be_unknown(goods, way):
        raise Refused(N_("This purchase cannot be counted that way. Choose another."))
    total = of_total if of_total is not None else whole
    if total is None:
        raise Refused(N_("Say of how many."))
    if bad > total:
        raise Refused(
            N_("{bad} bad of {total} cannot be. Check the two numbers."), bad=bad, total=total
        )
    if whole is not None and total > whole:
        raise Refused(
            N_("The resident bought {whole}, not {total}. Check the number."),
            whole=whole,
            total=total,
        )
    kept = whole if whole is not None else total
    if kept > LARGEST_COUNT:
        raise Refused(N_("Check the number: that many cannot be."))
    return Amount(bad, kept, way)


def _may_be_unknown(goods: Goods, way: CountedIn) -> bool:
    """Pieces of goods sold by weight, and pieces or grams inside a unit nobody described."""
    return way is not CountedIn.UNITS or goods.unit.measure is Measure.PIECE
