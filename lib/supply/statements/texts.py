"""What a supplier is sent for a week (R2; E17). Pure; in the shop's language.

Only goods, quantities and money: the reason of a claim is left out, because it may name a resident.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.messages.filling import filled
from lib.shop.messages.supply_events import STATEMENT
from lib.supply.statements.rules import Body, ClaimLine, Line, week_of

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """What came of one product on one day at one price, in base units; ``amount`` adds up lines.

    ``price`` and ``amount`` are None while the price is not known.
    """

    day: date
    product: str
    unit: Unit
    price: Money | None
    late: bool
    accepted: int
    rejected: int
    amount: Money | None


def merged(lines: Sequence[Line]) -> tuple[Row, ...]:
    """Return lines of the same day, product and price as one row each, in their order.

    Amounts are those of the lines added up, so the rows come to what the statement says.
    """
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        key = (line.arrived_on, line.product, line.unit, line.price, line.late)
        groups.setdefault(key, []).append(line)
    return tuple(_row(found) for found in groups.values())


def _row(lines: Sequence[Line]) -> Row:
    first = lines[0]
    amounts = [line.amount for line in lines if line.amount is not None]
    return Row(
        first.arrived_on,
        first.product,
        first.unit,
        first.price,
        first.late,
        sum(line.accepted for line in lines),
        sum(line.rejected for line in lines),
        total(amounts) if len(amounts) == len(lines) else None,
    )


def supplier_text(
    shop_name: str, supplier_name: str, week: date, body: Body, translate: Translate
) -> str:
    """Return the statement of ``week`` as a message: lines, claims, and what is payable."""
    _ = translate
    first, last = week_of(week)
    rows = [_row_text(row, _) for row in merged(body.lines)]
    values: dict[str, object] = {
        "supplier": supplier_name,
        "first": _day(first),
        "last": _day(last),
        "goods": "\n".join(rows) or _("No deliveries this week."),
        "claims": "\n".join(_claim_text(claim, _) for claim in body.claims),
        "sum": _sum_text(body, _),
        "shop": shop_name,
    }
    return filled(_(STATEMENT.wording), values)


def _row_text(row: Row, translate: Translate) -> str:
    _ = translate
    said = [f"{_day(row.day)} {row.product} {row.unit.said(row.accepted)}"]
    if row.amount is None or row.price is None:
        said.append(_("price not known"))
    else:
        said.append(f"× {row.price} = {row.amount}")
    if row.rejected:
        said.append(_("(rejected {quantity})").format(quantity=row.unit.said(row.rejected)))
    if row.late:
        said.append(_("(entered later)"))
    return " ".join(said)


def _claim_text(claim: ClaimLine, translate: Translate) -> str:
    _ = translate
    goods = claim.product
    if claim.unit is not None and claim.quantity:
        goods = f"{goods} {claim.unit.said(claim.quantity)}"
    label = _("Claim of {day}").format(day=_day(claim.decided_on))
    return " ".join(part for part in (label, goods, f"−{claim.amount}") if part)


def _sum_text(body: Body, translate: Translate) -> str:
    _ = translate
    payable = body.payable
    if payable.fen < 0:
        owed = _("Goods {received} − claims {claims}: you owe us {amount} yuan")
        return owed.format(received=body.received, claims=body.claimed, amount=Money(-payable.fen))
    if body.claims:
        said = _("Goods {received} − claims {claims} = payable {amount} yuan")
        return said.format(received=body.received, claims=body.claimed, amount=payable)
    return _("Payable {amount} yuan").format(amount=payable)


def _day(day: date) -> str:
    return f"{day.month}-{day.day}"
