"""A backup made before still holds the resident: restoring it erases her again (E13)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.members.erasure import commands
from lib.members.erasure.commands import keep_up
from lib.members.erasure.queries import done
from lib.members.profiles.commands import add_member
from lib.shop import backup, erasures, journal
from lib.shop.erasures import Erased
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import SYSTEM, Shop
from tests.members.erasure.cast import Lived, live
from tests.members.erasure.planted import HINTS, WORDS, everything, traces


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


def leaves_no_byte(folder: Path) -> None:
    """No file below ``folder`` holds a word of her."""
    for path in (file for file in folder.rglob("*") if file.is_file()):
        content = path.read_bytes()
        for word in (*HINTS, WORDS):
            assert word.encode() not in content, f"{word} in {path.relative_to(folder)}"


def opened(folder: Path, clock: FixedClock) -> Shop:
    place = Place.at(folder)
    return Premises(place, open_books(place, clock), clock).shop(SYSTEM)


def test_files_logs_and_backups_made_afterwards_hold_nothing(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    lived = live(shop)
    log = shop.place.logs / "linli.log"
    log.write_text(f"ERROR Key (nickname)=({HINTS[0]}) {HINTS[2]} exists\n", "utf-8")
    length = log.stat().st_size
    lived.erase()
    clock.forward(days=1)
    archive = backup.make(shop.place, clock.now())
    backup.restore(archive, tmp_path / "after")
    leaves_no_byte(shop.place.folder)
    leaves_no_byte(tmp_path / "after")
    assert log.stat().st_size == length and "ERROR" in log.read_text("utf-8")
    again = opened(tmp_path / "after", clock)
    assert keep_up(again) == 0
    again.store.close()


def test_an_older_backup_forgets_her_again(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    lived = live(shop)
    archive = backup.make(shop.place, clock.now())
    clock.forward(days=3)
    lived.erase()
    known = done(shop, lived.member)
    assert known is not None and known.backups_until is not None
    assert known.backups_until == clock.now() - timedelta(days=3) + timedelta(weeks=8)
    backup.restore(archive, tmp_path / "old")
    again = opened(tmp_path / "old", clock)
    assert traces(everything(again))
    newcomer = add_member(again.acting(shop.actor), "新来的")
    assert keep_up(again) == 1
    assert traces(everything(again)) == []
    assert keep_up(again) == 0
    with again.read() as connection:
        assert journal.verify(connection, again.place.secret("journal")).first_bad is None
        names = schema.member.c.nickname
        kept = select(names).where(schema.member.c.id == newcomer)
        assert connection.execute(kept).scalar() == "新来的"
    again.store.close()
    leaves_no_byte(tmp_path / "old")


def test_a_number_given_anew_after_the_restore_is_another_person(
    shop: Shop, clock: FixedClock
) -> None:
    clock.forward(days=1)
    erased_before = clock.now() - timedelta(hours=1)
    erasures.note(shop.place, [Erased(erased_before, 1, "asked")])
    assert add_member(shop, "新来的") == 1
    assert keep_up(shop.acting(SYSTEM)) == 0


def test_an_entry_of_another_shop_counts_for_nothing(shop: Shop, tmp_path: Path) -> None:
    member = add_member(shop, "小李")
    shop.clock.forward(days=1)  # type: ignore[attr-defined]
    rows = [
        {"member": member, "at": shop.clock.now().isoformat(), "why": "asked", "mark": "0" * 32}
    ]
    (tmp_path / erasures.FILE).write_text(json.dumps({"erasures": rows}), "utf-8")
    erasures.carry(tmp_path, shop.place)
    assert erasures.listed(shop.place) == ()
    (tmp_path / erasures.FILE).write_text("{", "utf-8")
    erasures.carry(tmp_path, shop.place)
    assert keep_up(shop.acting(SYSTEM)) == 0


def test_what_a_stopped_program_left_is_done_later(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived: Lived = live(shop)
    with monkeypatch.context() as stopped:
        stopped.setattr(commands.remains.Leftover, "__call__", lambda self, shop: None)
        stopped.setattr(commands.remains, "rewrite", lambda shop: None)
        lived.erase()
    assert erasures.listed(shop.place) == ()
    keep_up(shop.acting(SYSTEM))
    assert [one.member_id for one in erasures.listed(shop.place)] == [lived.member]
    books = shop.place.folder / "shop.db"
    assert all(word.encode() not in books.read_bytes() for word in (*HINTS, WORDS))
    with shop.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.erasure)).scalar() == 1
