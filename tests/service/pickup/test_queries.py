"""What the desk reads: pick lists, slips, searches, who is still to come."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.service.pickup import rules
from lib.service.pickup.commands import hand_over, undo_handover
from lib.service.pickup.queries import (
    Scope,
    bag_of,
    desk_search,
    pack_slips,
    pick_list,
    pickup_days,
    progress,
    recent_acts,
    rounds_of,
    slot_load,
    waiting,
)
from lib.service.pickup.texts import pickup_reminder
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from tests.service.cast import (
    TODAY,
    add_member,
    add_order,
    add_product,
    add_round,
    put,
    refund_line,
)

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@dataclass
class Street:
    shop: Shop
    eggs: int
    milk: int
    round: int
    orders: dict[str, int]
    lines: dict[str, list[int]]
    members: dict[str, int]


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
        shop, members["小李"], 11, (milk, 2), home=("3", None, "201"), pickup_day=YESTERDAY
    )
    return Street(shop, eggs, milk, round_id, orders, lines, members)


def names(bags: list) -> list[str]:
    return [f"{bag.name}/{bag.number}/{(bag.day - TODAY).days}" for bag in bags]


def test_the_pick_list_adds_up_by_building(street: Street) -> None:
    eggs, milk = pick_list(street.shop, Scope(day=TODAY))
    assert (eggs.product, eggs.quantity, eggs.orders) == ("土鸡蛋", 2500, 4)
    assert eggs.buildings == (("3", 250), ("12", 500), ("B", 750), ("", 1000))
    assert eggs.unit.said(eggs.quantity) == "5斤"
    assert sum(quantity for _, quantity in eggs.buildings) == eggs.quantity
    assert (milk.quantity, milk.to_pick, milk.handed) == (4, 4, 0)
    noon = pick_list(street.shop, Scope(day=TODAY, slot="noon"))
    assert [row.quantity for row in noon] == [500, 1]
    assert pick_list(street.shop, Scope(day=TOMORROW)) == []


def test_the_pick_list_leaves_out_what_nobody_gets(street: Street) -> None:
    line, order = schema.order_line, schema.customer_order
    with street.shop.store.write() as connection:
        connection.execute(
            update(line)
            .where(line.c.id == street.lines["小李"][0])
            .values(cancelled_at=street.shop.clock.now())
        )
        connection.execute(
            update(order).where(order.c.id == street.orders["王阿姨"]).values(status="cancelled")
        )
    refund_line(
        street.shop,
        street.orders["B座老张"],
        street.lines["B座老张"][0],
        street.members["B座老张"],
        720,
    )
    hand_over(street.shop, street.orders["新邻居"], {street.lines["新邻居"][0]: 400})
    eggs = pick_list(street.shop, Scope(round_id=street.round))[0]
    assert (eggs.quantity, eggs.handed, eggs.to_pick, eggs.orders) == (1000, 400, 600, 1)


def test_a_scope_without_bounds_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="day or a round"):
        _ = Scope(slot="noon").condition


def test_slips_lie_in_walking_order_and_name_no_phone(street: Street) -> None:
    slips = pack_slips(street.shop, Scope(day=TODAY))
    assert [slip.name for slip in slips] == ["小李", "王阿姨", "B座老张", "新邻居"]
    assert slips[0].phone_tail == "0831"
    assert slips[3].phone_tail == ""
    assert "13800000831" not in repr(slips)
    assert "399" not in repr(slips), "no purchase cost"
    ticks = rules.packaging(slips[0].lines, Settings(), TODAY)
    assert len(ticks) == 3


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


def test_the_database_decides_like_the_rules(street: Street) -> None:
    line = schema.order_line
    hand_over(street.shop, street.orders["小李"])
    hand_over(street.shop, street.orders["王阿姨"], {street.lines["王阿姨"][0]: 100})
    refund_line(
        street.shop,
        street.orders["新邻居"],
        street.lines["新邻居"][0],
        street.members["新邻居"],
        960,
    )
    with street.shop.store.write() as connection:
        for line_id, quantity in ((street.lines["小李"][0], 100), (street.lines["昨天"][0], 0)):
            connection.execute(update(line).where(line.c.id == line_id).values(quantity=quantity))
    everything = schema.customer_order.c.id > 0
    with street.shop.read() as connection:
        counted = {row.order_id: row.open_lines for row in connection.execute(progress(everything))}
    for order_id, count in counted.items():
        bag = bag_of(street.shop, order_id)
        assert bag is not None
        assert count == len(bag.open_lines)
    assert len(counted) == 5


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


def test_days_and_rounds_to_choose_from(street: Street) -> None:
    assert pickup_days(street.shop) == [(YESTERDAY, 1), (TODAY, 4)]
    assert rounds_of(street.shop, TODAY) == [(street.round, "周五团")]
    assert rounds_of(street.shop, YESTERDAY) == []


def test_an_order_that_is_not_there(street: Street) -> None:
    assert bag_of(street.shop, 999) is None


def test_residents_see_nothing(resident_shop: Shop) -> None:
    scope = Scope(day=TODAY)
    for read in (
        lambda: pick_list(resident_shop, scope),
        lambda: pack_slips(resident_shop, scope),
        lambda: desk_search(resident_shop, "1"),
        lambda: waiting(resident_shop, TODAY),
        lambda: slot_load(resident_shop, TODAY),
        lambda: recent_acts(resident_shop),
        lambda: bag_of(resident_shop, 1),
        lambda: pickup_days(resident_shop),
        lambda: rounds_of(resident_shop, TODAY),
    ):
        with pytest.raises(Refused):
            read()


def test_the_reminder_names_homes_and_nobody(street: Street) -> None:
    bags = waiting(street.shop, TODAY)
    evening = Settings().slot("evening")
    text = pickup_reminder(Settings(language="en"), evening, TODAY, TODAY, bags)
    assert "18:00-21:00" in text
    assert "3 orders still to collect" in text
    assert "3-201  12-1-502  #14" in text
    for secret in ("小李", "王阿姨", "0831", "2217"):
        assert secret not in text
    chinese = pickup_reminder(Settings(pickup_point="南门"), evening, TOMORROW, TODAY, bags)
    assert "3单" in chinese
    assert "9/26" in chinese
    assert "南门" in chinese
    assert pickup_reminder(Settings(), evening, TODAY, TODAY, []) == ""


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
