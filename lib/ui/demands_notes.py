"""Wishes that residents sent from the light page, to be read by a person (R15)."""

from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.words import _


def draw(shop: Shop) -> None:
    """Draw this part of the page of wishes."""
    show.nothing(_("Nothing here yet."))
