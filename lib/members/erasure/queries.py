"""Reads before and after an erasure: what is open, what would go, what backups still hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import total
from lib.kernel.words import N_
from lib.members.erasure.rows.queries import Theirs, parts, theirs
from lib.members.erasure.rules import Unsettled, Why
from lib.members.points.queries import balance_in as points_in
from lib.members.profiles.queries import family_ids
from lib.service.after_sales.rules import OPEN
from lib.service.owed.queries import STILL_OPEN
from lib.service.picking.queries import progress
from lib.shop import backup
from lib.shop.shop import OWNER_ONLY, Shop
from lib.trade.payments.queries import balance_in, money_in

_member, _order = schema.member, schema.customer_order

GOES = (
    "member_alias", "birthday", "preference", "delivery_need", "case_photo", "activity_guest",
    "topic_answer",
)  # fmt: skip
STAYS = ("customer_order", "payment", "points_entry", "after_sales_case", "gift", "consent")


@dataclass(frozen=True)
class Preview:
    """What an erasure would do: rows that go and stay by table, and what must be settled first.

    ``points`` would lapse and ``coupons`` be void. ``backups_until`` is when the last backup that
    holds the data goes by itself; None when there is none.
    """

    version: int
    goes: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, int], ...]
    points: int
    coupons: int
    unsettled: Unsettled
    backups_until: datetime | None


@dataclass(frozen=True)
class Done:
    """An erasure that was done: when, why, and until when backups made before still hold it."""

    at: datetime
    why: Why
    backups_until: datetime | None


def preview(shop: Shop, member_id: int) -> Preview:
    """Return what erasing a member would do. Owner only. Raises ``NotFound``."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        root = root_of(connection, member_id)
        family = family_ids(connection, root)
        mine = theirs(connection, family)
        version = connection.execute(select(_member.c.version).where(_member.c.id == root)).scalar()
        goes = [(name, _count(connection, mine, name)) for name in GOES]
        stays = [(name, _count(connection, mine, name)) for name in STAYS]
        points = points_in(connection, root)
        return Preview(
            int(version or 0),
            tuple(each for each in goes if each[1]),
            tuple(each for each in stays if each[1]),
            points.available + points.pending,
            _free_coupons(connection, family),
            unsettled(connection, mine),
            backup.last_with(shop.place, shop.clock.now()),
        )


def done(shop: Shop, member_id: int) -> Done | None:
    """Return the erasure of a member file; None for one that has its name still."""
    erasures = schema.erasure
    query = select(erasures).where(erasures.c.member_id == member_id)
    with shop.read() as connection:
        row = connection.execute(query.order_by(erasures.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    return Done(row.at, Why(row.why), backup.last_with(shop.place, row.at))


def root_of(connection: Connection, member_id: int) -> int:
    """Return the file ``member_id`` is part of. Raises ``NotFound``, also for an erased one."""
    query = select(_member.c.id, _member.c.merged_into, _member.c.erased_at)
    row = connection.execute(query.where(_member.c.id == member_id)).first()
    if row is None:
        raise NotFound(N_("This member does not exist."))
    if row.erased_at is not None:
        raise NotFound(N_("This file was made anonymous."))
    return int(row.merged_into or row.id)


def unsettled(connection: Connection, mine: Theirs) -> Unsettled:
    """Return what is open between the shop and the resident of the rows ``mine``."""
    money = money_in(connection, mine.of(_order))
    return Unsettled(
        due=total(one.due for one in money.values()),
        overpaid=total(one.overpaid for one in money.values()),
        held=balance_in(connection, mine.family[0]),
        uncollected=_uncollected(connection, mine),
        owed=_owed(connection, mine),
        cases=_cases(connection, mine),
        recalls=_recalls(connection, mine),
    )


def _uncollected(connection: Connection, mine: Theirs) -> tuple[int, ...]:
    ids: list[int] = []
    for part in parts(mine.of(_order)):
        open_ones = progress(_order.c.id.in_(part)).subquery()
        query = select(open_ones.c.order_id).where(open_ones.c.open_lines > 0)
        ids += connection.execute(query).scalars()
    numbers: list[int] = []
    for part in parts(ids):
        query = select(_order.c.number).where(_order.c.id.in_(part), _order.c.status == "active")
        numbers += connection.execute(query).scalars()
    return tuple(sorted(numbers))


def _owed(connection: Connection, mine: Theirs) -> int:
    owed, found = schema.owed_goods, 0
    for part in parts(mine.of(owed)):
        query = select(func.count()).select_from(owed).where(owed.c.id.in_(part), STILL_OPEN)
        found += int(connection.execute(query).scalar_one())
    return found


def _cases(connection: Connection, mine: Theirs) -> tuple[int, ...]:
    cases = schema.after_sales_case
    found: list[int] = []
    for part in parts(mine.of(cases)):
        query = select(cases.c.id).where(cases.c.id.in_(part), cases.c.status.in_(sorted(OPEN)))
        found += connection.execute(query).scalars()
    return tuple(sorted(found))


def _recalls(connection: Connection, mine: Theirs) -> int:
    """Recalls that are open and of which nobody told the resident."""
    lines, recalls = schema.recall_line, schema.recall
    found = 0
    for part in parts(mine.of(lines)):
        query = (
            select(func.count(recalls.c.id.distinct()))
            .join(lines, lines.c.recall_id == recalls.c.id)
            .where(lines.c.id.in_(part), lines.c.told_at.is_(None), recalls.c.closed_at.is_(None))
        )
        found += int(connection.execute(query).scalar_one())
    return found


def _count(connection: Connection, mine: Theirs, name: str) -> int:
    table = schema.metadata.tables[name]
    if "id" in table.c:
        return len(mine.of(table))
    query = select(func.count()).select_from(table).where(table.c.member_id.in_(mine.family))
    return int(connection.execute(query).scalar_one())


def _free_coupons(connection: Connection, family: Sequence[int]) -> int:
    coupons = schema.coupon
    query = select(func.count()).where(
        coupons.c.member_id.in_(family), coupons.c.order_id.is_(None), coupons.c.void_at.is_(None)
    )
    return int(connection.execute(query).scalar_one())
