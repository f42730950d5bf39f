"""What is due in trust stands on the Today page, with the way to where it is dealt with (E16)."""

from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet
from lib.trust.costs.due.queries import sheet_due
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.service.cast import TODAY, add_product, put


def wish(shop: Shop, title: str, hours_ago: int, **values: object) -> int:
    asked = NOW - timedelta(hours=hours_ago)
    row = {"title": title, "folded_title": title, "status": "new", "first_asked_at": asked,
           "status_at": asked, "created_at": asked, **values}  # fmt: skip
    return put(shop, schema.demand, **row)


def round_with(shop: Shop, product_id: int, price_fen: int) -> int:
    round_id = put(
        shop, schema.buying_round, title="周五团", opens_at=NOW - timedelta(hours=2),
        cut_off_at=NOW + timedelta(hours=5), pickup_day=TODAY, created_at=NOW,
    )  # fmt: skip
    put(
        shop, schema.round_offer, round_id=round_id, product_id=product_id, price_fen=price_fen,
        position=1,
    )  # fmt: skip
    return round_id


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A wish is late, one runs out, one was promised; a note, a topic, an activity, a message."""
    late = wish(shop, "现磨豆浆", 80)
    put(shop, schema.demand_wish, demand_id=late, name="张阿姨", folded_name="张阿姨",
        source="chat", asked_at=NOW)  # fmt: skip
    wish(shop, "无糖酸奶", 60)
    wish(shop, "蓝莓", 10)
    wish(shop, "车厘子", 200, status="not_yet", reason="起订 50 箱", next_on=TODAY)
    put(shop, schema.wish_note, key="k1", text="想要荠菜", status="waiting", at=NOW)
    put(shop, schema.topic, question="周末想吃什么水果？", planned_on=TODAY, created_at=NOW)
    activity = put(shop, schema.activity, kind="workshop", title="亲子做月饼", status="planned",
                   day=TODAY + timedelta(days=1), created_at=NOW)  # fmt: skip
    put(shop, schema.activity_task, activity_id=activity, position=1, text="买模具")
    channel = put(shop, schema.message_channel, name="群机器人", kind="wecom", active=True,
                  sealed_address="x", created_at=NOW)  # fmt: skip
    put(shop, schema.message_delivery, channel_id=channel, topic="welfare", subject="", text="…",
        status="failed", next_try_at=NOW, created_at=NOW)  # fmt: skip
    return shop


def test_the_owner_sees_what_is_due_in_trust(screen: Open, busy: Shop) -> None:
    said = text_of(screen(busy, "today"))
    for expected in (
        "现磨豆浆", "8 h 00 min late", "1 people", "无糖酸奶", "12 h 00 min left to answer",
        "车厘子", "an answer was promised by today", "1 notes", "not read yet", "Tip of the day",
        "not sent yet", "周末想吃什么水果？", "亲子做月饼", "0 / 1", "things are ready",
        "1 messages", "nobody in the group has read them",
    ):  # fmt: skip
        assert expected in said, expected
    assert "蓝莓" not in said, "it has time"


def test_staff_read_the_same_in_chinese_without_the_price_sheet(
    screen: Open, busy: Shop, staff_shop: Shop
) -> None:
    add_product(busy, "土鸡蛋")
    said = text_of(screen(staff_shop, "today", "zh_CN"))
    for expected in ("现磨豆浆", "答应今天给答复", "今日小贴士", "亲子做月饼"):
        assert expected in said, expected
    assert "价格公示" not in said


def test_a_sheet_is_due_before_the_first_is_published(screen: Open, shop: Shop) -> None:
    add_product(shop, "土鸡蛋")
    assert "Nothing published yet" in text_of(screen(shop, "today"))


def test_a_sheet_is_due_when_an_offer_costs_more_than_residents_read(
    screen: Open, shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    publish_sheet(shop, "公示", shop.today, [eggs])
    assert sheet_due(shop) is None
    round_with(shop, eggs, 9_900)
    due = sheet_due(shop)
    assert due is not None
    assert due.dearer == ("土鸡蛋",)
    assert "On offer at another price than published" in text_of(screen(shop, "today"))
    clock.forward(days=40)
    later = sheet_due(shop)
    assert later is not None
    assert later.old
    assert later.dearer == (), "the round is over"
