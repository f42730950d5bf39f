"""Reads of what is cheaper now. Public: nothing leaves that residents are not offered anyway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.shop import Shop
from lib.trade.charged.queries import Standing, charged_before, charged_for_offers
from lib.trade.charged.rules import Lowest, stands
from lib.trust.promotions.rules import Kind, Promotion, Running, Terms

MOST = 60
"""Promotions shown at most; a shop with more has no promotion but a price list."""

_product, _partner = schema.product, schema.product.alias("partner")
_round, _offer = schema.buying_round, schema.round_offer
_clearance, _welfare = schema.clearance, schema.welfare_item
_TERMS = {"discount": Terms.UNIT, "buy_one_get_one": Terms.PAIR, "bundle": Terms.BUNDLE}
_ORDER = (Kind.WELFARE, Kind.ROUND, Kind.CLEARANCE)


@dataclass(frozen=True)
class _Found:
    """A promotion as the books hold it, with the moment (UTC) it began."""

    row: Row[Any]
    kind: Kind
    began: datetime

    @property
    def price(self) -> Money:
        return Money(self.row.price_fen)

    @property
    def standing(self) -> Standing:
        return Standing(self.row.product_id, self.price, self.began)


def promotions(shop: Shop) -> tuple[Promotion, ...]:
    """Return what is cheaper now: welfare items, offers of open rounds, clearances. Public."""
    return running(shop).promotions


def running(shop: Shop) -> Running:
    """Return what is cheaper now and until when that holds unless the books change. Public."""
    now = shop.clock.now()
    with shop.read() as connection:
        found = _of_one_each(_found(connection, shop, now))
        lowest = _lowest(connection, shop, found)
        limits = _limits(connection, shop, found, now)
        until = connection.execute(_next_change(now)).scalar()
    shown = [
        _promotion(shop, one, lowest.get(_asked(one)), limits)
        for one in found
        if _is_cheaper(one, limits)
    ]
    shown.sort(key=lambda one: (_ORDER.index(one.kind), one.name, one.product_id))
    return Running(tuple(shown), until)


def _found(connection: Connection, shop: Shop, now: datetime) -> list[_Found]:
    welfare = [
        _Found(row, Kind.WELFARE, max(row.began, row.opens_at))
        for row in connection.execute(_welfare_items(now))
    ]
    clearances = [
        _Found(row, Kind.CLEARANCE, row.began) for row in connection.execute(_clearances(shop))
    ]
    offers = [_Found(row, Kind.ROUND, row.began) for row in connection.execute(_offers(now))]
    return [*welfare, *clearances, *offers]


def _of_one_each(found: Sequence[_Found]) -> list[_Found]:
    """Return each thing once: a welfare item or a clearance also stands in a round."""
    shown: dict[tuple[int, int], _Found] = {}
    for one in found:
        if one.kind is Kind.ROUND:
            shown.setdefault((one.row.product_id, one.row.price_fen), one)
        else:
            shown[one.row.product_id, one.row.price_fen] = one
    return list(shown.values())[:MOST]


def _sold() -> tuple[ColumnElement[bool], ...]:
    return (_product.c.archived_at.is_(None), _product.c.stopped_at.is_(None))


def _taken(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What a round must be to take orders at ``now``."""
    return (_round.c.opens_at <= now, _round.c.cut_off_at > now, _round.c.closed_at.is_(None))


def _columns() -> list[ColumnElement[Any]]:
    return [
        _product.c.id.label("product_id"),
        _product.c.name,
        _product.c.sale_unit,
        _product.c.unit_grams,
        _product.c.price_fen.label("now_fen"),
    ]


def _offers(now: datetime) -> Select[Any]:
    """Offers of open rounds below the usual price, or with a price beside them."""
    below = _offer.c.price_fen < _product.c.price_fen
    return (
        select(
            *_columns(),
            _offer.c.price_fen,
            _offer.c.compared_fen,
            _offer.c.compared_basis,
            _round.c.opens_at.label("began"),
            _round.c.cut_off_at.label("ends_at"),
        )
        .select_from(_round)
        .join(_offer, _offer.c.round_id == _round.c.id)
        .join(_product, _product.c.id == _offer.c.product_id)
        .where(*_taken(now), below | _offer.c.compared_fen.is_not(None), *_sold())
        .order_by(_round.c.cut_off_at, _offer.c.position)
        .limit(MOST)
    )


def _clearances(shop: Shop) -> Select[Any]:
    return (
        select(
            *_columns(),
            _clearance.c.price_fen,
            _clearance.c.kind,
            _clearance.c.reason,
            _clearance.c.started_at.label("began"),
            _clearance.c.ends_on,
            _partner.c.name.label("partner"),
            _partner.c.sale_unit.label("partner_unit"),
            _partner.c.price_fen.label("partner_fen"),
        )
        .select_from(_clearance)
        .join(_product, _product.c.id == _clearance.c.product_id)
        .outerjoin(_partner, _partner.c.id == _clearance.c.partner_id)
        .where(_clearance.c.ends_on >= shop.today, _clearance.c.ended_at.is_(None), *_sold())
        .order_by(_clearance.c.id.desc())
        .limit(MOST)
    )


def _welfare_items(now: datetime) -> Select[Any]:
    """Welfare items whose round takes orders, at the price that is charged there.

    One that was put into a round still to open is cheaper from the moment that opens.
    """
    here = (_offer.c.round_id == _welfare.c.round_id) & (
        _offer.c.product_id == _welfare.c.product_id
    )
    return (
        select(
            *_columns(),
            _offer.c.price_fen,
            _welfare.c.reason,
            _welfare.c.offered_at.label("began"),
            _round.c.opens_at,
            _round.c.cut_off_at.label("ends_at"),
        )
        .select_from(_round)
        .join(_welfare, _welfare.c.round_id == _round.c.id)
        .join(_offer, here)
        .join(_product, _product.c.id == _welfare.c.product_id)
        .where(*_taken(now), _welfare.c.status == "offered", *_sold())
        .order_by(_welfare.c.id)
        .limit(MOST)
    )


def _next_change(now: datetime) -> Select[Any]:
    """Return the query for the next moment at which a round opens or is cut off by itself."""
    ahead = (_round.c.cut_off_at > now, _round.c.closed_at.is_(None))
    moments = [
        select(column.label("at")).where(column > now, *ahead)
        for column in (_round.c.opens_at, _round.c.cut_off_at)
    ]
    both = moments[0].union_all(moments[1]).subquery("moments")
    return select(func.min(both.c.at))


def _asked(one: _Found) -> tuple[int, datetime]:
    return one.row.product_id, one.began


def _lowest(
    connection: Connection, shop: Shop, found: Iterable[_Found]
) -> dict[tuple[int, datetime], Lowest]:
    """Return the lowest price charged before each promotion began: one look per beginning."""
    by_start: dict[datetime, list[int]] = {}
    for one in found:
        by_start.setdefault(one.began, []).append(one.row.product_id)
    days, zone = shop.settings.compared_price_days, shop.settings.time_zone
    return {
        (product_id, began): lowest
        for began, products in by_start.items()
        for product_id, lowest in charged_before(connection, products, began, days, zone).items()
    }


def _limits(
    connection: Connection, shop: Shop, found: Iterable[_Found], now: datetime
) -> dict[Standing, Lowest]:
    compared = [
        one.standing for one in found if one.kind is Kind.ROUND and one.row.compared_fen is not None
    ]
    if not compared:
        return {}
    days, zone = shop.settings.compared_price_days, shop.settings.time_zone
    return charged_for_offers(connection, compared, now, days, zone)


def _is_cheaper(one: _Found, limits: dict[Standing, Lowest]) -> bool:
    """Whether it is a promotion once a compared price that no longer stands is left out."""
    if one.kind is not Kind.ROUND or one.row.price_fen < one.row.now_fen:
        return True
    return _compared(one, limits)[0] is not None


def _promotion(
    shop: Shop, one: _Found, lowest: Lowest | None, limits: dict[Standing, Lowest]
) -> Promotion:
    row, zone = one.row, shop.settings.time_zone
    values = row._mapping
    compared, limit = _compared(one, limits)
    ends = values.get("ends_on") or local_day(values["ends_at"], zone)
    terms = _TERMS.get(values.get("kind", ""), Terms.UNIT)
    partner_fen = values.get("partner_fen")
    return Promotion(
        product_id=row.product_id,
        name=row.name,
        unit=Unit(row.sale_unit, row.unit_grams),
        kind=one.kind,
        price=one.price,
        lowest=lowest.price if lowest else None,
        lowest_on=local_day(lowest.at, zone) if lowest else None,
        is_recent=bool(lowest and lowest.is_recent),
        averaged=bool(lowest and lowest.averaged),
        compared=compared,
        compared_basis=row.compared_basis if compared is not None else "",
        from_day=local_day(one.began, zone),
        to_day=ends,
        reason=values.get("reason") or "",
        terms=terms,
        now=None if terms is Terms.UNIT else Money(row.now_fen),
        partner=values.get("partner") or "",
        partner_unit=values.get("partner_unit") or "",
        partner_price=None if partner_fen is None else Money(partner_fen),
        limit=limit,
    )


def _compared(one: _Found, limits: dict[Standing, Lowest]) -> tuple[Money | None, Lowest | None]:
    """Return the price beside an offer, if the rule still lets it stand, and what it is."""
    if one.kind is not Kind.ROUND or one.row.compared_fen is None:
        return None, None
    compared, limit = Money(one.row.compared_fen), limits.get(one.standing)
    if not stands(one.price, compared, one.row.compared_basis, limit):
        return None, None
    return compared, limit
