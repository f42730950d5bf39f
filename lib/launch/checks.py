"""``python start.py test``: every check and every test, or just pytest with what was given."""

import concurrent.futures
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lib.launch.installation import FOR_TESTS, ensure_installed
from lib.launch.processes import clean_environment, in_ci, stop
from lib.launch.sentences import say
from lib.launch.storage import ROOT


class Check(NamedTuple):
    """A check beside the tests: the name shown, and the arguments for Python."""

    name: str
    arguments: list[str]


class Result(NamedTuple):
    """How a check ended: exit code, what it printed, seconds it took."""

    code: int
    output: str
    seconds: float


CHECKS = [
    Check("ruff format --check", ["-m", "ruff", "format", "--check", "."]),
    Check("ruff check", ["-m", "ruff", "check", "."]),
    Check("mypy", ["-m", "mypy", "--num-workers=2"]),
    Check(
        "import-linter",
        ["-c", "import sys, importlinter.cli as c; sys.exit(c.lint_imports_command())"],
    ),
]


class Tools(NamedTuple):
    """Programs that some tests need: path of Chromium, folder of PostgreSQL's programs."""

    browser: str | None
    postgresql: str | None


def run_tests(arguments: list[str]) -> int:
    """Run all checks and tests, or just pytest with ``arguments``; return the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        say("help_test")
        return 0
    python = ensure_installed(ROOT, FOR_TESTS)
    tools = find_tools(os.environ)
    command = pytest_command(python, arguments, tools)
    if arguments:
        return run_pytest(command, tools)
    failed = run_checks(python)
    if run_pytest(command, tools):
        failed.append("pytest")
    missing = missing_tools(tools)
    for key in missing:
        say(key)
        if in_ci(os.environ):
            failed.append(key.replace("missing_", ""))
    if failed:
        say("some_failed", names=", ".join(failed))
        return 1
    say("all_passed")
    return 0


def run_checks(python: Path) -> list[str]:
    """Run the checks two at a time, print each in its turn; return the names that failed."""
    failed = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        results = pool.map(lambda check: run_check(python, check), CHECKS)
        for check, result in zip(CHECKS, results, strict=True):
            if result.code:
                failed.append(check.name)
                print(result.output, flush=True)
            key = "check_failed" if result.code else "check_passed"
            say(key, name=check.name, seconds=round(result.seconds))
    return failed


def run_check(python: Path, check: Check) -> Result:
    """Run one check and keep what it prints."""
    started = time.monotonic()
    done = subprocess.run(
        [str(python), *check.arguments], cwd=str(ROOT), env=clean_environment(), check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    output = done.stdout.decode("utf-8", "replace")
    return Result(done.returncode, output, time.monotonic() - started)


MOST_WORKERS = 4
"""Each worker starts a PostgreSQL and a Chromium of its own."""


def workers() -> list[str]:
    """Return the pytest arguments that share all files out among the processor's cores.

    Files keep their order, so that the browser's come last in each worker (tests/conftest.py).
    """
    number = min(os.cpu_count() or 1, MOST_WORKERS)
    return ["-n", str(number), "--dist", "loadfile", "--no-loadscope-reorder"]


def pytest_command(python: Path, arguments: list[str], tools: Tools) -> list[str]:
    """Return the pytest command, leaving out the tests whose programs are missing.

    All tests run in several processes; a choice of them starts sooner in one.
    """
    command = [str(python), "-m", "pytest"]
    wanted = ["not " + key.replace("missing_", "") for key in missing_tools(tools)]
    if wanted and not any(argument.startswith("-m") for argument in arguments):
        command += ["-m", " and ".join(wanted)]
    return [*command, *(arguments or workers())]


def run_pytest(command: list[str], tools: Tools) -> int:
    """Run pytest in this window; return its exit code."""
    child = subprocess.Popen(command, cwd=str(ROOT), env=tests_environment(tools))
    try:
        while child.poll() is None:
            time.sleep(0.1)
    except BaseException:
        stop(child)
        raise
    return child.returncode


def tests_environment(tools: Tools) -> dict[str, str]:
    """Return the environment of the tests; they never learn of the shop's own data."""
    environment = clean_environment()
    for name in ("LINLI_DATA", "LINLI_DEMO", "LINLI_DATABASE_URL"):
        environment.pop(name, None)
    if tools.browser:
        environment["LINLI_CHROMIUM"] = tools.browser
    if tools.postgresql:
        environment["LINLI_POSTGRESQL_BIN"] = tools.postgresql
    return environment


def missing_tools(tools: Tools) -> list[str]:
    """Return the keys of the sentences for the programs that were not found."""
    names = [name for name, found in tools._asdict().items() if not found]
    return ["missing_" + name for name in names]


def find_tools(environment: Mapping[str, str]) -> Tools:
    """Look for Chromium and PostgreSQL; LINLI_CHROMIUM and LINLI_POSTGRESQL_BIN come first."""
    browser = environment.get("LINLI_CHROMIUM") or find_browser()
    return Tools(browser, environment.get("LINLI_POSTGRESQL_BIN") or find_postgresql())


BROWSER_COMMANDS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip
BROWSER_PLACES = (
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "~/AppData/Local/ms-playwright/chromium-*/chrome-win*/chrome.exe",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)
POSTGRESQL_PLACES = (
    "/usr/lib/postgresql/*/bin/initdb",
    "/usr/pgsql-*/bin/initdb",
    "/opt/homebrew/opt/postgresql*/bin/initdb",
    "/usr/local/opt/postgresql*/bin/initdb",
    "/Applications/Postgres.app/Contents/Versions/latest/bin/initdb",
    "C:/Program Files/PostgreSQL/*/bin/initdb.exe",
)


def find_browser() -> str | None:
    """Return the path of Chromium or Chrome, or None."""
    for command in BROWSER_COMMANDS:
        found = shutil.which(command)
        if found:
            return found
    return next(existing(BROWSER_PLACES), None)


def find_postgresql() -> str | None:
    """Return the folder with PostgreSQL's own programs, or None."""
    found = next(existing(POSTGRESQL_PLACES), None) or shutil.which("initdb")
    return str(Path(found).parent) if found else None


def existing(patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the files that match, for each pattern the newest version first."""
    for pattern in patterns:
        whole = Path(pattern).expanduser()
        if whole.is_absolute():
            matches = Path(whole.anchor).glob(str(whole.relative_to(whole.anchor)))
            yield from sorted((str(each) for each in matches if each.is_file()), reverse=True)
