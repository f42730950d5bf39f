"""``python start.py verify``: on a folder, on a backup, on PostgreSQL, while the shop is open."""

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lib.kernel.errors import Refused
from lib.shop import backup
from lib.shop.opening import reading
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.trust.costs.checking.__main__ import FAULTY, NOT_DONE, WHOLE, main, run
from lib.trust.costs.checking.queries import checked
from lib.trust.costs.commands import publish_sheet
from tests.conftest import NOW
from tests.trust.costs.checking.test_checking import cheaper
from tests.trust.costs.test_publishing import add_product, without_triggers


@pytest.fixture
def open_shop(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Two sheets, the books still open, and the environment that names them."""
    eggs = add_product(shop)
    for title in "一二":
        publish_sheet(shop, title, shop.today, [eggs])
    monkeypatch.setenv("LINLI_DATA", str(shop.place.folder))
    if not shop.store.is_sqlite:
        url = shop.store.writer.url.render_as_string(hide_password=False)
        monkeypatch.setenv("LINLI_DATABASE_URL", url)
    yield shop


def tampered(shop: Shop) -> None:
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        cheaper(2)(connection)


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found if not path.name.endswith("-shm")}


def test_whole_sheets_are_said_to_be(open_shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en"]) == WHOLE
    assert capsys.readouterr().out.startswith("All 2 sheets are as they were published.")
    assert main([]) == WHOLE
    assert "2 份公示" in capsys.readouterr().out


def test_a_fault_is_one_line_and_a_summary(
    open_shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    tampered(open_shop)
    assert main(["--language", "en"]) == FAULTY
    fault, summary = capsys.readouterr().out.splitlines()
    assert fault == "Sheet 2 of 2026-09-25: It was altered after it was published."
    assert summary.startswith("2 sheets checked, faults found: 1.")


def test_nothing_is_changed_by_it(open_shop: Shop) -> None:
    before = files(open_shop.place.folder)
    assert main([]) == WHOLE
    assert files(open_shop.place.folder) == before


def test_nothing_can_be_written_through_it(open_shop: Shop) -> None:
    url = open_shop.store.writer.url.render_as_string(hide_password=False)
    place = replace(open_shop.place, database_url=url)
    with pytest.raises(Refused, match="cannot be read"), reading(place) as (connection, _key):
        connection.exec_driver_sql("INSERT INTO setting VALUES ('x', 'y', '2026-01-01')")


def test_a_sheet_published_meanwhile_is_no_fault(open_shop: Shop) -> None:
    url = open_shop.store.writer.url.render_as_string(hide_password=False)
    with reading(replace(open_shop.place, database_url=url)) as (connection, key):
        assert checked(connection, key).sheets == 2
        publish_sheet(open_shop, "三", open_shop.today, [1])
        again = checked(connection, key)
    assert (again.is_whole, again.sheets) == (True, 2)


class TestFolders:
    """What only books in a file have: folders to copy, backups to unpack."""

    @pytest.fixture
    def store(self, sqlite_store: object) -> object:
        return sqlite_store

    def test_a_backup_is_checked_as_it_is(
        self, open_shop: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        whole = backup.make(open_shop.place, NOW)
        tampered(open_shop)
        bad = backup.make(open_shop.place, NOW, open_shop.place.folder / "other")
        before = files(open_shop.place.folder)
        assert main([str(whole)]) == WHOLE
        assert main([str(bad), "--language", "en"]) == FAULTY
        assert "Sheet 2 of" in capsys.readouterr().out
        assert files(open_shop.place.folder) == before

    def test_a_restored_folder_is_checked_without_making_a_file_in_it(
        self, open_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        backup.restore(backup.make(open_shop.place, NOW), tmp_path / "restored")
        monkeypatch.setenv("LINLI_DATA", str(tmp_path / "restored"))
        before = sorted(path.name for path in (tmp_path / "restored").iterdir())
        assert main([]) == WHOLE
        assert sorted(path.name for path in (tmp_path / "restored").iterdir()) == before

    @pytest.mark.parametrize("what", ["nothing", "key", "garbage", "empty", "archive"])
    def test_where_it_cannot_be_done_it_says_so(
        self,
        open_shop: Shop,
        tmp_path: Path,
        what: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        folder = tmp_path / "copy"
        shutil.copytree(open_shop.place.folder, folder)
        monkeypatch.setenv("LINLI_DATA", str(folder))
        arguments = []
        if what == "nothing":
            shutil.rmtree(folder)
        elif what == "key":
            (folder / "secrets" / "journal.key").unlink()
        elif what == "archive":
            arguments = [str(tmp_path / "none.zip")]
        else:
            for log in folder.glob("shop.db-*"):
                log.unlink()
            (folder / "shop.db").write_bytes(b"x" * 9000 if what == "garbage" else b"")
        assert main([*arguments, "--language", "en"]) == NOT_DONE
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.splitlines()) == 1
        if what == "nothing":
            assert not folder.exists()

    def test_a_crash_is_not_taken_for_a_fault(
        self, open_shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr("lib.trust.costs.checking.__main__.checked", broken)
        assert run([]) == NOT_DONE

    def test_the_key_of_a_shop_is_not_made_by_asking(self, tmp_path: Path) -> None:
        place = Place.at(tmp_path / "new")
        with pytest.raises(Refused), reading(place):
            pass
        assert not (tmp_path / "new").exists()

    def test_a_backup_with_another_book_in_it_is_refused(
        self, open_shop: Shop, tmp_path: Path
    ) -> None:
        archive = backup.make(open_shop.place, NOW)
        swapped = tmp_path / "swapped.zip"
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(swapped, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, content + b"x" if name == backup.BOOKS else content)
        assert main([str(swapped)]) == NOT_DONE

    def test_it_reads_what_is_still_in_the_log(
        self, open_shop: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert (open_shop.place.folder / "shop.db-wal").stat().st_size > 0
        assert main(["--language", "en"]) == WHOLE
        assert "All 2 sheets" in capsys.readouterr().out
