"""What a click costs: every screen of the demo shop against an empty page, in one run.

``python -m bench.pages`` fills a demo shop in a temporary folder and runs each page as its owner
through the real entry script. Compare the ratios, not the milliseconds: the clock of a busy machine
is no judge.
"""

import secrets
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib import demo
from lib.db import schema
from lib.kernel.clock import SystemClock
from lib.shop import opening
from lib.shop.opening import Premises, open_books
from lib.shop.people.queries import token_hash
from lib.shop.place import Place
from lib.ui import navigation
from lib.ui.session import COOKIE

RUNS = 15
SCRIPT = Path(__file__).parents[1] / "lib" / "ui" / "main.py"


def sign_in(books: Premises) -> str:
    """Give the demo's owner a session and return its cookie."""
    token, now = secrets.token_urlsafe(32), books.clock.now()
    with books.store.write() as connection:
        connection.execute(
            insert(schema.session).values(
                token_hash=token_hash(token),
                person_id=1,
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(days=1),
                network="bench",
            )
        )
    return token


def median_run(at: AppTest) -> float:
    """Return the median milliseconds of a rerun."""
    at.run()
    assert not at.exception, at.exception
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        at.run()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Print one line a page."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place.at(Path(folder), demo=True)
        books = Premises(place, open_books(place, SystemClock()), SystemClock())
        started = time.perf_counter()
        demo.fill(books)
        print(f"demo shop filled in {time.perf_counter() - started:.1f} s")
        opening.move_into(books)
        cookies = {COOKIE: sign_in(books)}
        ContextProxy.cookies = property(lambda _: cookies)  # type: ignore[assignment,method-assign]
        empty = median_run(AppTest.from_string("import streamlit as st", default_timeout=60))
        print(f"{'empty page':<12} {empty:7.1f} ms")
        for entry in navigation.TABLE:
            at = AppTest.from_file(str(SCRIPT), default_timeout=60)
            at.session_state["language"] = "zh_CN"
            at.run()
            at.switch_page(navigation.page(entry.url))
            page = median_run(at)
            print(f"{entry.url:<12} {page:7.1f} ms  {page / empty:5.1f} x")
        books.store.close()


if __name__ == "__main__":
    main()
