"""The folder .venv: made once, filled by pip from pinned lists, repaired when broken."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from lib.launch.processes import clean_environment, stop
from lib.launch.sentences import Problem, say, text
from lib.launch.storage import check_room, full_disk

INSTALL_MEGABYTES = 1000
OLDEST_PYTHON = (3, 11)


class Needs(NamedTuple):
    """A set of packages: its name in the marker, its list for pip, the files that decide it."""

    name: str
    requirements: str
    files: tuple[str, ...]


FOR_SHOP = Needs("shop", "requirements.txt", ("requirements.txt", "constraints.txt"))
FOR_TESTS = Needs(
    "tests",
    "requirements-dev.txt",
    ("requirements.txt", "requirements-dev.txt", "constraints.txt"),
)


def venv_python(folder: Path, system: str = os.name) -> Path:
    """Return the Python inside the virtual environment ``folder``."""
    if system == "nt":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def python_version(python: Path) -> str | None:
    """Return "3.11" for a Python that runs, None for a broken or missing one."""
    asked = "import sys; print(*sys.version_info[:2], sep='.')"
    try:
        done = subprocess.run([str(python), "-c", asked], capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout.decode().strip() if done.returncode == 0 else None


def fingerprint(root: Path, needs: Needs, version: str) -> str:
    """Return a hash that changes with the lists of packages and with the Python version."""
    digest = hashlib.sha256(version.encode())
    for name in needs.files:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return digest.hexdigest()


def read_marker(venv: Path) -> dict[str, str]:
    """Return the fingerprints of what was installed completely, by name of the needs."""
    try:
        content = json.loads((venv / "linli-installed.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_marker(venv: Path, content: dict[str, str]) -> None:
    """Replace the marker in one step, so that it is never half written."""
    fresh = venv / "linli-installed.json.new"
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(venv / "linli-installed.json")


def is_installed(root: Path, needs: Needs) -> bool:
    """Say whether .venv works and holds exactly what the lists ask for."""
    venv = root / ".venv"
    wanted = read_marker(venv).get(needs.name)
    version = python_version(venv_python(venv)) if wanted else None
    return version is not None and wanted == fingerprint(root, needs, version)


def ensure_installed(root: Path, needs: Needs) -> Path:
    """Make .venv and install ``needs`` unless done; return its Python. Raises Problem."""
    venv = root / ".venv"
    python = venv_python(venv)
    if is_installed(root, needs):
        return python
    check_room(root, INSTALL_MEGABYTES)
    started = time.monotonic()
    say("installing")
    if not has_pip(python):
        make_venv(venv)
    # Gone before pip starts: an interrupted installation is then repeated.
    write_marker(venv, {})
    install(root, venv, needs)
    version = python_version(python) or ""
    done = [FOR_SHOP] if needs is FOR_SHOP else [FOR_SHOP, needs]
    write_marker(venv, {each.name: fingerprint(root, each, version) for each in done})
    say("installed", seconds=round(time.monotonic() - started))
    return python


def has_pip(python: Path) -> bool:
    """Say whether this Python runs, is new enough and has pip; else .venv is made anew."""
    version = python_version(python)
    if version is None or tuple(map(int, version.split("."))) < OLDEST_PYTHON:
        return False
    command = [str(python), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def missing_module(find: Callable[[str], Any] = importlib.util.find_spec) -> str | None:
    """Return the name of a module that making .venv needs and Debian leaves out, or None."""
    for module in ("venv", "ensurepip"):
        if find(module) is None:
            return module
    return None


def make_venv(venv: Path) -> None:
    """Make an empty virtual environment, clearing a broken one. Raises Problem."""
    module = missing_module()
    if module:
        raise Problem("no_venv", module=module)
    command = [sys.executable, "-m", "venv", "--clear", str(venv)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=clean_environment(),
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise venv_problem(done.stdout.decode("utf-8", "replace"), venv)


def venv_problem(output: str, venv: Path) -> Problem:
    """Return the sentence for what ``python -m venv`` printed before it failed."""
    if "ensurepip is not available" in output:
        return Problem("no_venv", module="ensurepip")
    return storage_problem(output, venv.parent) or Problem(
        "venv_failed", folder=venv, reason=last_line(output)
    )


def install(root: Path, venv: Path, needs: Needs) -> None:
    """Let pip install ``needs`` into ``venv``, showing the seconds. Raises Problem."""
    log = venv / "install.log"
    # fmt: off
    command = [
        str(venv_python(venv)), "-m", "pip", "install", "--quiet", "--no-input",
        "--disable-pip-version-check", "--only-binary=:all:", "--retries=3",
        "-r", str(root / needs.requirements), "-c", str(root / "constraints.txt"),
    ]
    # fmt: on
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            env=clean_environment(),
        )  # fmt: skip
        code = wait_showing_seconds(child)
    if code:
        said = log.read_text(encoding="utf-8", errors="replace")
        raise pip_problem(said, root, log, python_version(venv_python(venv)) or "?")


def wait_showing_seconds(child: subprocess.Popen[bytes]) -> int:
    """Wait for ``child``, counting seconds on a terminal; return its exit code."""
    started = time.monotonic()
    terminal = sys.stdout.isatty()
    try:
        while child.poll() is None:
            time.sleep(0.2)
            if terminal:
                seconds = round(time.monotonic() - started)
                print("\r" + text("seconds", seconds=seconds), end="", flush=True)
    except BaseException:
        stop(child)
        raise
    finally:
        if terminal:
            print("\r" + " " * 30 + "\r", end="", flush=True)
    return child.returncode


NETWORK_SIGNS = (
    "NewConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "NameResolutionError",
    "Failed to establish a new connection", "Temporary failure in name resolution",
    "Connection broken", "ConnectionResetError", "ProxyError", "getaddrinfo failed",
    "Max retries exceeded", "Read timed out", "Network is unreachable",
)  # fmt: skip
PACKAGE_SIGNS = ("No matching distribution found", "Could not find a version that satisfies")


def pip_problem(output: str, root: Path, log: Path, version: str) -> Problem:
    """Return the sentence for what pip printed before it failed."""
    problem = storage_problem(output, root)
    if problem:
        return problem
    if any(sign in output for sign in NETWORK_SIGNS):
        return Problem("no_network")
    if any(sign in output for sign in PACKAGE_SIGNS):
        return Problem("no_packages", version=version)
    return Problem("install_failed", reason=last_line(output), log=log)


def storage_problem(output: str, root: Path) -> Problem | None:
    """Return the sentence for a full disk or a forbidden folder named in ``output``, or None."""
    if "No space left on device" in output or "WinError 112" in output:
        return full_disk(root, INSTALL_MEGABYTES)
    if "Permission denied" in output or "WinError 5]" in output or "Read-only file" in output:
        return Problem("cannot_write_program", folder=root)
    return None


def last_line(output: str) -> str:
    """Return the last line that says something, preferring the one marked as error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR:", "Error:"))]
    return (errors or lines or ["?"])[-1]
