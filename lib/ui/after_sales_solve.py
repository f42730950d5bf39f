"""Solving."""

from lib.service.after_sales.queries import Case
from lib.shop.shop import Shop


def draw(shop: Shop, this: Case) -> None:
    """Draw nothing yet."""


def done(shop: Shop, this: Case) -> None:
    """Draw nothing yet."""
