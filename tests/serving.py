"""The real program as a process of its own, on a free port with a folder of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
START_SECONDS = 180


@dataclass(frozen=True)
class Running:
    """A running shop: its address, its data folder, and what it printed."""

    address: str
    folder: Path
    output: Path

    @property
    def setup_code(self) -> str:
        return (self.folder / "setup-code.txt").read_text("utf-8").strip()


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Running]:
    """Start ``streamlit run app.py`` on ``folder`` and wait until it is healthy."""
    folder.mkdir(parents=True, exist_ok=True)
    port, output = free_port(), folder / "printed.txt"
    with output.open("w", encoding="utf-8") as printed:
        process = start(folder, port, printed, **environment)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(process, address, output)
            yield Running(address, folder, output)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start(folder: Path, port: int, printed: object, **environment: str) -> subprocess.Popen[bytes]:
    """Start the program without waiting for it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
        cwd=ROOT,
        env={**clean, "LINLI_DATA": str(folder), "LANG": "C.UTF-8", **environment},
        stdout=printed,
        stderr=subprocess.STDOUT,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], address: str, output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, output.read_text("utf-8")
        try:
            if httpx.get(f"{address}/healthz", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"the program did not get healthy:\n{output.read_text('utf-8')}")
