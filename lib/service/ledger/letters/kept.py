"""A letter as the books keep it: JSON with amounts in fen and days as ISO text. Pure.

Every letter read back must come to the sums it was written with, and to its fingerprint, which is
printed on the page.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales.rules import Cause, CountedIn, Defect
from lib.service.ledger.causes.rules import Scored, Trend
from lib.service.ledger.letters.rules import (
    Body,
    Choice,
    Delivered,
    Facts,
    Last,
    Line,
    OfMonth,
    Picture,
    Reckoned,
)
from lib.supply.papers.rules import Bearer
from lib.supply.statements.rules import ClaimStatus

SHAPE = 1
"""Number of the layout of a stored letter; a later layout gets another number."""

ALTERED = N_("This letter was altered after it was written and is not shown.")


def fingerprint(stored: Mapping[str, Any]) -> str:
    """Return the mark printed on a letter: 12 hexadecimal digits of what it says."""
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def facts_mark(facts: Facts) -> str:
    """Return a mark of what the books say: another one, something changed since."""
    return fingerprint(_facts_to_json(facts))


def body_to_json(body: Body) -> dict[str, Any]:
    """Return ``body`` as it is stored."""
    choice = body.choice
    return {
        "shape": SHAPE,
        "facts": _facts_to_json(body.facts),
        "reckoned": body.facts.reckoned.fen,
        "choice": {
            "asks": choice.asks,
            "photos": list(choice.photos),
            "claim": choice.claim.fen,
            "why": choice.why,
            "came": choice.came,
        },
    }


def body_from_json(stored: Mapping[str, Any]) -> Body:
    """Return the body that :func:`body_to_json` stored; raises ``ValueError`` when it is none."""
    try:
        chosen = stored["choice"]
        body = Body(
            _facts_from_json(stored["facts"]),
            Choice(
                chosen["asks"],
                tuple(chosen["photos"]),
                Money(chosen["claim"]),
                chosen["why"],
                chosen["came"],
            ),
        )
        if stored["shape"] != SHAPE or body.facts.reckoned.fen != stored["reckoned"]:
            raise ValueError("the lines of the letter do not come to its sum")
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the body of a letter") from error
    return body


def _facts_to_json(facts: Facts) -> dict[str, Any]:
    return {
        "supplier": facts.supplier,
        "this": _month_to_json(facts.this),
        "before": _month_to_json(facts.before),
        "trend": facts.trend.value,
        "known_since": facts.known_since.isoformat(),
        "bearer": facts.bearer.value if facts.bearer else None,
        "defects": [[defect.value, count] for defect, count in facts.defects],
        "causes": [[cause.value if cause else "", count] for cause, count in facts.causes],
        "delivered": [
            {
                "product": each.product,
                **_unit_to_json(each.unit),
                "accepted": each.accepted,
                "rejected": each.rejected,
                "batches": each.batches,
            }
            for each in facts.delivered
        ],
        "lines": [_line_to_json(line) for line in facts.lines],
        "pictures": [[each.sha256, each.case_id] for each in facts.pictures],
        "last": None if facts.last is None else _last_to_json(facts.last),
    }


def _facts_from_json(item: Mapping[str, Any]) -> Facts:
    return Facts(
        supplier=item["supplier"],
        this=_month_from_json(item["this"]),
        before=_month_from_json(item["before"]),
        trend=Trend(item["trend"]),
        known_since=date.fromisoformat(item["known_since"]),
        bearer=Bearer(item["bearer"]) if item["bearer"] else None,
        defects=tuple((Defect(defect), count) for defect, count in item["defects"]),
        causes=tuple((Cause(cause) if cause else None, count) for cause, count in item["causes"]),
        delivered=tuple(
            Delivered(
                each["product"],
                Unit(each["unit"], each["grams"]),
                each["accepted"],
                each["rejected"],
                each["batches"],
            )
            for each in item["delivered"]
        ),
        lines=tuple(_line_from_json(line) for line in item["lines"]),
        pictures=tuple(Picture(sha256, case_id) for sha256, case_id in item["pictures"]),
        last=None if item["last"] is None else _last_from_json(item["last"]),
    )


def _month_to_json(month: OfMonth) -> dict[str, Any]:
    return {
        "month": month.month.isoformat(),
        "cases": month.cases,
        "sold": month.sold,
        "per_100": month.per_100,
        "scored": month.scored.value,
        "few": month.few,
        "deliveries": month.deliveries,
    }


def _month_from_json(item: Mapping[str, Any]) -> OfMonth:
    return OfMonth(
        date.fromisoformat(item["month"]),
        item["cases"],
        item["sold"],
        item["per_100"],
        Scored(item["scored"]),
        item["few"],
        item["deliveries"],
    )


def _line_to_json(line: Line) -> dict[str, Any]:
    return {
        "case": line.case_id,
        "told_on": line.told_on.isoformat(),
        "product": line.product,
        "defect": line.defect.value,
        "cause": line.cause.value if line.cause else "",
        "bad": line.bad,
        "of_total": line.of_total,
        "counted_in": line.counted_in.value if line.counted_in else None,
        **_unit_to_json(line.unit),
        "quantity": line.quantity,
        "batch": line.batch,
        "arrived_on": line.arrived_on.isoformat() if line.arrived_on else None,
        "price": None if line.price is None else line.price.fen,
        "freight": line.freight.fen,
        "amount": line.amount.fen,
        "reckoned": line.reckoned.value,
    }


def _line_from_json(item: Mapping[str, Any]) -> Line:
    arrived = item["arrived_on"]
    return Line(
        case_id=item["case"],
        told_on=date.fromisoformat(item["told_on"]),
        product=item["product"],
        defect=Defect(item["defect"]),
        cause=Cause(item["cause"]) if item["cause"] else None,
        bad=item["bad"],
        of_total=item["of_total"],
        counted_in=CountedIn(item["counted_in"]) if item["counted_in"] else None,
        unit=Unit(item["unit"], item["grams"]) if item["unit"] is not None else None,
        quantity=item["quantity"],
        batch=item["batch"],
        arrived_on=date.fromisoformat(arrived) if arrived else None,
        price=None if item["price"] is None else Money(item["price"]),
        freight=Money(item["freight"]),
        amount=Money(item["amount"]),
        reckoned=Reckoned(item["reckoned"]),
    )


def _last_to_json(last: Last) -> dict[str, Any]:
    return {
        "month": last.month.isoformat(),
        "asks": last.asks,
        "claims": [[amount.fen, answer.value] for amount, answer in last.claims],
    }


def _last_from_json(item: Mapping[str, Any]) -> Last:
    return Last(
        date.fromisoformat(item["month"]),
        item["asks"],
        tuple((Money(fen), ClaimStatus(answer)) for fen, answer in item["claims"]),
    )


def _unit_to_json(unit: Unit | None) -> dict[str, Any]:
    return {"unit": unit.word if unit else None, "grams": unit.grams if unit else None}
