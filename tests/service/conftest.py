"""The residents whose orders are picked and collected in these tests."""

from datetime import timedelta

import pytest

from lib.shop.shop import Shop
from tests.service.cast import TODAY, Street, add_member, add_order, add_product, add_round


@pytest.fixture
def street(shop: Shop) -> Street:
    """Four residents of three buildings; 小李 has an order of yesterday, too."""
    eggs = add_product(shop, "土鸡蛋", fresh=True, fragile=True, category="蛋")
    milk = add_product(shop, "鲜牛奶", "瓶", 1200, fresh=True)
    round_id = add_round(shop)
    people = {
        "小李": ("3", None, "201", "xl", "xiaoli", "0831"),
        "王阿姨": ("12", "1", "502", "way", "wangayi", "2217"),
        "B座老张": ("B", None, "2", "bzlz", "bzuolaozhang", "0012"),
        "新邻居": (None, None, None, "xlj", "xinlinju", None),
    }
    members = {
        name: add_member(
            shop,
            name,
            initials=initials,
            pinyin=pinyin,
            phone_tail=tail,
            phone=f"1380000{tail}" if tail else None,
        )
        for name, (_, _, _, initials, pinyin, tail) in people.items()
    }
    orders, lines = {}, {}
    for number, (name, (building, unit, room, *_)) in enumerate(people.items(), 11):
        orders[name], lines[name] = add_order(
            shop,
            members[name],
            number,
            (eggs, 250 * (number - 10)),
            (milk, 1),
            home=(building, unit, room),
            round_id=round_id,
            pickup_slot="noon" if name == "王阿姨" else None if name == "新邻居" else "evening",
            delivery=name == "B座老张",
        )
    orders["昨天"], lines["昨天"] = add_order(
        shop,
        members["小李"],
        11,
        (milk, 2),
        home=("3", None, "201"),
        pickup_day=TODAY - timedelta(days=1),
    )
    return Street(shop, eggs, milk, round_id, orders, lines, members)
