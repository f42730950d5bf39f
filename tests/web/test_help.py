"""Residents report what is wrong (R28): what goes through, what does not, what is left."""

import asyncio
import io
import re
import struct
import threading
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.service.after_sales.links.rules import LONGEST_STORY
from lib.shop.files import photos, storage
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.web import bodies, case_page, help_door, pace, photo_forms
from lib.web.bodies import SmallBodies
from lib.web.headers import SecurityHeaders
from lib.web.hosts import Hosts, Welcome
from tests.service.after_sales.cast import kinds, row, rows
from tests.shop.files import samples
from tests.web.test_wishes import set_setting

OWN = {"origin": "http://testserver"}
FAR = ("203.0.113.9", 5000)
SAID = {
    "defect": "rotten", "what": "土鸡蛋 30 枚", "bad": "30 个里坏了 3 个", "said": "打开就有味道",
    "name": "小李", "home": "3-201",
}  # fmt: skip


def doors() -> Starlette:
    """The two doors behind the doormen the program has."""
    doormen = [
        Middleware(SecurityHeaders),
        Middleware(Hosts, Welcome.of([], [])),
        Middleware(SmallBodies),
    ]
    return Starlette(routes=[*help_door.ROUTES, *case_page.ROUTES], middleware=doormen)


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tried anything before."""
    monkeypatch.setattr(help_door, "sendings", pace.Tries())
    monkeypatch.setattr(case_page, "sendings", help_door.sendings)
    monkeypatch.setattr(case_page, "_guesses", pace.Tries())


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    """A Chinese phone from far away."""
    with TestClient(doors(), client=FAR, follow_redirects=False) as client:
        client.headers.update({"accept-language": "zh-CN", "accept-encoding": "identity"})
        yield client


def key_of(visitor: TestClient, path: str = "/p/help") -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', visitor.get(path).text)
    assert found
    return found[1]


def report(
    visitor: TestClient, *pictures: tuple[str, bytes], path: str = "/p/help", **typed: object
) -> Any:
    """Send the form as a browser does: text first, then photos."""
    values = {"key": typed.pop("key", None) or key_of(visitor), **SAID, **typed}
    parts: list[tuple[str, Any]] = [(name, (None, str(value))) for name, value in values.items()]
    parts += [("photos", (name, content, "image/jpeg")) for name, content in pictures]
    if not pictures:  # what a browser sends when nothing was chosen
        parts.append(("photos", ("", b"", "application/octet-stream")))
    return visitor.post(path, files=parts, headers=OWN)


def cases(shop: Shop) -> int:
    with shop.read() as connection:
        query = select(func.count()).select_from(schema.after_sales_case)
        return int(connection.execute(query).scalar_one())


def left_over(shop: Shop) -> list[str]:
    return [path.name for path in storage.unfinished_folder(shop.place).iterdir()]


def heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    target = io.BytesIO()
    samples.picture((64, 48)).save(target, "HEIF")
    return target.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with next to nothing in it (A7)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_report_is_a_case_at_once_with_a_private_address(
    visitor: TestClient, shop: Shop, clock: FixedClock
) -> None:
    page = visitor.get("/p/help")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "60 分钟" in page.text
    assert "24 小时" in page.text
    answer = report(visitor, ("a.jpg", samples.photo()), ("b.heic", heic()))
    assert answer.status_code == 303
    assert re.fullmatch(r"/p/case/[A-Za-z0-9_-]{43}\?sent=1", answer.headers["location"])
    case = row(shop, 1)
    assert (case.source, case.defect, case.status) == ("page", "rotten", "new")
    assert case.said == "30 个里坏了 3 个\n打开就有味道"
    assert (case.product_name, case.reporter_name) == ("土鸡蛋 30 枚", "小李")
    assert (case.reporter_home, case.member_id) == ("3-201", None)
    assert case.reported_at == clock.now()
    assert (case.reply_due_at - clock.now()).total_seconds() == 3600
    assert len(rows(shop, schema.case_turn)) == 1
    booked = rows(shop, schema.case_photo, case_id=1)
    assert [each.by_resident for each in booked] == [True, True]
    assert left_over(shop) == []
    followed = visitor.get(answer.headers["location"])
    assert "请保存这个页面" in followed.text
    assert "A0001" in followed.text


def test_photos_are_upright_and_say_nothing_of_where_they_were_taken(
    visitor: TestClient, shop: Shop
) -> None:
    turned = samples.photo((160, 96), turned=6, where=samples.PLACE)
    answer = report(visitor, ("a.jpg", turned))
    page = visitor.get(answer.headers["location"]).text
    (source,) = re.findall(r'href="(/p/case/[^"]+/photo/\d+)"', page)
    picture = visitor.get(source)
    assert picture.headers["content-type"] == "image/jpeg"
    assert samples.PLACE.encode() not in picture.content
    opened = Image.open(io.BytesIO(picture.content))
    assert opened.size == (96, 160)
    assert not opened.getexif()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tool.png", b"MZ\x90\x00" + b"x" * 500, "不是照片"),
        ("a.svg", b"<svg onload='x()'/>", "不是照片"),
        ("a.html", b"<html><script>", "不是照片"),
        ("a.pdf", b"%PDF-1.7 " + b"x" * 99, "不是照片"),
        ("a.mp4", b"\x00\x00\x00\x18ftypisom" + b"x" * 99, "不是照片"),
        ("empty.jpg", b"", "空"),
        ("half.jpg", samples.photo((640, 480))[:1500], "坏"),
        ("huge.png", png_of(18_000, 18_000), "像素"),
    ],
)
def test_what_is_no_sound_photo_is_said_and_the_sound_ones_are_taken(
    visitor: TestClient, shop: Shop, name: str, content: bytes, said: str
) -> None:
    answer = report(visitor, (name, content), ("good.jpg", samples.photo()))
    assert answer.status_code == 200
    assert name in answer.text
    assert said in answer.text
    address = re.search(r'href="(/p/case/[A-Za-z0-9_-]{43}\?sent=1)"', answer.text)
    assert address
    assert len(rows(shop, schema.case_photo)) == 1
    assert row(shop, 1).said.endswith("打开就有味道")
    assert left_over(shop) == []
    assert visitor.get(address[1]).status_code == 200


def test_exactly_the_largest_photo_is_taken_and_one_byte_more_is_not(
    visitor: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = samples.photo()
    monkeypatch.setattr(photos, "LARGEST_UPLOAD", len(picture))
    monkeypatch.setattr(photo_forms.intake, "LARGEST_PHOTO", len(picture))
    assert report(visitor, ("a.jpg", picture)).status_code == 303
    more = report(visitor, ("b.jpg", picture + b"x"))
    assert (more.status_code, "太大" in more.text or "超过" in more.text) == (200, True)
    assert len(rows(shop, schema.case_photo)) == 1
    assert left_over(shop) == []


def test_too_many_photos_are_counted_and_the_first_are_taken(
    visitor: TestClient, shop: Shop
) -> None:
    set_setting(shop, case_photos=2)
    assert "最多 2 张" in visitor.get("/p/help").text
    pictures = [(f"{n}.jpg", samples.photo((40 + 8 * n, 40))) for n in range(5)]
    answer = report(visitor, *pictures)
    assert answer.status_code == 200
    assert "3 张" in answer.text
    assert len(rows(shop, schema.case_photo)) == 2
    assert left_over(shop) == []


@pytest.mark.parametrize(
    "name",
    ["../../etc/x.jpg", "照" * 300, '"><img src=x onerror=y>', "=cmd|.jpg", "CON.png", " ",
     "a\u202egpj.exe", "a\r\nset-cookie: x=1.jpg", "a;b\\c.jpg"],
)  # fmt: skip
def test_names_of_files_are_never_a_path_and_stay_text(
    visitor: TestClient, shop: Shop, name: str
) -> None:
    answer = report(visitor, (name, b"no picture at all"))
    assert answer.status_code == 200
    assert "<img src=x" not in answer.text
    assert "\u202e" not in answer.text
    assert "照" * 101 not in answer.text
    assert "set-cookie" not in answer.headers
    assert left_over(shop) == []
    assert not (shop.place.folder / "etc").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"defect": ""}, "哪里不对"),
        ({"defect": "cheating"}, "哪里不对"),
        ({"what": "", "said": " ！！"}, "买了什么"),
        ({"name": "", "home": ""}, "昵称"),
        ({"said": "话" * (LONGEST_STORY + 1)}, "最多"),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_books_nothing(
    visitor: TestClient, shop: Shop, typed: dict[str, str], said: str
) -> None:
    key = key_of(visitor)
    answer = report(visitor, ("a.jpg", samples.photo()), key=key, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert key in answer.text
    assert "照片要重新选" in answer.text
    for name, value in {**SAID, **typed}.items():
        if name != "defect" and value:
            assert value in answer.text
    if "defect" not in typed:
        assert re.search(r'value="rotten" required checked', answer.text)
    assert cases(shop) == 0
    assert left_over(shop) == []


def test_the_same_form_twice_is_one_case_and_one_address(visitor: TestClient, shop: Shop) -> None:
    key, picture = key_of(visitor), samples.photo()
    answers = [report(visitor, ("a.jpg", picture), key=key) for _again in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert cases(shop) == 1
    assert len(rows(shop, schema.case_link)) == 1
    assert len(rows(shop, schema.case_photo)) == 1
    assert kinds(shop, 1) == ["reported"]


def test_the_same_form_at_the_same_moment_is_one_case(visitor: TestClient, shop: Shop) -> None:
    key, seen = key_of(visitor), []
    threads = [
        threading.Thread(target=lambda: seen.append(report(visitor, key=key).headers["location"]))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(seen), len(set(seen)), cases(shop)) == (3, 1, 1)


def test_photos_chosen_anew_on_a_form_that_was_sent_are_added(
    visitor: TestClient, shop: Shop
) -> None:
    key = key_of(visitor)
    first = report(visitor, ("a.jpg", b"no picture"), key=key)
    assert first.status_code == 200
    assert report(visitor, ("a.jpg", samples.photo()), key=key).status_code == 303
    assert (cases(shop), len(rows(shop, schema.case_photo))) == (1, 1)


def test_going_back_and_telling_something_else_is_another_case(
    visitor: TestClient, shop: Shop
) -> None:
    key = key_of(visitor)
    first = report(visitor, key=key)
    second = report(visitor, key=key, what="番茄")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] != second.headers["location"]
    assert cases(shop) == 2


def test_too_many_reports_are_asked_to_wait_before_a_picture_is_opened(
    visitor: TestClient, shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_setting(shop, cases_per_hour=2)
    assert [report(visitor).status_code for _ in range(2)] == [303, 303]

    def must_not(*_: object, **__: object) -> None:
        raise AssertionError("a picture was opened")

    with monkeypatch.context() as patched:
        patched.setattr(photo_forms.intake, "put", must_not)
        answer = report(visitor, ("a.jpg", samples.photo()))
    assert answer.status_code == 429
    assert "30 分钟" in answer.text
    assert "打开就有味道" in answer.text
    assert (cases(shop), left_over(shop)) == (2, [])
    clock.forward(minutes=30)
    assert report(visitor).status_code == 303


def test_what_lacks_something_costs_no_report_but_not_without_end(
    visitor: TestClient, shop: Shop
) -> None:
    set_setting(shop, cases_per_hour=2)
    many = 2 * help_door.TRIES_PER_REPORT
    answers = [report(visitor, what="", said="").status_code for _ in range(many + 1)]
    assert answers == [422] * many + [429]
    assert cases(shop) == 0


def test_a_full_shop_and_a_closed_door_say_so(visitor: TestClient, shop: Shop) -> None:
    key = key_of(visitor)
    set_setting(shop, most_waiting_cases=1)
    assert report(visitor, key=key).status_code == 303
    full = report(visitor, key="a" * 32)
    assert full.status_code == 429
    assert "群里" in full.text
    assert "打开就有味道" in full.text
    assert visitor.get("/p/help").status_code == 503
    set_setting(shop, case_door=False)
    assert visitor.get("/p/help").status_code == 404
    assert report(visitor, key="b" * 32).status_code == 404
    assert cases(shop) == 1


def test_a_form_that_is_too_large_keeps_its_words(
    visitor: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_forms, "largest_form", lambda _most: 100_000)
    key = key_of(visitor)
    answer = report(visitor, ("a.jpg", samples.photo()), ("b.jpg", b"x" * 300_000), key=key)
    assert answer.status_code == 413
    assert "打开就有味道" in answer.text
    assert answer.headers["connection"] == "close"
    assert (cases(shop), left_over(shop)) == (0, [])


def test_a_form_beyond_everything_is_turned_away(
    visitor: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LARGEST_PHOTO_FORM", 50_000)
    answer = report(visitor, ("b.jpg", b"x" * 60_000), key="c" * 32)
    assert answer.status_code == 413

    def pieces() -> Iterator[bytes]:
        yield b'--b\r\ncontent-disposition: form-data; name="photos"; filename="x"\r\n\r\n'
        for _ in range(20):
            yield b"x" * 10_000

    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert visitor.post("/p/help", content=pieces(), headers={**OWN, **kind}).status_code == 413
    assert (cases(shop), left_over(shop)) == (0, [])


def test_a_body_that_stops_is_ended_and_leaves_nothing(
    books: Premises, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LONGEST_PAUSE_SECONDS", 0.05)

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--b\r\ncontent-disposition: form-data; name="photos"; filename="x"\r\n\r\n'
        yield b"x" * 100_000
        await asyncio.sleep(5)
        yield b"never"

    async def visit() -> httpx.Response:
        transport = httpx.ASGITransport(doors())
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            kind = {"content-type": "multipart/form-data; boundary=b", **OWN}
            return await client.post("/p/help", content=pieces(), headers=kind)

    assert asyncio.run(visit()).status_code == 408
    assert (cases(shop), left_over(shop)) == (0, [])


def test_a_sender_who_goes_away_leaves_nothing(books: Premises, shop: Shop) -> None:
    sent = iter([
        {"type": "http.request", "more_body": True,
         "body": b'--b\r\ncontent-disposition: form-data; name="photos"; filename="x"\r\n\r\nxxx'},
        {"type": "http.disconnect"},
    ])  # fmt: skip

    async def receive() -> dict[str, Any]:
        return next(sent)

    async def nothing(_message: object) -> None:
        return None

    scope = {
        "type": "http", "method": "POST", "path": "/p/help", "raw_path": b"/p/help",
        "query_string": b"", "scheme": "http", "server": ("testserver", 80), "client": FAR,
        "headers": [(b"host", b"testserver"), (b"origin", b"http://testserver"),
                    (b"content-type", b"multipart/form-data; boundary=b")],
    }  # fmt: skip
    asyncio.run(doors()(scope, receive, nothing))
    assert (cases(shop), left_over(shop)) == (0, [])


def test_memory_does_not_grow_with_what_is_sent(
    books: Premises, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """40 MB of which nothing is a photo: they lie on the disk, and only pieces in memory (A20)."""
    import tracemalloc

    def pieces() -> Iterator[bytes]:
        for name in ("a", "b"):
            yield (
                f'--b\r\ncontent-disposition: form-data; name="photos"; filename="{name}"\r\n\r\n'
            ).encode()
            for _ in range(320):
                yield b"\x00" * 65_536
            yield b"\r\n"
        yield b"--b--\r\n"

    async def stream() -> AsyncIterator[bytes]:
        for piece in pieces():
            yield piece

    async def visit() -> int:
        transport = httpx.ASGITransport(doors())
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            kind = {"content-type": "multipart/form-data; boundary=b", **OWN}
            return (await client.post("/p/help", content=stream(), headers=kind)).status_code

    tracemalloc.start()
    assert asyncio.run(visit()) == 422
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
    assert left_over(shop) == []


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"defect=rotten", 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=" + "b" * 300, b"x", 400),
        ("multipart/form-data; boundary=b", b"garbage", 400),
        ("multipart/form-data; boundary=b", b"", 400),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n\r\n--b--\r\n", 422),
        ("multipart/form-data; boundary=b", b"--b--\r\n", 422),
        ("multipart/form-data; boundary=b", b'--b\r\nX: 1\r\n\r\n"' + b"x" * 99, 400),
    ],
)
def test_bodies_that_are_no_form_of_ours(
    visitor: TestClient, shop: Shop, kind: str, body: bytes, status: int
) -> None:
    answer = visitor.post("/p/help", content=body, headers={**OWN, "content-type": kind})
    assert answer.status_code == status
    assert (cases(shop), left_over(shop)) == (0, [])


def test_a_thousand_parts_are_no_form_of_ours(visitor: TestClient, shop: Shop) -> None:
    part = b'--b\r\ncontent-disposition: form-data; name="photos"; filename="x"\r\n\r\nx\r\n'
    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = visitor.post("/p/help", content=part * 1000 + b"--b--\r\n", headers={**OWN, **kind})
    assert answer.status_code == 400
    assert left_over(shop) == []


def test_markup_and_odd_signs_stay_text(visitor: TestClient, shop: Shop) -> None:
    evil = '</textarea><script>alert(1)</script>"><img src=x>'
    answer = report(visitor, said=evil + "\x00\x1b\u202e🍓", name=evil[:30], what=evil[:40])
    assert answer.status_code == 303
    page = visitor.get(answer.headers["location"]).text
    assert "<script" not in page
    assert "<img src=x" not in page
    assert row(shop, 1).said.endswith("🍓")
    assert "\x00" not in row(shop, 1).said
    broken = report(visitor, said=evil, what="", defect="")
    assert "<script" not in broken.text


def test_another_sites_page_cannot_send(visitor: TestClient, shop: Shop) -> None:
    key = key_of(visitor)
    for headers in ({"origin": "http://evil.example"}, {"origin": "null"}, {}):
        files = [(name, (None, value)) for name, value in {**SAID, "key": key}.items()]
        assert visitor.post("/p/help", files=files, headers=headers).status_code == 403
    assert cases(shop) == 0


def test_what_only_programs_fill_in_is_thrown_away(visitor: TestClient, shop: Shop) -> None:
    assert report(visitor, website="http://spam.example").status_code == 303
    assert cases(shop) == 0


def test_no_address_of_a_phone_and_no_token_is_kept(
    visitor: TestClient, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    answer = report(visitor, ("a.jpg", samples.photo()))
    token = answer.headers["location"].split("/")[-1].split("?")[0]
    visitor.get(answer.headers["location"])
    with shop.read() as connection:
        kept = str([
            tuple(one)
            for table in schema.metadata.sorted_tables
            for one in connection.execute(select(table))
        ])  # fmt: skip
    assert "203.0.113" not in kept
    assert token not in kept
    assert token not in caplog.text


def test_both_languages_and_the_language_is_kept(visitor: TestClient) -> None:
    page = visitor.get("/p/help?lang=en")
    assert "Something wrong with your goods?" in page.text
    assert 'action="/p/help?lang=en"' in page.text
    answer = report(visitor, path="/p/help?lang=en")
    assert answer.headers["location"].endswith("?sent=1&lang=en")
    assert "Keep this page" in visitor.get(answer.headers["location"]).text


def test_the_page_is_small_and_may_send_to_this_shop_only(visitor: TestClient) -> None:
    page = visitor.get("/p/help")
    assert len(page.content) < 24_000
    policy = page.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "script-src" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert key_of(visitor) != key_of(visitor)


def test_service_hours_are_said_where_they_count(visitor: TestClient, shop: Shop) -> None:
    assert "服务时间" not in visitor.get("/p/help").text
    set_setting(shop, service_hours_on=True, reply_minutes=45)
    page = visitor.get("/p/help").text
    assert "服务时间" in page
    assert "45 分钟" in page


def test_so_many_are_read_at_once_and_no_more(
    visitor: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_door, "seats", pace.Seats(0, 0))
    answer = report(visitor, ("a.jpg", samples.photo()), key="d" * 32)
    assert answer.status_code == 429
    assert "打开就有味道" in answer.text
    assert (cases(shop), left_over(shop)) == (0, [])
