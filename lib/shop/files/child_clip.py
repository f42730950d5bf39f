"""The process that takes a stranger's video apart: film and sound in, a clean clip out.

Started by :mod:`lib.shop.files.intake` as ``python -m lib.shop.files.child_clip SOURCE TARGET
POSTER``. Pictures and sound are copied as they are into a new file that can be played while it
loads; everything else stays behind: places and dates in the file's head, tracks of timed metadata,
and what cameras hide inside the film itself (A10, A11). One frame is decoded for the poster. The
answer is one line of JSON on standard output.
"""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer, OutputContainer
from av.stream import Stream
from PIL import Image

from lib.shop.files import child

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 120
MARGIN_BYTES = 16 * 1024 * 1024
POSTER_AT = 1_000_000
"""Microseconds into the film: the first frames are often black or blurred."""

WITHOUT_OUR_NAME = 0x0400
"""Flag of the writer: no version of it and no moment of writing, so that the same clip twice is the
same file (A16)."""

LEAST_OF_ANNOUNCED = 0.8
"""Part of its announced length that a film must have; less was cut off on the way."""

IN_MP4 = frozenset({"h264", "hevc", "av1", "vp9"})
IN_WEBM = frozenset({"vp8", "vp9", "av1"})
SOUND_IN_MP4 = frozenset({"aac", "mp3", "opus"})
SOUND_IN_WEBM = frozenset({"opus", "vorbis"})
_HIDDEN = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}
"""Notes inside the film that players do not need (SEI); drones write the place there."""


def main() -> None:
    """Clean the video named on the command line, then end."""
    source, target, poster = (Path(name) for name in sys.argv[1:4])
    most = source.stat().st_size * 2 + MARGIN_BYTES
    child.restrict(memory=MEMORY_BYTES, seconds=CPU_SECONDS, written=most)
    print(json.dumps(answer(source, target, poster)), flush=True)


def answer(source: Path, target: Path, poster: Path) -> dict[str, Any]:
    """Clean ``source`` into ``target`` and ``poster`` (JPEG); say what became of it."""
    av.logging.set_level(None)
    try:
        return {"outcome": "clean", **clean(source, target, poster)}
    except child.Unusable as error:
        return {"outcome": error.outcome}
    except MemoryError:
        return {"outcome": "too_large"}
    except OSError as error:
        if isinstance(error, av.FFmpegError):  # whatever it stumbles over, the film is not whole
            return {"outcome": "damaged"}
        return {"outcome": "disk"}
    except Exception:  # noqa: BLE001 - a hostile file may make the library fail in any way
        return {"outcome": "damaged"}


def clean(source: Path, target: Path, poster: Path) -> dict[str, Any]:
    """Copy film and sound; return size on screen, seconds, type, and the poster's measures.

    Raises ``Unusable`` with ``no_film``, ``codec`` (browsers cannot play it) or ``damaged``.
    """
    with source.open("rb") as file:
        # Only these readers, and only this one file: no playlist leads anywhere else.
        name = "matroska" if file.read(4) == b"\x1aE\xdf\xa3" else "mov"
        file.seek(0)
        if name == "mov":
            _check_whole(file, source.stat().st_size)
            file.seek(0)
        with av.open(file, mode="r", format=name) as film:
            found = _copied(film, target)
    said = _poster(target, found["container"], poster)
    return {**found, **_upright(found, turned=said["turned"])}


def _check_whole(file: BinaryIO, size: int) -> None:
    """Raise ``Unusable`` with ``damaged`` when a part of the file reaches beyond its end."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:  # a part of more than 4 GB says its length behind its name
            length = int.from_bytes(head[8:16], "big")
        if length == 0 or not head[4:8].isalnum():  # up to the end, or something hung on
            return
        if length < 8 or at + length > size:
            raise child.Unusable("damaged")
        at += length


def _copied(film: InputContainer, target: Path) -> dict[str, Any]:
    video = next((each for each in film.streams.video if not _is_picture(each)), None)
    if video is None or video.width <= 0 or video.height <= 0:
        raise child.Unusable("no_film")
    codec = video.codec_context.name
    container = "mp4" if codec in IN_MP4 else "webm" if codec in IN_WEBM else ""
    if not container:
        raise child.Unusable("codec")
    fitting = SOUND_IN_MP4 if container == "mp4" else SOUND_IN_WEBM
    sound = next((each for each in film.streams.audio if each.codec_context.name in fitting), None)
    options = {"movflags": "+faststart"} if container == "mp4" else {}
    with av.open(str(target), "w", format=container, options=options) as out:
        out.flags |= WITHOUT_OUR_NAME
        ended = _mux(film, out, [each for each in (video, sound) if each is not None])
    if ended <= 0:
        raise child.Unusable("damaged")
    return {
        "container": container,
        "codec": codec,
        "silent": sound is None and bool(film.streams.audio),
        "width": video.width,
        "height": video.height,
        "seconds": max(1, round(ended)),
    }


def _mux(film: InputContainer, out: OutputContainer, streams: list[Stream]) -> float:
    """Copy the packets of ``streams`` and return where the film ends, in seconds.

    Raises ``Unusable`` when it ends long before the end that the file announces: it was cut off.
    """
    video = streams[0]
    targets = {each.index: _target(out, each) for each in streams}
    hidden = _HIDDEN.get(video.codec_context.name)
    filtered = BitStreamFilterContext(hidden, video, targets[video.index]) if hidden else None
    ended: dict[int, float] = {}
    for packet in film.demux(streams):
        if packet.dts is None or packet.is_corrupt:
            continue
        index = packet.stream.index
        last = max(packet.pts or 0, packet.dts) + (packet.duration or 0)
        here = float((last - (packet.stream.start_time or 0)) * packet.time_base)
        ended[index] = max(ended.get(index, 0.0), here)
        if packet.stream is video:
            for each in filtered.filter(packet) if filtered else (packet,):
                _write(out, each, targets[video.index])
        else:
            _write(out, packet, targets[index])
    announced = (film.duration or 0) / av.time_base
    if max(ended.values(), default=0.0) < announced * LEAST_OF_ANNOUNCED - 1:
        raise child.Unusable("damaged")
    return ended.get(video.index, 0.0)


def _target(out: OutputContainer, stream: Stream) -> Stream:
    made = out.add_stream_from_template(stream)
    made.metadata.clear()
    return made


def _write(out: OutputContainer, packet: "av.Packet[Any]", stream: Stream) -> None:
    packet.stream = stream
    out.mux(packet)


def _is_picture(stream: Stream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _poster(clip: Path, container: str, poster: Path) -> dict[str, bool]:
    """Write one upright frame of ``clip`` as JPEG, small enough for a screen."""
    with av.open(str(clip), format="matroska" if container == "webm" else "mov") as film:
        stream = film.streams.video[0]
        stream.thread_count = 1
        film.seek(min(POSTER_AT, (film.duration or 0) // 3))
        frame = next(film.decode(stream), None)
        if frame is None:
            raise child.Unusable("damaged")
        turn = round(frame.rotation) % 360
        picture = child.shrunk(_image(frame).rotate(turn, expand=True), child.LONGEST_SIDE)
    poster.write_bytes(child.as_jpeg(picture))
    return {"turned": turn in (90, 270)}


def _image(frame: av.VideoFrame) -> Image.Image:
    made: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return made


def _upright(found: dict[str, Any], *, turned: bool) -> dict[str, int]:
    width, height = found["width"], found["height"]
    return {"width": height, "height": width} if turned else {"width": width, "height": height}


if __name__ == "__main__":
    main()
