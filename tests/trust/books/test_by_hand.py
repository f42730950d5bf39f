"""The books against a count by hand, written from what the practices say and not from the code.

Every figure is worked out again from the bare rows in exact fractions (R20, R25, E9, E10, E15).
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lib.db import schema
from lib.kernel.money import total
from lib.shop.shop import Shop
from lib.supply.stock.rules import Kind
from lib.trust.books.queries import books
from lib.trust.books.rules import From, round_days
from tests.trust.books.cast import TODAY, leave, make_case, promise, put_coupon, refund
from tests.trust.books.test_histories import (
    ACTS,
    DAYS,
    FIRST,
    MANY,
    WEEK,
    Street,
    nobody_went,
    street,
)

__all__ = ["street"]

Rows = dict[str, list[Any]]


class Busy(Street):
    """A street where residents also bring goods back, pay rounded sums, and get fees back."""

    def bring_back(self, which: int, amount: int) -> None:
        line = self._one(schema.order_line, which)
        if line is not None:
            batch = self.batches[self.goods.index(line.product_id)] if amount % 3 else None
            leave(self.shop, line.product_id, -(amount % 700 + 1), batch, Kind.RETURNED,
                  on=self._day(amount), line_id=line.id)  # fmt: skip

    def round_off(self, which: int, amount: int) -> None:
        order = self._one(schema.customer_order, which)
        if order is not None:
            refund(self.shop, order.id, self.member, amount % 10, kind="payment", amount_fen=500)

    def take_back_money(self, which: int, _amount: int) -> None:
        paid, later = schema.payment, schema.payment.alias("later")
        undone = select(later.c.id).where(later.c.reverses_id == paid.c.id).exists()
        row = self._one(paid, which, paid.c.reverses_id.is_(None), ~undone)
        if row is not None:
            refund(self.shop, row.order_id, self.member, -row.forgiven_fen, row.line_id,
                   kind="reversal", amount_fen=-row.amount_fen, reverses_id=row.id)  # fmt: skip

    def pay_without_order(self, which: int, amount: int) -> None:
        """Something bought over the counter is paid back; sometimes that was a mistake."""
        case = make_case(self.shop, self.goods[which % 3], self.member)
        row = refund(self.shop, None, self.member, amount, case_id=case,
                     business_day=self._day(amount))  # fmt: skip
        if amount % 4 == 0:
            refund(self.shop, None, self.member, -amount, case_id=case, kind="reversal",
                   reverses_id=row)  # fmt: skip

    def redeem_points(self, which: int, amount: int) -> None:
        """No promise of the pledge: what was owed for points is a cost of points (R37)."""
        product = self.goods[which % 3]
        given = promise(self.shop, None, product, self.member, amount) if amount % 2 else None
        leave(self.shop, product, amount, self.batches[which % 3], Kind.REDEEMED,
              on=self._day(amount), owed_handover_id=given)  # fmt: skip

    def use_coupon(self, which: int, amount: int) -> None:
        order = self._one(schema.customer_order, which, schema.customer_order.c.coupon_fen == 0)
        if order is not None:
            put_coupon(self.shop, order.id, self.member, amount)


MORE = ("use_coupon", "bring_back", "round_off", "round_off", "take_back_money", "give_back",
        "pay_without_order", "redeem_points")  # fmt: skip


@settings(MANY, max_examples=15)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS + MORE), st.integers(0, 40), st.integers(1, 3000)),
        max_size=30,
    )
)
def test_the_books_say_what_a_count_by_hand_says(
    street: Street, steps: list[tuple[str, int, int]]
) -> None:
    street.__class__ = Busy
    for act, which, amount in steps:
        doing: Callable[[int, int], None] = getattr(street, act)
        doing(which, amount)
    days = Hand(street.shop, FIRST, TODAY, None)
    days.agrees(street.goods)
    Hand(street.shop, FIRST, TODAY, street.round).agrees(street.goods, around=days)


class Hand:
    """A shopkeeper with a pencil: every row of the ledgers on the table."""

    def __init__(self, shop: Shop, first: date, last: date, round_id: int | None) -> None:
        self.shop, self.round_id = shop, round_id
        with shop.read() as connection:
            self.rows: Rows = {
                name: list(connection.execute(select(table)).all())
                for name, table in schema.metadata.tables.items()
                if name in {"customer_order", "order_line", "payment", "stock_movement", "batch",
                            "product", "price_change", "owed_goods", "owed_handover",
                            "after_sales_case", "case_remedy"}
            }  # fmt: skip
        scope = WEEK if round_id is None else round_days(round_id, last, DAYS + 1)
        self.found = {one.product_id: one for one in books(shop, scope)}
        self.orders = {
            row.id: row
            for row in self.rows["customer_order"]
            if row.status == "active"
            and (first <= row.pickup_day <= last if round_id is None else row.round_id == round_id)
        }
        self.lines: dict[int, list[Any]] = defaultdict(list)
        order_of = {}
        for row in self.rows["order_line"]:
            order_of[row.id] = row.order_id
            if row.order_id in self.orders and row.cancelled_at is None:
                self.lines[row.order_id].append(row)
        rounds = {row.id: row.round_id for row in self.rows["customer_order"]}
        self.moves = [
            row
            for row in self.rows["stock_movement"]
            if (
                first <= row.business_day <= last
                if round_id is None
                else row.line_id and rounds[order_of[row.line_id]] == round_id
            )
        ]
        self.dates = (first, last)
        self.cases = {
            row.id: row
            for row in self.rows["after_sales_case"]
            if round_id is None or (row.order_id and rounds[row.order_id] == round_id)
        }

    def agrees(self, goods: list[int], around: "Hand | None" = None) -> None:
        packaging, delivery = self.shared()
        refunded, rounded, coupons, fees = self.let_go()
        for product_id in goods:
            one = self.found[product_id]
            unit = self.unit(product_id)
            quantity = self.quantity(product_id)
            assert one.quantity == quantity
            revenue = self.charged(product_id) + self.counter(product_id)
            assert one.revenue.fen == revenue - rounded[product_id]
            made_good = refunded[product_id] + self.promised(product_id)
            assert one.pledge.fen == half_up(made_good)
            assert one.points.fen == half_up(coupons[product_id] + self.for_points(product_id))
            price = self.price(product_id)
            assert one.purchase.fen == half_up(price * quantity / unit)
            lost = self.lost(product_id)
            if around is not None:
                there = around.quantity(product_id)
                lost = around.lost(product_id) * quantity / there if there else Fraction(0)
            assert one.loss.fen == half_up(lost)
            assert abs(one.packaging.fen - packaging[product_id]) < 1
            assert abs(one.delivery.fen - delivery[product_id] - fees[product_id]) <= 1
            costs = (one.purchase, one.loss, one.packaging, one.delivery, one.pledge)
            assert one.kept == one.revenue - total(costs) - one.points
        whole = sum(delivery.values()) + sum(fees.values())
        assert sum(one.delivery.fen for one in self.found.values()) == whole
        assert sum(one.packaging.fen for one in self.found.values()) == sum(packaging.values())

    def unit(self, product_id: int) -> int:
        row = next(row for row in self.rows["product"] if row.id == product_id)
        return int(row.unit_grams or 1)

    def quantity(self, product_id: int) -> int:
        ordered = sum(
            line.quantity
            for lines in self.lines.values()
            for line in lines
            if line.product_id == product_id
        )
        return max(ordered + self._shelf(product_id) - self._back(product_id), 0)

    def _shelf(self, product_id: int) -> int:
        if self.round_id is not None:
            return 0
        return -sum(
            row.quantity
            for row in self.moves
            if row.product_id == product_id and row.kind == "sold" and row.line_id is None
        )

    def _back(self, product_id: int) -> int:
        return sum(
            row.quantity
            for row in self.moves
            if row.product_id == product_id and row.kind == "returned"
        )

    def charged(self, product_id: int) -> int:
        return sum(
            line.amount_fen
            for lines in self.lines.values()
            for line in lines
            if line.product_id == product_id
        )

    def counter(self, product_id: int) -> int:
        """Counter sales at the price on the shelf; days at one price are added up first."""
        if self.round_id is not None:
            return 0
        changes = sorted(
            (row for row in self.rows["price_change"] if row.product_id == product_id),
            key=lambda row: (row.at, row.id),
        )
        row = next(row for row in self.rows["product"] if row.id == product_id)
        sold: dict[int, int] = defaultdict(int)
        for move in self.moves:
            if move.product_id != product_id or move.kind != "sold" or move.line_id:
                continue
            before = [one for one in changes if one.at.date() <= move.business_day]
            standing = before[-1] if before else changes[0] if changes else None
            in_scope = any(one.at.date() >= FIRST for one in changes)
            price = standing.price_fen if standing and in_scope else row.price_fen
            sold[price] -= move.quantity
        unit = self.unit(product_id)
        return sum(half_up(Fraction(price * amount, unit)) for price, amount in sold.items())

    def price(self, product_id: int) -> Fraction:
        """What one sale unit was bought for, weighted by what left; the usual price without."""
        usual = next(row for row in self.rows["product"] if row.id == product_id).purchase_price_fen
        batches = {row.id: row.unit_price_fen for row in self.rows["batch"]}
        gone, value, loose = 0, 0, 0
        for row in self.moves:
            if row.owed_handover_id is not None:
                continue
            if row.product_id == product_id and row.kind in ("sold", "returned", "assigned"):
                price = batches.get(row.batch_id)
                if price is None:
                    loose -= row.quantity
                else:
                    gone, value = gone - row.quantity, value - row.quantity * price
        if gone <= 0:
            return Fraction(usual)
        loose = max(loose, 0)
        assert self.found[product_id].purchase_from is From.BATCHES
        return Fraction(value + usual * loose, gone + loose)

    def lost(self, product_id: int) -> Fraction:
        batches = {row.id: row.unit_price_fen for row in self.rows["batch"]}
        price, value = self.price(product_id), Fraction(0)
        for row in self.moves:
            if row.product_id == product_id and row.kind in ("wasted", "counted"):
                each = batches.get(row.batch_id)
                value -= row.quantity * (price if each is None else each)
        return max(value, Fraction(0)) / self.unit(product_id)

    def promised(self, product_id: int) -> Fraction:
        """Goods given for complaints at what they cost, freight, and refunds of no order."""
        batches = {row.id: row.unit_price_fen for row in self.rows["batch"]}
        usual = next(row for row in self.rows["product"] if row.id == product_id).purchase_price_fen
        owed = {row.id: row for row in self.rows["owed_goods"]}
        why = {row.id: owed[row.owed_id].case_id for row in self.rows["owed_handover"]}
        value = Fraction(0)
        for row in self.rows["stock_movement"]:
            if why.get(row.owed_handover_id) in self.cases and row.product_id == product_id:
                price = batches.get(row.batch_id)
                if self._counts(row.business_day):
                    value -= row.quantity * Fraction(usual if price is None else price)
        fen = 0
        for row in self.rows["case_remedy"]:
            case, day = self.cases.get(row.case_id), (row.at + timedelta(hours=8)).date()
            if case and case.product_id == product_id and not row.undone_at and self._counts(day):
                fen += row.freight_fen
        undone = {row.reverses_id for row in self.rows["payment"]}
        for row in self.rows["payment"]:
            case, stands = self.cases.get(row.case_id), row.id not in undone
            if row.kind != "refund" or row.order_id or not stands:
                continue
            if case and case.product_id == product_id and self._counts(row.business_day):
                fen -= row.amount_fen
        return value / self.unit(product_id) + fen

    def for_points(self, product_id: int) -> Fraction:
        """Goods given for points at what they cost; here none was handed over with an order."""
        if self.round_id is not None:
            return Fraction(0)
        batches = {row.id: row.unit_price_fen for row in self.rows["batch"]}
        usual = next(row for row in self.rows["product"] if row.id == product_id).purchase_price_fen
        owed = {row.id for row in self.rows["owed_goods"] if row.source == "points"}
        given = {row.id for row in self.rows["owed_handover"] if row.owed_id in owed}
        value = Fraction(0)
        for row in self.moves:
            if row.owed_handover_id in given and row.product_id == product_id:
                price = batches.get(row.batch_id)
                value -= row.quantity * Fraction(usual if price is None else price)
        return value / self.unit(product_id)

    def _counts(self, day: date) -> bool:
        return self.round_id is not None or self.dates[0] <= day <= self.dates[1]

    def shared(self) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        """One bag, ice pack and wrap per order that needs it, and what nobody paid of the way."""
        settings, tags = self.shop.settings, {row.id: row for row in self.rows["product"]}
        packaging: dict[int, Fraction] = defaultdict(Fraction)
        delivery: dict[int, Fraction] = defaultdict(Fraction)
        for order_id, lines in self.lines.items():
            order, some = self.orders[order_id], [line for line in lines if line.quantity]
            fresh = [line for line in some if tags[line.product_id].is_fresh]
            fragile = [line for line in some if tags[line.product_id].is_fragile]
            month = order.pickup_day.month
            is_warm = settings.ice_pack_from_month <= month <= settings.ice_pack_to_month
            bag = settings.freshness_bag_cost.fen + settings.ice_pack_cost.fen * is_warm
            for line in fresh:
                packaging[line.product_id] += Fraction(bag, len(fresh))
            for line in fragile:
                packaging[line.product_id] += Fraction(settings.bubble_wrap_cost.fen, len(fragile))
            unpaid = max(settings.delivery_cost.fen - order.delivery_fee_fen, 0)
            went = order.delivery and not nobody_went(order, some, self.rows["payment"])
            for line in some if went else ():
                delivery[line.product_id] += Fraction(unpaid, len(some))
        return packaging, delivery

    def let_go(
        self,
    ) -> tuple[dict[int, int], dict[int, int], dict[int, int], dict[int, Fraction]]:
        """Refunds, rounding and coupons per product; of fees given back what they had paid."""
        refunded: dict[int, int] = defaultdict(int)
        rounded: dict[int, int] = defaultdict(int)
        coupons: dict[int, int] = defaultdict(int)
        fees: dict[int, Fraction] = defaultdict(Fraction)
        for order_id, lines in self.lines.items():
            mine = [row for row in self.rows["payment"] if row.order_id == order_id]
            off = sum(row.forgiven_fen for row in mine if _is_rounding(row))
            back: dict[int | None, int] = defaultdict(int)
            for row in mine:
                if not _is_rounding(row):
                    back[row.line_id] += row.forgiven_fen
            left = []
            for line in lines:
                taken = min(back[line.id], line.amount_fen)
                refunded[line.product_id] += taken
                left.append(line.amount_fen - taken)
            whole = min(back[None], sum(left))
            parts = largest_remainder(whole, left)
            for line, part in zip(lines, parts, strict=True):
                refunded[line.product_id] += part
            left = [fen - part for fen, part in zip(left, parts, strict=True)]
            rest = min(off, sum(left))
            parts = largest_remainder(rest, left)
            for line, part in zip(lines, parts, strict=True):
                rounded[line.product_id] += part
            left = [fen - part for fen, part in zip(left, parts, strict=True)]
            coupon = min(self.orders[order_id].coupon_fen, sum(left))
            for line, part in zip(lines, largest_remainder(coupon, left), strict=True):
                coupons[line.product_id] += part
            self._fees(order_id, back[None] - whole + off - rest, fees)
        return refunded, rounded, coupons, fees

    def _fees(self, order_id: int, beyond: int, fees: dict[int, Fraction]) -> None:
        order, cost = self.orders[order_id], self.shop.settings.delivery_cost.fen
        some = [line for line in self.lines[order_id] if line.quantity]
        if order.delivery and some and not nobody_went(order, some, self.rows["payment"]):
            kept = max(order.delivery_fee_fen - beyond, 0)
            more = max(cost - kept, 0) - max(cost - order.delivery_fee_fen, 0)
            for line in some:
                fees[line.product_id] += Fraction(more, len(some))


def _is_rounding(row: Any) -> bool:
    return bool(row.kind == "payment" or (row.kind == "reversal" and row.amount_fen < 0))


def half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def largest_remainder(amount: int, weights: list[int]) -> list[int]:
    if not amount:
        return [0] * len(weights)
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [floor(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: amount - sum(parts)]:
        parts[at] += 1
    return parts
