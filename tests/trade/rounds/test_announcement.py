"""Group texts: their shape in both languages, and that nothing unknown is said."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.language import translator
from lib.shop.settings import Settings, Slot
from lib.trade.rounds import announcement
from lib.trade.rounds.announcement import Goods, Notice

NOW = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
CUT_OFF = datetime(2026, 9, 25, 12, tzinfo=UTC)
CHINESE, ENGLISH = translator("zh_CN"), translator("en")
EGGS = Goods("土鸡蛋", Unit.named("斤"), Money(480), is_fresh=True)
TOFU = Goods("老豆腐", Unit.named("盒"), Money(300), household_limit=2, left=15)
GREENS = Goods("小白菜", Unit.named("份"), Money(350))
SLOTS = (Slot("morning", "早", time(7), time(9)), Slot("evening", "晚", time(18), time(21)))
PLAIN = replace(Settings(), slots=SLOTS)
SHOP = replace(PLAIN, pickup_point="三号楼底商")


def notice(*goods: Goods, note: str = "") -> Notice:
    return Notice("周五团", CUT_OFF, date(2026, 9, 26), goods, note)


def test_one_product_in_chinese() -> None:
    eggs = replace(EGGS, about="产地本区合作社，9月24日捡蛋", cost="进价4.5+损耗0.2+袋0.1=4.8")
    assert announcement.announcement(notice(eggs), SHOP, NOW, CHINESE) == "\n".join(
        [
            "🥬【周五团】土鸡蛋 4.8元/斤｜截单：今晚20:00｜自提：明天（周六）",
            "土鸡蛋：产地本区合作社，9月24日捡蛋",
            "土鸡蛋成本公开：进价4.5+损耗0.2+袋0.1=4.8",
            "自提点：三号楼底商　早07:00-09:00 晚18:00-21:00",
            "要的接龙👇 例 3-201 小李 1斤 晚上拿",
        ]
    )


def test_several_products_in_chinese() -> None:
    text = announcement.announcement(
        notice(EGGS, TOFU, GREENS, note="鸡蛋易碎，请自带盒子"), PLAIN, NOW, CHINESE
    )
    assert text.split("\n") == [
        "🥬【周五团】土鸡蛋 4.8元/斤、老豆腐 3元/盒 等3样｜截单：今晚20:00｜自提：明天（周六）",
        "· 土鸡蛋 4.8元/斤",
        "· 老豆腐 3元/盒（每户限2盒、共15盒）",
        "· 小白菜 3.5元/份",
        "鸡蛋易碎，请自带盒子",
        "自提：早07:00-09:00 晚18:00-21:00",
        "要的接龙👇 例 3-201 小李 土鸡蛋1斤 晚上拿",
    ]


def test_the_same_in_english() -> None:
    text = announcement.announcement(notice(EGGS, TOFU), SHOP, NOW, ENGLISH)
    assert text.startswith(
        "🥬 [周五团] 土鸡蛋 4.8 yuan/斤, 老豆腐 3 yuan/盒 | order until tonight 20:00"
    )
    assert "2盒 per household" in text


def test_what_is_not_known_is_not_said() -> None:
    text = announcement.announcement(notice(EGGS), Settings(), NOW, CHINESE)
    assert "成本" not in text
    assert "产地" not in text
    assert len(text.split("\n")) == 3


@pytest.mark.parametrize("goods", [(EGGS,), (EGGS, TOFU, GREENS)])
def test_at_most_one_sign_a_line(goods: tuple[Goods, ...]) -> None:
    text = announcement.announcement(notice(*goods), SHOP, NOW, CHINESE)
    for line in text.split("\n"):
        assert sum(letter in "🥬🛒👇⏰" for letter in line) <= 1


def test_a_reminder_says_what_is_left() -> None:
    goods = (EGGS, TOFU, replace(GREENS, left=0))
    text = announcement.cut_off_reminder(notice(*goods), SHOP, NOW, CHINESE)
    assert text.split("\n") == [
        "⏰周五团 今晚20:00截单，自提：明天（周六）",
        "老豆腐：只剩15盒",
        "小白菜：已订完",
        "还要的抓紧接龙👇",
    ]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (-2, "今早8:30"),
        (0, "今早10:30"),
        (1, "今天11:30"),
        (7, "今天17:30"),
        (8, "今晚18:30"),
        (14, "明早0:30"),
        (22, "明早8:30"),
        (26, "明天12:30"),
        (33, "明晚19:30"),
        (48, "周日9月27日 10:30"),
    ],
)
def test_moments_as_people_say_them(hours: int, said: str) -> None:
    moment = NOW + timedelta(hours=hours)
    assert announcement.said_moment(moment, NOW, "Asia/Shanghai", CHINESE) == said


@pytest.mark.parametrize(
    ("fen", "said"),
    [(480, "4.8"), (500, "5"), (1205, "12.05"), (0, "0"), (10000, "100"), (5, "0.05")],
)
def test_prices_without_needless_zeros(fen: int, said: str) -> None:
    assert announcement.short(Money(fen)) == said


def test_the_usual_title() -> None:
    assert announcement.round_title(NOW, Settings(), CHINESE) == "周五团 9月25日"
    late = datetime(2026, 9, 25, 17, tzinfo=UTC)
    assert announcement.round_title(late, Settings(), CHINESE) == "周六团 9月26日"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([("进价", 450), ("损耗", 20), ("本店留", 10)], "进价4.5+损耗0.2+本店留0.1=4.8"),
        ([("进价", 500), ("本店贴", -20)], "进价5-本店贴0.2=4.8"),
        ([("进价", 0), ("本店留", 0)], "进价0+本店留0=0"),
    ],
)
def test_where_a_price_goes(parts: list[tuple[str, int]], said: str) -> None:
    assert announcement.said_cost([(label, Money(fen)) for label, fen in parts]) == said
