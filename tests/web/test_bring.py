"""``/bring`` and what becomes of it at ``/files``: who may, how much, broken off, resumed, refused.

Rows of reliability.md, section 4 A, over plain HTTP (A1, A13, A15, A16, A20-A27).
"""

import hashlib
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.shop.files import arriving, intake, storage
from lib.shop.opening import Premises
from lib.shop.people.cookies import SESSION
from lib.shop.shop import Shop
from lib.supply.traceability import commands, queries
from lib.supply.traceability.rules import Kind, Target
from lib.web import bring, files
from lib.web.bodies import LARGEST_PIECE
from lib.web.doormen import doormen
from tests.pages.conftest import sign_in
from tests.shop.files import samples
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier

OURS = {"Origin": "http://testserver", "Accept-Language": "en"}


@pytest.fixture
def client(books: Premises) -> TestClient:
    middleware = doormen(hosts=[], origins=[], largest_upload=1024)
    app = Starlette(routes=[*bring.ROUTES, *files.ROUTES], middleware=middleware)
    bring._allowances.clear()
    bring._finished.clear()
    return TestClient(app, headers=OURS, raise_server_exceptions=False)


@pytest.fixture
def desk(client: TestClient, staff_shop: Shop, clock: FixedClock) -> TestClient:
    """The browser of somebody on the staff."""
    client.cookies.set(SESSION, sign_in(staff_shop.store, staff_shop, clock))
    return client


@pytest.fixture
def target(shop: Shop) -> Target:
    supplier, product = add_supplier(shop), add_product(shop, "土鸡蛋", fresh=True)
    return Target(batch_id=add_batch(shop, product, 5000, supplier_id=supplier))


def announced(client: TestClient, content: bytes, **more: Any) -> httpx.Response:
    told = {"called": hashlib.sha256(content).hexdigest(), "name": "蛋.mp4", "size": len(content),
            "type": "", **more}  # fmt: skip
    return client.post("/bring", json=told)


def sent(client: TestClient, key: str, content: bytes, offset: int, size: int) -> httpx.Response:
    way = f"/bring/{key}?offset={offset}&size={size}&name=x"
    return client.put(way, content=content)


def finished(
    client: TestClient, key: str, size: int, target: Target, **more: Any
) -> httpx.Response:
    told = {"target": target.word, "size": size, "kind": "growing", "name": "蛋.mp4",
            "made_on": f"{TODAY:%Y-%m-%d}", **more.pop("changed", {}), **more}  # fmt: skip
    return client.post(f"/bring/{key}/finish", json=told)


def brought(client: TestClient, content: bytes, target: Target, **more: Any) -> dict[str, Any]:
    """Bring ``content`` as the browser does; return the last answer."""
    said: dict[str, Any] = announced(client, content).json()
    while said["state"] == "go" and said["have"] < len(content):
        part = content[said["have"] : said["have"] + said["piece"]]
        said = sent(client, said["key"], part, said["have"], len(content)).json()
    if said["state"] != "go":
        return said
    answer: dict[str, Any] = finished(client, said["key"], len(content), target, **more).json()
    return answer


def waiting(shop: Shop) -> list[int]:
    folder = storage.unfinished_folder(shop.place)
    return [path.stat().st_size for path in folder.iterdir()]


def rows(shop: Shop) -> int:
    with shop.read() as connection:
        found = connection.execute(select(func.count()).select_from(schema.evidence)).scalar_one()
    return int(found)


def long_clip() -> bytes:
    """A clip of more than one piece."""
    body = samples.clip(seconds=2)
    filler = 2 * LARGEST_PIECE + 500
    return body + filler.to_bytes(4, "big") + b"free" + bytes(filler - 8)


def test_a_file_comes_in_pieces_and_becomes_evidence(
    desk: TestClient, shop: Shop, target: Target
) -> None:
    content = long_clip()
    said = brought(desk, content, target, issuer="市检测中心", kind="test_report")
    assert said["state"] == "done"
    (found,) = queries.evidence_of(shop, target)
    assert (found.id, found.kind, found.made_on) == (said["id"], Kind.TEST_REPORT, TODAY)
    assert found.issuer == "市检测中心"
    assert (found.file.is_clip, found.file.seconds, found.is_published) == (True, 2, False)
    assert waiting(shop) == []


def test_a16_the_same_file_again_says_that_it_is_there(
    desk: TestClient, shop: Shop, target: Target
) -> None:
    other = Target(supplier_id=1)
    states = [brought(desk, samples.photo(), each)["state"] for each in (target, target, other)]
    assert states == ["done", "there", "done"]
    assert rows(shop) == 2
    with shop.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.blob)).scalar() == 1


def test_a24_a_broken_connection_goes_on_where_it_stopped(
    desk: TestClient, shop: Shop, target: Target
) -> None:
    content = long_clip()
    size = len(content)
    key = announced(desk, content).json()["key"]
    assert sent(desk, key, content[:LARGEST_PIECE], 0, size).json()["have"] == LARGEST_PIECE
    assert rows(shop) == 0
    again = announced(desk, content).json()
    assert (again["key"], again["have"]) == (key, LARGEST_PIECE)
    too_early = finished(desk, key, size, target)
    assert (too_early.status_code, too_early.json()["state"]) == (409, "again")
    assert brought(desk, content, target)["state"] == "done"


def test_a_piece_that_came_after_all_is_not_taken_twice(desk: TestClient) -> None:
    content = long_clip()
    key = announced(desk, content).json()["key"]
    piece = content[:LARGEST_PIECE]
    assert sent(desk, key, piece, 0, len(content)).status_code == 200
    twice = sent(desk, key, piece, 0, len(content))
    assert (twice.status_code, twice.json()) == (409, {"state": "again"})
    beyond = sent(desk, key, piece, 5 * LARGEST_PIECE, len(content))
    assert beyond.status_code == 409
    assert announced(desk, content).json()["have"] == LARGEST_PIECE


def test_an_answer_that_was_lost_is_given_again(
    desk: TestClient, shop: Shop, target: Target
) -> None:
    content = samples.photo()
    key = announced(desk, content).json()["key"]
    sent(desk, key, content, 0, len(content))
    first = finished(desk, key, len(content), target).json()
    assert finished(desk, key, len(content), target).json() == first
    assert rows(shop) == 1


REFUSED = {
    "A1 exe named .png": (b"MZ" + bytes(500), {"name": "蛋.png", "type": "image/png"}),
    "A3 svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"type": "image/svg+xml"}),
    "A4 html": (b"<html>", {"type": "image/png"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_evidence_goes_no_further_than_its_first_piece(
    desk: TestClient, shop: Shop, name: str
) -> None:
    content, more = REFUSED[name]
    key = announced(desk, content, **more).json()["key"]
    answer = sent(desk, key, content, 0, len(content))
    assert answer.status_code == 422
    assert "not a photo, a video or a PDF" in answer.json()["sentence"]
    assert waiting(shop) == []


@pytest.mark.parametrize(
    ("size", "media_type", "accepted"),
    [
        (100 * 1024 * 1024, "video/mp4", True),
        (100 * 1024 * 1024 + 1, "video/mp4", False),
        (200 * 1024 * 1024, "", False),
        (20 * 1024 * 1024, "image/jpeg", True),
        (20 * 1024 * 1024 + 1, "image/jpeg", False),
        (intake.LARGEST_PDF + 1, "application/pdf", False),
        (0, "image/jpeg", False),
        (-5, "image/jpeg", False),
    ],
)
def test_a13_what_is_too_large_is_refused_before_a_byte(
    desk: TestClient, shop: Shop, size: int, media_type: str, accepted: bool
) -> None:
    answer = announced(desk, b"x", size=size, type=media_type)
    assert (answer.status_code == 200) == accepted
    assert waiting(shop) == []


def test_a_200_mb_video_is_refused_with_the_way_out_unless_the_owner_raised_the_limit(
    desk: TestClient, shop: Shop
) -> None:
    size = 200 * 1024 * 1024
    said = announced(desk, b"x", size=size, type="video/mp4").json()["sentence"]
    for part in ("200 MB", "100 MB", "shorter", "Settings"):
        assert part in said
    with shop.store.write() as connection:
        connection.execute(
            schema.setting.insert().values(
                name="largest_video_mb", value=200, changed_at=shop.clock.now()
            )
        )
    assert announced(desk, b"x", size=size, type="video/mp4").status_code == 200


def test_a_lie_about_the_size_or_the_sort_is_found_on_the_server(
    desk: TestClient, shop: Shop
) -> None:
    key = announced(desk, b"x", size=50 * 1024 * 1024, type="video/mp4").json()["key"]
    a_photo = sent(desk, key, samples.photo(), 0, 50 * 1024 * 1024)
    assert a_photo.status_code == 422, "a photo of 50 MB that claims to be a video"
    key = announced(desk, b"y", size=10, type="image/jpeg").json()["key"]
    assert sent(desk, key, samples.photo(), 0, 10).status_code == 409
    assert waiting(shop) == []


def test_a23_a_piece_is_small(desk: TestClient) -> None:
    content = long_clip()
    key = announced(desk, content).json()["key"]
    answer = sent(desk, key, content[: LARGEST_PIECE + 1], 0, len(content))
    assert answer.status_code == 413


@pytest.mark.parametrize("who", ["nobody", "forged", "signed out", "one-time password"])
def test_a20_only_who_is_signed_in_brings_files(
    client: TestClient, shop: Shop, staff_shop: Shop, clock: FixedClock, target: Target, who: str
) -> None:
    content = samples.photo()
    if who == "forged":
        client.cookies.set(SESSION, "x" * 43)
    elif who != "nobody":
        client.cookies.set(SESSION, sign_in(shop.store, staff_shop, clock))
        change = (
            update(schema.session).values(revoked_at=clock.now())
            if who == "signed out"
            else update(schema.person).values(must_change_password=True)
        )
        with shop.store.write() as connection:
            connection.execute(change)
    key = "a" * 64
    answers = [
        announced(client, content),
        sent(client, key, content, 0, len(content)),
        finished(client, key, len(content), target),
        client.delete(f"/bring/{key}"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert "goes on where it stopped" in answers[0].json()["sentence"]
    assert waiting(shop) == []


def test_a22_nobody_goes_on_with_another_persons_file(
    desk: TestClient, shop: Shop, clock: FixedClock, target: Target
) -> None:
    content = long_clip()
    key = announced(desk, content).json()["key"]
    sent(desk, key, content[:LARGEST_PIECE], 0, len(content))
    desk.cookies.set(SESSION, sign_in(shop.store, shop, clock))
    mine = announced(desk, content).json()
    assert mine["key"] != key
    assert mine["have"] == 0
    assert sent(desk, key, content[LARGEST_PIECE:][:5], LARGEST_PIECE, 9).status_code == 422
    assert finished(desk, key, len(content), target).status_code == 422
    assert desk.delete(f"/bring/{key}").status_code == 422
    assert waiting(shop) == [LARGEST_PIECE]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_c16_another_site_cannot_bring_files(desk: TestClient, headers: dict[str, str]) -> None:
    for method, way in (("POST", "/bring"), ("PUT", "/bring/" + "a" * 64), ("DELETE", "/bring/x")):
        assert desk.request(method, way, headers=headers).status_code == 403


@pytest.mark.parametrize("key", ["x", "..%2f..%2fshop.db", "A" * 64, "a" * 63, "a" * 65])
def test_nothing_but_a_key_becomes_a_path(desk: TestClient, target: Target, key: str) -> None:
    for answer in (
        desk.put(f"/bring/{key}?offset=0&size=3", content=b"abc"),
        finished(desk, key, 3, target),
        desk.delete(f"/bring/{key}"),
    ):
        assert answer.status_code in (404, 405, 422)


NONSENSE: list[Any] = [
    b"", b"[]", b"null", b"{", b'{"size": "5"}', b'{"size": true, "called": "x"}',
    b'{"size": 5}', b"\xff\xfe", b'{"size": 1e99, "called": "x"}', b'{"called": ["x"], "size": 5}',
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE)
def test_nonsense_is_a_refusal_and_no_crash(desk: TestClient, body: bytes) -> None:
    assert desk.post("/bring", content=body).status_code == 422
    assert desk.post(f"/bring/{'a' * 64}/finish", content=body).status_code == 422


@pytest.mark.parametrize(
    "told",
    [
        {"target": "member-1"},
        {"target": "batch-999"},
        {"kind": "secret"},
        {"made_on": "tomorrow"},
        {"made_on": "2030-01-01"},
    ],
)
def test_wrong_words_about_a_file_add_nothing(
    desk: TestClient, shop: Shop, target: Target, told: dict[str, str]
) -> None:
    content = samples.photo()
    key = announced(desk, content).json()["key"]
    sent(desk, key, content, 0, len(content))
    answer = finished(desk, key, len(content), target, changed=told)
    assert answer.status_code == 422
    assert rows(shop) == 0


def test_a15_a_name_is_told_back_and_nothing_else(desk: TestClient, shop: Shop) -> None:
    name = '../../<img onerror=x>"=cmd|\x00\r\n\u202egnp.exe' + "名" * 400
    content = b"MZ" + bytes(50)
    key = announced(desk, content, name=name).json()["key"]
    way = f"/bring/{key}"
    said = desk.put(
        way, params={"offset": "0", "size": "52", "name": name}, content=content
    ).json()["sentence"]
    assert "<img onerror=x>" in said, "as text: the page shows it by textContent"
    assert "\x00" not in said and "\u202e" not in said and len(said) < 200


def test_a21_one_session_brings_so_much_within_an_hour(
    desk: TestClient, shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bring, "BYTES_PER_HOUR", 10_000)
    monkeypatch.setattr(bring, "LARGEST_FILES_PER_HOUR", 0)
    content = long_clip()
    key = announced(desk, content).json()["key"]
    assert sent(desk, key, content[:LARGEST_PIECE], 0, len(content)).status_code == 200
    for answer in (
        sent(desk, key, content[LARGEST_PIECE:][:100], LARGEST_PIECE, len(content)),
        announced(desk, b"another"),
    ):
        assert answer.status_code == 422
        assert "within one hour" in answer.json()["sentence"]
    clock.forward(minutes=61)
    assert announced(desk, content).json()["have"] == LARGEST_PIECE


def test_a21_what_is_left_lying_makes_room_for_the_next(
    desk: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "MOST_WAITING", 0)
    first, second = long_clip(), long_clip()[:-1]
    key = announced(desk, first).json()["key"]
    sent(desk, key, first[:LARGEST_PIECE], 0, len(first))
    announced(desk, second)
    assert waiting(shop) == []


def test_a25_a_full_disk_is_said_before_a_byte_is_sent(
    desk: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = arriving.KEPT_FREE_BYTES

    monkeypatch.setattr(arriving.shutil, "disk_usage", lambda _: Full)
    said = announced(desk, b"x").json()
    assert "disk is full" in said["sentence"]


def test_what_is_cancelled_is_gone(desk: TestClient, shop: Shop) -> None:
    content = long_clip()
    key = announced(desk, content).json()["key"]
    sent(desk, key, content[:LARGEST_PIECE], 0, len(content))
    assert desk.delete(f"/bring/{key}").json() == {"state": "gone"}
    assert waiting(shop) == []
    assert announced(desk, content).json()["have"] == 0


def test_refusals_are_in_the_readers_language(desk: TestClient) -> None:
    said = desk.post("/bring?lang=zh_CN", json={"called": "x", "size": 0, "name": "蛋.png"}).json()
    assert said["sentence"].startswith("蛋.png")
    assert not said["sentence"].isascii() and "is empty" not in said["sentence"]


# What is seen of it


@pytest.fixture
def three(desk: TestClient, shop: Shop, target: Target) -> dict[str, Any]:
    """A photo, a clip and a PDF as evidence, by sort."""
    for content in (samples.photo((800, 600)), samples.clip(), samples.pdf(2)):
        assert brought(desk, content, target)["state"] == "done"
    found = queries.evidence_of(shop, target)
    return {
        "pdf": next(item for item in found if item.file.is_document),
        "clip": next(item for item in found if item.file.is_clip),
        "photo": next(item for item in found if item.file.media_type == "image/jpeg"),
    }


def status(client: TestClient, sha256: str, small: bool = False) -> int:
    return client.get(f"/files/{sha256}{'?size=small' if small else ''}").status_code


def seen(item: Any) -> list[str]:
    return [item.file.sha256, item.file.thumbnail, *item.file.pictures]


def test_who_sees_internal_evidence(
    desk: TestClient, shop: Shop, clock: FixedClock, three: dict[str, Any]
) -> None:
    addresses = [sha256 for item in three.values() for sha256 in seen(item)]
    owner = sign_in(shop.store, shop, clock)
    staff = desk.cookies[SESSION]
    for cookie, expected in ((owner, 200), (staff, 200), ("nobody", 404)):
        desk.cookies.clear()
        desk.cookies.set(SESSION, cookie)
        assert {status(desk, sha256) for sha256 in addresses} == {expected}
        assert {status(desk, sha256, small=True) for sha256 in addresses} == {expected}


def test_a27_residents_see_what_is_published_until_it_is_withdrawn(
    desk: TestClient, shop: Shop, three: dict[str, Any]
) -> None:
    for item in three.values():
        commands.publish_evidence(shop, item.id, item.version)
    desk.cookies.clear()
    paper = three["pdf"].file.sha256
    open_to_all = [sha256 for item in three.values() for sha256 in seen(item) if sha256 != paper]
    assert {status(desk, sha256) for sha256 in open_to_all} == {200}
    assert status(desk, paper) == 404, "A5: a PDF itself goes to no resident"
    small = desk.get(f"/files/{paper}?size=small")
    assert small.status_code in (200, 404)
    assert not small.content.startswith(b"%PDF")
    tags = [desk.get(f"/files/{sha256}").headers["etag"] for sha256 in open_to_all]
    for item in three.values():
        commands.withdraw_evidence(shop, item.id, item.version + 1)
    for sha256, tag in zip(open_to_all, tags, strict=True):
        again = desk.get(f"/files/{sha256}", headers={"If-None-Match": tag})
        assert again.status_code == 404, "an old tab asks again"


def test_a5_the_desk_gets_a_pdf_as_a_download_without_a_name(
    desk: TestClient, three: dict[str, Any]
) -> None:
    answer = desk.get(f"/files/{three['pdf'].file.sha256}")
    assert answer.content.startswith(b"%PDF")
    sha256 = three["pdf"].file.sha256
    assert answer.headers["content-disposition"] == f'attachment; filename="linli-{sha256[:8]}.pdf"'
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_clip_is_served_in_parts(desk: TestClient, shop: Shop, three: dict[str, Any]) -> None:
    clip = three["clip"]
    commands.publish_evidence(shop, clip.id, clip.version)
    desk.cookies.clear()
    whole = desk.get(f"/files/{clip.file.sha256}")
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, expected in (
        ("bytes=4-7", whole.content[4:8]),
        ("bytes=-5", whole.content[-5:]),
        (f"bytes={len(whole.content) - 3}-", whole.content[-3:]),
    ):
        part = desk.get(f"/files/{clip.file.sha256}", headers={"Range": asked})
        assert (part.status_code, part.content) == (206, expected)
    beyond = desk.get(f"/files/{clip.file.sha256}", headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416


def test_a_clip_is_not_read_through_for_each_part(
    desk: TestClient, three: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = three["clip"].file.sha256
    assert status(desk, sha256) == 200
    read: list[object] = []
    monkeypatch.setattr(storage, "is_sound", lambda *asked: bool(read.append(asked)) or True)
    for _ in range(5):
        desk.get(f"/files/{sha256}", headers={"Range": "bytes=0-9"})
    assert read == []


def test_the_answer_to_a_file_is_json_and_kept_nowhere(desk: TestClient) -> None:
    answer = announced(desk, b"abc")
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.content)["piece"] == LARGEST_PIECE
