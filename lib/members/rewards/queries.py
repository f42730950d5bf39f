"""Reads of rewards: the catalogue, what was redeemed, what is outstanding (R37).

No purchase cost leaves this module: goods count at their price on the shelf.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import Purpose
from lib.members.coupons import queries as coupons
from lib.members.coupons.rules import Coupon, State, check_use, read_code, taken_off
from lib.members.points.queries import Balance, balances_in, held
from lib.members.profiles.queries import family_ids
from lib.members.rewards import rules
from lib.members.rewards.rules import Goods, Kind, Reward, Terms
from lib.service.owed.queries import STILL_OPEN, sum_given
from lib.shop.shop import DESK, OWNER_ONLY, Shop
from lib.trade.orders.delivery.queries import charged_in
from lib.trade.payments.queries import money_in

MOST_REWARDS = 300
MOST_REDEMPTIONS = 100
MOST_DUE = 50

_reward, _redemption, _coupon = schema.reward, schema.redemption, schema.coupon
_product, _owed, _member = schema.product, schema.owed_goods, schema.member


@dataclass(frozen=True)
class Offer:
    """A coupon before an order: what it would take ``off``, and why it cannot be used on it.

    ``hindrance`` is None where it can.
    """

    coupon: Coupon
    off: Money
    hindrance: Refused | None = None


@dataclass(frozen=True)
class Redeemed:
    """One redemption. ``said`` is what was given for the points, as people write it.

    Of goods: ``owed_id``, the ``quantity`` promised and what of it was ``given``, in grams or sale
    units of ``unit``; ``gone`` when they are not owed any more. Of a coupon: the ``coupons``.
    """

    id: int
    version: int
    member_id: int
    name: str
    kind: Kind
    reward: str
    times: int
    points: int
    at: datetime
    by: str
    undone_at: datetime | None
    undo_reason: str
    owed_id: int | None = None
    product: str = ""
    unit: Unit | None = None
    quantity: int = 0
    given: int = 0
    gone: bool = False
    coupons: tuple[Coupon, ...] = field(default=())

    @property
    def said(self) -> str:
        """What was given: ``土鸡蛋 1kg``, ``¥10.00 × 2``."""
        if self.kind is Kind.PRODUCT and self.unit is not None:
            return f"{self.product} {self.unit.said(self.quantity)}"
        return f"{self.reward} × {self.times}" if self.times > 1 else self.reward

    @property
    def open(self) -> int:
        """What of the goods is still to be handed over."""
        stands = self.undone_at is None and not self.gone
        return max(self.quantity - self.given, 0) if stands else 0

    @property
    def used_on(self) -> int | None:
        """The order one of its coupons is on; None for none."""
        return next((one.order_id for one in self.coupons if one.order_id is not None), None)


@dataclass(frozen=True)
class Liability:
    """What the shop has promised for points, in yuan (R37).

    ``points`` are available or pending and count at the rate of ``by``, the reward still offered in
    which a point is worth most; without one they count nothing. ``coupons`` of them can still be
    used. ``goods`` were redeemed and wait to be handed over, at their price on the shelf. Members
    owe ``owed`` points.
    """

    points: int
    owed: int
    by: Reward | None
    coupons: int
    coupon_value: Money
    goods: Money

    @property
    def point_value(self) -> Money:
        """What all points together are worth."""
        return rules.worth_of(self.points, self.by) if self.by else Money(0)

    @property
    def value(self) -> Money:
        """Everything together."""
        return self.point_value + self.coupon_value + self.goods


@dataclass(frozen=True)
class Expiring:
    """A coupon that runs out soon, and whose it is."""

    coupon: Coupon
    member_id: int
    name: str


@dataclass(frozen=True)
class RewardsDue:
    """What Today says: coupons that run out, soonest first, and redeemed goods not collected.

    At most :data:`MOST_DUE` of the coupons are listed; ``coupons`` and ``goods`` count all.
    ``oldest`` is when the first of the goods were redeemed.
    """

    coupons: int
    value: Money
    expiring: tuple[Expiring, ...]
    goods: int
    oldest: datetime | None


def rewards_now(shop: Shop) -> tuple[Reward, ...]:
    """Return the rewards offered now, those for the fewest points first."""
    shop.require(DESK)
    with shop.read() as connection:
        return offered(connection, shop.clock.now())


def offered(connection: Connection, now: datetime) -> tuple[Reward, ...]:
    """Return the rewards in force at ``now``, those for the fewest points first."""
    in_force = and_(
        _reward.c.from_at <= now, or_(_reward.c.until_at.is_(None), _reward.c.until_at > now)
    )
    found = _rewards(connection, in_force)
    return tuple(sorted(found, key=lambda one: (one.terms.points, one.series)))


def all_rewards(shop: Shop) -> tuple[Reward, ...]:
    """Return every version of every reward, newest first: what was promised stays readable."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return _rewards(connection, None)


def reward_in(connection: Connection, reward_id: int) -> Reward | None:
    """Return one version of a reward; None for none."""
    found = _rewards(connection, _reward.c.id == reward_id)
    return found[0] if found else None


def goods_in(connection: Connection, product_id: int) -> Goods | None:
    """Return a product as a reward names it; None for none."""
    row = connection.execute(select(_product).where(_product.c.id == product_id)).first()
    return None if row is None else _goods(row)


def redemptions_of(
    shop: Shop, member_id: int, limit: int = MOST_REDEMPTIONS
) -> tuple[Redeemed, ...]:
    """Return what a member redeemed, the newest first, also under files merged into this one."""
    shop.require(DESK)
    with shop.read() as connection:
        theirs = _redemption.c.member_id.in_(family_ids(connection, member_id))
        return _redeemed(connection, theirs, limit)


def redeemed_since(shop: Shop, since: datetime, limit: int = 10) -> tuple[Redeemed, ...]:
    """Return what was redeemed from ``since`` on and stands, the newest first."""
    shop.require(DESK)
    lately = and_(_redemption.c.at >= since, _redemption.c.undone_at.is_(None))
    with shop.read() as connection:
        return _redeemed(connection, lately, limit)


def redemption(shop: Shop, redemption_id: int) -> Redeemed | None:
    """Return one redemption; None for none."""
    shop.require(DESK)
    with shop.read() as connection:
        found = _redeemed(connection, _redemption.c.id == redemption_id, 1)
    return found[0] if found else None


def coupons_of(shop: Shop, member_id: int) -> tuple[Coupon, ...]:
    """Return a member's coupons, the newest first, also of files merged into this one."""
    shop.require(DESK)
    with shop.read() as connection:
        return coupons.coupons_of_members(connection, family_ids(connection, member_id))


def coupons_for(shop: Shop, order_id: int, member_id: int) -> tuple[Offer, ...]:
    """Return the coupons a member has open before an order of theirs, what ends first in front."""
    found = [one for one in coupons_of(shop, member_id) if one.state(shop.today) is State.OPEN]
    if not found:
        return ()
    with shop.read() as connection:
        offers = _before(connection, shop, order_id, found)
    return tuple(sorted(offers, key=lambda one: (one.coupon.valid_until, one.coupon.id)))


def coupon_of_order(shop: Shop, order_id: int) -> Coupon | None:
    """Return the coupon that is on an order; None for none."""
    shop.require(DESK)
    with shop.read() as connection:
        return coupons.coupon_on(connection, order_id)


def liability(shop: Shop) -> Liability:
    """Return what points, coupons and redeemed goods still promise, in points and yuan (R37)."""
    shop.require(OWNER_ONLY)
    now = shop.clock.now()
    with shop.read() as connection:
        points = held(connection)
        by = rules.dearest(offered(connection, now))
        count, value = coupons.outstanding(connection, shop.today)
        goods = _open_goods_value(connection)
    return Liability(points.available + points.pending, points.owed, by, count, value, goods)


def due(shop: Shop) -> RewardsDue:
    """Return what Today should say of rewards; three bounded statements (R37)."""
    shop.require(DESK)
    first, ahead = shop.today, timedelta(days=shop.settings.coupon_notice_days)
    with shop.read() as connection:
        found = coupons.expiring(connection, first, first + ahead)
        named = _names(connection, {one.member_id for one in found[:MOST_DUE]})
        query = select(func.count(), func.min(_owed.c.created_at)).where(_is_redeemed())
        goods, oldest = connection.execute(query).one()
    expiring = tuple(Expiring(one, *named[one.member_id]) for one in found[:MOST_DUE])
    return RewardsDue(len(found), total(one.value for one in found), expiring, int(goods), oldest)


def _is_redeemed() -> ColumnElement[bool]:
    return and_(_owed.c.source == "points", STILL_OPEN)


def _open_goods_value(connection: Connection) -> Money:
    query = (
        select(
            _product.c.price_fen,
            _product.c.sale_unit,
            _product.c.unit_grams,
            func.sum(_owed.c.quantity - sum_given()).label("open"),
        )
        .join(_product, _product.c.id == _owed.c.product_id)
        .where(_is_redeemed())
        .group_by(_product.c.id, _product.c.price_fen, _product.c.sale_unit, _product.c.unit_grams)
    )
    return total(
        Unit(row.sale_unit, row.unit_grams).price_of(Money(row.price_fen), int(row.open))
        for row in connection.execute(query)
    )


def _rewards(connection: Connection, condition: ColumnElement[bool] | None) -> tuple[Reward, ...]:
    query = (
        select(
            _reward,
            *(
                _product.c[name].label(f"product_{name}")
                for name in ("name", "sale_unit", "unit_grams", "price_fen", "archived_at",
                             "stopped_at")
            ),
        )
        .outerjoin(_product, _product.c.id == _reward.c.product_id)
        .order_by(_reward.c.id.desc())
        .limit(MOST_REWARDS)
    )  # fmt: skip
    if condition is not None:
        query = query.where(condition)
    return tuple(_read(row) for row in connection.execute(query))


def _read(row: Row[Any]) -> Reward:
    goods = None
    if row.product_id is not None:
        goods = Goods(
            row.product_id,
            row.product_name,
            Unit(row.product_sale_unit, row.product_unit_grams),
            Money(row.product_price_fen),
            row.product_archived_at is None and row.product_stopped_at is None,
        )
    terms = Terms(
        Kind(row.kind),
        row.points,
        row.name,
        row.product_id,
        row.quantity,
        _money(row.value_fen),
        _money(row.threshold_fen),
        row.valid_days,
    )
    return Reward(row.id, row.series, terms, row.from_at, row.until_at, row.version, goods)


def _goods(row: Row[Any]) -> Goods:
    return Goods(
        row.id,
        row.name,
        Unit(row.sale_unit, row.unit_grams),
        Money(row.price_fen),
        row.archived_at is None and row.stopped_at is None,
    )


def _redeemed(
    connection: Connection, condition: ColumnElement[bool], limit: int
) -> tuple[Redeemed, ...]:
    people, typed = schema.person, _member.alias("redeemed_by")
    query = (
        select(
            _redemption,
            _reward.c.kind,
            _reward.c.name.label("reward"),
            _member.c.id.label("kept_id"),
            _member.c.nickname,
            people.c.name.label("by"),
            _owed.c.product_name,
            _owed.c.sale_unit,
            _owed.c.unit_grams,
            _owed.c.quantity,
            _owed.c.cancelled_at,
            sum_given().label("given"),
        )
        .join(_reward, _reward.c.id == _redemption.c.reward_id)
        .join(typed, typed.c.id == _redemption.c.member_id)
        .join(_member, _member.c.id == func.coalesce(typed.c.merged_into, typed.c.id))
        .outerjoin(people, people.c.id == _redemption.c.person_id)
        .outerjoin(_owed, _owed.c.id == _redemption.c.owed_id)
        .where(condition)
        .order_by(_redemption.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    issued = coupons.coupons_of_redemptions(
        connection, [row.id for row in rows if row.kind == Kind.COUPON]
    )
    return tuple(_redeemed_of(row, issued.get(row.id, ())) for row in rows)


def _redeemed_of(row: Row[Any], issued: Sequence[Coupon]) -> Redeemed:
    goods: dict[str, Any] = {}
    if row.owed_id is not None:
        goods = {
            "product": row.product_name,
            "unit": Unit(row.sale_unit, row.unit_grams),
            "quantity": row.quantity,
            "given": int(row.given),
            "gone": row.cancelled_at is not None,
        }
    return Redeemed(
        id=row.id,
        version=row.version,
        member_id=row.kept_id,
        name=row.nickname,
        kind=Kind(row.kind),
        reward=row.reward,
        times=row.times,
        points=row.points,
        at=row.at,
        by=row.by or "",
        undone_at=row.undone_at,
        undo_reason=row.undo_reason,
        owed_id=row.owed_id,
        coupons=tuple(issued),
        **goods,
    )


def _names(connection: Connection, ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return the file each member is kept in now, and what it is called."""
    typed = _member.alias("typed")
    query = (
        select(typed.c.id, _member.c.id.label("kept_id"), _member.c.nickname)
        .join(_member, _member.c.id == func.coalesce(typed.c.merged_into, typed.c.id))
        .where(typed.c.id.in_(sorted(ids)))
    )
    return {row.id: (row.kept_id, row.nickname) for row in connection.execute(query)}


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)


def balances(shop: Shop, member_ids: Collection[int]) -> dict[int, Balance]:
    """Return the points of each of these members, for a list of them."""
    shop.require(DESK)
    with shop.read() as connection:
        return balances_in(connection, member_ids)


def coupon_for(shop: Shop, order_id: int, code: str) -> Offer | None:
    """Return the coupon with ``code`` before an order; None for a code nobody was given.

    Whose it is, is looked at where it is used. Raises ``Refused`` for what is no code.
    """
    shop.require(DESK)
    with shop.read() as connection:
        coupon = coupons.coupon_by_code(connection, read_code(code))
        if coupon is None:
            return None
        return _before(connection, shop, order_id, [coupon])[0]


def _before(
    connection: Connection, shop: Shop, order_id: int, found: Sequence[Coupon]
) -> list[Offer]:
    room = money_in(connection, [order_id])[order_id].coupon_room
    goods = charged_in(connection, [order_id])[order_id].goods
    offers = []
    for coupon in found:
        hindrance = None
        try:
            check_use(coupon, shop.today, goods, room)
        except Refused as refused:
            hindrance = refused
        offers.append(Offer(coupon, taken_off(coupon, room), hindrance))
    return offers


def may_be_reminded(shop: Shop, member_ids: Collection[int]) -> frozenset[int]:
    """Return those who agreed to be written to about offers: a coupon that ends is one (R33)."""
    shop.require(DESK)
    with shop.read() as connection:
        return agreeing(connection, Purpose.MESSAGES, list(member_ids))
