"""``python start.py``: run the shop until Ctrl+C."""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lib.launch.installation import FOR_SHOP, ensure_installed
from lib.launch.network import (
    DEFAULT_PORT,
    Health,
    check_port,
    health,
    host_names,
    lan_ips,
    local_address,
    port_number,
)
from lib.launch.processes import clean_environment, in_ci, stop
from lib.launch.running import noted_as_running, running_port
from lib.launch.sentences import Problem, say, text
from lib.launch.storage import ROOT, data_folder, prepare_data_folder, setup_code

RESIDENTS_PATH = "/p/prices"
START_SECONDS = 180.0
UNWELL_SECONDS = 5.0


class Options(NamedTuple):
    """What the user asked for; ``data`` is an absolute path."""

    port: int
    browser: bool
    lan: bool
    demo: bool
    data: Path

    @property
    def listen_on(self) -> str:
        """The address to listen on: this machine only, or with --lan every network."""
        return "0.0.0.0" if self.lan else "127.0.0.1"  # noqa: S104


class Parser(argparse.ArgumentParser):
    """Turns a wrong argument into a Problem instead of a page of usage."""

    def error(self, message: str) -> Any:
        """Raise the Problem for argparse's ``message``."""
        raise Problem("bad_arguments", code=2, reason=message)


def parse(arguments: list[str], environment: Mapping[str, str]) -> Options:
    """Return the options of ``python start.py``. Raises Problem."""
    parser = Parser(prog="python start.py", description=text("help_program"), allow_abbrev=False)
    parser.add_argument(
        "--port", default=str(DEFAULT_PORT), help=text("help_port", default=DEFAULT_PORT)
    )
    parser.add_argument("--no-browser", action="store_true", help=text("help_browser"))
    parser.add_argument("--data", metavar="DIR", help=text("help_data"))
    parser.add_argument("--lan", action="store_true", help=text("help_lan"))
    parser.add_argument("--demo", action="store_true", help=text("help_demo"))
    given = parser.parse_args(arguments)
    return Options(
        port=port_number(given.port),
        browser=not given.no_browser and can_open_browser(environment, sys.platform),
        lan=given.lan,
        demo=given.demo,
        data=data_folder(given.data, given.demo, environment),
    )


def can_open_browser(environment: Mapping[str, str], platform: str) -> bool:
    """Say whether a browser with windows can be there: not in CI, not on a bare console."""
    if in_ci(environment):
        return False
    if platform.startswith("linux"):
        return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    return True


def shop_environment(options: Options) -> dict[str, str]:
    """Return the environment of the running shop: LINLI_DATA, and LINLI_DEMO for the demo."""
    environment = clean_environment()
    environment.pop("LINLI_DEMO", None)
    environment["LINLI_DATA"] = str(options.data)
    if options.demo:
        environment["LINLI_DEMO"] = "1"
        # The shop's own PostgreSQL books are no place for invented people.
        environment.pop("LINLI_DATABASE_URL", None)
    return environment


def shop_command(python: Path, options: Options, hosts: list[str]) -> list[str]:
    """Return the command that runs the shop; ``hosts`` are the names let in with --lan."""
    command = [str(python), "-m", "streamlit", "run", "app.py"]
    command += [f"--server.port={options.port}", f"--server.address={options.listen_on}"]
    command += ["--server.headless=true", "--browser.gatherUsageStats=false"]
    # Streamlit's welcome asks a server on the internet for the outside address.
    command += ["--logger.hideWelcomeMessage=true"]
    if options.lan:
        command += [f"--server.allowedHosts={host}" for host in hosts]
        origins = [f"http://{host}:{options.port}" for host in hosts]
        command += [f"--server.corsAllowedOrigins={origin}" for origin in origins]
    return command


def start_shop(arguments: list[str]) -> int:
    """Install if needed, run the shop until Ctrl+C; return the exit code. Raises Problem."""
    options = parse(arguments, os.environ)
    running = running_port(ROOT, options.port, options.data)
    if running:
        say("already_running", address=local_address(running))
        open_browser(options, running)
        return 0
    check_port(options.listen_on, options.port)
    prepare_data_folder(options.data)
    python = ensure_installed(ROOT, FOR_SHOP)
    say("starting")
    if options.demo and not (options.data / "shop.db").exists():
        say("filling_demo")
    ips = lan_ips()
    command = shop_command(python, options, host_names(ips, socket.gethostname()))
    with noted_as_running(ROOT, options.port, options.data):
        child = subprocess.Popen(command, cwd=str(ROOT), env=shop_environment(options))
        return attend(child, options, ips)


def attend(child: subprocess.Popen[bytes], options: Options, ips: list[str]) -> int:
    """Wait until the shop answers, say where it is, and stay until it ends; return the code."""
    try:
        answer = wait_until_ready(child, options.port)
        if answer.status != 200:
            say("unwell", address=local_address(options.port))
        for line in announcement(options, ips, setup_code(options.data)):
            print(line, flush=True)
        open_browser(options, options.port)
        while child.poll() is None:
            time.sleep(0.3)
    except KeyboardInterrupt:
        stop(child)
        say("stopped", folder=options.data)
        return 0
    except BaseException:
        stop(child)
        raise
    raise Problem("crashed", exit_code=child.returncode)


def wait_until_ready(
    child: subprocess.Popen[bytes], port: int, patience: float = START_SECONDS
) -> Health:
    """Return the first good answer of the shop, or a lasting bad one. Raises Problem."""
    started = time.monotonic()
    unwell_since: float | None = None
    while time.monotonic() - started < patience:
        code = child.poll()
        if code is not None:
            raise Problem("app_stopped", exit_code=code)
        answer = health(port)
        if answer:
            now = time.monotonic()
            unwell_since = unwell_since or now
            if answer.status == 200 or now - unwell_since > UNWELL_SECONDS:
                return answer
        time.sleep(0.2)
    raise Problem("no_answer", seconds=round(patience))


def announcement(options: Options, ips: list[str], code: str | None) -> list[str]:
    """Return the lines that tell owner, staff and residents where to go."""
    lines = ["", text("running_demo" if options.demo else "running")]
    lines += addresses(local_address(options.port))
    if not options.lan:
        lines += [text("lan_hint", address=lan_address(ip, options.port)) for ip in ips[:1]]
    elif ips:
        lines.append(text("lan_heading"))
        for ip in ips:
            lines += addresses(lan_address(ip, options.port))
    else:
        lines.append(text("lan_none"))
    lines.append(text("data_folder", folder=options.data))
    if code:
        lines.append(text("setup_code", setup_code=code))
    return [*lines, text("how_to_stop"), ""]


def addresses(address: str) -> list[str]:
    """Return the two lines for the screens and for the residents' price page."""
    residents = address + RESIDENTS_PATH
    return [text("address_staff", address=address), text("address_residents", address=residents)]


def lan_address(ip: str, port: int) -> str:
    """Return the address for other machines of the network."""
    return f"http://{ip}:{port}"


def open_browser(options: Options, port: int) -> None:
    """Open the shop in the browser, if wanted; a missing browser is no reason to fail."""
    if options.browser:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(local_address(port))
