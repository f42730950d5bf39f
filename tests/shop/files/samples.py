"""Photos, clips and papers that people bring, made on the spot: sound, tagged, broken, hostile."""

import io
import struct
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import av.bitstream
from PIL import Image, ImageDraw

PLACE = "+30.2741+120.1551+012.3/"
"""Where somebody lives, as phones write it; found in no served byte."""
LEFT, RIGHT = (200, 30, 30), (30, 30, 200)
_STYLES = (
    b"[Script Info]\nScriptType: v4.00+\nPlayResX: 384\nPlayResY: 288\n[V4+ Styles]\n"
    b"Format: Name, Fontname, Fontsize\nStyle: Default,Arial,16\n[Events]\n"
    b"Format: Layer, Start, End, Style, Text\n"
)


def picture(size: tuple[int, int] = (160, 96)) -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", size, LEFT)
    ImageDraw.Draw(made).rectangle((size[0] // 2, 0, size[0], size[1]), fill=RIGHT)
    return made


def photo(size: tuple[int, int] = (160, 96), *, turned: int = 1, where: str = "") -> bytes:
    """A JPEG, with an EXIF orientation and the place it was taken."""
    exif = Image.Exif()
    exif[0x0112] = turned
    if where:
        exif[0x010E] = where
        exif.get_ifd(0x8825)[0x0002] = (30.0, 16.0, 26.7)
    target = io.BytesIO()
    picture(size).save(target, "JPEG", exif=exif)
    return target.getvalue()


@cache
def clip(
    container: str = "mp4",
    codec: str = "libx264",
    sound: str = "aac",
    *,
    seconds: int = 2,
    size: tuple[int, int] = (160, 96),
    where: str = PLACE,
    track: bool = False,
) -> bytes:
    """A clip of a red and a blue half, tagged with ``where``; ``track``: a metadata track too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"clip.{container}"
        options = {"movflags": "use_metadata_tags"} if container == "mov" else {}
        with av.open(str(path), "w", format=container, options=options) as out:
            _tag(out, where)
            film = out.add_stream(codec, rate=Fraction(12, 1))
            film.width, film.height, film.pix_fmt = *size, "yuv420p"
            film.metadata["comment"] = where
            tone = out.add_stream(sound, rate=48000) if sound else None
            data = out.add_stream("mov_text") if track else None
            if data is not None:
                data.codec_context.subtitle_header = _STYLES
            _fill(out, film, tone, data, seconds, size, where)
        # What phones call timed metadata: a track of its own that no player shows.
        return path.read_bytes().replace(b"tx3g", b"mebx").replace(b"sbtl", b"meta")


def _tag(out: av.container.OutputContainer, where: str) -> None:
    if not where:
        return
    out.metadata["location"] = where
    out.metadata["com.apple.quicktime.location.ISO6709"] = where
    out.metadata["comment"] = f"filmed at {where}"
    out.metadata["creation_time"] = "2026-09-25T02:30:00Z"


def _fill(out, film, tone, data, seconds, size, where) -> None:  # type: ignore[no-untyped-def]
    frame = av.VideoFrame.from_image(picture(size))
    for number in range(12 * seconds):
        frame.pts = number
        out.mux(film.encode(frame))
    out.mux(film.encode(None))
    if tone is not None:
        silence = av.AudioFrame(format="fltp" if tone.codec.name != "libopus" else "flt",
                                layout="stereo", samples=960)  # fmt: skip
        silence.sample_rate = 48000
        for plane in silence.planes:
            plane.update(bytes(plane.buffer_size))
        for number in range(50 * seconds):
            silence.pts = number * 960
            out.mux(tone.encode(silence))
        out.mux(tone.encode(None))
    if data is not None:
        text = f"secret {where}".encode()
        packet = av.Packet(struct.pack(">H", len(text)) + text)
        packet.stream, packet.pts, packet.dts, packet.time_base = data, 0, 0, Fraction(1, 1000)
        packet.duration = 1000
        out.mux(packet)


def turned(content: bytes) -> bytes:
    """The clip ``content`` (an MP4) as a phone held upright writes it: turned by 90 degrees."""
    changed = bytearray(content)
    at = changed.find(b"tkhd") + 4
    matrix = at + 40 if changed[at] == 0 else at + 52
    numbers = (0, 0x10000, 0, -0x10000, 0, 0, 0x600000, 0, 0x40000000)
    changed[matrix : matrix + 36] = struct.pack(">9i", *numbers)
    return bytes(changed)


def with_place_in_film(content: bytes, where: str = PLACE) -> bytes:
    """The clip with a place hidden inside the film itself, as drones do (SEI user data)."""
    body = b"\x05" + bytes([16 + len(where)]) + b"\xab" * 16 + where.encode() + b"\x80"
    unit = b"\x06" + body
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        source = av.open(io.BytesIO(content))
        with source, av.open(str(path), "w", format="mp4") as out:
            film = source.streams.video[0]
            stream = out.add_stream_from_template(film)
            for packet in source.demux(film):
                if packet.dts is None:
                    continue
                new = av.Packet(struct.pack(">I", len(unit)) + unit + bytes(packet))
                new.pts, new.dts, new.time_base = packet.pts, packet.dts, packet.time_base
                new.is_keyframe, new.stream = packet.is_keyframe, stream
                out.mux(new)
        return path.read_bytes()


def pdf(pages: int = 1, *, extra: Iterable[str] = (), side: tuple[int, int] = (300, 400)) -> bytes:
    """A PDF of ``pages`` with a grey box each; ``extra`` entries of its catalogue."""
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {' '.join(extra)} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
    ]
    drawing = "0.5 g 50 50 100 100 re f"
    for number in range(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {side[0]} {side[1]}] "
            f"/Contents {4 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    return _assembled([item.encode() for item in objects])


ACTIVE = {
    "javascript": "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
    "open action": "/OpenAction << /S /URI /URI (http://evil.example/) >>",
    "launch": "/OpenAction << /S /Launch /F (calc.exe) >>",
    "embedded": "/Names << /EmbeddedFiles << /Names [(x) << /Type /Filespec /F (x.exe) >>] >> >>",
}  # fmt: skip
"""What a PDF can do when it is opened by a reader that lets it."""


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password."""
    body = pdf()
    entry = (
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
    )
    objects = body.split(b"xref")[0]
    at = len(objects)
    number = objects.count(b" 0 obj") + 1
    objects += f"{number} 0 obj\n".encode() + entry + b"\nendobj\n"
    head = f"trailer << /Size {number + 1} /Root 1 0 R /Encrypt {number} 0 R "
    identity = f"/ID [<{'43' * 16}> <{'43' * 16}>] >>\n"
    table = _table([*_offsets(body), at])
    return objects + table + (head + identity).encode() + _end(len(objects))


def _assembled(objects: list[bytes]) -> bytes:
    body, offsets = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + item + b"\nendobj\n"
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    return body + _table(offsets) + trailer + _end(len(body))


def _table(offsets: list[int]) -> bytes:
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{rows}".encode()


def _end(at: int) -> bytes:
    return f"startxref\n{at}\n%%EOF\n".encode()


def _offsets(body: bytes) -> list[int]:
    rows = body.split(b"xref\n")[1].split(b"trailer")[0].splitlines()[2:]
    return [int(row.split()[0]) for row in rows]
