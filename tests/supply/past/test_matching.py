"""Whose figures these are, and how they are counted."""

from datetime import date
from decimal import Decimal

import pytest

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.supply.past import matching
from lib.supply.past.joining import Figure, PastGood
from lib.supply.past.matching import Choice, Fit, Shelf

DAY = date(2024, 5, 1)


def good(name: str = "生菜", code: str = "", **more: object) -> PastGood:
    one = PastGood(f"c:{code}" if code else f"n:{name}", code, name, "叶菜", None)
    for key, value in more.items():
        setattr(one, key, value)
    return one


def figure(sold: int, prepared: int | None = None, **more: object) -> Figure:
    return Figure(DAY, sold, prepared, False, None, None, False, 2)._replace(**more)


def shelf(number: int, name: str, *aliases: str, unit: str = "斤") -> Shelf:
    return Shelf(number, name, aliases, Unit.named(unit), {"箱": 20_000 if unit == "斤" else 12})


def test_known_by_what_was_chosen_by_name_by_alias_else_new() -> None:
    goods = [good("青菜", "1"), good("生 菜"), good("油麦"), good("莲藕")]
    shelves = [shelf(1, "生菜"), shelf(2, "油麦菜", "油麦"), shelf(3, "小青菜")]
    found = matching.proposed(goods, shelves, {"c:1": 3})
    assert [(one.product_id, one.fit) for one in found.values()] == [
        (3, Fit.REMEMBERED), (1, Fit.NAME), (2, Fit.ALIAS), (None, Fit.NEW),
    ]  # fmt: skip


def test_one_product_is_never_proposed_for_two() -> None:
    found = matching.proposed([good("生菜", "1"), good("生菜", "2")], [shelf(1, "生菜")], {})
    assert [one.product_id for one in found.values()] == [1, None]
    assert matching.twice_chosen({"a": Choice(1), "b": Choice(1), "c": Choice(2)}) == {1}


@pytest.mark.parametrize(
    ("word", "unit", "factor"),
    [
        ("千克", "斤", 1000),
        ("", "斤", 500),
        ("", "盒", 1),
        ("盒", "盒", 1),
        ("箱", "斤", 20_000),
        ("箱", "盒", 12),
        ("千克", "盒", None),
        ("份", "斤", None),
    ],
)
def test_quantities_are_counted_in_what_the_product_is_sold_by(
    word: str, unit: str, factor: int | None
) -> None:
    mine = shelf(1, "菜", unit=unit)
    found = matching.factor_of(word, mine.unit, mine.conversions)
    assert found == (None if factor is None else Decimal(factor))


def test_kilograms_become_grams_and_prices_of_a_jin() -> None:
    one = good(figures=[figure(1_500_000, 3_000_000, cost=8_000_000, amount=12_345_000)], loss=943)
    done = matching.booked(one, "千克", Unit.named("斤"), {})
    assert done.rows == ((DAY, 3000, 1500, False, 1235, 400, 943),)


def test_half_a_box_is_left_out_and_named() -> None:
    one = good(figures=[figure(1_500_000), figure(2_000_000)])
    done = matching.booked(one, "盒", Unit.named("盒"), {})
    assert [row.sold for row in done.rows] == [2]
    assert "1.5" in str(done.problems[0])


def test_kilograms_of_something_sold_by_the_box_are_refused() -> None:
    done = matching.booked(good(figures=[figure(1)]), "千克", Unit.named("盒"), {})
    assert not done.rows
    assert "千克" in str(done.problems[0])


def test_a_new_product_keeps_category_and_last_prices() -> None:
    details = matching.details_of(good(price=7_600_000, cost=4_320_000), "千克", is_fresh=True)
    assert (details.name, details.unit, details.category) == ("生菜", "公斤", "叶菜")
    assert (details.price, details.purchase_price) == (Money(760), Money(432))
    assert matching.details_of(good(), "", is_fresh=False).unit == "份"
    with pytest.raises(Refused):
        matching.details_of(good("123"), "斤", is_fresh=True)
