"""Writes of wishes: taking them in, moving them over the board. Owner and staff may (R15-R17).

A wish that stands twice is one wish with everybody who asked, each once. Nothing is deleted but a
wish typed by mistake, and that is journalled. Two people may move one card at once: the second is
told who was faster and where it stands now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.members.profiles.queries import candidates_of
from lib.members.profiles.rules import Hint, resolve
from lib.shop.shop import Shop, Tx
from lib.trust.demands import rules
from lib.trust.demands.rules import Move, NewWish, Status

_demand, _wish, _post = schema.demand, schema.demand_wish, schema.group_post

MOVING = ("demand.move", "demand.launch", "demand.link")
"""Actions of the journal that change where a wish stands."""
CHANGING = "demand.change"

MOVED: dict[Status, str] = {
    Status.NEW: N_("{name} put this wish back to new at {time}. Nothing of yours was saved."),
    Status.CHECKING: N_("{name} moved this wish to checking at {time}. Nothing was saved."),
    Status.OFFERED: N_("{name} put this wish on offer at {time}. Nothing was saved."),
    Status.NOT_YET: N_("{name} answered this wish with not yet at {time}. Nothing was saved."),
    Status.DECLINED: N_("{name} declined this wish at {time}. Nothing was saved."),
}


@dataclass(frozen=True)
class Collected:
    """What became of wishes that came in.

    ``added`` asked for the first time, ``known`` stood there already. ``created``: the demand is
    new; otherwise they were counted at one that stands at ``status`` since ``since``.
    """

    demand_id: int
    added: int
    known: int
    created: bool = True
    status: Status = Status.NEW
    since: datetime | None = None


def add_demand(shop: Shop, title: str, wishes: Sequence[NewWish] = (), note: str = "") -> Collected:
    """Take in a wish called ``title`` with those who asked; returns what became of it.

    A wish of the same title that is open, waits for its day, or was answered lately gets them
    instead. Without ``wishes`` it is counted from now with nobody's name. Raises ``Refused``.
    """
    with shop.write("demand.add") as tx:
        found = collect_wish(tx, title=title, wishes=wishes, demand_id=None)
        kept = clean(note, rules.LONGEST_NOTE, lines=True)
        if kept and found.created:
            tx.execute(update(_demand).where(_demand.c.id == found.demand_id).values(note=kept))
        tx.result = _plain(found)
    return _collected(tx.result)


def add_wishes(shop: Shop, demand_id: int, wishes: Sequence[NewWish]) -> Collected:
    """Count further residents at a wish; returns what became of them.

    Raises ``NotFound`` for an unknown one, ``Refused`` for no wishes.
    """
    with shop.write("demand.add_wishes") as tx:
        if not wishes:
            raise Refused(N_("Write who wished for it."))
        tx.result = _plain(collect_wish(tx, title="", wishes=wishes, demand_id=demand_id))
    return _collected(tx.result)


def change_demand(shop: Shop, demand_id: int, version: int, title: str, note: str) -> None:
    """Write a wish otherwise, if it still has ``version``. Raises ``Refused`` and ``Conflict``."""
    with shop.write("demand.change") as tx:
        row = demand_row(tx, demand_id)
        kept = rules.checked_title(title)
        values = {"title": kept, "note": clean(note, rules.LONGEST_NOTE, lines=True)}
        before = {name: row._mapping[name] for name in values}
        tx.change(_demand, row.id, version, **values, folded_title=rules.folded_title(kept))
        tx.note(f"demand:{row.id}", before=before, after=values)


def move_demand(
    shop: Shop,
    demand_id: int,
    version: int,
    status: Status,
    reason: str = "",
    next_on: date | None = None,
) -> None:
    """Move a wish to ``status``, if it still has ``version``.

    "Not yet" needs a reason and the day of the next answer after today (R17), declining a reason;
    what is on offer is said with its product. Raises ``Refused``, ``NotFound`` and ``Conflict``,
    which names who moved it meanwhile and where it stands.
    """
    with shop.write("demand.move") as tx:
        row = demand_row(tx, demand_id)
        check_version(tx, row, version)
        wanted = rules.checked_move(Status(row.status), Move(status, reason, next_on), tx.today)
        put_status(tx, row, wanted)


def remove_wish(shop: Shop, wish_id: int) -> None:
    """Take off a resident's wish that was typed by mistake; the journal keeps that it stood.

    The demand stays, with the earliest of those left as its start. Raises ``NotFound``, and
    ``Refused`` for the last wish: decline the demand instead, so that it is not lost unseen.
    """
    with shop.write("demand.remove_wish") as tx:
        row = tx.execute(select(_wish).where(_wish.c.id == wish_id)).first()
        if row is None:
            raise NotFound(N_("This resident's wish was already taken off."))
        others = select(func.min(_wish.c.asked_at)).where(
            _wish.c.demand_id == row.demand_id, _wish.c.id != wish_id
        )
        first = tx.execute(others).scalar()
        if first is None:
            raise Refused(N_("Nobody else wished for it. Decline the wish instead, with a reason."))
        tx.execute(delete(_wish).where(_wish.c.id == wish_id))
        before = {"name": row.name, "member_id": row.member_id, "asked_at": row.asked_at}
        tx.note(f"demand:{row.demand_id}", before=before, after={})
        tx.execute(
            update(_demand).where(_demand.c.id == row.demand_id).values(first_asked_at=first)
        )


def collect_wish(
    tx: Tx, *, title: str, wishes: Sequence[NewWish], demand_id: int | None
) -> Collected:
    """Step: take in ``wishes``, as a new demand called ``title`` or at ``demand_id``.

    The same resident counts once: by member, else by the folded name; a name that only one member
    bears is taken for that member. A wish without a name is counted without one. The demand starts
    with the earliest who asked. A merged demand passes them on to the one it became. Without
    ``demand_id`` a standing demand of the very same title gets them. Raises ``Refused`` and
    ``NotFound``; one journal note.
    """
    rules.check_count(len(wishes))
    checked = _with_members(tx, [rules.checked_wish(wish, tx.now) for wish in wishes])
    if demand_id is not None:
        row = demand_row(tx, demand_id)
    else:
        kept = rules.checked_title(title)
        found = _standing(tx, kept)
        row = found or demand_row(tx, _create(tx, kept, checked))
        if found is None:
            added, known = _put_wishes(tx, row.id, checked)
            tx.note(f"demand:{row.id}", after={"title": kept, "wishes": added})
            return Collected(row.id, added, known, since=row.status_at)
    added, known = _put_wishes(tx, row.id, checked)
    first = min([row.first_asked_at, *(wish.asked_at for wish in checked)])
    if first != row.first_asked_at:
        tx.execute(update(_demand).where(_demand.c.id == row.id).values(first_asked_at=first))
    tx.note(f"demand:{row.id}", after={"wishes": added, "known": known})
    return Collected(row.id, added, known, False, Status(row.status), row.status_at)


def demand_row(tx: Tx, demand_id: int) -> Row[Any]:
    """Step: return a demand's row, of a merged one that of the demand it became.

    Raises ``NotFound``.
    """
    row = tx.execute(select(_demand).where(_demand.c.id == demand_id)).first()
    if row is None:
        raise NotFound(N_("This wish does not exist."))
    return row if row.merged_into is None else demand_row(tx, row.merged_into)


def check_version(tx: Tx, row: Row[Any], version: int) -> None:
    """Step: raise ``Conflict`` unless the demand still has ``version``; it names who moved it."""
    if row.version == version:
        return
    log = schema.journal
    last = tx.execute(
        select(log.c.actor, log.c.at, log.c.action)
        .where(log.c.subject == f"demand:{row.id}", log.c.action.in_((*MOVING, CHANGING)))
        .order_by(log.c.id.desc())
        .limit(1)
    ).first()
    if last is None:
        raise Conflict(N_("Somebody else changed this meanwhile. Look again, then save."))
    raise Conflict(
        N_("{name} changed this at {time}. Look at the new state, then save again.")
        if last.action == CHANGING
        else MOVED[Status(row.status)],
        name=last.actor,
        time=f"{local(last.at, tx.settings.time_zone):%H:%M}",
    )


def put_status(tx: Tx, row: Row[Any], wanted: Move) -> None:
    """Step: let ``row`` stand where ``wanted`` says, and note it."""
    values = status_values(tx, row, wanted)
    shown = ("status", "reason", "next_on")
    before = {name: row._mapping[name] for name in shown if name in values}
    tx.change(_demand, row.id, row.version, **values)
    tx.note(
        f"demand:{row.id}",
        before=before,
        after={name: values[name] for name in shown if name in values},
    )


def status_values(tx: Tx, row: Row[Any], wanted: Move) -> dict[str, Any]:
    """Step: return the columns of a demand that moves to where ``wanted`` says.

    First offer and first answer stay once they are set, but for a slip that nobody heard of.
    """
    moved = {"status": wanted.status.value, "reason": wanted.reason, "status_at": tx.now}
    return {**moved, **_clocks(tx, row, wanted)}


def _clocks(tx: Tx, row: Row[Any], wanted: Move) -> dict[str, Any]:
    stood = Status(row.status)
    if wanted.status in rules.ANSWERED:
        values: dict[str, Any] = {"answered_at": row.answered_at or tx.now}
        if wanted.status is Status.OFFERED:
            values["offered_at"] = row.offered_at or tx.now
        return {**values, "next_on": wanted.next_on}
    if stood in rules.OPEN:
        return {}
    zone_name = tx.settings.time_zone
    told = _was_told(tx, row)
    values = {}
    if stood is Status.OFFERED and rules.is_slip(row.offered_at, tx.now, zone_name, told=told):
        values["offered_at"] = None
    if rules.is_slip(row.answered_at, tx.now, zone_name, told=told):
        return {**values, "answered_at": None, "next_on": None}
    promised = rules.promised_after(stood, tx.now, tx.settings.demand_hours, zone_name)
    return {**values, "next_on": promised or row.next_on}


def _was_told(tx: Tx, row: Row[Any]) -> bool:
    """Whether anybody heard of the answer that stands: a ticked name, or a text that was sent."""
    named = select(_wish.c.id).where(_wish.c.demand_id == row.id, _wish.c.told_at.is_not(None))
    sent = select(_post.c.id).where(
        _post.c.subject == f"demand:{row.id}", _post.c.at >= row.status_at
    )
    return any(tx.execute(query.limit(1)).first() is not None for query in (named, sent))


def _create(tx: Tx, title: str, wishes: Sequence[NewWish]) -> int:
    return tx.add(
        _demand,
        title=title,
        folded_title=rules.folded_title(title),
        status=Status.NEW.value,
        first_asked_at=rules.earliest([wish.asked_at for wish in wishes] or [tx.now]),
        status_at=tx.now,
        created_at=tx.now,
        created_by=tx.actor.id,
    )


def _standing(tx: Tx, title: str) -> Row[Any] | None:
    """The demand of the very same title that still stands on the board, the open one first."""
    lately = rules.leaves_after(tx.now, tx.settings.demand_bought_days)
    answered = (Status.OFFERED.value, Status.DECLINED.value)
    query = select(_demand).where(
        _demand.c.folded_title == rules.folded_title(title),
        _demand.c.merged_into.is_(None),
        _demand.c.status.not_in(answered) | (_demand.c.status_at > lately),
    )
    rows = tx.execute(query.order_by(_demand.c.status_at.desc()).limit(20)).all()
    return min(rows, key=lambda row: row.status in answered, default=None)


def _with_members(tx: Tx, wishes: Sequence[NewWish]) -> list[NewWish]:
    hints = {wish.name: Hint(wish.name) for wish in wishes if wish.name and not wish.member_id}
    if not hints:
        return list(wishes)
    known = candidates_of(tx.connection, list(hints.values()))
    settled: dict[str, int | None] = {}
    for name, hint in hints.items():
        match = resolve(hint, [one for one in known if folded(name) in one.names])
        settled[name] = match.member_id if match.attaches else None
    return [
        wish if wish.member_id else replace(wish, member_id=settled.get(wish.name))
        for wish in wishes
    ]


def _put_wishes(tx: Tx, demand_id: int, wishes: Sequence[NewWish]) -> tuple[int, int]:
    """Add those who are new; of the known keep the earliest moment. Returns how many of each."""
    stand = list(tx.execute(select(_wish).where(_wish.c.demand_id == demand_id)))
    by_member = {row.member_id: row.id for row in stand if row.member_id is not None}
    by_name = {row.folded_name: row.id for row in stand if row.folded_name is not None}
    member_of = {row.id: row.member_id for row in stand}
    asked = {row.id: row.asked_at for row in stand}
    added = known = 0
    for wish in wishes:
        name = folded(wish.name) or None
        namesake = by_name.get(name) if name else None
        other = namesake is not None and _is_other(member_of[namesake], wish.member_id)
        this = by_member.get(wish.member_id) or (namesake if not other else None)
        if this is not None:
            known += 1
            member = member_of[this] or (wish.member_id if this == namesake else None)
            earliest = min(asked[this], wish.asked_at)
            if (earliest, member) != (asked[this], member_of[this]):
                values = {"asked_at": earliest, "member_id": member}
                tx.execute(update(_wish).where(_wish.c.id == this).values(**values))
        else:
            key = f"{name}#{wish.member_id}" if other else name
            this = tx.add(_wish, demand_id=demand_id, folded_name=key, **_columns(wish))
            added += 1
            member, earliest = wish.member_id, wish.asked_at
            if key is not None:
                by_name[key] = this
        asked[this], member_of[this] = earliest, member
        if member is not None:
            by_member[member] = this
    return added, known


def _is_other(stands: int | None, comes: int | None) -> bool:
    """Two members of one name are two residents; a name without a member is whoever bears it."""
    return stands is not None and comes is not None and stands != comes


def _columns(wish: NewWish) -> dict[str, Any]:
    return {
        "member_id": wish.member_id,
        "name": wish.name,
        "said": wish.said,
        "source": wish.source.value,
        "asked_at": wish.asked_at,
    }


def _plain(found: Collected) -> dict[str, Any]:
    """What the form key keeps, so that a repeated save answers the same."""
    return {
        "demand_id": found.demand_id,
        "added": found.added,
        "known": found.known,
        "created": found.created,
        "status": found.status.value,
        "since": found.since.isoformat() if found.since else None,
    }


def _collected(kept: dict[str, Any]) -> Collected:
    since = datetime.fromisoformat(kept["since"]) if kept["since"] else None
    return Collected(**{**kept, "status": Status(kept["status"]), "since": since})
