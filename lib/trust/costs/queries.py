"""Reads of published sheets (R20).

Everything here answers residents and reads the table ``cost_sheet`` only: what was not published
cannot leave through it. What the next sheet would say is in :mod:`lib.trust.costs.draft`.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    cast,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import registry
from sqlalchemy.sql import Executable

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from lib.supply.labels.queries import in_force
from lib.trust.costs.rules import Line, Sheet, short_fingerprint
from lib.trust.costs.stored import items_of, line_in, sheet_in

PUBLISH = "cost_sheet.publish"
"""The journal's name for a publication; the newest such row knows the newest sheet."""

MOST_SHEETS = 60
MOST_POINTS = 150
"""Sheets that the history of a product goes back: a year of three a week."""
SHEETS_AROUND = 8
"""Sheets looked through for the one that a delivery belongs to."""

_NAMES_ON_PAGE = ("shop_name", "community", "pickup_point", "time_zone")

_SHEET = schema.cost_sheet
_CORRECTED = schema.cost_sheet.alias("corrected")


@dataclass(frozen=True)
class Heading:
    """A published sheet without its lines."""

    number: int
    title: str
    day: date
    data_as_of: datetime
    corrects: int | None
    correction: str
    fingerprint: str

    @property
    def short(self) -> str:
        """The fingerprint as people compare it."""
        return short_fingerprint(self.fingerprint)


@dataclass(frozen=True)
class Showing:
    """All that a public page shows: the sheet, newer sheets that correct it, and the others."""

    sheet: Sheet
    corrected_by: tuple[Heading, ...] = ()
    others: tuple[Heading, ...] = field(default=())
    newest: int = 0


@dataclass(frozen=True)
class Point:
    """What one sheet said of one product; ``corrected_by`` is the sheet that corrects it."""

    number: int
    day: date
    line: Line
    corrects: int | None = None
    corrected_by: int | None = None


@dataclass(frozen=True)
class Edition:
    """What decides the bytes of the public page.

    The newest sheet, the names printed on it, and ``only_here``: the products that bear the
    community's own label now (R3). The last comes live from the books and is no part of any sheet.

    ``change`` is the number of the journal's newest row, 0 before the first: every change of the
    books writes one, so while it stands nothing changed. Two editions that differ in it alone are
    the same page.
    """

    fingerprint: str
    names: tuple[tuple[str, str], ...]
    only_here: frozenset[int] = frozenset()
    change: int = field(default=0, compare=False)

    @property
    def time_zone(self) -> str:
        """The zone of the shop's clock."""
        return self.name("time_zone", Settings().time_zone)

    @property
    def printed(self) -> dict[str, str]:
        """The names at the head of a light page, empty where the owner stored none."""
        return {name: self.name(name) for name in _NAMES_ON_PAGE if name != "time_zone"}

    def name(self, setting: str, default: str = "") -> str:
        """Return the value of ``setting``, or ``default`` where the owner stored none."""
        return dict(self.names).get(setting, default)


def published_sheets(shop: Shop, limit: int = MOST_SHEETS) -> list[Heading]:
    """Return the newest published sheets without their lines, newest first. Public."""
    with shop.read() as connection:
        return _headings(connection, limit)


def newest_sheet(shop: Shop) -> Sheet | None:
    """Return the newest published sheet, None before the first. Public."""
    with shop.read() as connection:
        row = connection.execute(_sheets().order_by(_SHEET.c.number.desc()).limit(1)).first()
    return sheet_in(row) if row else None


def sheet(shop: Shop, number: int) -> Sheet:
    """Return sheet ``number``; raises ``NotFound``. Public."""
    with shop.read() as connection:
        return _sheet_numbered(connection, number)


def showing(shop: Shop, number: int | None = None) -> Showing | None:
    """Return what a public page shows of sheet ``number`` (None: the newest). Public.

    None before the first publication; raises ``NotFound`` for a number that was never published.
    """
    with shop.read() as connection:
        headings = _headings(connection, MOST_SHEETS)
        if not headings and number is None:
            return None
        newest = headings[0].number if headings else 0
        shown = _sheet_numbered(connection, newest if number is None else number)
        corrections = connection.execute(
            _heading_columns().where(_CORRECTED.c.number == shown.number).order_by(_SHEET.c.number)
        ).all()
    return Showing(
        shown,
        tuple(_heading(row) for row in corrections),
        tuple(heading for heading in headings if heading.number != shown.number),
        newest,
    )


def cost_history(shop: Shop, product_id: int, limit: int = MOST_POINTS) -> list[Point]:
    """Return what the newest ``limit`` sheets said of a product, oldest first. Public.

    A sheet that does not fit its fingerprint is not shown, here as anywhere.
    """
    with shop.read() as connection:
        rows = connection.execute(_sheets().order_by(_newest_first()).limit(limit)).all()
    corrected = {row.corrects: row.number for row in reversed(rows) if row.corrects is not None}
    points = [_point(row, product_id) for row in reversed(rows)]
    return [replace(point, corrected_by=corrected.get(point.number)) for point in points if point]


def sheet_on(shop: Shop, product_id: int, day: date) -> Point | None:
    """Return what the sheet said of a product that goods of ``day`` were sold by. Public.

    The newest sheet of that day or before that bears the product, else the first one after it;
    None before the first. A sheet that does not fit its fingerprint is not shown.
    """
    before = _sheets().where(_SHEET.c.day <= day).order_by(_SHEET.c.day.desc(), _newest_first())
    after = _sheets().where(_SHEET.c.day > day).order_by(_SHEET.c.day, _newest_first())
    with shop.read() as connection:
        for query in (before, after):
            for row in connection.execute(query.limit(SHEETS_AROUND)):
                found = _point(row, product_id)
                if found is not None:
                    return found
    return None


def newest_said(
    connection: Connection, product_id: int, limit: int = SHEETS_AROUND
) -> Point | None:
    """Return what the newest of the last ``limit`` sheets that bears the product said of it.

    A sheet that does not fit its fingerprint proves nothing and is passed over. Public.
    """
    for row in connection.execute(_sheets().order_by(_newest_first()).limit(limit)):
        found = _point(row, product_id)
        if found is not None:
            return found
    return None


def edition(store: Store) -> Edition:
    """Return what the public pages depend on. Asked on every view, so it is one statement."""
    with store.read() as connection:
        rows = connection.execute(_edition_written(connection.dialect.name)).all()
    names = tuple((row.name, row.value) for row in rows if row.name is not None)
    labelled = (rows[0].only_here or "").split(",")
    only_here = frozenset(int(number) for number in labelled if number)
    return Edition(rows[0].fingerprint or "", names, only_here, rows[0].change or 0)


@cache
def _edition_written(dialect_name: str) -> Executable:
    """Return the statement as text, with its columns: nothing in it changes from view to view.

    Filling in its list of names at every view would cost half as much again as asking it.
    """
    dialect = registry.load(dialect_name)()
    written = _EDITION.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return text(str(written)).columns(*_EDITION.selected_columns)


def is_published_photo(shop: Shop, sha256: str) -> bool:
    """Whether anybody may see this picture: a newest sheet shows it and the product still does.

    A picture taken off its product is no longer public, whatever older sheets point at. Public.
    """
    products = schema.product
    newest = select(_SHEET.c.body).order_by(_SHEET.c.number.desc()).limit(MOST_SHEETS)
    with shop.read() as connection:
        shown = select(products.c.id).where(products.c.photo == sha256).limit(1)
        if connection.execute(shown).first() is None:
            return False
        bodies = connection.execute(newest).scalars()
        return any(item.get("photo") == sha256 for body in bodies for item in items_of(body))


def _columns() -> list[ColumnElement[Any]]:
    return [
        _SHEET.c.number,
        _SHEET.c.title,
        _SHEET.c.day,
        _SHEET.c.data_as_of,
        _CORRECTED.c.number.label("corrects"),
        _SHEET.c.correction,
        _SHEET.c.fingerprint,
    ]


def _from(query: Select[Any]) -> Select[Any]:
    joined = _SHEET.outerjoin(_CORRECTED, _CORRECTED.c.id == _SHEET.c.corrects_id)
    return query.select_from(joined)


def _heading_columns() -> Select[Any]:
    return _from(select(*_columns()))


def _sheets() -> Select[Any]:
    raw = type_coerce(_SHEET.c.body, Text).label("raw")
    return _from(select(*_columns(), _SHEET.c.previous_fingerprint, raw))


def _headings(connection: Connection, limit: int) -> list[Heading]:
    query = _heading_columns().order_by(_SHEET.c.number.desc()).limit(limit)
    return [_heading(row) for row in connection.execute(query)]


def _heading(row: Row[Any]) -> Heading:
    return Heading(
        row.number,
        row.title,
        row.day,
        row.data_as_of,
        row.corrects,
        row.correction,
        row.fingerprint,
    )


def _sheet_numbered(connection: Connection, number: int) -> Sheet:
    row = connection.execute(_sheets().where(_SHEET.c.number == number)).first()
    if row is None:
        raise NotFound(N_("There is no sheet number {number}."), number=number)
    return sheet_in(row)


def _newest_first() -> ColumnElement[Any]:
    return _SHEET.c.number.desc()


def _point(row: Row[Any], product_id: int) -> Point | None:
    line = line_in(row, product_id)
    return None if line is None else Point(row.number, row.day, line, row.corrects)


_NEWEST = select(
    select(_SHEET.c.fingerprint)
    .order_by(_SHEET.c.number.desc())
    .limit(1)
    .scalar_subquery()
    .label("fingerprint"),
    select(func.aggregate_strings(cast(schema.community_label.c.product_id, Text), ","))
    .where(in_force())
    .scalar_subquery()
    .label("only_here"),
    select(func.max(schema.journal.c.id)).scalar_subquery().label("change"),
).subquery("newest")
_EDITION = (
    select(
        _NEWEST.c.fingerprint,
        _NEWEST.c.only_here,
        _NEWEST.c.change,
        schema.setting.c.name,
        schema.setting.c.value,
    )
    .select_from(_NEWEST.outerjoin(schema.setting, schema.setting.c.name.in_(_NAMES_ON_PAGE)))
    .order_by(schema.setting.c.name)
)
