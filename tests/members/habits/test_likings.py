"""Likings: suggested with their ground, decided by a person, never without consent (R33)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.queries import consents_of
from lib.members.consents.rules import How, Purpose
from lib.members.habits.commands import (
    accept_preference,
    add_tag,
    forget_preference,
    reject_preference,
)
from lib.members.habits.queries import Suggestion, liked_by, preferences_of, suggested
from lib.members.habits.rules import MOST_PREFERENCES, Kind, State
from lib.members.profiles.commands import merge_members, unmerge
from lib.shop.shop import Shop
from tests.members.habits.cast import came
from tests.service.cast import TODAY, add_member, add_product


@pytest.fixture
def lee(shop: Shop) -> int:
    return add_member(shop, "小李")


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", "盒", 1000, category="蛋")


@pytest.fixture
def agreed(shop: Shop, lee: int) -> int:
    give_consent(shop, lee, Purpose.PREFERENCES, How.CHAT)
    return lee


def what(one: Suggestion) -> tuple[Kind, int | None, str]:
    return one.kind, one.product_id, one.name


def stored(shop: Shop) -> list[Any]:
    with shop.read() as connection:
        return list(connection.execute(select(schema.preference)).all())


def test_a_suggestion_says_how_often_and_since_when(shop: Shop, lee: int, eggs: int) -> None:
    other = add_product(shop, "咸鸭蛋", "盒", 1200, category="蛋")
    came(shop, lee, eggs, 200, 100, 50)  # the first is longer ago than anybody looks
    assert suggested(shop, lee) == ()
    came(shop, lee, other, 20)
    (category,) = suggested(shop, lee)
    assert what(category) == (Kind.CATEGORY, None, "蛋")
    assert (category.orders, category.from_on) == (3, TODAY - timedelta(days=100))
    assert category.until_on == TODAY - timedelta(days=20)
    came(shop, lee, eggs, 1)
    assert [(one.name, one.orders) for one in suggested(shop, lee)] == [("蛋", 4), ("土鸡蛋", 3)]


def test_orders_of_days_to_come_do_not_count_yet(shop: Shop, lee: int, eggs: int) -> None:
    """The favourites beside it count what was bought until today: two numbers would differ."""
    came(shop, lee, eggs, 30, 20, -1)
    assert suggested(shop, lee) == ()


def test_the_settings_say_what_is_often(shop: Shop, lee: int, eggs: int) -> None:
    came(shop, lee, eggs, 30, 20, 10)
    strict = replace(shop, settings=replace(shop.settings, preference_orders=4))
    assert suggested(strict, lee) == ()
    short = replace(shop, settings=replace(shop.settings, preference_days=25))
    assert suggested(short, lee) == ()
    assert len(suggested(shop, lee)) == 2


def test_nothing_is_kept_without_consent(shop: Shop, lee: int, eggs: int) -> None:
    came(shop, lee, eggs, 30, 20, 10)
    one = suggested(shop, lee)[0]
    for act in (
        lambda: accept_preference(shop, lee, *what(one)),
        lambda: reject_preference(shop, lee, *what(one)),
        lambda: add_tag(shop, lee, "tea"),
    ):
        with pytest.raises(Refused, match="Ask first"):
            act()
    assert stored(shop) == []
    assert not consents_of(shop, lee).state(Purpose.PREFERENCES).stands


def test_the_consent_is_given_in_the_same_step(shop: Shop, lee: int, eggs: int) -> None:
    came(shop, lee, eggs, 30, 20, 10)
    one = suggested(shop, lee)[0]
    accept_preference(shop, lee, *what(one), How.CHAT)
    state = consents_of(shop, lee).state(Purpose.PREFERENCES)
    assert state.stands
    assert state.newest is not None
    assert state.newest.how is How.CHAT
    (kept,) = preferences_of(shop, lee)
    assert (kept.name, kept.state, kept.orders) == ("土鸡蛋", State.ACCEPTED, 3)
    assert kept.from_on == TODAY - timedelta(days=30)
    assert [other.kind for other in suggested(shop, lee)] == [Kind.CATEGORY]


def test_what_is_accepted_is_reckoned_anew(shop: Shop, agreed: int, eggs: int) -> None:
    came(shop, agreed, eggs, 30, 20, 10)
    one = suggested(shop, agreed)[0]
    came(shop, agreed, eggs, 5)
    accept_preference(shop, agreed, *what(one))
    assert preferences_of(shop, agreed)[0].orders == 4
    with pytest.raises(Refused, match="no longer suggest"):
        accept_preference(shop, agreed, *what(one))
    with pytest.raises(Refused, match="no longer suggest"):
        accept_preference(shop, agreed, Kind.CATEGORY, None, "肉")


def test_a_rejected_one_comes_back_only_when_its_count_has_doubled(
    shop: Shop, agreed: int, eggs: int, clock: FixedClock
) -> None:
    came(shop, agreed, eggs, 30, 20, 10)
    for one in suggested(shop, agreed):
        reject_preference(shop, agreed, *what(one))
    assert suggested(shop, agreed) == ()
    came(shop, agreed, eggs, 9, 8)
    assert suggested(shop, agreed) == ()
    came(shop, agreed, eggs, 7)
    again = suggested(shop, agreed)
    assert [one.orders for one in again] == [6, 6]
    clock.forward(minutes=1)
    accept_preference(shop, agreed, *what(again[0]))
    (product, category) = preferences_of(shop, agreed)
    assert (product.state, category.state) == (State.ACCEPTED, State.REJECTED)


def test_a_renamed_product_keeps_its_decision(shop: Shop, agreed: int, eggs: int) -> None:
    came(shop, agreed, eggs, 30, 20, 10)
    accept_preference(shop, agreed, Kind.PRODUCT, eggs, "土鸡蛋")
    with shop.store.write() as connection:
        products = schema.product
        connection.execute(products.update().values(name="散养土鸡蛋", folded_name="散养土鸡蛋"))
    assert preferences_of(shop, agreed)[0].name == "散养土鸡蛋"
    assert [one.kind for one in suggested(shop, agreed)] == [Kind.CATEGORY]
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(archived_at=shop.clock.now()))
    other = add_product(shop, "土鸡蛋", "盒", 900)
    came(shop, agreed, other, 30, 20, 10)
    accept_preference(shop, agreed, Kind.PRODUCT, other, "土鸡蛋")
    assert {one.name for one in preferences_of(shop, agreed)} == {"散养土鸡蛋", "土鸡蛋"}


def test_forgetting_lets_it_be_suggested_again(shop: Shop, agreed: int, eggs: int) -> None:
    came(shop, agreed, eggs, 30, 20, 10)
    kept = accept_preference(shop, agreed, Kind.PRODUCT, eggs, "土鸡蛋")
    with pytest.raises(Conflict):
        forget_preference(shop, kept, 7)
    forget_preference(shop, kept, 1)
    assert stored(shop) == []
    assert len(suggested(shop, agreed)) == 2
    with pytest.raises(NotFound):
        forget_preference(shop, kept, 1)


def test_an_interest_is_kept_once_in_the_shops_language(shop: Shop, agreed: int) -> None:
    first = add_tag(shop, agreed, "likes it hot")
    assert add_tag(shop, agreed, "爱吃辣") == first
    assert [one.name for one in preferences_of(shop, agreed)] == ["爱吃辣"]
    with pytest.raises(Refused, match="health or a child"):
        add_tag(shop, agreed, "糖尿病")
    assert len(stored(shop)) == 1


def test_there_is_an_end_to_what_is_kept(shop: Shop, agreed: int) -> None:
    for number in range(MOST_PREFERENCES):
        add_tag(shop, agreed, f"兴趣{number}")
    with pytest.raises(Refused, match="forget one first"):
        add_tag(shop, agreed, "喝茶")


def test_consent_taken_back_leaves_nothing(shop: Shop, agreed: int, eggs: int) -> None:
    came(shop, agreed, eggs, 30, 20, 10)
    accept_preference(shop, agreed, Kind.PRODUCT, eggs, "土鸡蛋")
    add_tag(shop, agreed, "tea")
    assert [one.name for one in liked_by(shop, [agreed])[agreed]] == ["土鸡蛋", "喝茶"]
    withdraw_consent(shop, agreed, Purpose.PREFERENCES, How.SPOKEN)
    assert stored(shop) == []
    assert liked_by(shop, [agreed]) == {}


def test_the_journal_never_says_what_somebody_likes(shop: Shop, agreed: int, eggs: int) -> None:
    came(shop, agreed, eggs, 30, 20, 10)
    kept = accept_preference(shop, agreed, Kind.PRODUCT, eggs, "土鸡蛋")
    add_tag(shop, agreed, "爱喝手冲咖啡")
    forget_preference(shop, kept, 1)
    with shop.read() as connection:
        rows = connection.execute(select(schema.journal.c.details)).scalars().all()
    text = "".join(map(str, rows))
    assert "土鸡蛋" not in text
    assert "咖啡" not in text


def test_merged_files_are_read_as_one_and_the_newer_decision_counts(
    shop: Shop, agreed: int, eggs: int, clock: FixedClock
) -> None:
    other = add_member(shop, "李小姐")
    came(shop, agreed, eggs, 30, 20, 10)
    came(shop, other, eggs, 31, 21, 11)
    accept_preference(shop, other, Kind.PRODUCT, eggs, "土鸡蛋", How.CHAT)
    add_tag(shop, other, "tea")
    clock.forward(minutes=1)
    reject_preference(shop, agreed, Kind.PRODUCT, eggs, "土鸡蛋")
    merge_id = merge_members(shop, agreed, other, (1, 1))
    found = {one.name: one.state for one in preferences_of(shop, agreed)}
    assert found == {"土鸡蛋": State.REJECTED, "喝茶": State.ACCEPTED}
    assert [one.name for one in liked_by(shop, [agreed])[agreed]] == ["喝茶"]
    (tag,) = [one for one in preferences_of(shop, agreed) if one.kind is Kind.TAG]
    add_tag(shop, agreed, "喝茶")  # known already: under the file it was written to
    assert tag.id in {row.id for row in stored(shop)}
    unmerge(shop, merge_id)
    assert [one.state for one in preferences_of(shop, agreed)] == [State.REJECTED]
    assert [one.state for one in preferences_of(shop, other)] == [State.ACCEPTED] * 2


def test_forgetting_in_a_merged_file_forgets_both(shop: Shop, agreed: int) -> None:
    other = add_member(shop, "李小姐")
    give_consent(shop, other, Purpose.PREFERENCES, How.CHAT)
    add_tag(shop, agreed, "tea")
    add_tag(shop, other, "tea")
    merge_members(shop, agreed, other, (1, 1))
    (one,) = preferences_of(shop, agreed)
    forget_preference(shop, one.id, one.version)
    assert stored(shop) == []


def test_a_merged_file_is_the_one_it_became(shop: Shop, agreed: int) -> None:
    other = add_member(shop, "李小姐")
    merge_members(shop, agreed, other, (1, 1))
    add_tag(shop, other, "tea")
    assert [row.member_id for row in stored(shop)] == [agreed]


def test_staff_may_and_residents_may_not(
    staff_shop: Shop, resident_shop: Shop, agreed: int
) -> None:
    add_tag(staff_shop, agreed, "tea")
    with pytest.raises(Refused):
        suggested(resident_shop, agreed)
    with pytest.raises(Refused):
        preferences_of(resident_shop, agreed)
