"""The people and goods of the tests of picking and pickup, put straight into the tables."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import folded
from lib.service.picking.rules import Line
from lib.shop.shop import Shop
from tests.conftest import NOW

TODAY = date(2026, 9, 25)


@dataclass
class Street:
    """A pickup day: ids of goods, round, and per resident of orders, lines and members."""

    shop: Shop
    eggs: int
    milk: int
    round: int
    orders: dict[str, int]
    lines: dict[str, list[int]]
    members: dict[str, int]


def line(**values: object) -> Line:
    """One order line as the desk sees it, 2 jin of eggs unless told otherwise."""
    plain = {
        "id": 1,
        "order_id": 1,
        "product_id": 1,
        "product": "土鸡蛋",
        "unit": Unit.named("斤"),
        "quantity": 1000,
        "amount": Money(960),
    }
    return Line(**{**plain, **values})  # type: ignore[arg-type]


def put(shop: Shop, table: Any, **values: Any) -> int:
    """Insert one row as it is and return its id."""
    with shop.store.write() as connection:
        done = connection.execute(insert(table).values(**values).returning(table.c.id))
        return int(done.scalar_one())


def add_product(
    shop: Shop,
    name: str,
    unit: str = "斤",
    price_fen: int = 480,
    *,
    fresh: bool = False,
    fragile: bool = False,
    category: str = "",
) -> int:
    """Put a product on the shelf."""
    return put(
        shop,
        schema.product,
        name=name,
        folded_name=folded(name),
        category=category,
        is_fresh=fresh,
        is_daily=False,
        is_fragile=fragile,
        sale_unit=unit,
        unit_grams=Unit.named(unit).grams,
        price_fen=price_fen,
        purchase_price_fen=399,
        created_at=NOW,
    )


def add_member(shop: Shop, nickname: str, **values: Any) -> int:
    """Make a resident known."""
    return put(
        shop,
        schema.member,
        **{"nickname": nickname, "folded_nickname": folded(nickname), "created_at": NOW, **values},
    )


def add_round(
    shop: Shop, title: str = "周五团", *, cut_off: datetime | None = None, day: date = TODAY
) -> int:
    """Open a round that was cut off an hour ago unless ``cut_off`` says otherwise."""
    return put(
        shop,
        schema.buying_round,
        title=title,
        opens_at=NOW - timedelta(days=1),
        cut_off_at=cut_off or NOW - timedelta(hours=1),
        pickup_day=day,
        created_at=NOW - timedelta(days=1),
    )


def add_order(
    shop: Shop,
    member_id: int,
    number: int,
    *lines: tuple[int, int],
    home: tuple[str | None, str | None, str | None] = (None, None, None),
    **values: Any,
) -> tuple[int, list[int]]:
    """Book an order of ``lines`` (product id, quantity); return its id and its line ids."""
    building, unit, room = home
    order_id = put(
        shop,
        schema.customer_order,
        **{
            "member_id": member_id,
            "source": "counter",
            "number": number,
            "pickup_day": TODAY,
            "pickup_slot": "evening",
            "delivery": False,
            "building": building,
            "unit": unit,
            "room": room,
            "status": "active",
            "placed_at": NOW,
            **values,
        },
    )
    return order_id, [add_line(shop, order_id, *line) for line in lines]


def add_line(shop: Shop, order_id: int, product_id: int, quantity: int) -> int:
    """Add one product to an order at its shelf price."""
    products = schema.product
    with shop.read() as connection:
        row = connection.execute(products.select().where(products.c.id == product_id)).one()
    amount = quantity * row.price_fen // (row.unit_grams or 1)
    return put(
        shop,
        schema.order_line,
        order_id=order_id,
        product_id=product_id,
        product_name=row.name,
        sale_unit=row.sale_unit,
        unit_grams=row.unit_grams,
        ordered=quantity,
        quantity=quantity,
        unit_price_fen=row.price_fen,
        amount_fen=amount,
    )


def refund_line(shop: Shop, order_id: int, line_id: int, member_id: int, fen: int) -> int:
    """Pay back ``fen`` for a line, which makes its goods so much cheaper."""
    return put(
        shop,
        schema.payment,
        member_id=member_id,
        order_id=order_id,
        line_id=line_id,
        kind="refund",
        method="cash",
        amount_fen=-fen,
        forgiven_fen=fen,
        reason="坏了",
        business_day=TODAY,
        at=NOW,
    )
