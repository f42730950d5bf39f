"""Which heading means what, and in which unit."""

import pytest

from lib.supply.past.headings import Field, layout_fingerprint, meaning, proposed, unit_of


@pytest.mark.parametrize(
    ("heading", "field", "unit"),
    [
        ("销售日期", Field.DAY, ""),
        ("扫码销售时间", Field.TIME, ""),
        ("单品编码", Field.CODE, ""),
        ("分类编码", Field.IGNORED, ""),
        ("小分类名称", Field.CATEGORY, ""),
        ("销量(千克)", Field.SOLD, "千克"),
        ("销量kg", Field.SOLD, "kg"),
        ("销售单价（元/千克）", Field.PRICE, "千克"),
        ("批发价格(元/千克)", Field.COST, "千克"),
        ("进价元/斤", Field.COST, "斤"),
        ("平均损耗率(%)", Field.LOSS, ""),
        ("平均损耗率(%)_小分类编码_不同值", Field.LOSS, ""),
        ("期初库存", Field.OPENING, ""),
        ("到货量（斤）", Field.RECEIVED, "斤"),
        ("备货", Field.PREPARED, ""),
        ("售罄", Field.SOLD_OUT, ""),
        ("Date", Field.DAY, ""),
        ("Prepared", Field.PREPARED, ""),
        ("sold_qty", Field.SOLD, ""),
        ("Sold out", Field.SOLD_OUT, ""),
        ("天气", None, ""),
    ],
)
def test_headings_of_tills_and_data_sets(heading: str, field: Field | None, unit: str) -> None:
    assert meaning(heading) is field
    assert unit_of(heading) == unit


def test_of_two_columns_for_one_field_the_first_counts() -> None:
    assert proposed(("日期", "销量", "销售量")) == {
        0: Field.DAY,
        1: Field.SOLD,
        2: Field.IGNORED,
    }


def test_a_layout_is_known_again_by_its_headings_and_units() -> None:
    assert layout_fingerprint(("日期 ", "销量(千克)")) == layout_fingerprint(
        ("日期", "销量（千克）")
    )
    assert layout_fingerprint(("日期", "销量(千克)")) != layout_fingerprint(("日期", "销量(斤)"))
