"""What the residents of the demo shop wished for, and what became of it. Invented."""

from dataclasses import dataclass
from datetime import time

from lib.demo.goods import DAILY, FRAGILE, FRESH, Good


@dataclass(frozen=True)
class Heard:
    """A wish read in the group: ``names`` asked for it, the first one ``ago`` days ago."""

    ago: int
    wall: time
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """A wish that came on offer ``ago`` days ago: as a new ``good``, or as ``product`` there was.

    ``supplier`` delivers a new one; ``refused`` is a source that could not. ``in_shop``: it lies in
    the shop and stands in no round. ``hasty``: asked for in the morning of the very day.
    """

    ago: int
    title: str
    product: str = ""
    good: Good | None = None
    supplier: str = ""
    refused: str = ""
    in_shop: bool = False
    hasty: bool = False

    @property
    def name(self) -> str:
        """The product that answers the wish."""
        return self.good.name if self.good else self.product


@dataclass(frozen=True)
class Delayed:
    """A wish answered with a reason: "not yet" until ``again`` days ago, None: never."""

    ago: int
    title: str
    reason: str
    again: int | None


HEARD = (
    Heard(90, time(19, 12), "现磨芝麻酱", ("张阿姨", "方老师", "老陈", "小K")),
    Heard(90, time(20, 5), "五常大米", ("王姐", "大刘")),
    Heard(62, time(18, 50), "糯玉米", ("豆豆妈", "果果爸", "琪琪妈", "周周", "Lily")),
    Heard(65, time(20, 10), "小瓶菜籽油", ("吴老师", "郭老师")),
    Heard(63, time(10, 10), "山东小米", ("李大爷", "月月奶奶", "老宋")),
    Heard(52, time(20, 30), "羊肉卷", ("大山", "胖虎", "阿强")),
    Heard(41, time(12, 10), "厨房纸", ("胡姐", "小美", "可可", "新搬来的小赵")),
    Heard(40, time(18, 40), "肋排", ("王姐", "大熊", "陈叔", "老马")),
    Heard(33, time(12, 30), "无糖豆浆", ("方老师", "叶子", "小雅", "张阿姨", "Amy")),
    Heard(34, time(20, 0), "大包抽纸", ("赵姐", "若琳")),
    Heard(22, time(20, 15), "脐橙", ("木木", "阿宝")),
    Heard(13, time(12, 20), "西瓜", ("小米", "海阔天空")),
    Heard(12, time(11, 5), "奶酪棒", ("豆豆妈", "米粒妈妈", "琪琪妈")),
    Heard(10, time(18, 30), "活鲫鱼", ("老马", "李大爷")),
    Heard(8, time(20, 10), "阳光玫瑰葡萄", ("暖暖", "小北")),
    Heard(6, time(19, 45), "大瓶酸奶", ("月月奶奶", "小何")),
    Heard(3, time(19, 0), "饺子皮", ("廖工", "静静", "老杨", "彭彭")),
    Heard(3, time(19, 25), "馄饨皮", ("多多", "吴霞")),
)

OPEN = (
    (77, "新鲜羊奶", ("月月奶奶", "小雅")),
    (52, "香菇", ("Sunny", "大伟", "阿May")),
    (12, "冻豆腐", ("老周", "小太阳☀️")),
)
"""Hours ago since when they wait, for whom."""
NOTED = (30, "鲜香菇", "鲜香菇，菌盖厚的那种", "阿芳")
"""Hours ago a note came from the price page, the wish it became, its words, its name."""
WAITING = ((26, "有没有不加糖的燕麦片？早上冲着吃", "若琳"), (3, "想要小包装的大米，一个人吃", ""))
ASIDE = (50, "测试一下能不能发", "")

OFFERS = (
    Offer(88, "现磨芝麻酱", good=Good(
        "现磨芝麻酱", "瓶", "18.80", "14.50", "粮油", ("芝麻酱", "麻酱"), frozenset({FRAGILE}),
        grams=350, colour="#a67c4e", shape="bottle"), supplier="五谷粮油"),
    Offer(88, "五常大米", product="东北大米"),
    Offer(60, "糯玉米", good=Good(
        "糯玉米", "袋", "9.90", "7.20", "蔬菜", ("玉米",), frozenset({FRESH}),
        grams=1000, pieces=4, colour="#e3cf6b", shape="bag"), supplier="青禾蔬菜合作社"),
    Offer(60, "山东小米", good=Good(
        "山东小米", "袋", "12.80", "9.80", "粮油", ("小米粥米",), frozenset({DAILY}),
        grams=1000, colour="#e0b13d", shape="bag"), supplier="五谷粮油"),
    Offer(60, "小瓶菜籽油", product="菜籽油"),
    Offer(38, "厨房纸", good=Good(
        "厨房纸", "提", "11.90", "9.20", "日用", (), frozenset({DAILY}),
        pieces=4, colour="#dfe3e6", shape="box"), supplier="富春纸品厂"),
    Offer(38, "羊肉卷", good=Good(
        "羊肉卷", "盒", "32.80", "27.50", "肉类", ("羊肉片",), frozenset({FRESH}),
        grams=500, colour="#c48b86", shape="box"), supplier="良渚放心肉铺"),
    Offer(38, "肋排", good=Good(
        "猪肋排", "斤", "26.80", "22.60", "肉类", ("肋排", "排骨"), frozenset({FRESH}),
        colour="#b4615c", shape="box"), supplier="良渚放心肉铺", refused="清水屠宰场"),
    Offer(32, "无糖豆浆", good=Good(
        "无糖豆浆", "瓶", "5.50", "4.00", "豆制品", ("豆浆",), frozenset({FRESH, FRAGILE}),
        grams=500, colour="#efe6cf", shape="bottle"), supplier="老街豆腐坊", hasty=True),
    Offer(32, "大包抽纸", product="原木抽纸"),
    Offer(20, "沾化冬枣", good=Good(
        "沾化冬枣", "斤", "8.80", "6.60", "水果", ("冬枣",), frozenset({FRESH}),
        colour="#8b5a3c", shape="grapes"), supplier="勾庄果品行", refused="山东老乡（微信）"),
    Offer(20, "赣南脐橙", good=Good(
        "赣南脐橙", "斤", "4.90", "3.70", "水果", ("脐橙", "橙子"), frozenset({FRESH}),
        colour="#e0903d", shape="round"), supplier="勾庄果品行", hasty=True),
    Offer(12, "西瓜", product="海南西瓜"),
    Offer(9, "奶酪棒", good=Good(
        "儿童奶酪棒", "袋", "12.90", "10.30", "乳品", ("奶酪棒",), frozenset({FRESH}),
        grams=100, pieces=5, colour="#f0d98c", shape="bag"), supplier="西溪牧场乳品"),
    Offer(7, "阳光玫瑰葡萄", product="阳光玫瑰葡萄"),
    Offer(5, "手工年糕", good=Good(
        "手工年糕", "袋", "6.80", "4.90", "粮油", ("年糕",), frozenset({FRESH}),
        grams=750, colour="#f4f1e6", shape="bag"), supplier="老街豆腐坊"),
    Offer(5, "大瓶酸奶", product="原味酸奶", in_shop=True),
    Offer(3, "丹东草莓", good=Good(
        "丹东草莓", "盒", "29.90", "24.60", "水果", ("草莓",), frozenset({FRESH, FRAGILE}),
        grams=500, colour="#c8473f", shape="grapes"), supplier="勾庄果品行", refused="大棚草莓园",
        hasty=True),
    Offer(1, "饺子皮", good=Good(
        "手工饺子皮", "份", "4.50", "3.10", "粮油", ("饺子皮",), frozenset({FRESH}),
        grams=500, colour="#efe6cf", shape="box"), supplier="麦田烘焙"),
)  # fmt: skip

DELAYED = (
    Delayed(8, "活鲫鱼", "店里没有活水缸，养不住活鱼，硬做对大家不负责", None),
    Delayed(50, "羊肉卷", "肉铺要等天冷才切，十盒起做", 38),
    Delayed(9, "土鸡", "林下鸡场这批还差两周出栏，问好了价再说", 0),
    Delayed(1, "馄饨皮", "师傅这周只排得出饺子皮，下周加一台机器", -6),
)
OVER = ((21, "糯玉米"),)
"""Days ago on which goods went out of season."""

MERGED = (20, "赣南脐橙", "脐橙")
"""Days ago on which two wishes became one: which stayed, which went into it."""
MISTAKEN = (3, "饺子皮", "馄饨皮")
"""Days ago on which two wishes were merged that are not the same; the next day it was undone."""

LATECOMER = "小K"
"""Somebody who joined a wish after all others were told."""

PHRASES = ("能不能进点{}？", "想要{}", "芳姐，能不能上点{}", "可以团点{}吗", "求{}")
JOINS = ("+1", "同求", "我也想要")
TALK = ("今天的豆腐很嫩，谢谢", "收到，晚点来拿", "谢谢芳姐", "下雨了，大家慢点走")
