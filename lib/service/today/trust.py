"""What is due in trust, put together from its topics (R12-R20, E17). Every part is bounded."""

from dataclasses import dataclass

from lib.shop.messages.outbox.queries import Due as MessagesDue
from lib.shop.messages.outbox.queries import due as messages_due
from lib.shop.shop import Role, Shop
from lib.trust.community.queries import Due as CommunityDue
from lib.trust.community.queries import due as community_due
from lib.trust.costs.due.queries import SheetDue, sheet_due
from lib.trust.demands.notes.queries import waiting_notes
from lib.trust.demands.queries import Due as WishesDue
from lib.trust.demands.queries import due as wishes_due
from lib.trust.welfare.queries import Due as WelfareDue
from lib.trust.welfare.queries import due as welfare_due


@dataclass(frozen=True)
class TrustDue:
    """Everything due in trust; ``notes`` are unread wishes from the light page.

    ``sheet`` is None for staff, and where the newest sheet says what is on sale.
    """

    wishes: WishesDue
    notes: int
    community: CommunityDue
    welfare: WelfareDue
    messages: MessagesDue
    sheet: SheetDue | None


def trust_due(shop: Shop) -> TrustDue:
    """Return what is due in trust now, for owner or staff."""
    return TrustDue(
        wishes_due(shop),
        waiting_notes(shop),
        community_due(shop),
        welfare_due(shop),
        messages_due(shop),
        sheet_due(shop) if shop.actor.role is Role.OWNER else None,
    )
