"""Orders that give points, and what happens to them, for the tests of points."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lib.db import schema
from lib.kernel.money import Money
from lib.members.points import commands, queries
from lib.members.points.queries import Balance
from lib.service.pickup.commands import hand_over
from lib.shop.opening import shop_for
from lib.shop.shop import SYSTEM, Shop
from lib.trade.payments.commands import pay_order
from tests.trade.payments.books import Booked, book, product, somebody


@dataclass(frozen=True)
class Story:
    """小李, one point for each yuan, and apples."""

    shop: Shop
    member: int
    apples: int

    def order(self, *amounts: int, fee: int = 0) -> Booked:
        """Book an order whose lines come to ``amounts`` (fen)."""
        return book(self.shop, self.member, *amounts, fee=fee)

    def paid(self, *amounts: int, fee: int = 0) -> Booked:
        """Book an order and pay all of it."""
        booked = self.order(*amounts, fee=fee)
        pay_order(self.shop, booked.id)
        return booked

    def collected(self, *amounts: int) -> Booked:
        """Book an order, pay it and hand it over."""
        booked = self.paid(*amounts)
        hand_over(self.shop, booked.id)
        return booked

    @property
    def balance(self) -> Balance:
        """The points of 小李."""
        with self.shop.read() as connection:
            return queries.balance_in(connection, self.member)

    @property
    def numbers(self) -> tuple[int, int]:
        """Available and pending."""
        return self.balance.available, self.balance.pending


def begin(shop: Shop, points: int = 1, per_fen: int = 100) -> Story:
    """Let points begin and somebody come."""
    commands.begin_points(shop, points, per_fen)
    return Story(shop, somebody(shop), product(shop, "苹果"))


def settle(shop: Shop, days: int = 8) -> int:
    """Let ``days`` pass and the clock do its duty; returns how many orders it settled."""
    shop.clock.forward(days=days)  # type: ignore[attr-defined]
    return commands.settle_points(by_clock(shop))


def by_clock(shop: Shop) -> Shop:
    """The shop as the program itself sees it, with today's settings."""
    return shop_for(shop.store, shop.place, shop.clock, SYSTEM)


def redeem(shop: Shop, member_id: int, points: int) -> int:
    """Spend points for a reward, as the counter does; returns the redemption."""
    with shop.write("test.redeem") as tx:
        reward = tx.add(
            schema.reward, series=1, kind="coupon", name="券", points=points, value_fen=1000,
            threshold_fen=0, valid_days=30, from_at=tx.now, created_at=tx.now,
        )  # fmt: skip
        redemption = tx.add(
            schema.redemption, member_id=member_id, reward_id=reward, times=1, points=points,
            at=tx.now,
        )  # fmt: skip
        commands.spend(tx, member_id, points, redemption, "10 元券")
    return redemption


def give_back(shop: Shop, redemption: int) -> None:
    """Take a redemption back."""
    with shop.write("test.give_back") as tx:
        row = tx.row(schema.redemption, redemption)
        commands.give_back(tx, redemption, "不要了")
        tx.change(schema.redemption, redemption, row.version, undone_at=tx.now)


def entries(shop: Shop, **wanted: Any) -> list[Any]:
    """The rows of the ledger with the ``wanted`` values, in the order they came."""
    table = schema.points_entry
    query = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    with shop.read() as connection:
        return list(connection.execute(query.order_by(table.c.id)).all())


def moves(shop: Shop, booked: Booked) -> list[tuple[str, int, int, str]]:
    """Kind, pending, available and reason of every row of an order."""
    rows = entries(shop, order_id=booked.id)
    return [(row.kind, row.pending, row.available, row.reason) for row in rows]


def version(shop: Shop, order_id: int) -> int:
    """The version of an order now."""
    with shop.read() as connection:
        table = schema.customer_order
        return int(
            connection.execute(select(table.c.version).where(table.c.id == order_id)).scalar_one()
        )


def yuan(fen: int) -> Money:
    """An amount in fen as money."""
    return Money(fen)
