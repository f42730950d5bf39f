"""What is charged for a line whose amount is worked out anew after a complaint. Pure."""

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_


def charged(amount: Money, off: int, product: str) -> Money:
    """Return what a line of ``amount`` is charged when ``off`` fen were taken off it.

    Raises ``Refused`` when more was taken off than the line comes to now: whoever made it smaller
    takes the solution of the complaint back first.
    """
    if off > amount.fen:
        raise Refused(
            N_(
                "¥{off} were taken off {product} for a complaint. "
                "Take that solution back in the case first."
            ),
            off=Money(off),
            product=product,
        )
    return amount - Money(off)
