"""The launcher: every decision it takes and every sentence it says."""

import ast
import errno
import importlib.util
import os
import re
import shutil
import signal
import socket
import string
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distributions
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import start
from lib.launch import (
    checks,
    copies,
    entry,
    installation,
    network,
    processes,
    running,
    sentences,
    shop,
    storage,
    verifying,
)
from lib.launch.sentences import Problem

ROOT = Path(start.__file__).parent
LAUNCH = ROOT / "lib" / "launch"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine that runs the tests has no say in the language, nor they in its signals."""
    monkeypatch.setattr(sentences, "language", lambda: "en")
    monkeypatch.setattr(entry, "prepare_process", lambda: None)


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same test in both languages."""
    monkeypatch.setattr(sentences, "language", lambda: request.param)
    return request.param


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken


@pytest.fixture
def answering() -> Iterator[Callable[[int, bytes], int]]:
    """Start HTTP servers that give one answer to everything; return the port."""
    servers = []

    def serve(status: int, body: bytes) -> int:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return int(server.server_port)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A program folder with lists of packages and a marker-ready .venv that is this Python."""
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (tmp_path / name).write_text("one==1\n", encoding="utf-8")
    python = installation.venv_python(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return tmp_path


def options(**changes: Any) -> shop.Options:
    usual = shop.Options(port=8501, browser=False, lan=False, demo=False, data=Path("/somewhere"))
    return usual._replace(**changes)


def sleeper(code: str = "import time; time.sleep(60)") -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code])


class TestOldPython:
    def test_the_file_compiles_on_python_3_6(self) -> None:
        tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))
        assert isinstance(tree.body[0], ast.Expr)

    def test_nothing_newer_is_imported_before_the_version_is_checked(self) -> None:
        tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"))
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert [ast.unparse(node) for node in imports] == ["import sys"]

    @pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 9), (3, 10, 14)])
    def test_too_old_is_said_in_both_languages(self, version: tuple[int, ...]) -> None:
        sentence = start.too_old(version)
        assert sentence.count(".".join(map(str, version))) == 2
        assert "needs Python 3.11" in sentence
        assert "需要 Python 3.11" in sentence

    @pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
    def test_new_enough(self, version: tuple[int, ...]) -> None:
        assert start.too_old(version) == ""


class TestSentences:
    def test_both_languages_take_the_same_values(self) -> None:
        for key, pair in sentences.SENTENCES.items():
            fields = [{field for _, field, _, _ in string.Formatter().parse(one)} for one in pair]
            assert fields[0] - {None} == fields[1] - {None}, key

    def test_every_sentence_is_used_and_every_used_one_exists(self) -> None:
        used = {"missing_browser", "missing_postgresql", "port_taken", "port_forbidden"}
        for path in LAUNCH.glob("*.py"):
            if path.name != "sentences.py":
                tree = ast.parse(path.read_text(encoding="utf-8"))
                texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
                used |= {value for value in texts if value in sentences.SENTENCES}
                used |= set(re.findall(r'(?:text|say|Problem)\("(\w+)"', ast.unparse(tree)))
                used |= set(re.findall(r"(?:text|say|Problem)\('(\w+)'", ast.unparse(tree)))
        assert used - {"port_"} == set(sentences.SENTENCES)

    @pytest.mark.usefixtures("language")
    def test_every_sentence_can_be_said(self) -> None:
        for key, (english, _) in sentences.SENTENCES.items():
            fields = [field for _, field, _, _ in string.Formatter().parse(english) if field]
            values = {field: f"<{field}>" for field in fields}
            said = sentences.text(key, **values)
            assert all(value in said for value in values.values()), key
            assert not {"key", "code"} & set(fields), "these names are taken by Problem"

    def test_a_problem_is_one_line(self) -> None:
        assert "\n" not in str(Problem("port_taken", port=1, free=2))

    @pytest.mark.parametrize(
        ("environment", "system", "expected"),
        [
            ({"LANG": "zh_CN.UTF-8"}, "en", "zh"),
            ({"LANG": "en_US.UTF-8"}, "zh", "en"),
            ({"LC_ALL": "zh_TW", "LANG": "en_US"}, "en", "zh"),
            ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, "zh", "en"),
            ({"LANG": "C.UTF-8"}, "zh_CN", "zh"),
            ({"LANG": "C"}, "", "en"),
            ({}, "zh", "zh"),
            ({}, "", "en"),
        ],
    )
    def test_language(self, environment: dict[str, str], system: str, expected: str) -> None:
        assert sentences.choose_language(environment, system) == expected


class TestInstalling:
    def test_python_of_the_environment_on_each_system(self) -> None:
        assert installation.venv_python(Path("v"), "nt") == Path("v/Scripts/python.exe")
        assert installation.venv_python(Path("v"), "posix") == Path("v/bin/python")

    @pytest.mark.parametrize(
        ("needs", "changed", "differs"),
        [
            (installation.FOR_SHOP, "requirements.txt", True),
            (installation.FOR_SHOP, "constraints.txt", True),
            (installation.FOR_SHOP, "requirements-dev.txt", False),
            (installation.FOR_TESTS, "requirements-dev.txt", True),
        ],
    )
    def test_fingerprint(
        self, tree: Path, needs: installation.Needs, changed: str, differs: bool
    ) -> None:
        before = installation.fingerprint(tree, needs, "3.11")
        (tree / changed).write_text("one==2\n", encoding="utf-8")
        assert (installation.fingerprint(tree, needs, "3.11") != before) is differs
        assert installation.fingerprint(tree, needs, "3.12") != before

    def test_installs_once_and_again_when_a_list_changes(
        self, tree: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[str] = []
        monkeypatch.setattr(
            installation, "install", lambda root, venv, needs: calls.append(needs.name)
        )
        monkeypatch.setattr(installation, "check_room", lambda folder, needed: None)
        installation.ensure_installed(tree, installation.FOR_SHOP)
        installation.ensure_installed(tree, installation.FOR_SHOP)
        assert calls == ["shop"]
        installation.ensure_installed(tree, installation.FOR_TESTS)
        installation.ensure_installed(tree, installation.FOR_SHOP)
        assert calls == ["shop", "tests"]
        (tree / "constraints.txt").write_text("one==3\n", encoding="utf-8")
        installation.ensure_installed(tree, installation.FOR_SHOP)
        assert calls == ["shop", "tests", "shop"]

    def test_an_interrupted_installation_is_repeated(
        self, tree: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installed = installation.fingerprint(tree, installation.FOR_SHOP, "3.0")
        installation.write_marker(tree / ".venv", {"shop": installed})

        def interrupted(*arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(installation, "install", interrupted)
        monkeypatch.setattr(installation, "check_room", lambda folder, needed: None)
        with pytest.raises(KeyboardInterrupt):
            installation.ensure_installed(tree, installation.FOR_SHOP)
        assert installation.read_marker(tree / ".venv") == {}
        assert not installation.is_installed(tree, installation.FOR_SHOP)

    @pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
    def test_a_damaged_marker_counts_as_not_installed(self, tree: Path, content: str) -> None:
        (tree / ".venv" / "linli-installed.json").write_text(content, encoding="utf-8")
        assert not installation.is_installed(tree, installation.FOR_SHOP)

    def test_an_environment_without_python_is_made_anew(
        self, tree: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[Path] = []
        installation.venv_python(tree / ".venv").unlink()
        monkeypatch.setattr(installation, "make_venv", made.append)
        monkeypatch.setattr(installation, "install", lambda *arguments: None)
        monkeypatch.setattr(installation, "check_room", lambda folder, needed: None)
        installation.ensure_installed(tree, installation.FOR_SHOP)
        assert made == [tree / ".venv"]

    def test_missing_modules_are_named(self) -> None:
        assert installation.missing_module() is None
        assert installation.missing_module(lambda name: None) == "venv"
        only_venv = importlib.util.find_spec("venv")
        assert (
            installation.missing_module(lambda name: only_venv if name == "venv" else None)
            == "ensurepip"
        )

    def test_missing_venv_is_a_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(installation, "missing_module", lambda: "ensurepip")
        with pytest.raises(Problem, match="sudo apt install python3-venv"):
            installation.make_venv(tmp_path / ".venv")

    @pytest.mark.parametrize(
        ("said", "key"),
        [
            ("The virtual environment was not ... ensurepip is not available.", "no_venv"),
            ("Error: [Errno 28] No space left on device: '.venv'", "disk_full"),
            ("Error: [Errno 13] Permission denied: '.venv'", "cannot_write_program"),
            ("Error: [Errno 30] Read-only file system", "cannot_write_program"),
            ("Error: something else", "venv_failed"),
        ],
    )
    def test_what_venv_says(self, tmp_path: Path, said: str, key: str) -> None:
        assert installation.venv_problem(said, tmp_path / ".venv").key == key

    @pytest.mark.parametrize(
        ("said", "key"),
        [
            (
                "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: "
                "[Errno -3] Temporary failure in name resolution')\n"
                "ERROR: Could not find a version that satisfies the requirement streamlit\n"
                "ERROR: No matching distribution found for streamlit==1.67.0",
                "no_network",
            ),
            ("ReadTimeoutError: HTTPSConnectionPool(...): Read timed out.", "no_network"),
            ("ERROR: No matching distribution found for pyarrow==26.0.1", "no_packages"),
            ("ERROR: Could not install: [Errno 28] No space left on device", "disk_full"),
            ("OSError: [WinError 112] There is not enough space", "disk_full"),
            ("ERROR: [Errno 13] Permission denied: 'x'", "cannot_write_program"),
            ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "install_failed"),
            ("", "install_failed"),
        ],
    )
    def test_what_pip_says(self, tmp_path: Path, said: str, key: str) -> None:
        problem = installation.pip_problem(said, tmp_path, tmp_path / "install.log", "3.11")
        assert problem.key == key
        assert "\n" not in str(problem)

    def test_the_error_is_quoted_not_the_line_after_it(self) -> None:
        said = "Collecting x\nERROR: the reason\n\n  note: of no use\n"
        assert installation.last_line(said) == "ERROR: the reason"

    def test_pip_without_a_network_becomes_the_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "requirements.txt").write_text("linli-is-no-package==1\n", encoding="utf-8")
        (tmp_path / "constraints.txt").write_text("", encoding="utf-8")
        (tmp_path / ".venv").mkdir()
        for name in list(os.environ):
            if name.upper().startswith("PIP_"):
                monkeypatch.delenv(name)
        # Port 9 of this machine answers nobody: as good as a cut line, and quick.
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
        monkeypatch.setattr(installation, "venv_python", lambda folder: Path(sys.executable))
        with pytest.raises(Problem) as caught:
            installation.install(tmp_path, tmp_path / ".venv", installation.FOR_SHOP)
        assert caught.value.key == "no_network"

    def test_room_is_checked_before_anything_is_made(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = SimpleNamespace(free=3_000_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
        with pytest.raises(Problem, match=r"1000 MB.* 3 MB"):
            installation.ensure_installed(tmp_path, installation.FOR_SHOP)
        assert not (tmp_path / ".venv").exists()


class TestPins:
    @staticmethod
    def pins(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        found = [re.match(r"([\w.-]+)(?:\[\w+\])?==([^\s;]+)", line) for line in lines]
        return {re.sub(r"[-_.]+", "-", m[1]).lower(): m[2] for m in found if m}

    def test_constraints_agree_with_what_is_asked_for(self) -> None:
        asked = self.pins("requirements.txt") | self.pins("requirements-dev.txt")
        held = self.pins("constraints.txt")
        assert {name: held.get(name) for name in asked} == asked

    def test_everything_installed_is_held(self) -> None:
        held = self.pins("constraints.txt")
        installed = {
            re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower(): each.version
            for each in distributions()
        }
        for tool in ("pip", "setuptools", "wheel"):
            installed.pop(tool, None)
        assert {name: held.get(name) for name in installed} == installed


class TestData:
    def test_order_of_what_decides(self, tmp_path: Path) -> None:
        given = str(tmp_path / "here")
        elsewhere = {"LINLI_DATA": str(tmp_path / "there")}
        assert storage.data_folder(given, True, elsewhere) == tmp_path / "here"
        assert storage.data_folder(None, True, elsewhere) == ROOT / "demo-data"
        assert storage.data_folder(None, False, elsewhere) == tmp_path / "there"
        assert storage.data_folder(None, False, {}) == ROOT / "data"

    def test_made_private_and_usable(self, tmp_path: Path) -> None:
        folder = tmp_path / "店铺" / "data"
        storage.prepare_data_folder(folder)
        storage.prepare_data_folder(folder)
        assert list(folder.iterdir()) == []
        if os.name != "nt":
            assert folder.stat().st_mode & 0o077 == 0

    def test_a_file_of_that_name(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("x", encoding="utf-8")
        for folder in (tmp_path / "data", tmp_path / "data" / "inside"):
            with pytest.raises(Problem) as caught:
                storage.prepare_data_folder(folder)
            assert caught.value.key == "not_a_folder"

    @pytest.mark.parametrize(
        ("number", "key"),
        [
            (errno.EACCES, "cannot_write"),
            (errno.EROFS, "cannot_write"),
            (errno.ENOSPC, "disk_full"),
        ],
    )
    def test_what_the_system_refuses(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, key: str
    ) -> None:
        def refuse(**arguments: object) -> None:
            raise OSError(number, "refused")

        monkeypatch.setattr(storage.tempfile, "TemporaryFile", refuse)
        with pytest.raises(Problem) as caught:
            storage.prepare_data_folder(tmp_path / "data")
        assert caught.value.key == key

    def test_setup_code(self, tmp_path: Path) -> None:
        assert storage.setup_code(tmp_path) is None
        (tmp_path / "setup-code.txt").write_text("", encoding="utf-8")
        assert storage.setup_code(tmp_path) is None
        (tmp_path / "setup-code.txt").write_text("ABCD-1234\n", encoding="utf-8")
        assert storage.setup_code(tmp_path) == "ABCD-1234"


class TestPorts:
    @pytest.mark.parametrize("given", ["0", "65536", "-1", "80a", "", "8501.0"])
    def test_no_port(self, given: str) -> None:
        with pytest.raises(Problem) as caught:
            network.port_number(given)
        assert caught.value.key == "port_range"
        assert caught.value.code == 2

    @pytest.mark.parametrize("given", ["1", "8501", "65535"])
    def test_a_port(self, given: str) -> None:
        assert network.port_number(given) == int(given)

    @pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
    def test_a_taken_port_names_a_free_one(self, listener: socket.socket, address: str) -> None:
        port = listener.getsockname()[1]
        assert network.port_state(address, port) == "taken"
        with pytest.raises(Problem) as caught:
            network.check_port(address, port)
        free = caught.value.values["free"]
        assert free != port
        assert network.port_state(address, free) == "free"
        assert f"--port {free}" in str(caught.value)

    def test_a_closed_port_is_free_again(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        listener.close()
        assert network.port_state("127.0.0.1", port) == "free"
        network.check_port("127.0.0.1", port)

    def test_a_port_the_system_forbids(self, monkeypatch: pytest.MonkeyPatch) -> None:
        state = network.port_state

        def forbidding(address: str, port: int) -> str:
            return "forbidden" if port == 80 else state(address, port)

        monkeypatch.setattr(network, "port_state", forbidding)
        with pytest.raises(Problem) as caught:
            network.check_port("127.0.0.1", 80)
        assert caught.value.key == "port_forbidden"
        assert caught.value.values["free"] >= 1024

    def test_free_port_near_the_end_of_the_range(self) -> None:
        assert 1024 <= network.free_port("127.0.0.1", 65535) <= 65535

    @pytest.mark.parametrize(
        ("status", "body", "expected"),
        [
            (200, b'{"app": "Linli"}', network.Health(200, True)),
            (503, b'{"app": "linli"}', network.Health(503, True)),
            (200, b"ok", network.Health(200, False)),
            (404, b"", network.Health(404, False)),
        ],
    )
    def test_health(
        self,
        answering: Callable[[int, bytes], int],
        status: int,
        body: bytes,
        expected: network.Health,
    ) -> None:
        assert network.health(answering(status, body)) == expected

    def test_health_asks_past_a_proxy(
        self, answering: Callable[[int, bytes], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert network.health(answering(200, b"linli")) == network.Health(200, True)

    def test_nobody_or_no_http(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]

        def greet() -> None:
            caller, _ = listener.accept()
            with caller:
                caller.sendall(b"220 mail ready\r\n")

        threading.Thread(target=greet, daemon=True).start()
        assert network.health(port) is None
        listener.close()
        assert network.health(port) is None

    def test_host_names(self) -> None:
        assert network.host_names(["192.168.1.5"], "Counter") == [
            "localhost",
            "127.0.0.1",
            "192.168.1.5",
            "counter",
            "counter.local",
        ]
        assert network.host_names([], "mac.local")[2:] == ["mac.local"]
        assert network.host_names([], "") == ["localhost", "127.0.0.1"]

    def test_own_addresses_leave_out_what_phones_cannot_reach(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entries = [(None, None, 0, "", (ip, 0)) for ip in ("127.0.1.1", "169.254.3.4", "10.0.0.2")]
        monkeypatch.setattr(network.socket, "getaddrinfo", lambda *arguments: entries)
        found = network.lan_ips()
        assert "10.0.0.2" in found
        assert not any(ip.startswith(("127.", "169.254.")) for ip in found)
        assert len(found) == len(set(found))


class TestAlreadyRunning:
    def test_free(self, tmp_path: Path, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        listener.close()
        assert running.running_port(tmp_path, port, tmp_path / "data") is None

    def test_another_program_is_not_linli(
        self, tmp_path: Path, answering: Callable[[int, bytes], int]
    ) -> None:
        port = answering(200, b"hello")
        assert running.running_port(tmp_path, port, tmp_path / "data") is None

    def test_linli_started_in_another_way(
        self, tmp_path: Path, answering: Callable[[int, bytes], int]
    ) -> None:
        port = answering(200, b"linli")
        assert running.running_port(tmp_path, port, tmp_path / "data") == port

    def test_the_same_shop_on_another_port(
        self, tmp_path: Path, answering: Callable[[int, bytes], int]
    ) -> None:
        (tmp_path / ".venv").mkdir()
        port = answering(503, b"linli")
        with running.noted_as_running(tmp_path, port, tmp_path / "data"):
            assert running.running_port(tmp_path, 1, tmp_path / "data") == port
        assert running.noted_shops(tmp_path) == {}

    def test_another_shop_on_this_port(
        self, tmp_path: Path, answering: Callable[[int, bytes], int]
    ) -> None:
        (tmp_path / ".venv").mkdir()
        port = answering(200, b"linli")
        with running.noted_as_running(tmp_path, port, tmp_path / "demo-data"):
            with pytest.raises(Problem) as caught:
                running.running_port(tmp_path, port, tmp_path / "data")
            assert caught.value.key == "port_other_shop"
            assert caught.value.values["free"] != port

    def test_a_note_that_outlived_a_crash_is_ignored(
        self, tmp_path: Path, listener: socket.socket
    ) -> None:
        port = listener.getsockname()[1]
        listener.close()
        note = tmp_path / ".venv" / "running" / str(port)
        note.parent.mkdir(parents=True)
        note.write_text(str(tmp_path / "data"), encoding="utf-8")
        assert running.running_port(tmp_path, port, tmp_path / "data") is None


class TestOptions:
    def test_usual(self) -> None:
        found = shop.parse([], {"CI": "true"})
        assert found == options(data=ROOT / "data")
        assert found.listen_on == "127.0.0.1"

    def test_all(self, tmp_path: Path) -> None:
        given = ["--port", "9000", "--no-browser", "--data", str(tmp_path), "--lan", "--demo"]
        found = shop.parse(given, {"DISPLAY": ":0"})
        assert found == shop.Options(9000, False, True, True, tmp_path)
        assert found.listen_on == "0.0.0.0"

    @pytest.mark.parametrize("given", [["--prot", "1"], ["tset"], ["--data"], ["--port", "x"]])
    def test_wrong(self, given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.main(given) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.strip().splitlines()) == 1

    @pytest.mark.parametrize(
        ("environment", "platform", "expected"),
        [
            ({}, "win32", True),
            ({}, "darwin", True),
            ({}, "linux", False),
            ({"DISPLAY": ":0"}, "linux", True),
            ({"WAYLAND_DISPLAY": "w"}, "linux", True),
            ({"CI": "true", "DISPLAY": ":0"}, "linux", False),
            ({"CI": "true"}, "win32", False),
            ({"CI": "false"}, "win32", True),
        ],
    )
    def test_browser(self, environment: dict[str, str], platform: str, expected: bool) -> None:
        assert shop.can_open_browser(environment, platform) is expected

    def test_help_is_in_the_language(
        self, language: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as caught:
            shop.parse(["--help"], {})
        assert caught.value.code == 0
        assert ("启动邻里" in capsys.readouterr().out) is (language == "zh")


class TestShopProcess:
    def test_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYTHONPATH", "/elsewhere")
        monkeypatch.setenv("LINLI_DEMO", "1")
        monkeypatch.setenv("LINLI_DATABASE_URL", "postgresql://books")
        found = shop.shop_environment(options())
        assert found["LINLI_DATA"] == str(Path("/somewhere"))
        assert found["PYTHONUTF8"] == "1"
        assert found["PYTHONIOENCODING"] == "utf-8"
        assert found["LINLI_DATABASE_URL"] == "postgresql://books"
        assert "PYTHONPATH" not in found
        assert "LINLI_DEMO" not in found

    def test_the_demo_never_gets_the_books_of_the_shop(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LINLI_DATABASE_URL", "postgresql://books")
        found = shop.shop_environment(options(demo=True))
        assert found["LINLI_DEMO"] == "1"
        assert "LINLI_DATABASE_URL" not in found

    def test_command_for_this_machine_only(self) -> None:
        command = shop.shop_command(Path("python"), options(port=9000), ["localhost"])
        assert command[:5] == ["python", "-m", "streamlit", "run", "app.py"]
        assert "--server.port=9000" in command
        assert "--server.address=127.0.0.1" in command
        assert not any("allowedHosts" in part for part in command)

    def test_command_for_the_network(self) -> None:
        command = shop.shop_command(Path("python"), options(lan=True), ["localhost", "10.0.0.2"])
        assert "--server.address=0.0.0.0" in command
        assert "--server.allowedHosts=10.0.0.2" in command
        assert "--server.corsAllowedOrigins=http://10.0.0.2:8501" in command

    def test_streamlit_takes_every_flag(self) -> None:
        from streamlit import config

        command = shop.shop_command(Path("python"), options(lan=True), ["localhost"])
        known = config.get_config_options()
        flags = [part[2:].split("=")[0] for part in command if part.startswith("--")]
        assert [flag for flag in flags if flag not in known] == []

    def test_ready(self, answering: Callable[[int, bytes], int]) -> None:
        child = sleeper()
        try:
            answer = shop.wait_until_ready(child, answering(200, b"linli"))
            assert answer.status == 200
        finally:
            processes.stop(child)

    def test_a_shop_that_needs_care_still_opens(
        self, answering: Callable[[int, bytes], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shop, "UNWELL_SECONDS", 0.1)
        child = sleeper()
        try:
            assert shop.wait_until_ready(child, answering(503, b"linli")).status == 503
        finally:
            processes.stop(child)

    def test_stopped_while_starting(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        listener.close()
        child = sleeper("raise SystemExit(7)")
        with pytest.raises(Problem) as caught:
            shop.wait_until_ready(child, port)
        assert caught.value.key == "app_stopped"
        assert caught.value.values == {"exit_code": 7}

    def test_no_answer(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        listener.close()
        child = sleeper()
        try:
            with pytest.raises(Problem) as caught:
                shop.wait_until_ready(child, port, patience=0.3)
            assert caught.value.key == "no_answer"
        finally:
            processes.stop(child)

    def test_a_crash_is_told(self, answering: Callable[[int, bytes], int], tmp_path: Path) -> None:
        child = sleeper("import time; time.sleep(1); raise SystemExit(3)")
        port = answering(200, b"linli")
        with pytest.raises(Problem) as caught:
            shop.attend(child, options(port=port, data=tmp_path), [])
        assert caught.value.key == "crashed"

    def test_ctrl_c_ends_the_child_and_is_no_failure(
        self,
        answering: Callable[[int, bytes], int],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        def pressed(opened: shop.Options, port: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(shop, "open_browser", pressed)
        child = sleeper()
        port = answering(200, b"linli")
        assert shop.attend(child, options(port=port, data=tmp_path), []) == 0
        assert child.poll() is not None
        assert str(tmp_path) in capsys.readouterr().out.splitlines()[-1]

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no polite end")
    def test_a_child_that_will_not_end_is_killed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processes, "STOP_SECONDS", 0.2)
        ignoring = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
        child = subprocess.Popen(
            [sys.executable, "-c", ignoring + "; print(1, flush=True); time.sleep(60)"],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        processes.stop(child)
        child.stdout.close()
        assert child.returncode == -signal.SIGKILL

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
    def test_a_request_to_end_counts_as_ctrl_c(self) -> None:
        code = (
            "import time; from lib.launch import entry, shop\n"
            "def wait(arguments): print('up', flush=True); time.sleep(60)\n"
            "entry.COMMANDS['wait'] = wait\n"
            "raise SystemExit(entry.main(['wait']))"
        )
        child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"up"
        child.terminate()
        child.communicate()
        assert child.returncode == 130


@pytest.mark.usefixtures("language")
class TestAnnouncement:
    def test_this_machine(self, tmp_path: Path) -> None:
        said = "\n".join(shop.announcement(options(data=tmp_path), ["10.0.0.2"], None))
        assert "http://localhost:8501/p/prices" in said
        assert "--lan" in said
        assert "http://10.0.0.2:8501" in said
        assert "http://10.0.0.2:8501/p/prices" not in said
        assert str(tmp_path) in said
        assert "Ctrl+C" in said

    def test_network(self) -> None:
        said = "\n".join(shop.announcement(options(lan=True), ["10.0.0.2", "10.0.1.2"], None))
        for ip in ("10.0.0.2", "10.0.1.2"):
            assert f"http://{ip}:8501\n" in said
            assert f"http://{ip}:8501/p/prices" in said

    def test_no_network(self) -> None:
        assert sentences.text("lan_none") in shop.announcement(options(lan=True), [], None)
        assert sentences.text("lan_none") not in shop.announcement(options(), [], None)

    def test_setup_code_only_while_there_is_one(self) -> None:
        assert "K7QP" in "\n".join(shop.announcement(options(), [], "K7QP"))
        line = sentences.text("setup_code", setup_code="")
        assert not any(said.startswith(line) for said in shop.announcement(options(), [], None))

    def test_demo(self) -> None:
        said = shop.announcement(options(demo=True), [], None)
        assert sentences.text("running_demo") in said
        assert sentences.text("running") not in said


class TestStart:
    """``start_shop`` with a small program in the place of Streamlit."""

    @pytest.fixture
    def stage(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / ".venv").mkdir()
        monkeypatch.setattr(shop, "ROOT", tmp_path)
        monkeypatch.setattr(shop, "ensure_installed", lambda root, needs: Path(sys.executable))
        return tmp_path

    def test_runs_and_forgets(
        self,
        stage: Path,
        listener: socket.socket,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        port = listener.getsockname()[1]
        listener.close()
        program = (
            "import http.server as h, os, pathlib\n"
            "pathlib.Path(os.environ['LINLI_DATA'], 'setup-code.txt').write_text('K7QP')\n"
            "class A(h.BaseHTTPRequestHandler):\n"
            "    def do_GET(self): self.send_response(200); self.end_headers(); "
            "self.wfile.write(b'linli')\n"
            "    def log_message(self, *a): pass\n"
            f"h.HTTPServer(('127.0.0.1', {port}), A).serve_forever()\n"
        )
        monkeypatch.setattr(shop, "shop_command", lambda *a: [sys.executable, "-c", program])
        noted: list[dict[int, str]] = []

        def pressed(opened: shop.Options, opened_port: int) -> None:
            noted.append(running.noted_shops(stage))
            raise KeyboardInterrupt

        monkeypatch.setattr(shop, "open_browser", pressed)
        data = stage / "data"
        assert shop.start_shop(["--port", str(port), "--data", str(data)]) == 0
        assert noted == [{port: str(data)}]
        assert running.noted_shops(stage) == {}
        assert "K7QP" in capsys.readouterr().out

    def test_already_running_is_opened(
        self,
        stage: Path,
        answering: Callable[[int, bytes], int],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        opened: list[int] = []
        monkeypatch.setattr(shop, "open_browser", lambda options, port: opened.append(port))
        port = answering(200, b"linli")
        assert shop.start_shop(["--port", str(port), "--data", str(stage / "data")]) == 0
        assert opened == [port]
        assert f"http://localhost:{port}" in capsys.readouterr().out

    def test_a_taken_port_is_one_sentence_and_code_1(
        self, stage: Path, listener: socket.socket, capsys: pytest.CaptureFixture[str]
    ) -> None:
        port = listener.getsockname()[1]
        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        assert entry.main(["--port", str(port), "--data", str(stage / "data")]) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 1

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
    def test_trouble_with_the_disk_in_any_step_is_one_sentence(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
    ) -> None:
        def trouble(arguments: list[str]) -> int:
            raise OSError(number, os.strerror(number), "x")

        monkeypatch.setitem(entry.COMMANDS, "trouble", trouble)
        assert entry.main(["trouble"]) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 1

    def test_a_fault_of_the_program_is_not_dressed_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fault(arguments: list[str]) -> int:
            raise OSError(errno.EPIPE, os.strerror(errno.EPIPE))

        monkeypatch.setitem(entry.COMMANDS, "fault", fault)
        with pytest.raises(BrokenPipeError):
            entry.main(["fault"])

    def test_browser_is_opened_only_when_wanted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[str] = []
        monkeypatch.setattr(shop.webbrowser, "open", opened.append)
        shop.open_browser(options(browser=False), 8501)
        assert opened == []
        shop.open_browser(options(browser=True), 8501)
        assert opened == ["http://localhost:8501"]


class TestTestCommand:
    BOTH = checks.Tools("/usr/bin/chromium", "/usr/lib/postgresql/15/bin")

    @pytest.fixture
    def ran(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """Nothing is really run; the pytest commands are kept."""
        commands: list[list[str]] = []

        def run(command: list[str], tools: checks.Tools) -> int:
            commands.append(command)
            return 0

        monkeypatch.setattr(checks, "ensure_installed", lambda root, needs: Path("python"))
        monkeypatch.setattr(checks, "run_checks", lambda python: [])
        monkeypatch.setattr(checks, "run_pytest", run)
        monkeypatch.setattr(checks, "find_tools", lambda environment: self.BOTH)
        monkeypatch.delenv("CI", raising=False)
        return commands

    def test_everything(self, ran: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["test"]) == 0
        assert ran == [["python", "-m", "pytest", *checks.workers()]]
        assert capsys.readouterr().out.strip() == sentences.text("all_passed")

    @pytest.mark.parametrize(
        ("cores", "number"), [(None, "1"), (1, "1"), (2, "2"), (4, "4"), (64, "4")]
    )
    def test_one_worker_for_each_core_within_reason(
        self, monkeypatch: pytest.MonkeyPatch, cores: int | None, number: str
    ) -> None:
        monkeypatch.setattr(os, "cpu_count", lambda: cores)
        assert checks.workers()[:2] == ["-n", number]
        assert checks.workers()[2:] == ["--dist", "loadfile", "--no-loadscope-reorder"]

    def test_arguments_go_to_pytest_alone(
        self, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checks, "run_checks", lambda python: pytest.fail("not wanted"))
        assert entry.run(["test", "-k", "chain", "--port"]) == 0
        assert ran == [["python", "-m", "pytest", "-k", "chain", "--port"]]

    @pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
    def test_missing_programs(
        self,
        ran: list[list[str]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        ci: str,
        code: int,
    ) -> None:
        monkeypatch.setattr(checks, "find_tools", lambda environment: checks.Tools(None, None))
        monkeypatch.setenv("CI", ci)
        assert checks.run_tests([]) == code
        left_out = ["-m", "not browser and not postgresql"]
        assert ran == [["python", "-m", "pytest", *left_out, *checks.workers()]]
        said = capsys.readouterr().out
        assert sentences.text("missing_browser") in said
        assert sentences.text("missing_postgresql") in said

    def test_a_choice_of_markers_is_left_alone(self) -> None:
        none = checks.Tools(None, None)
        command = checks.pytest_command(Path("p"), ["-m", "browser"], none)
        assert command == ["p", "-m", "pytest", "-m", "browser"]

    def test_failures_are_named(
        self,
        ran: list[list[str]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(checks, "run_checks", lambda python: ["mypy"])
        monkeypatch.setattr(checks, "run_pytest", lambda command, tools: 1)
        assert checks.run_tests([]) == 1
        assert "mypy, pytest" in capsys.readouterr().out

    def test_checks_show_what_failed_only(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        good = checks.Check("good", ["-c", "print('quiet')"])
        bad = checks.Check("bad", ["-c", "print('the reason'); raise SystemExit(2)"])
        monkeypatch.setattr(checks, "CHECKS", [good, bad])
        assert checks.run_checks(Path(sys.executable)) == ["bad"]
        said = capsys.readouterr().out
        assert "the reason" in said
        assert "quiet" not in said

    def test_tests_never_see_the_data_of_the_shop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("LINLI_DATA", "LINLI_DEMO", "LINLI_DATABASE_URL"):
            monkeypatch.setenv(name, "1")
        found = checks.tests_environment(self.BOTH)
        assert not {"LINLI_DATA", "LINLI_DEMO", "LINLI_DATABASE_URL"} & set(found)
        assert found["LINLI_CHROMIUM"] == "/usr/bin/chromium"
        assert found["LINLI_POSTGRESQL_BIN"] == "/usr/lib/postgresql/15/bin"

    def test_named_programs_come_first(self) -> None:
        environment = {"LINLI_CHROMIUM": "/a/chrome", "LINLI_POSTGRESQL_BIN": "/a/bin"}
        assert checks.find_tools(environment) == checks.Tools("/a/chrome", "/a/bin")

    def test_programs_are_found_by_place(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: None)
        for version in ("15", "17"):
            (tmp_path / version / "bin").mkdir(parents=True)
            (tmp_path / version / "bin" / "initdb").touch()
        monkeypatch.setattr(checks, "POSTGRESQL_PLACES", (f"{tmp_path}/*/bin/initdb",))
        monkeypatch.setattr(checks, "BROWSER_PLACES", (f"{tmp_path}/none/chrome",))
        assert checks.find_tools({}) == checks.Tools(None, str(tmp_path / "17" / "bin"))

    def test_help_installs_nothing(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(checks, "ensure_installed", lambda *a: pytest.fail("installed"))
        assert entry.run(["test", "--help"]) == 0
        assert "pytest" in capsys.readouterr().out


class TestAlone:
    def test_the_launcher_stands_on_the_standard_library(self) -> None:
        for path in [ROOT / "start.py", *LAUNCH.glob("*.py")]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                else:
                    continue
                for name in names:
                    own = name.startswith("lib.launch")
                    assert own or name.split(".")[0] in sys.stdlib_module_names, (path, name)

    def test_ci_script_ends_in_the_one_command(self) -> None:
        script = ROOT / ".ci" / "run"
        lines = script.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "#!/usr/bin/env bash"
        assert "set -euo pipefail" in lines
        assert lines[-1] == 'exec "$python" start.py test'
        assert os.name == "nt" or os.access(script, os.X_OK)


class TestCopies:
    def test_a_backup_names_the_folder_and_the_target(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        seen: list[object] = []
        monkeypatch.setattr(copies, "ensure_installed", lambda *_: Path("python"))
        monkeypatch.setattr(
            copies.subprocess,
            "run",
            lambda command, **more: (
                seen.append((command, more["env"]["LINLI_DATA"]))
                or subprocess.CompletedProcess(command, 0)
            ),
        )
        assert entry.run(["backup", str(tmp_path), "--data", str(tmp_path / "shop")]) == 0
        assert seen == [
            (
                ["python", "-m", "lib.shop.backup", "make", str(tmp_path)],
                str(tmp_path / "shop"),
            )
        ]

    def test_a_failed_restore_is_not_called_done(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(copies, "run", lambda *_: 1)
        assert entry.run(["restore", "a.zip", "b"]) == 1
        assert capsys.readouterr().out == ""


class TestVerify:
    @pytest.fixture
    def commands(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
        seen: list[tuple[list[str], dict[str, str]]] = []

        def run(command: list[str], **more: Any) -> subprocess.CompletedProcess[bytes]:
            seen.append((command, more["env"]))
            return subprocess.CompletedProcess(command, 1)

        monkeypatch.setattr(verifying, "ensure_installed", lambda *_: Path("python"))
        monkeypatch.setattr(verifying.subprocess, "run", run)
        return seen

    def test_it_checks_the_folder_and_hands_the_exit_code_on(
        self, commands: list[tuple[list[str], dict[str, str]]], tmp_path: Path
    ) -> None:
        assert entry.run(["verify", "--data", str(tmp_path)]) == 1
        ((command, environment),) = commands
        assert command[:4] == ["python", "-m", "lib.trust.costs.checking", "--language"]
        assert environment["LINLI_DATA"] == str(tmp_path)

    def test_it_checks_a_backup_file(
        self, commands: list[tuple[list[str], dict[str, str]]], tmp_path: Path
    ) -> None:
        entry.run(["verify", str(tmp_path / "a.zip")])
        assert commands[0][0][-1] == str(tmp_path / "a.zip")

    def test_the_demo_is_not_looked_for_in_the_shops_postgresql(
        self,
        commands: list[tuple[list[str], dict[str, str]]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("LINLI_DATABASE_URL", "postgresql://shop")
        entry.run(["verify"])
        entry.run(["verify", "--demo"])
        assert ["LINLI_DATABASE_URL" in environment for _command, environment in commands] == [
            True,
            False,
        ]

    def test_what_hinders_it_is_no_fault_of_the_sheets(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def fail(*_: object) -> Path:
            raise Problem("no_network")

        monkeypatch.setattr(verifying, "ensure_installed", fail)
        assert entry.main(["verify", "--data", str(tmp_path)]) == 2

    def test_a_real_shop_is_checked_from_the_command_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(verifying, "ensure_installed", lambda *_: Path(sys.executable))
        monkeypatch.setattr(verifying, "language", lambda: "zh")
        assert entry.run(["verify", "--data", str(tmp_path / "none")]) == 2
        assert "没有店铺数据" in capfd.readouterr().err
        assert not (tmp_path / "none").exists()
