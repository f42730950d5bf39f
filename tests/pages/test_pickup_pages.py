"""Today, picking and the pickup desk as people use them, in both languages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.service.picking.rules import Collected
from lib.service.pickup.commands import hand_over
from lib.service.pickup.queries import bag_of
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.service.cast import TODAY, add_member, add_order, add_product, add_round

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])


@pytest.fixture
def order(shop: Shop) -> int:
    """小李 of 3-201 has eggs and noodles to collect this noon; 老张's are for the evening."""
    eggs = add_product(shop, "土鸡蛋", fresh=True, fragile=True, category="蛋")
    noodles = add_product(shop, "挂面*", "包", 650)
    round_id = add_round(shop)
    li = add_member(shop, "小李", phone="13800000831", phone_tail="0831", initials="xl")
    zhang = add_member(shop, "老张", initials="lz")
    order_id, _ = add_order(
        shop, li, 12, (eggs, 500), (noodles, 3), home=("3", None, "201"),
        round_id=round_id, pickup_slot="noon", note="要大的",
    )  # fmt: skip
    add_order(shop, zhang, 13, (eggs, 250), home=("5", None, "102"), round_id=round_id)
    return order_id


def button(at: AppTest, label: str) -> Callable[[], AppTest]:
    found = [one for one in at.button if label in one.label]
    assert found, f"{label} not in {[one.label for one in at.button]}"
    return lambda: found[0].click().run()


def handed(shop: Shop) -> int:
    with shop.read() as connection:
        rows = select(func.count()).select_from(schema.handover)
        return int(connection.execute(rows).scalar_one())


def state(shop: Shop, order: int) -> Collected:
    bag = bag_of(shop, order)
    assert bag is not None
    return bag.state


def search(at: AppTest, text: str) -> AppTest:
    return at.text_input[0].set_value(text).run()


@LANGUAGES
def test_the_desk_lists_who_is_still_to_come(
    screen: Open, staff_shop: Shop, order: int, language: str
) -> None:
    at = screen(staff_shop, "pickup", language)
    labels = [one.label for one in at.button]
    assert any("小李" in label and "3\\-201" in label for label in labels), labels
    assert not any("老张" in label for label in labels), "he comes in the evening"
    text = "\n".join(one.value for one in at.code)
    assert "3-201" in text
    assert "小李" not in text
    assert "13800000831" not in text_of(at)


def test_find_take_the_money_and_hand_over(screen: Open, staff_shop: Shop, order: int) -> None:
    at = search(screen(staff_shop, "pickup"), "0831")
    assert "To pay: ¥24.30" in text_of(at)
    assert "要大的" in text_of(at)
    at = button(at, "Transfer ¥24.30 received")()
    assert not at.exception
    assert state(staff_shop, order) is Collected.DONE
    bag = bag_of(staff_shop, order)
    assert bag is not None and bag.money is not None
    assert not bag.money.due
    assert at.text_input[0].value == "", "ready for the next resident"
    assert "小李" in text_of(at), "just handed over"
    at = button(at, "Undo")()
    assert state(staff_shop, order) is Collected.OPEN
    at = search(at, "12")
    at = button(at, "Hand over all")()
    assert state(staff_shop, order) is Collected.DONE
    assert handed(staff_shop) == 6


def test_paying_later_books_no_money(screen: Open, staff_shop: Shop, order: int) -> None:
    at = search(screen(staff_shop, "pickup"), "xl")
    button(at, "pays later")()
    bag = bag_of(staff_shop, order)
    assert bag is not None and bag.money is not None
    assert bag.money.due.fen == 2430
    assert bag.state is Collected.DONE


def test_a_part_is_handed_over(screen: Open, staff_shop: Shop, order: int) -> None:
    at = search(screen(staff_shop, "pickup"), "小李")
    noodles = next(one for one in at.number_input if "挂面" in one.label)
    noodles.set_value(1.0)
    at = button(at, "Hand over this")()
    assert state(staff_shop, order) is Collected.PART
    at = search(at, "小李")
    assert "2包 left of 3包" in text_of(at)


def test_a_weight_that_cannot_be_measured_is_refused_and_kept(
    screen: Open, staff_shop: Shop, order: int
) -> None:
    at = search(screen(staff_shop, "pickup"), "小李")
    eggs = next(one for one in at.number_input if "土鸡蛋" in one.label)
    eggs.set_value(0.333)
    at = button(at, "Hand over this")()
    assert "cannot be measured out" in text_of(at)
    assert handed(staff_shop) == 0


def test_two_showings_of_one_card_hand_over_once(
    screen: Open, staff_shop: Shop, order: int
) -> None:
    """The second tab still shows the button when the first has handed everything over."""
    first = search(screen(staff_shop, "pickup"), "小李")
    hand_over(staff_shop, order)
    first = button(first, "pays later")()
    assert "Collected" in text_of(first), "it shows how the order stands instead"
    assert handed(staff_shop) == 2


def test_collecting_at_another_time(screen: Open, staff_shop: Shop, order: int) -> None:
    at = search(screen(staff_shop, "pickup"), "小李")
    button(at, "Move")()
    bag = bag_of(staff_shop, order)
    assert bag is not None
    assert (bag.day, bag.slot) == (TODAY + timedelta(days=1), "noon")


@pytest.mark.parametrize("asked", ["999", "abc", "-1", "１２", "9" * 30])
def test_a_wrong_address_is_said(screen: Open, staff_shop: Shop, order: int, asked: str) -> None:
    at = screen(staff_shop, "pickup")
    at.query_params["order"] = asked
    at.run()
    assert not at.exception
    assert ("not there" in text_of(at)) == (asked == "999")


def test_a_deep_link_opens_the_card(screen: Open, staff_shop: Shop, order: int) -> None:
    at = screen(staff_shop, "pickup")
    at.query_params["order"] = str(order)
    at.run()
    assert "To pay: ¥24.30" in text_of(at)


@LANGUAGES
def test_picking_is_ticked_for_everybody(
    screen: Open, shop: Shop, staff_shop: Shop, order: int, language: str
) -> None:
    at = screen(staff_shop, "pick", language)
    eggs = next(one for one in at.checkbox if "土鸡蛋" in one.label)
    assert "1\\.5斤" in eggs.label
    eggs.check().run()
    at = screen(shop, "pick", language)
    ticked = {one.label: one.value for one in at.checkbox}
    assert [value for label, value in ticked.items() if "土鸡蛋" in label] == [True]
    assert "3.99" not in text_of(at), "no purchase cost"


def test_slips_show_packaging_and_what_is_due(screen: Open, staff_shop: Shop, order: int) -> None:
    at = screen(staff_shop, "pick")
    at.session_state["pick_view"] = "slips"
    at.run()
    text = text_of(at)
    for part in ("☐ Freshness bag", "☐ Ice pack", "☐ Bubble wrap", "To pay: ¥24.30", "要大的"):
        assert part in text


@pytest.mark.parametrize("day", ["2026-09-25", "yesterday", "", "9999-99-99"])
def test_a_hostile_day_in_the_address(screen: Open, staff_shop: Shop, order: int, day: str) -> None:
    at = screen(staff_shop, "pick")
    at.query_params["day"], at.query_params["round"] = day, "<script>"
    at.run()
    assert not at.exception
    assert at.checkbox


@LANGUAGES
def test_today_tells_a_new_owner_what_to_do_next(screen: Open, shop: Shop, language: str) -> None:
    at = screen(shop, "today", language)
    assert {"en": "First steps", "zh_CN": "开店第一步"}[language] in text_of(at)


def test_today_shows_what_is_due(screen: Open, staff_shop: Shop, order: int) -> None:
    add_round(staff_shop, "周六_团", cut_off=NOW + timedelta(minutes=90))
    text = text_of(screen(staff_shop, "today"))
    assert "cut-off in 1 h 30 min" in text
    assert "3 lines not picked" in text
    assert "To put out for today" in text
    assert "opens in 1 h 30 min" in text
    assert "the owner does this" in text, "staff cannot set the shop's name"


def test_today_counts_down_with_the_clock(
    screen: Open, staff_shop: Shop, order: int, clock: FixedClock
) -> None:
    at = screen(staff_shop, "today")
    clock.forward(hours=2)
    at.run()
    assert "open now, 1 h 30 min left" in text_of(at)
    clock.forward(hours=2)
    at.run()
    assert "slot over" in text_of(at)
