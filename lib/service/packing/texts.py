"""Text for whoever sells packaging material, in the shop's language (E17)."""

from collections.abc import Iterable

from lib.service.packing.rules import MaterialStock
from lib.shop.language import Translate
from lib.trade.packaging.rules import PACKAGING_NAMES

WEEKS = 8
"""How long what is ordered is to last; a shop has no room for more."""


def proposed(one: MaterialStock) -> int:
    """Return how many pieces to order: what is used in :data:`WEEKS` weeks, in round hundreds.

    At least the reorder point twice, so that the next order is not due at once.
    """
    used = -(-one.used * WEEKS * 7 // one.days)
    return max(-(-max(used, 2 * one.reorder_at, 1) // 100) * 100, 100)


def order_values(shop_name: str, due: Iterable[MaterialStock], say: Translate) -> dict[str, object]:
    """Return the values of the text that orders material: one line each, with how many."""
    goods = [f"{say(PACKAGING_NAMES[one.material])} × {proposed(one)}" for one in due]
    return {"goods": "\n".join(goods), "shop": shop_name}
