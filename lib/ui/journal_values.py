"""Values of the journal in words: commands keep enum values, people read what the screens say."""

from collections.abc import Mapping
from typing import Any

from lib.kernel.festivals import FESTIVAL_NAMES
from lib.kernel.words import N_
from lib.members.consents.rules import HOW_TAKEN_BACK, PURPOSES
from lib.members.erasure.rules import WHY_NAMES
from lib.members.habits import rules as habits
from lib.members.profiles.openings.rules import WHATS
from lib.service.after_sales import rules as cases
from lib.service.delivery.needs.rules import CONSENT_NAMES
from lib.service.delivery.rules import CHOICE_NAMES, LEFT_WITH_NAMES
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
    "case_status": _words(cases.STATUS_NAMES),
    "cause": _words(cases.CAUSE_NAMES),
    "clock": _words(cases.CLOCK_NAMES),
    "counted_in": _words(cases.COUNTED_IN_NAMES),
    "cycle": _words(CYCLE_NAMES),
    "defect": _words(cases.DEFECT_NAMES),
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
    "choice": _words(CHOICE_NAMES),
    "consent_how": _words(HOW_TAKEN_BACK, CONSENT_NAMES),
    "looked": _words(WHATS),
    "purpose": _words(PURPOSES),
    "preference_kind": _words(habits.KIND_NAMES),
    "preference_state": _words(habits.STATE_NAMES),
    "festival": _words(FESTIVAL_NAMES),
    "left_with": _words(LEFT_WITH_NAMES),
    "method": _words(HOW_NAMES, METHOD_NAMES),
    "notice": _words(reminders.KIND_NAMES),
    "reason": _words(welfare.REASON_NAMES, WASTE_NAMES, offers.REASONS),
    "resident_said": _words(cases.RESULT_NAMES),
    "role": {"owner": N_("Owner"), "staff": N_("Staff")},
    "spoilage_by": _words(BEARER_NAMES),
    "status": _words(
        cases.STATUS_NAMES,
        welfare.STATUS_NAMES,
        demands.STATUS_NAMES,
        activities.STATUS_NAMES,
        STATUS_NAMES,
        CLAIM_NAMES,
    ),
    "came": _words(CAME_NAMES),
    "told_how": _words(cases.SOURCE_NAMES),
    "message_status": _words(MESSAGE_NAMES),
    "topic": {key: event.name for key, event in EVENTS.items()},
    "why_erased": _words(WHY_NAMES),
}
"""Per field of a journal row, the msgid of each value that is not written by people."""


def word_of(field: str, value: object) -> str:
    """Return the msgid of ``value`` in ``field``; empty where it stands for itself."""
    return VALUES.get(field, {}).get(value, "") if isinstance(value, str) else ""
