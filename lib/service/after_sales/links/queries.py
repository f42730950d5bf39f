"""Reads behind private addresses: what a resident sees of the one case, and the desk's list (R28).

What leaves here for a resident names nobody: no resident, no home, no person of the shop, no cost.
An address that was never made, ran out or was revoked is answered alike, by the same statement.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, true

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales.cards.queries import card_values, closed_days, select_cards
from lib.service.after_sales.clocks import Clock
from lib.service.after_sales.links import rules
from lib.service.after_sales.queries import family_of
from lib.service.after_sales.rules import ON_BOARD, CountedIn, Defect, EntryKind, Status
from lib.service.owed.queries import STILL_OPEN, owed_where
from lib.shop.people.queries import token_hash
from lib.shop.shop import DESK, Shop

NO_CASE = N_("This address shows nothing.")
MOST_SHOWN = 200
MOST_LINKS = 20

_case, _link, _entry = schema.after_sales_case, schema.case_link, schema.case_entry
_photo, _remedy, _owed = schema.case_photo, schema.case_remedy, schema.owed_goods
_person = schema.person


@dataclass(frozen=True)
class Behind:
    """What stands behind a valid token: its link, the case it shows now, and all joined with it."""

    link_id: int
    case_id: int
    family: tuple[int, ...]


@dataclass(frozen=True)
class Said:
    """One entry of the history that is for the resident; ``result`` of being asked afterwards."""

    kind: EntryKind
    text: str
    by_resident: bool
    at: datetime
    result: str = ""


@dataclass(frozen=True)
class Given:
    """What the shop did: ``kind`` of remedy, how much, and what money came back."""

    kind: str
    quantity: int | None
    amount: Money
    at: datetime


@dataclass(frozen=True)
class Promised:
    """Goods promised: ``open`` of ``quantity`` (grams or sale units) are not given yet.

    ``pick_day`` is when they lie ready; None once all was given.
    """

    product: str
    unit: Unit
    quantity: int
    open: int
    pick_day: date | None


@dataclass(frozen=True)
class Followed:
    """A case as the resident with its address sees it.

    ``photos`` are the numbers of their own photos; ``room`` says how many more may be added.
    """

    link_id: int
    number: str
    product: str
    defect: Defect
    bad: int | None
    of_total: int | None
    counted_in: CountedIn | None
    unit: Unit | None
    reported_at: datetime
    status: Status
    reply: Clock
    solution: Clock
    entries: tuple[Said, ...]
    photos: tuple[int, ...]
    room: int
    given: tuple[Given, ...]
    promised: tuple[Promised, ...]

    @property
    def running(self) -> bool:
        """Whether a message still reaches somebody who works on the case."""
        return self.status in ON_BOARD


@dataclass(frozen=True)
class Link:
    """A private address as the desk sees it; its token is not known here.

    ``holds``: it shows the case now. ``until`` is when it ends; None while the case is open, and
    for one that shows nothing any more.
    """

    id: int
    created_at: datetime
    person: str
    revoked_at: datetime | None
    holds: bool
    until: datetime | None


def is_full(connection: Connection, most: int) -> bool:
    """Whether ``most`` reports of residents wait for a first look."""
    waiting = (
        select(_case.c.id)
        .where(_case.c.status == Status.NEW.value, _case.c.source == "page")
        .limit(most)
    )
    return len(connection.execute(waiting).all()) >= most


def takes_reports(shop: Shop) -> bool:
    """Whether residents can report by themselves now: the door is open and not full. Public."""
    if not shop.settings.case_door:
        return False
    with shop.read() as connection:
        return not is_full(connection, shop.settings.most_waiting_cases)


def case_behind(connection: Connection, token: str, days: int, now: datetime) -> Behind | None:
    """Return what the private address with ``token`` shows ``now``; None: nothing."""
    hashed = token_hash(token if rules.is_token(token) else "")
    query = select(_link).where(_link.c.token_hash == hashed)
    link = connection.execute(query).first()
    if link is None:
        return None
    family = family_of(connection, link.case_id)
    case = connection.execute(select(_case).where(_case.c.id == family[0])).one()
    status = Status(case.status)
    if not rules.shows(link.expires_at, link.revoked_at, status, case.closed_at, days, now):
        return None
    return Behind(link.id, case.id, family)


def behind(shop: Shop, token: str) -> Behind | None:
    """Return what stands behind ``token`` now; None: nothing. For whoever has the address."""
    with shop.read() as connection:
        return case_behind(connection, token, shop.settings.case_link_days, shop.clock.now())


def case_by_token(shop: Shop, token: str) -> Followed | None:
    """Return the one case that ``token`` shows now; of a joined double the one it became.

    None for an address that was never made, ran out, or was revoked: they look alike.
    """
    now = shop.clock.now()
    with shop.read() as connection:
        found = case_behind(connection, token, shop.settings.case_link_days, now)
        return None if found is None else _followed(shop, connection, found)


def photo_by_token(shop: Shop, token: str, photo_id: int) -> str | None:
    """Return the address of a photo that a resident added to the case behind ``token``."""
    now = shop.clock.now()
    with shop.read() as connection:
        found = case_behind(connection, token, shop.settings.case_link_days, now)
        if found is None:
            return None
        query = select(_photo.c.blob).where(
            _photo.c.id == photo_id,
            _photo.c.case_id.in_(found.family),
            _photo.c.by_resident == true(),
            _photo.c.removed_at.is_(None),
        )
        blob: str | None = connection.execute(query).scalar_one_or_none()
        return blob


def reported_with(shop: Shop, key: str) -> int | None:
    """Return the case that a form with ``key`` opened before; None: it was not sent yet."""
    query = select(_case.c.id).where(_case.c.key == rules.kept_key(key))
    with shop.read() as connection:
        found: int | None = connection.execute(query).scalar_one_or_none()
        return found


def photos_at(shop: Shop, case_id: int) -> frozenset[str]:
    """Return the addresses of the photos of a case, those taken off left out."""
    query = select(_photo.c.blob).where(_photo.c.case_id == case_id, _photo.c.removed_at.is_(None))
    with shop.read() as connection:
        return frozenset(connection.execute(query).scalars())


def links_of(shop: Shop, case_id: int) -> tuple[Link, ...]:
    """Return the private addresses of a case and of what was joined with it, newest first."""
    shop.require(DESK)
    with shop.read() as connection:
        family = family_of(connection, case_id)
        case = connection.execute(select(_case).where(_case.c.id == family[0])).first()
        if case is None:
            return ()
        query = (
            select(_link, _person.c.name.label("person"))
            .outerjoin(_person, _person.c.id == _link.c.created_by)
            .where(_link.c.case_id.in_(family))
            .order_by(_link.c.id.desc())
            .limit(MOST_LINKS)
        )
        return tuple(_link_of(shop, row, case) for row in connection.execute(query))


def _link_of(shop: Shop, row: Row[Any], case: Row[Any]) -> Link:
    days, status = shop.settings.case_link_days, Status(case.status)
    holds = rules.shows(
        row.expires_at, row.revoked_at, status, case.closed_at, days, shop.clock.now()
    )
    until = rules.shows_until(row.expires_at, status, case.closed_at, days) if holds else None
    return Link(row.id, row.created_at, row.person or "", row.revoked_at, holds, until)


def heard_from(shop: Shop, case_ids: tuple[int, ...]) -> dict[int, datetime]:
    """Return when the resident of each case sent something that nobody answered since.

    Cases whose newest word is the shop's are left out; so are the reports themselves, which the
    clock of the first reply speaks of.
    """
    shop.require(DESK)
    kinds = (EntryKind.WROTE, EntryKind.PHOTO, EntryKind.FOLLOW_UP, EntryKind.REOPENED)
    newest = (
        select(_entry.c.case_id, func.max(_entry.c.id).label("id"))
        .where(_entry.c.case_id.in_(case_ids), _entry.c.for_resident == true())
        .group_by(_entry.c.case_id)
        .subquery()
    )
    query = (
        select(_entry.c.case_id, _entry.c.at)
        .join(newest, newest.c.id == _entry.c.id)
        .where(_entry.c.by_resident == true(), _entry.c.kind.in_([kind.value for kind in kinds]))
    )
    with shop.read() as connection:
        return {row.case_id: row.at for row in connection.execute(query)}


def _followed(shop: Shop, connection: Connection, found: Behind) -> Followed:
    row = connection.execute(select_cards().where(_case.c.id == found.case_id)).one()
    values = card_values(shop, row, closed_days(connection, shop.settings, [row]))
    photos = _own_photos(connection, found.family)
    here = [each for each in photos if each.case_id == found.case_id]
    return Followed(
        link_id=found.link_id,
        entries=_entries(connection, found.family),
        photos=tuple({each.blob: each.id for each in photos}.values()),
        room=max(0, shop.settings.case_photos - len(here)),
        given=_remedies(connection, found.family),
        promised=_promised(connection, found.family, shop.today),
        **{name: values[name] for name in SHARED},
    )


SHARED = (
    "number", "product", "defect", "bad", "of_total", "counted_in", "unit", "reported_at",
    "status", "reply", "solution",
)  # fmt: skip
"""What of a card its resident sees, too."""


def _own_photos(connection: Connection, family: tuple[int, ...]) -> list[Row[Any]]:
    query = (
        select(_photo.c.id, _photo.c.case_id, _photo.c.blob)
        .where(
            _photo.c.case_id.in_(family),
            _photo.c.by_resident == true(),
            _photo.c.removed_at.is_(None),
        )
        .order_by(_photo.c.id)
        .limit(MOST_SHOWN)
    )
    return list(connection.execute(query))


def _entries(connection: Connection, family: tuple[int, ...]) -> tuple[Said, ...]:
    query = (
        select(_entry)
        .where(_entry.c.case_id.in_(family), _entry.c.for_resident == true())
        .order_by(_entry.c.at.desc(), _entry.c.id.desc())
        .limit(MOST_SHOWN)
    )
    newest_last = reversed(connection.execute(query).all())
    return tuple(
        Said(
            EntryKind(row.kind),
            row.text,
            row.by_resident,
            row.at,
            str((row.details or {}).get("result", "")),
        )
        for row in newest_last
    )


def _remedies(connection: Connection, family: tuple[int, ...]) -> tuple[Given, ...]:
    query = (
        select(_remedy)
        .where(_remedy.c.case_id.in_(family), _remedy.c.undone_at.is_(None))
        .order_by(_remedy.c.at, _remedy.c.id)
        .limit(MOST_SHOWN)
    )
    return tuple(
        Given(row.kind, row.quantity, Money(row.amount_fen), row.at)
        for row in connection.execute(query)
    )


def _promised(connection: Connection, family: tuple[int, ...], today: date) -> tuple[Promised, ...]:
    """Return what is owed for a case and what was given, each with the day it lies ready."""
    mine = _owed.c.case_id.in_(family)
    ready = {each.id: each for each in owed_where(connection, today, and_(STILL_OPEN, mine))}
    query = (
        select(_owed)
        .where(mine, _owed.c.cancelled_at.is_(None))
        .order_by(_owed.c.id)
        .limit(MOST_SHOWN)
    )
    return tuple(
        Promised(
            row.product_name,
            Unit(row.sale_unit, row.unit_grams),
            row.quantity,
            ready[row.id].open if row.id in ready else 0,
            ready[row.id].pick_day if row.id in ready else None,
        )
        for row in connection.execute(query)
    )
