"""Writes behind private addresses: making and revoking them, reports and answers of residents.

Residents act without signing in: what they may do hangs on the token alone. No journal row, no
form key and no entry names a token.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.words import N_
from lib.service.after_sales.commands import add_case, add_entry, ask_afterwards
from lib.service.after_sales.links import rules
from lib.service.after_sales.links.queries import NO_CASE, case_behind, is_full
from lib.service.after_sales.links.rules import Report
from lib.service.after_sales.links.tries import CLOSED, FULL
from lib.service.after_sales.photos.commands import book_photo
from lib.service.after_sales.rules import ON_BOARD, EntryKind, Result, Status
from lib.service.after_sales.turns.commands import begin_again, case_row, subject_of
from lib.shop.files.photos import Photo
from lib.shop.people.queries import token_hash
from lib.shop.shop import DESK, FormKey, Repeated, Role, Shop, Tx

_case, _link, _entry = schema.after_sales_case, schema.case_link, schema.case_entry

ANYBODY = frozenset({Role.RESIDENT, *DESK})
MOST_SENDINGS = 100
"""Entries that residents add to one case; nobody reads more."""

TOO_LONG = N_("There is much on this case already. Please come to the shop or write in the group.")


@dataclass(frozen=True)
class Reported:
    """A case that a resident opened, and the secret end of its address; ``new``: just now."""

    case_id: int
    token: str
    new: bool


def new_link(shop: Shop, case_id: int) -> str:
    """Make a private address of a case and return its path; it is shown this once only.

    A case may have several. Raises ``NotFound``, and ``Conflict`` for a case that was joined with
    another.
    """
    token = secrets.token_urlsafe(rules.TOKEN_BYTES)
    with shop.write("case.new_link") as tx:
        row = case_row(tx, case_id)
        tx.result = _add_link(tx, row.id, token)
        add_entry(tx, row.id, EntryKind.LINK)
        tx.note(subject_of(row.id), after={"link": tx.result})
    return rules.path_of(token)


def revoke_link(shop: Shop, link_id: int) -> None:
    """Let a private address show nothing any more. Raises ``NotFound`` when it does already."""
    with shop.write("case.revoke_link") as tx:
        row = tx.execute(select(_link).where(_link.c.id == link_id)).first()
        if row is None or row.revoked_at is not None:
            raise NotFound(N_("This address shows nothing any more."))
        tx.execute(update(_link).where(_link.c.id == link_id).values(revoked_at=tx.now))
        tx.note(subject_of(row.case_id), before={"link": link_id}, after={"link": None})


def report_case(
    shop: Shop, key: str, report: Report, photos: Sequence[Photo | str] = ()
) -> Reported:
    """Open a case as a resident typed it; its clocks run from now, its address is private.

    The same form sent again is the same case with the same address, and photos of it that are not
    there yet are added. Raises ``Refused`` when the door is closed, too many wait, or something is
    missing; ``Conflict``: this form was sent with other words before.
    """
    new = rules.checked(report)
    kept, token = rules.kept_key(key), rules.token_of(key, shop.place.secret("cases"))
    bound = shop.once(FormKey.of(f"case-report:{kept}", vars(report)))
    try:
        with bound.write("case.report", by=ANYBODY) as tx:
            _check_door(tx)
            if tx.execute(select(_case.c.id).where(_case.c.key == kept)).first() is not None:
                raise Conflict(N_("This page was open for long. Please send it once more."))
            whole = replace(new, key=kept, photos=tuple(photos))
            tx.result = add_case(tx, whole, by_resident=True)
            _add_link(tx, tx.result, token)
    except Repeated as before:
        return Reported(int(before.result), token, False)
    return Reported(int(tx.result), token, True)


def write_as_resident(
    shop: Shop, token: str, key: str, text: str, photos: Sequence[Photo | str] = ()
) -> bool:
    """Add a message and photos to the case behind ``token``; whether they are new.

    A photo that was awaited lets the solution clock go on. Raises ``NotFound`` for an address that
    shows nothing, ``Refused`` for nothing written, too much of it, and a case that has ended.
    """
    said = rules.checked_message(text, photos=len(photos))
    pictures = [photo if isinstance(photo, str) else photo.sha256 for photo in photos]
    bound = shop.once(FormKey.of(f"case-note:{rules.kept_key(key)}", [said, pictures]))
    try:
        with bound.write("case.resident_wrote", by=ANYBODY) as tx:
            row = _behind(tx, token)
            if Status(row.status) not in ON_BOARD:
                raise Refused(
                    N_("This case has ended. If something is still not right, say so below.")
                )
            _check_length(tx, row.id)
            if said:
                add_entry(tx, row.id, EntryKind.WROTE, said, for_resident=True, by_resident=True)
            for photo in photos:
                book_photo(tx, row.id, photo, by_resident=True)
            tx.note(subject_of(row.id), after={"said": said, "photos": len(photos)})
    except Repeated:
        return False
    return True


def answer_as_resident(
    shop: Shop, token: str, key: str, *, content: bool, feedback: str = ""
) -> bool:
    """Say whether all is well with the case behind ``token``; whether it is said anew (R30).

    Content closes a solved case; not content opens the same case again, with its history and a new
    solution clock, also one that was closed or withdrawn. Raises ``NotFound`` and ``Refused``.
    """
    said = rules.checked_feedback(feedback, content=content)
    bound = shop.once(FormKey.of(f"case-answer:{rules.kept_key(key)}", [content, said]))
    try:
        with bound.write("case.resident_answered", by=ANYBODY) as tx:
            row = _behind(tx, token)
            _check_length(tx, row.id)
            if Status(row.status) is Status.WITHDRAWN and not content:
                _open_withdrawn(tx, row, said)
            else:
                result = Result.SATISFIED if content else Result.NOT_SATISFIED
                ask_afterwards(tx, row, result, said, by_resident=True)
    except Repeated:
        return False
    return True


def _open_withdrawn(tx: Tx, row: Row[Any], said: str) -> None:
    turn = begin_again(tx, row)
    add_entry(
        tx,
        row.id,
        EntryKind.REOPENED,
        said,
        for_resident=True,
        by_resident=True,
        details={"turn": turn},
    )
    tx.note(
        subject_of(row.id),
        before={"status": row.status, "turn": row.turn},
        after={"status": Status.WORKING.value, "turn": turn, "reason": said},
    )


def _add_link(tx: Tx, case_id: int, token: str) -> int:
    return tx.add(
        _link,
        case_id=case_id,
        token_hash=token_hash(token),
        created_at=tx.now,
        created_by=tx.actor.id,
        expires_at=tx.now + timedelta(days=tx.settings.case_link_days),
    )


def _behind(tx: Tx, token: str) -> Row[Any]:
    """Step: return the row of the case that ``token`` shows now; raises ``NotFound``."""
    found = case_behind(tx.connection, token, tx.settings.case_link_days, tx.now)
    if found is None:
        raise NotFound(NO_CASE)
    return case_row(tx, found.case_id)


def _check_door(tx: Tx) -> None:
    if not tx.settings.case_door:
        raise Refused(CLOSED)
    if is_full(tx.connection, tx.settings.most_waiting_cases):
        raise Refused(FULL)


def _check_length(tx: Tx, case_id: int) -> None:
    theirs = select(func.count()).where(_entry.c.case_id == case_id, _entry.c.person_id.is_(None))
    if tx.execute(theirs).scalar_one() >= MOST_SENDINGS:
        raise Refused(TOO_LONG)
