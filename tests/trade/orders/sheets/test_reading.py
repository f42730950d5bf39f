"""Reading a whole file: mapping and its correction, doubts, rows left out, identity."""

import csv
import datetime as dt
import io
from typing import Any

import pytest

from lib.trade.orders.sheets import (
    Field,
    Heading,
    Reading,
    SheetOrder,
    file_fingerprint,
    key_of,
    order_key,
    propose,
    read_orders,
    read_workbook,
    tables,
)
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.texts import parsed
from tests.trade.orders.sheets.build import Rows, text, xlsx

LIST: Rows = [
    ["跟团号", "下单人", "商品", "订单金额", "联系电话", "自提时间"],
    [1, "甲", "鸡蛋x1", 10, "13800138000", "2026-09-20 18:00 - 2026-09-20 21:00"],
    [2, "乙", "豆腐x2", 6, "138****0077", "晚上"],
]


def read(rows: Rows | dict[str, Rows], **how: Any) -> Reading:
    return propose(read_workbook(xlsx(rows, **how)))


def doubts(order: SheetOrder) -> str:
    return " | ".join(doubt.said() for doubt in order.doubts)


def test_mapping_is_shown_with_its_headings() -> None:
    about = read(LIST).tables[0]
    assert about.mapping.columns[Field.BUYER] == Heading(1, "下单人")
    assert about.platform == "快团团"
    assert (about.header_row, about.orders, about.left_out) == (1, 2, "")


def test_a_corrected_mapping_is_used_and_remembered_by_layout() -> None:
    rows = [["单号", "姓名", "买的", "给了"], ["1", "甲", "鸡蛋x2", 20]]
    book = read_workbook(xlsx(rows))
    table = tables(book.sheets[0])[0]
    fixed = table.mapping.corrected(
        {Field.GOODS: Heading(2, "买的"), Field.ORDER_TOTAL: Heading(3, "给了")}
    )
    order = read_orders(table, fixed).orders[0]
    assert (order.gross_fen, order.lines[0].product) == (2000, "鸡蛋")
    again = propose(book, {table.header_fingerprint: fixed})
    assert again.totals.gross_fen == 2000


def test_fingerprint_names_the_layout_not_the_rows() -> None:
    def name(rows: Rows) -> str:
        return tables(read_workbook(xlsx(rows)).sheets[0])[0].header_fingerprint

    assert name(LIST) == name([["标题"], [], *LIST[:2]])
    assert name(LIST) != name([["订单号", *LIST[0][1:]], *LIST[1:]])


def test_fields_of_an_order() -> None:
    first = read(LIST).orders[0]
    assert first.phone == "13800138000"
    assert first.pickup.ends == dt.datetime.fromisoformat("2026-09-20 21:00")
    assert first.origins[0].row == 2
    assert first.net is not None
    assert first.net.fen == 1000


def test_unreadable_cells_are_problems_and_good_rows_stay() -> None:
    reading = read([LIST[0], [1, "甲", "鸡蛋x1", "十块"], [2, "乙", "豆腐x2", 6]])
    assert [(p.origin.row, p.column) for p in reading.problems] == [(2, "订单金额")]
    assert reading.totals.gross_fen == 600
    assert "十块" in doubts(reading.orders[0])


def test_rows_left_out_have_a_reason() -> None:
    reading = read([*LIST, ["合计", None, None, 16], ["备注：如有问题请联系团长"]])
    assert [skip.origin.row for skip in reading.skipped] == [4, 5]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["订单号", "姓名", "商品", "数量", "单价", "实付金额"], ["1", "甲", "鸡蛋", 2, 10, 25]],
         "add up to 20.00"),
        ([["跟团号", "下单人", "商品", "订单金额"], [1, "甲", "鸡蛋", 10]], "read as 1"),
        ([["跟团号", "下单人", "商品", "数量", "订单金额"], [1, "甲", "鸡蛋x2;豆腐x1", 5, 10]],
         "how much of each"),
        ([["跟团号", "下单人", "商品", "订单金额", "退款金额"], [1, "甲", "鸡蛋x2", 5, 10]],
         "larger than"),
        ([["姓名", "房号", "商品", "数量", "小计"], ["甲", "3-201", "鸡蛋", 1, 10],
          ["甲", "3-201", "豆腐", 1, 3]], "read as one order"),
        ([["订单号", "姓名", "商品", "数量", "订单金额"], ["1", "甲", "鸡蛋", 1, 13],
          ["1", "甲", "豆腐", 1, 13]], "counted once"),
        ([["订单号", "姓名", "商品", "下单时间", "订单金额"], ["1", "甲", "鸡蛋x1", "1/2/03", 13]],
         "not a date"),
    ],
)  # fmt: skip
def test_what_can_be_wrong_is_said(rows: Rows, words: str) -> None:
    assert words in doubts(read(rows).orders[0])


def test_sheets_that_disagree_are_told_apart() -> None:
    reading = read(
        {
            "订单": [["订单号", "下单人", "商品", "订单金额"],
                   ["1", "甲", "鸡蛋x1", 10], ["2", "乙", "豆腐x1", 3], ["3", "丙", "豆腐x1", 3]],
            "备份": [["订单号", "下单人", "商品", "订单金额"],
                   ["1", "甲", "鸡蛋x1", 10], ["2", "乙", "豆腐x2", 6], ["3", "丙", "豆腐x1", 3]],
        }
    )  # fmt: skip
    assert reading.totals.orders == 3
    assert "6.00" in doubts(reading.orders[1])
    assert reading.notes


def test_formula_without_result_is_never_zero() -> None:
    reading = read([LIST[0], [1, "甲", "鸡蛋x1", "=1+1"], [2, "乙", "豆腐x2", 6]])
    assert reading.orders[0].gross_fen is None
    assert reading.problems[0].column == "订单金额"


def test_leading_zeros_stay() -> None:
    rows = [
        ["订单号", "下单人", "商品", "订单金额"],
        [7, "甲", "鸡蛋x1", 10],
        ["0008", "乙", "鸡x1", 1],
    ]
    orders = read(rows, formats={"A2": "00000"}).orders
    assert [order.order_no for order in orders] == ["00007", "0008"]


def test_rounded_order_numbers_join_nothing() -> None:
    rows = [["订单号", "买家昵称", "商品", "实付金额"], ["8.2E+14", "甲", "鸡蛋x1", "10"],
            ["8.2E+14", "甲", "豆腐x1", "3"]]  # fmt: skip
    reading = propose(read_workbook(text(rows)))
    assert reading.totals.orders == 2
    assert "digits" in doubts(reading.orders[0])


def test_an_order_is_known_again_in_another_file() -> None:
    first = read(LIST)
    again = read([["新导出"], LIST[0], LIST[2], LIST[1]])
    assert {key_of(order) for order in first.orders} == {key_of(order) for order in again.orders}
    assert order_key("有赞", "E1") == order_key("有赞", "\tE1")
    assert order_key("快团团", group_no="1", buyer="甲") != order_key(
        "快团团", group_no="1", buyer="乙"
    )
    data = xlsx(LIST)
    assert read_workbook(data).fingerprint == file_fingerprint(data)


def test_the_longest_cell_is_no_setting_of_the_whole_process() -> None:
    before = csv.field_size_limit()
    rows = list(parsed(io.StringIO("a,b\n1,2\n"), ",", Limits(cell_chars=10)))
    assert rows == [["a", "b"], ["1", "2"]]
    with pytest.raises(csv.Error):
        list(parsed(io.StringIO("x" * 100), ",", Limits(cell_chars=10)))
    assert csv.field_size_limit() == before
