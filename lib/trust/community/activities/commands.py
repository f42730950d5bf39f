"""Writes of activities (R12). Owner and staff may; the name of a child stands nowhere."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.shop import Shop, Tx
from lib.trust.community.activities.rules import (
    LONGEST_NOTE,
    TEMPLATES,
    Details,
    Kind,
    Status,
    checked_cost,
    checked_heads,
    checked_tasks,
)

MOST_GUESTS = 500
MOST_GOODS = 50

_activity, _task = schema.activity, schema.activity_task
_guest, _goods = schema.activity_guest, schema.activity_product


def add_activity(shop: Shop, details: Details, product_ids: Sequence[int] = ()) -> int:
    """Plan an activity with the checklist of its kind and return its id.

    ``product_ids`` are the goods shown. Raises ``Refused`` for what cannot be, ``NotFound`` for an
    unknown product.
    """
    with shop.write("activity.add") as tx:
        new = details.checked(tx.today)
        values = {"status": Status.PLANNED.value, "created_at": tx.now, "created_by": tx.actor.id}
        tx.result = tx.add(_activity, **_columns(new), **values)
        say = translator(tx.settings.language)
        _put_tasks(tx, tx.result, [say(task) for task in TEMPLATES[new.kind]])
        _put_goods(tx, tx.result, product_ids)
        tx.note(f"activity:{tx.result}", after=_noted(new))
    return int(tx.result)


def change_activity(
    shop: Shop,
    activity_id: int,
    version: int,
    details: Details,
    product_ids: Sequence[int] | None = None,
) -> None:
    """Change an activity; ``product_ids`` None leaves the goods shown as they are.

    Raises ``Refused`` for what cannot be, ``NotFound``, and ``Conflict`` when somebody else changed
    it since ``version`` was seen.
    """
    with shop.write("activity.change") as tx:
        row, new = tx.row(_activity, activity_id), details.checked(tx.today)
        if row.status == Status.HELD and new.day > tx.today:
            raise Refused(N_("It was held: its day cannot be still to come."))
        tx.change(_activity, activity_id, version, **_columns(new))
        if product_ids is not None:
            tx.execute(delete(_goods).where(_goods.c.activity_id == activity_id))
            _put_goods(tx, activity_id, product_ids)
        tx.note(f"activity:{activity_id}", before=_noted(_details(row)), after=_noted(new))


def set_tasks(shop: Shop, activity_id: int, version: int, texts: Iterable[str]) -> None:
    """Give an activity the checklist ``texts``, one line each; a line that stays keeps its tick.

    Raises ``Refused`` for too many lines, ``Conflict`` when somebody else changed the activity.
    """
    with shop.write("activity.tasks") as tx:
        tx.row(_activity, activity_id)
        tx.change(_activity, activity_id, version)
        wanted = checked_tasks(texts)
        query = select(_task).where(_task.c.activity_id == activity_id).order_by(_task.c.position)
        there = {row.text: row for row in tx.execute(query)}
        gone = [row.id for text, row in there.items() if text not in wanted]
        tx.execute(delete(_task).where(_task.c.id.in_(gone)))
        for position, text in enumerate(wanted):
            if text in there:
                kept = update(_task).where(_task.c.id == there[text].id)
                tx.execute(kept.values(position=position))
            else:
                tx.add(_task, activity_id=activity_id, position=position, text=text)
        tx.note(
            f"activity:{activity_id}", before={"tasks": len(there)}, after={"tasks": len(wanted)}
        )


def tick_task(shop: Shop, task_id: int, version: int, *, done: bool) -> None:
    """Tick a line of a checklist with who and when, or take the tick back.

    Raises ``NotFound`` for a line that is gone, ``Conflict`` when somebody else ticked it first.
    """
    with shop.write("activity.tick") as tx:
        row = tx.row(_task, task_id)
        who = (tx.now, tx.actor.id) if done else (None, None)
        tx.change(_task, task_id, version, done_at=who[0], done_by=who[1])
        was = row.done_at is not None
        tx.note(
            f"activity:{row.activity_id}",
            before={"task": row.text, "done": was},
            after={"task": row.text, "done": done},
        )


def hold_activity(
    shop: Shop, activity_id: int, version: int, heads: int | None, cost: Money | None
) -> None:
    """Say that an activity was held: how many came and what it cost in all, None when not known.

    Said again it corrects both. Raises ``Refused`` before its day, for a cancelled one and for what
    cannot be; ``Conflict`` when somebody else changed it.
    """
    with shop.write("activity.hold") as tx:
        row = tx.row(_activity, activity_id)
        if row.status == Status.CANCELLED:
            raise Refused(N_("It was cancelled. Plan it again first."))
        if row.day > tx.today:
            raise Refused(N_("Its day is still to come."))
        price = checked_cost(cost)
        values = {"heads": checked_heads(heads), "cost_fen": None if price is None else price.fen}
        tx.change(_activity, activity_id, version, status=Status.HELD.value, **values)
        before = {"status": row.status, "heads": row.heads, "cost_fen": row.cost_fen}
        tx.note(
            f"activity:{activity_id}",
            before=before,
            after={"status": Status.HELD.value, **values},
        )


def cancel_activity(shop: Shop, activity_id: int, version: int, reason: str) -> None:
    """Cancel an activity; raises ``Refused`` without a reason and for one that was held."""
    with shop.write("activity.cancel") as tx:
        row = tx.row(_activity, activity_id)
        said = clean(reason, LONGEST_NOTE)
        if not said:
            raise Refused(N_("Say why it is cancelled."))
        if row.status == Status.HELD:
            raise Refused(N_("It was held already."))
        values = {"status": Status.CANCELLED.value, "cancel_reason": said}
        tx.change(_activity, activity_id, version, **values)
        tx.note(f"activity:{activity_id}", before={"status": row.status}, after=values)


def plan_again(shop: Shop, activity_id: int, version: int) -> None:
    """Let an activity that was cancelled or said to be held be planned again."""
    with shop.write("activity.plan_again") as tx:
        row = tx.row(_activity, activity_id)
        values = {"status": Status.PLANNED.value, "cancel_reason": ""}
        tx.change(_activity, activity_id, version, **values)
        before = {"status": row.status, "cancel_reason": row.cancel_reason}
        tx.note(f"activity:{activity_id}", before=before, after=values)


def add_guests(shop: Shop, activity_id: int, member_ids: Sequence[int]) -> int:
    """Note that members came and return how many were new on the list.

    Raises ``Refused`` for none or too many, ``NotFound`` for an unknown activity or member.
    """
    with shop.write("activity.guests") as tx:
        tx.row(_activity, activity_id)
        members, wanted = schema.member, sorted(set(member_ids))
        if not wanted:
            raise Refused(N_("Choose who came."))
        known = tx.execute(select(members.c.id).where(members.c.id.in_(wanted))).scalars().all()
        if len(known) != len(wanted):
            raise NotFound(N_("This member does not exist."))
        mine = select(_guest.c.member_id).where(_guest.c.activity_id == activity_id)
        there = set(tx.execute(mine).scalars())
        new = [member_id for member_id in wanted if member_id not in there]
        if len(there) + len(new) > MOST_GUESTS:
            raise Refused(N_("At most {most} guests."), most=MOST_GUESTS)
        rows = [{"activity_id": activity_id, "member_id": each, "at": tx.now} for each in new]
        if rows:
            tx.execute(insert(_guest), rows)
        tx.result = len(new)
        tx.note(f"activity:{activity_id}", after={"guests": len(there) + len(new)})
    return int(tx.result)


def remove_guest(shop: Shop, activity_id: int, member_id: int) -> None:
    """Take a member off the list of those who came; also one merged into that member.

    Raises ``NotFound`` for somebody who is not on it.
    """
    with shop.write("activity.guests") as tx:
        members = schema.member
        family = select(members.c.id).where(
            (members.c.id == member_id) | (members.c.merged_into == member_id)
        )
        gone = tx.execute(
            delete(_guest).where(
                _guest.c.activity_id == activity_id, _guest.c.member_id.in_(family)
            )
        )
        if not gone.rowcount:
            raise NotFound(N_("This guest is not on the list."))
        left = select(func.count()).where(_guest.c.activity_id == activity_id)
        tx.note(f"activity:{activity_id}", after={"guests": tx.execute(left).scalar_one()})


def _put_tasks(tx: Tx, activity_id: int, texts: Sequence[str]) -> None:
    rows = [
        {"activity_id": activity_id, "position": position, "text": text}
        for position, text in enumerate(texts)
    ]
    if rows:
        tx.execute(insert(_task), rows)


def _put_goods(tx: Tx, activity_id: int, product_ids: Sequence[int]) -> None:
    wanted, products = sorted(set(product_ids)), schema.product
    if not wanted:
        return
    if len(wanted) > MOST_GOODS:
        raise Refused(N_("At most {most} goods are shown."), most=MOST_GOODS)
    known = tx.execute(select(products.c.id).where(products.c.id.in_(wanted))).scalars().all()
    if len(known) != len(wanted):
        raise NotFound(N_("This product does not exist."))
    rows = [{"activity_id": activity_id, "product_id": each} for each in wanted]
    tx.execute(insert(_goods), rows)


def _details(row: Row[Any]) -> Details:
    return Details(
        Kind(row.kind), row.title, row.day, row.starts, row.place, row.materials, row.note,
        None if row.cost_fen is None else Money(row.cost_fen), row.expected_heads,
    )  # fmt: skip


def _columns(details: Details) -> dict[str, Any]:
    return {
        "kind": details.kind.value,
        "title": details.title,
        "day": details.day,
        "starts": details.starts,
        "place": details.place,
        "materials": details.materials,
        "note": details.note,
        "cost_fen": None if details.cost is None else details.cost.fen,
        "expected_heads": details.expected_heads,
    }


def _noted(details: Details) -> dict[str, Any]:
    return {name: value for name, value in _columns(details).items() if value not in (None, "")}
