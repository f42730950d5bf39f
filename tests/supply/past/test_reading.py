"""Files of daily figures through the reading process: sums, problems with their rows, limits."""

from dataclasses import replace
from datetime import date

import pytest

from lib.supply.past import tables
from lib.supply.past.headings import Field
from lib.supply.past.limits import DAILY_FIGURES
from lib.trade.orders.sheets import PasswordNeeded, UnreadableFile
from tests.supply.past.cast import NAMES, SALES, read, read_apart, text_file
from tests.trade.orders.sheets import build

DAILY = ["日期", "品名", "期初(斤)", "到货(斤)", "销量(斤)", "售罄"]
DAY = date(2024, 5, 1)


def test_single_sales_are_added_up_and_returns_come_off() -> None:
    table = read(SALES).tables[0]
    lettuce = table.days["c:102900005110001", date(2023, 6, 28)]
    assert (lettuce.rows, lettuce.sold, lettuce.amount) == (3, 1_000_000, 7_600_000)
    assert table.returns == 1
    assert table.layout.unit == "千克"
    assert not table.problems


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_any_encoding_of_a_shop_gives_the_same_figures(encoding: str) -> None:
    assert read(text_file(SALES, encoding)).tables[0].days == read(SALES).tables[0].days


def test_the_reading_process_says_the_same() -> None:
    apart = read_apart(SALES)
    assert (apart.tables, apart.kind) == (read(SALES).tables, "csv")


def test_a_workbook_gives_the_same_figures_as_text() -> None:
    typed = [
        [float(cell) if number and at in (3, 4) else cell for at, cell in enumerate(row)]
        for number, row in enumerate(SALES)
    ]
    assert read(build.xlsx({"附件2": typed})).tables[0].days == read(SALES).tables[0].days


def test_what_cannot_be_read_is_named_with_its_row_and_the_rest_is_kept() -> None:
    rows = [
        DAILY,
        ["2024-05-01", "生菜", 2, 8, 4, "否"],
        ["2024-05-02", "生菜", "两三斤", 8, 4, ""],
        ["2024-05-03", "生菜", 2, 8, "", ""],
        ["2024-05-04", "", 2, 8, 4, ""],
        ["", "生菜", 2, 8, 4, ""],
        ["2099-01-01", "生菜", 2, 8, 4, ""],
        ["2024-05-05", "生菜", 2, -8, 4, ""],
        ["2024-05-06", "生菜", 2, 8, 4, "也许"],
        ["合计", "", "", "", 28, ""],
    ]
    table = read(rows).tables[0]
    assert {day for _, day in table.days} == {DAY}
    assert [problem.row for problem in table.problems] == [3, 4, 5, 6, 7, 8, 9]
    assert (table.left_out, table.total_rows) == (7, 1)


def test_a_day_that_stands_twice_in_a_list_of_days_is_left_out() -> None:
    rows = [DAILY, *[["2024-05-01", "生菜", 2, 8, sold, ""] for sold in (4, 5)]]
    table = read(rows).tables[0]
    assert not table.days
    assert [(one.row, one.sentence) for one in table.problems] == [(3, tables.TWICE)]


def test_closed_days_are_counted_and_are_no_figures() -> None:
    rows = [
        DAILY,
        ["2024-05-01", "生菜", "", "", "休息", ""],
        ["2024-05-02", "生菜", 0, 5, 1, ""],
    ]
    table = read(rows).tables[0]
    assert table.closed == 1
    assert [day.day for _, day in table.days] == [2]
    shut = [["日期", "品名", "销量", "闭店"], ["2024-05-01", "生菜", 3, "是"]]
    assert read(shut).tables[0].problems[0].sentence == tables.CLOSED_SOLD


def test_codes_keep_all_their_digits_or_the_row_is_left_out() -> None:
    rows = [["日期", "编码", "销量"], ["2024-05-01", "1.029E+14", 3], ["2024-05-01", "00123", 3]]
    table = read(rows).tables[0]
    assert list(table.goods) == ["c:00123"]
    assert table.problems[0].sentence == tables.CODE_LOST


def test_a_loss_rate_is_percent_by_its_heading_or_a_fraction_by_all_of_them() -> None:
    percent = read([["单品编码", "损耗率(%)"], ["1", "0.5"], ["2", "9.43"], ["3", "100"]]).tables[0]
    assert [good.loss for good in percent.goods.values()] == [50, 943, None]
    assert percent.problems[0].sentence == tables.NO_RATE
    fractions = read([["单品编码", "损耗率"], ["1", "0.005"], ["2", "9.43%"]]).tables[0]
    assert [good.loss for good in fractions.goods.values()] == [50, 943]


def test_prices_for_another_weight_become_prices_for_the_quantities() -> None:
    rows = [["日期", "品名", "销量(千克)", "单价(元/斤)"], ["2024-05-01", "生菜", 2, 3]]
    [sums] = read(rows).tables[0].days.values()
    assert (sums.price, sums.amount) == (6_000_000, 12_000_000)


def test_a_correction_is_used_and_a_table_without_known_headings_waits_for_one() -> None:
    rows = [["甲", "乙", "丙"], ["2024-05-01", "生菜", 3]]
    table = read(rows).tables[0]
    assert (table.head, table.days) == (0, {})
    kept = {"columns": {"0": "day", "1": "name", "2": "sold"}, "unit": "斤"}
    again = read(rows, corrections={table.layout.fingerprint: kept}).tables[0]
    assert (again.head, again.layout.unit) == (1, "斤")
    assert [sums.sold for sums in again.days.values()] == [3_000_000]


def test_dates_merged_over_several_rows_hold_for_all_of_them() -> None:
    rows = [["日期", "品名", "销量"], ["2024-05-01", "生菜", 3], [None, "西兰花", 2]]
    table = read(build.xlsx({"日报": rows}, merge=["A2:A3"])).tables[0]
    assert sorted(sums.sold or 0 for sums in table.days.values()) == [2_000_000, 3_000_000]


def test_names_and_categories_are_read_without_days() -> None:
    goods = read(NAMES).tables[0].goods
    assert [(good.name, good.category) for good in goods.values()] == [
        ("云南生菜", "花叶类"),
        ("西兰花", "花菜类"),
    ]
    assert Field.CATEGORY in read(NAMES).tables[0].tells


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "not_a_workbook"),
        ('日期,品名,销量\n2024-05-01,"生菜,3\n2024-05-02,西兰花,2\n'.encode(), "unclosed_quote"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence(data: bytes, cause: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_apart(data)
    assert refused.value.cause == cause


def test_a_locked_workbook_asks_for_its_password() -> None:
    from tests.trade.orders.sheet_cast import SAMPLES

    with pytest.raises(PasswordNeeded):
        read_apart((SAMPLES / "kuaituantuan_orders_password_8888.xlsx").read_bytes())


def test_more_rows_than_allowed_are_refused() -> None:
    few = replace(DAILY_FIGURES, rows=3)
    with pytest.raises(UnreadableFile) as refused:
        read_apart(SALES, limits=few)
    assert refused.value.cause == "too_many_rows"
