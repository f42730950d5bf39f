"""Pictures for the group show the figures of the published sheet, and can be read (E17)."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop import pictures
from lib.shop.language import LANGUAGES, translator
from lib.trust.costs import poster_long
from lib.trust.costs.poster import MOST_GOODS, Frame, Kind, Look, Picture, draw
from lib.trust.costs.poster_parts import money
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part, Sheet

FRAME = Frame("芳姐小店 · 梧桐苑", "https://shop.example.cn/p/prices", "Asia/Shanghai")
MOMENT = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
LONG = "阳山水蜜桃礼盒（6只装，单果约 250 克，现摘现发，早上到店，下午自提）" * 2


def line(number: int, name: str = "土鸡蛋", **values: object) -> Line:
    amounts = {
        "price": 580, "purchase": 450, "loss": 11, "packaging": 20, "delivery": 7, "other": 1,
    }  # fmt: skip
    money = {part: Money(int(str(values.pop(part, fen)))) for part, fen in amounts.items()}
    given = {"unit": "斤", "grams": 500, "pieces": None} | values
    return Line(product_id=number, name=name, **given, **money)  # type: ignore[arg-type]


def sheet(*lines: Line, title: str = "九月第四周", correction: str = "") -> Sheet:
    return Sheet(
        number=12,
        title=title,
        day=date(2026, 9, 25),
        data_as_of=MOMENT,
        lines=lines,
        corrects=11 if correction else None,
        correction=correction,
        previous="",
        fingerprint="3f2a91bc" + "0" * 56,
    )


GOODS = (
    line(1, by_hand=frozenset({Part.LOSS}), points=Money(3), pledge=Money(2)),
    line(2, "福利蛋", price=480, purchase=500, loss=0, packaging=0, delivery=0, other=0),
    line(3, LONG, unit="盒", grams=1500, pieces=6, price=12_345_678, purchase=5200),
    line(4, "豆腐", unit="块", grams=None, price=300, purchase=220),
    line(5, "Eggs from hens that run about all day long", unit="只", grams=1800, price=8800),
    line(6, "白送的葱", unit="把", grams=None, price=0, purchase=0, loss=0, packaging=0,
         delivery=0, other=0),
)  # fmt: skip


def drawn(this: Sheet, chosen: Look) -> tuple[Picture, ...]:
    return draw(this, chosen, FRAME)


def look(kind: Kind, *products: int, language: str = "zh_CN", dark: bool = False) -> Look:
    return Look(kind, language, products, dark)


@pytest.fixture
def packaged_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine that has no Chinese font of its own."""
    monkeypatch.setattr(pictures, "_SYSTEM_FONTS", ())
    for cached in (pictures.font, pictures.face):
        cached.cache_clear()
    yield
    for cached in (pictures.font, pictures.face):
        cached.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("goods", [1, 2])
def test_a_poster_of_few_goods_says_every_figure_of_the_sheet(goods: int, language: str) -> None:
    chosen = GOODS[:goods]
    ids = [one.product_id for one in chosen]
    (picture,) = drawn(sheet(*GOODS), look(Kind.CARD, *ids, language=language))
    figures = [said for said in picture.said if "¥" in said]
    expected = []
    for one in chosen:
        expected.append(money(one.price))
        expected += [money(amount) for _part, amount in one.parts]
    for figure in expected:
        assert figure in figures, figure


@pytest.mark.parametrize("kind", [Kind.CARD, Kind.TALL])
@pytest.mark.parametrize("dark", [False, True])
def test_a_poster_of_many_goods_says_price_weight_and_what_is_kept(kind: Kind, dark: bool) -> None:
    (picture,) = drawn(sheet(*GOODS), look(kind, 1, 2, 3, 4, 5, 6, dark=dark))
    say = translator("zh_CN")
    for one in GOODS:
        assert money(one.price) in picture.said
        label = GIVEN if one.is_given else LABELS[Part.KEPT]
        assert f"{say(label)} {money(one.kept)}" in picture.said
        if one.per_jin is not None:
            assert say("{price} per 500 g").format(price=money(one.per_jin)) in picture.said
    legend = set(picture.said)
    assert {say(LABELS[Part.PURCHASE]), f"{say(LABELS[Part.LOSS])}*"} <= legend


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_long_picture_adds_up_line_by_line(language: str) -> None:
    (picture,) = drawn(sheet(*GOODS), look(Kind.LONG, language=language))
    figures = [said for said in picture.said if said.startswith(("¥", "-¥"))]
    figures = [figure for figure in figures if " " not in figure]
    expected = []
    for one in GOODS:
        expected += [money(one.price), *(money(amount) for _part, amount in one.parts)]
    assert figures == expected
    position = 0
    for one in GOODS:
        price, *parts = figures[position : position + 1 + len(one.parts)]
        assert sum(Money.parse(part).fen for part in parts) == Money.parse(price).fen
        position += 1 + len(one.parts)


@pytest.mark.parametrize("kind", Kind)
def test_every_picture_says_which_sheet_it_is_and_what_is_left_out(kind: Kind) -> None:
    (picture,) = drawn(sheet(*GOODS), look(kind, 1, language="en"))
    said = " ".join(picture.said)
    for words in (
        "芳姐小店 · 梧桐苑", "九月第四周", "Fri 25 Sep 2026", "Sheet 12", "fingerprint 3f2a 91bc",
        "Data as of 25 Sep 2026 10:30", "rent", "wages", "taxes", "typed by hand",
    ):  # fmt: skip
        assert words in said, words


def test_the_code_leads_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    matrix = pictures.qr_matrix
    monkeypatch.setattr(pictures, "qr_matrix", lambda text: drawn.append(text) or matrix(text))
    draw(sheet(*GOODS), look(Kind.CARD, 1), FRAME)
    assert set(drawn) == {FRAME.address}


@pytest.mark.parametrize("kind", [Kind.CARD, Kind.TALL])
@pytest.mark.parametrize("goods", range(1, MOST_GOODS + 1))
@pytest.mark.parametrize("language", LANGUAGES)
def test_product_and_price_stand_in_the_central_square_and_nothing_is_cut_or_too_small(
    kind: Kind, goods: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = watched(monkeypatch)
    ids = [one.product_id for one in GOODS[:goods]]
    (picture,) = drawn(sheet(*GOODS), look(kind, *ids, language=language))
    middle = picture.height // 2
    names = {one.name[:3] for one in GOODS[:goods]} | {money(one.price) for one in GOODS[:goods]}
    for box, text, size in written:
        assert size >= pictures.LEAST_SIZE
        assert box[0] >= 56, text
        assert box[2] <= pictures.WIDTH - 56, text
        assert box[3] <= picture.height - 56, text
        if text[:3] in names or text in names:
            assert middle - 540 <= box[1], text
            assert box[3] <= middle + 540, text


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_never_lie_on_each_other(
    kind: Kind, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = watched(monkeypatch)
    drawn(
        sheet(*GOODS, correction="袋子钱忘了写" * 9),
        look(kind, 1, 2, 3, 4, 5, 6, language=language),
    )
    for number, (box, text, _size) in enumerate(written):
        for other, said, _other_size in written[number + 1 :]:
            apart = (
                box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1]
            )
            assert apart, (text, said)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[int, ...], str, int]]:
    """Note the ink box, the text and the size of everything that is written."""
    written: list[tuple[tuple[int, ...], str, int]] = []
    write = pictures.Canvas.write

    def noting(self, place, text, size, colour, *, bold=False, anchor="la"):  # type: ignore[no-untyped-def]
        write(self, place, text, size, colour, bold=bold, anchor=anchor)
        said = pictures.drawable(text)
        if said:
            box = self.pen.textbbox(place, said, pictures.font(size), anchor)
            written.append((tuple(round(edge) for edge in box), said, size))

    monkeypatch.setattr(pictures.Canvas, "write", noting)
    monkeypatch.setattr(pictures.Canvas, "png", lambda _canvas: b"")  # the slow half of drawing
    return written


def test_sixty_goods_take_several_pictures_none_too_tall() -> None:
    goods = [replace(GOODS[n % 6], product_id=n, name=f"第{n:02}种") for n in range(60)]
    made = drawn(sheet(*goods), look(Kind.LONG))
    assert 1 < len(made) < 12
    assert all(one.height <= poster_long.TALLEST for one in made)
    said = [text for one in made for text in one.said if text.startswith("第") and "种" in text]
    assert said == [one.name for one in goods]
    assert f"2/{len(made)}" in made[1].said
    assert all("第 12 号 · 核对码 3f2a 91bc" in " ".join(one.said) for one in made)


def test_a_correction_says_so_in_the_long_picture() -> None:
    (picture,) = drawn(sheet(GOODS[0], correction="袋子钱忘了写"), look(Kind.LONG))
    assert any("11" in said and "袋子钱忘了写" in said for said in picture.said)


@pytest.mark.parametrize("kind", Kind)
def test_pictures_are_png_of_their_size_below_two_megabytes(kind: Kind) -> None:
    (picture,) = drawn(sheet(*GOODS), look(kind, 1, 3))
    image = Image.open(io.BytesIO(picture.png))
    assert image.format == "PNG"
    assert image.size == (picture.width, picture.height)
    assert picture.width == 1080
    assert len(picture.png) < pictures.LARGEST_BYTES
    if kind is not Kind.LONG:
        assert picture.height == {Kind.CARD: 1440, Kind.TALL: 1920}[kind]


@pytest.mark.usefixtures("packaged_font")
def test_chinese_is_drawn_without_a_font_of_the_system() -> None:
    assert "noto_cjk" in pictures.face().path.lower().replace("-", "_")
    (picture,) = drawn(sheet(*GOODS), look(Kind.CARD, 1, 2, 3))
    assert picture.height == 1440
    first, second = (pictures.font(48).getmask(sign) for sign in "蛋鸡")
    assert bytes(first) != bytes(second), "two signs, not twice the box of a missing one"


@pytest.mark.parametrize("products", [(), (1, 2, 3, 4, 5, 6, 7), (99,), (1, 99)])
def test_a_poster_is_refused_without_goods_of_the_sheet(products: tuple[int, ...]) -> None:
    with pytest.raises(Refused):
        draw(sheet(*GOODS, line(7)), look(Kind.CARD, *products), FRAME)


@settings(max_examples=15, deadline=None)
@given(
    names=st.lists(
        st.text(st.sampled_from("土鸡蛋桃 abW-（），🥚1"), max_size=40), min_size=1, max_size=6
    ),
    title=st.text(st.sampled_from("周五团 公开abW🥚"), max_size=60),
    kept=st.integers(-99_999, 9_999_999),
    kind=st.sampled_from(list(Kind)),
    language=st.sampled_from(list(LANGUAGES)),
)
def test_any_sheet_can_be_drawn(
    names: list[str], title: str, kept: int, kind: Kind, language: str
) -> None:
    goods = [
        line(number, name, price=max(0, 489 + kept), purchase=450)
        for number, name in enumerate(names, 1)
    ]
    ids = [one.product_id for one in goods]
    (picture,) = drawn(sheet(*goods, title=title), look(kind, *ids, language=language))
    assert money(goods[0].price) in picture.said


@given(st.integers(1, 2000), st.lists(st.integers(0, 10**7), min_size=1, max_size=9))
def test_shares_of_a_bar_fill_it(width: int, sizes: list[int]) -> None:
    assert sum(pictures.shares(width, sizes)) == width


def test_nothing_is_drawn_of_a_bar_that_is_all_zero() -> None:
    canvas = pictures.Canvas(100, 50, pictures.LIGHT)
    before = canvas.image.tobytes()
    canvas.stack((0, 0, 100, 50), [(0, "#000000")])
    canvas.stack((50, 0, 50, 50), [(1, "#000000")])
    assert canvas.image.tobytes() == before
