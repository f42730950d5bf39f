"""Measures the reading of order files: ``python -m bench.sheet_reader``.

Prints milliseconds for an honest list of 5,000 rows (opening and understanding apart), and time
and growth of this process's memory for the worst hostile files (reliability A18: < 10 s, < 50 MiB).
"""

import io
import tempfile
import time
from pathlib import Path

import psutil
import xlsxwriter

from lib.kernel.errors import ShopError
from lib.trade.orders.sheets import propose, read_workbook
from tests.trade.orders.sheets.test_hostile import FILES

ROWS = 5_000
HEADINGS = [
    "跟团号", "下单人", "团员备注", "支付时间", "团长备注", "商品", "订单金额", "退款金额",
    "订单状态", "自提点", "收货人", "联系电话", "详细地址",
]  # fmt: skip


def honest_list(rows: int) -> bytes:
    """Return a 快团团 order list of ``rows`` orders."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("订单列表")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(1, rows + 1):
        sheet.write_row(number, 0, [
            number, f"邻居{number}", "晚上拿", "2026-09-20 07:30:00", "",
            f"土鸡蛋 30枚/板 x{number % 5 + 1}\n老豆腐 400g/盒 x1",
            f"￥{number % 5 * 28.8 + 31.8:,.2f}",
            "0.00", "已支付", "店里", f"人{number}", f"138{number:08d}",
            f"金桂花园{number % 20 + 1}幢{number % 4 + 1}单元{number % 18 + 1}01室",
        ])  # fmt: skip
    book.close()
    return out.getvalue()


def measure_honest() -> None:
    """Print the time for an honest list."""
    data = honest_list(ROWS)
    started = time.perf_counter()
    book = read_workbook(data)
    opened = time.perf_counter()
    reading = propose(book)
    done = time.perf_counter()
    assert reading.totals.orders == ROWS
    print(f"{ROWS} orders: open {1000 * (opened - started):.0f} ms, "
          f"understand {1000 * (done - opened):.0f} ms")  # fmt: skip


def measure_hostile() -> None:
    """Print time and memory for every hostile file."""
    process = psutil.Process()
    for name, (make, _) in FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "orders.xlsx"
            path.write_bytes(make())
            before, started = process.memory_info().rss, time.perf_counter()
            try:
                propose(read_workbook(path))
                said = "read"
            except ShopError as error:
                said = type(error).__name__
            seconds = time.perf_counter() - started
            grown = (process.memory_info().rss - before) / 1024 / 1024
            print(f"{name:28} {seconds:6.2f} s {grown:+7.1f} MiB  {said}")


if __name__ == "__main__":
    measure_honest()
    measure_hostile()
