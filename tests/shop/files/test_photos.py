"""The hostile table of photos (reliability A1-A4, A7-A10, A12-A17, A25)."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, PngImagePlugin
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.shop.files import child, photos, storage
from lib.shop.place import Place
from lib.shop.shop import Shop

SECRET = "31.230416N 121.473701E"
LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def picture(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", size, LEFT)
    ImageDraw.Draw(made).rectangle((size[0] // 2, 0, size[0], size[1]), fill=RIGHT)
    return made if mode == "RGB" else made.convert(mode, palette=Image.Palette.ADAPTIVE)


def encoded(made: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    made.save(target, kind, **options)
    return target.getvalue()


def heic(made: Image.Image, **options: object) -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return encoded(made, "HEIF", **options)


def gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = SECRET
    exif.get_ifd(0x8825)[0x001D] = SECRET
    exif.get_ifd(0x8825)[0x0002] = (31.0, 13.0, 49.5)
    exif.get_ifd(0x8769)[0x927C] = SECRET.encode()
    return exif


def opened(place: Place, photo: photos.Photo) -> Image.Image:
    return Image.open(storage.path_of(place, photo.sha256))


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) < 25 for a, b in zip(found, wanted, strict=True))


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


NO_PICTURES = {
    "A1 exe": b"MZ\x90\x00" + b"\x00" * 200 + b"This program cannot be run in DOS mode",
    "A3 svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "A3 svg in gzip": zlib.compress(b"<svg></svg>", wbits=31),
    "A4 html": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "A4 mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>",
    "A4 xml": b"<?xml version='1.0'?><a/>",
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>",
    "gif": encoded(picture(), "GIF"),
    "bmp": encoded(picture(), "BMP"),
    "tiff": encoded(picture(), "TIFF"),
    "noise": bytes(range(256)) * 20,
    "one byte": b"\xff",
    "zip": b"PK\x03\x04" + b"\x00" * 100,
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused_whatever_it_is_called(place: Place, content: bytes) -> None:
    with pytest.raises(Refused, match=r"菜\.png is not a photo"):
        photos.put(place, content, "菜.png")
    assert list(storage.stored(place)) == []


@pytest.mark.parametrize("size", [(18000, 18000), (13000, 13000), (9000, 9000)])
def test_a7_a_bomb_is_refused_by_its_header(place: Place, size: tuple[int, int]) -> None:
    with pytest.raises(Refused, match="more than 50 million pixels"):
        photos.put(place, png_of(*size), "bomb.png")


def test_a7_just_below_the_limit_is_judged_by_its_pixels(place: Place) -> None:
    with pytest.raises(Refused, match="damaged"):
        photos.put(place, png_of(7000, 7000), "broken.png")


def test_a7_a_whole_picture_at_the_limit_is_taken_or_refused_with_a_sentence(place: Place) -> None:
    large = encoded(Image.new("RGB", (10000, 5000), LEFT), "PNG", compress_level=1)
    assert photos.put(place, large).full.width == 1600


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\xff" * (photos.LARGEST_UPLOAD + 1), "larger than 20 MB"),
        (b"\xff" * photos.LARGEST_UPLOAD, "is not a photo"),
    ],
)
def test_a13_the_limit_has_an_exact_edge(place: Place, content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        photos.put(place, content, "x.jpg")


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>" * 9, b"PK\x03\x04evil" * 9])
def test_a2_a_tail_behind_the_picture_is_gone(place: Place, tail: bytes) -> None:
    photo = photos.put(place, encoded(picture()) + tail)
    assert tail[:12] not in storage.path_of(place, photo.sha256).read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_a8_every_mode_becomes_8_bit_rgb(place: Place, mode: str) -> None:
    if mode == "I;16":
        grey = Image.new("I;16", (64, 32), 65535)
        content = encoded(grey, "PNG")
    else:
        kind = "JPEG" if mode == "CMYK" else "PNG"
        content = encoded(picture(mode=mode), kind)
    photo = photos.put(place, content)
    made = opened(place, photo)
    assert (made.mode, made.format, made.size) == ("RGB", "JPEG", (64, 32))
    if mode in ("RGB", "RGBA", "CMYK", "P"):
        assert near(made.getpixel((8, 16)), LEFT)
    if mode == "I;16":
        assert near(made.getpixel((8, 16)), (255, 255, 255))


def test_a8_what_was_see_through_stands_on_white(place: Place) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    keyed = Image.new("P", (40, 40), 0)
    for content in (encoded(clear, "PNG"), encoded(keyed, "PNG", transparency=0)):
        assert near(opened(place, photos.put(place, content)).getpixel((20, 20)), (255,) * 3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a8_of_many_frames_the_first_is_kept(place: Place, kind: str) -> None:
    frames = [Image.new("RGB", (32, 32), (number, 0, 0)) for number in range(200)]
    content = encoded(frames[200 - 1], kind, save_all=True, append_images=frames)
    made = opened(place, photos.put(place, content))
    assert getattr(made, "n_frames", 1) == 1
    assert near(made.getpixel((5, 5)), (199, 0, 0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a9_the_picture_stands_upright(place: Place, orientation: int, kind: str) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = picture((96, 48))
    ImageDraw.Draw(upright).rectangle((0, 0, 20, 10), fill=(255, 255, 255))
    turned = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = opened(place, photos.put(place, encoded(turned, kind, exif=exif)))
    assert made.size == (96, 48)
    assert near(made.getpixel((10, 5)), (255, 255, 255))
    assert near(made.getpixel((30, 40)), LEFT)
    assert near(made.getpixel((80, 40)), RIGHT)


def metadata_carriers() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    text.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    xmp = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    plain = encoded(picture())
    iptc = (
        b"\xff\xed" + struct.pack(">H", len(SECRET) + 16) + b"Photoshop 3.0\x00" + SECRET.encode()
    )
    second = encoded(picture(), exif=gps())
    return {
        "jpeg exif": encoded(picture(), exif=gps()),
        "jpeg xmp": encoded(picture(), xmp=xmp),
        "jpeg comment": encoded(picture(), comment=SECRET.encode()),
        "jpeg iptc": plain[:2] + iptc + plain[2:],
        "jpeg multi-picture": encoded(
            picture(), "MPO", save_all=True, append_images=[picture()], exif=gps()
        ),
        "jpeg motion photo": second + second + SECRET.encode(),
        "png text": encoded(picture(), "PNG", pnginfo=text),
        "png exif": encoded(picture(), "PNG", exif=gps()),
        "webp exif": encoded(picture(), "WEBP", exif=gps()),
        "webp xmp": encoded(picture(), "WEBP", xmp=xmp),
        "heic exif": heic(picture(), exif=gps().tobytes()),
        "heic xmp": heic(picture(), xmp=xmp),
    }


@pytest.mark.parametrize("carrier", metadata_carriers())
def test_a10_nothing_of_where_it_was_taken_is_kept(place: Place, carrier: str) -> None:
    content = metadata_carriers()[carrier]
    assert SECRET.encode() in content
    photo = photos.put(place, content)
    for sha256 in (photo.full.sha256, photo.small.sha256):
        kept = storage.path_of(place, sha256).read_bytes()
        assert SECRET.encode() not in kept
        assert b"Exif" not in kept
        made = Image.open(io.BytesIO(kept))
        assert not made.getexif()
        assert {name.split("_")[0] for name in made.info} <= {"jfif", "progressive", "progression"}


def test_a12_a_heic_photo_becomes_a_jpeg(place: Place) -> None:
    made = opened(place, photos.put(place, heic(picture((400, 200)))))
    assert (made.format, made.size) == ("JPEG", (400, 200))
    assert near(made.getpixel((20, 100)), LEFT)


def test_a12_without_a_decoder_a_heic_photo_is_asked_for_as_jpg(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = heic(picture())
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    out = io.BytesIO()
    child.answer(content, out)
    assert b'"outcome": "heic"' in out.getvalue()
    assert "JPG" in photos._SENTENCES["heic"]


def test_a14_half_a_picture_is_damaged(place: Place) -> None:
    noisy = Image.effect_noise((600, 600), 80).convert("RGB")
    for content in (encoded(noisy), encoded(noisy, "PNG"), encoded(noisy, "WEBP"), heic(noisy)):
        with pytest.raises(Refused, match="damaged"):
            photos.put(place, content[: len(content) // 2], "half.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a14_a_flipped_byte_ends_in_a_picture_or_a_sentence(kind: str) -> None:
    whole = heic(picture((90, 60))) if kind == "HEIF" else encoded(picture((90, 60)), kind)
    for place_of_byte in range(0, len(whole), max(len(whole) // 60, 1)):
        broken = bytearray(whole)
        broken[place_of_byte] ^= 0x55
        out = io.BytesIO()
        child.answer(bytes(broken), out)
        assert b'"outcome"' in out.getvalue()


NAMES = [
    "很" * 300,
    "🥚.png",
    "../../etc/passwd",
    "C:\\windows\\x.jpg",
    "a.php:b.png",
    "a\x00b.png",
    "a\r\nSet-Cookie: x.png",
    "\u202egnp.exe",
    "<img src=x onerror=alert(1)>.png",
    "=cmd|'/c calc'!A0",
    ".hidden",
    "dot. ",
    "CON.png",
    "   ",
    "",
]


@pytest.mark.parametrize("name", NAMES)
def test_a15_a_name_is_only_ever_read_back(place: Place, name: str) -> None:
    photo = photos.put(place, encoded(picture()), name)
    paths = [path.relative_to(place.uploads).as_posix() for path in storage.stored(place)]
    addresses = {photo.full.sha256, photo.small.sha256}
    assert sorted(paths) == sorted(f"{each[:2]}/{each}" for each in addresses)
    shown = photos.shown_name(name)
    assert 0 < len(shown) <= 100
    assert shown.isprintable()
    with pytest.raises(Refused):
        photos.put(place, b"x", name)


def test_a_large_photo_is_made_small_with_a_thumbnail(place: Place) -> None:
    photo = photos.put(place, encoded(picture((4000, 3000))))
    assert (photo.full.width, photo.full.height) == (1600, 1200)
    assert (photo.small.width, photo.small.height) == (320, 240)
    assert Image.open(storage.path_of(place, photo.small.sha256)).size == (320, 240)


def test_colours_of_a_phone_stay_what_they_were(place: Place) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for broken in (profile, b"not a profile", profile[:200]):
        made = opened(place, photos.put(place, encoded(picture(), icc_profile=broken)))
        assert near(made.getpixel((8, 16)), LEFT)
        assert "icc_profile" not in made.info


def test_a16_the_same_photo_twice_is_one_blob(shop: Shop) -> None:
    content = encoded(picture((800, 600)))
    first = photos.store_photo(shop, content, "a.jpg")
    assert photos.store_photo(shop, content, "b.jpg") == first
    with shop.read() as connection:
        rows = connection.execute(select(schema.blob).order_by(schema.blob.c.size)).all()
    small, full = rows
    assert (full.sha256, full.small, full.media_type) == (first, small.sha256, "image/jpeg")
    assert (full.width, full.height, small.width) == (800, 600, 320)
    assert full.size == storage.path_of(shop.place, first).stat().st_size


def test_a_tiny_picture_is_its_own_thumbnail(shop: Shop) -> None:
    photos.store_photo(shop, encoded(picture((20, 20))))
    with shop.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.blob)).scalar_one() == 1


def test_residents_store_nothing(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        photos.store_photo(resident_shop, encoded(picture()))
    assert list(storage.stored(resident_shop.place)) == []


def test_a_child_that_dies_or_hangs_ends_in_a_sentence(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object, **_more: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -9, b"", b"")

    def hung(*_args: object, **_more: object) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired("child", 20)

    for fate in (killed, hung):
        monkeypatch.setattr(photos.subprocess, "run", fate)
        with pytest.raises(Refused, match="too large to be opened"):
            photos.put(place, encoded(picture()))


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux")
def test_the_child_may_not_take_the_memory_of_the_server() -> None:
    program = (
        "from lib.shop.files import child\n"
        "child.restrict()\n"
        "try:\n"
        "    bytearray(child.MEMORY_BYTES)\n"
        "except MemoryError:\n"
        "    print('held')\n"
    )
    root = Path(child.__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "held"
