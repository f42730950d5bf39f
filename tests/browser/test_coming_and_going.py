"""Set-up, sign-in, sign-out in a real browser (C6-C9, C12, C16; finding 6; F-14, F-25)."""

import sqlite3
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, WebSocket, expect

from lib.ui import navigation
from tests.browser.conftest import OWNER, books, fill_in, new_page, set_up, sign_in
from tests.serving import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def cookie_of(page: Page, name: str = "linli_session") -> dict[str, Any] | None:
    return next((each for each in page.context.cookies() if each["name"] == name), None)


def test_first_run_needs_the_code_and_signs_the_owner_in(server: Running, page: Page) -> None:
    page.goto(f"{server.address}/orders")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    set_up(page, server)
    cookie = cookie_of(page)
    assert cookie is not None
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"
    assert "linli_session" not in page.evaluate("document.cookie")
    assert not (server.folder / "setup-code.txt").exists()


def test_a_deep_link_survives_signing_in(owned: Running, page: Page) -> None:
    page.goto(f"{owned.address}/orders?order=12&note=a%26b")
    fill_in(page)
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    assert page.url == f"{owned.address}/orders?order=12&note=a%26b"
    page.reload()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Password")).to_have_count(0)


def test_a_wrong_password_stays_at_the_door(owned: Running, page: Page) -> None:
    page.goto(f"{owned.address}/orders")
    fill_in(page, password="wrong guess")
    expect(page.get_by_text("Login or password is not right.")).to_be_visible()
    assert cookie_of(page) is None


def test_signing_out_kills_the_cookie_and_other_tabs(
    owned: Running, page: Page, browser: Browser
) -> None:
    sign_in(page, owned)
    stolen = cookie_of(page)
    assert stolen is not None
    other = page.context.new_page()
    other.goto(f"{owned.address}/account")
    expect(other.get_by_role("heading", name="My account")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert cookie_of(page) is None
    other.get_by_role("button", name="Save name").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    context, thief = new_page(browser)
    context.add_cookies([{"name": "linli_session", "value": stolen["value"], "url": owned.address}])
    thief.goto(f"{owned.address}/account")
    expect(thief.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


@pytest.mark.parametrize("value", ["tampered", "x" * 3000, "eyJhbGciOiJub25lIn0.e30.", "%00"])
def test_a_forged_cookie_is_no_cookie(owned: Running, browser: Browser, value: str) -> None:
    context, page = new_page(browser)
    context.add_cookies([{"name": "linli_session", "value": value, "url": owned.address}])
    page.goto(f"{owned.address}/people")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_staff_change_their_one_time_password_and_disabling_stops_an_open_tab(
    owned: Running, page: Page, browser: Browser
) -> None:
    sign_in(page, owned, "/people")
    page.get_by_role("textbox", name="Name", exact=True).last.fill("小吴")
    page.get_by_role("textbox", name="Login", exact=True).last.fill("xiaowu")
    page.get_by_role("button", name="Add", exact=True).click()
    password = page.get_by_test_id("stCode").inner_text().strip()
    context, staff = new_page(browser, viewport={"width": 390, "height": 844})
    staff.goto(f"{owned.address}/account")
    fill_in(staff, "xiaowu", password)
    expect(staff.get_by_role("heading", name="Choose your own password")).to_be_visible()
    staff.goto(f"{owned.address}/orders")
    expect(staff.get_by_role("heading", name="Choose your own password")).to_be_visible()
    staff.goto(f"{owned.address}/account")
    staff.get_by_role("textbox", name="One-time password").fill(password)
    for label in ("New password", "New password once more"):
        staff.get_by_role("textbox", name=label, exact=True).fill("three quiet ducks")
    staff.get_by_role("button", name="Change password").click()
    expect(staff.get_by_role("heading", name="My account")).to_be_visible()
    staff.goto(f"{owned.address}/people")
    expect(staff.get_by_role("heading", name="Staff", exact=True)).to_have_count(0)

    staff.goto(f"{owned.address}/account")
    expect(staff.get_by_role("heading", name="My account")).to_be_visible()
    page.get_by_text("Change", exact=True).first.click()
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("disabled").first).to_be_visible()
    field = staff.get_by_role("textbox", name="Name that colleagues and the journal show")
    field.fill("改名")
    staff.get_by_role("button", name="Save name").click()
    expect(staff.get_by_role("heading", name="Sign in")).to_be_visible()
    with books(owned) as database:
        names = [row[0] for row in database.execute("SELECT name FROM person ORDER BY id")]
    assert names == ["芳姐", "小吴"]
    context.close()


def test_strangers_receive_no_name_of_a_staff_page(owned: Running, page: Page) -> None:
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: frames.append(_bytes(data)))

    page.on("websocket", listen)
    page.goto(f"{owned.address}/people")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Open prices").click()
    page.wait_for_timeout(1000)
    received = b"".join(frames)
    assert b"Sign in" in received
    for entry in navigation.TABLE:
        if entry.file.startswith("public/") or entry.url == "people":
            continue
        for name in (f"pages/{entry.file}", entry.file, f'"{entry.title}"'):
            assert name.encode() not in received, name
        assert entry.title.encode() not in received, entry.title


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def test_strangers_upload_nothing_and_staff_into_their_own_tab_only(
    owned: Running, page: Page, browser: Browser
) -> None:
    context, visitor = new_page(browser)
    tabs = _watch_tab(visitor)
    visitor.goto(owned.address)
    visitor.wait_for_timeout(1500)
    assert _put(owned, visitor, tabs[-1]) == 403
    staff_tabs = _watch_tab(page)
    sign_in(page, owned)
    page.reload()
    page.wait_for_timeout(1500)
    assert _put(owned, page, staff_tabs[-1]) == 204
    assert _put(owned, page, tabs[-1]) == 403
    assert _put(owned, visitor, staff_tabs[-1]) == 403
    context.close()


def _watch_tab(page: Page) -> list[str]:
    """Collect the ids under which Streamlit knows this page; its first message says them."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    found: list[str] = []

    def read(data: str | bytes) -> None:
        message = ForwardMsg()
        message.ParseFromString(_bytes(data))
        if message.WhichOneof("type") == "new_session":
            found.append(message.new_session.initialize.session_id)

    page.on("websocket", lambda socket: socket.on("framereceived", read))
    return found


def _put(server: Running, page: Page, tab: str) -> int:
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    answer = httpx.put(
        f"{server.address}/_stcore/upload_file/{tab}/file",
        files={"file": ("a.txt", b"hello")},
        headers={"origin": server.address, "x-xsrftoken": cookies["_streamlit_xsrf"]},
        cookies=cookies,
        trust_env=False,
    )
    return answer.status_code


def test_nothing_foreign_is_asked_for_and_nothing_is_refused_by_the_policy(
    owned: Running, page: Page
) -> None:
    foreign: list[str] = []
    refused: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((owned.address, "data:", "blob:")):
            foreign.append(request.url)

    page.on("request", note)
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    sign_in(page, owned, "/people")
    for entry in navigation.TABLE:
        page.goto(f"{owned.address}/{entry.url}")
        expect(page.get_by_test_id("stAppViewContainer")).to_be_visible()
        page.wait_for_timeout(700)
        assert page.locator('[data-testid="stException"]').count() == 0
    assert not foreign
    assert not refused


def test_the_language_is_chosen_once_and_kept(owned: Running, page: Page) -> None:
    sign_in(page, owned)
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("radio", name="中文").or_(page.get_by_text("中文", exact=True)).first.click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    page.goto(f"{owned.address}/account")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_page_in_a_foreign_frame_stays_empty(owned: Running, page: Page) -> None:
    page.route(
        "http://evil.test/",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<iframe src="{owned.address}/"></iframe>'
        ),
    )
    page.goto("http://evil.test/")
    page.wait_for_timeout(1500)
    assert not [frame for frame in page.frames if frame.url.startswith(owned.address)]


def test_a_foreign_page_signs_nobody_out(owned: Running, page: Page) -> None:
    sign_in(page, owned)
    form = f'<form method="post" action="{owned.address}/auth/logout"><button>x</button></form>'
    page.route(
        "http://evil.test/", lambda route: route.fulfill(content_type="text/html", body=form)
    )
    page.goto("http://evil.test/")
    page.get_by_role("button", name="x").click()
    page.goto(f"{owned.address}/account")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_the_log_holds_no_session_and_no_password(owned: Running, page: Page) -> None:
    sign_in(page, owned)
    cookie = cookie_of(page)
    assert cookie is not None
    written = owned.output.read_text("utf-8")
    written += "".join(path.read_text("utf-8") for path in (owned.folder / "logs").glob("*"))
    assert "Traceback" not in written
    for secret in (cookie["value"], OWNER[1], "upload_file"):
        assert secret not in written


def test_the_books_name_no_password(owned: Running) -> None:
    with sqlite3.connect(owned.folder / "shop.db") as database:
        dump = "\n".join(database.iterdump())
    assert OWNER[1] not in dump
