"""Writes of gifts: planned, changed, given once, taken back, given up (R34).

Goods leave the stock of their batches as *given without payment* and name the gift: the books keep
what they cost apart, a recall finds who has them.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.errors import Conflict, Refused
from lib.kernel.festivals import Festival
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.birthdays.queries import Upcoming, upcoming
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import Purpose
from lib.members.gifts import rules
from lib.members.gifts.choosing.queries import cost_of_parts, costed
from lib.members.gifts.rules import BIRTHDAY, Present
from lib.members.profiles.present.queries import present_file
from lib.members.profiles.queries import family_ids
from lib.shop.shop import Shop, Tx
from lib.supply.stock.commands import put_back_gift, take_out
from lib.supply.stock.rules import Kind, Part

_gift, _member = schema.gift, schema.member


@dataclass(frozen=True)
class Why:
    """What a gift was chosen by, a ``note`` for the shop, and whether it may cost more."""

    reason: str = ""
    note: str = ""
    over_budget: bool = False


NO_WHY = Why()


def plan_gift(shop: Shop, member_id: int, day: date, present: Present, why: Why = NO_WHY) -> int:
    """Plan the gift for a member's birthday on ``day`` and return its id (R34).

    The reason is kept only while the member agrees that likings are noted. Raises ``Refused`` when
    no birthday is known for that day or the present costs too much, and ``Conflict`` when one was
    planned or given already, naming by whom.
    """
    with shop.write("gift.plan") as tx:
        root = present_file(tx, member_id)
        born = _birthday_on(tx, root.id, day)
        refuse_second(tx, BIRTHDAY, born.year, family_ids(tx.connection, root.id))
        kept = settled(tx, present, tx.settings.birthday_gift_budget, why)
        gift_id = tx.add(
            _gift,
            member_id=root.id,
            occasion=BIRTHDAY,
            year=born.year,
            key=rules.birthday_key(root.id, born.year),
            day=born.day,
            **columns(kept),
            reason=_reason(tx, root.id, why.reason),
            note=rules.checked_note(why.note),
            planned_at=tx.now,
            planned_by=tx.actor.id,
        )
        tx.note(subject_of(gift_id), after=said_in_journal(kept) | {"member_id": root.id})
        tx.result = gift_id
    return gift_id


def change_gift(
    shop: Shop, gift_id: int, version: int, present: Present, why: Why = NO_WHY
) -> None:
    """Give something else, or note something else. Raises what :func:`plan_gift` raises."""
    with shop.write("gift.change") as tx:
        row = _open(tx, gift_id)
        kept = settled(tx, present, _budget(tx, row.occasion), why)
        tx.change(
            _gift,
            gift_id,
            version,
            **columns(kept),
            reason=_reason(tx, present_file(tx, row.member_id).id, why.reason),
            note=rules.checked_note(why.note),
        )
        tx.note(subject_of(gift_id), before=_said_row(tx, row), after=said_in_journal(kept))


def give_gift(shop: Shop, gift_id: int, version: int) -> None:
    """Give a planned gift: goods leave the stock, what it cost is fixed (R34).

    Raises ``Conflict`` when it was given already, also to a file of the same person, naming by
    whom and when; ``Refused`` for a gift that was given up and for goods that may not go out.
    """
    with shop.write("gift.give") as tx:
        row = _open(tx, gift_id)
        family = family_ids(tx.connection, present_file(tx, row.member_id).id)
        refuse_second(tx, row.occasion, row.year, family, but=gift_id)
        hand_over(tx, row, version)


def undo_gift(shop: Shop, gift_id: int, version: int) -> None:
    """Take back that a gift was given; goods come back to their batches (E11).

    It is planned again, except a festival gift, which is given from the list of households, and
    one whose birthday is not known any more: they are given up. Raises ``Refused``, ``Conflict``.
    """
    with shop.write("gift.undo") as tx:
        row = tx.row(_gift, gift_id)
        if row.given_at is None:
            raise Refused(N_("This gift was already taken back."))
        root = present_file(tx, row.member_id)
        known = row.occasion == BIRTHDAY and bool(
            agreeing(tx.connection, Purpose.BIRTHDAY, [root.id])
        )
        gone = None if known else tx.now
        tx.change(_gift, gift_id, version, given_at=None, given_by=None, cancelled_at=gone)
        put_back_gift(tx, gift_id)
        tx.note(subject_of(gift_id), before={"gift_given": True}, after={"gift_given": False})


def cancel_gift(shop: Shop, gift_id: int, version: int) -> None:
    """Give a planned gift up; another may be planned. Raises ``Refused``, ``Conflict``."""
    with shop.write("gift.cancel") as tx:
        row = _open(tx, gift_id)
        tx.change(_gift, gift_id, version, cancelled_at=tx.now)
        tx.note(subject_of(gift_id), before=_said_row(tx, row), after={"cancelled": True})


def note_wish(shop: Shop, gift_id: int, version: int, *, sent: bool = True) -> None:
    """Tick that good wishes were sent, or take the tick away. Raises ``Refused``, ``Conflict``."""
    with shop.write("gift.wish") as tx:
        row = tx.row(_gift, gift_id)
        if row.cancelled_at is not None:
            raise Refused(N_("This gift was given up."))
        tx.change(_gift, gift_id, version, wished_at=tx.now if sent else None)
        before = {"wished": row.wished_at is not None}
        tx.note(subject_of(gift_id), before=before, after={"wished": sent})


def hand_over(tx: Tx, row: Row[Any], version: int) -> None:
    """Step: the gift ``row`` is given now; goods leave the stock and say what they cost."""
    cost = row.cost_fen
    if row.product_id is not None:
        taken = take_out(tx, row.product_id, row.quantity, Kind.REDEEMED, gift_id=row.id)
        # Of goods whose stock is not kept nothing moves: they stand at the usual price.
        parts = taken or (Part(None, row.quantity),)
        found = cost_of_parts(tx.connection, row.product_id, parts).cost
        cost = found.fen if found is not None else 0
    tx.change(_gift, row.id, version, given_at=tx.now, given_by=tx.actor.id, cost_fen=cost)
    after = _said_row(tx, row) | {"gift_given": True, "gift_cost": cost}
    tx.note(subject_of(row.id), before={"gift_given": False}, after=after)


def refuse_second(
    tx: Tx,
    occasion: str,
    year: int,
    family: list[int],
    *,
    but: int | None = None,
    key: str | None = None,
) -> None:
    """Raise ``Conflict`` when somebody of ``family``, or ``key``, has the gift of that year.

    A gift of the family that is only planned does not keep another (``but``) from being given.
    """
    mine = _gift.c.member_id.in_(family)
    query = (
        select(_gift, schema.person.c.name.label("giver"))
        .outerjoin(schema.person, schema.person.c.id == _gift.c.given_by)
        .where(
            _gift.c.occasion == occasion,
            _gift.c.year == year,
            _gift.c.cancelled_at.is_(None),
            mine if key is None else mine | (_gift.c.key == key),
        )
        .order_by(_gift.c.given_at.is_(None), _gift.c.id)
    )
    for row in tx.execute(query):
        if row.given_at is not None and row.id != but:
            raise given_already(tx, row.giver, row.given_at)
        if but is None:
            raise Conflict(N_("A gift for this is planned already. Look at it, then change it."))


def given_already(tx: Tx, giver: str | None, given_at: Any) -> Conflict:
    """Return the conflict that says who gave this gift and when."""
    when = local(given_at, tx.settings.time_zone)
    return Conflict(
        N_("{name} gave this already, on {day} at {time}. It is given once."),
        name=giver or "",
        day=f"{when:%Y-%m-%d}",
        time=f"{when:%H:%M}",
    )


def settled(tx: Tx, present: Present, budget: Money, why: Why) -> Present:
    """Return ``present`` checked, with the name and cost of its product; see the budget."""
    kept = rules.checked_present(present)
    if kept.product_id is not None and kept.quantity is not None:
        goods = costed(tx.connection, tx.today, kept.product_id, kept.quantity)
        kept = replace(kept, unit=goods.unit, cost=goods.cost)
        rules.check_budget(kept.cost, budget, accepted=why.over_budget)
        return replace(kept, what=goods.name)
    rules.check_budget(kept.cost, budget, accepted=why.over_budget)
    return kept


def columns(present: Present) -> dict[str, Any]:
    """Return the columns of ``gift`` and ``festival_plan`` that say what is given."""
    return {
        "product_id": present.product_id,
        "what": "" if present.product_id is not None else present.what,
        "quantity": present.quantity,
        "cost_fen": present.cost.fen if present.cost else 0,
    }


def said_in_journal(present: Present) -> dict[str, Any]:
    """Return a present as the journal tells it: what, in words."""
    return {"what": present.said}


def subject_of(gift_id: int) -> str:
    """Return how the journal names a gift."""
    return f"{_gift.name}:{gift_id}"


def _open(tx: Tx, gift_id: int) -> Row[Any]:
    row = tx.row(_gift, gift_id)
    if row.given_at is not None:
        people = schema.person
        giver = tx.execute(select(people.c.name).where(people.c.id == row.given_by)).scalar()
        raise given_already(tx, giver, row.given_at)
    if row.cancelled_at is not None:
        raise Refused(N_("This gift was given up."))
    return row


def _birthday_on(tx: Tx, member_id: int, day: date) -> Upcoming:
    for one in upcoming(tx.connection, day, day, tx.settings):
        if one.member_id == member_id:
            return one
    raise Refused(N_("No birthday of this member is known for that day."))


def _budget(tx: Tx, occasion: str) -> Money:
    if occasion in set(Festival):
        return tx.settings.festival_gift_budget
    return tx.settings.birthday_gift_budget


def _reason(tx: Tx, member_id: int, reason: str) -> str:
    """Return why the gift was chosen, if the member agrees that likings are noted."""
    if not reason or not agreeing(tx.connection, Purpose.PREFERENCES, [member_id]):
        return ""
    return clean(reason, rules.LONGEST_REASON)


def _said_row(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    if row.product_id is None:
        return {"what": row.what}
    goods = tx.row(schema.product, row.product_id)
    present = Present(row.product_id, row.quantity, goods.name)
    return said_in_journal(replace(present, unit=Unit(goods.sale_unit, goods.unit_grams)))
