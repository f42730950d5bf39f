"""What the trust wing and Today cost in a small and a large shop, in processor time.

``python -m bench.trust_sizes --folder /var/tmp/sizes`` builds the shops of ``bench.supply_shop``
with the tables of ``bench.trust_shop`` (minutes the first time; built shops are used again) and
prints, medians of 20: every part of what is due with its number of statements, then every page
beside our frame around nothing. ``--sizes 10000`` measures one size, ``--runs 5`` takes fewer runs,
``--only demands`` the lines whose name holds the word, ``--profile demands`` lists what costs most
on the pages of that name, ``--person 0`` shows the pages as a visitor sees them.

Processor time, so that a busy machine is no judge. Goals: each part of what is due a few
milliseconds whatever the size; a page at most 15 ms more than the frame (40 with a chart), and in
the larger shop at most 1.3 times what it takes in the smaller one (cost sheets 1.5 times).
"""

import argparse
import cProfile
import gc
import logging
import pstats
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit.config
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from bench.supply_sizes import SCRIPT, Job, open_page, owner_of, sign_in, statements_of
from bench.trust_shop import built
from lib.service.today.queries import today
from lib.service.today.supply import supply_due
from lib.service.today.trust import trust_due
from lib.shop import opening
from lib.shop.messages.outbox.queries import due as messages_due
from lib.shop.shop import Shop
from lib.trust.community.queries import due as community_due
from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.due.queries import sheet_due
from lib.trust.demands.notes.queries import waiting_notes
from lib.trust.demands.queries import board
from lib.trust.demands.queries import due as wishes_due
from lib.trust.promotions.queries import promotions
from lib.trust.welfare.queries import due as welfare_due
from lib.trust.welfare.queries import month

RUNS = 20
SIZES = (10_000, 100_000)
READS: dict[str, Callable[[Shop], object]] = {
    "today": today,
    "supply due": supply_due,
    "trust due": trust_due,
    "- wishes": wishes_due,
    "- notes": waiting_notes,
    "- community": community_due,
    "- welfare": welfare_due,
    "- messages": messages_due,
    "- sheet": sheet_due,
    "draft": draft_sheet,
    "welfare month": month,
    "board": board,
    "promotions": promotions,
}
PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("today", {}),
    ("costs", {}),
    ("profit", {}),
    ("welfare", {}),
    ("demands", {}),
    ("demands", {"view": "figures"}),
    ("demands", {"view": "notes"}),
    ("community", {}),
    ("community", {"view": "tips"}),
    ("community", {"view": "topics"}),
    ("community", {"view": "activities"}),
    ("messages", {}),
    ("prices", {}),
    ("stock", {}),
    ("plan", {}),
    ("rhythm", {}),
)


def spent(work: Callable[[], object], runs: int) -> float:
    """Return the median milliseconds of processor time of ``work``, after one run for nothing."""
    work()
    taken = []
    for _number in range(runs):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)


def script_spent(at: AppTest, runs: int) -> float:
    """Return the median milliseconds of processor time of the page's script alone.

    It runs on a thread of its own; what the bench does with what was drawn counts not.
    """
    taken: list[float] = []
    threads: list[float] = []

    def timed(run: Callable[[], None]) -> None:
        began = time.thread_time()
        run()
        threads.append((time.thread_time() - began) * 1000)

    with around_threads(timed):
        for _number in range(runs + 1):
            threads.clear()
            at.run()
            taken.append(max(threads))
    return statistics.median(taken[1:])


def profiled(at: AppTest, runs: int) -> None:
    """Print what costs most in a run of the page."""
    watch = cProfile.Profile()
    with around_threads(watch.runcall):
        for _number in range(runs):
            at.run()
    for order in ("cumulative", "tottime"):
        pstats.Stats(watch).sort_stats(order).print_stats(60)


@contextmanager
def around_threads(around: Callable[[Callable[[], None]], object]) -> Iterator[None]:
    """Let ``around`` call what every thread runs that begins meanwhile."""
    run = threading.Thread.run
    threading.Thread.run = lambda thread: around(lambda: run(thread))  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        threading.Thread.run = run  # type: ignore[method-assign]


def measure(folder: Path, size: int, asked: argparse.Namespace) -> dict[str, float]:
    """Print and return the medians of the shop of one size, in ms of processor time."""
    books = built(folder, size)
    opening.move_into(books)
    cookies: dict[str, str] = {}
    ContextProxy.cookies = property(lambda _: cookies)  # type: ignore[assignment,method-assign]
    if asked.person:
        sign_in(books, cookies)
    shop = owner_of(books)
    gc.collect()
    gc.freeze()
    found: dict[str, float] = {}
    if not asked.profile and not asked.no_reads:
        for name, query in READS.items():
            if asked.only in name:
                found[name] = spent(lambda query=query: query(shop), asked.runs)  # type: ignore[misc]
                print(f"{size:>9,} {name:28}{found[name]:8.1f} ms "
                      f"{statements_of(shop, query):3} statements", flush=True)  # fmt: skip
    frame = SCRIPT.read_text(encoding="utf-8").replace("page.run()", "")
    framed = script_spent(AppTest.from_string(frame, default_timeout=60), asked.runs)
    print(f"{size:>9,} {'our frame around nothing':28}{framed:8.1f} ms", flush=True)
    for url, address in PAGES:
        name = " ".join(("/" + url, *address.values()))
        if asked.only not in name or asked.profile not in name:
            continue
        at = open_page(Job(name, (), board, url, address=address))
        if asked.profile:
            profiled(at, asked.runs)
            continue
        found[name] = script_spent(at, asked.runs)
        print(f"{size:>9,} {name:28}{found[name]:8.1f} ms, frame + {found[name] - framed:6.1f}",
              flush=True)  # fmt: skip
    books.store.close()
    return found


def main() -> None:
    """Measure what was asked for and print it."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--folder", type=Path, required=True)
    said.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    said.add_argument("--runs", type=int, default=RUNS)
    said.add_argument("--only", default="")
    said.add_argument("--profile", default="")
    said.add_argument("--person", type=int, default=1)
    said.add_argument("--no-reads", action="store_true")
    asked = said.parse_args()
    logging.disable(logging.WARNING)
    streamlit.config.set_option("runner.postScriptGC", value=False)  # as the program sets it
    found = [measure(asked.folder, size, asked) for size in asked.sizes]
    for name in found[0] if len(found) > 1 else ():
        print(f"{name:28} largest / smallest {found[-1][name] / found[0][name]:5.2f}")


if __name__ == "__main__":
    main()
