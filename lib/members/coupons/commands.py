"""Steps of coupons: issued, put on an order, free again, taken back (R37).

They join the transaction of another command. What a coupon takes off stands in
``customer_order.coupon_fen``: it makes the order cheaper, like rounding, and is not money paid.
"""

from datetime import date

from sqlalchemy import select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.members.coupons.queries import coupon_on
from lib.members.coupons.rules import Coupon, new_code, taken_off
from lib.members.points.commands import follow
from lib.shop.shop import Tx

_coupon, _order = schema.coupon, schema.customer_order

TRIES = 20
"""Codes drawn before giving up: of 37 thousand million, two alike are next to impossible."""


def issue(
    tx: Tx, redemption_id: int, member_id: int, value: Money, threshold: Money, valid_until: date
) -> str:
    """Step: give a coupon out and return its code."""
    code = _free_code(tx)
    coupon_id = tx.add(
        _coupon,
        redemption_id=redemption_id,
        member_id=member_id,
        code=code,
        value_fen=value.fen,
        threshold_fen=threshold.fen,
        valid_until=valid_until,
        issued_at=tx.now,
    )
    after = {"coupon_value": value, "threshold": threshold, "valid_until": valid_until}
    tx.note(f"coupon:{coupon_id}", after=after)
    return code


def put_on(tx: Tx, order_id: int, coupon: Coupon, room: Money) -> Money:
    """Step: use ``coupon`` on an order in which ``room`` is due for goods; return what comes off.

    Raises ``Refused`` when another browser was faster, and when the order has a coupon already.
    """
    if coupon_on(tx.connection, order_id) is not None:
        raise Refused(N_("There is a coupon on this order already; one order takes one."))
    changed = tx.execute(
        update(_coupon)
        .where(_coupon.c.id == coupon.id, _coupon.c.order_id.is_(None), _coupon.c.void_at.is_(None))
        .values(order_id=order_id, used_at=tx.now, version=_coupon.c.version + 1)
    )
    if changed.rowcount != 1:
        raise Refused(N_("This coupon was used before; it holds once."))
    off = taken_off(coupon, room)
    _set_off(tx, order_id, off)
    tx.note(f"customer_order:{order_id}", after={"coupon_off": off})
    tx.note(f"coupon:{coupon.id}", after={"used": True})
    return off


def release(tx: Tx, order_id: int) -> bool:
    """Step: the coupon of an order is free again until its last day; whether there was one.

    For an order that is cancelled, one whose goods no longer reach the threshold, and a slip. Of a
    file that was made anonymous meanwhile it is void: nobody is there who could use it.
    """
    coupon = coupon_on(tx.connection, order_id)
    if coupon is None:
        return False
    gone = tx.row(schema.member, coupon.member_id).erased_at is not None
    free = {"order_id": None, "used_at": None, "void_at": tx.now if gone else None}
    tx.execute(
        update(_coupon)
        .where(_coupon.c.id == coupon.id)
        .values(**free, version=_coupon.c.version + 1)
    )
    off = tx.row(_order, order_id).coupon_fen
    _set_off(tx, order_id, Money(0))
    tx.note(
        f"customer_order:{order_id}", before={"coupon_off": Money(off)}, after={"coupon_off": 0}
    )
    after = {"used": False, "void": True} if gone else {"used": False}
    tx.note(f"coupon:{coupon.id}", before={"used": True}, after=after)
    return True


def void(tx: Tx, redemption_id: int) -> None:
    """Step: the coupons of a redemption are never used, because its points go back.

    Raises ``Refused`` while one of them is on an order.
    """
    rows = tx.execute(
        select(_coupon.c.id, _order.c.number)
        .outerjoin(_order, _order.c.id == _coupon.c.order_id)
        .where(_coupon.c.redemption_id == redemption_id)
        .order_by(_coupon.c.id)
    ).all()
    used = [row.number for row in rows if row.number is not None]
    if used:
        raise Refused(
            N_("The coupon is on order {number}. Take it off there first."), number=used[0]
        )
    tx.execute(
        update(_coupon)
        .where(_coupon.c.redemption_id == redemption_id, _coupon.c.void_at.is_(None))
        .values(void_at=tx.now, version=_coupon.c.version + 1)
    )
    for row in rows:
        tx.note(f"coupon:{row.id}", after={"void": True})


def _set_off(tx: Tx, order_id: int, off: Money) -> None:
    """Like rounding it is money, not an edit of the order: its version stays. Points follow it."""
    tx.execute(update(_order).where(_order.c.id == order_id).values(coupon_fen=off.fen))
    tx.at_end(follow)


def _free_code(tx: Tx) -> str:
    for _try in range(TRIES):
        code = new_code()
        known = select(_coupon.c.id).where(_coupon.c.code == code)
        if tx.execute(known).first() is None:
            return code
    raise RuntimeError("no code of a coupon is free")
