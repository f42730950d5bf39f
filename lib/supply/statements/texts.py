"""What a supplier is sent for a week (R2; E17). Pure; in the shop's language.

Only goods, quantities and money: the reason of a claim is left out, because it may name a resident.
"""

from collections.abc import Callable
from datetime import date

from lib.kernel.money import Money
from lib.supply.statements.rules import Body, ClaimLine, Line, week_of

Translate = Callable[[str], str]


def supplier_text(
    shop_name: str, supplier_name: str, week: date, body: Body, translate: Translate
) -> str:
    """Return the statement of ``week`` as a message: lines, claims, and what is payable."""
    _ = translate
    first, last = week_of(week)
    title = _("【Statement】{supplier}, {first} to {last}")
    rows = [title.format(supplier=supplier_name, first=_day(first), last=_day(last))]
    rows += [_line_text(line, _) for line in body.lines]
    if not body.lines:
        rows.append(_("No deliveries this week."))
    rows += [_claim_text(claim, _) for claim in body.claims]
    rows.append(_sum_text(body, _))
    if shop_name:
        rows.append(_("Please check. {shop}").format(shop=shop_name))
    return "\n".join(rows)


def _line_text(line: Line, translate: Translate) -> str:
    _ = translate
    said = [f"{_day(line.arrived_on)} {line.product} {line.unit.said(line.accepted)}"]
    if line.amount is None or line.price is None:
        said.append(_("price not known"))
    else:
        said.append(f"× {line.price} = {line.amount}")
    if line.rejected:
        said.append(_("(rejected {quantity})").format(quantity=line.unit.said(line.rejected)))
    if line.late:
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
