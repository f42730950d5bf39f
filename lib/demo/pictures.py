"""Small painted pictures for the demo shop's goods, so that no photo of anybody is needed."""

import io

from PIL import Image, ImageDraw

from lib.demo.goods import Good

SIDE = 640


def picture(good: Good) -> bytes:
    """Return a PNG that shows the good as a simple shape on warm paper."""
    image = Image.new("RGB", (SIDE, SIDE), "#fbf8f1")
    draw = ImageDraw.Draw(image)
    draw.ellipse((90, 470, 550, 560), fill="#ece3cf")
    _SHAPES[good.shape](draw, good.colour)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _round(draw: ImageDraw.ImageDraw, colour: str) -> None:
    draw.ellipse((150, 160, 490, 520), fill=colour)
    draw.line((320, 175, 335, 110), fill="#6b4f35", width=14)
    draw.ellipse((335, 95, 430, 140), fill="#5f8f45")


def _egg(draw: ImageDraw.ImageDraw, colour: str) -> None:
    for left, top in ((130, 260), (330, 260), (230, 180)):
        draw.ellipse((left, top, left + 180, top + 250), fill=colour, outline="#fbf8f1", width=8)


def _leaf(draw: ImageDraw.ImageDraw, colour: str) -> None:
    for shift in (-110, 0, 110):
        draw.ellipse((240 + shift, 120, 400 + shift, 400), fill=colour)
        draw.rectangle((305 + shift // 3, 360, 335 + shift // 3, 520), fill="#e3ecd0")


def _box(draw: ImageDraw.ImageDraw, colour: str) -> None:
    draw.rounded_rectangle((140, 210, 500, 510), 30, fill=colour, outline="#b9ab8d", width=6)
    draw.rectangle((140, 320, 500, 390), fill="#fbf8f1")


def _bag(draw: ImageDraw.ImageDraw, colour: str) -> None:
    draw.polygon(((190, 170), (450, 170), (500, 520), (140, 520)), fill=colour)
    draw.rectangle((220, 130, 420, 185), fill="#b9ab8d")


def _bottle(draw: ImageDraw.ImageDraw, colour: str) -> None:
    draw.rectangle((280, 110, 360, 220), fill="#b9ab8d")
    draw.rounded_rectangle((220, 200, 420, 525), 50, fill=colour, outline="#b9ab8d", width=6)


def _grapes(draw: ImageDraw.ImageDraw, colour: str) -> None:
    for row, count in enumerate((4, 5, 4, 3, 2)):
        for place in range(count):
            left = 320 - count * 42 + place * 84
            top = 140 + row * 72
            draw.ellipse((left, top, left + 84, top + 84), fill=colour, outline="#fbf8f1", width=4)


_SHAPES = {
    "round": _round,
    "egg": _egg,
    "leaf": _leaf,
    "box": _box,
    "bag": _bag,
    "bottle": _bottle,
    "grapes": _grapes,
}
