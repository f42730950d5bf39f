"""The door, the account page and the staff page, as people see them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.shop import opening
from lib.shop.opening import Premises
from lib.shop.people import passwords, setup, tabs
from lib.shop.people.commands import add_staff, rename, set_active
from lib.shop.people.cookies import FORGERY, SESSION
from lib.shop.people.demo_logins import DEMO_LOGINS
from lib.shop.people.entering import Browser, check_sign_in, redeem
from lib.shop.people.queries import has_owner, my_sessions, myself, signed_in
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.ui import login_form, navigation
from tests.pages.conftest import SCRIPT, Open, sign_in, text_of
from tests.shop.people.conftest import PASSWORD, set_password

FORGERY_COOKIE = "2|00000000|abcdef|1"
HERE = Browser("local", "abcdef")
LINK = re.compile(r'href="(/auth/finish\?[^"]*)"')


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 4)


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    jar = {FORGERY: FORGERY_COOKIE}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: jar))
    return jar


@pytest.fixture
def books(store: Store, place: Place, clock: FixedClock) -> Iterator[Premises]:
    opening.move_into(Premises(place, store, clock))
    yield opening.premises()
    opening.move_into(None)


def visit(url: str = "") -> AppTest:
    at = AppTest.from_file(str(SCRIPT), default_timeout=30)
    at.session_state["language"] = "en"
    at.run()
    if url:
        at.switch_page(f"../../pages/public/{url}.py")
        at.run()
    return at


def entrance(at: AppTest) -> str | None:
    """Return where frame.js would go; None when nobody was let in."""
    for element in at.get("html"):
        found = LINK.search(element.proto.body)
        if found:
            return found[1].replace("&amp;", "&")
    return None


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def type_in(at: AppTest, fields: dict[str, str]) -> None:
    for label, value in fields.items():
        next(field for field in at.text_input if field.label == label).set_value(value)


def test_first_run_asks_for_the_owner(books: Premises, cookies: dict[str, str]) -> None:
    code = setup.prepare_setup_code(books.shop())
    at = visit("signin")
    assert "no owner yet" in text_of(at)
    fields = {"Set-up code": "wrong", "Your name": "芳姐", "Login": "fang", "Password": PASSWORD,
              "Password once more": PASSWORD}  # fmt: skip
    type_in(at, fields)
    press(at, "Create the owner's account")
    assert "set-up code is not right" in text_of(at)
    assert not has_owner(books.shop())
    type_in(at, {"Set-up code": str(code)})
    press(at, "Create the owner's account")
    assert has_owner(books.shop())
    way = entrance(at)
    assert way is not None
    assert way.endswith("next=%2Fsettings")


def test_two_different_passwords_make_no_owner(books: Premises, cookies: dict[str, str]) -> None:
    code = setup.prepare_setup_code(books.shop())
    at = visit("signin")
    fields = {"Set-up code": str(code), "Your name": "芳姐", "Login": "fang",
              "Password": PASSWORD, "Password once more": PASSWORD + "!"}  # fmt: skip
    type_in(at, fields)
    press(at, "Create the owner's account")
    assert "differ" in text_of(at)
    assert not has_owner(books.shop())


@pytest.fixture
def door(books: Premises, cookies: dict[str, str], shop: Shop) -> Shop:
    """A shop with the owner fang, nobody signed in, cookies allowed."""
    set_password(shop, "fang", PASSWORD)
    return shop


def test_a_good_password_leads_to_the_door_of_the_cookie(door: Shop) -> None:
    at = visit("signin")
    at.query_params["order"], at.query_params["note"] = "12", "a&b"
    type_in(at, {"Login": "Fang", "Password": PASSWORD})
    press(at, "Sign in")
    way = entrance(at)
    assert way is not None
    assert way.endswith("next=%2F%3Forder%3D12%26note%3Da%2526b")
    code = way.split("code=")[1].split("&")[0]
    assert redeem(door, code, HERE)


def test_the_library_signs_nobody_in(door: Shop) -> None:
    at = visit("signin")
    type_in(at, {"Login": "fang", "Password": PASSWORD})
    press(at, "Sign in")
    assert entrance(at)
    assert "username" not in at.session_state
    assert "authentication_status" not in at.session_state


def test_the_library_draws_no_frame_and_keeps_no_cookie(door: Shop) -> None:
    at = visit("signin")
    kinds = {element.type for element in at}
    assert not kinds & {"component_instance", "iframe", "bidi_component"}
    form = login_form.LoginForm(lambda login, password: None)
    assert form.cookie_controller.get_cookie() is None
    assert form.authentication_controller.login("fang", PASSWORD) is False


@pytest.mark.parametrize(("login", "password"), [("fang", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_try_says_so_and_keeps_the_login(door: Shop, login: str, password: str) -> None:
    at = visit("signin")
    type_in(at, {"Login": login, "Password": password})
    press(at, "Sign in")
    assert "Login or password is not right." in text_of(at)
    assert entrance(at) is None
    assert next(field for field in at.text_input if field.label == "Login").value == login


def test_many_wrong_tries_are_slowed_down(door: Shop) -> None:
    at = visit("signin")
    for _ in range(6):
        type_in(at, {"Login": "fang", "Password": "wrong"})
        press(at, "Sign in")
    assert "Wait 60 seconds" in text_of(at)


def test_a_browser_without_cookies_is_told(door: Shop, cookies: dict[str, str]) -> None:
    cookies.clear()
    at = visit("signin")
    type_in(at, {"Login": "fang", "Password": PASSWORD})
    press(at, "Sign in")
    assert "cookies" in text_of(at)
    assert entrance(at) is None


def test_demo_logins_stand_on_the_door_of_a_demo_only(door: Shop, books: Premises) -> None:
    passwords_shown = [person.password for person in DEMO_LOGINS]
    assert not [secret for secret in passwords_shown if secret in text_of(visit("signin"))]
    demo = Place(books.place.folder, books.place.database_url, demo=True)
    opening.move_into(Premises(demo, books.store, books.clock))
    shown = text_of(visit("signin"))
    assert all(secret in shown for secret in passwords_shown)


def test_a_one_time_password_opens_only_the_form_to_change_it(
    door: Shop, cookies: dict[str, str], books: Premises
) -> None:
    password = add_staff(door, login="lin", name="小林")
    entered = redeem(door, check_sign_in(door, "lin", password, HERE), HERE)
    cookies[SESSION] = entered.token
    for url in ("orders", "account"):
        at = visit()
        at.switch_page(navigation.page(url))
        at.run()
        assert [title.value for title in at.title] == ["Choose your own password"]
        assert not at.dataframe
    fields = {"One-time password": password, "New password": "three quiet ducks",
              "New password once more": "three quiet ducks"}  # fmt: skip
    type_in(at, fields)
    press(at, "Change password")
    at.run()
    assert "Choose your own password" not in [title.value for title in at.title]
    here = signed_in(books.store, entered.token, books.clock.now())
    assert here is not None
    assert not here.must_change_password


def test_the_owner_adds_staff_and_sees_the_password_once(screen: Open, shop: Shop) -> None:
    at = screen(shop, "people")
    type_in(at, {"Name": "小林", "Login": "lin"})
    press(at, "Add")
    shown = [code.value for code in at.code]
    assert len(shown) == 1
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", shown[0])
    assert "小林" in text_of(at)
    press(at, "I have passed it on")
    assert not at.code
    assert check_sign_in(shop, "lin", shown[0], HERE)


def test_a_taken_login_keeps_what_was_typed(screen: Open, shop: Shop) -> None:
    at = screen(shop, "people")
    type_in(at, {"Name": "另一个", "Login": "fang"})
    press(at, "Add")
    assert "taken" in text_of(at)
    assert next(field for field in at.text_input if field.label == "Login").value == "fang"


def test_an_open_tab_of_somebody_disabled_can_do_nothing(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    at = screen(staff_shop, "account")
    me = myself(staff_shop)
    set_active(shop, me.id, me.version, active=False)
    type_in(at, {"Name that colleagues and the journal show": "改名"})
    press(at, "Save name")
    assert not at.text_input or "Login" in [field.label for field in at.text_input]
    assert myself(staff_shop).name == "小吴"


def test_one_signs_another_browser_out(
    screen: Open, staff_shop: Shop, clock: FixedClock, store: Store
) -> None:
    sign_in(store, staff_shop, clock)
    at = screen(staff_shop, "account")
    assert len(my_sessions(staff_shop)) == 2
    press(at, "Sign this one out")
    assert len(my_sessions(staff_shop)) == 1


def test_a_used_session_is_noted_and_an_idle_one_ends(
    screen: Open, staff_shop: Shop, clock: FixedClock, store: Store
) -> None:
    at = screen(staff_shop, "account")
    clock.forward(minutes=6)
    at.run()
    seen = my_sessions(staff_shop)[0]
    assert seen.last_seen_at == clock.now()
    assert seen.expires_at == clock.now() + timedelta(hours=12)
    clock.forward(hours=12)
    at.run()
    assert "My account" not in text_of(at)
    assert not at.text_input


def test_state_of_one_person_is_not_shown_to_the_next(
    screen: Open, shop: Shop, staff_shop: Shop, store: Store, clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    at = screen(shop, "people")
    at.session_state["secret"] = "of the owner"
    jar = {SESSION: sign_in(store, staff_shop, clock)}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: jar))
    at.run()
    assert "secret" not in at.session_state


def test_a_tab_is_claimed_by_the_session_it_shows(screen: Open, staff_shop: Shop) -> None:
    screen(staff_shop, "account")
    claimed = [owner for owner in tabs._owners.values() if owner is not None]
    assert my_sessions(staff_shop)[0].id in claimed


def test_a_chosen_language_stays(screen: Open, staff_shop: Shop) -> None:
    at = screen(staff_shop, "account", "en")
    at.segmented_control(key="language_choice").set_value("zh_CN").run()
    assert at.title[0].value == "我的账号"
    kept = [element.proto.body for element in at.get("html") if "linli-keep" in element.proto.body]
    assert kept == ['<span data-linli-language="zh-CN" data-linli-keep="zh_CN"></span>']


def test_a_name_of_markup_is_shown_as_typed(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    me = myself(staff_shop)
    rename(staff_shop, me.id, me.version, "![x](http://evil/?d) :red[a]")
    at = screen(shop, "people")
    shown = [element.value for element in at.markdown if "evil" in element.value]
    assert shown
    assert not [text for text in shown if "![x](" in text]
