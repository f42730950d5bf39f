"""What stands in the ledger in words, on screen and in files (R31). Pure."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from lib.kernel.words import N_
from lib.service.after_sales.remedies.rules import (
    DISPOSAL_NAMES,
    KIND_NAMES,
    Disposal,
    Kind,
    Option,
    pledge_from,
)
from lib.service.after_sales.rules import (
    CAUSE_NAMES,
    DEFECT_NAMES,
    RESULT_NAMES,
    SOURCE_NAMES,
    STATUS_NAMES,
    Cause,
    CountedIn,
)
from lib.service.ledger.queries import Remedied, Row
from lib.service.ledger.rules import KEPT_NAMES, Kept, Promise
from lib.shop.language import Translate

CASE, DAY, STATE, PRODUCT = N_("Case no."), N_("Told us at"), N_("State"), N_("Product")
RESIDENT, HOME = N_("Resident"), N_("Home")
MONEY_BACK, FREIGHT, AT_COST = N_("Money back (yuan)"), N_("Freight"), N_("Goods at cost")
PHOTOS, AGAIN = N_("Photos"), N_("Opened again")
MONEY = (MONEY_BACK, FREIGHT, AT_COST)
"""Columns that hold fen."""
MOMENTS = (DAY,)
"""Columns that hold moments."""


def as_table(
    rows: Iterable[Row], say: Translate, *, residents: bool, cost: bool
) -> list[dict[str, Any]]:
    """Return the ledger as a table: one dictionary a case, amounts in fen, moments as UTC.

    ``residents``: with names, homes and words of residents, for the desk alone; without them the
    table may leave the house. ``cost``: with what the goods given cost the shop.
    """
    return [_one(row, say, residents=residents, cost=cost) for row in rows]


def _one(row: Row, say: Translate, *, residents: bool, cost: bool) -> dict[str, Any]:
    card = row.card
    found: dict[str, Any] = {say(CASE): card.number, say(DAY): card.reported_at}
    if residents:
        found[say(RESIDENT)] = card.name
    found |= {
        say(PRODUCT): card.product,
        say(N_("What is wrong")): say(DEFECT_NAMES[card.defect]),
        say(N_("Bad")): bad_said(row, say),
        say(STATE): say(STATUS_NAMES[card.status]),
        say(N_("Cause")): cause_said(row.cause, say),
        say(N_("Agreed solution")): accepted_said(row, say),
        say(MONEY_BACK): row.refund.fen,
        say(N_("Goods given")): given_said(row),
    }
    if cost:
        found[say(AT_COST)] = row.goods_cost.fen if row.goods_cost is not None else None
    found |= {
        say(FREIGHT): row.freight.fen,
        say(N_("First reply")): promise_said(row.reply, say),
        say(N_("Solution")): promise_said(row.solution, say),
        say(N_("Owed goods")): promise_said(row.delivery, say) if row.delivery else "",
        say(N_("Resident says")): say(RESULT_NAMES[row.result]) if row.result else "",
        say(AGAIN): row.reopened,
        say(N_("Supplier")): row.supplier,
        say(N_("Batch")): row.batch,
        say(N_("Pledge offered")): offered_said(row, say),
        say(PHOTOS): card.photos,
        say(N_("Told how")): say(SOURCE_NAMES[card.source]),
    }
    return {**found, **_of_residents(row, say)} if residents else found


def _of_residents(row: Row, say: Translate) -> dict[str, Any]:
    """Return what residents and the desk wrote, and where they live: for the desk alone."""
    return {
        say(HOME): row.card.home,
        say(N_("Their words")): row.card.said,
        say(N_("Note on the cause")): row.cause_note,
        say(N_("Feedback")): row.feedback,
        say(N_("Less than the pledge, because")): "、".join(
            each.below_pledge for each in row.remedies if each.below_pledge
        ),
    }


def bad_said(row: Row, say: Translate) -> str:
    """Return n bad of m with what was counted; empty when nothing was."""
    card = row.card
    if card.bad is None or card.of_total is None or card.counted_in is None:
        return ""
    word = card.unit.word if card.unit is not None else say("pcs")
    if card.counted_in is CountedIn.GRAMS:
        word = say("g")
    elif card.counted_in is CountedIn.PIECES:
        word = say("pcs")
    return say(N_("{bad} of {total} {unit}")).format(bad=card.bad, total=card.of_total, unit=word)


def cause_said(cause: Cause | None, say: Translate) -> str:
    """Return a cause in words, empty while none was found."""
    return say(CAUSE_NAMES[cause]) if cause is not None else ""


def offered_said(row: Row, say: Translate) -> str:
    """Return what the pledge promised when the solution was agreed; empty before."""
    return " / ".join(_option(each, row, say) for each in pledge_from(row.offered).options)


def _option(option: Option, row: Row, say: Translate) -> str:
    parts = []
    for one in option.remedies:
        said = say(KIND_NAMES[one.kind])
        if one.amount is not None:
            said += f" {one.amount}"
        elif one.quantity and row.card.unit is not None and one.kind is not Kind.REFUND:
            said += f" {row.card.unit.said(one.quantity)}"
        parts.append(said)
    return " + ".join(parts)


def accepted_said(row: Row, say: Translate) -> str:
    """Return what was done about it."""
    return " + ".join(_remedy(each, row, say) for each in row.remedies)


def _remedy(one: Remedied, row: Row, say: Translate) -> str:
    said = say(KIND_NAMES[Kind(one.kind)])
    if one.amount:
        said += f" {one.amount}"
    elif one.quantity and row.card.unit is not None:
        said += f" {row.card.unit.said(one.quantity)}"
    known = {each.value for each in Disposal} - {Disposal.KEPT.value, ""}
    if one.disposal in known:
        said += f" ({say(DISPOSAL_NAMES[Disposal(one.disposal)])})"
    return said


def given_said(row: Row) -> str:
    """Return the goods that were given for it, products once with their quantity."""
    sums: dict[tuple[str, Any], int] = {}
    for each in row.given:
        key = (each.product, each.unit)
        sums[key] = sums.get(key, 0) + each.quantity
    return "、".join(f"{name} {unit.said(quantity)}" for (name, unit), quantity in sums.items())


def promise_said(promise: Promise, say: Translate) -> str:
    """Return how a promise was kept, and by how much it was late."""
    if promise.kept is Kept.LATE and promise.late >= timedelta(minutes=1):
        return say(N_("{time} late")).format(time=span(promise.late, say))
    return say(KEPT_NAMES[promise.kept])


def span(length: timedelta, say: Callable[[str], str]) -> str:
    """Return a length of time in its two largest units: 2 h 05 min, 3 d 4 h."""
    minutes = int(length.total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return say(N_("{days} d {hours} h")).format(days=days, hours=hours)
    if hours:
        said = say(N_("{hours} h {minutes} min"))
        return said.format(hours=hours, minutes=f"{minutes % 60:02}")
    return say(N_("{minutes} min")).format(minutes=minutes)
