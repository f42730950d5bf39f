"""Claiming messages for sending, and booking what came of each try."""

from lib.shop.messages.outbox.claims.commands import Claim, book, claim_next
from lib.shop.messages.outbox.claims.queries import next_due

__all__ = ["Claim", "book", "claim_next", "next_due"]
