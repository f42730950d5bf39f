"""Steps: tables in which a resident stands beside others, or in a shape of its own.

A pasted chain holds everybody's entries. Of a round that is over the stored text is cleared whole,
as nobody compares it with another paste any more and each order keeps what its own entry said; of
one that still runs only the lines that name the resident go. A photo that stands in a letter to a
supplier stays as a picture of goods: the letter rests on it, and nothing beside it says whose it
was.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    or_,
    select,
    update,
)

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.text import folded
from lib.members.erasure.needles import Needles
from lib.members.erasure.rows.queries import Theirs, parts
from lib.members.erasure.search.commands import replace_in
from lib.members.erasure.search.queries import mentions
from lib.shop.files import care
from lib.shop.messages.outbox.queries import OPEN as MESSAGES_OPEN
from lib.shop.messages.outbox.rules import Status
from lib.shop.shop import Tx

NOTHING = "—"


def cut_chains(tx: Tx, mine: Theirs, needles: Needles) -> int:
    """Take the resident out of pasted chains and files; return how many lost something."""
    intakes, rounds = schema.intake, schema.buying_round
    theirs = select(schema.customer_order.c.intake_id)
    own: set[int] = set()
    for part in parts(mine.of(schema.customer_order)):
        found = tx.execute(theirs.where(schema.customer_order.c.id.in_(part))).scalars()
        own.update(row_id for row_id in found if row_id is not None)
    entries = _entries(tx, mine)
    conditions: list[ColumnElement[bool]] = [intakes.c.id.in_(part) for part in parts(sorted(own))]
    if not needles.is_empty:
        conditions.append(mentions(tx.connection, [intakes.c.content], needles))
    kept = (intakes.c.content, intakes.c.file_name)
    query = select(intakes.c.id, *kept, rounds.c.pickup_day).join(
        rounds, rounds.c.id == intakes.c.round_id
    )
    changed = 0
    for condition in conditions:
        full = or_(*(column != "" for column in kept))
        for row in tx.execute(query.where(condition, full)).all():
            about = row.id in own or needles.names_them(row.content)
            left = {"content": _without(row.content, entries, needles)}
            if about and row.pickup_day < tx.today:
                left = {"content": "", "file_name": ""}
            if any(row._mapping[name] != text for name, text in left.items()):
                tx.execute(update(intakes).where(intakes.c.id == row.id).values(left))
                changed += 1
    return changed


def forget_notices(tx: Tx, mine: Theirs, needles: Needles) -> int:
    """Take the resident's orders out of the lists of who was still to come."""
    notices, orders = schema.pickup_notice, schema.customer_order
    ids = mine.of(orders)
    days: set[Any] = set()
    for part in parts(ids):
        query = select(orders.c.pickup_day).where(orders.c.id.in_(part))
        days.update(tx.execute(query).scalars())
    conditions: list[ColumnElement[bool]] = [
        notices.c.day.in_(part) for part in parts(sorted(days))
    ]
    if not needles.is_empty:
        conditions.append(mentions(tx.connection, [notices.c.body], needles))
    changed, seen = 0, set()
    for condition in conditions:
        for row in tx.execute(select(notices).where(condition)).all():
            left = _uncalled(row.body, frozenset(ids), needles)
            if left != row.body and row.id not in seen:
                tx.execute(update(notices).where(notices.c.id == row.id).values(body=left))
                changed += 1
            seen.add(row.id)
    return changed


def clear_posts(
    tx: Tx, is_theirs: Callable[[str], bool], subjects: Iterable[str], needles: Needles
) -> dict[str, int]:
    """Clear the texts that were sent about something of theirs; replace their names in others.

    What waited for a robot about something of theirs is not sent any more.
    """
    counts = {}
    subjects = sorted(subject for subject in subjects if is_theirs(subject))
    _call_back(tx, subjects)
    for table, names in (
        (schema.group_post, ("text",)),
        (schema.message_delivery, ("text", "whole")),
    ):
        columns = [table.c[name] for name in names]
        cleared = 0
        for part in parts(subjects):
            # What is empty stays so: a clean-up would find it again, a piece pass for the whole.
            full = or_(*(column.not_in(("", NOTHING)) for column in columns))
            values = {column.name: case((column == "", ""), else_=NOTHING) for column in columns}
            mine = table.c.subject.in_(part) & full
            cleared += tx.execute(update(table).where(mine).values(values)).rowcount
        searched = 0 if needles.is_empty else replace_in(tx, table, columns, needles)
        counts[table.name] = cleared + searched
    return counts


def _call_back(tx: Tx, subjects: Iterable[str]) -> None:
    """Cancel messages about ``subjects`` that did not go out, but one being sent at this moment."""
    messages = schema.message_delivery
    waits = messages.c.status.in_(MESSAGES_OPEN) & messages.c.leased_until.is_(None)
    for part in parts(subjects):
        mine = waits & messages.c.subject.in_(part)
        tx.execute(update(messages).where(mine).values(status=Status.CANCELLED))


def forget_merges(tx: Tx, mine: Theirs) -> int:
    """Empty what merges of these files would need to be taken back; nobody can any more."""
    merges, changed = schema.member_merge, 0
    for part in parts(mine.of(merges)):
        for row in tx.execute(select(merges).where(merges.c.id.in_(part))).all():
            kept = {name: row.moved.get(name, []) for name in ("orders", "members")}
            left = {**kept, "names": [], "filled": {}}
            if left != row.moved:
                tx.execute(update(merges).where(merges.c.id == row.id).values(moved=left))
                changed += 1
    return changed


def drop_drafts(tx: Tx, needles: Needles) -> int:
    """Delete what somebody is typing about the resident: a text half written cannot be cut."""
    drafts = schema.draft
    if needles.is_empty:
        return 0
    keys = (drafts.c.person_id, drafts.c.form)
    query = select(*keys, drafts.c.body).where(mentions(tx.connection, [drafts.c.body], needles))
    gone = [row for row in tx.execute(query) if needles.replaced_in(row.body) != row.body]
    for row in gone:
        mine = and_(drafts.c.person_id == row.person_id, drafts.c.form == row.form)
        tx.execute(delete(drafts).where(mine))
    return len(gone)


def drop_notes(tx: Tx, needles: Needles) -> list[int]:
    """Delete what somebody of this very name sent from the light page; return the rows' ids."""
    notes = schema.wish_note
    gone = _bearing(tx, notes, notes.c.name, needles)
    for part in parts(gone):
        tx.execute(delete(notes).where(notes.c.id.in_(part)))
    if not needles.is_empty:
        replace_in(tx, notes, [notes.c.text, notes.c.name], needles)
    return gone


def unname(tx: Tx, needles: Needles) -> dict[str, int]:
    """Take the name off wishes and answers that lead to no member and are by this very name."""
    wishes, answers = schema.demand_wish, schema.topic_answer
    nobody = wishes.c.member_id.is_(None)
    mine = _bearing(tx, wishes, wishes.c.name, needles, nobody)
    for part in parts(mine):
        values = {"name": "", "folded_name": None, "said": ""}
        tx.execute(update(wishes).where(wishes.c.id.in_(part)).values(values))
    said = _bearing(tx, answers, answers.c.name, needles, answers.c.member_id.is_(None))
    for part in parts(said):
        tx.execute(delete(answers).where(answers.c.id.in_(part)))
    return {"demand_wish": len(mine), "topic_answer": len(said)}


def cases_by_name(tx: Tx, needles: Needles) -> list[int]:
    """Return complaints that nobody assigned and that were sent under this very name."""
    cases = schema.after_sales_case
    return _bearing(tx, cases, cases.c.reporter_name, needles, cases.c.member_id.is_(None))


def settle_gifts(tx: Tx, mine: Theirs, zone: str) -> int:
    """Give up gifts that were planned; no row tells the day of a birthday or a door any more.

    The digest of a home in a key is soon found by trying all homes there are.
    """
    gifts, changed = schema.gift, 0
    for part in parts(mine.of(gifts)):
        for row in tx.execute(select(gifts).where(gifts.c.id.in_(part))).all():
            over = row.given_at or row.cancelled_at or tx.now
            values: dict[str, Any] = {
                "day": local_day(over, zone),
                "key": f"{row.occasion}:{row.year}:gift:{row.id}",
                "version": gifts.c.version + 1,
            }
            if row.given_at is None and row.cancelled_at is None:
                values["cancelled_at"] = tx.now
            tx.execute(update(gifts).where(gifts.c.id == row.id).values(values))
            changed += 1
    return changed


def void_coupons(tx: Tx, mine: Theirs) -> int:
    """Let no coupon of the resident be used any more."""
    coupons, changed = schema.coupon, 0
    free = and_(coupons.c.order_id.is_(None), coupons.c.void_at.is_(None))
    for part in parts(mine.family):
        done = tx.execute(
            update(coupons)
            .where(coupons.c.member_id.in_(part), free)
            .values(void_at=tx.now, version=coupons.c.version + 1)
        )
        changed += done.rowcount
    return changed


def rest_cases(tx: Tx, mine: Theirs) -> None:
    """Let nobody be asked any more whether a solution was right."""
    cases = schema.after_sales_case
    for part in parts(mine.of(cases)):
        asked = and_(cases.c.id.in_(part), cases.c.follow_up_on.is_not(None))
        tx.execute(update(cases).where(asked).values(follow_up_on=None))


def drop_photos(tx: Tx, mine: Theirs) -> list[str]:
    """Delete the photos of the resident's complaints; return the files that nothing names now."""
    photos = schema.case_photo
    rows: list[Any] = []
    for part in parts(mine.of(photos)):
        rows += tx.execute(select(photos.c.id, photos.c.blob).where(photos.c.id.in_(part))).all()
    pinned = _pinned(tx) if rows else frozenset()
    gone = [row for row in rows if row.blob not in pinned]
    for part in parts([row.id for row in gone]):
        tx.execute(delete(photos).where(photos.c.id.in_(part)))
    return _forget_blobs(tx, {row.blob for row in gone})


def _entries(tx: Tx, mine: Theirs) -> list[str]:
    """Return what the resident's entries in chains said, before it is emptied."""
    orders, found = schema.customer_order, []
    for part in parts(mine.of(orders)):
        query = select(orders.c.source_body).where(orders.c.id.in_(part))
        for body in tx.execute(query).scalars():
            text = body.get("text") if isinstance(body, Mapping) else None
            found += [str(text)] if text else []
    return sorted(found, key=len, reverse=True)


def _without(content: str, entries: Iterable[str], needles: Needles) -> str:
    """Cut the entries out of ``content``, and every other line that names the resident."""
    for entry in entries:
        content = content.replace(entry, "")
    return "".join(
        line for line in content.splitlines(keepends=True) if not needles.names_them(line)
    )


def _uncalled(body: Any, ids: frozenset[int], needles: Needles) -> Any:
    if not isinstance(body, Mapping):
        return needles.replaced_in(body)
    text, orders = str(body.get("text", "")), []
    for order_id, number, called in body.get("orders", ()):
        mine = order_id in ids
        if mine and called:
            text = re.sub(rf"(?<!\w){re.escape(called)}(?!\w)", NOTHING, text)
        orders.append([order_id, number, "" if mine else needles.replaced(called)])
    left = {**body, "text": needles.replaced(text)}
    return {**left, "orders": orders} if "orders" in body else needles.replaced_in(left)


def _bearing(
    tx: Tx, table: Table, column: Column[Any], needles: Needles, *conditions: Any
) -> list[int]:
    """Return the rows of ``table`` whose whole name in ``column`` is one of theirs."""
    wanted = {folded(name) for name in needles.names}
    if not wanted:
        return []
    query: Select[Any] = select(table.c.id, column).where(column != "", *conditions)
    rows: list[Any] = list(tx.execute(query))
    return [int(row[0]) for row in rows if folded(row[1]) in wanted]


def _pinned(tx: Tx) -> frozenset[str]:
    """Photos that stand in a letter to a supplier."""
    bodies = tx.execute(select(schema.supplier_letter.c.body)).scalars()
    chosen = (body.get("choice", {}) for body in bodies if isinstance(body, Mapping))
    return frozenset(photo for choice in chosen for photo in choice.get("photos", ()))


def _forget_blobs(tx: Tx, addresses: Iterable[str]) -> list[str]:
    """Delete those of ``addresses`` that no row refers to, with thumbnail and pages."""
    blobs, pages, gone = schema.blob, schema.blob_page, []
    waiting = sorted(addresses)
    while waiting:
        sha256 = waiting.pop()
        if _is_referred_to(tx, sha256):
            continue
        small = tx.execute(select(blobs.c.small).where(blobs.c.sha256 == sha256)).scalar()
        pictures = select(pages.c.picture).where(pages.c.blob == sha256)
        waiting += [*tx.execute(pictures).scalars(), *([small] if small else [])]
        tx.execute(delete(pages).where(pages.c.blob == sha256))
        tx.execute(delete(blobs).where(blobs.c.sha256 == sha256))
        gone.append(sha256)
    return gone


def _is_referred_to(tx: Tx, sha256: str) -> bool:
    found = [exists().where(column == sha256) for column in care.references()]
    return bool(tx.execute(select(or_(*found))).scalar())
