"""Anybody can check that no sheet was rewritten, with nothing but SHA-256 (R20)."""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.trust.costs import queries
from lib.trust.costs.commands import publish_sheet
from lib.web import chain
from lib.web.routes import ROUTES
from tests.trust.costs.checking.test_checking import cheaper, rechained
from tests.trust.costs.test_publishing import add_product, without_triggers
from tests.web.conftest import visiting

GUIDE = Path(__file__).parents[2] / "docs" / "checking.md"


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting(ROUTES) as client:
        yield client


def publish(shop: Shop, count: int = 3) -> None:
    eggs = add_product(shop)
    for number in range(1, count + 1):
        correction = {"corrects": 1, "correction": "写错了"} if number == 2 else {}
        publish_sheet(shop, f"第{number}期", shop.today, [eggs], **correction)


def program_of_the_guide() -> str:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    assert found is not None
    return found[1]


def run_program(visitor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(address: str) -> io.BytesIO:
        answer = visitor.get(address.removeprefix("https://shop.example.cn"))
        assert answer.status_code == 200, address
        return io.BytesIO(answer.content)

    monkeypatch.setattr("urllib.request.urlopen", fetch)
    exec(program_of_the_guide(), {})


def test_every_sheet_is_a_link(shop: Shop, visitor: TestClient) -> None:
    publish(shop)
    answer = visitor.get("/p/prices/chain.json")
    assert answer.headers["content-type"] == "application/json"
    links = answer.json()["sheets"]
    assert [link["number"] for link in links] == [1, 2, 3]
    assert [link["corrects"] for link in links] == [None, 1, None]
    assert [link["previous"] for link in links] == ["", *(o["fingerprint"] for o in links[:-1])]
    assert answer.json()["next"] is None
    sealed = visitor.get(links[2]["sealed"])
    assert hashlib.sha256(sealed.content).hexdigest() == links[2]["fingerprint"]
    assert sealed.json()["data_as_of"] == links[2]["data_as_of"]
    again = visitor.get("/p/prices/chain.json", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_chain_of_no_sheet_is_empty(visitor: TestClient) -> None:
    assert visitor.get("/p/prices/chain.json").json() == {"sheets": [], "next": None}


@pytest.mark.parametrize("asked", ["9", "x", "-1", "９", "99999999999999999999", ""])
def test_a_page_that_is_not_there_is_empty(shop: Shop, visitor: TestClient, asked: str) -> None:
    publish(shop, 1)
    answer = visitor.get("/p/prices/chain.json", params={"from": asked})
    assert answer.json() == {"sheets": [], "next": None}


def test_the_program_of_the_guide_finds_a_whole_chain_whole(
    shop: Shop,
    visitor: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(shop)
    few = chain.links_from
    monkeypatch.setattr(chain, "links_from", lambda shop, first: few(shop, first, 2))
    run_program(visitor, monkeypatch)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 3
    assert printed[2] == f"3 {shop.today} {queries.sheet(shop, 3).short}"


def test_the_program_of_the_guide_finds_a_changed_figure(
    shop: Shop, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(shop)
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        cheaper(2)(connection)
    with pytest.raises(AssertionError, match=r"/p/prices/2\.json"):
        run_program(visitor, monkeypatch)


def test_a_chain_made_anew_has_other_fingerprints_than_the_group_saw(
    shop: Shop,
    visitor: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(shop)
    run_program(visitor, monkeypatch)
    posted = capsys.readouterr().out.splitlines()
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        cheaper(2)(connection)
        rechained(connection)
    run_program(visitor, monkeypatch)
    now = capsys.readouterr().out.splitlines()
    assert [old == new for old, new in zip(posted, now, strict=True)] == [True, False, False]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_page_says_how_to_check(shop: Shop, visitor: TestClient, language: str) -> None:
    empty = visitor.get("/p/prices/check", params={"lang": language})
    assert empty.status_code == 200
    publish(shop)
    page = visitor.get("/p/prices/check", params={"lang": language}).text
    assert queries.sheet(shop, 3).short in page
    assert 'href="/p/prices/3.json"' in page
    assert 'href="/p/prices/chain.json"' in page
    assert ("SHA-256" in page) and ("trust the shop" in page) == (language == "en")
    assert f'href="/p/prices/check?lang={language}"' in visitor.get(
        "/p/prices", params={"lang": language}
    ).text  # fmt: skip


def test_an_altered_text_is_not_served(shop: Shop, visitor: TestClient) -> None:
    publish(shop)
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        connection.execute(text("UPDATE cost_sheet SET title = 'x' WHERE number = 3"))
    assert visitor.get("/p/prices/3.json").status_code == 503
    assert visitor.get("/p/prices/2.json").status_code == 200
