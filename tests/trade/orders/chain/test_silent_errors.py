"""The measure that matters most: an order counted wrongly must carry a flag.

Entries are written from a known order in every way the rules allow; the parser must find exactly
that order, or say that it is not sure.
"""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.trade.orders.chain import catalogue_from_dicts, parse_chain
from tests.trade.orders.chain.shelves import SHELVES

MARKET = catalogue_from_dicts(SHELVES["market"])
GOODS = [
    ("鸡蛋", "土鸡蛋", "斤"),
    ("白菜", "小白菜", "份"),
    ("豆腐", "老豆腐", "盒"),
    ("小葱", "小葱", "把"),
    ("西瓜", "海南西瓜", "个"),
]
NUMBERS = [
    ("1", 1),
    ("2", 2),
    ("一", 1),
    ("两", 2),
    ("三", 3),
    ("十", 10),
    ("十二", 12),
    ("3", 3),
    ("２", 2),
]
REMARKS = [
    "晚上拿", "明早来取", "下午3点拿", "送上门", "不要太熟的", "（挑大个的）", "13800138000",
    "谢谢团长", "微信已付", "已付20元", "家里有老人", "多放辣", "尾号1234", "9月8号来取", "放门口",
    "麻烦分开装", "要新鲜的", "不要破的", "18:30拿", "电话联系", "两个人吃", "12.8元",
    "一起拿", "@老王",
]  # fmt: skip
NICKNAMES = [
    "小李",
    "3-201 王姐",
    "5栋302 鸡蛋妈妈",
    "豆腐西施",
    "小葱",
    "88号技师",
    "Crystal🍀",
    "12#1102 阿强2号",
    "晚晚",
    "三个石头",
]
FORMS = [
    lambda p, n, u: f"{p}{n}{u}", lambda p, n, u: f"{p} {n}{u}",
    lambda p, n, u: f"{n}{u}{p}",
    lambda p, n, u: f"{p}×{n}{u}", lambda p, n, u: f"{p}（{n}{u}）",
    lambda p, n, u: f"要{n}{u}{p}",
    lambda p, n, u: f"{p}要{n}{u}", lambda p, n, u: f"{p}：{n}{u}", lambda p, n, u: f"{n}{u} {p}",
]  # fmt: skip
JOINTS = [" ", "，", "、", "；", "\n", " + ", "  ", ", ", "和", ""]


@st.composite
def written_orders(draw):
    goods = draw(st.lists(st.sampled_from(GOODS), min_size=1, max_size=4, unique=True))
    wanted, pieces = {}, []
    for alias, name, unit in goods:
        number, value = draw(st.sampled_from(NUMBERS))
        pieces.append(draw(st.sampled_from(FORMS))(alias, number, unit))
        wanted[name] = Decimal(value)
    remarks = draw(st.lists(st.sampled_from(REMARKS), max_size=2))
    text = pieces[0]
    for piece in pieces[1:]:
        text += draw(st.sampled_from(JOINTS)) + piece
    for remark in remarks:
        text += draw(st.sampled_from([" ", "，", "\n"])) + remark
    return f"{draw(st.sampled_from(NICKNAMES))} {text}", wanted


@settings(max_examples=250, deadline=None)
@given(written_orders())
def test_a_written_order_is_found_or_flagged(case):
    text, wanted = case
    (entry,) = parse_chain(f"#接龙\n周三团\n\n1. {text}", MARKET).entries
    found = {item.name: item.quantity for item in entry.items}
    assert found == wanted or entry.flags, (text, entry.items)


@settings(max_examples=120, deadline=None)
@given(st.lists(written_orders(), min_size=2, max_size=5))
def test_entries_never_mix(cases):
    text = "\n".join(f"{no}. {text}" for no, (text, _wanted) in enumerate(cases, start=1))
    entries = parse_chain(f"#接龙\n周三团\n\n{text}", MARKET).entries
    assert [entry.no for entry in entries] == list(range(1, len(cases) + 1))
    for entry, (_text, wanted) in zip(entries, cases, strict=True):
        found = {item.name: item.quantity for item in entry.items}
        assert found == wanted or entry.flags, (entry.text, entry.items)


CLEAR_FORMS = FORMS[:4] + FORMS[5:7]


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(GOODS), st.sampled_from(NUMBERS)),
        min_size=1, max_size=4, unique_by=lambda pair: pair[0],
    ),
    st.sampled_from(CLEAR_FORMS),
    st.sampled_from([" ", "，", "、", "；", "\n"]),
    st.sampled_from(NICKNAMES[:4] + NICKNAMES[5:]),
)  # fmt: skip
def test_a_clear_order_costs_nobody_a_second_look(goods, form, joint, nickname):
    text = joint.join(form(alias, number, unit) for (alias, _name, unit), (number, _v) in goods)
    (entry,) = parse_chain(f"#接龙\n周三团\n\n1. {nickname} {text}", MARKET).entries
    assert {i.name: i.quantity for i in entry.items} == {g[1]: Decimal(n[1]) for g, n in goods}
    assert entry.flags == ()
    assert entry.unmatched == ()
