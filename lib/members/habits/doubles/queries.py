"""Reads of two files side by side, and of what they become."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, union_all

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.members.birthdays.queries import birthday_in
from lib.members.consents.rules import Purpose
from lib.members.habits.doubles.rules import (
    Answer,
    Clash,
    Lasting,
    Side,
    clashes,
    lasting,
    merged,
)
from lib.members.points.queries import balance_in as points_in
from lib.members.profiles.queries import Profile, family_ids, member
from lib.shop.shop import DESK, Shop

_consent, _preference = schema.consent, schema.preference


@dataclass(frozen=True)
class Preview:
    """Two files, what they become, where they disagree and what could not be undone."""

    keep: Side
    drop: Side
    result: Side
    clashes: tuple[Clash, ...]
    lasting: tuple[Lasting, ...]


def merge_preview(shop: Shop, keep_id: int, drop_id: int) -> Preview:
    """Return what merging ``drop_id`` into ``keep_id`` would do; nothing is written.

    Raises ``NotFound`` when one of the two does not exist, or both are one file already.
    """
    shop.require(DESK)
    profiles = [member(shop, member_id) for member_id in (keep_id, drop_id)]
    if profiles[0].card.id == profiles[1].card.id:
        raise NotFound(N_("These two are one file already."))
    with shop.read() as connection:
        keep, drop = (_side(connection, profile) for profile in profiles)
    return Preview(keep, drop, merged(keep, drop), clashes(keep, drop), lasting(keep, drop))


def _side(connection: Connection, profile: Profile) -> Side:
    card = profile.card
    family = family_ids(connection, card.id)
    sums = _sums(connection, family)
    points = points_in(connection, card.id)
    return Side(
        card.id,
        card.version,
        card.nickname,
        frozenset(card.other_names),
        card.home,
        card.phone,
        profile.usual_slot,
        profile.note,
        sums["orders"],
        Money(sums["spent"]),
        Money(sums["balance"]),
        points.available,
        points.pending,
        sums["cases"],
        sums["gifts"],
        kept.birthday if (kept := birthday_in(connection, card.id)) else None,
        _likings(connection, family),
        _answers(connection, family),
    )


def _sums(connection: Connection, family: list[int]) -> dict[str, int]:
    """Return counts and sums of a family, by name; one statement."""
    orders, payments, entries = schema.customer_order, schema.payment, schema.balance_entry
    cases, gifts = schema.after_sales_case, schema.gift
    active = func.coalesce(func.sum(case((orders.c.status == "active", 1), else_=0)), 0)
    parts = [
        select(literal("orders").label("what"), active.label("many")).where(
            orders.c.member_id.in_(family)
        ),
        select(literal("spent"), func.coalesce(func.sum(payments.c.amount_fen), 0)).where(
            payments.c.member_id.in_(family), payments.c.order_id.is_not(None)
        ),
        select(literal("balance"), func.coalesce(func.sum(entries.c.amount_fen), 0)).where(
            entries.c.member_id.in_(family)
        ),
        select(literal("cases"), func.count()).where(cases.c.member_id.in_(family)),
        select(literal("gifts"), func.count()).where(
            gifts.c.member_id.in_(family), gifts.c.cancelled_at.is_(None)
        ),
    ]
    return {row.what: int(row.many) for row in connection.execute(union_all(*parts))}


def _likings(connection: Connection, family: list[int]) -> frozenset[tuple[str, str]]:
    query = select(_preference.c.kind, _preference.c.name).where(
        _preference.c.member_id.in_(family), _preference.c.state == "accepted"
    )
    return frozenset((row.kind, row.name) for row in connection.execute(query))


def _answers(connection: Connection, family: list[int]) -> dict[Purpose, Answer]:
    query = (
        select(_consent.c.id, _consent.c.purpose, _consent.c.given)
        .where(_consent.c.member_id.in_(family))
        .order_by(_consent.c.id)
    )
    found: dict[Purpose, Answer] = {}
    row: Any
    for row in connection.execute(query):
        found[Purpose(row.purpose)] = Answer(row.id, row.given)
    return found
