"""Evidence for the demo shop, painted here: fields, workshops, a short clip, test reports.

Everything says that it is a sample, so that nobody takes it for a real paper.
"""

import io
import tempfile
from pathlib import Path

import av
from PIL import Image, ImageDraw

from lib.shop.pictures import LIGHT, Canvas

WIDTH, HEIGHT = 960, 720
FRAMES, RATE = 36, 12
PAPER = (1080, 1528)


def field(colour: str, shift: int = 0) -> Image.Image:
    """Paint rows of plants under a morning sky; ``shift`` moves the sun, for a clip."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#dfe9ea")
    draw = ImageDraw.Draw(image)
    draw.ellipse((90 + shift * 6, 80 - shift, 210 + shift * 6, 200 - shift), fill="#f3d79a")
    draw.polygon(((0, 330), (260, 210), (520, 330)), fill="#a9bfa8")
    draw.polygon(((380, 330), (700, 180), (960, 330)), fill="#95b096")
    draw.rectangle((0, 330, WIDTH, HEIGHT), fill="#8a6b4a")
    for row in range(6):
        top = 350 + row * 62
        for place in range(12):
            left = place * 84 - row * 10 + (shift * (row + 1)) % 12
            draw.ellipse((left, top, left + 60, top + 40), fill=colour)
    return image


def workshop(colour: str) -> Image.Image:
    """Paint a clean room with a table, trays and a window."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#f2ede2")
    draw = ImageDraw.Draw(image)
    for line in range(0, WIDTH, 80):
        draw.line((line, 0, line, 430), fill="#e2dac9", width=3)
    draw.rectangle((610, 70, 880, 300), fill="#cfe0e6", outline="#b9ab8d", width=10)
    draw.rectangle((0, 430, WIDTH, HEIGHT), fill="#c9bda4")
    draw.rectangle((70, 400, 890, 450), fill="#a89a7c")
    for place in range(5):
        left = 100 + place * 160
        draw.rounded_rectangle((left, 320, left + 130, 405), 14, fill=colour, outline="#8d806a")
    return image


def as_png(image: Image.Image) -> bytes:
    """Return ``image`` as PNG."""
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def clip(colour: str) -> bytes:
    """Return three seconds of the sun over a field, as MP4."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w") as film:
            stream = film.add_stream("libx264", rate=RATE)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.options = {"preset": "ultrafast"}  # nobody waits for a demo to be small
            for number in range(FRAMES):
                image = field(colour, number)
                frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
                film.mux(stream.encode(frame))
            film.mux(stream.encode())
        return path.read_bytes()


def report(title: str, sample: str, rows: tuple[tuple[str, str], ...], verdict: str) -> bytes:
    """Return a one-page test report as PDF; ``rows`` are items and what was found."""
    sheet = Canvas(*PAPER, LIGHT)
    sheet.panel((50, 50, PAPER[0] - 50, PAPER[1] - 50))
    sheet.write((PAPER[0] // 2, 130), title, 64, LIGHT.ink, bold=True, anchor="ma")
    sheet.write((PAPER[0] // 2, 230), "演示样张，不是真实报告", 40, LIGHT.kaki, anchor="ma")
    y = 340
    for label, value in (("样品", sample), ("检测单位", "演示检测站"), *rows):
        sheet.write((130, y), label, 42, LIGHT.soft)
        sheet.write((PAPER[0] - 130, y), value, 42, LIGHT.ink, anchor="ra")
        sheet.pen.line((130, y + 66, PAPER[0] - 130, y + 66), fill=LIGHT.line, width=2)
        y += 92
    sheet.write((PAPER[0] // 2, y + 60), f"结论：{verdict}", 56, LIGHT.leaf, bold=True, anchor="ma")
    target = io.BytesIO()
    sheet.image.save(target, "PDF", resolution=110)
    return target.getvalue()


GATHERING = {
    "lanterns": ("#c96f6a", "#e0b13d", "#c8473f"),
    "table": ("#d9b38c", "#7aa05a", "#cfd8dc"),
    "swap": ("#7aa05a", "#cfd8dc", "#d9b38c"),
}
"""What lies on the table of a drawn gathering."""


def gathering(what: str, heads: int, children: int = 0) -> Image.Image:
    """Draw neighbours around a table in front of the shop: figures without faces, nobody real."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#efe8d8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 90), fill="#b9ab8d")
    for place in range(12):
        draw.ellipse((20 + place * 80, 60, 70 + place * 80, 120), fill="#c8473f")
    coats = ("#5b7a8c", "#8a6b4a", "#7aa05a", "#a9685a", "#6b5b7a", "#b08b4f")
    for place in range(heads):
        left = 60 + place * (WIDTH - 160) // max(heads, 1)
        small = place >= heads - children
        top, wide = (300, 70) if small else (200, 96)
        draw.ellipse((left + wide // 4, top, left + wide * 3 // 4, top + wide // 2), fill="#e3c3a0")
        draw.rounded_rectangle(
            (left, top + wide // 2, left + wide, 520), 34, fill=coats[place % len(coats)]
        )
    draw.rounded_rectangle((40, 470, WIDTH - 40, 650), 20, fill="#a89a7c", outline="#8d806a")
    for place in range(9):
        colours = GATHERING[what]
        left = 80 + place * 92
        draw.ellipse((left, 500, left + 60, 570), fill=colours[place % len(colours)])
    return image
