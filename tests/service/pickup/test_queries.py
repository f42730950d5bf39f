"""What the desk reads: searches, who is still to come, the load, handovers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.members.profiles.cards.commands import give_card
from lib.service.pickup.commands import hand_over, undo_handover
from lib.service.pickup.queries import (
    bag_of,
    desk_search,
    recent_acts,
    residents_meant,
    slot_load,
    waiting,
)
from lib.service.pickup.texts import pickup_reminder
from lib.shop.language import translator
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from tests.service.cast import TODAY, Street, put

TOMORROW = TODAY + timedelta(days=1)


def names(bags: list) -> list[str]:
    return [f"{bag.name}/{bag.number}/{(bag.day - TODAY).days}" for bag in bags]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12", ["王阿姨/12/0"]),
        ("11", ["小李/11/0", "小李/11/-1"]),
        ("0831", ["小李/11/0", "小李/11/-1"]),
        ("尾号2217", ["王阿姨/12/0"]),
        ("13800002217", ["王阿姨/12/0"]),
        ("王阿", ["王阿姨/12/0"]),
        ("WAY", ["王阿姨/12/0"]),
        ("wangayi", ["王阿姨/12/0"]),
        ("wayi", ["王阿姨/12/0"]),
        ("xl", ["小李/11/0", "新邻居/14/0", "小李/11/-1"]),
        ("502", ["王阿姨/12/0"]),
        ("12-502", ["王阿姨/12/0"]),
        ("12号楼1单元502", ["王阿姨/12/0"]),
        ("12-5", ["王阿姨/12/0"]),
        ("12-1-", ["王阿姨/12/0"]),
        ("12栋", ["王阿姨/12/0"]),
        ("12-6", []),
        ("12-2-502", []),
        ("b-2", ["B座老张/13/0"]),
        ("老板", []),
        ("%", []),
        ("", []),
    ],
)
def test_the_desk_finds(street: Street, text: str, found: list[str]) -> None:
    assert names(desk_search(street.shop, text)) == found


def test_the_desk_finds_former_names(street: Street) -> None:
    with street.shop.store.write() as connection:
        connection.execute(
            schema.member_alias.insert().values(
                member_id=street.members["王阿姨"], folded_nickname="糖糖妈", nickname="糖糖妈"
            )
        )
    assert names(desk_search(street.shop, "糖糖")) == ["王阿姨/12/0"]


def test_the_desk_finds_by_a_scanned_card_and_by_the_number_of_the_file(street: Street) -> None:
    member_id = street.members["王阿姨"]
    lost = give_card(street.shop, member_id)
    code = give_card(street.shop, member_id)
    for text in (f"M-{code}", code, f"https://shop.cn/members?card={code}", f"M{member_id}"):
        assert names(desk_search(street.shop, text)) == ["王阿姨/12/0"], text
    assert names(desk_search(street.shop, f"M-{lost}")) == []


def test_collected_today_comes_last_and_of_other_days_not_at_all(street: Street) -> None:
    hand_over(street.shop, street.orders["小李"])
    assert names(desk_search(street.shop, "小李")) == ["小李/11/-1", "小李/11/0"]
    hand_over(street.shop, street.orders["昨天"])
    assert names(desk_search(street.shop, "小李")) == ["小李/11/0"]
    assert names(desk_search(street.shop, "xl", limit=1)) == ["新邻居/14/0"]


def test_who_is_still_to_come(street: Street) -> None:
    hand_over(street.shop, street.orders["小李"], {street.lines["小李"][1]: 1})
    assert names(waiting(street.shop, TODAY, "evening")) == ["小李/11/0"], "part is not all"
    hand_over(street.shop, street.orders["小李"])
    assert waiting(street.shop, TODAY, "evening") == []
    assert names(waiting(street.shop, TODAY)) == ["王阿姨/12/0", "新邻居/14/0"]


def test_the_load_of_a_day(street: Street) -> None:
    hand_over(street.shop, street.orders["王阿姨"])
    hand_over(street.shop, street.orders["小李"], {street.lines["小李"][1]: 1})
    load = slot_load(street.shop, TODAY)
    assert [(one.slot, one.orders, one.done, one.part) for one in load.slots] == [
        ("morning", 0, 0, 0),
        ("noon", 1, 1, 0),
        ("evening", 1, 0, 1),
        (None, 1, 0, 0),
    ]
    assert (load.delivery.orders, load.delivery.waiting) == (1, 1)
    assert (load.orders, load.done) == (4, 1)
    assert load.of("evening").waiting == 1
    assert load.of("night").orders == 0


def test_the_last_handovers_can_be_seen_until_taken_back(street: Street, clock: FixedClock) -> None:
    hand_over(street.shop, street.orders["小李"])
    clock.forward(minutes=5)
    ids = hand_over(street.shop, street.orders["王阿姨"])
    newest, before = recent_acts(street.shop)
    assert (newest.name, newest.ids, newest.by) == ("王阿姨", tuple(ids), "芳姐")
    assert before.goods == ("土鸡蛋 0.5斤", "鲜牛奶 1瓶")
    undo_handover(street.shop, ids)
    assert [act.name for act in recent_acts(street.shop)] == ["小李"]
    clock.forward(days=1)
    assert recent_acts(street.shop) == []


def test_an_order_that_is_not_there(street: Street) -> None:
    assert bag_of(street.shop, 999) is None


def test_residents_see_nothing(resident_shop: Shop) -> None:
    for read in (
        lambda: desk_search(resident_shop, "1"),
        lambda: waiting(resident_shop, TODAY),
        lambda: slot_load(resident_shop, TODAY),
        lambda: recent_acts(resident_shop),
        lambda: bag_of(resident_shop, 1),
    ):
        with pytest.raises(Refused):
            read()


def test_the_reminder_names_homes_and_nobody(street: Street) -> None:
    bags = waiting(street.shop, TODAY)
    evening = Settings().slot("evening")
    text = pickup_reminder(Settings(), evening, TODAY, TODAY, bags, translator("en"))
    assert "18:00-21:00" in text
    assert "3 orders still to collect" in text
    assert "3-201  12-1-502  #14" in text
    for secret in ("小李", "王阿姨", "0831", "2217"):
        assert secret not in text
    chinese = pickup_reminder(
        Settings(pickup_point="南门"), evening, TOMORROW, TODAY, bags, translator("zh_CN")
    )
    assert "3单" in chinese
    assert "9/26" in chinese
    assert "南门" in chinese
    assert pickup_reminder(Settings(), evening, TODAY, TODAY, [], translator("en")) == ""


def test_orders_of_a_slot_that_was_removed_count_without_one(street: Street) -> None:
    put(
        street.shop,
        schema.customer_order,
        member_id=street.members["小李"],
        source="counter",
        number=99,
        pickup_day=TODAY,
        pickup_slot="midnight",
        delivery=False,
        status="active",
        placed_at=street.shop.clock.now(),
    )
    with street.shop.read() as connection:
        assert connection.execute(select(schema.customer_order)).all()
    assert slot_load(street.shop, TODAY).of(None).orders == 1, "without goods it counts nowhere"


def test_who_collected_already_is_found_for_what_comes_afterwards(street: Street) -> None:
    """As at the desk by number, phone and home, also when everything was handed over."""
    for order in street.orders.values():
        hand_over(street.shop, order)
    since = TODAY - timedelta(days=7)
    li, way = street.members["小李"], street.members["王阿姨"]
    assert residents_meant(street.shop, "3-201", since) == [li]
    assert residents_meant(street.shop, "2217", since) == [way]
    assert residents_meant(street.shop, "11", since) == [li]
    assert residents_meant(street.shop, "11", TOMORROW) == []
    assert residents_meant(street.shop, " ", since) == []
