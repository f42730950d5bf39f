"""The doormen one by one, before a small program: hosts, origins, bodies, uploads, sockets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from lib.kernel.clock import FixedClock
from lib.shop.opening import Premises
from lib.shop.people import tabs
from lib.shop.people.cookies import SESSION
from lib.shop.people.queries import signed_in
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.web import bodies, sockets, uploads
from lib.web.bodies import BodyRefusedError, Reader
from lib.web.doormen import doormen
from lib.web.hosts import Welcome, is_closed
from lib.web.sockets import Pace, Sockets
from lib.web.uploads import Quota
from tests.pages.conftest import sign_in

LARGEST = 1024 * 1024


async def swallow(request: Request) -> PlainTextResponse:
    body = await request.body()
    return PlainTextResponse(f"{request.method} {len(body)}")


async def crash(_request: Request) -> PlainTextResponse:
    raise RuntimeError("call 13800138000")


async def chat(socket: WebSocket) -> None:
    await socket.accept(subprotocol="streamlit")
    await socket.send_json({"protocols": socket.headers.get("sec-websocket-protocol", "")})
    try:
        while True:
            await socket.send_bytes(await socket.receive_bytes())
    except WebSocketDisconnect:
        pass


@pytest.fixture
def client(books: Premises) -> Iterator[TestClient]:
    everything = [
        Route("/crash", crash),
        Route("/{path:path}", swallow, methods=["GET", "PUT", "POST", "DELETE"]),
        WebSocketRoute("/{path:path}", chat),
    ]
    middleware = doormen(hosts=["shop.example.cn"], origins=[], largest_upload=LARGEST)
    app = Starlette(routes=everything, middleware=middleware)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def session_of(books: Premises, token: str) -> int | None:
    found = signed_in(books.store, token, books.clock.now())
    assert found is not None
    return found.actor.session_id


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8501", 200),
        ("127.0.0.1:8501", 200),
        ("[::1]:8501", 200),
        ("192.168.1.20:8501", 200),
        ("shop.example.cn", 200),
        ("SHOP.example.cn:443", 200),
        ("evil.example", 403),
        ("shop.example.cn.evil.example", 403),
        ("127.0.0.1.evil.example:8501", 403),
        ("", 403),
    ],
)
def test_a_browser_must_use_a_name_of_this_shop(client: TestClient, host: str, status: int) -> None:
    assert client.get("/today", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://localhost"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://evil.example", "sec-fetch-site": "same-origin"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
    ],
)
def test_only_our_own_pages_may_post(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/auth/logout", headers={"host": "localhost", **headers})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "closed"),
    [
        ("GET", "/_stcore/metrics", True),
        ("GET", "/_stcore/agent/openapi.json", True),
        ("POST", "/_stcore/agent/interact", True),
        ("GET", "/_stcore/script-health-check", True),
        ("GET", "/_stcore", True),
        ("GET", "/orders/_stcore/metrics", True),
        ("GET", "/auth/login", True),
        ("GET", "/auth/logout", True),
        ("GET", "/oauth2callback", True),
        ("GET", "/component/x/index.html", True),
        ("GET", "/app/static/x", True),
        ("GET", "/_stcore/health", False),
        ("GET", "/_stcore/host-config", False),
        ("GET", "/auth/finish", False),
        ("POST", "/auth/logout", False),
        ("GET", "/orders", False),
    ],
)
def test_doors_nobody_needs_are_closed(method: str, path: str, closed: bool) -> None:
    assert is_closed(method, path) is closed


def test_a_crash_shows_a_number_and_nothing_else(client: TestClient, place: Place) -> None:
    answer = client.get("/crash", headers={"host": "localhost"})
    assert answer.status_code == 500
    assert "13800138000" not in answer.text
    assert "content-security-policy" in answer.headers


def test_a_form_is_small(client: TestClient) -> None:
    headers = {"host": "localhost", "origin": "http://localhost"}
    most = bodies.LARGEST_FORM
    assert client.post("/auth/logout", content=b"x" * most, headers=headers).status_code == 200
    answer = client.post("/auth/logout", content=b"x" * (most + 1), headers=headers)
    assert answer.status_code == 413


def test_a_form_without_length_is_small_too(client: TestClient) -> None:
    headers = {"host": "localhost", "origin": "http://localhost"}
    pieces = (b"x" * 10_000 for _ in range(20))
    assert client.post("/auth/logout", content=pieces, headers=headers).status_code == 413


def upload(client: TestClient, tab: str, size: int = 10, **headers: str) -> Any:
    wanted = {"host": "localhost", "origin": "http://localhost", **headers}
    path = f"/_stcore/upload_file/{tab}/file-1"
    return client.put(path, content=b"x" * size, headers=wanted)


def test_strangers_upload_nothing(client: TestClient) -> None:
    tabs.claim("tab-of-nobody", None)
    assert upload(client, "tab-of-nobody").status_code == 403
    assert upload(client, "tab-of-nobody", cookie=f"{SESSION}=forged").status_code == 403


def test_nothing_is_read_from_a_stranger(books: Premises) -> None:
    read: list[int] = []

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            read.append(1)
            yield b"x" * 1024

    async def visit() -> int:
        import httpx

        middleware = doormen(hosts=[], origins=[], largest_upload=LARGEST)
        app = Starlette(
            routes=[Route("/{path:path}", swallow, methods=["PUT"])], middleware=middleware
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            path = "/_stcore/upload_file/tab/file"
            answer = await client.put(
                path, content=pieces(), headers={"origin": "http://localhost"}
            )
        return answer.status_code

    assert asyncio.run(visit()) == 403
    assert not read


def test_staff_upload_into_their_own_tab_only(
    client: TestClient, books: Premises, shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    mine, theirs = (sign_in(books.store, who, clock) for who in (staff_shop, shop))
    tabs.claim("my-tab", session_of(books, mine))
    tabs.claim("their-tab", session_of(books, theirs))
    cookie = f"{SESSION}={mine}"
    assert upload(client, "my-tab", cookie=cookie).text == "PUT 10"
    assert upload(client, "their-tab", cookie=cookie).status_code == 403
    assert upload(client, "unknown-tab", cookie=cookie).status_code == 403
    assert (
        client.get("/_stcore/upload_file/my-tab/f", headers={"host": "localhost"}).status_code
        == 405
    )


@pytest.mark.parametrize(
    ("size", "status"),
    [(0, 200), (LARGEST, 200), (LARGEST + uploads.MULTIPART_BYTES + 1, 413)],
)
def test_an_upload_has_an_upper_limit(
    client: TestClient, books: Premises, shop: Shop, clock: FixedClock, size: int, status: int
) -> None:
    token = sign_in(books.store, shop, clock)
    tabs.claim("tab", session_of(books, token))
    assert upload(client, "tab", size, cookie=f"{SESSION}={token}").status_code == status


def test_a_session_brings_so_many_files_within_an_hour(
    client: TestClient,
    books: Premises,
    shop: Shop,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "FILES_PER_HOUR", 3)
    token = sign_in(books.store, shop, clock)
    tabs.claim("tab", session_of(books, token))
    cookie = f"{SESSION}={token}"
    answers = [upload(client, "tab", cookie=cookie).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_an_hour_later_files_are_taken_again() -> None:
    quota = Quota()
    quota.brought.extend((float(second), 1) for second in range(uploads.FILES_PER_HOUR))
    assert quota.is_used_up(100.0)
    assert not quota.is_used_up(3601.0)


def test_a_body_that_stops_or_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LONGEST_PAUSE_SECONDS", 0.01)

    async def silent() -> Any:
        await asyncio.sleep(10)

    with pytest.raises(BodyRefusedError, match="stopped"):
        asyncio.run(Reader(silent, 100)())

    async def trickle() -> Any:
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def read() -> None:
        reader = Reader(trickle, 100)
        await reader()
        reader._started = asyncio.get_running_loop().time() - bodies.GRACE_SECONDS - 1
        await reader()

    with pytest.raises(BodyRefusedError, match="slow"):
        asyncio.run(read())


def connect(client: TestClient, **headers: str) -> Any:
    wanted = {"host": "localhost", **headers}
    return client.websocket_connect("/_stcore/stream", headers=wanted)


def test_a_socket_opens_for_our_own_pages_only(client: TestClient) -> None:
    with connect(client, origin="http://localhost") as socket:
        assert socket.receive_json() == {"protocols": ""}
    for foreign in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        with pytest.raises(WebSocketDisconnect), connect(client, **foreign):
            pass
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/other"):
        pass


def test_the_tab_of_somebody_else_is_not_taken_over(
    client: TestClient, books: Premises, shop: Shop, clock: FixedClock
) -> None:
    token = sign_in(books.store, shop, clock)
    tabs.claim("the-owners-tab", session_of(books, token))
    asked = {"sec-websocket-protocol": "streamlit, token, the-owners-tab"}
    with connect(client, **asked) as socket:
        assert socket.receive_json() == {"protocols": "streamlit, token"}
    with connect(client, cookie=f"{SESSION}={token}", **asked) as socket:
        assert socket.receive_json() == {"protocols": asked["sec-websocket-protocol"]}


def test_there_is_room_for_so_many_and_some_is_kept_for_staff(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = Sockets(lambda *_: None, most=30)
    monkeypatch.setattr(sockets, "PER_NETWORK", 4)
    gate._visitors["203.0.113.0/24"] = 4
    assert not gate._has_room(None, "203.0.113.0/24")
    assert gate._has_room(7, "203.0.113.0/24")
    assert gate._has_room(None, "198.51.100.0/24")
    gate._open = 30 - sockets.KEPT_FOR_STAFF
    assert not gate._has_room(None, "198.51.100.0/24")
    assert gate._has_room(7, "198.51.100.0/24")
    gate._open = 30
    assert not gate._has_room(7, "198.51.100.0/24")


def test_a_place_is_free_again_when_a_tab_closes(client: TestClient) -> None:
    for _ in range(sockets.PER_NETWORK + 5):
        with connect(client) as socket:
            assert socket.receive_json()


def test_a_visitor_may_click_but_not_hammer() -> None:
    pace = Pace()
    waits = [pace.wait(100.0) for _ in range(sockets.MESSAGES_AT_ONCE + 8)]
    assert waits[: sockets.MESSAGES_AT_ONCE] == [0.0] * sockets.MESSAGES_AT_ONCE
    assert waits[-1] == pytest.approx(8 / sockets.MESSAGES_PER_SECOND)
    assert pace.wait(110.0) == 0.0


def test_a_visitors_message_is_small(client: TestClient) -> None:
    with connect(client) as socket:
        socket.receive_json()
        socket.send_bytes(b"x" * sockets.LARGEST_OF_VISITORS)
        assert len(socket.receive_bytes()) == sockets.LARGEST_OF_VISITORS
        socket.send_bytes(b"x" * (sockets.LARGEST_OF_VISITORS + 1))
        with pytest.raises(WebSocketDisconnect):
            socket.receive_bytes()


def test_a_host_with_a_star_lets_its_branches_in() -> None:
    welcome = Welcome.of(["*.shop.cn"], ["https://other.cn/"])
    assert welcome.knows_host("a.shop.cn:443")
    assert not welcome.knows_host("ashop.cn")
    assert welcome.knows_origin("https://other.cn", "x")
    assert not welcome.knows_origin("https://other.cn.evil", "x")
