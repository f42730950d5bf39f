"""Merging two wishes, taking a merge apart, remembering that two are not the same (R15)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, select, update

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.words import N_
from lib.shop.shop import Shop, Tx
from lib.trust.demands.commands import check_version
from lib.trust.demands.merging import rules
from lib.trust.demands.merging.rules import Asked, Plan
from lib.trust.demands.rules import Status

_demand, _wish, _source = schema.demand, schema.demand_wish, schema.demand_source
_merge, _apart = schema.demand_merge, schema.not_same_demand

MERGEABLE = (Status.NEW.value, Status.CHECKING.value, Status.NOT_YET.value)


def merge_demands(
    shop: Shop, keep_id: int, keep_version: int, drop_id: int, drop_version: int
) -> int:
    """Let the wish ``drop_id`` become part of ``keep_id``; returns the number of the merge.

    Wishes and sources move, everybody who asked is kept once with the earlier moment, the start
    is the earlier one, notes are joined. Raises ``NotFound``, ``Refused`` for a wish and itself,
    ``Conflict`` when one of them was merged, put on offer, declined or changed meanwhile.
    """
    with shop.write("demand.merge") as tx:
        if keep_id == drop_id:
            raise Refused(N_("Choose two different wishes."))
        keep, drop = _mergeable(tx, keep_id), _mergeable(tx, drop_id)
        check_version(tx, keep, keep_version)
        check_version(tx, drop, drop_version)
        made = rules.plan(_asked(tx, keep.id), _asked(tx, drop.id))
        sources = _move_sources(tx, keep.id, drop.id)
        _move_wishes(tx, keep.id, made)
        after = {
            "first_asked_at": min(keep.first_asked_at, drop.first_asked_at),
            "note": rules.note_of(keep.note, drop.note),
        }
        before = {name: keep._mapping[name] for name in after}
        tx.change(_demand, keep.id, keep_version, **after)
        tx.change(_demand, drop.id, drop_version, merged_into=keep.id)
        moved = rules.as_moved(made, sources, _plain(before), _plain(after))
        tx.result = tx.add(
            _merge,
            keep_id=keep.id,
            drop_id=drop.id,
            moved=moved,
            at=tx.now,
            person_id=tx.actor.id,
        )
        tx.note(f"demand:{keep.id}", after={"title": drop.title, "wishes": len(made.moves)})
    return int(tx.result)


def undo_merge(shop: Shop, merge_id: int) -> None:
    """Take a merge apart: both wishes stand as before, who came in meanwhile stays where he is.

    Raises ``NotFound``, and ``Refused`` when it was taken apart already, when another merge must
    be taken apart first, or when the wish is on offer and people were told.
    """
    with shop.write("demand.unmerge") as tx:
        row = tx.execute(select(_merge).where(_merge.c.id == merge_id)).first()
        if row is None:
            raise NotFound(N_("This entry no longer exists."))
        _check_undo(tx, row)
        keep, drop = tx.row(_demand, row.keep_id), tx.row(_demand, row.drop_id)
        moved = row.moved
        for wish_id, key, _new in moved["wishes"]:
            mine = and_(_wish.c.id == wish_id, _wish.c.demand_id == keep.id)
            tx.execute(update(_wish).where(mine).values(demand_id=drop.id, folded_name=key))
        _give_back(tx, moved)
        mine = and_(_source.c.id.in_(moved["sources"]), _source.c.demand_id == keep.id)
        tx.execute(update(_source).where(mine).values(demand_id=drop.id))
        tx.change(_demand, keep.id, keep.version, **_restored(tx, keep, moved))
        first = min([drop.first_asked_at, *_moments(tx, drop.id)])  # asked again earlier meanwhile
        tx.change(_demand, drop.id, drop.version, merged_into=None, first_asked_at=first)
        done = update(_merge).where(_merge.c.id == row.id, _merge.c.undone_at.is_(None))
        tx.execute(done.values(undone_at=tx.now))
        tx.note(f"demand:{keep.id}", after={"title": drop.title, "wishes": len(moved["wishes"])})


def keep_apart(shop: Shop, first_id: int, second_id: int) -> None:
    """Remember that two wishes are not the same: they are not suggested again."""
    with shop.write("demand.keep_apart") as tx:
        first, second = _pair(first_id, second_id)
        names = [tx.row(_demand, each).title for each in (first, second)]
        if tx.execute(select(_apart.c.at).where(_is_pair(first, second))).first() is None:
            tx.execute(insert(_apart).values(first_id=first, second_id=second, at=tx.now))
        tx.note(f"demand:{first}", after={"title": names[1]})


def suggest_again(shop: Shop, first_id: int, second_id: int) -> None:
    """Take back that two wishes are not the same."""
    with shop.write("demand.suggest_again") as tx:
        first, second = _pair(first_id, second_id)
        if tx.execute(delete(_apart).where(_is_pair(first, second))).rowcount == 0:
            raise NotFound(N_("This entry no longer exists."))
        tx.note(f"demand:{first}", after={"title": tx.row(_demand, second).title})


def _mergeable(tx: Tx, demand_id: int) -> Row[Any]:
    row = tx.execute(select(_demand).where(_demand.c.id == demand_id)).first()
    if row is None:
        raise NotFound(N_("This wish does not exist."))
    if row.merged_into is not None:
        raise Conflict(
            N_("{title} was merged with another wish meanwhile. Look at the new state."),
            title=row.title,
        )
    if row.status not in MERGEABLE:
        raise Conflict(
            N_("{title} was put on offer or declined at {time}: it cannot be merged any more."),
            title=row.title,
            time=f"{local(row.status_at, tx.settings.time_zone):%m-%d %H:%M}",
        )
    return row


def _asked(tx: Tx, demand_id: int) -> list[Asked]:
    query = (
        select(_wish).where(_wish.c.demand_id == demand_id).order_by(_wish.c.asked_at, _wish.c.id)
    )
    return [
        Asked(row.id, row.member_id, row.folded_name, row.asked_at) for row in tx.execute(query)
    ]


def _move_wishes(tx: Tx, keep_id: int, made: Plan) -> None:
    for wish_id, _key, key in made.moves:
        tx.execute(
            update(_wish).where(_wish.c.id == wish_id).values(demand_id=keep_id, folded_name=key)
        )
    for gain in made.gains:
        values = {"asked_at": gain.asked_after, "member_id": gain.member_after}
        tx.execute(update(_wish).where(_wish.c.id == gain.id).values(**values))


def _move_sources(tx: Tx, keep_id: int, drop_id: int) -> list[int]:
    query = select(_source.c.id).where(_source.c.demand_id == drop_id).order_by(_source.c.id)
    ids = list(tx.execute(query).scalars())
    tx.execute(update(_source).where(_source.c.id.in_(ids)).values(demand_id=keep_id))
    return ids


def _check_undo(tx: Tx, row: Row[Any]) -> None:
    if row.undone_at is not None:
        raise Refused(N_("This merge was taken apart already."))
    keep = tx.row(_demand, row.keep_id)
    if keep.merged_into is not None:
        raise Refused(
            N_("{title} was itself merged into another wish. Take that apart first."),
            title=keep.title,
        )
    later = select(_demand.c.title).where(
        _demand.c.id == _merge.c.drop_id,
        _merge.c.keep_id == row.keep_id,
        _merge.c.id > row.id,
        _merge.c.undone_at.is_(None),
    )
    last = tx.execute(later.order_by(_merge.c.id.desc()).limit(1)).scalar()
    if last is not None:
        raise Refused(
            N_("{title} was merged into the same wish later. Take that apart first."), title=last
        )
    if keep.status == Status.OFFERED.value:
        raise Refused(
            N_("{title} is on offer and residents were told: it stays one wish."), title=keep.title
        )


def _give_back(tx: Tx, moved: dict[str, Any]) -> None:
    """Undo what kept rows took over, as far as nobody changed it since."""
    for gain in rules.gains_of(moved):
        mine = _wish.c.id == gain.id
        tx.execute(
            update(_wish)
            .where(mine, _wish.c.asked_at == gain.asked_after)
            .values(asked_at=gain.asked_before)
        )
        if gain.member_after != gain.member_before:
            tx.execute(
                update(_wish)
                .where(mine, _wish.c.member_id == gain.member_after)
                .values(member_id=gain.member_before)
            )


def _restored(tx: Tx, keep: Row[Any], moved: dict[str, Any]) -> dict[str, Any]:
    before, after = moved["before"], moved["after"]
    first = rules.first_after_undo(
        rules.moment(before["first_asked_at"]),
        rules.moment(after["first_asked_at"]),
        keep.first_asked_at,
        _moments(tx, keep.id),
    )
    note = before["note"] if keep.note == after["note"] else keep.note
    return {"first_asked_at": first, "note": note}


def _moments(tx: Tx, demand_id: int) -> Sequence[datetime]:
    query = select(_wish.c.asked_at).where(_wish.c.demand_id == demand_id)
    return tx.execute(query).scalars().all()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "first_asked_at": values["first_asked_at"].isoformat()}


def _pair(first_id: int, second_id: int) -> tuple[int, int]:
    if first_id == second_id:
        raise Refused(N_("Choose two different wishes."))
    return min(first_id, second_id), max(first_id, second_id)


def _is_pair(first: int, second: int) -> Any:
    return and_(_apart.c.first_id == first, _apart.c.second_id == second)
