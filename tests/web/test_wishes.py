"""The residents' wish form: what goes through, what does not, and what is not kept (R15)."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert, select, update
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.trust.demands.notes import queries
from lib.web import wishes
from lib.web.bodies import SmallBodies
from lib.web.headers import SecurityHeaders
from lib.web.hosts import Hosts, Welcome
from tests.conftest import NOW

FORM = "application/x-www-form-urlencoded"
OWN = {"origin": "http://testserver", "content-type": FORM}
FAR = ("203.0.113.9", 5000)


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    """A Chinese phone from far away, before the doormen the program has."""
    doormen = [
        Middleware(SecurityHeaders),
        Middleware(Hosts, Welcome.of([], [])),
        Middleware(SmallBodies),
    ]
    app = Starlette(routes=wishes.ROUTES, middleware=doormen)
    with TestClient(app, client=FAR, follow_redirects=False) as client:
        client.headers.update({"accept-language": "zh-CN", "accept-encoding": "identity"})
        yield client


def key_of(visitor: TestClient) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', visitor.get("/p/wishes").text)
    assert found
    return found[1]


def send(visitor: TestClient, wish: object = "想要草莓", **fields: object):  # type: ignore[no-untyped-def]
    plain = {"wish": wish, "name": "小李", "key": key_of(visitor)}
    return visitor.post("/p/wishes", content=urlencode({**plain, **fields}), headers=OWN)


def set_setting(shop: Shop, **values: object) -> None:
    with shop.store.write() as connection:
        for name, value in values.items():
            done = connection.execute(
                update(schema.setting).where(schema.setting.c.name == name).values(value=value)
            )
            if done.rowcount == 0:
                connection.execute(
                    insert(schema.setting).values(name=name, value=value, changed_at=NOW)
                )


def test_a_wish_is_sent_thanked_for_and_waits(visitor: TestClient, shop: Shop) -> None:
    page = visitor.get("/p/wishes")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "想让我们进点什么" in page.text
    answer = send(visitor)
    assert (answer.status_code, answer.headers["location"]) == (303, "/p/wishes?sent=1")
    thanks = visitor.get(answer.headers["location"])
    assert "店里收到了" in thanks.text
    assert "群里" in thanks.text
    (note,) = queries.notes(shop)
    assert (note.text, note.name) == ("想要草莓", "小李")
    assert "想要草莓" not in visitor.get("/p/wishes").text


def test_the_page_may_send_to_this_shop_only_and_is_never_stored(visitor: TestClient) -> None:
    for answer in (visitor.get("/p/wishes"), visitor.get("/p/wishes?sent=1"), send(visitor, "")):
        policy = answer.headers["content-security-policy"]
        assert "form-action 'self'" in policy
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
    assert key_of(visitor) != key_of(visitor)


def test_the_same_sending_twice_is_one_note(visitor: TestClient, shop: Shop) -> None:
    key = key_of(visitor)
    assert [send(visitor, key=key).status_code for _again in range(3)] == [303, 303, 303]
    assert len(queries.notes(shop)) == 1


def test_going_back_and_writing_another_wish_is_a_second_note(
    visitor: TestClient, shop: Shop
) -> None:
    key = key_of(visitor)
    assert send(visitor, "想要草莓", key=key).status_code == 303
    assert send(visitor, "想要蓝莓", key=key).status_code == 303
    assert {note.text for note in queries.notes(shop)} == {"想要草莓", "想要蓝莓"}


@pytest.mark.parametrize("wish", ["", "   ", "想" * 201, "想要米 13800001111", "！！"])
def test_a_refusal_keeps_what_was_typed_and_the_key(
    visitor: TestClient, shop: Shop, wish: str
) -> None:
    key = key_of(visitor)
    answer = send(visitor, wish, key=key, name="3-201 小李")
    assert answer.status_code == 422
    assert f">{wish}</textarea>" in answer.text
    assert 'value="3-201 小李"' in answer.text
    assert key in answer.text
    assert 'role="alert"' in answer.text
    assert queries.notes(shop) == ()


def test_markup_stays_text(visitor: TestClient, shop: Shop) -> None:
    evil = '</textarea><script>alert(1)</script>"><img src=x onerror=y>'
    answer = send(visitor, "13800001111" + evil, name='"><b>x')
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "<b>x" not in answer.text
    assert send(visitor, f"想要 {evil}").status_code == 303
    assert evil in queries.notes(shop)[0].text


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        ("想要🍓👨‍👩‍👧草莓", "想要🍓👨‍👩‍👧草莓"),
        ("想要\r\n\x00草\x1b莓\u202e", "想要 草莓"),
        ("想要草莓" + "\u0301" * 100, "想要草莓" + "\u0301" * 100),
    ],
)
def test_odd_signs(visitor: TestClient, shop: Shop, wish: str, kept: str) -> None:
    assert send(visitor, wish).status_code == 303
    assert queries.notes(shop)[0].text == kept


@pytest.mark.parametrize(
    "body",
    [b"wish=%ff%fe%c0%af&name=%00", b"wish=\xf0\x9f&key=\xff", b"=&=&&&", b"", b"%", b"wish",
     b"wish=a&wish=b&wish=c", b"a=1&" * 40],
)  # fmt: skip
def test_broken_bytes_are_an_answer_not_a_fault(
    visitor: TestClient, shop: Shop, body: bytes
) -> None:
    answer = visitor.post("/p/wishes", content=body, headers=OWN)
    assert answer.status_code in (400, 422)
    assert queries.notes(shop) == ()


def test_bodies_that_are_no_form_of_ours(visitor: TestClient, shop: Shop) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain", ""):
        answer = visitor.post(
            "/p/wishes", content=b'{"wish": "x"}', headers={**OWN, "content-type": kind}
        )
        assert answer.status_code == 415
    large = visitor.post("/p/wishes", content=b"wish=" + b"x" * 1_000_000, headers=OWN)
    assert large.status_code == 413
    assert queries.notes(shop) == ()


def test_another_sites_page_cannot_send(visitor: TestClient, shop: Shop) -> None:
    body = urlencode({"wish": "想要草莓", "key": key_of(visitor)})
    for headers in ({"origin": "http://evil.example"}, {"origin": "null"}, {}):
        answer = visitor.post("/p/wishes", content=body, headers={"content-type": FORM, **headers})
        assert answer.status_code == 403
    assert queries.notes(shop) == ()


def test_a_key_that_is_none_of_ours_is_given_a_new_one(visitor: TestClient, shop: Shop) -> None:
    for key in ("", "1", "x" * 32, "<script>"):
        answer = send(visitor, key=key)
        assert answer.status_code == 422
        assert re.search(r'name="key" value="[0-9a-f]{32}"', answer.text)
        assert ">想要草莓</textarea>" in answer.text
    assert queries.notes(shop) == ()


def test_what_only_programs_fill_in_is_thanked_for_and_thrown_away(
    visitor: TestClient, shop: Shop
) -> None:
    answer = send(visitor, website="http://spam.example")
    assert answer.status_code == 303
    assert queries.notes(shop) == ()


def test_too_many_are_asked_to_wait_and_lose_nothing(
    visitor: TestClient, shop: Shop, clock: FixedClock
) -> None:
    set_setting(shop, wishes_per_hour=2)
    assert [send(visitor, f"想要{n}号").status_code for n in range(3)] == [303, 303, 429]
    answer = send(visitor, "想要草莓")
    assert "30 分钟" in answer.text
    assert ">想要草莓</textarea>" in answer.text
    clock.forward(minutes=30)
    assert send(visitor, "想要草莓").status_code == 303
    assert len(queries.notes(shop)) == 3


def test_a_full_box_says_so_politely(visitor: TestClient, shop: Shop) -> None:
    with shop.store.write() as connection:
        connection.execute(
            insert(schema.wish_note),
            [{"key": f"{n}", "text": "米", "name": "", "status": "waiting", "at": NOW}
             for n in range(10)],
        )  # fmt: skip
    key = key_of(visitor)
    set_setting(shop, most_waiting_wishes=10)
    answer = send_with(visitor, key)
    assert answer.status_code == 429
    assert "群里" in answer.text
    assert ">想要草莓</textarea>" in answer.text
    closed = visitor.get("/p/wishes")
    assert closed.status_code == 503
    assert "<form" not in closed.text


def send_with(visitor: TestClient, key: str):  # type: ignore[no-untyped-def]
    body = urlencode({"wish": "想要草莓", "name": "", "key": key})
    return visitor.post("/p/wishes", content=body, headers=OWN)


def test_a_closed_box_is_not_found(visitor: TestClient, shop: Shop) -> None:
    key = key_of(visitor)
    set_setting(shop, wish_box=False)
    page, answer = visitor.get("/p/wishes"), send_with(visitor, key)
    assert (page.status_code, answer.status_code) == (404, 404)
    assert "<form" not in page.text
    assert queries.notes(shop) == ()


def test_both_languages_and_the_language_is_kept(visitor: TestClient) -> None:
    page = visitor.get("/p/wishes?lang=en")
    assert "What should we get for you?" in page.text
    assert 'action="/p/wishes?lang=en"' in page.text
    body = urlencode({"wish": "strawberries", "key": key_of(visitor)})
    answer = visitor.post("/p/wishes?lang=en", content=body, headers=OWN)
    assert answer.headers["location"] == "/p/wishes?sent=1&lang=en"
    assert "Thank you" in visitor.get(answer.headers["location"]).text
    assert visitor.get("/p/wishes?lang=<script>").status_code == 200


def test_no_address_of_a_phone_is_kept(visitor: TestClient, shop: Shop) -> None:
    assert send(visitor).status_code == 303
    with shop.read() as connection:
        kept = str([
            tuple(one)
            for table in schema.metadata.sorted_tables
            for one in connection.execute(select(table))
        ])  # fmt: skip
    assert "203.0.113" not in kept


def test_head_and_other_verbs(visitor: TestClient) -> None:
    assert visitor.head("/p/wishes").content == b""
    assert visitor.put("/p/wishes", headers=OWN).status_code == 405


def test_the_deadline_said_is_the_setting(visitor: TestClient, shop: Shop) -> None:
    assert "3 天内" in visitor.get("/p/wishes").text
    set_setting(shop, demand_hours=48)
    assert "2 天内" in visitor.get("/p/wishes").text


def test_the_form_stays_small(visitor: TestClient) -> None:
    assert len(visitor.get("/p/wishes").content) < 20_000
