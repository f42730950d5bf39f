"""Writes of solutions: money back, goods promised, goods taken back; and taking one back.

A solution is one transaction: the refund is a row of money, what is owed a row of its ledger, what
came back a movement of stock, and the case is solved with them or not at all (R27, E10).
"""

from typing import Any

from sqlalchemy import Row, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.service.after_sales.remedies import rules
from lib.service.after_sales.remedies.goods.commands import take_in, take_out
from lib.service.after_sales.remedies.queries import facts_in, standing
from lib.service.after_sales.remedies.rules import (
    COMES_BACK,
    GOODS,
    MONEY,
    Disposal,
    Facts,
    Remedy,
    Solution,
)
from lib.service.after_sales.rules import (
    LONGEST_REASON,
    LONGEST_TEXT,
    OPEN,
    Cause,
    EntryKind,
    Status,
    needs,
    number,
)
from lib.service.after_sales.turns.commands import (
    add_entry,
    case_row,
    mark_solved,
    subject_of,
    take_back_solution,
)
from lib.service.owed import commands as owed
from lib.service.owed.commands import Promise
from lib.shop.shop import Shop, Tx
from lib.trade.payments.commands import (
    refund_in,
    refund_without_order,
    reverse_in,
    take_off,
)
from lib.trade.payments.queries import money_in
from lib.trade.payments.rules import still_charged

_case, _remedy = schema.after_sales_case, schema.case_remedy
_owed, _product = schema.owed_goods, schema.product


def solve(shop: Shop, case_id: int, version: int, solution: Solution) -> None:
    """Agree a solution and do it: the case is solved (R27, R29).

    Money that was not paid yet is taken off the price, the rest goes back by ``method``. Raises
    ``Refused`` for less than the pledge without the resident's wish, for more money than the line
    costs, for a case that is not open or nobody's; ``Conflict`` when somebody was faster.
    """
    with shop.write("case.solve") as tx:
        row = case_row(tx, case_id, version)
        needs(Status(row.status), OPEN)
        facts = facts_in(tx.connection, row)
        found = rules.checked(solution, facts)
        pledge = rules.pledge_for(facts, tx.settings)
        below = clean(solution.below_pledge, LONGEST_REASON)
        rules.check_at_least(pledge, [*standing(tx.connection, case_id), *found], below)
        bears = next((one for one in found if one.kind in COMES_BACK), found[0])
        for one in found:
            freight = solution.freight if one is bears else Money(0)
            _do(tx, row, facts, one, solution, below, freight)
        mark_solved(tx, row, pledge.to_json())
        _say_cause(tx, case_id, solution)
        said = clean(solution.text, LONGEST_TEXT, lines=True)
        details = {"remedies": [_plain(one) for one in found], "below_pledge": below}
        add_entry(tx, case_id, EntryKind.SOLVED, said, for_resident=True, details=details)
        tx.note(subject_of(case_id), after={"case_status": Status.SOLVED.value, **details})


def undo_remedy(shop: Shop, remedy_id: int) -> None:
    """Take one thing back that was done by mistake.

    A refund is undone by a row, a promise is no longer owed, goods that came back leave again. A
    solved case is open again: the solution clock of its turn runs on as if it had never been met,
    and breaks its promise if it ran out meanwhile. Raises ``Refused`` when it was taken back
    before, when owed goods were given already, and for a case that is closed.
    """
    with shop.write("case.undo_remedy") as tx:
        found = tx.row(_remedy, remedy_id)
        if found.undone_at is not None:
            raise Refused(N_("This was already taken back."))
        row = case_row(tx, _kept(tx, found.case_id))
        if row.status in (Status.CLOSED, Status.WITHDRAWN):
            raise Refused(N_("This case is closed. Open it again first."))
        _undo(tx, found)
        undone = {"undone_at": tx.now, "undone_by": tx.actor.id}
        tx.execute(update(_remedy).where(_remedy.c.id == remedy_id).values(**undone))
        if row.status == Status.SOLVED:
            take_back_solution(tx, row)
        else:
            tx.change(_case, row.id, row.version)
        details = {"remedies": [_stored(found)]}
        add_entry(tx, row.id, EntryKind.REMEDY_UNDONE, details=details)
        tx.note(subject_of(row.id), before=details, after={"remedies": []})


def _do(
    tx: Tx,
    row: Row[Any],
    facts: Facts,
    one: Remedy,
    solution: Solution,
    below: str,
    freight: Money,
) -> None:
    values: dict[str, Any] = {"amount_fen": 0, "taken_off_fen": 0}
    if one.kind in MONEY and one.amount is not None:
        off, payment_id = _give_money(tx, row, one.amount, solution.method)
        values = {"amount_fen": one.amount.fen, "taken_off_fen": off.fen, "payment_id": payment_id}
    if one.kind in GOODS and one.quantity is not None:
        values["owed_id"] = _promise(tx, row, facts, one.quantity, solution)
    came_back = one.kind in COMES_BACK and solution.disposal is not Disposal.KEPT
    remedy_id = tx.add(
        _remedy,
        case_id=row.id,
        turn=row.turn,
        kind=one.kind.value,
        quantity=one.quantity,
        freight_fen=freight.fen,
        below_pledge=below,
        disposal=solution.disposal.value if came_back else "",
        at=tx.now,
        person_id=tx.actor.id,
        **values,
    )
    if came_back:
        take_in(tx, row, one.quantity or 0, solution.disposal, remedy_id)


def _give_money(tx: Tx, row: Row[Any], amount: Money, method: str) -> tuple[Money, int | None]:
    """Return what was taken off a price not paid yet, and the row of money for the rest."""
    reason = number(row.id)
    if row.member_id is None:
        raise Refused(N_("Say first whose case it is."))
    if row.line_id is None:
        paid = refund_without_order(tx, row.member_id, amount, reason, method, row.id)
        return Money(0), paid
    order = money_in(tx.connection, [row.order_id])[row.order_id]
    left = still_charged(order, row.line_id)
    if amount > left:
        raise Refused(
            N_("Only ¥{left} is still charged for these goods; more cannot go back."), left=left
        )
    off = min(amount, order.due)
    if off:
        take_off(tx, row.line_id, off)
    rest = amount - off
    if not rest:
        return off, None
    return off, refund_in(tx, row.order_id, row.line_id, rest, reason, method, row.id)


def _promise(tx: Tx, row: Row[Any], facts: Facts, quantity: int, solution: Solution) -> int:
    if row.member_id is None:
        raise Refused(N_("Say first whose case it is."))
    if row.product_id is None or facts.unit is None:
        raise Refused(N_("Say first which goods it is about."))
    return owed.promise(
        tx,
        Promise(
            member_id=row.member_id,
            product_id=row.product_id,
            product_name=row.product_name or _name_of(tx, row.product_id),
            unit=facts.unit,
            quantity=quantity,
            case_id=row.id,
            line_id=row.line_id,
            planned_on=solution.planned_on,
        ),
    )


def _undo(tx: Tx, found: Row[Any]) -> None:
    line_id = tx.row(_case, found.case_id).line_id
    if found.payment_id is not None:
        reverse_in(tx, found.payment_id, number(found.case_id))
    if found.taken_off_fen:
        take_off(tx, line_id, Money(-found.taken_off_fen))
    if found.owed_id is not None:
        _owe_no_more(tx, found)
    take_out(tx, found.id)


def _owe_no_more(tx: Tx, found: Row[Any]) -> None:
    row = tx.row(_owed, found.owed_id)
    given = schema.owed_handover
    later = given.alias("taking_back")
    stands = select(given.c.id).where(
        given.c.owed_id == row.id,
        given.c.quantity > 0,
        ~select(later.c.id).where(later.c.reverses_id == given.c.id).exists(),
    )
    if tx.execute(stands.limit(1)).first() is not None:
        raise Refused(N_("Goods of it were given already. Take them back at the desk first."))
    if row.cancelled_at is None:
        owed.cancel(tx, row.id, number(found.case_id))


def _say_cause(tx: Tx, case_id: int, solution: Solution) -> None:
    if solution.cause is None:
        return
    cause, note = Cause(solution.cause), clean(solution.cause_note, LONGEST_REASON)
    values = {"cause": cause.value, "cause_note": note}
    tx.execute(update(_case).where(_case.c.id == case_id).values(**values))
    add_entry(tx, case_id, EntryKind.CAUSE, note, details={"cause": cause.value})


def _kept(tx: Tx, case_id: int) -> int:
    """Return the case that ``case_id`` became, or itself."""
    found = case_id
    for _ in range(50):
        row = tx.execute(select(_case.c.merged_into).where(_case.c.id == found)).first()
        if row is None:
            raise NotFound(N_("This case does not exist."))
        if row.merged_into is None:
            return found
        found = row.merged_into
    return found


def _name_of(tx: Tx, product_id: int) -> str:
    query = select(_product.c.name).where(_product.c.id == product_id)
    return str(tx.execute(query).scalar_one())


def _plain(one: Remedy) -> dict[str, Any]:
    amount = None if one.amount is None else one.amount.fen
    return {"kind": one.kind.value, "quantity": one.quantity, "amount_fen": amount}


def _stored(row: Row[Any]) -> dict[str, Any]:
    return {"kind": row.kind, "quantity": row.quantity, "amount_fen": row.amount_fen}
