"""Several tables together: joined by code, contradictions left out and named."""

from datetime import date

import pytest

from lib.supply.past import joining
from lib.supply.past.joining import fingerprint_of, join, reckoned_prepared
from tests.supply.past.cast import LOSS, NAMES, SALES, WHOLESALE, read, supermarket

DAY = date(2024, 5, 1)


def sentences(found: joining.Joined) -> list[str]:
    return [note.sentence for note in found.notes]


def test_four_files_of_a_supermarket_become_product_days() -> None:
    found = supermarket()
    lettuce, broccoli = found.goods
    assert (found.unit, found.days, found.span) == (
        "千克", 2, (date(2023, 6, 28), date(2023, 6, 29)),
    )  # fmt: skip
    assert (lettuce.name, lettuce.category, lettuce.loss) == ("云南生菜", "花叶类", 1525)
    figure = lettuce.figures[0]
    assert (figure.sold, figure.amount, figure.cost) == (1_000_000, 7_600_000, 4_320_000)
    assert figure.prepared is None
    assert broccoli.sold == 2_000_000
    assert sentences(found) == [joining.ONLY_COST, joining.NO_PREPARED]


def test_prepared_is_reckoned_only_when_asked_for_and_marked() -> None:
    found = supermarket(reckon=True)
    assert found.reckoned == 2
    figure = found.goods[0].figures[0]
    assert figure.reckoned
    assert figure.prepared == reckoned_prepared(1_000_000, 1525) == 1_179_941


@pytest.mark.parametrize(
    ("heading", "row", "prepared"),
    [
        (["期初", "到货"], [2, 8], 10),
        (["备货"], [9], 9),
        (["到货"], [7], 7),
        (["期初"], [5], None),
        (["期初", "到货", "备货"], [2, 8, 10], 10),
    ],
)
def test_prepared_is_opening_plus_received_else_its_own_column(
    heading: list[str], row: list[int], prepared: int | None
) -> None:
    found = join([read([["日期", "品名", *heading, "销量"], ["2024-05-01", "生菜", *row, 3]])])
    [figure] = found.goods[0].figures
    assert figure.prepared == (None if prepared is None else prepared * 1_000_000)


def test_prepared_that_is_not_opening_plus_received_is_left_out() -> None:
    rows = [["日期", "品名", "期初", "到货", "备货", "销量"], ["2024-05-01", "生菜", 2, 8, 11, 3]]
    found = join([read(rows)])
    assert not found.goods
    assert [(one.row, one.sentence) for one in found.findings] == [(2, joining.DISAGREE)]


def test_more_sold_than_prepared_is_kept_and_named() -> None:
    found = join([read([["日期", "品名", "备货", "销量"], ["2024-05-01", "生菜", 2, 3]])])
    assert found.days == 1
    assert [(one.sentence, one.left_out) for one in found.findings] == [(joining.MORE_SOLD, False)]


def test_a_day_without_a_sale_in_a_list_of_single_sales_sold_nothing() -> None:
    sales = [
        ["日期", "时间", "编码", "销量"],
        ["2024-05-01", "9:00", "1", 3],
        ["2024-05-02", "9:00", "2", 4],
    ]
    prepared = [["日期", "编码", "备货"], ["2024-05-01", "1", 9], ["2024-05-02", "1", 8],
                ["2024-05-09", "1", 8]]  # fmt: skip
    found = join([read(sales, "销售.csv"), read(prepared, "备货.csv")])
    first = next(good for good in found.goods if good.code == "1")
    assert [(one.day.day, one.sold) for one in first.figures] == [(1, 3_000_000), (2, 0)]
    assert joining.ZERO_SOLD in sentences(found)
    assert [one.sentence for one in found.findings] == [joining.NOT_SAID]


def test_tables_that_contradict_each_other_leave_that_day_out() -> None:
    rows = [["日期", "品名", "销量"], ["2024-05-01", "生菜", 3], ["2024-05-02", "生菜", 3]]
    other = [["日期", "品名", "销量"], ["2024-05-01", "生菜", 4], ["2024-05-02", "生菜", 3]]
    found = join([read(rows, "甲.csv"), read(other, "乙.csv")])
    assert [figure.day.day for figure in found.goods[0].figures] == [2]
    assert [(one.file, one.row) for one in found.findings] == [("乙.csv", 2)]
    assert joining.REPEATED in sentences(found)


def test_the_same_file_twice_is_read_once() -> None:
    found = join([read(SALES, "一.csv"), read(SALES, "二.csv")])
    assert found.days == 2
    assert joining.SAME_FILE in sentences(found)


def test_other_weights_are_converted_and_other_units_are_not_used() -> None:
    sales = read([["日期", "品名", "销量(千克)"], ["2024-05-01", "生菜", 3]], "a.csv")
    jin = read(
        [["日期", "品名", "备货(斤)", "进价(元/斤)"], ["2024-05-01", "生菜", 10, 2]], "b.csv"
    )
    boxes = read([["日期", "品名", "备货(盒)"], ["2024-05-01", "生菜", 10]], "c.csv")
    [figure] = join([jin, sales]).goods[0].figures
    assert (figure.sold, figure.prepared, figure.cost) == (3_000_000, 5_000_000, 4_000_000)
    assert joining.OTHER_UNIT in sentences(join([sales, boxes]))


def test_a_list_by_name_is_joined_to_the_codes_of_another() -> None:
    by_name = [["日期", "品名", "备货(千克)"], ["2023-06-28", "云南生菜", 5]]
    found = join([read(SALES), read(NAMES, "n.csv"), read(by_name, "p.csv")])
    assert found.goods[0].figures[0].prepared == 5_000_000


def test_two_codes_of_one_name_stay_two_products() -> None:
    names = [["编码", "名称"], ["1001", "净藕"], ["1002", "净藕"]]
    sales = [["日期", "编码", "销量"], ["2024-05-01", "1001", 3], ["2024-05-01", "1002", 4]]
    found = join([read(sales), read(names, "n.csv")])
    assert [good.name for good in found.goods] == ["净藕 1001", "净藕 1002"]


def test_a_loss_rate_of_a_category_serves_products_without_their_own() -> None:
    category = [["小分类编码", "小分类名称", "平均损耗率(%)"], ["1011010101", "花叶类", "12.83"]]
    found = join([read(SALES), read(NAMES, "n.csv"), read(category, "k.csv")])
    assert [good.loss for good in found.goods] == [1283, None]


def test_a_set_of_files_has_one_name_in_any_order() -> None:
    files = [read(SALES), read(WHOLESALE), read(LOSS)]
    assert fingerprint_of(files) == fingerprint_of(files[::-1])
    assert fingerprint_of(files) != fingerprint_of(files[:2])
