"""The private address of a case."""

from lib.service.after_sales.queries import Case
from lib.shop.shop import Shop


def draw(shop: Shop, this: Case) -> None:
    """Draw nothing yet."""
