"""Bringing wishes in: pasted lines of the chat, typed ones (R15)."""

from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.words import _


def draw(shop: Shop) -> None:
    """Draw this part of the page of wishes."""
    show.nothing(_("Nothing here yet."))
