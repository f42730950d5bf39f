"""Writes of festivals: planned for all households, left out, given door by door (R35)."""

from typing import Any

from sqlalchemy import Row, and_, or_, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.festivals import Festival, festival_day
from lib.kernel.words import N_
from lib.members.gifts.commands import (
    Why,
    columns,
    hand_over,
    refuse_second,
    said_in_journal,
    settled,
)
from lib.members.gifts.festivals import rules
from lib.members.gifts.festivals.queries import tagged_for_children
from lib.members.gifts.rules import Present, checked_note, festival_key
from lib.members.profiles.present.queries import present_file
from lib.members.profiles.queries import family_ids
from lib.members.profiles.rules import Home
from lib.shop.shop import Shop, Tx

_plan, _gift, _member = schema.festival_plan, schema.gift, schema.member

FIRST_VERSION = 1


def plan_festival(
    shop: Shop,
    festival: Festival,
    year: int,
    present: Present,
    why: Why,
    version: int | None = None,
) -> int:
    """Say what every household gets for a festival of ``year`` and return the plan's id (R35).

    ``year`` is the lunar one of lunar festivals; ``version`` that of the plan seen, None for none.
    What was given already stays. Raises ``Refused`` when one costs more than it may, ``Conflict``
    when somebody else planned it meanwhile.
    """
    with shop.write("festival.plan") as tx:
        _known(festival, year)
        kept = settled(tx, present, tx.settings.festival_gift_budget, why)
        values = {**columns(kept), "skipped": False, "note": checked_note(why.note)}
        plan_id = _put(tx, festival, year, version, values)
        after = said_in_journal(kept) | {"festival": festival.value, "year": year}
        tx.note(f"{_plan.name}:{plan_id}", after=after)
        tx.result = plan_id
    return plan_id


def skip_festival(
    shop: Shop, festival: Festival, year: int, version: int | None = None, *, skip: bool = True
) -> int:
    """Leave a festival of ``year`` out, or take that back; returns the plan's id.

    A plan there was stays as it is. Raises ``Conflict`` when somebody else changed it meanwhile.
    """
    with shop.write("festival.skip") as tx:
        _known(festival, year)
        plan_id = _put(tx, festival, year, version, {"skipped": skip})
        after = {"festival": festival.value, "year": year, "skipped": skip}
        tx.note(f"{_plan.name}:{plan_id}", before={"skipped": not skip}, after=after)
        tx.result = plan_id
    return plan_id


def give_festival_gift(shop: Shop, festival: Festival, year: int, member_id: int) -> int:
    """Give the household of a member its festival gift and return the gift's id (R35).

    Raises ``Conflict`` when the household, or anybody of the member's family, has it already,
    naming who gave it; ``Refused`` without a plan and for goods that may not go out.
    """
    with shop.write("festival.give") as tx:
        day, plan = _known(festival, year), _planned(tx, festival, year)
        root = present_file(tx, member_id)
        home = Home(root.area, root.building, root.unit, root.room)
        family = family_ids(tx.connection, root.id)
        behind = _behind_the_door(tx, root, home)
        rules.checked_for_children(festival, bool(tagged_for_children(tx.connection, behind)))
        key = festival_key(festival, year, root.id, home)
        refuse_second(tx, festival.value, year, [*family, *behind], key=key)
        gift_id = tx.add(
            _gift,
            member_id=root.id,
            occasion=festival.value,
            year=year,
            key=key,
            day=day,
            product_id=plan.product_id,
            what=plan.what,
            quantity=plan.quantity,
            cost_fen=plan.cost_fen,
            planned_at=tx.now,
            planned_by=tx.actor.id,
        )
        hand_over(tx, tx.row(_gift, gift_id), FIRST_VERSION)
        tx.result = gift_id
    return gift_id


def _known(festival: Festival, year: int) -> Any:
    day = festival_day(Festival(festival), year)
    if day is None:
        raise Refused(N_("This festival is not known for that year."))
    return day


def _planned(tx: Tx, festival: Festival, year: int) -> Row[Any]:
    row = _plan_of(tx, festival, year)
    if row is None or row.skipped:
        raise Refused(N_("Nothing is planned for this festival. Plan it first."))
    return row


def _plan_of(tx: Tx, festival: Festival, year: int) -> Row[Any] | None:
    mine = and_(_plan.c.festival == festival.value, _plan.c.year == year)
    return tx.execute(select(_plan).where(mine)).first()


def _put(tx: Tx, festival: Festival, year: int, version: int | None, values: dict[str, Any]) -> int:
    row = _plan_of(tx, festival, year)
    if row is None:
        made = {"created_at": tx.now, "created_by": tx.actor.id, "skipped": False}
        named = {"festival": festival.value, "year": year}
        return tx.add(_plan, **made | named | values)
    if version is None:
        raise tx.conflict(f"{_plan.name}:{row.id}")
    tx.change(_plan, row.id, version, **values)
    return int(row.id)


def _behind_the_door(tx: Tx, root: Row[Any], home: Home) -> list[int]:
    """Return the members of the household: all standing files of the very same home."""
    if not home.room:
        return [root.id]
    same = [
        _member.c[name] == part if part else or_(_member.c[name].is_(None), _member.c[name] == "")
        for name, part in zip(("area", "building", "unit", "room"), home.parts, strict=True)
    ]
    query = select(_member.c.id).where(
        _member.c.merged_into.is_(None), _member.c.erased_at.is_(None), *same
    )
    return list(tx.execute(query).scalars())
