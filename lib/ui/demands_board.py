"""The board of wishes: what is new, checked, on offer, not yet possible, declined."""

from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.words import _


def draw(shop: Shop) -> None:
    """Draw the board."""
    show.nothing(_("No wishes yet."), _("Bring in what residents ask for in the group."))
