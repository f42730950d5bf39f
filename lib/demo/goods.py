"""What the demo shop sells: everyday goods with their words, contents and costs. Invented."""

from dataclasses import dataclass, field
from decimal import Decimal

from lib.kernel.money import Money
from lib.trade.products.rules import Details


@dataclass(frozen=True)
class Good:
    """A product of the demo shop. Prices in yuan per ``unit``, ``grams`` of one unit.

    ``typed`` are costs the books cannot know: kind → yuan per unit and the owner's note. ``colour``
    and ``shape`` paint its picture.
    """

    name: str
    unit: str
    price: str
    purchase: str
    category: str
    aliases: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    grams: int | None = None
    pieces: int | None = None
    typed: dict[str, tuple[str, str]] = field(default_factory=dict)
    colour: str = "#7aa05a"
    shape: str = "round"
    conversions: dict[str, int] = field(default_factory=dict)
    weekly: Decimal = Decimal(1)


FRESH, DAILY, FRAGILE = "fresh", "daily", "fragile"

GOODS = (
    Good("土鸡蛋", "斤", "4.80", "4.10", "蛋禽", ("鸡蛋",), frozenset({FRESH, FRAGILE}),
         colour="#d9b38c", shape="egg", conversions={"板": 1800}),
    Good("小白菜", "份", "3.50", "2.30", "蔬菜", ("白菜",), frozenset({FRESH}),
         grams=500, colour="#6f9e4c", shape="leaf"),
    Good("菠菜", "份", "4.00", "2.80", "蔬菜", (), frozenset({FRESH}),
         grams=400, colour="#3f7d3a", shape="leaf"),
    Good("小葱", "把", "1.50", "0.80", "蔬菜", ("葱",), frozenset({FRESH}),
         grams=150, colour="#88b04b", shape="leaf"),
    Good("老豆腐", "盒", "3.00", "2.10", "豆制品", ("豆腐",), frozenset({FRESH, FRAGILE}),
         grams=400, colour="#efe6cf", shape="box"),
    Good("五花肉", "斤", "18.80", "15.60", "肉类", (), frozenset({FRESH}),
         typed={"other": ("0.10", "请隔壁肉铺代切")}, colour="#c96f6a", shape="box"),
    Good("红富士苹果", "斤", "5.50", "4.20", "水果", ("苹果", "红富士"), frozenset({FRESH}),
         colour="#c8473f"),
    Good("阳光玫瑰葡萄", "盒", "19.90", "15.50", "水果", ("葡萄", "阳光玫瑰"),
         frozenset({FRESH, FRAGILE}), grams=750,
         colour="#a9c06a", shape="grapes"),
    Good("海南西瓜", "个", "16.80", "13.00", "水果", ("西瓜",), frozenset({FRESH}),
         grams=4000, colour="#4d7f3c"),
    Good("原味酸奶", "瓶", "6.50", "5.10", "乳品", ("酸奶",), frozenset({FRESH}),
         grams=450, colour="#f4f1e6", shape="bottle"),
    Good("全麦吐司", "袋", "9.90", "7.60", "烘焙", ("吐司", "面包"), frozenset({FRESH}),
         grams=400, colour="#c59a63", shape="box"),
    Good("东北大米", "袋", "32.80", "28.50", "粮油", ("大米",), frozenset({DAILY}),
         grams=5000, typed={"delivery": ("0.50", "粮油店送到门口，每袋 5 角")},
         colour="#e9dfc3", shape="bag"),
    Good("菜籽油", "桶", "69.00", "61.00", "粮油", (), frozenset({DAILY}),
         grams=4600, colour="#e0b13d", shape="bottle"),
    Good("原木抽纸", "提", "15.90", "13.20", "日用", ("抽纸", "纸巾"), frozenset({DAILY}),
         pieces=10, typed={"packaging": ("0.00", "厂里自带提手，不用袋子")},
         colour="#cfd8dc", shape="box"),
)  # fmt: skip


def details(good: Good, price: str = "") -> Details:
    """Return ``good`` as a product is typed; ``price`` is another one than today's."""
    return Details(
        good.name,
        good.unit,
        Money.of(price or good.price),
        good.category,
        FRESH in good.tags,
        DAILY in good.tags,
        FRAGILE in good.tags,
        good.grams,
        good.pieces,
        Money.of(good.purchase),
        "",
        good.aliases,
        good.conversions,
    )
