"""Decisions on statements and claims: which week, what is payable. Pure.

Amounts are :class:`Money`, quantities base quantities (grams or sale units); a week is named by its
Monday. Every line is rounded half-up to the fen and the sums are sums of lines (R2).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from lib.kernel.clock import monday_of
from lib.kernel.errors import Refused
from lib.kernel.money import LARGEST_FEN, Money, total
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_

SHAPE = 1
"""Number of the layout of a stored statement; a later layout gets another number."""
LONGEST_REASON = 200

ALTERED = N_("This statement was altered after it was closed and is not shown.")


class ClaimStatus(StrEnum):
    """How the supplier answered."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


CLAIM_NAMES: dict[ClaimStatus, str] = {
    ClaimStatus.OPEN: N_("open"),
    ClaimStatus.ACCEPTED: N_("accepted"),
    ClaimStatus.DECLINED: N_("declined"),
}


class State(StrEnum):
    """Where a statement stands. ``RUNNING``: its week is not over."""

    RUNNING = "running"
    TO_CLOSE = "to_close"
    NOTHING = "nothing"
    TO_PAY = "to_pay"
    SETTLED = "settled"


STATE_NAMES: dict[State, str] = {
    State.RUNNING: N_("week still running"),
    State.TO_CLOSE: N_("to be closed"),
    State.NOTHING: N_("nothing to settle"),
    State.TO_PAY: N_("to be paid"),
    State.SETTLED: N_("paid"),
}


def week_of(week: date) -> tuple[date, date]:
    """Return Monday and Sunday of ``week``."""
    return week, week + timedelta(days=6)


def booked_week(item_id: int, day: date, closed: Mapping[date, Collection[int]]) -> date:
    """Return the week whose statement bears a delivery or claim of ``day``.

    ``closed`` holds the ids on the closed statements of its supplier, by week. The first week from
    its own on that is open, or that bears it already: what came in too late is never lost.
    """
    week = monday_of(day)
    while week in closed and item_id not in closed[week]:
        week += timedelta(days=7)
    return week


@dataclass(frozen=True)
class Line:
    """One batch on a statement: what was accepted at the agreed price.

    ``rejected`` is listed and costs nothing; ``price`` None: not known, the statement cannot be
    closed. ``late``: it came in an earlier week and was entered after that was closed.
    """

    batch_id: int
    code: str
    product: str
    unit: Unit
    arrived_on: date
    accepted: int
    rejected: int
    price: Money | None
    late: bool = False

    @property
    def amount(self) -> Money | None:
        """What it comes to, half-up; None while the price is not known."""
        if self.price is None:
            return None if self.accepted else Money()
        return self.unit.price_of(self.price, self.accepted)


@dataclass(frozen=True)
class ClaimLine:
    """One accepted claim on a statement. ``reason`` stays with the shop: it may name a resident.

    ``product``, ``unit`` and ``code`` are empty for a claim without a batch.
    """

    claim_id: int
    amount: Money
    decided_on: date
    reason: str
    code: str = ""
    product: str = ""
    unit: Unit | None = None
    quantity: int | None = None


@dataclass(frozen=True)
class Body:
    """The lines of a statement; received less claims is payable, to the fen, by construction."""

    lines: tuple[Line, ...] = ()
    claims: tuple[ClaimLine, ...] = ()

    @property
    def received(self) -> Money:
        """What the accepted goods come to, as far as prices are known."""
        return total(line.amount for line in self.lines if line.amount is not None)

    @property
    def claimed(self) -> Money:
        """What the supplier gives back."""
        return total(claim.amount for claim in self.claims)

    @property
    def payable(self) -> Money:
        """What is to be paid; negative when the supplier owes."""
        return self.received - self.claimed

    @property
    def is_empty(self) -> bool:
        """Whether nothing came and nothing was given back."""
        return not self.lines and not self.claims

    @property
    def unpriced(self) -> tuple[Line, ...]:
        """The lines whose price is not known."""
        return tuple(line for line in self.lines if line.amount is None)


def state_of(week: date, today: date, body: Body, *, closed: bool, settled: bool) -> State:
    """Return where the statement of ``week`` stands."""
    if not closed:
        if today <= week_of(week)[1]:
            return State.RUNNING
        return State.NOTHING if body.is_empty else State.TO_CLOSE
    if settled:
        return State.SETTLED
    return State.TO_PAY if body.payable else State.NOTHING


def check_may_close(week: date, today: date, body: Body) -> None:
    """Raise ``Refused`` while ``week`` runs and while a price is missing."""
    if today <= week_of(week)[1]:
        raise Refused(N_("This week runs until Sunday. Close it on Monday."))
    if body.unpriced:
        raise Refused(
            N_("{product} has no price. Write it on its batch first, then close the week."),
            product=body.unpriced[0].product,
        )


@dataclass(frozen=True)
class ClaimDetails:
    """What is claimed. ``quantity`` in base quantity, None where it is not about a quantity."""

    amount: Money
    reason: str
    quantity: int | None = None


def checked_claim(details: ClaimDetails, batch_total: int | None) -> ClaimDetails:
    """Return ``details`` cleaned; raises ``Refused``.

    ``batch_total`` is all that came of the batch, rejected goods included; None without a batch.
    """
    if not 0 < details.amount.fen <= LARGEST_FEN:
        raise Refused(N_("Write how much is claimed, for example 12.00."))
    reason = clean(details.reason, LONGEST_REASON)
    if not reason:
        raise Refused(N_("Write what the claim is for."))
    if details.quantity is not None and details.quantity <= 0:
        raise Refused(N_("The quantity must be above 0."))
    if batch_total is not None and (details.quantity or 0) > batch_total:
        raise Refused(N_("That is more than came of this batch."))
    return replace(details, reason=reason)


def body_to_json(body: Body) -> dict[str, Any]:
    """Return ``body`` as it is stored: amounts in fen, days as ISO text."""
    return {
        "shape": SHAPE,
        "lines": [_line_to_json(line) for line in body.lines],
        "claims": [_claim_to_json(claim) for claim in body.claims],
    }


def body_from_json(stored: Mapping[str, Any]) -> Body:
    """Return the body that :func:`body_to_json` stored.

    Raises ``ValueError`` when it is none or when a line does not come to its amount.
    """
    try:
        return Body(
            tuple(_line_from_json(item) for item in stored["lines"]),
            tuple(_claim_from_json(item) for item in stored["claims"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the body of a statement") from error


def ids_in(stored: Mapping[str, Any]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the ids of the batches and of the claims on a stored body."""
    return (
        frozenset(int(item["batch"]) for item in stored.get("lines", ())),
        frozenset(int(item["claim"]) for item in stored.get("claims", ())),
    )


def _line_to_json(line: Line) -> dict[str, Any]:
    amount = line.amount
    assert amount is not None  # check_may_close refused it before
    return {
        "batch": line.batch_id,
        "code": line.code,
        "product": line.product,
        "unit": line.unit.word,
        "grams": line.unit.grams,
        "arrived_on": line.arrived_on.isoformat(),
        "accepted": line.accepted,
        "rejected": line.rejected,
        "price": None if line.price is None else line.price.fen,
        "amount": amount.fen,
        "late": line.late,
    }


def _line_from_json(item: Mapping[str, Any]) -> Line:
    line = Line(
        batch_id=item["batch"],
        code=item["code"],
        product=item["product"],
        unit=Unit(item["unit"], item["grams"]),
        arrived_on=date.fromisoformat(item["arrived_on"]),
        accepted=item["accepted"],
        rejected=item["rejected"],
        price=None if item["price"] is None else Money(item["price"]),
        late=item["late"],
    )
    if line.amount is None or line.amount.fen != item["amount"]:
        raise ValueError(f"the line of batch {line.batch_id} does not come to its amount")
    return line


def _claim_to_json(claim: ClaimLine) -> dict[str, Any]:
    return {
        "claim": claim.claim_id,
        "amount": claim.amount.fen,
        "decided_on": claim.decided_on.isoformat(),
        "reason": claim.reason,
        "code": claim.code,
        "product": claim.product,
        "unit": claim.unit.word if claim.unit else None,
        "grams": claim.unit.grams if claim.unit else None,
        "quantity": claim.quantity,
    }


def _claim_from_json(item: Mapping[str, Any]) -> ClaimLine:
    return ClaimLine(
        claim_id=item["claim"],
        amount=Money(item["amount"]),
        decided_on=date.fromisoformat(item["decided_on"]),
        reason=item["reason"],
        code=item["code"],
        product=item["product"],
        unit=Unit(item["unit"], item["grams"]) if item["unit"] is not None else None,
        quantity=item["quantity"],
    )


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines as they stand on the statement: by day of arrival, then as entered."""
    return tuple(sorted(lines, key=lambda line: (line.arrived_on, line.batch_id)))
