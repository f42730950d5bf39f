"""Two files side by side: what they become, where they disagree, what lasts (R33)."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.members.birthdays.queries import birthday_of
from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.queries import consents_of
from lib.members.consents.rules import How, Purpose
from lib.members.habits.commands import add_tag
from lib.members.habits.doubles.queries import merge_preview
from lib.members.habits.doubles.rules import Clash, Lasting
from lib.members.profiles.commands import add_member, merge_members, unmerge
from lib.members.profiles.queries import member
from lib.members.profiles.rules import Home
from lib.shop.shop import Shop
from lib.trade.payments.commands import top_up_balance
from lib.trade.payments.queries import member_money
from tests.members.habits.cast import came, pay
from tests.service.cast import add_product


@pytest.fixture
def lee(shop: Shop) -> int:
    home = Home(building="3", room="201")
    return add_member(shop, "小李", phone="13800138000", home=home, note="爱聊天")


@pytest.fixture
def other(shop: Shop) -> int:
    home = Home(building="5", room="101")
    return add_member(shop, "李小姐", phone="13900139000", home=home, usual_slot="evening")


def birthday(shop: Shop, member_id: int, month: int) -> None:
    give_consent(shop, member_id, Purpose.BIRTHDAY, How.CHAT)
    with shop.store.write() as connection:
        connection.execute(
            insert(schema.birthday).values(
                member_id=member_id, calendar="lunar", month=month, day=9, leap="no",
                leap_too=False, created_at=shop.clock.now(),
            )
        )  # fmt: skip


def test_the_preview_says_what_merging_then_does(shop: Shop, lee: int, other: int) -> None:
    eggs = add_product(shop, "土鸡蛋", "盒", 1000)
    for who in (lee, other):
        pay(shop, who, came(shop, who, eggs, 9)[0], 1000)
        top_up_balance(shop, who, Money(500))
        add_tag(shop, who, "tea", How.CHAT)
    add_tag(shop, other, "fruit")
    birthday(shop, other, 8)
    found = merge_preview(shop, lee, other)
    result = found.result
    assert (found.keep.orders, found.drop.orders, result.orders) == (1, 1, 2)
    assert (result.spent, result.balance) == (Money(2000), Money(1000))
    assert (result.nickname, result.other_names) == ("小李", frozenset({"李小姐"}))
    assert len(result.likings) == 2
    assert result.birthday is not None
    assert result.birthday.month == 8
    merge_id = merge_members(shop, lee, other, (1, 1))
    profile, money = member(shop, lee), member_money(shop, lee)
    assert (money.orders, money.spent, money.balance) == (
        result.orders, result.spent, result.balance,
    )  # fmt: skip
    assert (profile.note, profile.usual_slot) == (result.note, result.usual_slot)
    assert profile.card.phone == result.phone
    assert str(profile.card.home) == str(result.home) == "3-201"
    kept = birthday_of(shop, lee)
    assert kept is not None
    assert kept.birthday == result.birthday
    assert consents_of(shop, lee).state(Purpose.BIRTHDAY).stands
    unmerge(shop, merge_id)
    again = merge_preview(shop, lee, other)
    versions = {"version": 0}
    assert replace(again.keep, **versions) == replace(found.keep, **versions)
    assert replace(again.drop, **versions) == replace(found.drop, **versions)


def test_of_two_birthdays_that_of_the_kept_file_stays_and_both_come_back(
    shop: Shop, lee: int, other: int
) -> None:
    birthday(shop, lee, 3)
    birthday(shop, other, 8)
    found = merge_preview(shop, lee, other)
    assert Clash.BIRTHDAY in found.clashes
    merge_id = merge_members(shop, lee, other, (1, 1))
    kept = birthday_of(shop, lee)
    assert kept is not None
    assert kept.birthday == found.result.birthday == found.keep.birthday
    unmerge(shop, merge_id)
    for who, month in ((lee, 3), (other, 8)):
        mine = birthday_of(shop, who)
        assert mine is not None
        assert mine.birthday.month == month


def test_the_newer_answer_about_a_consent_counts(
    shop: Shop, lee: int, other: int, clock: FixedClock
) -> None:
    give_consent(shop, lee, Purpose.MESSAGES, How.CHAT)
    give_consent(shop, other, Purpose.MESSAGES, How.CHAT)
    clock.forward(minutes=1)
    withdraw_consent(shop, other, Purpose.MESSAGES, How.CHAT)
    for keep, drop in ((lee, other), (other, lee)):
        found = merge_preview(shop, keep, drop)
        assert Clash.CONSENT in found.clashes
        assert not found.result.consents[Purpose.MESSAGES].given
    merge_members(shop, lee, other, (1, 1))
    assert not consents_of(shop, lee).state(Purpose.MESSAGES).stands


def test_what_differs_and_what_lasts_is_said(shop: Shop, lee: int, other: int) -> None:
    found = merge_preview(shop, lee, other)
    assert found.clashes == (Clash.PHONE, Clash.HOME)
    assert found.lasting == (Lasting.ORDERS,)
    top_up_balance(shop, other, Money(500))
    give_consent(shop, lee, Purpose.MESSAGES, How.CHAT)
    assert merge_preview(shop, lee, other).lasting == tuple(Lasting)


def test_staff_see_numbers_masked(staff_shop: Shop, lee: int, other: int) -> None:
    found = merge_preview(staff_shop, lee, other)
    assert {found.keep.phone, found.drop.phone} == {"138****8000", "139****9000"}
    assert found.result.phone == "138****8000"


def test_one_file_has_no_double(shop: Shop, resident_shop: Shop, lee: int, other: int) -> None:
    with pytest.raises(NotFound):
        merge_preview(shop, lee, lee)
    with pytest.raises(NotFound):
        merge_preview(shop, lee, 999)
    merge_members(shop, lee, other, (1, 1))
    with pytest.raises(NotFound):
        merge_preview(shop, lee, other)
    with pytest.raises(Refused):
        merge_preview(resident_shop, lee, other)
