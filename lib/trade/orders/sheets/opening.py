"""Opening an order file: the reading process is started, bounded and listened to here."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from lib.trade.orders.sheets.errors import refusal
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.tables import Cell, Row, Sheet, Workbook, cell_of

_ROOT = Path(__file__).resolve().parents[4]
_KEPT_ENVIRONMENT = (
    "PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
)  # fmt: skip


def read_workbook(
    source: str | os.PathLike[str] | bytes,
    password: str | None = None,
    limits: Limits | None = None,
) -> Workbook:
    """Read all sheets of an order file, given as a path or as its bytes (practice E1).

    What the file is, is decided by its content: .xlsx, .xls, an HTML or XML table, or delimited
    text in UTF-8, UTF-16 or GB18030. It is unpacked in a process of its own with the bounds of
    ``limits``; the caller's memory holds only the plain cells.

    Raises :class:`~lib.trade.orders.sheets.errors.PasswordNeeded`, ``WrongPassword``, or
    ``UnreadableFile`` with a sentence that says what to do.
    """
    bounds = limits or Limits()
    with asking("lib.trade.orders.sheets.child", source, bounds, password=password) as messages:
        return _Answer().build(messages)


@contextmanager
def asking(
    module: str, source: str | os.PathLike[str] | bytes, limits: Limits, **request: object
) -> Iterator[Iterator[Any]]:
    """Let ``module`` read a file in a process of its own; yields its messages one by one.

    The module answers by :func:`lib.trade.orders.sheets.child.serve`; ``request`` are further
    plain values for it. Raises what :func:`read_workbook` raises, also while messages are taken.
    """
    data = bytes(source) if isinstance(source, bytes | bytearray) else None
    path = None if data is not None else Path(cast("str", source)).resolve()
    _check_size(path, data, limits)
    asked = {"path": None if path is None else str(path), "limits": asdict(limits), **request}
    process, late = _start(module), threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(limits.wall_seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError, OSError):
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            if data is not None:
                process.stdin.write(data)
            process.stdin.close()
        yield _messages(_lines(process.stdout, limits), late)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError, OSError):
                if pipe:
                    pipe.close()


def _check_size(path: Path | None, data: bytes | None, limits: Limits) -> None:
    if path is not None and not path.is_file():
        raise refusal("missing", {"name": path.name})
    size = path.stat().st_size if path is not None else len(data or b"")
    if size > limits.file_bytes:
        raise refusal("file_too_large", {"limit": limits.file_megabytes})
    if size == 0:
        raise refusal("empty")


def _start(module: str) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-E", "-s", "-m", module]
    return subprocess.Popen(  # noqa: S603 - our own module, no word of it from outside
        command,
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _messages(lines: Iterator[bytes], late: threading.Event) -> Iterator[Any]:
    """Yield what the reading process says until it is done; its refusal is raised."""
    for line in lines:
        try:
            message = json.loads(line)
        except ValueError:
            break
        if isinstance(message, dict) and "error" in message:
            raise refusal(message["error"], message["values"])
        if isinstance(message, dict) and "done" in message:
            return
        yield message
    # The process ended without a last word: it was stopped for time or for memory.
    raise refusal("too_slow" if late.is_set() else "too_big")


def _lines(stream: Any, limits: Limits) -> Iterator[bytes]:
    """Yield the lines of the answer; more than the limits allow is refused."""
    longest = limits.columns * 16 + limits.text_chars * 6
    left = longest + limits.cells * 24
    while line := stream.readline(longest):
        left -= len(line)
        if left < 0:
            raise refusal("too_big")
        if line.strip():
            yield line


class _Answer:
    """A workbook growing out of the messages of the reading process."""

    def __init__(self) -> None:
        self.head: dict[str, Any] = {}
        self.sheets: list[tuple[dict[str, Any], list[Row]]] = []
        # Exports repeat shop names, statuses and dates in every row: one object each is enough.
        self.known: dict[str, str] = {}

    def build(self, messages: Iterator[Any]) -> Workbook:
        for message in messages:
            if isinstance(message, list):
                self.add_row(message[0], message[1])
            elif "sheet" in message:
                self.sheets.append((message["sheet"], []))
            else:
                self.head = message
        return self.workbook()

    def add_row(self, number: int, cells: list[Any]) -> None:
        rows = self.sheets[-1][1]
        rows.extend([()] * (number - len(rows)))
        rows.append(tuple(self.cell(value) for value in cells))

    def cell(self, value: Any) -> Cell:
        if isinstance(value, str):
            return self.known.setdefault(value, value)
        return cell_of(value)

    def workbook(self) -> Workbook:
        return Workbook(
            kind=self.head.get("kind", ""),
            fingerprint=self.head.get("fingerprint", ""),
            encoding=self.head.get("encoding"),
            replaced=self.head.get("replaced", 0),
            sheets=tuple(
                Sheet(
                    name=about["name"],
                    rows=tuple(rows),
                    merged=tuple((a[0], a[1], a[2], a[3]) for a in about["merged"]),
                    hidden=about["hidden"],
                    hidden_rows=frozenset(about["hidden_rows"]),
                )
                for about, rows in self.sheets
            ),
        )
