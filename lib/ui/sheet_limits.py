"""Orders of a file beyond a limit: found in the books, decided in the preview (E4)."""

from collections.abc import Sequence

from lib.shop.shop import Shop
from lib.trade.orders import sheet_limits
from lib.trade.orders.allowance.queries import beyond
from lib.trade.orders.allowance.rules import Excess
from lib.trade.rounds.queries import Round
from lib.ui import limits
from lib.ui.limits import Means
from lib.ui.sheet_books import Desk
from lib.ui.sheet_file import Upload


def found(shop: Shop, desk: Desk, chosen: Round) -> list[Excess]:
    """Return which orders of the file go beyond a limit as they stand decided now."""
    preview = desk.preview
    return beyond(shop, chosen.id, sheet_limits.coming(preview), sheet_limits.leaving(preview))


def decide(shop: Shop, upload: Upload, excesses: Sequence[Excess]) -> None:
    """Show every order beyond a limit as a card where it is decided by clicking."""

    def keep(key: str, found: Sequence[Excess]) -> None:
        most = {one.offer.product_id: one.allowed for one in found}
        upload.cut[key] = {**upload.cut.get(key, {}), **most}

    def leave(key: str) -> None:
        upload.dropped = upload.dropped | {key}

    def let_go(key: str, reason: str) -> None:
        upload.beyond[key] = reason

    limits.decide(shop, excesses, {}, Means(keep, leave, let_go))
