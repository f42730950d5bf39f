"""What a row of the journal still says when a resident's data was erased. Pure.

A note that is about them keeps what the books need (amounts, goods, states, numbers of rows) and
nothing else: only fields listed here stay, so that a field nobody thought of goes. Any other note
keeps all but what names them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lib.members.erasure.needles import Needles
from lib.shop.journal import ERASED_ROWS

_FIELDS = """
    about added amount available batch batch_id bought cancelled_at case case_status claim_id clock
    closed consent_how consent_on coupon cost_fen counted_in defect due due_at edition ended
    first_reply_at follow_up_on freight g given guests hint_changed kind left left_with lines
    line_id looked material member_id method number of_total bad opened order order_id orders other
    owed owed_id owes packaging paid paid_out payment pending photo photos picked pickup_day
    pickup_slot pieces planned_on points product product_id product_name purpose quantity rate
    redemption refunded remedies remedy reply_due_at reported_at result reward reward_id round_id
    rounded_off settled slot slot_usual solve_due_at source started_at status subject taken_off
    times to_deliver told topped_up total turn value_fen waiting was_marked
"""
KEPT = frozenset(_FIELDS.split())
"""Fields that hold goods, money, days, states of the program or numbers of rows: no words."""

SUBJECTS = ("other", "about")
"""Fields of a note that say, as its subject does, which row it is about, too."""

_STATES = frozenset({"active", "cancelled", "undone"})
"""What stands bare for a whole note."""


def redacted(
    details: Mapping[str, Any], subject: str, is_theirs: Callable[[str], bool], needles: Needles
) -> dict[str, Any]:
    """Return ``details`` of a row about ``subject`` without the resident.

    ``is_theirs`` says of a subject (``table:id``) whether it is the resident's. A note that lists
    what an erasure redacted stays as it is.
    """
    more = details.get("more")
    first = {name: value for name, value in details.items() if name != "more"}
    left = _note(first, subject, is_theirs, needles)
    if isinstance(more, list):
        left["more"] = [
            _note(note, str(note.get("subject", "")), is_theirs, needles) for note in more
        ]
    elif more is not None:
        left["more"] = needles.replaced_in(more)
    return left


def _note(
    note: Mapping[str, Any], subject: str, is_theirs: Callable[[str], bool], needles: Needles
) -> dict[str, Any]:
    if ERASED_ROWS in note:
        return dict(note)
    named = (subject, *(note.get(name) for name in SUBJECTS))
    if not any(isinstance(each, str) and is_theirs(each) for each in named):
        return {name: needles.replaced_in(value) for name, value in note.items()}
    left: dict[str, Any] = {}
    for name, value in note.items():
        if name in ("before", "after"):
            left[name] = _side(value, needles)
        elif name in KEPT:
            left[name] = needles.replaced_in(value)
    return left


def _side(value: Any, needles: Needles) -> Any:
    """What stays of before or after: known states, kept fields, lists of goods."""
    if isinstance(value, Mapping):
        return {name: needles.replaced_in(item) for name, item in value.items() if name in KEPT}
    if isinstance(value, list):  # the lines of an order
        return needles.replaced_in(value)
    return value if not isinstance(value, str) or value in _STATES else None
