"""The hostile table of clips and PDFs (reliability A1-A17, A25), by content and never by name."""

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image
from sqlalchemy import func, select

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.shop.files import care, child_clip, child_pdf, intake, storage
from lib.shop.files.intake import ALL, PHOTOS, SCANS, Sort
from lib.shop.files.showing import CLIP, PDF, showings
from lib.shop.shop import RESIDENT, Shop
from tests.shop.files import samples
from tests.shop.files.samples import PLACE

EXE = b"MZ\x90\x00" + b"\x00" * 200
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
SECRETS = (b"30.27", b"120.15", b"2026-09-25", b"secret")


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Files are the same before both databases."""
    return sqlite_store


@pytest.fixture(autouse=True)
def in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files apart without starting a process for each, unless a test asks for it."""
    if "processes" in request.fixturenames:
        return

    really = intake._asked

    def asked(module: str, seconds: int, *paths: object) -> dict[str, Any]:
        if b"/Count 0" in Path(str(paths[0])).read_bytes():
            return really(module, seconds, *paths)  # its reader must not remember another file
        if module == "child_pdf":
            return child_pdf.answer(Path(str(paths[0])), str(paths[1]))
        return child_clip.answer(*(Path(str(path)) for path in paths))

    monkeypatch.setattr(intake, "_asked", asked)


@pytest.fixture
def processes() -> None:
    """Take files apart as the program does."""


def brought(shop: Shop, content: bytes, name: str = "x") -> Path:
    path = storage.unfinished_folder(shop.place) / f"part-{name}"
    path.write_bytes(content)
    return path


def put(shop: Shop, content: bytes, name: str = "x", kinds: frozenset[Sort] = ALL) -> intake.Taken:
    return intake.put(shop, brought(shop, content), name, kinds=kinds)


def bytes_of(shop: Shop, sha256: str) -> bytes:
    return storage.path_of(shop.place, sha256).read_bytes()


def nothing_left(shop: Shop) -> bool:
    return not any(storage.unfinished_folder(shop.place).iterdir())


@pytest.mark.parametrize(
    ("content", "sort"),
    [
        (samples.photo(), Sort.PHOTO),
        (b"\x89PNG\r\n\x1a\n", Sort.PHOTO),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Sort.PHOTO),
        (b"\x00\x00\x00\x18ftypheic", Sort.PHOTO),
        (b"\x00\x00\x00\x18ftypmp42", Sort.CLIP),
        (b"\x00\x00\x00\x14ftypqt  ", Sort.CLIP),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", Sort.CLIP),
        (b"\x1aE\xdf\xa3", Sort.CLIP),
        (b"%PDF-1.7", Sort.PDF),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", Sort.PDF),
        (EXE, None),
        (SVG, None),
        (b"<!DOCTYPE html>", None),
        (b"PK\x03\x04", None),
        (b"RIFF\x00\x00\x00\x00AVI LIST", None),
        (b"GIF89a", None),
        (b"", None),
        (b"a%PDF-", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, sort: Sort | None) -> None:
    assert intake.sort_of(content) is sort


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "A1 exe": (lambda: EXE, "not a photo, a video or a PDF"),
    "A3 svg": (lambda: SVG, "not a photo, a video or a PDF"),
    "A4 html": (lambda: b"<html><script>alert(1)</script>", "not a photo, a video or a PDF"),
    "A6 PDF with a password": (samples.encrypted_pdf, "asks for a password"),
    "A6 PDF without pages": (lambda: samples.pdf(0), "no pages"),
    "A6 PDF of 5,000 pages": (lambda: samples.pdf(5000), "more than 40 pages"),
    "A6 PDF cut off": (lambda: samples.pdf(3)[:-200], "damaged"),
    "A6 PDF of nothing": (lambda: b"%PDF-1.7\n" + b"x" * 999 + b"%%EOF", "damaged"),
    "A7 too many pixels": (lambda: _png(8000, 8000), "million pixels"),
    "A13 nothing": (lambda: b"", "empty"),
    "A14 clip cut off": (lambda: samples.clip()[:-500], "damaged"),
    "A14 clip of a head": (lambda: b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 12, "damaged"),
    "A14 webm cut off": (lambda: samples.clip("webm", "libvpx", "libopus", seconds=9)[:2500],
                         "damaged"),
    "A14 JPEG cut off": (lambda: samples.photo((900, 900))[:4000], "damaged"),
    "a film that no phone plays": (lambda: samples.clip("mp4", "mpeg4"), "cannot play"),
    "sound alone": (lambda: samples.clip("mp4", "libx264").replace(b"vide", b"soun"), "."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_leaves_nothing(shop: Shop, name: str) -> None:
    make, sentence = REFUSED[name]
    with pytest.raises(Refused, match=sentence) as refused:
        put(shop, make(), "照片.png")
    assert "照片.png" in str(refused.value)
    assert nothing_left(shop)
    assert not [path for path in storage.stored(shop.place) if path.parent.name != "unfinished"]


def _png(width: int, height: int) -> bytes:
    from tests.shop.files.test_photos import png_of

    return png_of(width, height)


@pytest.mark.parametrize("name", samples.ACTIVE)
def test_a5_of_an_active_pdf_only_pictures_are_shown(shop: Shop, name: str) -> None:
    content = samples.pdf(2, extra=(samples.ACTIVE[name],))
    taken = put(shop, content)
    assert (taken.media_type, bytes_of(shop, taken.sha256)) == (PDF, content)
    assert len(taken.pages) == 2
    for page in taken.pages:
        shown = bytes_of(shop, page.sha256)
        assert Image.open(io.BytesIO(shown)).size == (1200, 1600)
        assert b"JavaScript" not in shown and b"evil" not in shown


def test_a6_the_last_page_that_is_taken(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert intake.MOST_PAGES == child_pdf.MOST_PAGES
    source = brought(shop, samples.pdf(3))
    prefix = str(source) + "-"
    monkeypatch.setattr(child_pdf, "MOST_PAGES", 3)
    assert len(child_pdf.drawn(source, prefix)["pages"]) == 3
    monkeypatch.setattr(child_pdf, "MOST_PAGES", 2)
    assert child_pdf.answer(source, prefix)["outcome"] == "too_many_pages"


CLIPS = {
    "MP4 H.264": lambda: samples.clip(),
    "MOV H.264 with a metadata track": lambda: samples.clip("mov", track=True),
    "MOV HEVC": lambda: samples.clip("mov", "libx265", track=True),
    "WebM VP9": lambda: samples.clip("webm", "libvpx-vp9", "libopus"),
    "WebM VP8": lambda: samples.clip("webm", "libvpx", "libopus"),
    "a place inside the film": lambda: samples.with_place_in_film(samples.clip()),
}


@pytest.mark.parametrize("name", CLIPS)
def test_a11_no_place_and_no_date_is_left_in_a_clip(shop: Shop, name: str) -> None:
    content = CLIPS[name]()
    assert any(secret in content for secret in SECRETS), "the sample tells nothing"
    taken = put(shop, content)
    poster = taken.pages[0]
    for served in (bytes_of(shop, taken.sha256), bytes_of(shop, poster.sha256)):
        assert not [secret for secret in SECRETS if secret in served]
    with av.open(io.BytesIO(bytes_of(shop, taken.sha256))) as film:
        assert {stream.type for stream in film.streams} <= {"video", "audio"}
        assert len(list(film.decode(video=0))) == 24
    assert (taken.whole.width, taken.whole.height, taken.seconds) == (160, 96, 2)


def test_a_clip_starts_before_it_is_loaded(shop: Shop) -> None:
    content = samples.clip()
    kept = bytes_of(shop, put(shop, content).sha256)
    assert content.index(b"mdat") < content.index(b"moov")
    assert kept.index(b"moov") < kept.index(b"mdat")


def test_a9_a_clip_held_upright_has_an_upright_poster(shop: Shop) -> None:
    taken = put(shop, samples.turned(samples.clip()))
    assert (taken.whole.width, taken.whole.height) == (96, 160)
    poster = Image.open(io.BytesIO(bytes_of(shop, taken.pages[0].sha256)))
    assert poster.size == (96, 160)
    red, _, blue = poster.getpixel((48, 20))  # type: ignore[misc]
    assert red > blue, "the red half is above"
    with av.open(io.BytesIO(bytes_of(shop, taken.sha256))) as film:
        assert next(film.decode(video=0)).rotation == -90


def test_sound_that_phones_cannot_play_is_left_out_and_said(shop: Shop) -> None:
    taken = put(shop, samples.clip("mov", "libx264", "pcm_s16le"))
    assert "sound" in taken.hint
    with av.open(io.BytesIO(bytes_of(shop, taken.sha256))) as film:
        assert not film.streams.audio


def test_a10_a_photo_tells_no_place(shop: Shop) -> None:
    taken = put(shop, samples.photo(where=PLACE))
    assert PLACE.encode() not in bytes_of(shop, taken.sha256)
    assert taken.photo is not None


EDGES = [
    (Sort.PHOTO, intake.LARGEST_PHOTO),
    (Sort.PDF, intake.LARGEST_PDF),
    (Sort.CLIP, 100 * 1024 * 1024),
]


@pytest.mark.parametrize(("sort", "most"), EDGES)
def test_a13_the_edge_of_each_size(shop: Shop, sort: Sort, most: int) -> None:
    intake.check_size(shop, sort, most - 1, "x")
    intake.check_size(shop, sort, most, "x")
    with pytest.raises(Refused):
        intake.check_size(shop, sort, most + 1, "x")


def test_a_video_of_200_mb_is_refused_with_the_way_out(shop: Shop) -> None:
    size = 200 * 1024 * 1024
    with pytest.raises(Refused, match=r"200 MB.*100 MB.*shorter.*Settings"):
        intake.check_size(shop, Sort.CLIP, size, "大棚.mp4")
    raised = replace(shop, settings=replace(shop.settings, largest_video_mb=200))
    intake.check_size(raised, Sort.CLIP, size, "大棚.mp4")


def test_a15_a_name_is_shown_back_and_never_a_path(shop: Shop) -> None:
    for name in ("../../etc/x", "C:\\x.png", "a\x00\r\nb", "CON.png", "  ", "名" * 300):
        with pytest.raises(Refused) as refused:
            put(shop, EXE, name)
        said = str(refused.value)
        assert "\x00" not in said and "\n" not in said and len(said) < 200


def test_a16_the_same_twice_is_one_file(shop: Shop) -> None:
    for make in (samples.clip, samples.pdf, samples.photo):
        addresses = {
            intake.take_in(shop, brought(shop, make()), kinds=ALL),  # type: ignore[operator]
            intake.take_in(shop, make(), kinds=ALL),  # type: ignore[operator]
        }
        assert len(addresses) == 1
    with shop.read() as connection:
        pages = connection.execute(select(func.count()).select_from(schema.blob_page)).scalar()
    assert pages == 2, "one poster, one page"


def test_what_stands_for_a_file_is_booked_with_it(shop: Shop, processes: None) -> None:
    clip = intake.take_in(shop, samples.clip(), kinds=ALL)
    paper = intake.take_in(shop, samples.pdf(3))
    picture = intake.take_in(shop, samples.photo((800, 600)))
    with shop.read() as connection:
        found = showings(connection, [clip, paper, picture, "0" * 64])
    assert set(found) == {clip, paper, picture}
    assert (found[clip].media_type, found[clip].seconds, found[clip].is_clip) == (CLIP, 2, True)
    assert len(found[paper].pictures) == 3
    assert found[paper].thumbnail not in found[paper].pictures
    assert found[picture].pictures == (picture,)
    assert len({each.thumbnail for each in found.values()}) == 3


def test_take_in_takes_only_what_is_asked_for(shop: Shop) -> None:
    with pytest.raises(Refused, match="neither a photo nor a PDF"):
        intake.take_in(shop, samples.clip(), "片.mp4", kinds=SCANS)
    with pytest.raises(Refused, match="not a photo"):
        intake.take_in(shop, samples.pdf(), "报告.pdf", kinds=PHOTOS)
    with pytest.raises(Refused):
        intake.take_in(shop.acting(RESIDENT), samples.photo())


@pytest.mark.parametrize("module", ["child_clip", "child_pdf"])
def test_a_process_that_dies_is_a_refusal(
    shop: Shop, processes: None, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert intake._asked(module, 20, "/nowhere/at/all")["outcome"] == "too_large"


@pytest.mark.parametrize("make", [samples.clip, samples.pdf, samples.photo])
def test_a25_a_full_disk_is_said_and_nothing_is_half(
    shop: Shop, make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = brought(shop, make())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="disk is full"):
        intake.take_in(shop, path, kinds=ALL)
    monkeypatch.undo()
    assert nothing_left(shop)
    with shop.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.blob)).scalar() == 0


def test_a24_what_was_never_finished_and_what_nobody_names_is_swept(
    shop: Shop, clock: FixedClock
) -> None:
    intake.take_in(shop, samples.pdf(2))
    intake.take_in(shop, samples.clip(), kinds=ALL)
    part = brought(shop, b"half")
    for path in storage.stored(shop.place):
        os.utime(path, (clock.now().timestamp(),) * 2)
    clock.forward(hours=23)
    assert care.sweep(shop) == care.Swept(0, 0)
    clock.forward(hours=2)
    swept = care.sweep(shop)
    assert swept.rows == 5, "a PDF, its two like pages, a thumbnail; a clip and its small poster"
    assert not part.exists()
    assert not list(storage.stored(shop.place))


def test_a26_a_file_is_read_again_when_it_changed(shop: Shop) -> None:
    sha256 = storage.put(shop.place, b"eggs")
    path = storage.path_of(shop.place, sha256)
    assert storage.serves(path, sha256)
    assert storage.serves(path, sha256)
    path.write_bytes(b"<svg>")
    assert not storage.serves(path, sha256)
    path.unlink()
    assert not storage.serves(path, sha256)
    other = shop.place.folder / "x"
    other.write_bytes(b"eggs")
    path.symlink_to(other)
    assert not storage.serves(path, sha256)


def test_a_file_put_from_disk_lies_where_its_content_says(shop: Shop) -> None:
    path = brought(shop, b"eggs")
    assert storage.put_file(shop.place, path) == storage.put(shop.place, b"eggs")
    assert not path.exists()
