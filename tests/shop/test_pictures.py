"""Pictures for the group: Chinese type on every system, the shop's palette, codes that scan."""

import io
import tomllib
from pathlib import Path

import noto_cjk_sans_otc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from lib.shop import pictures
from lib.shop.pictures import DARK, LIGHT, Canvas, drawable, fitting, font, packed, wrapped

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_palette_is_that_of_the_screens(name: str, palette: pictures.Palette) -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"][name]
    assert palette.paper == theme["backgroundColor"]
    assert palette.ink == theme["textColor"]
    assert palette.line == theme["borderColor"]
    assert palette.leaf == theme["primaryColor"]
    assert palette.kaki == theme["redColor"]


def test_without_a_font_of_the_system_the_packaged_one_writes_simplified_chinese(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "_SYSTEM_FONTS", ("/nowhere/font.ttc", __file__))
    found = next(pictures._faces())
    assert Path(found.path) == Path(noto_cjk_sans_otc.FONT_PATH)
    family, _style = ImageFont.truetype(found.path, 20, index=found.index).getname()
    assert family == "Noto Sans CJK SC"


def test_chinese_is_no_row_of_boxes() -> None:
    drawn = {bytes(font(64).getmask(sign)) for sign in "鸡蛋检测合格公里"}
    assert len(drawn) == 8
    assert all(any(picture) for picture in drawn)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("土鸡蛋🥚", "土鸡蛋"),
        ("a\u200db", "ab"),
        ("  两  个 ", "两 个"),
        ("\x00", ""),
        ("①②", "①②"),
    ],
)
def test_what_the_font_cannot_draw_is_left_out(text: str, kept: str) -> None:
    assert drawable(text) == kept


@settings(max_examples=30, deadline=None)
@given(
    text=st.text(st.sampled_from("土鸡蛋检测，。 abcW-12"), max_size=60),
    width=st.integers(150, 900),
    most=st.integers(1, 4),
)
def test_lines_never_run_out_of_the_paper(text: str, width: int, most: int) -> None:
    lines = wrapped(text, 40, width, most)
    assert len(lines) <= most
    assert all(font(40).getlength(line) <= width for line in lines)


def test_parts_stay_whole_where_they_can() -> None:
    assert packed("青禾 · 径山镇 · 距本店 12.4 公里", 42, 864) == [
        "青禾 · 径山镇 · 距本店 12.4 公里"
    ]
    assert packed("青禾 · 径山镇 · 距本店 12.4 公里", 42, 400)[-1] == "距本店 12.4 公里"


def test_type_shrinks_to_fit_but_never_below_what_can_be_read() -> None:
    assert fitting("蛋", 100, 500) == 100
    assert fitting("蛋" * 12, 100, 500) < 100
    assert fitting("蛋" * 99, 100, 500) == pictures.LEAST_SIZE


def test_a_busy_picture_stays_below_two_megabytes() -> None:
    noise = Image.effect_noise((1080, 1440), 90).convert("RGB")
    canvas = Canvas(1080, 1440, LIGHT)
    canvas.photo(noise, (0, 0, 1080, 1440), 0)
    content = canvas.png()
    assert len(content) < pictures.LARGEST_BYTES
    assert Image.open(io.BytesIO(content)).size == (1080, 1440)


def test_a_code_has_whole_modules_and_its_quiet_zone() -> None:
    canvas = Canvas(400, 400, DARK)
    side = canvas.code("https://shop.example.cn/p/origin/x", (10, 10), 380)
    modules = len(pictures.qr_matrix("https://shop.example.cn/p/origin/x")) + 8
    assert side % modules == 0
    assert canvas.image.getpixel((11, 11)) == (255, 255, 255)
