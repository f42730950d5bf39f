"""Erasing what the shop knows of a resident, so that the books stay and nobody is named in them.

One transaction for the rows of all tables (see :mod:`lib.members.erasure.places`); afterwards, as
no database takes that back, files, logs and the free pages of the database. Member files that were
merged are one person and go together.
"""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update

from lib.db import schema
from lib.members.erasure import remains, rules
from lib.members.erasure.apart import commands as apart
from lib.members.erasure.journalled.commands import redact
from lib.members.erasure.queries import root_of, unsettled
from lib.members.erasure.rows.commands import empty, remove
from lib.members.erasure.rows.queries import theirs
from lib.members.erasure.rules import Why
from lib.members.erasure.search.commands import search
from lib.members.erasure.search.queries import needles_of
from lib.members.points.commands import lapse
from lib.members.profiles.queries import family_ids
from lib.shop import erasures
from lib.shop.erasures import Erased
from lib.shop.journal import ERASED_ROWS, ERASURE
from lib.shop.language import translator
from lib.shop.shop import OWNER_ONLY, SYSTEM_ONLY, Shop, Tx

_member, _erasing = schema.member, schema.erasing
_kept_up: dict[str, object] = {}
"""What the list of erasures looked like when it was last found to be carried out, by folder."""


def erase_member(shop: Shop, member_id: int, version: int, why: Why = Why.ASKED) -> None:
    """Erase what the shop knows of a resident; the file stays without a name (PIPL 47).

    ``version`` is that of the file as the owner saw it. Raises ``Refused`` while something is open
    between the two (money, goods, a complaint, a recall), ``NotFound``, ``Conflict``.
    """
    with shop.write("member.erase", by=OWNER_ONLY) as tx:
        root = root_of(tx.connection, member_id)
        tx.change(_member, root, version)
        rules.check(unsettled(tx.connection, theirs(tx.connection, _family(tx, root))))
        erase(tx, root, why)


def erase(tx: Tx, member_id: int, why: Why) -> Mapping[str, int]:
    """Step: erase a resident's data whatever is open; return how many rows of which table changed.

    Points lapse, coupons are void. The caller's journal row lists the older rows that lost their
    words. Files, logs and free pages follow by themselves when the transaction is in the books.
    Raises ``NotFound`` for no such member and for one that was erased before.
    """
    why, root = Why(why), root_of(tx.connection, member_id)
    called = translator(tx.settings.language)(rules.FORMER).format(number=root)
    mine = theirs(tx.connection, _family(tx, root))
    needles = needles_of(tx.connection, mine, called)
    mine = theirs(tx.connection, mine.family, apart.cases_by_name(tx, needles))
    needles = needles_of(tx.connection, mine, called)
    erasure_id = _begin(tx, root, why)
    counts = Counter({"points_entry": abs(lapse(tx, root, rules.LAPSED))})
    counts["coupon"] += apart.void_coupons(tx, mine)
    counts["intake"] += apart.cut_chains(tx, mine, needles)
    counts["pickup_notice"] += apart.forget_notices(tx, mine, needles)
    notes = {f"wish_note:{row_id}" for row_id in apart.drop_notes(tx, needles)}
    counts["wish_note"] += len(notes)
    counts.update(apart.unname(tx, needles))
    files = apart.drop_photos(tx, mine)
    counts["blob"] += len(files)
    counts["member_merge"] += apart.forget_merges(tx, mine)
    counts["gift"] += apart.settle_gifts(tx, mine, tx.settings.time_zone)
    counts["draft"] += apart.drop_drafts(tx, needles)
    apart.rest_cases(tx, mine)

    def is_theirs(subject: str) -> bool:
        return mine.holds(subject) or subject in notes

    counts.update(apart.clear_posts(tx, is_theirs, mine.subjects(), needles))
    marks = redact(tx, erasure_id, mine, needles, is_theirs)
    counts["journal"] += len(marks)
    counts.update(empty(tx, mine, called))
    counts.update(remove(tx, mine))
    counts.update(search(tx, needles))
    found = {name: count for name, count in sorted(counts.items()) if count}
    _end(tx, erasure_id, found)
    tx.note(
        f"member:{root}", after={"rows": sum(found.values())},
        **{ERASURE: erasure_id, "why_erased": why.value, ERASED_ROWS: marks},
    )  # fmt: skip
    erased = tuple(Erased(tx.now, each, why.value) for each in mine.family)
    words = (*needles.names, *needles.phones)
    tx.afterwards(remains.Leftover(erased, tuple(files), words))
    tx.afterwards(remains.rewrite)
    return found


def keep_up(shop: Shop) -> int:
    """Erase again what a restored backup brought back, and finish what was broken off.

    A duty of the clockwork; returns how many files were erased again. The list beside the database
    says whose data was erased (:mod:`lib.shop.erasures`): a file that has its name still and was
    there at that time loses it again. Nothing is read while the list did not change.
    """
    folder = str(shop.place.folder)
    remains.rewrite_again(shop)
    if folder in _kept_up and _kept_up[folder] == erasures.stamp(shop.place):
        return 0
    again = _to_erase_again(shop)
    for member_id, why in again:
        with shop.write("member.erase_again", by=SYSTEM_ONLY | OWNER_ONLY) as tx:
            erase(tx, member_id, why)
    if erasures.note(shop.place, _in_the_books(shop)):
        remains.rewrite(shop)
    _kept_up[folder] = erasures.stamp(shop.place)
    return len(again)


def _to_erase_again(shop: Shop) -> list[tuple[int, Why]]:
    """Return the files on the list that have their name, each family once."""
    found: dict[int, Why] = {}
    with shop.read() as connection:
        for one in erasures.listed(shop.place):
            row = connection.execute(
                select(_member.c.merged_into, _member.c.id).where(
                    _member.c.id == one.member_id,
                    _member.c.erased_at.is_(None),
                    _member.c.created_at <= one.at,
                )
            ).first()
            if row is not None:
                found[row.merged_into or row.id] = Why(one.why)
    return sorted(found.items())


def _in_the_books(shop: Shop) -> list[Erased]:
    """Return the erasures the database knows of; a program that stopped may not have listed one."""
    rows, family = schema.erasure, _member.alias("family")
    query = select(family.c.id, rows.c.at, rows.c.why).join(
        rows, (rows.c.member_id == family.c.id) | (rows.c.member_id == family.c.merged_into)
    )
    with shop.read() as connection:
        return [Erased(row.at, row.id, row.why) for row in connection.execute(query)]


def _family(tx: Tx, root: int) -> list[int]:
    return family_ids(tx.connection, root)


def _begin(tx: Tx, member_id: int, why: Why) -> int:
    """Open append-only tables for this transaction and write the erasure down."""
    tx.execute(insert(_erasing).values(id=f"member:{member_id}"))
    return tx.add(
        schema.erasure, member_id=member_id, why=Why(why).value, counts={}, at=tx.now,
        person_id=tx.actor.id,
    )  # fmt: skip


def _end(tx: Tx, erasure_id: int, counts: Mapping[str, int]) -> None:
    rows = schema.erasure
    tx.execute(update(rows).where(rows.c.id == erasure_id).values(counts=dict(counts)))
    tx.execute(delete(_erasing))
