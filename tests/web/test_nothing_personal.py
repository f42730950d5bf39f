"""Nothing that was not published leaves by a light page (F-13, D11)."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.shop import opening
from lib.shop.opening import Premises
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet
from lib.web.prices import ROUTES
from tests.plant import NUMBER, SECRET, plant

PATHS = ["/p/prices", "/p/prices/1", "/p/prices/1.json", "/p/prices/2", "/p/prices?page=2"]


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def visitor(store: Store, place: Place, clock: FixedClock) -> Iterator[TestClient]:
    opening.move_into(Premises(place, store, clock))
    with TestClient(Starlette(routes=ROUTES)) as client:
        yield client
    opening.move_into(None)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_secret_in_every_column_stays_inside(
    shop: Shop, visitor: TestClient, path: str, language: str
) -> None:
    product = plant(shop)
    publish_sheet(shop, "周五团", shop.today, [product])
    answer = visitor.get(path, params={"lang": language})
    seen = answer.content.decode() + str(answer.headers)
    assert SECRET not in seen
    assert SECRET.lower() + "_login" not in seen
    assert str(NUMBER) not in seen
    assert "芳姐" not in seen
    if answer.status_code == 200:
        assert "土鸡蛋" in seen
