"""Paper of complaints: the letter for the owner alone, the ledger with photos naming nobody."""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.service.after_sales.photos.commands import add_photo
from lib.service.ledger.album import build as albums
from lib.service.ledger.album.rules import Shot, as_query, file_names, fitting, from_query
from lib.service.ledger.rules import Standing, Wanted
from lib.shop.files import photos, storage
from lib.shop.opening import Premises
from lib.shop.people.cookies import SESSION
from lib.shop.shop import Shop
from lib.web.case_papers import ROUTES
from tests.pages.conftest import sign_in
from tests.service.cast import TODAY, add_member
from tests.service.ledger.cast import give, owe, remedy
from tests.service.ledger.test_letters import Street
from tests.shop.files import samples

MONTH = "first=2026-09-01&last=2026-09-30"


@pytest.fixture
def door(books: Premises) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=ROUTES)) as client:
        yield client


@pytest.fixture
def street(shop: Shop) -> Street:
    """A farm's month with a resident, photos, money back, goods given."""
    made = Street(shop)
    li = add_member(shop, "小李", phone="13800000831", phone_tail="0831")
    case = made.case("grower", 12, member_id=li, status="working", reporter_home="3-201",
                     product_name="<i>土鸡蛋</i>")  # fmt: skip
    for size in ((60, 40), (61, 40)):
        add_photo(shop, case, photos.put(shop.place, samples.photo(size)))
    remedy(shop, case, amount_fen=288)
    give(shop, owe(shop, case, li, made.eggs), made.eggs, 1, TODAY, batch_id=made.batch)
    made.case("", 13)
    return made


def enter(door: TestClient, shop: Shop, clock: FixedClock) -> TestClient:
    door.cookies.set(SESSION, sign_in(shop.store, shop, clock))
    return door


def written(street: Street) -> int:
    every = tuple(each.sha256 for each in street.facts().pictures)
    return street.write(photos=every, asks="请加隔板。\n<script>alert(1)</script>")


def test_strangers_and_staff_see_no_letter(
    door: TestClient, street: Street, staff_shop: Shop, clock: FixedClock
) -> None:
    letter = written(street)
    for path in (f"/print/letter/{letter}", f"/case-photos?{MONTH}"):
        answer = door.get(path)
        assert answer.status_code == 403
        assert "土鸡蛋" not in answer.text
    enter(door, staff_shop, clock)
    assert door.get(f"/print/letter/{letter}").status_code == 403
    assert door.get(f"/case-photos?{MONTH}").status_code == 200


def test_a_letter_is_one_page_that_stands_alone(
    door: TestClient, street: Street, shop: Shop, clock: FixedClock
) -> None:
    letter = written(street)
    answer = enter(door, shop, clock).get(f"/print/letter/{letter}")
    page = answer.text
    assert answer.status_code == 200
    for part in (
        "致 青禾合作社", "2026年9月", "A0001", "A0002", "1 批", "3.15", "请退回 3.15 元",
        "请加隔板。", "0910-1", "核对码", "全额", "按协议一半",
    ):  # fmt: skip
        assert part in page, part
    assert page.count('src="data:image/jpeg;base64,') == 2
    for private in ("小李", "0831", "3-201", "太难吃", "<script", "28.80", "<i>土鸡蛋", " style="):
        assert private not in page, private
    assert "&lt;script&gt;" in page
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    css = re.search("<style>(.*)</style>", page, re.DOTALL)
    assert css is not None
    digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "size:A4" in page


def test_a_letter_whose_photo_is_gone_says_so(
    door: TestClient, street: Street, shop: Shop, clock: FixedClock
) -> None:
    letter = written(street)
    for path in Path(shop.place.uploads).glob("??/*"):
        path.unlink()
    page = enter(door, shop, clock).get(f"/print/letter/{letter}").text
    assert page.count("照片已经没有了") == 2


def test_no_letter_and_an_altered_one(
    door: TestClient, street: Street, shop: Shop, clock: FixedClock
) -> None:
    letter = written(street)
    enter(door, shop, clock)
    for unknown in ("99", "x", "１", "-1", "9" * 30):
        assert door.get(f"/print/letter/{unknown}").status_code == 404
    with shop.store.write() as connection:
        connection.execute(update(schema.supplier_letter).values(body={"shape": 1}))
    answer = door.get(f"/print/letter/{letter}")
    assert (answer.status_code, "改动过" in answer.text) == (409, True)


def unpacked(answer_content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer_content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_ledger_with_photos_names_nobody(
    door: TestClient, street: Street, shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    answer = enter(door, staff_shop, clock).get(f"/case-photos?{MONTH}")
    assert answer.status_code == 200
    found = unpacked(answer.content)
    assert set(found) == {"linli-complaints.xlsx", "photos/A0001-1.jpg", "photos/A0001-2.jpg",
                          "read-me.txt"}  # fmt: skip
    name = answer.headers["content-disposition"]
    assert "linli-complaints-20260901-20260930.zip" in name
    inside = "".join(
        part.decode("utf-8", "replace")
        for part in unpacked(found["linli-complaints.xlsx"]).values()
    )
    assert "A0001" in inside
    assert "青禾合作社" in inside
    for private in ("小李", "3-201", "太难吃", "0831", "21.01"):
        assert private not in inside, private
    assert "2 张" in found["read-me.txt"].decode("utf-8-sig")
    assert not list((shop.place.uploads / storage.UNFINISHED).glob("*.zip"))


def test_what_does_not_fit_is_said(
    door: TestClient, street: Street, shop: Shop, clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real = albums.album
    monkeypatch.setattr(
        albums, "album", lambda shop, wanted: fitting(real(shop, wanted).shots, most=1)
    )
    found = unpacked(enter(door, shop, clock).get(f"/case-photos?{MONTH}").content)
    assert [each for each in found if each.startswith("photos/")] == ["photos/A0001-1.jpg"]
    assert "1 张照片放不下" in found["read-me.txt"].decode("utf-8-sig")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("?first=x&last=y", 404),
        (f"?{MONTH}&defect=nonsense", 404),
        (f"?{MONTH}&product=1' OR 1=1", 404),
        (f"?{MONTH}&cases={'9' * 40}", 404),
        ("?first=2026-09-30&last=2026-09-01", 409),
        ("?first=1990-09-30&last=2026-09-01", 409),
        (f"?{MONTH}&product=1&supplier=0&cause=&defect=rotten&state=open&late=1", 200),
        (f"?{MONTH}&cases=1,2", 200),
    ],
)
def test_what_is_asked_for(
    door: TestClient, street: Street, shop: Shop, clock: FixedClock, query: str, status: int
) -> None:
    assert enter(door, shop, clock).get(f"/case-photos{query}").status_code == status


def test_an_address_means_what_it_was_made_of() -> None:
    for wanted in (
        Wanted(TODAY, TODAY),
        Wanted(TODAY, TODAY, product_id=3, supplier_id=0, cause="", standing=Standing.OPEN,
               late_only=True),
    ):  # fmt: skip
        assert from_query(as_query(wanted)) == wanted
    named = as_query(Wanted(TODAY, TODAY, text="小李"), (3, 4))
    assert "小李" not in str(named)
    found = from_query(named)
    assert found is not None
    assert found.case_ids == {3, 4}


def test_photos_are_named_by_case_and_cut_in_order() -> None:
    shots = [Shot(7, "a", 10), Shot(7, "b", 10), Shot(3, "c", 10)]
    assert list(file_names(shots)) == [
        "photos/A0007-1.jpg", "photos/A0007-2.jpg", "photos/A0003-1.jpg",
    ]  # fmt: skip
    assert fitting(shots, most=2).left_out == 1
    assert fitting(shots, size=25).left_out == 1
    assert fitting(shots, size=9).shots == ()
    assert fitting([]).left_out == 0
