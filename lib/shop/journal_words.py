"""The journal in words: what an action, a subject and a field are called. Pure.

Commands name their journal rows ``topic.verb``; a test holds that every name used in the code
stands here. Values that are money are known by the name of their field, because the journal keeps
amounts as integer fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.kernel.words import N_

ACTIONS: dict[str, str] = {
    "agreement.add": N_("added an agreement"),
    "agreement.change": N_("changed an agreement"),
    "agreement.end": N_("ended an agreement"),
    "balance.pay_out": N_("paid out a balance"),
    "balance.top_up": N_("topped up a balance"),
    "batch.release": N_("let a batch be sold again"),
    "batch.stop": N_("stopped the sale of a batch"),
    "cash_up.count": N_("counted the till"),
    "clearance.end": N_("ended a clearance"),
    "clearance.start": N_("began a clearance"),
    "closed_day.remove": N_("opened a closed day"),
    "closed_day.set": N_("closed a day"),
    "cost_sheet.publish": N_("published a price sheet"),
    "demand.add": N_("took in a wish"),
    "demand.add_source": N_("put a source on the list of a wish"),
    "demand.add_wishes": N_("counted residents at a wish"),
    "demand.change": N_("wrote a wish otherwise"),
    "demand.change_source": N_("noted what a source said"),
    "demand.launch": N_("put a wish on offer"),
    "demand.link": N_("said what a wish became"),
    "demand.move": N_("moved a wish"),
    "demand.remove_source": N_("took a source off the list of a wish"),
    "demand.remove_wish": N_("took a resident off a wish"),
    "demand.tell": N_("told residents that a wish is on offer"),
    "demand.untell": N_("took back that residents were told"),
    "demo.past": N_("kept an invented past"),
    "demo.people": N_("made the demo people"),
    "evidence.add": N_("added evidence"),
    "evidence.change": N_("changed evidence"),
    "evidence.publish": N_("published evidence"),
    "evidence.remove": N_("removed evidence"),
    "evidence.withdraw": N_("withdrew evidence"),
    "file.add": N_("added a file"),
    "file.sweep": N_("swept unused files"),
    "group_post.add": N_("posted to the group"),
    "group_post.take_back": N_("took back a post to the group"),
    "label.add": N_("added a label"),
    "label.change": N_("changed a label"),
    "label.count": N_("counted labels"),
    "label.end": N_("ended a label"),
    "label.move": N_("booked labels"),
    "member.add": N_("added a member"),
    "member.change": N_("changed a member"),
    "member.merge": N_("merged two members"),
    "member.not_same": N_("kept two members apart"),
    "member.unmerge": N_("took a merge back"),
    "order.add": N_("added an order"),
    "order.cancel": N_("cancelled an order"),
    "order.change_lines": N_("changed an order"),
    "order.change_pickup": N_("changed a pickup"),
    "order.checked": N_("checked an order"),
    "order.intake": N_("booked orders"),
    "order.restore": N_("restored an order"),
    "order.weigh": N_("weighed an order"),
    "past.import": N_("brought in past figures"),
    "past.undo": N_("undid an import of past figures"),
    "payment.pay": N_("took a payment"),
    "payment.pay_several": N_("took a payment for several orders"),
    "payment.refund": N_("refunded money"),
    "payment.undo": N_("took a payment back"),
    "people.add": N_("added a person"),
    "people.create_owner": N_("made the first owner"),
    "people.disable": N_("disabled a person"),
    "people.enable": N_("enabled a person"),
    "people.end_session": N_("signed a browser out"),
    "people.end_sessions": N_("signed all browsers of a person out"),
    "people.password": N_("changed a password"),
    "people.rename": N_("renamed a person"),
    "people.reset": N_("reset a password"),
    "people.reset_owner": N_("reset the owner's password at the machine"),
    "people.role": N_("changed a role"),
    "pickup.hand_over": N_("handed goods over"),
    "pickup.mark_picked": N_("picked goods"),
    "pickup.move_slot": N_("moved a pickup"),
    "pickup.undo_handover": N_("took a handover back"),
    "pickup.unmark_picked": N_("unpicked goods"),
    "plan.add_staples": N_("put products into the plan"),
    "plan.choose": N_("chose what to buy"),
    "plan.remove_staple": N_("took a product out of the plan"),
    "product.add": N_("added a product"),
    "product.add_list": N_("added products"),
    "product.archive": N_("archived a product"),
    "product.change": N_("changed a product"),
    "product.photo": N_("changed a photo"),
    "product.price": N_("changed a price"),
    "product.purchase_price": N_("changed a purchase price"),
    "product.restore": N_("restored a product"),
    "product_cost.set": N_("changed costs"),
    "purchase.add": N_("made a purchase order"),
    "purchase.cancel": N_("cancelled a purchase order"),
    "purchase.change": N_("changed a purchase order"),
    "purchase.close": N_("closed a purchase order"),
    "purchase.correct_batch": N_("corrected a batch"),
    "purchase.move": N_("moved a purchase order"),
    "purchase.receive": N_("received goods"),
    "purchase.send": N_("sent a purchase order"),
    "purchase.share_out": N_("shared out a shortage"),
    "purchase.undo_receiving": N_("took a receiving back"),
    "purchase.unsend": N_("took the sending of a purchase order back"),
    "recall.change": N_("changed a recall"),
    "recall.close": N_("closed a recall"),
    "recall.look_again": N_("looked again whom a recall reaches"),
    "recall.start": N_("called a batch back"),
    "recall.supplier_told": N_("told the supplier of a recall"),
    "recall.tell": N_("told a resident of a recall"),
    "recall.untell": N_("took back that a resident was told"),
    "round.add_offers": N_("added offers to a round"),
    "round.change": N_("changed a round"),
    "round.change_offers": N_("changed offers of a round"),
    "round.close": N_("closed a round"),
    "round.copy": N_("copied a round"),
    "round.extend": N_("extended a round"),
    "round.open": N_("opened a round"),
    "round.remove_offer": N_("removed an offer from a round"),
    "settings.save": N_("changed settings"),
    "sheet.mapping": N_("remembered how a file is read"),
    "stock.change_batch": N_("named another batch"),
    "stock.count": N_("counted the shelf"),
    "stock.mark_sold_out": N_("marked a product as sold out"),
    "stock.return": N_("took goods back"),
    "stock.send_back": N_("sent goods back"),
    "stock.shelf_sales": N_("booked counter sales"),
    "stock.undo": N_("took a stock entry back"),
    "stock.unmark_sold_out": N_("took a sold-out mark back"),
    "stock.waste": N_("threw goods away"),
    "supplier.add": N_("added a supplier"),
    "supplier.archive": N_("archived a supplier"),
    "supplier.change": N_("changed a supplier"),
    "supplier.restore": N_("restored a supplier"),
    "supplier_claim.add": N_("claimed money from a supplier"),
    "supplier_claim.decide": N_("wrote down the answer to a claim"),
    "supplier_claim.reopen": N_("took the answer to a claim back"),
    "supplier_paper.add": N_("added a paper of a supplier"),
    "supplier_paper.change": N_("changed a paper of a supplier"),
    "supplier_paper.publish": N_("published a paper, or hid it"),
    "supplier_paper.withdraw": N_("withdrew a paper of a supplier"),
    "supplier_statement.close": N_("closed a weekly statement"),
    "supplier_statement.pay": N_("marked a statement paid"),
    "supplier_statement.unpay": N_("took a payment of a statement back"),
    "supply_term.end": N_("ended supply terms"),
    "supply_term.set": N_("changed supply terms"),
}

SUBJECTS: dict[str, str] = {
    "agreement": N_("Agreement"),
    "batch": N_("Batch"),
    "buying_round": N_("Round"),
    "cash_up": N_("Cash-up"),
    "clearance": N_("Clearance"),
    "blob": N_("Stored file"),
    "closed_day": N_("Closed day"),
    "community_label": N_("Label"),
    "cost_sheet": N_("Price sheet"),
    "customer_order": N_("Order"),
    "delivery": N_("Goods in"),
    "demand": N_("Wish"),
    "demand_source": N_("Source of a wish"),
    "demo": N_("Demo shop"),
    "evidence": N_("Evidence"),
    "group_post": N_("Post to the group"),
    "intake": N_("Intake"),
    "member": N_("Member"),
    "order_line": N_("Order line"),
    "past_import": N_("Past figures"),
    "payment": N_("Payment"),
    "person": N_("Person"),
    "product": N_("Product"),
    "product_cost": N_("Costs"),
    "purchase_order": N_("Purchase order"),
    "recall": N_("Recall"),
    "setting": N_("Setting"),
    "supplier": N_("Supplier"),
    "supplier_claim": N_("Claim"),
    "supplier_paper": N_("Paper"),
    "supplier_statement": N_("Statement"),
    "supply_term": N_("Supply terms"),
}

FIELDS: dict[str, str] = {
    "active": N_("active"),
    "added": N_("added"),
    "address": N_("address"),
    "advice": N_("what to do"),
    "aliases": N_("aliases"),
    "amount": N_("amount"),
    "answer": N_("answer"),
    "approved_on": N_("approved"),
    "archived": N_("archived"),
    "available": N_("in all"),
    "batch": N_("batch"),
    "best_before": N_("best before"),
    "best_before_printed": N_("date printed on the package"),
    "body": N_("body"),
    "batch_id": N_("batch"),
    "batches": N_("number of batches"),
    "building": N_("building"),
    "cancelled": N_("cancelled"),
    "case_note": N_("case"),
    "case_quantity": N_("case size"),
    "category": N_("category"),
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
    "correction": N_("correction"),
    "corrects": N_("corrects"),
    "counted_cash": N_("cash counted"),
    "counted_transfer": N_("transfers seen"),
    "cut_off_at": N_("cut-off"),
    "cycle": N_("cycle"),
    "day": N_("day"),
    "decided_on": N_("decided on"),
    "delivery": N_("delivery cost"),
    "delivery_rate": N_("delivery in 1/10000"),
    "delivery_note": N_("note on delivery"),
    "description": N_("description"),
    "disposal": N_("disposal"),
    "distance_how": N_("how it was measured"),
    "district": N_("district"),
    "due": N_("due"),
    "ended": N_("ended"),
    "ends_on": N_("last day"),
    "evidence": N_("evidence"),
    "expected_cash": N_("cash expected"),
    "expected_on": N_("expected"),
    "far_reason": N_("reason for buying farther away"),
    "files": N_("files"),
    "fingerprint": N_("fingerprint"),
    "g": N_("grams"),
    "household_limit": N_("per household"),
    "in_plan": N_("in the plan"),
    "is_daily": N_("daily goods"),
    "is_fragile": N_("fragile"),
    "is_fresh": N_("fresh"),
    "issued_on": N_("issued on"),
    "keep_until": N_("keep until"),
    "issuer": N_("issued by"),
    "kind": N_("kind"),
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
    "method": N_("method"),
    "minimum_order": N_("minimum order"),
    "minimum_quantity": N_("least quantity"),
    "minimum_run": N_("minimum run"),
    "name": N_("name"),
    "nickname": N_("nickname"),
    "note": N_("note"),
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
    "reason": N_("reason"),
    "received": N_("received"),
    "refunded": N_("refunded"),
    "reject_reason": N_("why rejected"),
    "rejected": N_("rejected"),
    "result": N_("result"),
    "role": N_("role"),
    "rounded_off": N_("rounded off"),
    "rows": N_("rows"),
    "room": N_("room"),
    "sale_unit": N_("sale unit"),
    "scan": N_("scan"),
    "shelf_life_days": N_("shelf life in days"),
    "shows_contact": N_("contact shown to residents"),
    "shows_name": N_("name shown to residents"),
    "size": N_("bytes"),
    "slot": N_("pickup slot"),
    "sold_out": N_("sold out"),
    "specification": N_("specification"),
    "spoilage_by": N_("who bears spoilage"),
    "starts_on": N_("first day"),
    "status": N_("status"),
    "stopped": N_("sale stopped"),
    "story": N_("story"),
    "supplier_id": N_("supplier"),
    "supplier": N_("supplier"),
    "supplier_told_at": N_("supplier told"),
    "text": N_("text"),
    "title": N_("title"),
    "told": N_("told, by id"),
    "topic": N_("topic"),
    "topped_up": N_("topped up"),
    "total": N_("total"),
    "transfer": N_("transfers booked"),
    "typed_metres": N_("typed distance in metres"),
    "unit": N_("unit"),
    "unit_cost": N_("unit cost with label"),
    "until": N_("filled until"),
    "unit_grams": N_("grams per unit"),
    "valid_until": N_("valid until"),
    "week": N_("week"),
    "withdrawn": N_("withdrawn"),
}

MONEY_FIELDS = frozenset(
    {
        "amount", "due", "paid", "paid_out", "price", "purchase_price", "refunded", "topped_up",
        "total", "delivery_fee", "delivery_free_from", "till_float", "opening", "expected_cash",
        "counted_cash", "transfer", "counted_transfer", "difference", "net", "owed",
        "loss", "packaging", "delivery", "other", "rounded_off",
    }
)  # fmt: skip

_WHOLE = ""


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
            if name not in ("before", "after", "more", "subject") and value not in (None, "", []):
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
