"""The real program over plain HTTP: every route, as a stranger and as staff (R9, F-23, D10, E6)."""

import secrets
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from lib.db.types import Moment
from lib.shop.people.cookies import DEVICE, SESSION
from lib.shop.people.queries import token_hash
from lib.ui import navigation
from tests.serving import Running, free_port, running, start

CROSS = "http://evil.example"
STRANGE_PATHS = ("/nothing", "/a/b/c", "/orders/12", "/_stcore/health", "/_stcore/host-config",
                 "/_stcore/metrics", "/_stcore/agent/openapi.json", "/favicon.png", "/media/x.png",
                 "/component/x", "/auth/login", "/healthz", "/p/prices", "/p/nothing",
                 "/assets/frame.css", "/assets/nothing", "/files/x", "/app/static/x",
                 "/%2e%2e/etc/passwd", "/app/static/../x", "/manifest.json")  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.fixture
def client(server: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, trust_env=False, timeout=20) as client:
        yield client


def enter_code(server: Running, binding: str) -> str:
    """Put an owner and a one-time code into the books, as a checked password does."""
    code = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    stamp = {
        "now": Moment().process_bind_param(now, SQLITE),
        "later": Moment().process_bind_param(now + timedelta(seconds=30), SQLITE),
        "hash": token_hash(f"{code}|{binding}"),
    }
    with sqlite3.connect(server.folder / "shop.db", timeout=10) as books:
        books.execute(
            "INSERT INTO person (login, name, role, password_hash, must_change_password, active,"
            " created_at, password_changed_at) VALUES ('fang', '芳姐', 'owner', '-', 0, 1,"
            " :now, :now) ON CONFLICT DO NOTHING",
            stamp,
        )
        books.execute(
            "INSERT INTO login_code (code_hash, person_id, expires_at) VALUES (:hash, 1, :later)",
            stamp,
        )
    return code


class _Sqlite:
    name = "sqlite"


SQLITE = _Sqlite()


def test_health_says_it_is_linli(client: httpx.Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["name"] == "Linli"
    assert answer.json()["ok"] is True
    assert set(answer.json()["parts"]) == {"database", "schema", "disk", "backup"}


def test_a_new_shop_has_a_code_for_this_user_only(server: Running) -> None:
    path = server.folder / "setup-code.txt"
    assert len(server.setup_code) == 14
    for private in (path, server.folder / "shop.db", server.folder / "secrets" / "journal.key"):
        if private.exists():
            assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert server.setup_code not in server.output.read_text("utf-8")


@pytest.mark.parametrize(
    "path", [*(f"/{entry.url}" for entry in navigation.TABLE), "/", "/signin", *STRANGE_PATHS]
)
def test_every_answer_carries_the_headers(client: httpx.Client, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        answer = client.request(method, path)
        assert answer.headers["x-content-type-options"] == "nosniff", method
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera" in answer.headers["permissions-policy"]
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
        scripts = [part for part in policy.split(";") if part.strip().startswith("script-src")]
        assert not [part for part in scripts if "unsafe-inline" in part]
        assert answer.headers.get("access-control-allow-origin") != "*"
        assert answer.status_code < 500


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/component/x",
     "/_stcore/script-health-check", "/auth/login", "/auth/callback", "/oauth2callback",
     "/orders/_stcore/agent/mcp", "/app/static/x"],
)  # fmt: skip
def test_closed_doors(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, headers={"origin": str(client.base_url)}).status_code == 404


@pytest.mark.parametrize("path", ["//evil.example", "/%5cevil.example", "/" + "x" * 60_000])
def test_no_path_leads_off_the_site(client: httpx.Client, path: str) -> None:
    try:
        answer = client.get(f"{str(client.base_url).rstrip(chr(47))}{path}")
    except httpx.HTTPError:
        return  # the server hung up on it
    assert "location" not in answer.headers
    assert answer.status_code < 500


def test_the_page_under_the_screens_is_the_shops(client: httpx.Client) -> None:
    chinese = client.get("/today", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}).text
    english = client.get("/today", headers={"accept-language": "en-GB"}).text
    assert '<html lang="zh-CN">' in chinese
    assert '<html lang="en">' in english
    for page in (chinese, english):
        assert "<title>邻里 Linli</title>" in page
        assert "/assets/frame.js" in page
        assert "/assets/logo.svg" in page
        assert "agent" not in page
        assert "<script>" not in page, "an inline script would be refused by our policy"
        assert "Streamlit</title>" not in page
    kept = client.get("/today", headers={"cookie": "linli_language=en", "accept-language": "zh"})
    assert '<html lang="en">' in kept.text


def test_strangers_upload_nothing(client: httpx.Client) -> None:
    for method in ("PUT", "POST", "DELETE"):
        answer = client.request(
            method,
            "/_stcore/upload_file/some-session/some-file",
            content=b"x" * 1000,
            headers={"origin": str(client.base_url)},
        )
        assert answer.status_code in (403, 405)


def test_a_code_opens_a_session_once_and_only_here(server: Running, client: httpx.Client) -> None:
    client.get("/_stcore/health")
    binding = _binding(client)
    code = enter_code(server, binding)
    with httpx.Client(base_url=server.address, trust_env=False) as stranger:
        stranger.get("/_stcore/health")
        refused = stranger.get("/auth/finish", params={"code": code, "next": "/orders"})
        assert SESSION not in refused.cookies
    answer = client.get("/auth/finish", params={"code": code, "next": "/orders?order=12"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/orders?order=12"
    assert answer.headers["cache-control"] == "no-store"
    for cookie in answer.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert cookie.startswith((f"{SESSION}=", f"{DEVICE}="))
    again = client.get("/auth/finish", params={"code": code, "next": "/orders"})
    assert not again.headers.get_list("set-cookie")


def test_logging_out_is_a_post_of_our_own_page(server: Running, client: httpx.Client) -> None:
    client.get("/_stcore/health")
    client.get("/auth/finish", params={"code": enter_code(server, _binding(client))})
    token = client.cookies[SESSION]
    assert client.get("/auth/logout").status_code == 404
    assert client.post("/auth/logout", headers={"origin": CROSS}).status_code == 403
    assert is_alive(server, token)
    answer = client.post("/auth/logout", headers={"origin": str(client.base_url).rstrip("/")})
    assert answer.status_code == 303
    assert f'{SESSION}=""' in answer.headers["set-cookie"]
    assert not is_alive(server, token)


def is_alive(server: Running, token: str) -> bool:
    with sqlite3.connect(server.folder / "shop.db", timeout=10) as books:
        row = books.execute(
            "SELECT revoked_at FROM session WHERE token_hash = ?", (token_hash(token),)
        ).fetchone()
    return row is not None and row[0] is None


@pytest.mark.parametrize(
    "way",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "evil",
     "/a\r\nset-cookie: x=1", "/\t/evil.example", "/ /evil", "", "/" + "x" * 3000],
)  # fmt: skip
def test_the_way_on_stays_on_this_site(client: httpx.Client, way: str) -> None:
    answer = client.get("/auth/finish", params={"code": "none", "next": way})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_the_cookies_are_marked_for_tls_behind_a_proxy(
    server: Running, client: httpx.Client
) -> None:
    client.get("/_stcore/health")
    code = enter_code(server, _binding(client))
    headers = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
    answer = client.get("/auth/finish", params={"code": code}, headers=headers)
    assert answer.headers["strict-transport-security"]
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "Path=/" in cookie


def test_a_slow_or_foreign_guest_gets_no_page(server: Running) -> None:
    answer = httpx.get(f"{server.address}/today", headers={"host": "evil.example"}, trust_env=False)
    assert answer.status_code == 403


def test_the_same_folder_is_opened_once(server: Running, tmp_path: Path) -> None:
    printed = tmp_path / "printed.txt"
    with printed.open("w") as file:
        second = start(server.folder, free_port(), file)
        assert second.wait(60) == 2
    said = printed.read_text("utf-8")
    assert "already running" in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("statement", "why"),
    [("CREATE TABLE recipe (id)", "another program"),
     ("CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('9999')",
      "newer Linli")],
)  # fmt: skip
def test_books_of_others_are_left_alone(tmp_path: Path, statement: str, why: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with sqlite3.connect(folder / "shop.db") as books:
        books.executescript(statement)
    before = (folder / "shop.db").read_bytes()
    printed = tmp_path / "printed.txt"
    with printed.open("w") as file:
        assert start(folder, free_port(), file).wait(60) == 2
    said = printed.read_text("utf-8")
    assert why in said
    assert "Traceback" not in said
    assert (folder / "shop.db").read_bytes()[100:] == before[100:]


def test_it_stops_when_told_and_leaves_one_file(tmp_path: Path) -> None:
    with running(tmp_path / "data") as shop:
        folder = shop.folder
    assert (folder / "shop.db").exists()
    assert not (folder / "shop.db-wal").exists()
    assert "Traceback" not in shop.output.read_text("utf-8")


def test_a_signal_is_answered_within_seconds(tmp_path: Path) -> None:
    printed = tmp_path / "printed.txt"
    with printed.open("w") as file:
        port = free_port()
        process = start(tmp_path / "data", port, file)
        _until_listening(port, process)
        process.terminate()
        assert process.wait(20) is not None


def _until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
        except OSError:
            continue
        return


def _binding(client: httpx.Client) -> str:
    from lib.shop.people.cookies import binding

    found = binding(dict(client.cookies))
    assert found
    return found
