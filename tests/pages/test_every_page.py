"""Every page, as everybody, in both languages."""

import pytest

from lib.shop.shop import DESK, Actor, Role, Shop
from lib.ui import navigation
from tests.pages.conftest import Open, text_of


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("entry", navigation.TABLE, ids=lambda entry: entry.url)
def test_the_owner_can_open_every_page(
    screen: Open, shop: Shop, entry: navigation.Entry, language: str
) -> None:
    at = screen(shop, entry.url, language)
    assert text_of(at)


@pytest.mark.parametrize("entry", navigation.TABLE, ids=lambda entry: entry.url)
def test_a_page_run_past_the_frame_shows_a_stranger_only_the_door(
    screen: Open, owner: Actor, entry: navigation.Entry
) -> None:
    from streamlit.testing.v1 import AppTest

    screen(None)
    at = AppTest.from_file(navigation.page(entry.url), default_timeout=30)
    at.session_state["language"] = "en"
    at.run()
    if entry.who & {Role.RESIDENT}:
        assert not at.exception
    else:
        assert not at.dataframe
        assert not at.metric
        assert "Sign in" in text_of(at)


@pytest.mark.parametrize(
    "entry", [e for e in navigation.TABLE if Role.STAFF not in e.who], ids=lambda entry: entry.url
)
def test_staff_cannot_open_a_page_of_the_owner(
    screen: Open, staff_shop: Shop, entry: navigation.Entry
) -> None:
    from streamlit.testing.v1 import AppTest

    screen(staff_shop)
    at = AppTest.from_file(navigation.page(entry.url), default_timeout=30)
    at.session_state["language"] = "en"
    at.run()
    assert "owner" in text_of(at)
    assert not at.dataframe


def test_every_page_file_stands_in_the_table() -> None:
    on_disk = {
        f"{path.parent.name}/{path.name}"
        for path in navigation.PAGES.glob("*/*.py")
        if path.stem not in ("signin", "door", "home")
    }
    assert on_disk == {entry.file for entry in navigation.TABLE}


def test_roles_are_declared() -> None:
    for entry in navigation.TABLE:
        assert entry.who
        assert entry.file.startswith("public/") == (Role.RESIDENT in entry.who)
        assert entry.file.startswith("owner/") == (not (entry.who & (DESK - {Role.OWNER})))


def test_a_shop_without_an_owner_leads_to_the_set_up(screen: Open) -> None:
    assert "set-up code" in text_of(screen(None)).lower()


def test_the_root_leads_residents_to_the_prices(screen: Open, shop: Shop) -> None:
    assert shop.actor.role is Role.OWNER
    assert "Open prices" in text_of(screen(None))


def test_the_root_leads_staff_to_today(screen: Open, staff_shop: Shop) -> None:
    assert "Today" in text_of(screen(staff_shop))
