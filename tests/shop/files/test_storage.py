"""Bytes on disk: order of writing, trust, sweep, sanity check (reliability R8, A25, A26, F-6)."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.shop.files import care, storage
from lib.shop.files.care import Fault
from lib.shop.place import Place
from lib.shop.shop import SYSTEM, Shop

DAY = timedelta(hours=24)


def book(shop: Shop, content: bytes, small: str | None = None) -> str:
    sha256 = storage.put(shop.place, content)
    with shop.write("test.blob") as tx:
        values = {"media_type": "image/jpeg", "size": len(content), "created_at": tx.now}
        tx.execute(insert(schema.blob).values(sha256=sha256, small=small, **values))
    return sha256


def bear(shop: Shop, sha256: str) -> int:
    with shop.write("test.product") as tx:
        return tx.add(
            schema.product,
            name="蛋",
            folded_name="蛋",
            is_fresh=False,
            is_daily=False,
            is_fragile=False,
            sale_unit="斤",
            price_fen=1,
            photo=sha256,
            created_at=tx.now,
        )


def aged(path: Path, clock: FixedClock, age: timedelta) -> Path:
    moment = (clock.now() - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_bytes_lie_under_their_content(place: Place) -> None:
    sha256 = storage.put(place, b"eggs")
    assert storage.path_of(place, sha256).read_bytes() == b"eggs"
    assert storage.put(place, b"eggs") == sha256
    assert len(list(storage.stored(place))) == 1


@pytest.mark.parametrize("address", ["", "../x", "a" * 63, "A" * 64, "a" * 64 + "\n", "g" * 64])
def test_nothing_but_an_address_becomes_a_path(place: Place, address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        storage.path_of(place, address)


def test_a17_files_that_differ_only_inside_are_two(place: Place) -> None:
    one, other = bytearray(b"x" * 3_000_000), bytearray(b"x" * 3_000_000)
    other[700_000] = 0
    assert storage.put(place, bytes(one)) != storage.put(place, bytes(other))


def test_a_file_that_stands_there_is_only_trusted_when_right(place: Place) -> None:
    path = storage.path_of(place, storage.put(place, b"eggs"))
    for damage in (b"", b"eggz"):
        path.write_bytes(damage)
        storage.put(place, b"eggs")
        assert path.read_bytes() == b"eggs"
    elsewhere = place.folder / "elsewhere"
    elsewhere.write_bytes(b"eggs")
    path.unlink()
    path.symlink_to(elsewhere)
    storage.put(place, b"eggs")
    assert not path.is_symlink()


def test_bytes_are_flushed_before_they_get_their_name(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def flushed(handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        steps.append("flush folder" if folder else "flush file")
        fsync(handle)

    def renamed(path: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    storage.put(place, b"eggs")
    assert steps[-3:] == ["flush file", "rename", "flush folder"]


def test_a25_a_full_disk_is_said_and_leaves_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="could not be stored"):
        storage.put(place, b"eggs")
    assert list(storage.stored(place)) == []


def test_what_nothing_refers_to_is_swept_after_a_day(shop: Shop, clock: FixedClock) -> None:
    small = book(shop, b"small")
    kept = book(shop, b"kept", small=small)
    bear(shop, kept)
    lost_small = book(shop, b"lost small")
    lost = book(shop, b"lost", small=lost_small)
    stray = storage.path_of(shop.place, storage.put(shop.place, b"no row"))
    waiting = shop.place.uploads / storage.UNFINISHED / "tmp123"
    waiting.write_bytes(b"half")
    for path in storage.stored(shop.place):
        aged(path, clock, timedelta(0))
    assert care.sweep(shop) == care.Swept(0, 0)
    clock.forward(hours=24)
    assert care.sweep(shop) == care.Swept(0, 0)
    clock.forward(seconds=1)
    assert care.sweep(shop.acting(SYSTEM)) == care.Swept(2, 4)
    left = {path.name for path in storage.stored(shop.place)}
    assert left == {small, kept}
    assert not stray.exists()
    assert lost not in left


def test_an_upload_under_way_is_not_swept(shop: Shop, clock: FixedClock) -> None:
    sha256 = storage.put(shop.place, b"old stray")
    path = aged(storage.path_of(shop.place, sha256), clock, 3 * DAY)
    storage.put(shop.place, b"old stray")
    assert path.stat().st_mtime > (clock.now() - 2 * DAY).timestamp()


def test_staff_do_not_sweep(staff_shop: Shop) -> None:
    with pytest.raises(Refused):
        care.sweep(staff_shop)
    with pytest.raises(Refused):
        care.check(staff_shop)


def test_the_sanity_check_names_what_is_not_as_booked(shop: Shop) -> None:
    sound = book(shop, b"sound")
    missing, changed, emptied, linked = (book(shop, bytes([n]) * 9) for n in range(4))
    assert care.check(shop) == ()
    storage.path_of(shop.place, missing).unlink()
    storage.path_of(shop.place, changed).write_bytes(b"\x01" * 8 + b"\x00")
    storage.path_of(shop.place, emptied).write_bytes(b"")
    link = storage.path_of(shop.place, linked)
    link.rename(shop.place.folder / "elsewhere")
    link.symlink_to(shop.place.folder / "elsewhere")
    orphan = storage.put(shop.place, b"orphan")
    (shop.place.uploads / storage.UNFINISHED / "tmp").write_bytes(b"under way")
    found = {(each.fault, each.sha256) for each in care.check(shop)}
    assert found == {
        (Fault.MISSING, missing),
        (Fault.CHANGED, changed),
        (Fault.CHANGED, emptied),
        (Fault.CHANGED, linked),
        (Fault.ORPHAN, orphan),
    }
    assert all(each.sha256 != sound for each in care.check(shop))


def test_every_column_that_points_at_a_blob_keeps_it(shop: Shop) -> None:
    names = {f"{column.table.name}.{column.name}" for column in care.references()}
    assert {"product.photo", "blob.small"} <= names


def test_a_sweep_after_the_product_lost_its_photo(shop: Shop, clock: FixedClock) -> None:
    sha256 = book(shop, b"photo")
    product = bear(shop, sha256)
    clock.forward(days=2)
    assert care.sweep(shop).rows == 0
    with shop.write("test.gone") as tx:
        tx.execute(delete(schema.product).where(schema.product.c.id == product))
    assert care.sweep(shop).rows == 1
    with shop.read() as connection:
        assert connection.execute(select(schema.blob)).first() is None
