"""Values of the journal in words: commands keep enum values, people read what the screens say."""

from collections.abc import Mapping
from typing import Any

from lib.kernel.words import N_
from lib.service.reminders import rules as reminders
from lib.shop.messages.events import EVENTS
from lib.shop.messages.outbox.rules import CAME_NAMES
from lib.shop.messages.outbox.rules import STATUS_NAMES as MESSAGE_NAMES
from lib.supply.clearance import offers
from lib.supply.labels import rules as labels
from lib.supply.papers.rules import BEARER_NAMES, CYCLE_NAMES
from lib.supply.purchasing.rules import STATUS_NAMES
from lib.supply.recall.rules import HOW_NAMES
from lib.supply.statements.rules import CLAIM_NAMES
from lib.supply.stock.rules import WASTE_NAMES
from lib.supply.suppliers import rules as suppliers
from lib.supply.traceability import rules as traceability
from lib.trade.payments.rules import METHOD_NAMES
from lib.trust.community.activities import rules as activities
from lib.trust.community.tips import rules as tips
from lib.trust.demands import rules as demands
from lib.trust.demands.sources.rules import ANSWER_NAMES
from lib.trust.welfare import rules as welfare


def _words(*names: Mapping[Any, str]) -> dict[str, str]:
    return {str(value): word for each in names for value, word in each.items()}


VALUES: Mapping[str, Mapping[str, str]] = {
    "answer": _words(ANSWER_NAMES),
    "cycle": _words(CYCLE_NAMES),
    "done_how": _words(reminders.HOW_NAMES),
    "kind": _words(
        activities.KIND_NAMES,
        tips.KIND_NAMES,
        suppliers.KIND_NAMES,
        suppliers.PAPER_NAMES,
        traceability.LABELS,
        labels.KIND_NAMES,
        offers.KIND_NAMES,
    ),
    "method": _words(HOW_NAMES, METHOD_NAMES),
    "notice": _words(reminders.KIND_NAMES),
    "reason": _words(welfare.REASON_NAMES, WASTE_NAMES, offers.REASONS),
    "role": {"owner": N_("Owner"), "staff": N_("Staff")},
    "spoilage_by": _words(BEARER_NAMES),
    "status": _words(
        welfare.STATUS_NAMES,
        demands.STATUS_NAMES,
        activities.STATUS_NAMES,
        STATUS_NAMES,
        CLAIM_NAMES,
    ),
    "came": _words(CAME_NAMES),
    "message_status": _words(MESSAGE_NAMES),
    "topic": {key: event.name for key, event in EVENTS.items()},
}
"""Per field of a journal row, the msgid of each value that is not written by people."""


def word_of(field: str, value: object) -> str:
    """Return the msgid of ``value`` in ``field``; empty where it stands for itself."""
    return VALUES.get(field, {}).get(value, "") if isinstance(value, str) else ""
