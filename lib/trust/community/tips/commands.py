"""Writes of tips (R13): a tip counts as sent while its post stands in the log of the group."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.posts import TIP, add_post
from lib.shop.shop import Shop, Tx
from lib.trust.community.tips.bank import SUPPLIED
from lib.trust.community.tips.rules import Details, Kind

_tip, _sent = schema.tip, schema.tip_sent


def fill_bank(shop: Shop) -> int:
    """Put the tips that come with the program into the bank; return how many were missing.

    Twice is once: a tip that is there, changed or archived, stays as it is.
    """
    with shop.write("tip.fill") as tx:
        query = select(_tip.c.supplied).where(_tip.c.supplied.is_not(None))
        there = set(tx.execute(query).scalars())
        rows = [
            {
                "kind": tip.kind.value,
                "text": tip.text,
                "supplied": tip.key,
                "from_month": tip.from_month or None,
                "to_month": tip.to_month or None,
                "created_at": tx.now,
            }
            for tip in SUPPLIED
            if tip.key not in there
        ]
        if rows:
            tx.add_all(_tip, rows)
        tx.result = len(rows)
        tx.note("tip", after={"count": len(rows)})
    return int(tx.result)


def add_tip(shop: Shop, details: Details) -> int:
    """Put a tip of one's own into the bank and return its id.

    Raises ``Refused`` without a text, and for one that is there already.
    """
    with shop.write("tip.add") as tx:
        new = details.checked()
        known = select(_tip.c.id).where(_tip.c.text == new.text, _tip.c.archived_at.is_(None))
        if tx.execute(known).first() is not None:
            raise Refused(N_("This tip is in the bank already."))
        tx.result = tx.add(_tip, **_columns(new), created_at=tx.now)
        tx.note(f"tip:{tx.result}", after=_columns(new))
    return int(tx.result)


def change_tip(shop: Shop, tip_id: int, version: int, details: Details) -> None:
    """Change a tip; ``version`` is the one that was seen.

    Raises ``Refused`` without a text, ``NotFound``, and ``Conflict`` when somebody else changed it.
    """
    with shop.write("tip.change") as tx:
        row, new = tx.row(_tip, tip_id), details.checked()
        old = Details(Kind(row.kind), row.text, row.from_month, row.to_month)
        tx.change(_tip, tip_id, version, **_columns(new))
        tx.note(f"tip:{tip_id}", before=_columns(old), after=_columns(new))


def archive_tip(shop: Shop, tip_id: int, version: int, *, archived: bool = True) -> None:
    """Take a tip out of what is proposed, or back into it; what was sent of it stays."""
    with shop.write("tip.archive") as tx:
        row = tx.row(_tip, tip_id)
        tx.change(_tip, tip_id, version, archived_at=tx.now if archived else None)
        was = row.archived_at is not None
        tx.note(f"tip:{tip_id}", before={"archived": was}, after={"archived": archived})


def send_tip(shop: Shop, tip_id: int, text: str) -> int:
    """Note that a tip was posted in the group today and return the id of its post.

    ``text`` is what was posted. Log and bank are written in one transaction; taking the post back
    (:func:`lib.shop.posts.take_back_post`) undoes both. Raises ``Refused`` when the tip was sent
    within the days of ``tip_repeat_days``, today included; ``NotFound`` for an archived one.
    """
    with shop.write("tip.send") as tx:
        row = _row(tx, tip_id)
        _refuse_repeat(tx, tip_id)
        tx.result = add_post(tx, TIP, subject(row.id), text)
    return int(tx.result)


def subject(tip_id: int) -> str:
    """Return how the log of group texts names a tip."""
    return f"tip:{tip_id}"


def _refuse_repeat(tx: Tx, tip_id: int) -> None:
    last: date | None = tx.execute(
        select(func.max(_sent.c.day)).where(_sent.c.tip_id == tip_id)
    ).scalar()
    if last is None:
        return
    free = last + timedelta(days=tx.settings.tip_repeat_days)
    if tx.today < free:
        raise Refused(
            N_("This tip was sent on {day}. It may come again from {free} on: take another."),
            day=last.isoformat(),
            free=free.isoformat(),
        )


def _row(tx: Tx, tip_id: int) -> Row[Any]:
    row = tx.row(_tip, tip_id)
    if row.archived_at is not None:
        raise NotFound(N_("This tip was put away."))
    return row


def _columns(details: Details) -> dict[str, Any]:
    return {
        "kind": details.kind.value,
        "text": details.text,
        "from_month": details.from_month,
        "to_month": details.to_month,
    }
