"""Reads of costs and of published sheets (R20).

``draft_sheet`` and ``verify_sheets`` are the owner's. Everything else answers residents and reads
the table ``cost_sheet`` only: what was not published cannot leave through it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, func, select

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.settings import Settings
from lib.shop.shop import OWNER_ONLY, Shop
from lib.supply.labels.queries import in_force
from lib.trust.costs.rules import (
    ALTERED,
    FIRST_SHAPE,
    KEPT_BY_OWNER,
    NO_COST,
    Cost,
    Line,
    Part,
    Remark,
    Sheet,
    Verdict,
    check_intact,
    digest,
    lines_of,
    loss_of,
    period_of,
    remarks_on,
    short_fingerprint,
    verify_chain,
)

PUBLISH = "cost_sheet.publish"
"""The journal's name for a publication; the newest such row knows the newest sheet."""

MOST_PRODUCTS = 500
MOST_SHEETS = 60
SHEETS_AROUND = 8
"""Sheets looked through for the one that a delivery belongs to."""

_NAMES_ON_PAGE = ("shop_name", "community", "pickup_point", "time_zone")

_SHEET = schema.cost_sheet
_CORRECTED = schema.cost_sheet.alias("corrected")


@dataclass(frozen=True)
class DraftLine:
    """A product as the next sheet would show it; no ``line`` while its purchase price is missing.

    ``costs`` and ``versions`` are what the owner keeps per part (version 0: nothing kept yet).
    ``round_title`` names the open round whose price is used instead of the product's own.
    """

    product_id: int
    name: str
    unit: str
    category: str
    line: Line | None
    costs: Mapping[Part, Cost]
    versions: Mapping[Part, int]
    round_title: str | None = None


@dataclass(frozen=True)
class Draft:
    """What could be published now, and the names of the products that miss a purchase price."""

    products: tuple[DraftLine, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are complete."""
        return tuple(item.line for item in self.products if item.line is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the products without a purchase price."""
        return tuple(item.name for item in self.products if item.line is None)

    def chosen(self, product_ids: Iterable[int]) -> tuple[Line, ...]:
        """Return the complete lines of ``product_ids`` in the order of the draft."""
        wanted = set(product_ids)
        return tuple(line for line in self.lines if line.product_id in wanted)

    def remarks(self, product_ids: Iterable[int]) -> list[Remark]:
        """Return what to look at before these products are published."""
        return [remark for line in self.chosen(product_ids) for remark in remarks_on(line)]

    def digest(self, product_ids: Iterable[int]) -> str:
        """Return the fingerprint of what the owner sees of these products now."""
        return digest(self.chosen(product_ids))


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
    """What one sheet said of one product."""

    number: int
    day: date
    line: Line


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


def draft_sheet(shop: Shop) -> Draft:
    """Return the costs of every product on sale as the next sheet would show them. Owner only."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return draft(connection, shop.clock.now())


def published_sheets(shop: Shop, limit: int = MOST_SHEETS) -> list[Heading]:
    """Return the newest published sheets without their lines, newest first. Public."""
    with shop.read() as connection:
        return _headings(connection, limit)


def newest_sheet(shop: Shop) -> Sheet | None:
    """Return the newest published sheet, None before the first. Public."""
    with shop.read() as connection:
        row = connection.execute(_sheets().order_by(_SHEET.c.number.desc()).limit(1)).first()
    return _sheet(row) if row else None


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


def cost_history(shop: Shop, product_id: int, limit: int = MOST_SHEETS) -> list[Point]:
    """Return what the newest ``limit`` sheets said of a product, oldest first. Public."""
    return cost_histories(shop, limit).get(product_id, [])


def cost_histories(shop: Shop, limit: int = MOST_SHEETS) -> dict[int, list[Point]]:
    """Return what the newest ``limit`` sheets said of every product, oldest first. Public."""
    with shop.read() as connection:
        rows = connection.execute(
            select(_SHEET.c.number, _SHEET.c.day, _SHEET.c.body)
            .order_by(_SHEET.c.number.desc())
            .limit(limit)
        ).all()
    points: dict[int, list[Point]] = {}
    for row in reversed(rows):
        for line in _lines(row):
            points.setdefault(line.product_id, []).append(Point(row.number, row.day, line))
    return points


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


def edition(store: Store) -> Edition:
    """Return what the public pages depend on. Asked on every view, so it is one statement."""
    with store.read() as connection:
        rows = connection.execute(_EDITION).all()
    names = tuple((row.name, row.value) for row in rows if row.name is not None)
    labelled = (rows[0].only_here or "").split(",")
    only_here = frozenset(int(number) for number in labelled if number)
    return Edition(rows[0].fingerprint or "", names, only_here, rows[0].change or 0)


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
        return any(item.get("photo") == sha256 for body in bodies for item in body["lines"])


def verify_sheets(shop: Shop) -> Verdict:
    """Check every published sheet: its fingerprint, its neighbours, the journal. Owner only."""
    shop.require(OWNER_ONLY)
    log = schema.journal
    last = select(log.c.details).where(log.c.action == PUBLISH).order_by(log.c.id.desc()).limit(1)
    with shop.read() as connection:
        rows = connection.execute(_sheets().order_by(_SHEET.c.number)).mappings().all()
        known = connection.execute(last).scalar()
    after = (known or {}).get("after") or {}
    newest = (after["number"], after["fingerprint"]) if "fingerprint" in after else None
    return verify_chain([dict(row) for row in rows], newest)


def draft(connection: Connection, now: datetime) -> Draft:
    """Return the draft as of ``now`` inside an open transaction."""
    kept = _kept_costs(connection)
    offered = _offered_prices(connection, now)
    products = schema.product
    rows = connection.execute(
        select(products)
        .where(products.c.archived_at.is_(None))
        .order_by(products.c.category, products.c.name, products.c.id)
        .limit(MOST_PRODUCTS)
    )
    return Draft(tuple(_draft_line(row, kept.get(row.id, {}), offered.get(row.id)) for row in rows))


def _draft_line(
    row: Row[Any], kept: dict[Part, tuple[Cost, int]], offered: tuple[int, str] | None
) -> DraftLine:
    costs = {part: cost for part, (cost, _version) in kept.items()}
    line = None
    if row.purchase_price_fen is not None:
        purchase = Money(row.purchase_price_fen)
        others: dict[str, Any] = {
            part.value: costs.get(part, NO_COST).amount or Money(0)
            for part in KEPT_BY_OWNER
            if part is not Part.LOSS
        }
        line = Line(
            product_id=row.id,
            name=row.name,
            unit=row.sale_unit,
            grams=row.unit_grams or row.content_grams,
            pieces=row.content_pieces,
            price=Money(offered[0] if offered else row.price_fen),
            purchase=purchase,
            loss=loss_of(purchase, costs.get(Part.LOSS, NO_COST)),
            photo=row.photo,
            **others,
        )
    return DraftLine(
        row.id,
        row.name,
        row.sale_unit,
        row.category,
        line,
        costs,
        {part: version for part, (_cost, version) in kept.items()},
        offered[1] if offered else None,
    )


def _kept_costs(connection: Connection) -> dict[int, dict[Part, tuple[Cost, int]]]:
    costs, products = schema.product_cost, schema.product
    kept: dict[int, dict[Part, tuple[Cost, int]]] = {}
    query = (
        select(costs)
        .join(products, products.c.id == costs.c.product_id)
        .where(products.c.archived_at.is_(None))
    )
    for row in connection.execute(query):
        amount = None if row.amount_fen is None else Money(row.amount_fen)
        cost = Cost(amount, row.rate_per_10000, row.basis)
        kept.setdefault(row.product_id, {})[Part(row.kind)] = (cost, row.version)
    return kept


def _offered_prices(connection: Connection, now: datetime) -> dict[int, tuple[int, str]]:
    """Prices of rounds not yet cut off; of several the highest, so that none is shown too low."""
    rounds, offers = schema.buying_round, schema.round_offer
    rows = connection.execute(
        select(offers.c.product_id, offers.c.price_fen, rounds.c.title)
        .join(rounds, rounds.c.id == offers.c.round_id)
        .where(rounds.c.cut_off_at > now, rounds.c.closed_at.is_(None))
        .order_by(offers.c.price_fen, rounds.c.id)
    )
    return {row.product_id: (row.price_fen, row.title) for row in rows}


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
    return _from(select(*_columns(), _SHEET.c.body, _SHEET.c.previous_fingerprint))


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
    return _sheet(row)


def _sheet(row: Row[Any]) -> Sheet:
    return check_intact(
        Sheet(
            number=row.number,
            title=row.title,
            day=row.day,
            data_as_of=row.data_as_of,
            lines=_lines(row),
            corrects=row.corrects,
            correction=row.correction,
            previous=row.previous_fingerprint,
            fingerprint=row.fingerprint,
            period=period_of(row.body),
            shape=row.body.get("shape", FIRST_SHAPE),
        )
    )


def _newest_first() -> ColumnElement[Any]:
    return _SHEET.c.number.desc()


def _point(row: Row[Any], product_id: int) -> Point | None:
    if all(item.get("product") != product_id for item in row.body["lines"]):
        return None
    try:
        whole = _sheet(row)
    except Refused:
        return None
    lines = {line.product_id: line for line in whole.lines}
    return Point(whole.number, whole.day, lines[product_id])


def _lines(row: Row[Any]) -> tuple[Line, ...]:
    try:
        return lines_of(row.body)
    except ValueError as error:
        raise Refused(ALTERED, number=row.number) from error


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
