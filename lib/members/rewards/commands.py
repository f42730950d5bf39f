"""Writes of rewards: the catalogue, redeeming and taking that back, coupons on orders (R37).

Points move by the steps of :mod:`lib.members.points`, goods are owed until they are handed over, so
that they join the next pick list by themselves.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.members.coupons import commands as coupons
from lib.members.coupons.queries import coupon_by_code, coupons_of_redemptions
from lib.members.coupons.rules import Coupon, State, check_use, read_code
from lib.members.points.commands import give_back, holder, spend
from lib.members.profiles.queries import family_ids
from lib.members.rewards import rules
from lib.members.rewards.queries import goods_in, reward_in
from lib.members.rewards.rules import Goods, Kind, Reward, Terms
from lib.service.owed import commands as owed
from lib.service.owed.rules import Source
from lib.shop.language import translator
from lib.shop.shop import OWNER_ONLY, Role, Shop, Tx
from lib.trade.orders.allowance.queries import households_of
from lib.trade.orders.delivery.queries import charged_in
from lib.trade.payments.queries import money_in

_reward, _redemption, _order = schema.reward, schema.redemption, schema.customer_order
_owed, _given = schema.owed_goods, schema.owed_handover


def add_reward(shop: Shop, terms: Terms) -> int:
    """Offer something for points from now on; returns its id.

    Raises ``Refused`` for what is missing: a coupon without a threshold is not offered.
    """
    with shop.write("reward.add", by=OWNER_ONLY) as tx:
        kept, _goods = _checked(tx, terms)
        newest = select(func.coalesce(func.max(_reward.c.series), 0))
        series = int(tx.execute(newest).scalar_one()) + 1
        tx.result = _add(tx, series, kept, tx.now)
    return int(tx.result)


def change_reward(
    shop: Shop, reward_id: int, version: int, terms: Terms, from_at: datetime | None = None
) -> int:
    """Offer a reward on other terms from ``from_at`` (UTC; None: at once); returns the new id.

    The version in force ends then and stays readable; what was redeemed for it keeps its terms.
    Raises ``Refused`` for the past, for one that ended or whose end is planned, ``Conflict``.
    """
    with shop.write("reward.change", by=OWNER_ONLY) as tx:
        row = _standing(tx, reward_id)
        start = rules.checked_start(from_at, tx.now)
        if row.from_at > tx.now:
            raise Refused(N_("This change has not begun yet. Take it back first."))
        kept, _goods = _checked(tx, terms)
        tx.change(_reward, reward_id, version, until_at=start)
        tx.result = _add(tx, row.series, kept, start, before=row)
    return int(tx.result)


def end_reward(shop: Shop, reward_id: int, version: int) -> None:
    """Offer a reward no longer; coupons given for it keep their terms.

    Of a change that has not begun, the change is taken back and what stands goes on. Raises
    ``Refused`` for one that ended already, ``NotFound``, ``Conflict``.
    """
    with shop.write("reward.end", by=OWNER_ONLY) as tx:
        row = _standing(tx, reward_id)
        planned = row.from_at > tx.now
        tx.change(_reward, reward_id, version, until_at=row.from_at if planned else tx.now)
        if planned:
            before = (_reward.c.series == row.series, _reward.c.until_at == row.from_at)
            tx.execute(
                update(_reward)
                .where(*before, _reward.c.id != reward_id)
                .values(until_at=None, version=_reward.c.version + 1)
            )
        tx.note(f"reward:{reward_id}", before={"name": row.name}, after={"ended": True})


def redeem(
    shop: Shop, member_id: int, reward_id: int, times: int = 1, *, at_once: bool = False
) -> int:
    """Give a reward for a member's points, ``times`` at once; returns the id of the redemption.

    Goods are owed until they are handed over, ``at_once`` in the same step; coupons are issued.
    What remains of the balance stays. Raises ``Refused`` when the available points do not suffice,
    for a reward not offered now and for goods that are not sold at present.
    """
    with shop.write("reward.redeem") as tx:
        member = holder(tx, member_id)
        reward = _offered(tx, reward_id)
        points = reward.terms.points * rules.checked_times(times)
        redemption_id = tx.add(
            _redemption,
            member_id=member,
            reward_id=reward.id,
            times=times,
            points=points,
            at=tx.now,
            person_id=tx.actor.id,
        )
        spend(tx, member, points, redemption_id, _said(reward, times))
        after = {"reward": reward.name, "times": times, "points": points}
        tx.note(f"redemption:{redemption_id}", after={**after, "member_id": member})
        if reward.terms.kind is Kind.PRODUCT:
            _promise(tx, redemption_id, member, reward, times, at_once=at_once)
        else:
            _issue(tx, redemption_id, member, reward.terms, times)
        tx.result = redemption_id
    return redemption_id


def undo_redemption(
    shop: Shop, redemption_id: int, version: int, reason: str, *, goods_back: bool = False
) -> None:
    """Take a redemption back, once: the points return, its goods and coupons are given up.

    Goods handed over come back into the stock if ``goods_back`` says that they are here again.
    Raises ``Refused`` without a reason, when it was taken back before, while goods are with the
    resident or a coupon is on an order, of a coupon that ran out unless the owner does it, and of a
    file that was made anonymous; ``NotFound``, ``Conflict``.
    """
    with shop.write("reward.undo") as tx:
        row = tx.row(_redemption, redemption_id)
        if row.undone_at is not None:
            raise Refused(N_("This redemption was taken back already."))
        why = rules.checked_reason(reason)
        undone = {"undone_at": tx.now, "undone_by": tx.actor.id, "undo_reason": why}
        tx.change(_redemption, redemption_id, version, **undone)
        tx.note(f"redemption:{redemption_id}", before={"points": row.points}, after="undone",
                reason=why)  # fmt: skip
        if row.owed_id is not None:
            _take_goods_back(tx, row.owed_id, why, goods_back=goods_back)
        _refuse_run_out(tx, redemption_id)
        coupons.void(tx, redemption_id)
        give_back(tx, redemption_id, why)


def use_coupon(shop: Shop, order_id: int, code: str, *, of_others: bool = False) -> Money:
    """Use a coupon on an order by its code; returns what it takes off.

    That is at most what is still due for the goods; the rest is lost. A coupon is for the member
    and the household; that of somebody else is taken only where the owner says so (``of_others``).
    Raises ``Refused`` for a code nobody was given, a coupon that is used, taken back or over, goods
    below its threshold, an order that is cancelled, has a coupon, or is paid.
    """
    with shop.write("coupon.use") as tx:
        coupon = coupon_by_code(tx.connection, read_code(code))
        if coupon is None:
            raise Refused(N_("No coupon has this code. Look at the letters once more."))
        order = _active_order(tx, order_id)
        money = money_in(tx.connection, [order_id])[order_id]
        goods = charged_in(tx.connection, [order_id])[order_id].goods
        _refuse_others(tx, coupon, order.member_id, of_others=of_others)
        if order.coupon_fen or coupon.order_id == order_id:
            raise Refused(N_("There is a coupon on this order already; one order takes one."))
        check_use(coupon, tx.today, goods, money.coupon_room)
        off = coupons.put_on(tx, order_id, coupon, money.coupon_room)
        tx.result = off.fen
    return off


def take_coupon_off(shop: Shop, order_id: int) -> None:
    """Take the coupon off an order; it is free again until its last day.

    What it took off is to be paid again. Raises ``Refused`` when there is none.
    """
    with shop.write("coupon.take_off") as tx:
        if not coupons.release(tx, order_id):
            raise Refused(N_("There is no coupon on this order."))


def _checked(tx: Tx, terms: Terms) -> tuple[Terms, Goods | None]:
    goods = None if terms.product_id is None else goods_in(tx.connection, terms.product_id)
    return rules.checked(terms, goods, translator(tx.settings.language)), goods


def _add(
    tx: Tx, series: int, terms: Terms, from_at: datetime, before: Row[Any] | None = None
) -> int:
    values = {
        "name": terms.name,
        "points": terms.points,
        "product_id": terms.product_id,
        "quantity": terms.quantity,
        "value_fen": _fen(terms.value),
        "threshold_fen": _fen(terms.threshold),
        "valid_days": terms.valid_days,
    }
    reward_id = tx.add(
        _reward,
        series=series,
        kind=terms.kind.value,
        **values,
        from_at=from_at,
        created_at=tx.now,
        created_by=tx.actor.id,
    )
    tx.note(
        f"reward:{reward_id}",
        before=_noted(before) if before is not None else None,
        after={**_noted_terms(terms), "from_at": from_at},
    )
    return reward_id


def _noted(row: Row[Any]) -> dict[str, Any]:
    return {
        "name": row.name,
        "points": row.points,
        "quantity": row.quantity,
        "coupon_value": row.value_fen,
        "threshold": row.threshold_fen,
        "valid_days": row.valid_days,
    }


def _noted_terms(terms: Terms) -> dict[str, Any]:
    return {
        "name": terms.name,
        "points": terms.points,
        "quantity": terms.quantity,
        "coupon_value": terms.value,
        "threshold": terms.threshold,
        "valid_days": terms.valid_days,
    }


def _standing(tx: Tx, reward_id: int) -> Row[Any]:
    row = tx.row(_reward, reward_id)
    if row.until_at is not None:
        raise Refused(N_("This reward has ended, or its change is planned already."))
    return row


def _offered(tx: Tx, reward_id: int) -> Reward:
    reward = reward_in(tx.connection, reward_id)
    if reward is None:
        raise NotFound(N_("This entry no longer exists."))
    if not reward.in_force(tx.now):
        raise Conflict(N_("This reward is not offered now, or its terms changed. Look again."))
    if reward.goods is not None and not reward.goods.on_sale:
        raise Refused(
            N_("{product} is not sold at present, so it is not given for points either."),
            product=reward.goods.name,
        )
    return reward


def _said(reward: Reward, times: int) -> str:
    return f"{reward.name} × {times}" if times > 1 else reward.name


def _promise(
    tx: Tx, redemption_id: int, member_id: int, reward: Reward, times: int, *, at_once: bool
) -> None:
    goods, quantity = reward.goods, (reward.terms.quantity or 0) * times
    assert goods is not None
    owed_id = owed.promise(
        tx,
        owed.Promise(
            member_id,
            goods.product_id,
            goods.name,
            goods.unit,
            quantity,
            source=Source.POINTS,
        ),
    )
    tx.execute(update(_redemption).where(_redemption.c.id == redemption_id).values(owed_id=owed_id))
    if at_once:
        owed.give(tx, {owed_id: quantity})


def _issue(tx: Tx, redemption_id: int, member_id: int, terms: Terms, times: int) -> None:
    assert terms.value is not None
    assert terms.threshold is not None
    assert terms.valid_days is not None
    last = rules.last_day(tx.today, terms.valid_days)
    for _each in range(times):
        coupons.issue(tx, redemption_id, member_id, terms.value, terms.threshold, last)


def _take_goods_back(tx: Tx, owed_id: int, why: str, *, goods_back: bool) -> None:
    later = _given.alias("later")
    query = select(_given.c.id).where(
        _given.c.owed_id == owed_id,
        _given.c.quantity > 0,
        ~select(later.c.id).where(later.c.reverses_id == _given.c.id).exists(),
    )
    given = list(tx.execute(query).scalars())
    if given and not goods_back:
        raise Refused(N_("The goods were handed over. Take them back first, or say they are here."))
    if given:
        owed.take_back(tx, given)
    if tx.row(_owed, owed_id).cancelled_at is None:
        owed.cancel(tx, owed_id, why)


def _refuse_run_out(tx: Tx, redemption_id: int) -> None:
    """A coupon nobody used in its time is lost; giving its points back is the owner's to decide."""
    mine = coupons_of_redemptions(tx.connection, [redemption_id]).get(redemption_id, [])
    over = [one for one in mine if one.state(tx.today) is State.EXPIRED]
    if over and tx.actor.role is not Role.OWNER:
        raise Refused(
            N_("This coupon ran out on {day}. Only the owner gives its points back."),
            day=over[0].valid_until,
        )


def _active_order(tx: Tx, order_id: int) -> Row[Any]:
    row = tx.execute(select(_order).where(_order.c.id == order_id)).first()
    if row is None:
        raise NotFound(N_("This order does not exist."))
    if row.status != "active":
        raise Refused(N_("This order was cancelled; a coupon is of no use there."))
    return row


def _refuse_others(tx: Tx, coupon: Coupon, member_id: int, *, of_others: bool) -> None:
    if coupon.member_id in family_ids(tx.connection, member_id):
        return
    typed = tx.row(schema.member, coupon.member_id)
    owner = int(typed.merged_into or typed.id)
    homes = households_of(tx.connection, [owner, member_id])
    if owner == member_id or homes[owner][1] == homes[member_id][1]:
        return
    if of_others and tx.actor.role is Role.OWNER:
        return
    raise Refused(
        N_("This coupon was given to another resident, of another home. The owner may accept it.")
    )


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen
