"""What a product may be: boundary tables and invariants."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.trade.products import rules
from lib.trade.products.rules import Details, checked, conversions_of, listed


def details(**values: object) -> Details:
    return Details(**{"name": "土鸡蛋", "unit": "斤", "price": Money(480), **values})


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "  \u200e "},
        {"name": "很" * 41},
        {"name": "2"},
        {"name": "3.5"},
        {"unit": ""},
        {"unit": "30枚"},
        {"unit": "很长很长很长很长很长很长很长很长很长很长很"},
        {"price": Money(-1)},
        {"price": Money(10_000_001)},
        {"purchase_price": Money(-1)},
        {"content_pieces": 0},
        {"content_grams": -5},
        {"content_grams": 1_000_001},
        {"aliases": ("2",)},
        {"aliases": ("2-3",)},
        {"aliases": ("很" * 21,)},
        {"aliases": tuple(f"别名{letter}" for letter in "abcdefghijklmnopqrstu")},
        {"conversions": {"斤": 30}},
        {"conversions": {"kg": 30}},
        {"conversions": {"板": 0}},
        {"conversions": {"": 3}},
    ],
)
def test_what_cannot_be_a_product(values: dict[str, object]) -> None:
    with pytest.raises(Refused):
        checked(details(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"name": "很" * 40},
        {"name": "7up"},
        {"name": "🥚"},
        {"unit": "500g"},
        {"price": Money(0)},
        {"price": Money(10_000_000)},
        {"content_pieces": 1},
        {"aliases": ()},
        {"aliases": ("2号蛋",)},
    ],
)
def test_what_may_be_a_product(values: dict[str, object]) -> None:
    checked(details(**values))


def test_what_is_typed_is_cleaned() -> None:
    kept = checked(
        details(name=" 土鸡蛋\u202e ", aliases=("鸡蛋", " 鸡 蛋", "土鸡蛋", "", "Egg", "egg"))
    )
    assert kept.name == "土鸡蛋"
    assert kept.aliases == ("鸡蛋", "Egg")


def test_the_content_of_goods_sold_by_weight_is_their_weight() -> None:
    assert checked(details(content_grams=400)).content_grams is None
    assert checked(details(unit="盒", content_grams=400)).content_grams == 400


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("", "个", {}),
        ("1板=30个", "个", {"板": 30}),
        ("板=30", "个", {"板": 30}),
        ("1板＝30枚", "枚", {"板": 30}),
        ("板:30、箱：360", "个", {"板": 30, "箱": 360}),
        ("1 板 = 30 个\n1箱=12", "个", {"板": 30, "箱": 12}),
        ("袋=5斤", "斤", {"袋": 2500}),
        ("袋=5", "斤", {"袋": 2500}),
        ("袋=2.5公斤", "斤", {"袋": 2500}),
        ("袋=2.5kg", "斤", {"袋": 2500}),
        ("袋=250g", "斤", {"袋": 250}),
        ("把=1.5", "斤", {"把": 750}),
    ],
)
def test_conversions_as_people_write_them(text: str, unit: str, expected: dict[str, int]) -> None:
    assert conversions_of(text, unit) == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("板30", "个"),
        ("=30", "个"),
        ("板=", "个"),
        ("板=三十", "个"),
        ("板=1.5", "个"),
        ("板=0", "个"),
        ("板=30斤", "个"),
        ("板=30个", "斤"),
        ("斤=2", "斤"),
        ("公斤=3", "斤"),
        ("2板=60", "个"),
        ("个=2", "个"),
    ],
)
def test_conversions_that_are_not_guessed(text: str, unit: str) -> None:
    with pytest.raises(Refused):
        conversions_of(text, unit)


@given(
    st.dictionaries(
        st.sampled_from(["板", "箱", "提", "打", "大袋"]),
        st.integers(min_value=1, max_value=rules.LARGEST_AMOUNT),
    ),
    st.sampled_from(["个", "斤", "公斤", "两"]),
)
def test_conversions_are_read_as_they_are_said(conversions: dict[str, int], unit: str) -> None:
    said = rules.conversions_said(conversions, Unit.named(unit))
    assert conversions_of(said, unit) == conversions


@given(st.text(max_size=60), st.sampled_from(["个", "斤"]))
def test_reading_conversions_ends_in_whole_amounts_or_a_sentence(text: str, unit: str) -> None:
    try:
        found = conversions_of(text, unit)
    except Refused as refused:
        assert str(refused)
    else:
        assert all(0 < amount <= rules.LARGEST_AMOUNT for amount in found.values())


@pytest.mark.parametrize(
    ("price", "unit", "grams", "expected"),
    [
        ("4.80", "斤", None, "4.80"),
        ("9.60", "公斤", None, "4.80"),
        ("3.00", "盒", 400, "3.75"),
        ("3.00", "盒", None, "None"),
        ("10.00", "份", 333, "15.02"),
        ("0.00", "份", 500, "0.00"),
    ],
)
def test_the_price_of_500_grams(price: str, unit: str, grams: int | None, expected: str) -> None:
    found = rules.price_per_jin(Money.of(price), Unit.named(unit), grams)
    assert str(found) == expected


@pytest.mark.parametrize(
    ("price", "purchase", "amount", "percent"),
    [
        ("4.80", "4.50", "0.30", "6.3"),
        ("4.80", "5.00", "-0.20", "-4.2"),
        ("0.00", "1.00", "-1.00", None),
        ("3.00", "0.00", "3.00", "100.0"),
    ],
)
def test_what_is_left_of_a_price(
    price: str, purchase: str, amount: str, percent: str | None
) -> None:
    found = rules.margin(Money.of(price), Money.of(purchase))
    assert found is not None
    assert str(found.amount) == amount
    assert found.percent == (Decimal(percent) if percent else None)
    assert rules.margin(Money.of(price), None) is None


def test_words_that_several_products_answer_to() -> None:
    words = {"土鸡蛋": ("鸡蛋", "蛋"), "洋鸡蛋": ("鸡 蛋",), "豆腐": ("蛋",), "青菜": ()}
    assert rules.shared_words(words) == {
        "鸡蛋": ("土鸡蛋", "洋鸡蛋"),
        "蛋": ("土鸡蛋", "豆腐"),
    }
    assert rules.shared_words({"鸡蛋": ("土鸡蛋",), "土鸡蛋": ()}) == {"土鸡蛋": ("鸡蛋", "土鸡蛋")}


@pytest.mark.parametrize("text", ["", "  ", "-", "四块八", "4.8.0", "4.805", "-1", "999999999"])
def test_prices_that_are_asked_back(text: str) -> None:
    with pytest.raises(Refused):
        rules.typed_price(text)


@pytest.mark.parametrize("text", ["4.8", "4.80", "￥4.8", "4.8元", "４．８", " 4.8 "])
def test_prices_as_people_type_them(text: str) -> None:
    assert rules.typed_price(text) == Money(480)


def test_a_pasted_list() -> None:
    text = """土鸡蛋 斤 4.8 鸡蛋,柴鸡蛋

老豆腐\t盒\t3元
小白菜 3.5元/份 白菜
土豆|袋|2.5|洋芋|马铃薯"""
    read = [line.details for line in listed(text)]
    assert [(each.name, each.unit, each.price.fen, each.aliases) for each in read if each] == [
        ("土鸡蛋", "斤", 480, ("鸡蛋", "柴鸡蛋")),
        ("老豆腐", "盒", 300, ()),
        ("小白菜", "份", 350, ("白菜",)),
        ("土豆", "袋", 250, ("洋芋", "马铃薯")),
    ]


def test_lines_of_a_pasted_list_that_are_asked_back() -> None:
    lines = listed("土鸡蛋 斤\n老豆腐 盒 三块\n土鸡蛋 斤 4.8\n土 鸡蛋\n土鸡蛋 斤 5\n")
    assert [(line.number, line.details is None) for line in lines] == [
        (1, True),
        (2, True),
        (3, False),
        (4, True),
        (5, True),
    ]
    assert "twice" in str(lines[4].problem)
    many = listed("\n".join(f"货{number} 份 1" for number in range(300)))
    assert [line.number for line in many if line.problem] == [201]


@given(st.text(max_size=200))
def test_reading_a_list_never_fails(text: str) -> None:
    for line in listed(text):
        assert (line.details is None) != (line.problem is None)
