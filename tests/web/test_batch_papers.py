"""Label, poster and dossier of a batch: for the shop only, in its language, naming no resident."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.service.pickup.commands import hand_over
from lib.shop.files import storage
from lib.shop.opening import Premises
from lib.shop.people.cookies import SESSION
from lib.shop.pictures import QUIET_MODULES, qr_matrix
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.recall.commands import start_recall
from lib.web.batch_papers import ROUTES, qr_svg
from tests.conftest import NOW
from tests.pages.conftest import sign_in
from tests.service.cast import add_member, add_order
from tests.supply.cast import add_batch, add_product, add_supplier, put
from tests.supply.origin.test_queries import add_evidence, add_paper, change, picture

TOKEN = "Zk3x9QpLm2Tg7RwA"
ADDRESS = f"https://shop.example.cn/p/origin/{TOKEN}"


@pytest.fixture
def door(books: Premises) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=ROUTES)) as client:
        yield client


@pytest.fixture
def batch(shop: Shop) -> int:
    save_settings(shop, {"shop_name": "芳姐生鲜", "public_address": "https://shop.example.cn"}, {})
    eggs = add_product(shop, "土鸡蛋")
    change(shop, schema.product, eggs, photo=picture(shop, "#d8b28c"))
    supplier = add_supplier(shop, "青禾合作社")
    return add_batch(
        shop, eggs, 5000, supplier_id=supplier, token=TOKEN, code="0925-1", lot="<b>L9</b>",
        supplier_address="径山村 8 号", supplier_contact="13900001234", shelf_life_days=30,
    )  # fmt: skip


def enter(door: TestClient, shop: Shop, clock: FixedClock) -> TestClient:
    door.cookies.set(SESSION, sign_in(shop.store, shop, clock))
    return door


@pytest.mark.parametrize("path", ["/print/label/1", "/print/poster/1.png", "/dossier/1"])
def test_only_people_of_the_shop_come_in(
    door: TestClient, staff_shop: Shop, clock: FixedClock, batch: int, path: str
) -> None:
    assert door.get(path).status_code == 403
    enter(door, staff_shop, clock)
    answer = door.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    for unknown in ("999", "x", "１", "-1", "9" * 30):
        assert door.get(path.replace("1", unknown)).status_code == 404


def test_a_label_says_what_the_law_asks_and_nothing_runs(
    door: TestClient, shop: Shop, clock: FixedClock, batch: int
) -> None:
    page = enter(door, shop, clock).get(f"/print/label/{batch}").text
    assert page.count('<article class="label">') == 8
    for said in ("土鸡蛋", "0925-1", "2026年9月25日", "青禾合作社", "30 天", "芳姐生鲜"):
        assert said in page, said
    assert "&lt;b&gt;L9" in page
    assert "<script" not in page
    assert " style=" not in page
    for private in ("径山村", "13900001234", "4.00"):
        assert private not in page, "a grower's home is printed only when asked for"


@pytest.mark.parametrize(
    ("kind", "query", "shown"),
    [("grower", "", False), ("grower", "?full=1", True), ("factory", "", True),
     ("factory", "?full=0", False)],
)  # fmt: skip
def test_address_and_contact_follow_who_it_is_and_what_is_asked(
    door: TestClient, shop: Shop, clock: FixedClock, batch: int, kind: str, query: str, shown: bool
) -> None:
    change(shop, schema.supplier, 1, kind=kind)
    page = enter(door, shop, clock).get(f"/print/label/{batch}{query}").text
    assert ("径山村 8 号" in page) is shown
    assert ("13900001234" in page) is shown


def test_a_roll_has_one_label_unless_more_are_asked_for(
    door: TestClient, shop: Shop, clock: FixedClock, batch: int
) -> None:
    enter(door, shop, clock)
    assert door.get(f"/print/label/{batch}?paper=80mm").text.count("<article") == 1
    assert door.get(f"/print/label/{batch}?paper=80mm&count=3").text.count("<article") == 3
    assert door.get(f"/print/label/{batch}?count=999").text.count("<article") == 60
    assert door.get(f"/print/label/{batch}?count=x&paper=y").text.count("<article") == 8


def test_the_code_on_the_label_leads_to_the_origin_page(
    door: TestClient, shop: Shop, clock: FixedClock, batch: int
) -> None:
    page = enter(door, shop, clock).get(f"/print/label/{batch}").text
    assert qr_svg(ADDRESS) in page


@pytest.mark.parametrize("query", ["", "?dark=1", "?tall=1", "?tall=1&dark=1"])
def test_the_code_on_the_poster_leads_to_the_origin_page(
    door: TestClient, shop: Shop, clock: FixedClock, batch: int, query: str
) -> None:
    add_evidence(shop, picture(shop), batch_id=batch)
    answer = enter(door, shop, clock).get(f"/print/poster/{batch}.png{query}")
    assert answer.headers["content-type"] == "image/png"
    assert len(answer.content) < 2_000_000
    poster = Image.open(io.BytesIO(answer.content)).convert("L")
    assert poster.size == (1080, 1920 if "tall" in query else 1440)
    assert read_code(poster) == qr_matrix(ADDRESS)


def read_code(poster: Image.Image) -> tuple[tuple[bool, ...], ...]:
    """Find the white square of the code and read its modules from the pixels in their middle."""
    modules = len(qr_matrix(ADDRESS)) + 2 * QUIET_MODULES
    pixels = 360 // modules
    side = modules * pixels
    top = poster.height - 56 - 360 - 36
    box = poster.crop((108, top, 108 + side, top + side))
    edge = [box.getpixel((at, 1)) for at in range(1, side - 1)]
    assert set(edge) == {255}, "the quiet zone is white"
    return tuple(
        tuple(
            box.getpixel((column * pixels + pixels // 2, row * pixels + pixels // 2)) < 128
            for column in range(QUIET_MODULES, modules - QUIET_MODULES)
        )
        for row in range(QUIET_MODULES, modules - QUIET_MODULES)
    )


@pytest.fixture
def told(shop: Shop, batch: int) -> int:
    """The batch with a full story: papers, evidence, a delivery note, a sale, a recall."""
    voucher, receipt = picture(shop, "#010203"), picture(shop, "#040506")
    change(shop, schema.delivery, 1, voucher=voucher)
    add_paper(shop, 1, scan=picture(shop, "#070809"))
    add_evidence(shop, picture(shop, "#0a0b0c"), batch_id=batch, published=False)
    add_evidence(shop, receipt, batch_id=batch, kind="receipt", published=False)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (1, 1000))
    hand_over(shop, order)
    start_recall(shop, batch, "沙门氏菌超标", "请别吃")
    put(shop, schema.supplier_paper, supplier_id=1, kind="trademark", created_at=NOW)
    return batch


def opened(answer: object) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(answer.content))  # type: ignore[attr-defined]


def test_the_dossier_holds_record_papers_evidence_and_recall(
    door: TestClient, shop: Shop, clock: FixedClock, told: int
) -> None:
    answer = enter(door, shop, clock).get(f"/dossier/{told}")
    assert 'filename="linli-batch-0925-1.zip"' in answer.headers["content-disposition"]
    packed = opened(answer)
    assert packed.testzip() is None
    names = packed.namelist()
    assert sorted(name.split("/")[0] for name in names) == [
        "evidence", "evidence", "index.html", "papers", "record"
    ]  # fmt: skip
    html = packed.read("index.html").decode()
    for said in ("土鸡蛋", "0925-1", "青禾合作社", "径山村 8 号", "13900001234", "¥4.00",
                 "沙门氏菌超标", "请别吃", "涉及 1 户", "-2斤", "&lt;b&gt;L9"):  # fmt: skip
        assert said in html, said
    assert "小李" not in html
    for link in re.findall(r'href="([^"]+)"', html):
        assert link in names
    for name in names:
        assert re.fullmatch(r"[a-z0-9/._-]+", name), "names say nothing of anybody"


def test_without_the_right_to_cost_it_holds_no_price_and_no_delivery_note(
    door: TestClient, shop: Shop, staff_shop: Shop, clock: FixedClock, told: int
) -> None:
    packed = opened(enter(door, staff_shop, clock).get(f"/dossier/{told}"))
    html = packed.read("index.html").decode()
    assert "¥4.00" not in html
    assert not [name for name in packed.namelist() if "receipt" in name or "voucher" in name]
    save_settings(shop, {"staff_may_see_cost": True}, {})
    packed = opened(door.get(f"/dossier/{told}"))
    assert [name for name in packed.namelist() if "voucher" in name]


def test_a_dossier_leaves_nothing_behind_and_a_missing_file_does_not_stop_it(
    door: TestClient, shop: Shop, clock: FixedClock, told: int
) -> None:
    for path in list(storage.stored(shop.place)):
        if path.stat().st_size:
            path.unlink()
            break
    assert enter(door, shop, clock).get(f"/dossier/{told}").status_code == 200
    left = list((shop.place.uploads / storage.UNFINISHED).iterdir())
    assert left == []
