"""Backup and restore: whole or not at all (E13; reliability E10, E11)."""

import json
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.shop import backup
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.trade.orders.queries import orders
from tests.conftest import NOW
from tests.trade.orders.cast import open_friday
from tests.trade.orders.test_orders import chain, keyed


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def full(shop: Shop) -> Shop:
    """A shop with an order and a photo."""
    from io import BytesIO

    from PIL import Image

    from lib.trade.orders.commands import book_intake
    from lib.trade.orders.rules import Wanted
    from lib.trade.products.commands import set_photo

    round_id = open_friday(shop)
    book_intake(shop, round_id, chain([keyed("a", "小李", Wanted(1, 500))]))
    picture = BytesIO()
    Image.new("RGB", (40, 40), "green").save(picture, "PNG")
    set_photo(shop, 1, picture.getvalue(), "蛋.png")
    return shop


def test_everything_comes_back(full: Shop, tmp_path: Path, clock: FixedClock) -> None:
    archive = backup.make(full.place, NOW)
    backup.restore(archive, tmp_path / "new")
    place = Place.at(tmp_path / "new")
    again = Premises(place, open_books(place, clock), clock).shop(full.actor)
    assert [one.nickname for one in orders(again)] == ["小李"]
    with again.read() as connection:
        photo = connection.execute(text("SELECT photo FROM product WHERE id = 1")).scalar_one()
    assert (place.uploads / photo[:2] / photo).is_file()
    assert place.secret("journal") == full.place.secret("journal")
    again.store.close()


def test_rows_still_in_the_log_are_not_missed(full: Shop) -> None:
    assert (full.place.folder / "shop.db-wal").stat().st_size > 0
    with zipfile.ZipFile(backup.make(full.place, NOW)) as archive:
        manifest = json.loads(archive.read(backup.MANIFEST))
    with full.read() as connection:
        rows = connection.execute(text("SELECT count(*) FROM journal")).scalar()
    assert manifest["journal_rows"] == rows


def test_a_restore_never_overwrites(full: Shop) -> None:
    archive = backup.make(full.place, NOW)
    with pytest.raises(Refused, match="not empty"):
        backup.restore(archive, full.place.folder)


@pytest.mark.parametrize("damage", ["bit", "cut", "file", "nothing"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    full: Shop, tmp_path: Path, damage: str
) -> None:
    archive = backup.make(full.place, NOW)
    content = bytearray(archive.read_bytes())
    if damage == "bit":
        with zipfile.ZipFile(archive) as packed:
            books = packed.getinfo(backup.BOOKS)
        content[books.header_offset + 30 + len(backup.BOOKS) + books.compress_size // 2] ^= 1
    elif damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "nothing":
        content = bytearray()
    archive.write_bytes(content)
    if damage == "file":
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("../../evil", "x")
            made.writestr(backup.MANIFEST, json.dumps({"files": {"../../evil": "x"}}))
    with pytest.raises(Refused):
        backup.restore(archive, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path.parent / "evil").exists()


def test_a_missing_photo_keeps_a_backup_from_being_called_whole(full: Shop) -> None:
    for path in full.place.uploads.glob("*/*"):
        path.unlink()
    with pytest.raises(Refused, match="missing or damaged"):
        backup.make(full.place, NOW)
    assert backup.newest(full.place) is None
    assert not list(full.place.backups.iterdir())


def test_a_tampered_journal_is_not_backed_up_silently(full: Shop) -> None:
    with sqlite3.connect(full.place.folder / "shop.db") as books:
        books.execute("DROP TRIGGER journal_no_update")
        books.execute("UPDATE journal SET actor = '别人' WHERE id = 2")
    with pytest.raises(Refused, match="row 2"):
        backup.make(full.place, NOW)


def test_an_empty_folder_has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no shop"):
        backup.make(Place.at(tmp_path / "nowhere"), NOW)


def test_postgresql_is_left_to_its_own_tools(place: Place) -> None:
    elsewhere = Place(place.folder, "postgresql+psycopg://x@localhost/shop")
    with pytest.raises(Refused, match="pg_dump"):
        backup.make(elsewhere, NOW)


def test_old_backups_are_thinned_out(place: Place) -> None:
    for hours in range(0, 24 * 100, 12):
        made = NOW - timedelta(hours=hours)
        (place.backups / f"{backup.PREFIX}{made:%Y%m%dT%H%M%SZ}.zip").touch()
    assert not backup.is_due(place, NOW)
    backup.thin_out(place, NOW)
    left = sorted(place.backups.iterdir())
    assert 14 <= len(left) <= 25
    assert backup.newest(place) == left[-1]
    assert backup.is_due(place, NOW + timedelta(days=1))


def test_the_command_says_one_line(
    full: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINLI_DATA", str(full.place.folder))
    assert backup.main(["make", str(tmp_path / "usb")], FixedClock(NOW)) == 0
    (archive,) = (tmp_path / "usb").iterdir()
    assert backup.main(["restore", str(archive), str(tmp_path / "new")]) == 0
    assert backup.main(["restore", str(archive), str(tmp_path / "new")]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_the_day_s_backup_is_made_once(full: Shop) -> None:
    assert backup.keep(full.place, NOW) is not None
    assert backup.keep(full.place, NOW + timedelta(hours=5)) is None
    assert backup.keep(full.place, NOW + timedelta(hours=24)) is not None
