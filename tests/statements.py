"""Listening to what the program says to its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from lib.db.engine import Store


@contextmanager
def statements_of(store: Store, *, writing: bool = False) -> Iterator[list[str]]:
    """Collect the statements of the reader, or of the writer, in the order they are said."""
    engine = store.writer if writing else store.reader
    said: list[str] = []

    def listen(*told: Any) -> None:
        if told[2] != "BEGIN":
            said.append(told[2])

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)
