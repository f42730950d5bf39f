"""Door delivery as people use it: the walk on a phone, what is to be decided, needs (R23, R24)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.quantity import Unit
from lib.service.delivery.commands import bring_anyway, collect_instead
from lib.service.delivery.needs.queries import needs, needs_of
from lib.service.delivery.needs.rules import State
from lib.service.delivery.queries import walk
from lib.service.owed.commands import Promise, promise
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from tests.pages.conftest import Open, text_of
from tests.service.cast import TODAY, add_member
from tests.service.delivery.cast import Lane, day, lane, row, rows, version

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])
HINT = "按两下门铃"


@pytest.fixture
def here(shop: Shop) -> Lane:
    return lane(shop)


def button(at: AppTest, label: str, number: int = 0) -> Callable[[], AppTest]:
    found = [one for one in at.button if label in one.label]
    assert found, f"{label} not in {[one.label for one in at.button]}"
    return lambda: found[number].click().run()


def part(screen: Open, shop: Shop, view: str, language: str = "en") -> AppTest:
    at = screen(shop, "delivery", language)
    at.query_params["view"] = view
    at.run()
    assert not at.exception, at.exception
    return at


def field(at: AppTest, label: str) -> Any:
    (found,) = [one for one in at.text_input if one.label == label]
    return found


@LANGUAGES
@pytest.mark.parametrize("view", ["walk", "decide", "needs"])
def test_every_part_is_drawn_for_owner_and_staff(
    screen: Open, shop: Shop, staff_shop: Shop, here: Lane, language: str, view: str
) -> None:
    collect_instead(shop, here.orders["小陈"], version(shop, here.orders["小陈"]))
    expected = {"walk": "王奶奶", "decide": "远客", "needs": HINT}[view]
    title = {"en": "Door delivery", "zh_CN": "送上门"}[language]
    for one in (shop, staff_shop):
        seen = text_of(part(screen, one, view, language))
        assert expected in seen
        assert title in seen


@LANGUAGES
def test_an_empty_day_says_so(screen: Open, staff_shop: Shop, language: str) -> None:
    nothing = {"en": "Nothing to bring", "zh_CN": "没有要送的"}[language]
    assert nothing in text_of(screen(staff_shop, "delivery", language))
    decide = {"en": "Nothing to decide", "zh_CN": "没有待定的"}[language]
    assert decide in text_of(part(screen, staff_shop, "decide", language))
    none = {"en": "No need stands", "zh_CN": "没有有效登记"}[language]
    assert none in text_of(part(screen, staff_shop, "needs", language))


def test_money_is_taken_at_the_door_in_the_same_touch(
    screen: Open, staff_shop: Shop, here: Lane
) -> None:
    at = screen(staff_shop, "delivery")
    text = text_of(at).replace("\\", "")
    for said in (HINT, "floor 12", "土鸡蛋", "To pay: ¥7.80", "phone …1234"):
        assert said in text, said
    assert "13800001234" not in text
    at = button(at, "Cash ¥7.80, brought")()
    assert not at.exception
    (paid,) = rows(staff_shop, schema.payment)
    assert (paid["method"], paid["amount_fen"]) == ("cash", 780)
    (done,) = rows(staff_shop, schema.delivery_done)
    assert done["left_with"] == "hand"
    assert "Everything is brought" in text_of(at)
    at = button(at, "Undo")()
    assert row(staff_shop, schema.delivery_done, done["id"])["undone_at"] is not None
    assert len(rows(staff_shop, schema.payment)) == 1, "money stays booked"
    at = button(at, "Brought")()
    assert len(rows(staff_shop, schema.delivery_done)) == 2


def test_left_with_a_neighbour(screen: Open, staff_shop: Shop, here: Lane) -> None:
    at = screen(staff_shop, "delivery")
    (who,) = [one for one in at.get("button_group") if one.label == "Who got it"]
    at = who.set_value("neighbour").run()
    at = field(at, "More about where").set_value("孕妇的妈妈").run()
    at = button(at, "Brought, pays later")()
    assert "never why" in text_of(at)
    assert field(at, "More about where").value == "孕妇的妈妈"
    assert rows(staff_shop, schema.delivery_done) == []
    at = field(at, "More about where").set_value("1204").run()
    at = button(at, "Brought, pays later")()
    (done,) = rows(staff_shop, schema.delivery_done)
    assert (done["left_with"], done["note"]) == ("neighbour", "1204")
    assert rows(staff_shop, schema.payment) == []


def test_owed_goods_go_along(screen: Open, staff_shop: Shop, here: Lane) -> None:
    with staff_shop.write("case.solve") as tx:
        promise(tx, Promise(here.members["王奶奶"], here.eggs, "土鸡蛋", Unit.named("斤"), 250))
    at = screen(staff_shop, "delivery")
    assert "owed, no charge" in text_of(at)
    button(at, "Brought, pays later")()
    assert len(rows(staff_shop, schema.owed_handover)) == 1


def test_all_of_the_day_with_one_touch(screen: Open, staff_shop: Shop, here: Lane) -> None:
    at = part(screen, staff_shop, "decide")
    at = button(at, "Bring all 1")()
    assert [stop.bag.name for stop in walk(staff_shop, TODAY).stops] == ["李叔", "王奶奶"]


def test_bring_it_anyway_or_collect(screen: Open, staff_shop: Shop, here: Lane) -> None:
    at = part(screen, staff_shop, "decide")
    assert "no need stands" in text_of(at)
    at = button(at, "Bring it anyway")()
    found = walk(staff_shop, TODAY)
    assert [stop.decided_by for stop in found.stops] == ["", "小吴"]
    at = part(screen, staff_shop, "walk")
    assert "小吴 decided to bring it" in text_of(at)
    at = button(at, "Collects instead", 1)()
    assert [one.name for one in walk(staff_shop, TODAY).declined] == ["小陈"]
    at = part(screen, staff_shop, "decide")
    assert "@小陈 您今天" in "\n".join(one.value for one in at.code)
    at = button(at, "Undo")()
    assert walk(staff_shop, TODAY).declined == ()


def test_an_order_without_a_building_asks_for_it(
    screen: Open, staff_shop: Shop, here: Lane
) -> None:
    at = part(screen, staff_shop, "decide")
    at = button(at, "Keep the address")()
    assert "Ask for the building" in text_of(at)
    field(at, "Building").set_value("9")
    at = button(at, "Keep the address")()
    assert not at.error, text_of(at)
    assert row(staff_shop, schema.customer_order, here.orders["远客"])["building"] == "9"
    at = button(at, "Collects instead", 1)()
    assert not at.error, "the second save knows the version the first one made"
    assert [one.name for one in walk(staff_shop, TODAY).declined] == ["远客"]


def test_outside_the_community_is_said(screen: Open, shop: Shop, here: Lane) -> None:
    save_settings(shop, {"delivery_homes": "3"}, {})
    at = part(screen, shop, "decide")
    assert "outside the community" in text_of(at)
    assert not [one for one in at.button if one.label == "Bring it anyway"]


def test_a_need_from_the_members_file(screen: Open, staff_shop: Shop) -> None:
    member = add_member(staff_shop, "周伯", building="7", room="301")
    at = screen(staff_shop, "members", "zh_CN")
    at.query_params["member"] = str(member)
    at.run()
    (consent,) = [one.value for one in at.code if "2026年12月23日" in one.value]
    at = field(at, "怎么交到手上").set_value("腿脚不好，慢点敲").run()
    at = button(at, "同意了，登记")()
    assert "腿脚" in text_of(at)
    assert field(at, "怎么交到手上").value == "腿脚不好，慢点敲"
    assert rows(staff_shop, schema.delivery_need) == []
    at = field(at, "怎么交到手上").set_value(HINT).run()
    at = button(at, "同意了，登记")()
    (need,) = needs(staff_shop)
    assert (need.hint, need.until_on, need.by) == (HINT, day(89), "小吴")
    assert need.consent_text == consent, "what stood on the screen, word for word"
    assert HINT in text_of(at)
    at = button(at, "不再同意")()
    (kept,) = needs_of(staff_shop, member)
    assert (kept.state, kept.hint) == (State.ENDED, "")
    assert HINT not in text_of(at)
    assert "以前登记过" in text_of(at)


def test_a_need_that_ends_is_asked_again(
    screen: Open, staff_shop: Shop, here: Lane, clock: FixedClock
) -> None:
    clock.forward(days=25)
    at = part(screen, staff_shop, "needs")
    assert "ask again" in text_of(at)
    at = button(at, "They agreed: keep it")()
    first, second = needs_of(staff_shop, here.members["王奶奶"])
    assert (first.from_on, first.consent_on, first.hint) == (day(30), day(25), HINT)
    assert second.state is State.RUNNING


def test_a_need_is_found_by_the_residents_name(screen: Open, staff_shop: Shop, here: Lane) -> None:
    add_member(staff_shop, "周伯", building="7", room="301", initials="zb")
    at = part(screen, staff_shop, "needs")
    at = field(at, "Resident").set_value("周伯").run()
    at = button(at, "They agreed: keep it")()
    assert [one.name for one in needs(staff_shop)][-1] == "周伯"


def test_a_hint_is_changed(screen: Open, staff_shop: Shop, here: Lane) -> None:
    at = part(screen, staff_shop, "needs")
    hints = [one for one in at.text_input if one.label == "How to hand over"]
    at = hints[0].set_value("放鞋柜上").run()
    at = button(at, "Save")()
    assert {one.hint for one in needs(staff_shop)} == {HINT, "放鞋柜上"}
    at = button(at, "Consent withdrawn")()
    assert not at.error, "the second save knows the version the first one made"
    assert [one.hint for one in needs(staff_shop)] == [HINT]


def test_desk_and_slips_say_how_to_hand_over(screen: Open, staff_shop: Shop, here: Lane) -> None:
    at = screen(staff_shop, "pickup")
    at.query_params["order"] = str(here.orders["王奶奶"])
    at.run()
    assert HINT in text_of(at)
    at = screen(staff_shop, "pick")
    at.session_state["pick_view"] = "slips"
    assert HINT in text_of(at.run())


@LANGUAGES
def test_what_is_missing_for_free_delivery(
    screen: Open, staff_shop: Shop, here: Lane, language: str
) -> None:
    bring_anyway(staff_shop, here.orders["小陈"])
    more = {"en": "¥25.20 more for free delivery", "zh_CN": "再买 ¥25.20 免费送货"}[language]
    at = screen(staff_shop, "orders", language)
    at.query_params["order"] = str(here.orders["小陈"])
    at.run()
    labels = [one.label for one in at.expander]
    assert any(more in label for label in labels), labels
    assert "再买25.2元就免送货费（满30元免，不满收3元）" in "\n".join(one.value for one in at.code)


def test_a_walk_in_says_it_while_typing(screen: Open, staff_shop: Shop, here: Lane) -> None:
    at = screen(staff_shop, "counter")
    at = at.text_input[0].set_value("3-201 小李 土鸡蛋2斤 送上门").run()
    text = text_of(at).replace("\\", "")
    assert "To the door: ¥3.00 more, ¥12.60 in all · ¥20.40 more for free delivery" in text
    at = at.text_input[0].set_value("3-201 小李 土鸡蛋7斤 送上门").run()
    assert "free of charge" in text_of(at)


def test_a_residents_words_about_health_are_not_on_the_page(
    screen: Open, staff_shop: Shop, here: Lane
) -> None:
    with staff_shop.store.write() as connection:
        orders = schema.customer_order
        connection.execute(update(orders).values(note="孕妇，放门口"))
    for view in ("walk", "decide"):
        text = text_of(part(screen, staff_shop, view))
        assert "放门口" in text
        assert "孕" not in text
