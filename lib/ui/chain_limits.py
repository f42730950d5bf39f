"""Entries of a pasted chain beyond a limit: found in the books, decided in the preview (E4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lib.shop.shop import Shop
from lib.trade.orders import chain_limits
from lib.trade.orders.allowance.queries import beyond
from lib.trade.orders.allowance.rules import Excess
from lib.trade.orders.chain_review import Decision, Review, Row
from lib.ui import chain_review, limits
from lib.ui.limits import Means


def found(shop: Shop, round_id: int, paste: Review) -> list[Excess]:
    """Return which entries go beyond a limit as they stand decided now."""
    now = chain_review.decisions(paste)
    coming, leaving = chain_limits.coming(paste, now), chain_limits.leaving(paste, now)
    return beyond(shop, round_id, coming, leaving)


def decide(shop: Shop, paste: Review, excesses: Sequence[Excess]) -> None:
    """Show every entry beyond a limit as a card where it is decided by clicking."""
    texts = {str(row.index): row.entry.text for row in paste.rows}
    limits.decide(shop, excesses, texts, _means(paste))


def marks(excesses: Sequence[Excess]) -> Mapping[int, str]:
    """Return what the table of entries says of those beyond a limit, by their index."""
    orders = limits.by_order(excesses)
    return {int(key): " ".join(map(limits.said, found)) for key, found in orders.items()}


def _means(paste: Review) -> Means:
    def keep(key: str, excesses: Sequence[Excess]) -> None:
        row, now = _row(key)
        chain_review.decide(paste, row, chain_limits.kept(row, now, excesses))

    def leave(key: str) -> None:
        row, now = _row(key)
        chain_review.decide(paste, row, replace(now, take=False))

    def let_go(key: str, reason: str) -> None:
        row, now = _row(key)
        chain_review.decide(paste, row, replace(now, beyond=reason))

    def _row(key: str) -> tuple[Row, Decision]:
        row = paste.rows[int(key)]
        return row, chain_review.decisions(paste).of(row)

    return Means(keep, leave, let_go)
