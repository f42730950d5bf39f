"""Cases of the tests: two residents who bought something, and their complaints."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import Row, Table, select, update

from lib.db import schema
from lib.service.after_sales import commands
from lib.service.after_sales.rules import CountedIn, Defect, NewCase, Source
from lib.shop.opening import shop_for
from lib.shop.settings_commands import save_settings
from lib.shop.shop import SYSTEM, Shop
from tests.conftest import NOW
from tests.service.cast import TODAY, add_member, add_order, add_product, put
from tests.supply.cast import add_batch, add_supplier


@dataclass(frozen=True)
class Bought:
    """小李 bought 2 trays of 30 eggs of one batch and 1 500 g of tomatoes of two; 王姐 eggs."""

    shop: Shop
    eggs: int
    tomatoes: int
    li: int
    wang: int
    order: int
    line: int
    by_weight: int
    others: int
    batch: int
    second: int
    third: int
    supplier: int


def buy(shop: Shop) -> Bought:
    """Let the two of them buy, yesterday, with goods of known batches."""
    yesterday = TODAY - timedelta(days=1)
    eggs = add_product(shop, "土鸡蛋", "板", 2880, fresh=True, fragile=True)
    _set(shop, schema.product, eggs, content_pieces=30)
    tomatoes = add_product(shop, "番茄", "斤", 480, fresh=True)
    li = add_member(shop, "小李", phone="13800000831", phone_tail="0831")
    wang = add_member(shop, "王姐")
    placed = {"placed_at": NOW - timedelta(days=2), "pickup_day": yesterday}
    order, (line, by_weight) = add_order(
        shop, li, 17, (eggs, 2), (tomatoes, 1500), home=("3", None, "201"), **placed
    )
    _other, (others,) = add_order(shop, wang, 18, (eggs, 1), home=("5", None, "402"), **placed)
    supplier = add_supplier(shop)
    batch = add_batch(shop, eggs, 40, supplier_id=supplier, arrived_on=yesterday)
    second = add_batch(shop, tomatoes, 9000, arrived_on=yesterday)
    third = add_batch(shop, tomatoes, 9000, arrived_on=yesterday)
    for line_id, product, batch_id, quantity in (
        (line, eggs, batch, 2),
        (by_weight, tomatoes, second, 1000),
        (by_weight, tomatoes, third, 500),
        (others, eggs, batch, 1),
    ):
        sell(shop, line_id, product, batch_id, quantity)
    return Bought(
        shop, eggs, tomatoes, li, wang, order, line, by_weight, others, batch, second, third,
        supplier,
    )  # fmt: skip


def sell(shop: Shop, line_id: int, product_id: int, batch_id: int, quantity: int) -> None:
    """Hand ``quantity`` of a line over, out of one batch."""
    with shop.read() as connection:
        lines = schema.order_line
        order_id = connection.execute(
            select(lines.c.order_id).where(lines.c.id == line_id)
        ).scalar_one()
    handed = {"order_id": order_id, "line_id": line_id, "quantity": quantity, "at": NOW}
    handover_id = put(shop, schema.handover, **handed)
    put(
        shop,
        schema.stock_movement,
        product_id=product_id,
        batch_id=batch_id,
        kind="sold",
        quantity=-quantity,
        line_id=line_id,
        handover_id=handover_id,
        business_day=TODAY - timedelta(days=1),
        at=NOW,
    )


def new(line_id: int | None = None, minutes_ago: float = 0, **values: Any) -> NewCase:
    """Three of the eggs were rotten, said at the counter."""
    plain: dict[str, Any] = {
        "source": Source.COUNTER,
        "defect": Defect.ROTTEN,
        "said": "有三个坏的",
        "line_id": line_id,
        "reported_at": NOW - timedelta(minutes=minutes_ago) if minutes_ago else None,
    }
    if line_id is not None:
        plain |= {"bad": 3, "counted_in": CountedIn.PIECES}
    return NewCase(**{**plain, **values})


def opened(bought: Bought, minutes_ago: float = 0, **values: Any) -> int:
    """A case about the eggs of 小李, told ``minutes_ago`` (before now of the clock)."""
    said = bought.shop.clock.now() - timedelta(minutes=minutes_ago)
    case = new(bought.line, **{"reported_at": said, **values})
    return commands.open_case(bought.shop, case)


def row(shop: Shop, case_id: int) -> Row[Any]:
    """The case as it stands in the books."""
    return rows(shop, schema.after_sales_case, id=case_id)[0]


def version(shop: Shop, case_id: int) -> int:
    """The version of the case now."""
    return int(row(shop, case_id).version)


def rows(shop: Shop, table: Table, **wanted: Any) -> Sequence[Row[Any]]:
    """The rows of ``table`` that have the ``wanted`` values, in the order they came."""
    query = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    with shop.read() as connection:
        return connection.execute(query.order_by(table.c.id)).all()


def turn(shop: Shop, case_id: int, number: int = 1) -> Row[Any]:
    """One opening of a case."""
    return rows(shop, schema.case_turn, case_id=case_id, turn=number)[0]


def breaches(shop: Shop, case_id: int) -> list[tuple[str, int]]:
    """The broken promises of a case: clock and turn."""
    return [(each.clock, each.turn) for each in rows(shop, schema.case_breach, case_id=case_id)]


def kinds(shop: Shop, case_id: int) -> list[str]:
    """What happened in a case, in order."""
    return [each.kind for each in rows(shop, schema.case_entry, case_id=case_id)]


def reply(shop: Shop, case_id: int, text: str = "收到，抱歉", **more: Any) -> None:
    """Answer the resident at the version of now."""
    commands.reply(shop, case_id, version(shop, case_id), text, **more)


def ask(shop: Shop, case_id: int) -> None:
    """Ask for a photo at the version of now."""
    commands.ask_photo(shop, case_id, version(shop, case_id), "请拍坏果和整盒各一张")


def solve(shop: Shop, case_id: int) -> None:
    """Agree a solution as the remedies do, without any money."""
    with shop.write("case.solve") as tx:
        commands.mark_solved(tx, commands.case_row(tx, case_id), {"practice": "R10"})
        tx.note(f"after_sales_case:{case_id}", after={"status": "solved"})


def record(shop: Shop) -> int:
    """Let the program look for promises that ran out."""
    return commands.record_breaches(shop.acting(SYSTEM))


def set_to(shop: Shop, **values: Any) -> Shop:
    """Change settings and return the shop that works by them."""
    save_settings(shop, values, dict.fromkeys(values, 0))
    return shop_for(shop.store, shop.place, shop.clock, shop.actor)


def picture(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with things in it, another for each ``seed``."""
    dice = random.Random(seed)
    made = Image.new("RGB", (640, 480), _colour(dice))
    draw = ImageDraw.Draw(made)
    for _ in range(20):
        x, y, reach = dice.randrange(640), dice.randrange(480), dice.randrange(30, 160)
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=_colour(dice))
    return made.filter(ImageFilter.GaussianBlur(3)).resize(size)


def photo(seed: int, quality: int = 90, size: tuple[int, int] = (640, 480)) -> bytes:
    """That picture as a JPEG of a quality and size."""
    target = io.BytesIO()
    picture(seed, size).save(target, "JPEG", quality=quality)
    return target.getvalue()


def _colour(dice: random.Random) -> tuple[int, int, int]:
    return dice.randrange(256), dice.randrange(256), dice.randrange(256)


def _set(shop: Shop, table: Table, row_id: int, **values: Any) -> None:
    with shop.store.write() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))
