"""Reads of products. Purchase prices leave a query only for those who may see them (E14)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.kernel.quantity import Measure, Unit
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop
from lib.trade.products import rules

MOST = 500
"""Products one list shows at most."""


@dataclass(frozen=True)
class Product:
    """A product as the desk sees it.

    ``price`` and ``purchase_price`` are per sale unit; the latter is None for those who may not
    see cost. ``conversions`` are grams or sale units per package word. ``photo`` is the SHA-256 of
    its blob. ``version`` belongs to the edit form.
    ``stopped_at`` says since when it is not sold, for ``stop_reason``; None while it may be.
    """

    id: int
    name: str
    category: str
    is_fresh: bool
    is_daily: bool
    is_fragile: bool
    unit: Unit
    content_grams: int | None
    content_pieces: int | None
    price: Money
    purchase_price: Money | None
    description: str
    photo: str | None
    archived_at: datetime | None
    version: int
    aliases: tuple[str, ...]
    conversions: Mapping[str, int]
    stopped_at: datetime | None = None
    stop_reason: str = ""

    @property
    def price_per_jin(self) -> Money | None:
        """What 500 g cost; None when the weight is unknown."""
        return rules.price_per_jin(self.price, self.unit, self.content_grams)

    @property
    def margin(self) -> rules.Margin | None:
        """Price minus purchase price; None when that is unknown or not for this reader."""
        return rules.margin(self.price, self.purchase_price)

    @property
    def details(self) -> rules.Details:
        """All that an edit form starts from."""
        return rules.Details(
            self.name,
            self.unit.word,
            self.price,
            self.category,
            self.is_fresh,
            self.is_daily,
            self.is_fragile,
            self.content_grams,
            self.content_pieces,
            self.purchase_price,
            self.description,
            self.aliases,
            dict(self.conversions),
        )


@dataclass(frozen=True)
class CatalogueItem:
    """A product as orders want it: what it is called, its unit and what it costs.

    ``unit`` is the word of the sale unit and ``unit_grams`` its grams (None when sold by piece);
    ``price`` is per sale unit, the offer's when a round was asked for. ``conversions`` say how
    many base amounts (grams when ``unit_grams`` is set, else sale units) a package word means.
    ``household_limit`` and ``available`` are base amounts of the offer, None = no limit. A
    ``stopped`` product is not sold until somebody releases it: new orders for it are refused.
    """

    product_id: int
    name: str
    aliases: tuple[str, ...]
    unit: str
    unit_grams: int | None
    price: Money
    conversions: Mapping[str, int]
    content_grams: int | None
    content_pieces: int | None
    is_fresh: bool
    is_fragile: bool
    household_limit: int | None = None
    available: int | None = None
    stopped: bool = False

    @property
    def sale_unit(self) -> Unit:
        """The sale unit as a value that converts and prices."""
        return Unit(self.unit, self.unit_grams)

    @property
    def measure(self) -> Measure:
        """Whether quantities of it are grams or sale units."""
        return self.sale_unit.measure


@dataclass(frozen=True)
class PriceChange:
    """One price a product had from ``at`` on. ``kind`` is ``sale`` or ``purchase``."""

    kind: str
    price: Money | None
    at: datetime
    by: str


def products(
    shop: Shop, search: str = "", *, archived: bool = False, limit: int = MOST
) -> tuple[Product, ...]:
    """Return products by name: those in use, or the archived ones.

    ``search`` is looked for in name, aliases and category; at most ``limit`` rows.
    """
    shop.require(DESK)
    table = schema.product
    query = select(table).order_by(table.c.category, table.c.name).limit(min(limit, MOST))
    query = query.where(table.c.archived_at.is_not(None) if archived else _in_use())
    if clean(search):
        query = query.where(_answers_to(clean(search)))
    with shop.read() as connection:
        return _read(connection, query, with_cost=shop.may_see_cost)


def product(shop: Shop, product_id: int) -> Product:
    """Return one product, archived or not; raises ``NotFound``."""
    shop.require(DESK)
    query = select(schema.product).where(schema.product.c.id == product_id)
    with shop.read() as connection:
        found = _read(connection, query, with_cost=shop.may_see_cost)
    if not found:
        raise NotFound(N_("This product does not exist."))
    return found[0]


def catalogue(shop: Shop, round_id: int | None = None) -> tuple[CatalogueItem, ...]:
    """Return the goods orders are read against.

    With ``round_id`` the offers of that round in their order and at their prices, archived
    products included (their orders still have to be read); without, all products in use at
    today's prices. Empty for an unknown round.
    """
    shop.require(DESK)
    table, offers = schema.product, schema.round_offer
    limits: dict[int, tuple[Money, int | None, int | None]] = {}
    with shop.read() as connection:
        query = select(table).order_by(table.c.name).limit(MOST)
        if round_id is None:
            query = query.where(_in_use())
        else:
            chosen = select(offers).where(offers.c.round_id == round_id).order_by(offers.c.position)
            for row in connection.execute(chosen):
                limits[row.product_id] = (Money(row.price_fen), row.household_limit, row.available)
            query = query.where(table.c.id.in_(list(limits)))
        found = _read(connection, query, with_cost=False)
    if round_id is None:
        return tuple(_item(each, each.price, None, None) for each in found)
    by_id = {each.id: each for each in found}
    return tuple(_item(by_id[key], *limit) for key, limit in limits.items())


def price_history(shop: Shop, product_id: int, limit: int = 200) -> tuple[PriceChange, ...]:
    """Return the prices of a product, newest first; purchase prices only for those who may see."""
    shop.require(DESK)
    changes, people = schema.price_change, schema.person
    query = (
        select(changes.c.kind, changes.c.price_fen, changes.c.at, people.c.name)
        .outerjoin(people, people.c.id == changes.c.person_id)
        .where(changes.c.product_id == product_id)
        .order_by(changes.c.id.desc())
        .limit(limit)
    )
    if not shop.may_see_cost:
        query = query.where(changes.c.kind == "sale")
    with shop.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        PriceChange(row.kind, _money(row.price_fen), row.at, row.name or "") for row in rows
    )


def shared_words(shop: Shop) -> dict[str, tuple[str, ...]]:
    """Return the words several products in use answer to, with their names."""
    return rules.shared_words({each.name: each.aliases for each in products(shop)})


def names_in_use(shop: Shop) -> frozenset[str]:
    """Return the folded names of the products in use."""
    shop.require(DESK)
    with shop.read() as connection:
        query = select(schema.product.c.folded_name).where(_in_use()).limit(MOST)
        return frozenset(connection.execute(query).scalars())


def categories(shop: Shop) -> tuple[str, ...]:
    """Return the categories in use, for choosing instead of typing."""
    shop.require(DESK)
    column = schema.product.c.category
    query = select(column).where(column != "").distinct().order_by(column).limit(MOST)
    with shop.read() as connection:
        return tuple(connection.execute(query).scalars())


def is_offered_photo(shop: Shop, sha256: str) -> bool:
    """Whether a product bears the photo ``sha256`` now and is in a round that has opened. Public.

    Such a picture goes to the group anyway. Taking it off the product withdraws it at once
    (reliability A27).
    """
    table, offers, rounds = schema.product, schema.round_offer, schema.buying_round
    query = (
        select(table.c.id)
        .join(offers, offers.c.product_id == table.c.id)
        .join(rounds, rounds.c.id == offers.c.round_id)
        .where(table.c.photo == sha256, rounds.c.opens_at <= shop.clock.now())
        .limit(1)
    )
    with shop.read() as connection:
        return connection.execute(query).first() is not None


def _in_use() -> ColumnElement[bool]:
    return schema.product.c.archived_at.is_(None)


def _answers_to(search: str) -> ColumnElement[bool]:
    table, aliases = schema.product, schema.product_alias
    pattern = f"%{_escaped(folded(search))}%"
    typed = f"%{_escaped(search.lower())}%"
    alias = exists().where(
        aliases.c.product_id == table.c.id, func.lower(aliases.c.alias).like(typed, escape="\\")
    )
    return or_(
        table.c.folded_name.like(pattern, escape="\\"),
        func.lower(table.c.category).like(typed, escape="\\"),
        alias,
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _read(connection: Connection, query: Select[Any], *, with_cost: bool) -> tuple[Product, ...]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    aliases = _aliases(connection, ids)
    conversions = _conversions(connection, ids)
    return tuple(
        Product(
            row.id,
            row.name,
            row.category,
            row.is_fresh,
            row.is_daily,
            row.is_fragile,
            Unit(row.sale_unit, row.unit_grams),
            row.content_grams,
            row.content_pieces,
            Money(row.price_fen),
            _money(row.purchase_price_fen) if with_cost else None,
            row.description,
            row.photo,
            row.archived_at,
            row.version,
            aliases.get(row.id, ()),
            conversions.get(row.id, {}),
            row.stopped_at,
            row.stop_reason,
        )
        for row in rows
    )


def _aliases(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    table = schema.product_alias
    query = select(table).where(table.c.product_id.in_(list(ids))).order_by(table.c.alias)
    found: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(query):
        found[row.product_id] = (*found.get(row.product_id, ()), row.alias)
    return found


def _conversions(connection: Connection, ids: Iterable[int]) -> dict[int, dict[str, int]]:
    table = schema.product_conversion
    query = select(table).where(table.c.product_id.in_(list(ids))).order_by(table.c.quantity)
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.product_id, {})[row.word] = row.quantity
    return found


def _item(
    each: Product, price: Money, household_limit: int | None, available: int | None
) -> CatalogueItem:
    return CatalogueItem(
        each.id,
        each.name,
        each.aliases,
        each.unit.word,
        each.unit.grams,
        price,
        each.conversions,
        each.content_grams,
        each.content_pieces,
        each.is_fresh,
        each.is_fragile,
        household_limit,
        available,
        each.stopped_at is not None,
    )


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)


__all__ = [
    "CatalogueItem",
    "PriceChange",
    "Product",
    "catalogue",
    "categories",
    "is_offered_photo",
    "names_in_use",
    "price_history",
    "product",
    "products",
    "shared_words",
]
