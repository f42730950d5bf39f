"""Birthdays of the next days at 20,000 members, solar and lunar (performance, job 7).

``python -m bench.birthdays`` fills a shop in a temporary folder, every member with a birthday and
the consent to it, and sets the look-up beside the barest SQL for the same rows, and beside what it
must not become: a conversion of every birthday at every look. Ratios of one run are the measure.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert, select, text

from lib.db import schema
from lib.kernel.clock import SystemClock
from lib.members.birthdays.queries import upcoming
from lib.members.birthdays.rules import Birthday, Calendar, Leap, fits_between, next_dates
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import Shop

SEED, RUNS = 7, 20
FIRST = date(2026, 9, 25)


def fill(shop: Shop, members: int) -> None:
    """Write members with a birthday each, two of three by the lunar calendar, and consents."""
    chance, now = Random(SEED), shop.clock.now()
    with shop.store.write() as connection:
        connection.execute(
            insert(schema.member),
            [
                {"nickname": f"住户{n}", "folded_nickname": f"住户{n}", "created_at": now}
                for n in range(members)
            ],
        )
        ids = connection.execute(select(schema.member.c.id)).scalars().all()
        words = {"purpose": "birthday", "version": 1, "text": "同意", "made_at": now}
        connection.execute(insert(schema.consent_text).values(**words))
        agreed = {"purpose": "birthday", "given": True, "text_id": 1, "how": "chat", "at": now}
        connection.execute(insert(schema.consent), [{"member_id": i, **agreed} for i in ids])
        connection.execute(insert(schema.birthday), [_born(chance, i, now) for i in ids])
        connection.execute(text("ANALYZE"))


def _born(chance: Random, member_id: int, now: object) -> dict[str, object]:
    lunar = chance.random() < 2 / 3
    day = date(2000, 1, 1) + timedelta(days=chance.randrange(366))
    return {
        "member_id": member_id,
        "calendar": "lunar" if lunar else "solar",
        "month": chance.randint(1, 12) if lunar else day.month,
        "day": chance.randint(1, 30) if lunar else day.day,
        "leap": "unknown" if lunar else "no",
        "leap_too": False,
        "created_at": now,
    }


def looked_up(shop: Shop, days: int) -> int:
    """The way of the program."""
    with shop.read() as connection:
        last = FIRST + timedelta(days=days - 1)
        return len(upcoming(connection, FIRST, last, shop.settings))


def barest(shop: Shop, days: int) -> int:
    """The least SQL for the same members: keys already known, no consent asked, no names."""
    last = FIRST + timedelta(days=days - 1)
    keys = {(f.calendar.value, f.month, f.day) for f in fits_between(FIRST, last, shop.settings)}
    some = " OR ".join(
        f"(b.calendar='{calendar}' AND b.month={month} AND b.day={day})"
        for calendar, month, day in sorted(keys)
    )
    query = f"SELECT b.*, m.nickname FROM birthday b JOIN member m ON m.id=b.member_id WHERE {some}"
    with shop.read() as connection:
        return len(connection.exec_driver_sql(query).all())


def converted(shop: Shop, days: int) -> int:
    """A conversion per member and look, as it must not be."""
    last, found = FIRST + timedelta(days=days - 1), 0
    with shop.read() as connection:
        for row in connection.execute(select(schema.birthday)).all():
            one = Birthday(Calendar(row.calendar), row.month, row.day, Leap(row.leap))
            found += next_dates(one, FIRST, shop.settings, count=1)[0].day <= last
    return found


def measured(act: Callable[[], int], runs: int = RUNS) -> tuple[float, int]:
    """Return the median of ``runs`` in ms, and what was found."""
    found = act()
    times = []
    for _run in range(runs):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), found


def main() -> None:
    """Measure windows of 7 and 42 days at 2,000 and 20,000 members."""
    for members in (2_000, 20_000):
        with tempfile.TemporaryDirectory() as folder:
            place = Place.at(Path(folder) / "data")
            place.prepare()
            store = open_books(place, SystemClock())
            shop = Premises(place, store, SystemClock()).shop()
            fill(shop, members)
            for days in (7, 42):
                report(shop, members, days)
            store.close()


def report(shop: Shop, members: int, days: int) -> None:
    """Print one line: what was found, and the ratios."""
    ours, found = measured(lambda: looked_up(shop, days))
    bare, rows = measured(lambda: barest(shop, days))
    slow, same = measured(lambda: converted(shop, days), runs=1)
    assert found == same <= rows
    print(
        f"{members:>6} members, {days:>2} days: {found:>5} found, {ours:6.1f} ms, "
        f"{ours / bare:4.1f} x the barest SQL, {slow / ours:5.0f} x less than converting each"
    )


if __name__ == "__main__":
    main()
