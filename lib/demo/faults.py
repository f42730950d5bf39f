"""Painted pictures of goods gone bad, for the demo shop's complaints: nothing of anybody's home."""

import io
import random

from PIL import Image, ImageDraw

from lib.demo.goods import GOODS
from lib.demo.pictures import picture

SPOTS = ("#6b4a2f", "#59422c", "#7d6a3a", "#4b3a2a")
TABLE = "#b9ab8d"


def bad(name: str, seed: int) -> bytes:
    """Return a PNG of a good with dark spots and a tear, as somebody would photograph it at home.

    Another ``seed`` is another picture.
    """
    chance = random.Random(seed)  # noqa: S311 - where spots are painted
    good = next((one for one in GOODS if one.name == name), GOODS[0])
    with Image.open(io.BytesIO(picture(good))) as clean:
        image = clean.convert("RGB").rotate(
            chance.uniform(-14, 14), resample=Image.Resampling.BILINEAR, fillcolor=TABLE
        )
    draw = ImageDraw.Draw(image)
    for _ in range(chance.randint(5, 9)):
        left, top = chance.randint(190, 400), chance.randint(220, 430)
        wide, high = chance.randint(24, 80), chance.randint(18, 60)
        draw.ellipse((left, top, left + wide, top + high), fill=chance.choice(SPOTS))
    tear = [(180 + step * 45, 300 + chance.randint(-26, 26)) for step in range(7)]
    draw.line(tear, fill="#3c2f22", width=7)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
