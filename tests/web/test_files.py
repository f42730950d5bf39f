"""``/files/…`` as the owner, staff, a stranger and an attacker see it."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.shop.files import storage
from lib.shop.opening import Premises
from lib.shop.people.cookies import SECURE_PREFIX, SESSION
from lib.shop.shop import Shop
from lib.trade.products import commands
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.queries import proposed
from lib.trade.rounds.rules import Offered
from lib.web import files
from tests.pages.conftest import sign_in


@pytest.fixture
def client(books: Premises) -> TestClient:
    return TestClient(Starlette(routes=files.ROUTES))


@pytest.fixture
def product(shop: Shop) -> int:
    return commands.add_product(shop, Details("土鸡蛋", "斤", Money.of("4.80")))


@pytest.fixture
def photo(shop: Shop, product: int) -> str:
    target = io.BytesIO()
    Image.new("RGB", (800, 600), (200, 30, 30)).save(target, "JPEG")
    sha256 = commands.set_photo(shop, product, target.getvalue())
    assert sha256 is not None
    return sha256


def as_person(client: TestClient, shop: Shop, clock: FixedClock, prefix: str = "") -> TestClient:
    client.cookies.set(prefix + SESSION, sign_in(shop.store, shop, clock))
    return client


@pytest.mark.parametrize("prefix", ["", SECURE_PREFIX])
def test_staff_see_a_photo_and_may_keep_it(
    client: TestClient, staff_shop: Shop, clock: FixedClock, photo: str, prefix: str
) -> None:
    answer = as_person(client, staff_shop, clock, prefix).get(f"/files/{photo}")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).size == (800, 600)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "private" in answer.headers["cache-control"]
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Cookie"


def test_the_thumbnail_is_small(
    client: TestClient, shop: Shop, clock: FixedClock, photo: str
) -> None:
    answer = as_person(client, shop, clock).get(f"/files/{photo}?size=small")
    assert Image.open(io.BytesIO(answer.content)).size == (320, 240)


def test_a_part_is_served(client: TestClient, shop: Shop, clock: FixedClock, photo: str) -> None:
    answer = as_person(client, shop, clock).get(f"/files/{photo}", headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer.content) == (206, b"\xff\xd8")
    beyond = client.get(f"/files/{photo}", headers={"Range": "bytes=9999999-"})
    assert beyond.status_code == 416


def test_a_stranger_sees_nothing_and_learns_nothing(client: TestClient, photo: str) -> None:
    hidden, absent = client.get(f"/files/{photo}"), client.get(f"/files/{'0' * 64}")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert dict(hidden.headers) == dict(absent.headers)


@pytest.mark.parametrize("cookie", ["forged", "x" * 500, "%00", "../../x"])
def test_a_forged_cookie_is_no_cookie(client: TestClient, photo: str, cookie: str) -> None:
    client.cookies.set(SESSION, cookie)
    assert client.get(f"/files/{photo}").status_code == 404


def test_an_expired_session_sees_nothing(
    client: TestClient, shop: Shop, clock: FixedClock, photo: str
) -> None:
    as_person(client, shop, clock)
    clock.forward(days=366)
    assert client.get(f"/files/{photo}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["x", "..%2f..%2fshop.db", "A" * 64, "0" * 63, "0" * 65, "%2e%2e/secrets/journal.key", "0/0"],
)
def test_nothing_but_an_address_is_looked_up(
    client: TestClient, shop: Shop, clock: FixedClock, path: str
) -> None:
    assert as_person(client, shop, clock).get(f"/files/{path}").status_code == 404


def test_a27_an_offered_photo_is_public_until_it_is_withdrawn(
    client: TestClient, shop: Shop, product: int, photo: str
) -> None:
    open_round(shop, Plan("", proposed(shop)), [Offered(product, Money.of("4.80"))])
    first = client.get(f"/files/{photo}")
    assert first.status_code == 200
    assert "no-cache" in first.headers["cache-control"]
    again = client.get(f"/files/{photo}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    commands.set_photo(shop, product, None)
    gone = client.get(f"/files/{photo}", headers={"If-None-Match": first.headers["etag"]})
    assert gone.status_code == 404


@pytest.mark.parametrize("damage", ["gone", "changed", "link"])
def test_a26_a_damaged_file_is_not_served(
    client: TestClient, shop: Shop, clock: FixedClock, photo: str, damage: str
) -> None:
    path = storage.path_of(shop.place, photo)
    if damage == "changed":
        path.write_bytes(b"<script>alert(1)</script>")
    else:
        path.unlink()
    if damage == "link":
        path.symlink_to(shop.place.folder / "shop.db")
    assert as_person(client, shop, clock).get(f"/files/{photo}").status_code == 404


def test_a_thumbnail_of_a_hidden_photo_is_hidden_too(client: TestClient, photo: str) -> None:
    assert client.get(f"/files/{photo}?size=small").status_code == 404


def test_only_reading_is_possible(
    client: TestClient, shop: Shop, clock: FixedClock, photo: str
) -> None:
    as_person(client, shop, clock)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, f"/files/{photo}").status_code == 405


def test_a_session_of_long_ago_is_renewed_by_nothing_here(
    client: TestClient, shop: Shop, clock: FixedClock, photo: str
) -> None:
    as_person(client, shop, clock)
    clock.moment += timedelta(days=1)
    assert "set-cookie" not in client.get(f"/files/{photo}").headers
