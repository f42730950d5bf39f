"""The members page: finding, files, balances, merging, the export."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.money import Money
from lib.members.profiles.cards.commands import give_card
from lib.members.profiles.cards.queries import cards_of
from lib.members.profiles.commands import add_member, merge_members
from lib.members.profiles.queries import find_members, member
from lib.members.profiles.rules import Home
from lib.shop.shop import Shop
from lib.trade.payments.commands import top_up_balance
from lib.trade.payments.queries import balance, money_of
from tests.pages.conftest import Open, text_of
from tests.pages.test_orders import button, field
from tests.trade.payments.books import book

PHONE = "13800138000"
DOOR = Home(building="3", room="201")


@pytest.fixture
def lee(shop: Shop) -> int:
    return add_member(shop, "小李", phone=PHONE, home=DOOR)


def opened(
    screen: Open, shop: Shop, member_id: int, part: str = "overview", language: str = "en"
) -> AppTest:
    at = screen(shop, "members", language)
    at.query_params["member"] = str(member_id)
    at.query_params["part"] = part
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("text", ["xl", "8000", "3-201", "小李"])
def test_a_resident_is_found_by_anything(screen: Open, shop: Shop, lee: int, text: str) -> None:
    add_member(shop, "王姐")
    at = screen(shop, "members")
    at.text_input(key="who").set_value(text).run()
    assert "小李" in text_of(at)
    assert "王姐" not in text_of(at)


def test_nobody_and_no_members_are_said(screen: Open, shop: Shop) -> None:
    at = screen(shop, "members")
    assert "No members yet" in text_of(at)
    at.text_input(key="who").set_value("谁").run()
    assert "Nobody fits" in text_of(at)
    assert "does not exist" in text_of(opened(screen, shop, 999))


def test_staff_never_see_the_whole_number(screen: Open, staff_shop: Shop, lee: int) -> None:
    for at in (screen(staff_shop, "members"), opened(screen, staff_shop, lee)):
        text = text_of(at) + "".join(str(one.value) for one in at.text_input)
        assert PHONE not in text
        assert r"138\*\*\*\*8000" in text


def test_staff_change_a_file_without_losing_the_number(
    screen: Open, staff_shop: Shop, shop: Shop, lee: int
) -> None:
    at = opened(screen, staff_shop, lee, "data")
    field(at, "text_input", f"member-{lee}:nickname").set_value("李姐")
    button(at, "Save")
    card = member(shop, lee).card
    assert (card.nickname, card.phone, card.other_names) == ("李姐", PHONE, ("小李",))


def test_a_member_is_added_and_a_taken_number_refused(screen: Open, shop: Shop, lee: int) -> None:
    at = screen(shop, "members")
    field(at, "text_input", "member_add:nickname").set_value("阿芳")
    field(at, "text_input", "member_add:phone").set_value("138 0013 8000")
    at = button(at, "Add member")
    assert "belongs to 小李" in text_of(at)
    assert field(at, "text_input", "member_add:nickname").value == "阿芳"
    field(at, "text_input", "member_add:phone").set_value("")
    button(at, "Add member")
    assert [card.nickname for card in find_members(shop, "阿芳")] == ["阿芳"]


def test_money_is_taken_in_advance_and_paid_out(screen: Open, shop: Shop, lee: int) -> None:
    at = opened(screen, shop, lee, "money")
    field(at, "number_input", f"top_up-{lee}").set_value(50.0)
    at = button(at, "Top up")
    assert balance(shop, lee) == Money(5000)
    field(at, "number_input", f"pay_out-{lee}").set_value(20.0)
    button(at, "Pay out")
    assert balance(shop, lee) == Money(3000)


def test_several_orders_are_paid_at_once(screen: Open, shop: Shop, lee: int) -> None:
    orders = [book(shop, lee, 1000).id, book(shop, lee, 500).id]
    at = opened(screen, shop, lee, "money")
    button(at, "Book payment")
    assert not any(money.due for money in money_of(shop, orders).values())


def test_two_files_become_one_and_two_again(screen: Open, shop: Shop, lee: int) -> None:
    other = add_member(shop, "小李妈妈", home=DOOR)
    at = screen(shop, "members")
    assert "Same room" in text_of(at)
    at.query_params["member"], at.query_params["with"] = str(lee), str(other)
    button(at.run(), "keep 小李")
    assert member(shop, other).card.id == lee
    at = opened(screen, shop, lee, "data")
    assert "小李妈妈" in text_of(at)
    button(at, "Take back")
    assert member(shop, other).card.id == other


def test_two_people_stay_two(screen: Open, shop: Shop, lee: int) -> None:
    add_member(shop, "小李妈妈", home=DOOR)
    at = button(screen(shop, "members"), "Two people")
    assert "Same room" not in text_of(at)


def test_a_merged_members_link_leads_to_the_file_it_became(
    screen: Open, shop: Shop, lee: int
) -> None:
    other = add_member(shop, "李小姐")
    merge_members(shop, lee, other, (1, 1))
    top_up_balance(shop, lee, Money(100))
    assert "小李" in text_of(opened(screen, shop, other))


def test_a_scanned_card_opens_the_file(screen: Open, staff_shop: Shop, lee: int) -> None:
    code = give_card(staff_shop, lee)
    at = screen(staff_shop, "members")
    at.query_params["card"] = code
    at.run()
    assert "小李" in text_of(at)
    assert at.query_params["member"] == str(lee)
    assert "card" not in at.query_params
    give_card(staff_shop, lee)
    at = screen(staff_shop, "members", "zh_CN")
    at.query_params["card"] = code
    at.run()
    assert "这里不认得这张卡" in text_of(at)


def test_a_card_is_given_and_replaced_in_the_file(screen: Open, shop: Shop, lee: int) -> None:
    at = opened(screen, shop, lee, "data")
    at = button(at, "Give a card")
    first = cards_of(shop, [lee])[0]
    assert first.said in text_of(at)
    at = button(at, "Make a new card")
    second = cards_of(shop, [lee])[0]
    assert second.code != first.code
    assert second.said in text_of(at)
    assert first.said not in text_of(at)
    at = opened(screen, shop, lee, "data", "zh_CN")
    assert "会员卡" in text_of(at)
