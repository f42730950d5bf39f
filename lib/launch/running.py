"""Which shop runs on which port, so that a second start opens it and does not fail."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from lib.launch.network import free_port, is_linli
from lib.launch.sentences import Problem


@contextlib.contextmanager
def noted_as_running(root: Path, port: int, data: Path) -> Iterator[None]:
    """Note, for a second start, that the shop in ``data`` is on ``port``, until it ends."""
    note = root / ".venv" / "running" / str(port)
    note.parent.mkdir(exist_ok=True)
    note.write_text(str(data), encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()


def noted_shops(root: Path) -> dict[int, str]:
    """Return the data folders noted as running, by port; a note may outlive a crash."""
    notes = (root / ".venv" / "running").glob("[0-9]*")
    return {int(note.name): note.read_text(encoding="utf-8") for note in notes}


def running_port(root: Path, port: int, data: Path) -> int | None:
    """Return the port where this shop already runs, None if ``port`` is free. Raises Problem."""
    noted = noted_shops(root)
    for each, folder in noted.items():
        if folder == str(data) and is_linli(each):
            return each
    if not is_linli(port):
        return None
    other = noted.get(port)
    if other is None or other == str(data):
        return port
    free = free_port("127.0.0.1", port)
    raise Problem("port_other_shop", port=port, other=other, free=free)
