"""Where a resident's data may stand: every text column of every table, and what becomes of it.

A table of this list, not a habit of the code: a test fails on a column that is missing here, so
that nobody can add one and forget the residents in it. Pure.

A row is *theirs* when it leads to the member by its foreign keys (an order, its lines, what was
handed over of them, the complaints about them …). Rows that lead to nobody are searched for the
names, the phone and the home where somebody may have typed them.
"""

from dataclasses import dataclass
from enum import Flag, auto


class Way(Flag):
    """What an erasure does with a column."""

    NOTHING = 0
    """Words of the program, marks, goods, suppliers, the shop's own people: no resident."""
    EMPTIED = auto()
    """Emptied in the rows that are theirs."""
    DELETED = auto()
    """The rows that are theirs are deleted."""
    SEARCHED = auto()
    """In every other row, what names them is replaced."""
    APART = auto()
    """Taken apart by a step of its own in :mod:`lib.members.erasure.apart` or ``journalled``."""


@dataclass(frozen=True)
class Place:
    """The columns of a table by what an erasure does with them, each list in one string."""

    nothing: str = ""
    emptied: str = ""
    """Of the resident's own rows; nobody types anything about anybody here."""
    own: str = ""
    """Emptied in their own rows, searched in the others."""
    searched: str = ""
    deleted: str = ""
    apart: str = ""

    def ways(self) -> dict[str, Way]:
        """Return every column of the table and what is done with it."""
        lists = (
            (self.nothing, Way.NOTHING),
            (self.emptied, Way.EMPTIED),
            (self.own, Way.EMPTIED | Way.SEARCHED),
            (self.searched, Way.SEARCHED),
            (self.deleted, Way.DELETED),
            (self.apart, Way.APART),
        )
        return {name: way for names, way in lists for name in names.split()}


PLACES: dict[str, Place] = {
    "activity": Place("kind starts status", searched="title place materials note cancel_reason"),
    "activity_photo": Place("blob", searched="caption consent"),
    "activity_task": Place(searched="text"),
    "after_sales_case": Place(
        "source defect counted_in status cause product_name",
        emptied="reporter_name reporter_home key",
        own="said cause_note",
    ),
    "agreement": Place("cycle spoilage_by scan", searched="case_note note"),
    "batch": Place(
        "code token product_name sale_unit lot photo specification certificate_number "
        "supplier_name supplier_address supplier_contact",
        searched="reject_reason stop_reason",
    ),
    "birthday": Place(deleted="calendar leap said_as"),
    "blob": Place(apart="sha256 media_type look small"),
    "blob_page": Place(apart="blob picture"),
    "buying_round": Place(searched="title note"),
    "case_breach": Place("clock"),
    "case_entry": Place("kind", emptied="details", own="text"),
    "case_follow_up": Place("result", own="feedback"),
    "case_link": Place(deleted="token_hash"),
    "case_merge": Place("moved"),
    "case_photo": Place(apart="blob look"),
    "case_remedy": Place("kind disposal", own="below_pledge"),
    "case_turn": Place("offered"),
    "cash_up": Place(searched="note"),
    "clean_up": Place("counts"),
    "clearance": Place("kind", searched="reason text"),
    "closed_day": Place(searched="reason"),
    "community_label": Place("photo", searched="title note"),
    "consent": Place("purpose how"),
    "consent_text": Place("purpose text"),
    "cost_sheet": Place("title correction body previous_fingerprint fingerprint"),
    "coupon": Place("code"),
    "customer_order": Place(
        "source status pickup_slot",
        emptied="source_key source_body area building unit room",
        own="note check_reason cancel_reason",
    ),
    "delivery": Place("voucher", searched="note"),
    "delivery_decision": Place("choice"),
    "delivery_done": Place("left_with handover_ids", own="note"),
    "delivery_need": Place(deleted="hint consent_how consent_text"),
    "demand": Place("status", searched="title folded_title note reason"),
    "demand_merge": Place("moved"),
    "demand_source": Place("name answer unit minimum", searched="note"),
    "demand_wish": Place("source", emptied="name folded_name", own="said"),
    "draft": Place("form", apart="body"),
    "erasing": Place("id"),
    "erasure": Place("why counts"),
    "evidence": Place("kind blob issuer result", searched="title"),
    "festival_plan": Place("festival", searched="what note"),
    "form_key": Place("key action fingerprint", searched="result"),
    "gift": Place("occasion", own="what reason note", apart="key"),
    "group_post": Place("topic subject", apart="text"),
    "handover": Place(own="note"),
    "heard_line": Place("fingerprint"),
    "intake": Place("kind identity fingerprint summary", searched="file_name", apart="content"),
    "journal": Place("actor action subject previous_seal seal", apart="details"),
    "known_device": Place("token_hash"),
    "label_movement": Place("kind", searched="reason"),
    "login_code": Place("code_hash"),
    "login_event": Place("outcome network"),
    "member": Place(
        emptied="nickname folded_nickname initials pinyin phone phone_tail area building unit room "
        "usual_slot card_code",
        own="note",
    ),
    "member_alias": Place(deleted="folded_nickname nickname"),
    "member_merge": Place(apart="moved"),
    "member_opening": Place("what"),
    "message_channel": Place("name kind sealed_address"),
    "message_delivery": Place("topic subject status last_error", apart="text whole"),
    "message_template": Place("event text language"),
    "order_line": Place("product_name sale_unit"),
    "owed_goods": Place("product_name sale_unit source", own="note cancel_reason"),
    "packaging_entry": Place("material kind", own="note"),
    "packed_material": Place("material"),
    "past_import": Place("fingerprint summary", searched="file_name"),
    "payment": Place("kind method", own="reason"),
    "person": Place("login name role password_hash"),
    "pickup_notice": Place("slot kind done_how", apart="body"),
    "points_entry": Place("kind event_key", own="reason"),
    "preference": Place(deleted="kind name state"),
    "price_change": Place("kind"),
    "product": Place(
        "name folded_name category sale_unit photo", searched="description stop_reason"
    ),
    "product_alias": Place("alias"),
    "product_conversion": Place("word"),
    "product_cost": Place("kind", searched="basis"),
    "purchase_line": Place("product_name sale_unit why"),
    "purchase_order": Place("number status", searched="note close_reason"),
    "rate_bucket": Place("key"),
    "recall": Place(searched="reason advice disposal"),
    "recall_line": Place("told_how"),
    "redemption": Place(own="undo_reason"),
    "reward": Place("kind name"),
    "round_offer": Place("compared_photo", searched="compared_basis"),
    "session": Place("token_hash revoked_because network"),
    "setting": Place("name value"),
    "sheet_mapping": Place("header_fingerprint mapping"),
    "stock_count": Place(searched="reason"),
    "stock_movement": Place("kind photo", own="reason"),
    "supplier": Place(
        "name folded_name kind contact_name phone address district story distance_how",
        searched="far_reason note",
    ),
    "supplier_claim": Place("photo status", searched="reason answer"),
    "supplier_letter": Place("sent_how", searched="body asks"),
    "supplier_paper": Place("kind number scan"),
    "supplier_statement": Place("evidence", searched="body paid_how"),
    "tip": Place("kind supplied", searched="text"),
    "topic": Place(searched="question note"),
    "topic_answer": Place(deleted="name", searched="text"),
    "welfare_item": Place("reason status body", searched="note"),
    "wish_note": Place("key status", apart="text name"),
}
"""Every table with text. Seals, marks and keys are hashes of the program's own making."""

DELETED_ROWS = (
    "activity_guest",
    "birthday",
    "case_link",
    "delivery_need",
    "member_alias",
    "member_rhythm",
    "not_same_member",
    "preference",
    "topic_answer",
)
"""Tables of which the rows that are theirs are deleted: no books, only knowledge of somebody."""

KEPT_ROWS = frozenset({"balance_entry", "picked_line", "points_due", "points_order"})
"""Tables that lead to a member and hold sums, days and numbers of rows alone."""

INSTEAD: dict[tuple[str, str], str] = {
    ("payment", "reason"): "—",  # a refund has a reason
    ("gift", "what"): "—",
}
"""What stands in an emptied column where nothing at all would break a rule of the table."""


def ways_of(table: str) -> dict[str, Way]:
    """Return what is done with each text column of ``table``."""
    return PLACES[table].ways() if table in PLACES else {}
