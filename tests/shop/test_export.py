"""Exports open right in Excel in China, and nothing in them runs (E12; reliability D3, D4)."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lib.kernel.money import Money
from lib.shop import export

LIVE = [
    "=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x",
    '=HYPERLINK("http://evil","x")', "=cmd|' /C calc'!A0", " =1+1", "\u3000=1+1", "\x00=1+1",
    '"=1+1', "',=1+1", "x\n=1+1", "\ufffe=1+1",
]  # fmt: skip


def sheet_of(frame: pd.DataFrame) -> Any:
    return openpyxl.load_workbook(io.BytesIO(export.to_excel(frame))).active


def rows_of(frame: pd.DataFrame) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(export.to_excel(frame)))
    return book.get_sheet_by_index(0).to_python()


def csv_of(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(export.to_csv(frame).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", LIVE)
def test_no_cell_runs(text: str) -> None:
    frame = pd.DataFrame({"名": [text, "x"]})
    for row in sheet_of(frame).iter_rows():
        assert {cell.data_type for cell in row} <= {"s", "inlineStr"}
    cell = csv_of(frame)[1][0]
    assert not cell.lstrip(" \u3000").startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    )


def test_no_header_runs() -> None:
    frame = pd.DataFrame({"=1+1": [1], "\x00名": [2]})
    assert [cell.value for cell in next(sheet_of(frame).iter_rows())] == ["'=1+1", "名"]
    assert csv_of(frame)[0] == ["'=1+1", "名"]


@pytest.mark.parametrize("value", [-5, -5.5, Decimal("-5.5"), 0, 12345678901])
def test_numbers_stay_numbers(value: Any) -> None:
    frame = pd.DataFrame({"x": pd.Series([value], dtype=object)})
    cell = sheet_of(frame).cell(2, 1)
    assert cell.data_type == "n"
    assert cell.value == float(value)
    assert float(csv_of(frame)[1][0]) == float(value)


def test_money_shows_its_two_decimals() -> None:
    frame = pd.DataFrame({"价格": [480, -20, None], "份": [1, 2, 3]})
    ready = export.readable(frame, ["价格"], [], "Asia/Shanghai")
    sheet = sheet_of(ready)
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == [4.8, -0.2, None]
    assert sheet.column_dimensions["A"].number_format == "#,##0.00" or (
        sheet.cell(2, 1).number_format == "#,##0.00"
    )
    assert [row[0] for row in csv_of(ready)[1:]] == ["4.80", "-0.20", ""]


def test_money_objects_become_yuan() -> None:
    assert rows_of(pd.DataFrame({"x": [Money(480), Money(-20)]}))[1:] == [[4.8], [-0.2]]


def test_moments_are_the_shops_time_and_days_are_days() -> None:
    frame = pd.DataFrame(
        {
            "时间": [datetime(2026, 9, 25, 2, 30, tzinfo=UTC), None],
            "日": [date(2026, 9, 25), None],
        }
    )
    ready = export.readable(frame, [], ["时间"], "Asia/Shanghai")
    sheet = sheet_of(ready)
    assert sheet.cell(2, 1).value == datetime(2026, 9, 25, 10, 30)  # noqa: DTZ001 - Excel's
    assert sheet.cell(2, 1).is_date
    assert sheet.cell(2, 2).is_date
    assert csv_of(ready)[1] == ["2026-09-25 10:30:00", "2026-09-25"]


def test_a_moment_nobody_converted_does_not_stop_the_export() -> None:
    moment = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
    for frame in (
        pd.DataFrame({"x": [moment]}),
        pd.DataFrame({"x": pd.Series([moment], dtype=object)}),
    ):
        assert rows_of(frame)[1][0] == moment.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x0bc\x1fd", "abcd"),
        ("a\ud800b", "ab"),
        ("a\ufffeb\uffff", "ab"),
        ("小李👩‍👩‍👧", "小李👩‍👩‍👧"),
        ("长" * 40_000, "长" * 32_000),
        ("013812345678", "013812345678"),
        ("202609251234567890", "202609251234567890"),
        ("a\nb", "a\nb"),
        ('他说"好",再来', '他说"好",再来'),
    ],
)
def test_odd_text_is_cleaned_and_never_stops_an_export(text: str, kept: str) -> None:
    frame = pd.DataFrame({"x": pd.Series([text], dtype=object)})
    assert sheet_of(frame).cell(2, 1).value == kept
    assert rows_of(frame)[1][0] == kept
    assert csv_of(frame)[1][0] == kept


def test_csv_is_what_excel_in_china_expects() -> None:
    content = export.to_csv(pd.DataFrame({"商品": ["土鸡蛋"], "数量": [2]}))
    assert content == "\ufeff商品,数量\r\n土鸡蛋,2\r\n".encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, pd.NaT])
def test_what_is_no_number_is_empty(value: Any) -> None:
    frame = pd.DataFrame({"x": pd.Series([value], dtype=object), "y": [1]})
    assert sheet_of(frame).cell(2, 1).value is None
    assert csv_of(frame)[1] == ["", "1"]


def test_chinese_headers_and_several_columns_of_one_name() -> None:
    frame = pd.DataFrame([["a", "b"]], columns=["备注", "备注"])
    assert rows_of(frame) == [["备注", "备注"], ["a", "b"]]


def test_an_empty_table_is_a_file_with_a_header() -> None:
    frame = pd.DataFrame({"商品": pd.Series([], dtype=object)})
    assert rows_of(frame) == [["商品"]]
    assert csv_of(frame) == [["商品"]]


def test_the_header_stays_in_view() -> None:
    assert sheet_of(pd.DataFrame({"x": [1]})).freeze_panes == "A2"


@given(st.lists(st.one_of(st.text(), st.integers(-(10**12), 10**12), st.none(), st.booleans()),
                min_size=1, max_size=8))  # fmt: skip
def test_nothing_stops_an_export_and_nothing_runs(values: list[Any]) -> None:
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    for row in sheet_of(frame).iter_rows(min_row=2):
        assert row[0].data_type != "f"
    assert len(csv_of(frame)) == len(values) + 1


def test_the_frame_itself_is_left_alone() -> None:
    frame = pd.DataFrame({"x": ["=1"], "y": [480]})
    export.to_excel(export.readable(frame, ["y"], [], "Asia/Shanghai"))
    assert frame.to_dict("list") == {"x": ["=1"], "y": [480]}
