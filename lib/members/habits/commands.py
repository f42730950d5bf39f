"""Writes of what somebody likes (R33). Nothing is stored without their consent.

What was noted never stands in the journal: a journal keeps, and a liking goes with its consent.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.members.consents.commands import give
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import How, Purpose
from lib.members.habits.queries import (
    Preference,
    Suggestion,
    decided_in,
    suggested_in,
)
from lib.members.habits.rules import MOST_PREFERENCES, Kind, State, checked_tag
from lib.members.habits.seen.commands import note_written, reckon_rhythm
from lib.members.profiles.present.queries import present_file
from lib.members.profiles.queries import family_ids
from lib.shop.language import translator
from lib.shop.shop import Shop, Tx

__all__ = [
    "accept_preference",
    "add_tag",
    "forget_preference",
    "note_written",
    "reckon_rhythm",
    "reject_preference",
]

_preference = schema.preference

ASK_FIRST = N_("Ask first: without consent nothing of what they like is kept.")


def accept_preference(
    shop: Shop,
    member_id: int,
    kind: Kind,
    product_id: int | None,
    name: str,
    how: How | None = None,
) -> int:
    """Keep that a member likes what was suggested; returns the preference's id.

    What it rests on, the count and its days, is reckoned anew and kept with it. ``how`` they
    agreed, where no consent stands yet. Raises ``Refused`` without consent and when the orders no
    longer suggest it, ``NotFound`` without that member.
    """
    with shop.write("preference.accept") as tx:
        tx.result = _decide(tx, member_id, (kind, product_id, name), State.ACCEPTED, how)
    return int(tx.result)


def reject_preference(
    shop: Shop,
    member_id: int,
    kind: Kind,
    product_id: int | None,
    name: str,
    how: How | None = None,
) -> int:
    """Keep that a suggestion is none: it comes back only when its count has doubled.

    Returns the id of the row; raises as :func:`accept_preference`.
    """
    with shop.write("preference.reject") as tx:
        tx.result = _decide(tx, member_id, (kind, product_id, name), State.REJECTED, how)
    return int(tx.result)


def forget_preference(shop: Shop, preference_id: int, version: int) -> None:
    """Delete a liking, a rejection or a tag; what was suggested before may be suggested again.

    Rows about the same thing of merged files go with it. Raises ``NotFound`` when it is gone, and
    ``Conflict`` when it changed since ``version``.
    """
    with shop.write("preference.forget") as tx:
        row = tx.row(_preference, preference_id)
        if row.version != version:
            raise tx.conflict(f"preference:{preference_id}")
        member = present_file(tx, row.member_id)
        tx.execute(delete(_preference).where(_same(row, family_ids(tx.connection, member.id))))
        tx.note(f"preference:{preference_id}", before=_said(member.id, row.kind, row.orders))


def add_tag(shop: Shop, member_id: int, tag: str, how: How | None = None) -> int:
    """Keep a neutral interest a member named; returns the id, also when it was known already.

    ``tag`` is one of ``rules.INTERESTS`` or a word or two; kept in the shop's language. ``how``
    they agreed, where no consent stands yet. Raises ``Refused`` without consent, for words about
    health or children, for a phone number, and when too much is kept already.
    """
    with shop.write("preference.tag") as tx:
        member = present_file(tx, member_id)
        kept = checked_tag(tag, translator(tx.settings.language))
        _refuse_without_consent(tx, member.id, how)
        known = decided_in(tx.connection, member.id)
        same = (one for one in known if one.kind is Kind.TAG and folded(one.name) == folded(kept))
        if (found := next(same, None)) is not None:
            tx.note(f"preference:{found.id}", after=_said(member.id, Kind.TAG, None))
            tx.result = found.id
        else:
            tx.result = _add(tx, member.id, known, kind=Kind.TAG, name=kept, state=State.ACCEPTED)
    return int(tx.result)


def _decide(
    tx: Tx,
    member_id: int,
    what: tuple[Kind, int | None, str],
    state: State,
    how: How | None,
) -> int:
    member = present_file(tx, member_id)
    _refuse_without_consent(tx, member.id, how)
    ground = _suggestion(tx, member.id, what)
    values = {
        "state": state,
        "orders": ground.orders,
        "from_on": ground.from_on,
        "until_on": ground.until_on,
    }
    known = decided_in(tx.connection, member.id)
    before = next((one for one in known if _is_about(one, ground)), None)
    if before is None:
        facts = {"kind": ground.kind, "product_id": ground.product_id, "name": ground.name}
        return _add(tx, member.id, known, **facts, **values)
    who = {"at": tx.now, "person_id": tx.actor.id}
    tx.change(_preference, before.id, before.version, **values, **who)
    tx.note(
        f"preference:{before.id}",
        before={"preference_state": before.state, "ordered_times": before.orders},
        after={**_said(member.id, ground.kind, ground.orders), "preference_state": state},
    )
    return before.id


def _suggestion(tx: Tx, member_id: int, what: tuple[Kind, int | None, str]) -> Suggestion:
    kind, product_id, name = what
    for one in suggested_in(tx.connection, tx.settings, tx.today, member_id):
        same = one.product_id == product_id if kind is Kind.PRODUCT else one.name == name
        if one.kind is kind and same:
            return one
    raise Refused(N_("The orders no longer suggest this, or somebody decided it. Look again."))


def _is_about(one: Preference, ground: Suggestion) -> bool:
    if one.kind is not ground.kind:
        return False
    if one.kind is Kind.PRODUCT:
        return one.product_id == ground.product_id
    return one.name == ground.name


def _add(tx: Tx, member_id: int, known: tuple[Preference, ...], **values: Any) -> int:
    if sum(one.state is State.ACCEPTED for one in known) >= MOST_PREFERENCES:
        raise Refused(
            N_("{count} likings are kept already; forget one first."), count=MOST_PREFERENCES
        )
    values["name"] = _free_name(tx, member_id, values)
    preference_id = tx.add(
        _preference, member_id=member_id, **values, at=tx.now, person_id=tx.actor.id
    )
    after = {
        **_said(member_id, values["kind"], values.get("orders")),
        "preference_state": values["state"],
    }
    tx.note(f"preference:{preference_id}", after=after)
    return preference_id


def _free_name(tx: Tx, member_id: int, values: dict[str, Any]) -> str:
    """Return the name under which a liking is kept: once per member and kind.

    A product is shown by its name of today. One that took the name of another it is told from by
    its number.
    """
    name = str(values["name"])
    taken = select(_preference.c.id).where(
        _preference.c.member_id == member_id,
        _preference.c.kind == values["kind"],
        _preference.c.name == name,
    )
    return name if tx.execute(taken).first() is None else f"{name} #{values['product_id']}"


def _refuse_without_consent(tx: Tx, member_id: int, how: How | None) -> None:
    """Raise ``Refused`` unless a consent stands; one that is given in this step is written."""
    if agreeing(tx.connection, Purpose.PREFERENCES, [member_id]):
        return
    if how is None:
        raise Refused(ASK_FIRST)
    give(tx, member_id, Purpose.PREFERENCES, how)


def _same(row: Row[Any], family: list[int]) -> ColumnElement[bool]:
    about = (
        _preference.c.product_id == row.product_id
        if row.kind == Kind.PRODUCT
        else _preference.c.name == row.name
    )
    return and_(_preference.c.member_id.in_(family), _preference.c.kind == row.kind, about)


def _said(member_id: int, kind: str, orders: int | None) -> dict[str, Any]:
    return {"member_id": member_id, "preference_kind": kind, "ordered_times": orders}
