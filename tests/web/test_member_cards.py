"""Printed cards: only for people of the shop, without phone and room, and written down."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.members.profiles.cards.commands import give_card
from lib.members.profiles.cards.rules import said_code
from lib.members.profiles.commands import add_member
from lib.members.profiles.rules import Home
from lib.shop.opening import Premises
from lib.shop.people.cookies import SESSION
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.web.batch_papers import qr_svg
from lib.web.front_page import front_page
from lib.web.member_cards import ROUTES
from tests.pages.conftest import sign_in

PHONE = "13800138000"


@pytest.fixture
def door(books: Premises) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=ROUTES)) as client:
        yield client


@pytest.fixture
def staff_door(door: TestClient, staff_shop: Shop, clock: FixedClock) -> TestClient:
    door.cookies.set(SESSION, sign_in(staff_shop.store, staff_shop, clock))
    return door


@pytest.fixture
def cards(shop: Shop) -> dict[int, str]:
    save_settings(shop, {"shop_name": "芳姐生鲜"}, {})
    home = Home(building="3", room="201")
    lee = add_member(shop, "<b>小李", phone=PHONE, home=home)
    fang = add_member(shop, "阿芳")
    return {one: give_card(shop, one) for one in (lee, fang)}


def test_strangers_get_the_door(door: TestClient, cards: dict[int, str]) -> None:
    answer = door.get("/print/cards?member=1&names=1")
    assert answer.status_code == 403
    assert "小李" not in answer.text
    assert not any(code in answer.text for code in cards.values())


def test_a_stranger_who_scans_a_card_gets_the_same_page_as_without(
    cards: dict[int, str], books: Premises
) -> None:
    """The sign-in is drawn over it; whose card it is is asked behind the guard of the page."""
    with TestClient(Starlette(routes=[Route("/members", front_page)])) as client:
        plain = client.get("/members").text
        for code in cards.values():
            assert client.get(f"/members?card={code}").text == plain
    assert "小李" not in plain


def test_a_card_has_shop_and_code_and_a_name_only_if_asked(
    staff_door: TestClient, cards: dict[int, str]
) -> None:
    asked = "&".join(f"member={one}" for one in (*cards, 999))
    page = staff_door.get(f"/print/cards?{asked}").text
    assert page.count('<article class="card">') == 2
    assert page.count("芳姐生鲜") == 2
    for code in cards.values():
        assert said_code(code) in page
        assert qr_svg(said_code(code)) in page
    for private in ("小李", "阿芳", PHONE, "8000", "201"):
        assert f">{private}<" not in page, private
        assert private not in page or private in ("8000", "201"), private
    named = staff_door.get(f"/print/cards?{asked}&names=1").text
    assert "&lt;b&gt;小李" in named
    assert PHONE not in named
    assert "3-201" not in named


def test_with_a_public_address_the_code_opens_the_members_page(
    shop: Shop, staff_door: TestClient, cards: dict[int, str]
) -> None:
    save_settings(shop, {"public_address": "https://shop.example.cn"}, {})
    member_id, code = next(iter(cards.items()))
    page = staff_door.get(f"/print/cards?member={member_id}")
    assert qr_svg(f"https://shop.example.cn/members?card={code}") in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert " style=" not in page.text


def test_printing_is_written_down_once_a_day(
    shop: Shop, staff_door: TestClient, cards: dict[int, str]
) -> None:
    for _twice in range(2):
        staff_door.get(f"/print/cards?member={next(iter(cards))}")
    openings = schema.member_opening
    with shop.read() as connection:
        rows = connection.execute(select(openings.c.what, openings.c.times)).all()
    assert [tuple(row) for row in rows] == [("printed", 2)]


@pytest.mark.parametrize(
    "asked", ["", "?member=", "?member=x", "?member=１", "?member=" + "9" * 40]
)
def test_without_a_card_the_paper_says_how_to_get_one(
    staff_door: TestClient, cards: dict[int, str], asked: str
) -> None:
    answer = staff_door.get(f"/print/cards{asked}")
    assert answer.status_code == 200
    assert 'class="nothing"' in answer.text
