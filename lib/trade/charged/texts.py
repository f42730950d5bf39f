"""What a compared price is, in words that stand beside it. Pure; never "原价" alone."""

from collections.abc import Callable

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.trade.charged.rules import Lowest

Translate = Callable[[str], str]


def meaning(
    compared: Money, basis: str, lowest: Lowest | None, days: int, translate: Translate
) -> str:
    """Return what ``compared`` is: its written basis, or where it stands to what was charged.

    Empty when neither is known; then it may not be shown.
    """
    if basis:
        return basis
    if lowest is None:
        return ""
    if lowest.is_recent:
        if compared == lowest.price:
            sentence = N_("lowest price charged in the {days} days before")
        else:
            sentence = N_("in the {days} days before never charged below")
        return translate(sentence).format(days=days)
    if compared == lowest.price:
        return translate(N_("last price charged"))
    return translate(N_("last price charged was not below"))
