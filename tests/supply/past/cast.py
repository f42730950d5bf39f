"""Files of daily figures as tests write them, and what reading them gives."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import NamedTemporaryFile
from typing import Any

from lib.supply.past import child
from lib.supply.past.joining import Joined, join
from lib.supply.past.limits import DAILY_FIGURES
from lib.supply.past.reading import ReadFile, read_file, told

NOTHING: dict[str, Any] = {"corrections": {}}
TODAY = date(2026, 9, 25)
Rows = Iterable[Sequence[object]]

NAMES = [
    ["单品编码", "单品名称", "分类编码", "分类名称"],
    ["102900005110001", "云南生菜", "1011010101", "花叶类"],
    ["102900005110002", "西兰花", "1011010201", "花菜类"],
]
SALES = [
    [
        "销售日期",
        "扫码销售时间",
        "单品编码",
        "销量(千克)",
        "销售单价(元/千克)",
        "销售类型",
        "是否打折销售",
    ],
    ["2023-06-28", "09:15:07.924", "102900005110001", "0.396", "7.600", "销售", "否"],
    ["2023-06-28", "18:00:00.000", "102900005110001", "1.104", "7.600", "销售", "是"],
    ["2023-06-28", "19:00:00.000", "102900005110001", "-0.500", "7.600", "退货", "否"],
    ["2023-06-29", "10:00:00.000", "102900005110002", "2.000", "12.000", "销售", "否"],
]
WHOLESALE = [
    ["日期", "单品编码", "批发价格(元/千克)"],
    ["2023-06-28", "102900005110001", "4.32"],
    ["2023-06-29", "102900005110002", "8.00"],
    ["2023-06-30", "102900005110002", "8.10"],
]
LOSS = [
    ["单品编码", "单品名称", "平均损耗率(%)"],
    ["102900005110001", "云南生菜", "15.25"],
    ["102900005110002", "西兰花", "9.26"],
]


def text_file(rows: Rows, encoding: str = "utf-8-sig") -> bytes:
    """Return ``rows`` as the bytes of a .csv file."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def read(rows: Rows | bytes, name: str = "文件.csv", **corrections: Any) -> ReadFile:
    """Return a file as the reading process reads it, without starting one."""
    data = rows if isinstance(rows, bytes) else text_file(rows)
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        request = {"path": file.name, "password": None, "today": TODAY.isoformat(), **NOTHING}
        answers = child.answers({**request, **corrections}, DAILY_FIGURES)
        return told(name, (json.loads(json.dumps(message)) for message in answers))


def read_apart(rows: Rows | bytes, name: str = "文件.csv", **more: Any) -> ReadFile:
    """Return a file as the page reads it: in a process of its own."""
    data = rows if isinstance(rows, bytes) else text_file(rows)
    return read_file(data, name, TODAY, **more)


def supermarket(*, reckon: bool = False) -> Joined:
    """Return the four files of a supermarket joined."""
    tables = {"销售.csv": SALES, "批发.csv": WHOLESALE, "损耗.csv": LOSS, "名称.csv": NAMES}
    return join([read(rows, name) for name, rows in tables.items()], reckon=reckon)
