"""The badge of goods with the community's own label on the light price page (R3)."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from lib.db.engine import Store
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.supply.labels.commands import add_label, end_label
from lib.trust.costs.commands import publish_sheet
from lib.trust.costs.queries import edition
from lib.web.prices import ROUTES
from tests.statements import statements_of
from tests.supply.cast import add_product
from tests.supply.labels.test_labels import APPROVED, picture
from tests.web.conftest import visiting

BADGE = '<p class="only">本小区专供</p>'


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest) -> Store:
    """What a page reads of labels is asked on both databases."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting(ROUTES) as client:
        yield client


def test_the_badge_comes_and_goes_with_the_label(shop: Shop, visitor: TestClient) -> None:
    """A page kept on the shelf is not shown any more once the label changed."""
    soap, eggs = add_product(shop, "手工皂", "块", 900), add_product(shop, "土鸡蛋")
    publish_sheet(shop, "周五团", shop.today, [soap, eggs])
    before, sealed = visitor.get("/p/prices").text, visitor.get("/p/prices/1.json").content
    assert BADGE not in before
    label = add_label(shop, soap, APPROVED, picture())
    labelled = visitor.get("/p/prices").text
    assert labelled.replace(BADGE, "") == before, "nothing else of the page changes"
    assert labelled.index("手工皂") < labelled.index(BADGE)
    assert "Only here" in visitor.get("/p/prices?lang=en").text
    assert visitor.get("/p/prices/1.json").content == sealed, "the sealed body never says it"
    end_label(shop, label, 1)
    assert visitor.get("/p/prices").text == before


def test_the_labels_cost_no_statement_of_their_own(shop: Shop, store: Store) -> None:
    add_label(shop, add_product(shop, "手工皂", "块", 900), APPROVED, picture())
    with statements_of(store) as said:
        assert edition(store).only_here
    assert len(said) == 1


def test_the_edition_names_every_labelled_product(shop: Shop, store: Store) -> None:
    assert edition(store).only_here == frozenset()
    products = [add_product(shop, f"商品{n}", "块") for n in range(3)]
    for product in products[:2]:
        add_label(shop, product, APPROVED, picture())
    assert edition(store).only_here == set(products[:2])
