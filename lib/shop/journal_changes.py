"""What changed, out of a row of the journal: its fields in words, and which are money. Pure.

Values that are money are known by the name of their field, because the journal keeps amounts as
integer fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.kernel.words import N_
from lib.shop.journal import ERASED_ROWS, ERASURE

FIELDS: dict[str, str] = {
    "about": N_("about"),
    "active": N_("active"),
    "activity": N_("activity"),
    "added": N_("added"),
    "address": N_("address"),
    "advice": N_("what to do"),
    "aliases": N_("aliases"),
    "amount": N_("amount"),
    "answer": N_("answer"),
    "answers": N_("answers"),
    "approved_on": N_("approved"),
    "archived": N_("archived"),
    "available": N_("in all"),
    "batch": N_("batch"),
    "best_before": N_("best before"),
    "beyond": N_("let go beyond a limit"),
    "best_before_printed": N_("date printed on the package"),
    "body": N_("body"),
    "batch_id": N_("batch"),
    "batches": N_("number of batches"),
    "budget": N_("budget"),
    "building": N_("building"),
    "came": N_("what came of it"),
    "cancel_reason": N_("why cancelled"),
    "cancelled": N_("cancelled"),
    "caption": N_("caption"),
    "case_note": N_("case"),
    "case_quantity": N_("case size"),
    "category": N_("category"),
    "closed": N_("closed"),
    "consent": N_("consent"),
    "consent_on": N_("day of the consent"),
    "consent_how": N_("way of the consent"),
    "choice": N_("decision on delivery"),
    "copied_from": N_("copied from"),
    "certificate_number": N_("certificate number"),
    "changed": N_("changed"),
    "claims": N_("claims"),
    "closed_at": N_("closed"),
    "code": N_("code"),
    "contact_name": N_("contact"),
    "content_grams": N_("content in grams"),
    "content_pieces": N_("content in pieces"),
    "conversions": N_("conversions"),
    "compared": N_("compared price"),
    "compared_basis": N_("basis of the compared price"),
    "compared_photo": N_("photo of the basis"),
    "correction": N_("correction"),
    "corrects": N_("corrects"),
    "cost": N_("cost"),
    "counted_cash": N_("cash counted"),
    "counted_transfer": N_("transfers seen"),
    "cut_off_at": N_("cut-off"),
    "cycle": N_("cycle"),
    "day": N_("day"),
    "decided_on": N_("decided on"),
    "delivery": N_("delivery cost"),
    "delivery_rate": N_("delivery in 1/10000"),
    "delivery_note": N_("note on delivery"),
    "demand": N_("wish"),
    "description": N_("description"),
    "disposal": N_("disposal"),
    "distance_how": N_("how it was measured"),
    "district": N_("district"),
    "done": N_("done"),
    "done_how": N_("how it was settled"),
    "due": N_("due"),
    "ended": N_("ended"),
    "ends_on": N_("last day"),
    "evidence": N_("evidence"),
    "expected_cash": N_("cash expected"),
    "expected_heads": N_("expected heads"),
    "expected_on": N_("expected"),
    "far_reason": N_("reason for buying farther away"),
    "files": N_("files"),
    "fingerprint": N_("fingerprint"),
    "from_month": N_("from month"),
    "g": N_("grams"),
    "guests": N_("guests"),
    "heads": N_("heads"),
    "household_limit": N_("per household"),
    "in_plan": N_("in the plan"),
    "is_daily": N_("daily goods"),
    "is_fragile": N_("fragile"),
    "is_fresh": N_("fresh"),
    "issued_on": N_("issued on"),
    "keep_until": N_("keep until"),
    "issuer": N_("issued by"),
    "kind": N_("kind"),
    "known": N_("known before"),
    "label_cost": N_("cost of a label"),
    "latitude_e6": N_("latitude in millionths"),
    "lines": N_("lines"),
    "login": N_("login"),
    "longitude_e6": N_("longitude in millionths"),
    "loss": N_("loss"),
    "loss_note": N_("note on loss"),
    "loss_rate": N_("loss rate in 1/10000"),
    "lot": N_("lot"),
    "made_on": N_("day of test or filming"),
    "materials": N_("materials"),
    "message_status": N_("state of the message"),
    "method": N_("method"),
    "minimum": N_("least quantity"),
    "minimum_order": N_("minimum order"),
    "minimum_quantity": N_("least quantity"),
    "minimum_run": N_("minimum run"),
    "name": N_("name"),
    "new_address": N_("new address"),
    "next_on": N_("next answer on"),
    "nickname": N_("nickname"),
    "note": N_("note"),
    "notice": N_("which list"),
    "notice_days": N_("days of notice"),
    "number": N_("number"),
    "offer": N_("offer"),
    "offers": N_("offers"),
    "opening": N_("cash at the start"),
    "opens_at": N_("opens"),
    "orders": N_("orders by id"),
    "other": N_("other"),
    "other_note": N_("note on the other costs"),
    "packaging": N_("packaging cost"),
    "packaging_rate": N_("packaging in 1/10000"),
    "packaging_note": N_("note on packaging"),
    "paid": N_("paid"),
    "paid_how": N_("how it was paid"),
    "paid_on": N_("paid on"),
    "paid_out": N_("paid out"),
    "payable": N_("payable"),
    "phone": N_("phone"),
    "photo": N_("photo"),
    "pickup_day": N_("pickup day"),
    "pickup_slot": N_("pickup slot"),
    "pieces": N_("pieces"),
    "place": N_("place"),
    "pledge_cost": N_("cost of what was made good"),
    "pledge_cost_note": N_("note on what was made good"),
    "planned_on": N_("planned for"),
    "per_amount": N_("for each"),
    "points": N_("points"),
    "points_available": N_("points available"),
    "from_at": N_("for orders from"),
    "orders_settled": N_("number of orders"),
    "points_cost": N_("cost of points given"),
    "points_cost_note": N_("note on points given"),
    "preferred": N_("preferred"),
    "prepayment": N_("prepayment"),
    "price": N_("price"),
    "produced_on": N_("produced on"),
    "product": N_("product"),
    "product_id": N_("product"),
    "products": N_("products"),
    "published": N_("published"),
    "purchase_price": N_("purchase price"),
    "quantity": N_("quantity"),
    "question": N_("question"),
    "ready_on": N_("ready on"),
    "reason": N_("reason"),
    "received": N_("received"),
    "refunded": N_("refunded"),
    "reject_reason": N_("why rejected"),
    "rejected": N_("rejected"),
    "result": N_("result"),
    "role": N_("role"),
    "round_id": N_("round"),
    "rounded_off": N_("rounded off"),
    "rows": N_("rows"),
    "room": N_("room"),
    "sale_unit": N_("sale unit"),
    "scan": N_("scan"),
    "shelf_life_days": N_("shelf life in days"),
    "shows_children": N_("shows children"),
    "shows_contact": N_("contact shown to residents"),
    "shows_name": N_("name shown to residents"),
    "size": N_("bytes"),
    "slot": N_("pickup slot"),
    "sold_out": N_("sold out"),
    "specification": N_("specification"),
    "spoilage_by": N_("who bears spoilage"),
    "starts": N_("starts"),
    "starts_on": N_("first day"),
    "status": N_("status"),
    "stopped": N_("sale stopped"),
    "story": N_("story"),
    "supplier_id": N_("supplier"),
    "supplier": N_("supplier"),
    "supplier_told_at": N_("supplier told"),
    "task": N_("line of the checklist"),
    "tasks": N_("lines of the checklist"),
    "text": N_("text"),
    "title": N_("title"),
    "to_month": N_("to month"),
    "told": N_("told, by id"),
    "told_at": N_("told at"),
    "topic": N_("topic"),
    "topped_up": N_("topped up"),
    "total": N_("total"),
    "transfer": N_("transfers booked"),
    "typed_metres": N_("typed distance in metres"),
    "unit": N_("unit"),
    "unit_cost": N_("unit cost with label"),
    "until": N_("filled until"),
    "sheet": N_("price sheet"),
    "unit_grams": N_("grams per unit"),
    "to_deliver": N_("to be delivered"),
    "left_with": N_("left with"),
    "home": N_("home"),
    "from_on": N_("from day"),
    "until_on": N_("until day"),
    "hint_changed": N_("hint changed"),
    "birthday_changed": N_("birthday changed"),
    "hints": N_("hints"),
    "needs": N_("needs"),
    "usual_slot": N_("usual slot"),
    "valid_until": N_("valid until"),
    "waiting": N_("still to come"),
    "week": N_("week"),
    "wishes": N_("residents"),
    "withdrawn": N_("withdrawn"),
    "bad": N_("bad"),
    "of_total": N_("of how many"),
    "counted_in": N_("counted in"),
    "defect": N_("what is wrong"),
    "said": N_("what was said"),
    "reported_at": N_("told"),
    "turn": N_("opened the time"),
    "member_id": N_("member"),
    "members": N_("members"),
    "line_id": N_("order line"),
    "order_id": N_("order"),
    "product_name": N_("goods"),
    "told_how": N_("told how"),
    "reporter_name": N_("name typed"),
    "reporter_home": N_("home typed"),
    "photos": N_("photos"),
    "merged": N_("joined with"),
    "cause": N_("cause"),
    "month": N_("month"),
    "how": N_("how"),
    "edition": N_("edition"),
    "claim_id": N_("claim on the supplier"),
    "asks": N_("what is asked"),
    "cause_note": N_("on the cause"),
    "follow_up_on": N_("to be asked on"),
    "reply_due_at": N_("first reply due"),
    "first_reply_at": N_("first reply"),
    "first_reply_by": N_("first reply by"),
    "started_at": N_("began"),
    "solve_due_at": N_("solution due"),
    "clock": N_("promise"),
    "due_at": N_("was due"),
    "owed_id": N_("owed goods"),
    "merged_into": N_("part of"),
    "case_status": N_("state of the case"),
    "link": N_("private address"),
    "resident_said": N_("resident said"),
    "feedback": N_("in their words"),
    "why_erased": N_("why erased"),
    "purpose": N_("purpose"),
    "given": N_("given"),
    "looked": N_("what was done"),
    "ordered_times": N_("in how many orders"),
    "preference_kind": N_("kind of liking"),
    "preference_state": N_("liking"),
    "birthdays": N_("birthdays deleted"),
    "gifts": N_("gifts given up"),
    "festival": N_("festival"),
    "year": N_("year"),
    "skipped": N_("no gift"),
    "wished": N_("good wishes sent"),
    "what": N_("what is given"),
    "coupon_off": N_("taken off by a coupon"),
    "coupon_value": N_("value of the coupon"),
    "threshold": N_("holds from"),
    "valid_days": N_("valid for days"),
    "used": N_("used"),
    "void": N_("never to be used"),
    "reward": N_("reward"),
    "times": N_("how often"),
    "undone": N_("taken back"),
    "gift_given": N_("gift handed over"),
    "gift_cost": N_("cost of the gift"),
    "preferences": N_("likings deleted"),
}

MONEY_FIELDS = frozenset(
    {
        "amount", "due", "paid", "paid_out", "price", "purchase_price", "refunded", "topped_up",
        "total", "delivery_fee", "delivery_free_from", "till_float", "opening", "expected_cash",
        "counted_cash", "transfer", "counted_transfer", "difference", "net", "owed",
        "loss", "packaging", "delivery", "other", "points_cost", "pledge_cost", "rounded_off",
        "per_amount", "gift_cost", "coupon_off", "coupon_value", "threshold",
    }
)  # fmt: skip

_WHOLE = ""
_NOT_SAID = frozenset({"before", "after", "more", "subject", ERASURE, ERASED_ROWS})


@dataclass(frozen=True)
class Change:
    """One field that changed: its name (empty for the whole thing) and its JSON values."""

    field: str
    before: Any
    after: Any

    @property
    def is_money(self) -> bool:
        """Whether the values are fen."""
        return is_money(self.field)


def is_money(field: str) -> bool:
    """Whether the values of ``field`` are fen."""
    return field.endswith("_fen") or field in MONEY_FIELDS


def label_of_field(field: str) -> str:
    """Return the msgid for a field; its own name where there is none."""
    return FIELDS.get(field) or FIELDS.get(field.removesuffix("_fen")) or field


def changes_of(details: Mapping[str, Any]) -> list[Change]:
    """Return every field of a journal row that differs between before and after.

    ``details`` may hold more notes under ``more``, and further facts beside before and after.
    """
    notes = [details, *(details.get("more") or [])]
    return [change for note in notes for change in _changes(note)]


def facts_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a journal row says beside before and after (a reason, a product's name)."""
    facts: dict[str, Any] = {}
    for note in [details, *(details.get("more") or [])]:
        for name, value in note.items():
            if name not in _NOT_SAID and value not in (None, "", []):
                facts.setdefault(name, value)
    return facts


def _changes(note: Mapping[str, Any]) -> list[Change]:
    before, after = note.get("before"), note.get("after")
    if before is None and after is None:
        return []
    if not isinstance(before, Mapping | None) or not isinstance(after, Mapping | None):
        return [Change(_WHOLE, before, after)]
    old, new = dict(before or {}), dict(after or {})
    names = [*old, *(name for name in new if name not in old)]
    changed = [name for name in names if (old.get(name) or None) != (new.get(name) or None)]
    return [Change(name, old.get(name), new.get(name)) for name in changed]
