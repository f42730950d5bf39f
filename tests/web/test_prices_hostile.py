"""The public pages of prices with goods nobody would wish for, and with a doctored database."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select, text, update
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.shop.export import readable, to_excel
from lib.shop.language import translator
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.trust.costs import queries
from lib.trust.costs.commands import publish_sheet
from lib.trust.costs.poster import Frame, Kind, Look, draw
from lib.trust.costs.rules import KEPT_BY_OWNER, Part
from lib.trust.costs.texts import line_text
from lib.trust.welfare.commands import plan_item
from lib.ui.costs import frame_of
from lib.ui.prices_public import history_frame
from lib.web import chain, files
from lib.web.prices import ROUTES
from tests.trust.costs.test_publishing import without_triggers
from tests.trust.welfare.cast import details
from tests.web.conftest import visiting
from tests.web.test_prices import add_product, check_sums, fen, keep

GOODS = 65
NAMES = (
    "<script>alert(1)</script>", "</table></article>", '"><img src=x onerror=alert(1)>',
    "\u202e蛋鸡土", "👨‍👩‍👧‍👦🥚🇨🇳", "长" * 200, "W" * 200, "{{ 7 * 7 }}",
    "'; DROP TABLE product; --",
    "-5.00", "¥0.00", "a\u0301\u0301\u0301", "=1+1", "https://evil.example",
)  # fmt: skip


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting([*chain.ROUTES, *ROUTES, *files.ROUTES]) as client:
        yield client


@pytest.fixture
def goods(shop: Shop) -> list[int]:
    """Goods of nothing, one fen, a fortune, below cost, by weight, three on a tray."""
    made = []
    for number in range(GOODS):
        price = (0, 1, 2, 99, 333, 580, 99_999_999)[number % 7]
        units: dict[str, Any] = [
            {},
            {"sale_unit": "板", "unit_grams": None, "content_pieces": 3},
            {"sale_unit": "袋", "unit_grams": None, "content_grams": 7},
            {"sale_unit": "两", "unit_grams": 50},
        ][number % 4]
        name = NAMES[number] if number < len(NAMES) else f"菜{number}"
        purchase = (0, 1, price, price + 1, price * 3, price // 2, price // 3)[number % 7 - 3]
        made.append(add_product(shop, name, price_fen=price, purchase_price_fen=purchase, **units))
        keep(shop, made[-1], **{part.value: number * 7 % 13 for part in KEPT_BY_OWNER})
    return made


def said(sheet: queries.Sheet) -> list[str]:
    return [line.name for line in sheet.lines]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_of_hostile_goods_adds_up(
    shop: Shop, visitor: TestClient, goods: list[int], language: str
) -> None:
    publish_sheet(shop, NAMES[0], shop.today, goods)
    names: list[str] = []
    for page in (1, 2, 3):
        html = visitor.get("/p/prices", params={"lang": language, "page": page}).text
        products = check_sums(html)
        names += [product["name"] for product in products]
        tags = set(re.findall(r"<([a-z0-9]+)", html))
        assert not tags & {"script", "img", "iframe"}
        assert "49" not in re.findall(r"<h2>(.*?)</h2>", html)
    sheet = queries.sheet(shop, 1)
    assert names == said(sheet)
    for line in visitor.get("/p/prices/1.json").json()["body"]["lines"]:
        assert sum(line[part.value] for part in Part) == line["price"]
    for product in goods[:7]:
        page_of_one = visitor.get(f"/p/prices/goods/{product}", params={"lang": language}).text
        (row,) = re.findall(r"<b>([^<]*)</b> / .*?</p>.*?<p class=\"soft\">(.*?)</p></li>",
                            page_of_one, re.S)  # fmt: skip
        amounts = re.findall(r"(-?¥[\d.,]+)</span>", row[1])
        assert sum(map(fen, amounts)) == fen(row[0])
    (picture, *more) = draw(sheet, Look(Kind.LONG, language), Frame("店", "https://x.cn/p", "UTC"))
    assert sum(drawn.said.count(name) for drawn in (picture, *more) for name in {"菜40"}) == 1


def test_tables_of_the_page_with_charts_add_up(shop: Shop, goods: list[int]) -> None:
    publish_sheet(shop, "一", shop.today, goods)
    sheet = queries.sheet(shop, 1)
    past = history_frame(queries.cost_history(shop, goods[3]))
    for frame, rows in ((frame_of(sheet.lines), GOODS), (past, 1)):
        parts = frame.iloc[:, 3 : 3 + len(Part)]
        assert len(frame) == rows
        assert list(parts.sum(axis=1)) == list(frame.iloc[:, 2])


def test_what_happens_to_a_product_later_never_changes_what_was_published(
    shop: Shop, visitor: TestClient, goods: list[int]
) -> None:
    photo = "a" * 64
    with shop.store.write() as connection:
        blob = schema.blob.insert().values(
            sha256=photo, media_type="image/jpeg", size=1, created_at=shop.clock.now()
        )
        connection.execute(blob)
        connection.execute(update(schema.product).values(photo=photo))
    publish_sheet(shop, "一", shop.today, goods[20:24])
    before = [visitor.get(f"/p/prices/{each}").text for each in ("1", "1.json")]
    with shop.store.write() as connection:
        connection.execute(
            update(schema.product).values(
                name="改名", price_fen=7, purchase_price_fen=None, photo=None, sale_unit="公斤",
                unit_grams=1000, stopped_at=shop.clock.now(),
            ).where(schema.product.c.id == goods[20])
        )  # fmt: skip
        connection.execute(
            update(schema.product)
            .values(archived_at=shop.clock.now())
            .where(schema.product.c.id == goods[21])
        )
    shop.store.checkpoint()
    assert [visitor.get(f"/p/prices/{each}").text for each in ("1", "1.json")] == before
    (point,) = queries.cost_history(shop, goods[20])
    assert point.line.name == "菜20"


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", '"x"', "null", '{"lines": 7}', '{"lines": [7, null]}', '{"lines": [{}]}',
     '{"shape": 9, "lines": [{"product": 1}]}', '{"lines": [], "period": ["x", "y"]}'],
)  # fmt: skip
def test_a_body_that_somebody_broke_is_refused_at_every_door(
    shop: Shop, visitor: TestClient, body: str
) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "一", shop.today, [eggs])
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        connection.execute(text("UPDATE cost_sheet SET body = :body"), {"body": body})
    sheets = schema.cost_sheet
    with shop.read() as connection:
        assert connection.execute(select(sheets.c.number)).scalar_one() == 1
    doors = {
        "/p/prices": 503, "/p/prices/1": 503, "/p/prices/1.json": 503,
        f"/p/prices/goods/{eggs}": 404, "/p/prices/chain.json": 200, "/p/prices/check": 200,
        f"/files/{'a' * 64}": 404,
    }  # fmt: skip
    assert {door: visitor.get(door).status_code for door in doors} == doors
    assert queries.sheet_on(shop, eggs, shop.today) is None


def test_a_doctored_sheet_proves_no_price_at_cost(shop: Shop) -> None:
    """成本价 needs a sheet that says so; one that somebody rewrote says nothing (facts 3.3)."""
    eggs = add_product(shop, purchase_price_fen=450)
    publish_sheet(shop, "一", shop.today, [eggs])
    with shop.read() as connection:
        found = queries.newest_said(connection, eggs)
    assert found is not None
    assert (found.number, found.line.cost) == (1, Money(450))
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        connection.execute(
            text("UPDATE cost_sheet SET body = replace(replace(body, '450', '440'), '130', '140')")
        )
    with shop.read() as connection:
        assert queries.newest_said(connection, eggs) is None
    plan_item(shop, details(eggs, "4.40"))


def test_a_sheet_that_was_seen_whole_is_looked_at_again_once_it_is_altered(shop: Shop) -> None:
    """What was checked is remembered by all that is stored: nothing altered passes by it."""
    eggs, tofu = add_product(shop), add_product(shop, name="豆腐", folded_name="豆腐")
    publish_sheet(shop, "一", shop.today, [eggs, tofu])
    for _time in range(2):
        assert len(queries.cost_history(shop, eggs)) == 1
        assert queries.sheet(shop, 1).lines
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        connection.execute(text("UPDATE cost_sheet SET body = replace(body, '豆腐', '豆干')"))
    assert queries.cost_history(shop, eggs) == []
    assert queries.cost_history(shop, tofu) == []
    with pytest.raises(Refused, match="altered"):
        queries.sheet(shop, 1)
    with shop.store.write() as connection:
        connection.execute(text("UPDATE cost_sheet SET body = replace(body, '豆干', '豆腐')"))
        connection.execute(text("UPDATE cost_sheet SET title = '二'"))
    assert queries.cost_history(shop, tofu) == []
    with shop.store.write() as connection:
        connection.execute(text("UPDATE cost_sheet SET title = '一'"))
    assert len(queries.cost_history(shop, tofu)) == 1


def test_the_sums_of_a_sheet_are_those_of_its_parts(shop: Shop, goods: list[int]) -> None:
    publish_sheet(shop, "一", shop.today, goods)
    sheet = queries.sheet(shop, 1)
    prices = total(line.price for line in sheet.lines)
    assert prices == total(amount for line in sheet.lines for _part, amount in line.parts)


def test_text_for_the_group_and_excel_file_say_what_the_page_says(
    shop: Shop, visitor: TestClient, goods: list[int]
) -> None:
    """E12, E17, R20: the same figures wherever people read them."""
    publish_sheet(shop, "一", shop.today, goods)
    sheet = queries.sheet(shop, 1)
    on_page = [
        [fen(amount) for _label, amount in product["rows"]]
        for page in (1, 2, 3)
        for product in check_sums(visitor.get("/p/prices", params={"page": page}).text)
    ]
    for line, (*parts, price) in zip(sheet.lines, on_page, strict=True):
        said = line_text(line, translator("zh_CN")).removeprefix(f"{line.name} ")
        found = re.findall(r"(^|[+−] )[^ ]+ ([\d,]+\.\d\d)", said.split(" = ", 1)[1])
        amounts = [fen(each) * (-1 if sign == "− " else 1) for sign, each in found]
        assert amounts == parts
        assert said.startswith(f"{Money(price)}/{line.unit} = ")
    frame = frame_of(sheet.lines)
    named = list(frame.columns[2 : 3 + len(Part)])
    file = BytesIO(to_excel(readable(frame, named, (), "Asia/Shanghai")))
    back = pd.read_excel(file, dtype=str, keep_default_na=False)
    in_file = [[fen(f"{float(cell):.2f}") for cell in row] for row in back[named].to_numpy()]
    assert [[cell for cell in row[1:] if cell] for row in in_file] == [
        [cell for cell in row[:-1] if cell] for row in on_page
    ]
    assert [row[0] for row in in_file] == [row[-1] for row in on_page]
