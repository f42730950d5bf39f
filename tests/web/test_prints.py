"""Paper for the shop: only for its people, in its language, without cost and without phones."""

import base64
import hashlib
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.quantity import Unit
from lib.service.delivery.commands import bring_anyway
from lib.service.owed.commands import Promise, promise
from lib.service.packing.commands import tick
from lib.service.pickup.commands import hand_over
from lib.shop.opening import Premises
from lib.shop.people.cookies import SESSION
from lib.shop.shop import Shop
from lib.supply.purchasing.commands import WantedLine, WantedOrder, add_orders
from lib.trade.packaging.rules import Packaging
from lib.web.prints import ROUTES
from tests.pages.conftest import sign_in
from tests.service.cast import add_member, add_order, add_product, add_round
from tests.service.delivery.cast import Lane, lane
from tests.supply.cast import TODAY, add_supplier, add_term

PATHS = ("/print/pick", "/print/slips", "/print/slips?paper=80mm")


@pytest.fixture
def door(books: Premises) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=ROUTES)) as client:
        yield client


@pytest.fixture
def street(shop: Shop) -> int:
    """Two orders of today, one of a resident with markup for a name."""
    eggs = add_product(shop, "土鸡蛋", fresh=True, fragile=True, category="蛋")
    round_id = add_round(shop)
    li = add_member(shop, "小李", phone="13800000831", phone_tail="0831")
    evil = add_member(shop, "<script>alert(1)</script>")
    add_order(shop, li, 12, (eggs, 750), home=("3", None, "201"), round_id=round_id, delivery=True)
    order, _ = add_order(shop, evil, 13, (eggs, 500), note="<img src=x>", pickup_slot="noon")
    return order


@pytest.fixture
def staff_door(door: TestClient, staff_shop: Shop, clock: FixedClock) -> TestClient:
    door.cookies.set(SESSION, sign_in(staff_shop.store, staff_shop, clock))
    return door


@pytest.mark.parametrize("path", (*PATHS, "/print/purchase"))
@pytest.mark.parametrize("cookie", [None, "forged", "x" * 5000])
def test_strangers_get_the_door(
    door: TestClient, street: int, path: str, cookie: str | None
) -> None:
    if cookie:
        door.cookies.set(SESSION, cookie)
    answer = door.get(path)
    assert answer.status_code == 403
    assert "小李" not in answer.text
    assert "土鸡蛋" not in answer.text


def test_a_disabled_person_prints_nothing(staff_door: TestClient, staff_shop: Shop) -> None:
    people = schema.person
    with staff_shop.store.write() as connection:
        connection.execute(update(people).where(people.c.login == "xiaowu").values(active=False))
    assert staff_door.get("/print/slips").status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_paper_names_no_cost_no_phone_and_runs_nothing(
    staff_door: TestClient, street: int, path: str
) -> None:
    answer = staff_door.get(path)
    assert answer.status_code == 200
    assert "土鸡蛋" in answer.text
    for secret in ("13800000831", "3.99", "<script", "<img"):
        assert secret not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    css = re.search("<style>(.*)</style>", answer.text, re.DOTALL)
    assert css is not None
    digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "style=" not in answer.text


def test_a_slip_says_what_goes_into_the_bag(staff_door: TestClient, street: int) -> None:
    text = staff_door.get("/print/slips").text
    for part in ("12", "3-201", "小李", "尾号 0831", "1.5斤", "☐ 保鲜袋", "☐ 冰袋", "☐ 气泡膜",
                 "送货上门", "待付 ¥7.20", "2026年9月25日"):  # fmt: skip
        assert part in text, part
    assert "size:A4" in text
    assert "size:80mm" in staff_door.get("/print/slips?paper=80mm").text


def owe(shop: Shop, member: int, product: int, quantity: int = 250) -> None:
    with shop.write("owed.test") as tx:
        promise(tx, Promise(member, product, "土鸡蛋", Unit.named("斤"), quantity))


def test_owed_goods_stand_on_the_slip_of_the_next_order_and_on_the_pick_list(
    staff_door: TestClient, shop: Shop, street: int
) -> None:
    owe(shop, 1, 1)
    slips = re.split("<article>", staff_door.get("/print/slips").text)
    assert "☐ 土鸡蛋<small>欠补，不收钱</small></span><b>0.5斤" in slips[1]
    assert "欠补" not in slips[2]
    pick = staff_door.get("/print/pick").text
    assert "3斤<small>其中欠补 0.5斤" in pick


def test_owed_goods_of_no_order_have_a_slip_of_their_own(
    staff_door: TestClient, shop: Shop, street: int
) -> None:
    alone = add_member(shop, "老周", building="9")
    owe(shop, alone, 1)
    owe(shop, alone, 1, 500)
    text = staff_door.get("/print/slips").text
    assert re.findall(r'class="number">([^<]+)<', text) == ["12", "13", "补"]
    own = text.split("<article>")[3]
    assert own.count("欠补，不收钱") == 2
    assert "老周" in own
    for absent in ("已付", "待付"):
        assert absent not in own
    assert "老周" not in staff_door.get("/print/slips?slot=noon").text
    assert "老周" not in staff_door.get("/print/slips?round=1").text


def test_a_slip_says_how_a_bag_was_packed_and_how_long_it_is_kept(
    staff_door: TestClient, staff_shop: Shop, street: int
) -> None:
    before = staff_door.get("/print/slips").text.split("<article>")[2]
    assert "☐ 冰袋 × 1<small>土鸡蛋" in before
    assert "留到9月26日 周六" in before
    packed = {
        Packaging.FRESHNESS_BAG: 1, Packaging.ICE_PACK: 2, Packaging.BUBBLE_WRAP: 0,
    }  # fmt: skip
    tick(staff_shop, street, packed)
    after = staff_door.get("/print/slips").text.split("<article>")[2]
    assert "☑ 冰袋 × 2" in after
    assert "气泡膜" not in after


def test_what_was_handed_over_is_not_packed_again(
    staff_door: TestClient, staff_shop: Shop, street: int
) -> None:
    hand_over(staff_shop, street)
    text = staff_door.get("/print/slips").text
    assert "小李" in text
    assert "alert" not in text


def test_paper_is_in_the_shops_language(
    staff_door: TestClient, staff_shop: Shop, street: int
) -> None:
    with staff_shop.store.write() as connection:
        english = {"name": "language", "value": "en", "changed_at": staff_shop.clock.now()}
        connection.execute(insert(schema.setting).values(english))
    staff_door.headers["accept-language"] = "zh-CN"
    text = staff_door.get("/print/pick").text
    assert "Pick list" in text
    assert "building 3" in text
    assert 'lang="en"' in text


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["12", "13"]),
        ("?day=2026-09-25", ["12", "13"]),
        ("?day=2026-09-26", []),
        ("?round=1", ["12"]),
        ("?round=99", []),
        ("?slot=noon", ["13"]),
        ("?slot=midnight", ["12", "13"]),
        ("?day=<script>&round=1' OR 1=1&paper=../x", ["12", "13"]),
        ("?round=99999999999999999999", ["12", "13"]),
        ("?round=١", ["12", "13"]),
    ],
)
def test_what_is_asked_for(
    staff_door: TestClient, street: int, query: str, numbers: list[str]
) -> None:
    answer = staff_door.get(f"/print/slips{query}")
    assert answer.status_code == 200
    assert re.findall(r'class="number">(\d+)<', answer.text) == numbers


def test_what_is_on_order_stands_per_supplier_without_prices(
    staff_door: TestClient, shop: Shop
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    grower = add_supplier(shop, "青禾<合作社>")
    add_term(shop, grower, eggs, 98_765, case_quantity=5000)
    _first, second = add_orders(
        shop,
        [WantedOrder(grower, TODAY, (WantedLine(eggs, needed),)) for needed in (23_500, 4_000)],
    )
    text = staff_door.get("/print/purchase").text
    assert "青禾&lt;合作社&gt;" in text
    assert "50斤" in text
    assert "5件，每件10斤" in text
    assert "987" not in text
    one = staff_door.get(f"/print/purchase?order={second}").text
    assert "50斤" not in one
    assert "10斤" in one
    assert staff_door.get(f"/print/purchase?order={'9' * 30}").status_code == 200


@pytest.fixture
def walk_of_today(shop: Shop) -> Lane:
    """A day of deliveries; the note of the one with a need tells of a pregnancy."""
    here = lane(shop)
    note = update(schema.customer_order).values(note="孕妇，鸡蛋要大的")
    with shop.store.write() as connection:
        connection.execute(note.where(schema.customer_order.c.id == here.orders["王奶奶"]))
    bring_anyway(shop, here.orders["小陈"])
    return here


def test_the_walking_list_says_how_and_never_why(
    staff_door: TestClient, walk_of_today: Lane
) -> None:
    text = staff_door.get("/print/delivery").text
    for part in ("3-1-1203", "12 楼", "王奶奶", "尾号 1234", "土鸡蛋", "1斤", "按两下门铃",
                 "鸡蛋要大的", "¥7.80", "2 户", "共收 ¥15.60"):  # fmt: skip
        assert part in text, part
    assert text.index("3-1-1203") < text.index("5-101")
    for left_out in ("孕", "13800001234", "李叔", "远客", "3.99"):
        assert left_out not in text, left_out
    assert "没有要送的" in staff_door.get("/print/delivery?slot=morning").text


def test_the_walking_list_is_closed_to_strangers(door: TestClient, walk_of_today: Lane) -> None:
    answer = door.get("/print/delivery")
    assert answer.status_code == 403
    for secret in ("王奶奶", "按两下门铃", "3-1-1203"):
        assert secret not in answer.text


def test_owed_goods_stand_on_the_walking_list(
    staff_door: TestClient, shop: Shop, walk_of_today: Lane
) -> None:
    with shop.write("case.solve") as tx:
        member, eggs = walk_of_today.members["王奶奶"], walk_of_today.eggs
        promise(tx, Promise(member, eggs, "土鸡蛋", Unit.named("斤"), 250))
    assert "欠补，不收钱" in staff_door.get("/print/delivery").text


def test_a_slip_says_how_to_hand_over_and_never_why(
    staff_door: TestClient, walk_of_today: Lane
) -> None:
    text = staff_door.get("/print/slips").text
    assert "按两下门铃" in text
    assert "鸡蛋要大的" in text
    assert "孕" not in text
