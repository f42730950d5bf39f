"""Long texts row by row: the same rows as texts held in memory, or the same refusal."""

import pytest

from lib.trade.orders.sheets import long_texts, read_workbook, texts
from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.limits import Limits
from tests.trade.orders.sheets import build

LIMITS = Limits(rows=70_000)
HEAD = ["日期", "商品", "数量"]
ROWS = [HEAD, *[["2024-05-01", f"生菜，第{number}种", number] for number in range(30)]]


def rows_of(data: bytes) -> list[tuple[int, list[str | None]]]:
    return list(long_texts.rows_of(data, long_texts.encoding_of(data)[0], LIMITS))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_same_rows_as_a_text_in_memory(encoding: str, delimiter: str) -> None:
    data = build.text(ROWS, encoding, delimiter)
    assert rows_of(data) == list(texts.rows_of(texts.decode(data).text, LIMITS))


def test_digits_first_and_chinese_far_below_is_still_gb18030() -> None:
    data = b"1,2,3\r\n" * 60_000 + "合计,生菜,3\r\n".encode("gb18030")
    assert long_texts.encoding_of(data) == ("gb18030", 0)
    assert rows_of(data)[-1] == (60_000, ["合计", "生菜", "3"])


def test_broken_characters_are_counted() -> None:
    data = "日期,商品\r\n".encode() * 50 + b"2024-05-01,\xff\r\n"
    assert long_texts.encoding_of(data) == ("utf-8", 1)


def test_a_separator_line_of_excel_is_no_row() -> None:
    assert rows_of(b"sep=;\r\na;b\r\n1;2\r\n") == [(0, ["a", "b"]), (1, ["1", "2"])]


@pytest.mark.parametrize(
    "bad", ['1,"2,3\n1,2,3\n', '1,"2,3\n4,5",6,7\n1,2,3\n', '1,2,"3\n']
)  # fmt: skip
def test_a_quote_that_swallows_rows_is_refused_with_its_row(bad: str) -> None:
    with pytest.raises(Unreadable) as refused:
        rows_of((("1,2,3\n" * 20) + bad).encode())
    assert refused.value.cause == "unclosed_quote"
    assert refused.value.values["row"] == 21


def test_too_many_rows_or_columns_are_refused() -> None:
    for data, limits in (
        (b"1,2\n" * 9, Limits(rows=8)),
        (b"1,2\n" * 20 + b"1,2,3,4\n", Limits(columns=3)),
    ):
        with pytest.raises(Unreadable):
            list(long_texts.rows_of(data, "utf-8", limits))


def test_columns_left_empty_in_a_workbook_keep_their_place() -> None:
    book = read_workbook(build.xlsx([[None, None, None], [None, None, "日期"], [None, 3, "x"]]))
    assert book.sheets[0].rows[1:] == ((None, None, "日期"), (None, 3, "x"))
    book = read_workbook(build.xlsx([[None, "a"], [None, "b"]]))
    assert book.sheets[0].rows == ((None, "a"), (None, "b"))
