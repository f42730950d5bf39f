"""What single cells say: money, quantity, phone, dates, goods, statuses."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from lib.trade.orders.sheets import statuses
from lib.trade.orders.sheets.goods import pieces, split_name
from lib.trade.orders.sheets.moments import moment, pickup_time
from lib.trade.orders.sheets.places import place_in
from lib.trade.orders.sheets.statuses import Meaning, judge
from lib.trade.orders.sheets.tables import Fault
from lib.trade.orders.sheets.values import NUMBER_LOST, PHONE_LOST, code, count, money, phone


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("￥1,234.50", 123450), ("¥12", 1200), ("12.5元", 1250), ("12元5角", 1250), ("5角", 50),
        ("１２．５", 1250), (" 272.40 ", 27240), (12, 1200), (30.4, 3040), (0.1 + 0.2, 30),
        ("(12.00)", -1200), ("-3.5", -350), ("69.20(分销商等级折扣：47.80)", 6920), ("RMB 5", 500),
        ("-", None), ("——", None), ("", None), (None, None), ("0.00", 0), ("1e3", 100000),
    ],
)  # fmt: skip
def test_money(cell: Any, fen: int | None) -> None:
    assert money(cell).fen == fen


@pytest.mark.parametrize(
    "cell",
    ["五元", "12..5", "12,50", "1.234,50", "约", Fault("#REF!"), True, float("inf"), 1e308,
     "1\x000", "12/5", dt.date(2025, 9, 20)],
)  # fmt: skip
def test_no_money(cell: Any) -> None:
    with pytest.raises(ValueError, match="not"):
        money(cell)


@pytest.mark.parametrize("cell", [12.345, "12.345", "69.20(折扣47.80)", "1e3"])
def test_money_with_a_doubt(cell: Any) -> None:
    assert money(cell).doubt


@pytest.mark.parametrize(
    ("cell", "number", "unit"),
    [
        (3, "3", ""), ("3件", "3", "件"), ("×3", "3", ""), ("x３", "3", ""), ("两份", "2", "份"),
        ("十二", "12", ""), ("半斤", "0.5", "斤"), ("一斤半", "1.5", "斤"), ("1,000", "1000", ""),
        ("[2]", "2", ""), ("二十", "20", ""), (2.5, "2.5", ""), (" 7 ", "7", ""),
    ],
)  # fmt: skip
def test_count(cell: Any, number: str, unit: str) -> None:
    found = count(cell)
    assert found is not None
    assert (found.number, found.unit) == (Decimal(number), unit)


@pytest.mark.parametrize("cell", ["若干", "3+1", -1, "1e9", Fault("#N/A"), True, 10**9, "2;1"])
def test_no_count(cell: Any) -> None:
    with pytest.raises(ValueError, match="not"):
        count(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("\t13800138000", "13800138000"), (13800138000, "13800138000"),
        (13800138000.0, "13800138000"), ("+86 138 0013 8000", "13800138000"),
        ("86-13800138000", "13800138000"), ("138-0013-8000", "13800138000"),
        ("138****0077", "138****0077"), ("１３８００１３８０００", "13800138000"),
        ("1.3800138E+10", ""), ("0571-88888888", "0571-88888888"), ("", ""), ("-", ""),
    ],
)  # fmt: skip
def test_phone(cell: Any, text: str) -> None:
    assert phone(cell).text == text


def test_lost_digits_are_told() -> None:
    assert phone("1.38E+10").doubt == PHONE_LOST
    assert code(820000000000000123.0).doubt == NUMBER_LOST
    assert code("8.2E+14").doubt == NUMBER_LOST
    assert code("\t000123") == ("000123", None)
    assert code(17.0) == ("17", None)


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        ("2025-09-20 07:30:05", "2025-09-20 07:30:05"), ("2025/9/20 7:30", "2025-09-20 07:30"),
        ("2025.09.20 07:30", "2025-09-20 07:30"), ("2025年9月20日 下午3点半", "2025-09-20 15:30"),
        ("20250920", "2025-09-20"), ("9月20日 7:30", "2025-09-20 07:30"),
        (45920.3125, "2025-09-20 07:30"), ("45920.3125", "2025-09-20 07:30"),
        (dt.date(2025, 9, 20), "2025-09-20"), ("2025-09-20T00:30:00Z", "2025-09-20 08:30"),
        ("2025-09-20（周六）18:00", "2025-09-20 18:00"),
    ],
)  # fmt: skip
def test_moment(cell: Any, when: str) -> None:
    assert moment(cell, year=2025) == dt.datetime.fromisoformat(when)


@pytest.mark.parametrize("cell", ["1/2/03", "昨天", "2025-13-40", "31/9/2025", 12, True])
def test_no_moment(cell: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment(cell)


def test_pickup_ranges() -> None:
    slot = pickup_time("2026-06-20 11:00 - 2026-06-20 12:00")
    assert slot.starts == dt.datetime.fromisoformat("2026-06-20 11:00")
    assert slot.ends == dt.datetime.fromisoformat("2026-06-20 12:00")
    short = pickup_time("9月20日 18:00-21:00", year=2026)
    assert short.ends == dt.datetime.fromisoformat("2026-09-20 21:00")
    assert pickup_time("晚上拿").text == "晚上拿"


GOODS = {
    "阳光玫瑰葡萄 1kg/盒 x1\n小白菜 约500g/份 x３": [("阳光玫瑰葡萄", 1), ("小白菜", 3)],
    "商品甲(1件);商品乙 30枚/板(5件)": [("商品甲", 1), ("商品乙", 5)],
    "土鸡蛋*3\n五花肉*2": [("土鸡蛋", 3), ("五花肉", 2)],
    "老豆腐 400g/盒 [数量:2] 东北大米 10斤/袋 [数量:1]": [("老豆腐", 2), ("东北大米", 1)],
    "两瓶消毒液、3份豆腐": [("消毒液", 2), ("豆腐", 3)],
    "A+1、B*2": [("A", 1), ("B", 2)],
    "可乐330ml*24罐/箱 x2": [("可乐", 2)],
    "土鸡蛋（30枚）x2": [("土鸡蛋", 2)],
    "土鸡蛋*2(30枚/板)": [("土鸡蛋", 2)],
    "水饺 ￥22.00 x2 ￥44.00": [("水饺", 2)],
    "1、豆腐(2);2、鸡蛋【1份】": [("豆腐", 2), ("鸡蛋", 1)],
    "老干妈 风味豆豉 280g/瓶 x2": [("老干妈 风味豆豉", 2)],
    "【次日达】土鸡蛋 30枚/板 x2": [("土鸡蛋", 2)],
    "土鸡蛋 2件 小白菜 3件": [("土鸡蛋", 2), ("小白菜", 3)],
    "鸡蛋2板 豆腐1盒": [("鸡蛋", 2), ("豆腐", 1)],
    "鸡蛋、豆腐各1": [("鸡蛋", 1), ("豆腐", 1)],
    "商品：土鸡蛋，规格：30枚/板，数量：2": [("土鸡蛋", 2)],
    "A套餐（鸡蛋+豆腐）x2": [("A套餐", 2)],
    "7喜 500ml x2": [("7喜", 2)],
    "土鸡蛋 28.80*2": [("土鸡蛋", 2)],
    "豆腐\nx2": [("豆腐", 2)],
}


@pytest.mark.parametrize("cell", GOODS)
def test_goods_cell(cell: str) -> None:
    found = pieces(cell)
    assert [(piece.name, piece.count) for piece in found] == GOODS[cell]
    assert not [doubt for piece in found for doubt in piece.doubts]


@pytest.mark.parametrize(
    "cell",
    ["商品甲x2，商品乙", "鸡蛋2 豆腐1", "五花肉500g*2", "土鸡蛋(30枚)", "红富士苹果，脆甜 x2",
     "苹果3斤", "鸡蛋2板豆腐1盒", "鸡蛋2", "土鸡蛋x2(已退款)", "鸡蛋 x999999"],
)  # fmt: skip
def test_goods_that_can_be_read_in_two_ways_say_so(cell: str) -> None:
    assert [doubt for piece in pieces(cell) for doubt in piece.doubts]


def test_known_names_settle_commas() -> None:
    found = pieces("红富士苹果，脆甜 x2", frozenset({"红富士苹果,脆甜", "红富士苹果 脆甜"}))
    assert sum(piece.count or 0 for piece in found) in (2, 3)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("车厘子 JJ级 5斤/箱", "车厘子"), ("手工水饺1kg/袋", "手工水饺"),
        ("土鸡蛋（30枚/板）", "土鸡蛋"),
        ("老豆腐[400g/盒]", "老豆腐"), ("98号汽油", "98号汽油"), ("牛奶 250ml*12盒", "牛奶"),
        ("红富士 大果 5斤", "红富士"), ("土鸡蛋-30枚/板", "土鸡蛋"),
        ("Organic Milk 1L", "Organic Milk"),
    ],
)  # fmt: skip
def test_base_name(text: str, name: str) -> None:
    assert split_name(text)[0] == name


@pytest.mark.parametrize(
    ("order", "refund", "pay", "gross", "back", "meaning"),
    [
        ("已支付", "", "", 100, 0, Meaning.COUNTED),
        ("已取消", "", "", 100, 0, Meaning.CANCELLED),
        ("交易关闭", "全部退款成功", "", 100, 100, Meaning.REFUNDED),
        ("交易完成", "部分退款成功", "", 100, 20, Meaning.PART_REFUNDED),
        ("已完成", "退款成功", "", 100, 20, Meaning.PART_REFUNDED),
        ("已完成", "退款成功", "", 100, 100, Meaning.REFUNDED),
        ("已退款", "", "", 100, 100, Meaning.REFUNDED),
        ("已支付/已退款", "", "", 100, 100, Meaning.REFUNDED),
        ("待支付", "", "", 100, 0, Meaning.UNPAID),
        ("未付款", "", "", 100, 0, Meaning.UNPAID),
        ("", "", "否", 100, 0, Meaning.UNPAID),
        ("待发货", "退款中", "", 100, 0, Meaning.COUNTED),
        ("已完成", "退款关闭", "", 100, 0, Meaning.COUNTED),
        ("已完成", "未退款", "", 100, 0, Meaning.COUNTED),
        ("已发货", "", "", 100, 30, Meaning.PART_REFUNDED),
        ("", "", "", 100, 100, Meaning.REFUNDED),
    ],
)
def test_status(order: str, refund: str, pay: str, gross: int, back: int, meaning: Meaning) -> None:
    assert judge(order, refund, pay, gross, back)[0] is meaning


def test_strange_status_is_told() -> None:
    assert judge("客服介入", "", "", 100, 0) == (Meaning.COUNTED, [statuses.UNKNOWN_STATUS])


def test_places() -> None:
    assert place_in("浙江省杭州市余杭区金桂花园10幢1单元1002室（门口有鞋柜）") == (
        "10",
        "1",
        "1002",
    )
    assert place_in("3-201") == ("3", "", "201")
    assert place_in("") == ("", "", "")
