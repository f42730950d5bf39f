"""What stands in a resident's data file: which tables and columns, under which words. Pure.

Everything that leads to the member, but no other resident, no name of somebody who works in the
shop, and nothing of what goods cost the shop.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.kernel.words import N_
from lib.members.consents.rules import HOW_TAKEN_BACK, PURPOSES
from lib.members.gifts.rules import OCCASIONS
from lib.members.habits.rules import KIND_NAMES as LIKING_KINDS
from lib.members.habits.rules import STATE_NAMES as LIKING_NAMES
from lib.members.points.rules import KIND_NAMES as POINTS_NAMES
from lib.members.profiles.openings.rules import WHATS
from lib.service.after_sales import rules as cases
from lib.service.after_sales.remedies import rules as remedies
from lib.service.delivery.needs.rules import CONSENT_NAMES
from lib.service.delivery.rules import LEFT_WITH_NAMES
from lib.supply.recall.rules import HOW_NAMES as TOLD_HOW_NAMES
from lib.trade.payments import rules as money

HEAD = N_(
    "Everything the shop holds about you, as of {day}. Amounts are in yuan, times are the shop's."
)

SECTIONS: dict[str, tuple[str, str]] = {
    "member": (
        N_("Member file"),
        "nickname phone area building unit room note usual_slot card_code created_at",
    ),
    "member_alias": (N_("Other names"), "nickname"),
    "birthday": (N_("Birthday"), "calendar month day leap leap_too year said_as"),
    "preference": (N_("Likings"), "kind name state orders from_on until_on at"),
    "consent": (N_("Consents"), "purpose given how at wording"),
    "delivery_need": (
        N_("Bringing goods to the door"),
        "from_on until_on hint consent_on consent_how consent_text ended_at",
    ),
    "customer_order": (
        N_("Orders"),
        "id number placed_at pickup_day pickup_slot status delivery area building unit room note "
        "source_body delivery_fee_fen round_off_fen coupon_fen check_reason cancel_reason",
    ),
    "order_line": (
        N_("Goods ordered"),
        "id order_id product_name sale_unit ordered quantity unit_price_fen amount_fen "
        "cancelled_at",
    ),
    "handover": (N_("Goods handed over"), "order_id quantity note at"),
    "delivery_done": (N_("Brought to the door"), "order_id left_with note at undone_at"),
    "payment": (N_("Payments"), "at kind method amount_fen reason order_id"),
    "balance_entry": (N_("Balance held"), "at amount_fen"),
    "points_entry": (N_("Points"), "at kind pending available reason order_id"),
    "redemption": (N_("Points given for rewards"), "at times points undone_at undo_reason"),
    "coupon": (
        N_("Coupons"),
        "code value_fen threshold_fen valid_until issued_at used_at order_id void_at",
    ),
    "gift": (N_("Gifts"), "day occasion year what quantity reason note given_at cancelled_at"),
    "after_sales_case": (
        N_("Complaints"),
        "id reported_at product_name source defect bad of_total counted_in said status cause "
        "cause_note first_reply_at closed_at order_id reporter_name reporter_home",
    ),
    "case_entry": (N_("What happened in a complaint"), "case_id at kind text by_resident"),
    "case_follow_up": (N_("Asked afterwards"), "case_id at result feedback"),
    "case_remedy": (
        N_("What was done about a complaint"),
        "case_id at kind quantity amount_fen below_pledge undone_at",
    ),
    "owed_goods": (
        N_("Goods promised"),
        "created_at product_name sale_unit quantity due_at settled_at cancelled_at note",
    ),
    "recall_line": (N_("Goods called back"), "line_id quantity told_at told_how"),
    "demand_wish": (N_("Wishes"), "asked_at wish said name told_at"),
    "topic_answer": (N_("Answers in the group"), "at name text"),
    "activity_guest": (N_("Activities"), "activity at"),
    "member_rhythm": (N_("How often they come"), "visits first_on last_on gap_days"),
    "member_opening": (N_("Who looked into the file"), "day what times first_at last_at"),
    "group_post": (N_("Messages about their matters"), "at text"),
    "journal": (N_("What was done in the shop's books"), "at action subject"),
}
"""Table → what its part of the file is called, and its columns."""

LABELS: dict[str, str] = {
    "action": N_("done"),
    "area": N_("Estate or area"),
    "available": N_("points"),
    "asked_at": N_("asked on"),
    "at": N_("time"),
    "by_resident": N_("by the resident"),
    "calendar": N_("calendar"),
    "cancelled_at": N_("cancelled"),
    "card_code": N_("number of the member card"),
    "case_id": N_("complaint"),
    "check_reason": N_("to be checked"),
    "closed_at": N_("ended"),
    "consent_text": N_("words of the consent"),
    "coupon": N_("coupon"),
    "created_at": N_("since"),
    "delivery": N_("to be delivered"),
    "delivery_fee": N_("fee for bringing"),
    "ended_at": N_("ended"),
    "first_at": N_("first time"),
    "first_on": N_("first visit"),
    "gap_days": N_("usual days between visits"),
    "given": N_("given"),
    "given_at": N_("given on"),
    "hint": N_("how to hand over"),
    "id": N_("No."),
    "issued_at": N_("issued on"),
    "last_at": N_("last time"),
    "last_on": N_("last visit"),
    "leap": N_("leap month"),
    "leap_too": N_("leap month kept, too"),
    "below_pledge": N_("why less than the pledge"),
    "occasion": N_("occasion"),
    "ordered": N_("quantity ordered"),
    "pending": N_("points that wait"),
    "placed_at": N_("ordered at"),
    "points": N_("points"),
    "purpose": N_("purpose"),
    "reported_at": N_("reported on"),
    "round_off": N_("rounded off"),
    "said_as": N_("as it was said"),
    "settled_at": N_("given on"),
    "source": N_("told how"),
    "source_body": N_("as it was written"),
    "state": N_("state"),
    "subject": N_("about"),
    "threshold": N_("from an order of"),
    "times": N_("times"),
    "undo_reason": N_("why taken back"),
    "undone_at": N_("taken back at"),
    "unit_price": N_("price per unit"),
    "used_at": N_("used on"),
    "value": N_("value"),
    "visits": N_("visits"),
    "void_at": N_("void since"),
    "what": N_("what"),
    "wish": N_("wish"),
    "wording": N_("words of the consent"),
    "year": N_("year"),
}
"""Column → how it is called, where the journal has no word for it."""

WORDS: dict[tuple[str, str], Mapping[Any, str]] = {
    ("birthday", "calendar"): {"solar": N_("solar calendar"), "lunar": N_("lunar calendar")},
    ("customer_order", "status"): {"active": N_("stands"), "cancelled": N_("cancelled")},
    ("points_entry", "kind"): POINTS_NAMES,
    ("payment", "kind"): money.KIND_NAMES,
    ("payment", "method"): money.METHOD_NAMES,
    ("consent", "purpose"): PURPOSES,
    ("consent", "how"): HOW_TAKEN_BACK,
    ("delivery_need", "consent_how"): CONSENT_NAMES,
    ("delivery_done", "left_with"): LEFT_WITH_NAMES,
    ("birthday", "leap"): {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known")},
    ("preference", "kind"): LIKING_KINDS,
    ("preference", "state"): LIKING_NAMES,
    ("gift", "occasion"): OCCASIONS,
    ("member_opening", "what"): WHATS,
    ("after_sales_case", "status"): cases.STATUS_NAMES,
    ("after_sales_case", "source"): cases.SOURCE_NAMES,
    ("after_sales_case", "defect"): cases.DEFECT_NAMES,
    ("after_sales_case", "counted_in"): cases.COUNTED_IN_NAMES,
    ("after_sales_case", "cause"): cases.CAUSE_NAMES,
    ("case_entry", "kind"): cases.ENTRY_NAMES,
    ("case_follow_up", "result"): cases.RESULT_NAMES,
    ("case_remedy", "kind"): remedies.KIND_NAMES,
    ("recall_line", "told_how"): TOLD_HOW_NAMES,
}
"""What words of the program mean, where a topic says so."""


@dataclass(frozen=True)
class Part:
    """One table of the file: ``title`` and ``rows`` of label → value, ready to be written."""

    name: str
    title: str
    rows: tuple[Mapping[str, object], ...]
