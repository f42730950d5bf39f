"""Whatever stands in a table: no crash, no lost row, and sums that add up."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lib.kernel.errors import ShopError
from lib.trade.orders.sheets import Sheet, Workbook, propose
from lib.trade.orders.sheets.child import text_answers
from lib.trade.orders.sheets.counting import counted
from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.goods import pieces, split_name
from lib.trade.orders.sheets.headings import SYNONYMS
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.moments import moment, pickup_time
from lib.trade.orders.sheets.tables import Fault
from lib.trade.orders.sheets.values import code, count, is_blank, money, phone

HEADINGS = [word for words in SYNONYMS.values() for word in words.split()]
SAYINGS = [
    "鸡蛋 30枚/板 x2", "鸡蛋x1\n豆腐x2", "甲(1件);乙(5件)",
    "合计", "小计：", "备注：无", "已取消",
    "部分退款", "已支付", "￥1,234.50", "-", "——", "12元5角", "１２．５", "1.2E+11", "3-201",
    "两份",
    "138****0077", "\t13800138000", "2025-09-20 07:30", "9月20日", "1/2/03", "#REF!", "2;1",
    "甲;乙",
]  # fmt: skip

cells = st.one_of(
    st.none(),
    st.sampled_from(SAYINGS),
    st.sampled_from(HEADINGS),
    st.text(max_size=12),
    st.integers(-5, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.sampled_from([Fault("#REF!"), Fault("=?")]),
)
rows = st.lists(st.lists(cells, max_size=8).map(tuple), max_size=8)


@st.composite
def books(draw: st.DrawFn) -> Workbook:
    """Sheets with a heading row somewhere, and anything around it."""
    sheets = []
    for number in range(draw(st.integers(1, 2))):
        head = tuple(draw(st.lists(st.sampled_from(HEADINGS), min_size=2, max_size=8)))
        body = (*draw(rows), head, *draw(rows))
        areas = st.tuples(
            st.integers(0, 9), st.integers(0, 7), st.integers(0, 9), st.integers(0, 7)
        )
        merged = tuple(
            (min(a, c), min(b, d), max(a, c), max(b, d))
            for a, b, c, d in draw(st.lists(areas, max_size=2))
        )
        hidden = draw(st.booleans())
        sheets.append(
            Sheet(
                f"s{number}",
                tuple(body),
                merged,
                hidden,
                frozenset(draw(st.sets(st.integers(0, 9)))),
            )
        )
    return Workbook("xlsx", tuple(sheets))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books())
def test_every_row_is_accounted_for_and_sums_add_up(book: Workbook) -> None:
    try:
        reading = propose(book)
    except ShopError:
        return
    seen = {origin for order in reading.orders for origin in order.origins}
    seen |= {skip.origin for skip in reading.skipped}
    seen |= {problem.origin for problem in reading.problems}
    places = {(origin.sheet, origin.row) for origin in seen}
    for about in reading.tables:
        sheet = next(sheet for sheet in book.sheets if sheet.name == about.sheet)
        later = [t.header_row for t in reading.tables if t.sheet == about.sheet]
        following = [row for row in later if row > about.header_row]
        end = min(following, default=len(sheet.rows) + 1)
        for number in range(about.last_header_row + 1, end):
            if any(not is_blank(cell) for cell in sheet.rows[number - 1]):
                assert (about.sheet, number) in places
    gross = sum(order.gross_fen or 0 for order in reading.orders if order.counts)
    assert reading.totals.gross_fen == gross
    assert Decimal(str(counted(reading)["gross_counted"])) * 100 == gross
    for order in reading.orders:
        assert all(line.quantity > 0 for line in order.lines)


@settings(deadline=None)
@given(cells)
def test_a_cell_is_read_or_refused(cell: Any) -> None:
    for read in (money, count, moment):
        try:
            read(cell)
        except ValueError:
            continue
    phone(cell)
    code(cell)
    pickup_time(cell)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SAYINGS)).map("，".join)))
def test_a_goods_cell_never_fails(text: str) -> None:
    for piece in pieces(text):
        assert piece.count is None or piece.count >= 0
    split_name(text)


@settings(deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(["￥{}", "{}元", " ¥ {} ", "{}", "RMB {}", "{} 元"]))
def test_money_as_written_is_money_as_read(fen: int, spelling: str) -> None:
    yuan = f"{Decimal(fen) / 100:,.2f}"
    assert money(spelling.format(yuan)).fen == fen
    wide = yuan.translate(str.maketrans("0123456789,.", "０１２３４５６７８９，．"))
    assert money(spelling.format(wide)).fen == fen


@settings(deadline=None)
@given(
    st.datetimes(dt.datetime.fromisoformat("1990-01-01"), dt.datetime.fromisoformat("2099-12-31"))
)
def test_moments_are_read_in_every_spelling(when: dt.datetime) -> None:
    minute = when.replace(second=0, microsecond=0)
    for spelling in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M", "%Y年%m月%d日 %H:%M"):
        assert moment(minute.strftime(spelling)) == minute


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        list(text_answers(data, "", Limits()))
    except Unreadable:
        return


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.text('鸡蛋豆腐abc123,;"\n\t ', max_size=6), min_size=3, max_size=3),
        min_size=2,
        max_size=6,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
@example([["", "\t\t", "1\t\t"], ["", "\t\t", "1\t\t"]], "utf-8")
@example([["", "\t\t", "\t\t"], ["", "\t\t", "\t\t"]], "utf-8")
def test_text_files_come_back_as_written(table: list[list[str]], encoding: str) -> None:
    from tests.trade.orders.sheets.build import text

    head = ["订单号", "下单人", "商品"]
    try:
        messages = list(text_answers(text([head, *table], encoding), "", Limits()))
    except Unreadable:
        return
    found = {message[0]: message[1] for message in messages if isinstance(message, list)}
    for number, row in enumerate(table, 1):
        written = [cell if cell.strip() else None for cell in row]
        while written and written[-1] is None:
            written.pop()
        assert found.get(number, []) == written
