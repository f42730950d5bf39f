"""Consents: each by itself, in its words, taken back with effect at once (PIPL 13 to 17)."""

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.members.consents import commands, queries
from lib.members.consents.rules import How, Purpose
from lib.members.profiles.commands import add_member, merge_members, unmerge
from lib.shop.messages.templates.commands import change_wording
from lib.shop.opening import shop_for
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from tests.members.consents.cast import count, keep_birthday, like, plan_gift


@pytest.fixture
def member(shop: Shop) -> int:
    return add_member(shop, "小李")


def agreeing(shop: Shop, purpose: Purpose, *ids: int) -> frozenset[int]:
    with shop.read() as connection:
        return queries.agreeing(connection, purpose, ids)


def again(shop: Shop) -> Shop:
    """The shop with the settings as they stand now."""
    return shop_for(shop.store, shop.place, shop.clock, shop.actor)


def test_each_purpose_is_agreed_to_by_itself(shop: Shop, member: int) -> None:
    commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    found = queries.consents_of(shop, member)
    assert [state.stands for state in found.states] == [True, False, False]
    assert not agreeing(shop, Purpose.MESSAGES, member)
    entry = found.history[0]
    assert (entry.how, entry.by, entry.version) == (How.CHAT, "芳姐", 1)
    assert entry.text is not None and "生日" in entry.text


def test_the_condition_works_inside_a_query(shop: Shop, member: int) -> None:
    other = add_member(shop, "小王")
    commands.give_consent(shop, member, Purpose.MESSAGES, How.SPOKEN)
    keep_birthday(shop, member)
    people = schema.member
    query = (
        select(people.c.id)
        .outerjoin(schema.birthday, schema.birthday.c.member_id == people.c.id)
        .where(queries.agrees(Purpose.MESSAGES))
    )
    with shop.read() as connection:
        assert connection.execute(query).scalars().all() == [member]
        none = select(people.c.id).where(~queries.agrees(Purpose.MESSAGES))
        assert connection.execute(none).scalars().all() == [other]


def test_a_changed_wording_is_the_next_version(shop: Shop, member: int) -> None:
    first = commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    assert commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT) == first
    save_settings(shop, {"keep_birthday_months": 12}, {})
    shop = again(shop)
    assert queries.consents_of(shop, member).state(Purpose.BIRTHDAY).reworded
    assert commands.give_consent(shop, member, Purpose.BIRTHDAY, How.PAPER) != first
    newest, oldest = queries.consents_of(shop, member).history
    assert (newest.version, oldest.version) == (2, 1)
    assert newest.text is not None and "12 个月" in newest.text
    assert oldest.text is not None and "24 个月" in oldest.text


def test_a_wording_that_comes_back_is_the_old_version(shop: Shop, member: int) -> None:
    commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    save_settings(shop, {"keep_birthday_months": 12}, {})
    commands.give_consent(again(shop), member, Purpose.BIRTHDAY, How.CHAT)
    save_settings(shop, {"keep_birthday_months": 24}, {"keep_birthday_months": 1})
    commands.give_consent(again(shop), member, Purpose.BIRTHDAY, How.CHAT)
    assert count(shop, schema.consent_text) == 2
    assert count(shop, schema.consent) == 3


def test_the_owner_may_word_it_otherwise(shop: Shop, member: int) -> None:
    change_wording(shop, "consent_birthday", "{shop_name}记生日，{months} 个月，好吗？", 0)
    commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    said = queries.consents_of(shop, member).history[0].text
    assert said is not None and "记生日，24 个月，好吗？" in said


def test_taking_a_birthday_back_deletes_it_at_once(shop: Shop, member: int) -> None:
    commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    keep_birthday(shop, member)
    planned, festival = (
        plan_gift(shop, member),
        plan_gift(shop, member, occasion="mid_autumn", key="m"),
    )
    given = plan_gift(shop, member, key="birthday:2025", given_at=shop.clock.now())
    commands.withdraw_consent(shop, member, Purpose.BIRTHDAY, How.SPOKEN)
    assert count(shop, schema.birthday) == 0
    gifts = schema.gift
    standing = count(shop, gifts, gifts.c.cancelled_at.is_(None))
    assert standing == 2 and count(shop, gifts, gifts.c.id == planned, gifts.c.version == 2)
    assert count(shop, gifts, gifts.c.id.in_([festival, given]), gifts.c.version == 1) == 2
    assert not agreeing(shop, Purpose.BIRTHDAY, member)


def test_taking_likings_back_deletes_them_and_what_rested_on_them(shop: Shop, member: int) -> None:
    commands.give_consent(shop, member, Purpose.PREFERENCES, How.CHAT)
    like(shop, member)
    plan_gift(shop, member)
    commands.withdraw_consent(shop, member, Purpose.PREFERENCES, How.CHAT)
    assert count(shop, schema.preference) == 0
    assert count(shop, schema.gift, schema.gift.c.reason != "") == 0
    assert count(shop, schema.gift, schema.gift.c.cancelled_at.is_(None)) == 1


def test_what_does_not_stand_cannot_be_taken_back(shop: Shop, member: int) -> None:
    with pytest.raises(Refused, match="No such consent"):
        commands.withdraw_consent(shop, member, Purpose.MESSAGES, How.CHAT)


def test_only_a_person_can_say_how(shop: Shop, member: int) -> None:
    with pytest.raises(Refused, match="how the resident agreed"):
        commands.give_consent(shop, member, Purpose.MESSAGES, How.CLEAN_UP)


def test_an_anonymous_file_agrees_to_nothing(shop: Shop, member: int) -> None:
    with shop.store.write() as connection:
        connection.execute(schema.member.update().values(erased_at=shop.clock.now()))
    with pytest.raises(NotFound):
        commands.give_consent(shop, member, Purpose.MESSAGES, How.CHAT)


@pytest.fixture
def family(shop: Shop, member: int) -> tuple[int, int, int]:
    """小李 with 李姐 merged in; both had agreed to messages. Ids and the merge."""
    other = add_member(shop, "李姐")
    commands.give_consent(shop, other, Purpose.MESSAGES, How.CHAT)
    merge = merge_members(shop, member, other, (1, 1))
    return member, other, merge


def test_of_merged_files_the_newest_row_counts(shop: Shop, family: tuple[int, int, int]) -> None:
    keep, drop, _merge = family
    assert agreeing(shop, Purpose.MESSAGES, keep, drop) == {keep, drop}
    commands.withdraw_consent(shop, drop, Purpose.MESSAGES, How.CHAT)
    assert not agreeing(shop, Purpose.MESSAGES, keep, drop)
    assert not queries.consents_of(shop, keep).state(Purpose.MESSAGES).stands


def test_taking_a_merge_back_brings_no_consent_back(
    shop: Shop, family: tuple[int, int, int]
) -> None:
    keep, drop, merge = family
    commands.withdraw_consent(shop, keep, Purpose.MESSAGES, How.CHAT)
    unmerge(shop, merge)
    assert not agreeing(shop, Purpose.MESSAGES, keep, drop)


def test_the_overview_counts_people_not_rows(
    shop: Shop, clock: FixedClock, family: tuple[int, int, int]
) -> None:
    keep, _drop, _merge = family
    commands.give_consent(shop, keep, Purpose.MESSAGES, How.PAPER)
    third = add_member(shop, "小陈")
    commands.give_consent(shop, third, Purpose.MESSAGES, How.CHAT)
    clock.forward(days=1)
    commands.withdraw_consent(shop, third, Purpose.MESSAGES, How.CHAT)
    found = {one.purpose: one for one in queries.overview(shop)}
    assert (found[Purpose.MESSAGES].agree, found[Purpose.MESSAGES].taken_back) == (1, 1)
    assert [one.members for one in found[Purpose.MESSAGES].wordings] == [1]
    assert found[Purpose.BIRTHDAY].agree == 0


def test_the_journal_says_that_and_not_when_somebody_was_born(shop: Shop, member: int) -> None:
    commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    keep_birthday(shop, member)
    commands.withdraw_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    journal = schema.journal
    with shop.read() as connection:
        rows = connection.execute(
            select(journal.c.action, journal.c.details).order_by(journal.c.id)
        ).all()
    last = rows[-1]
    assert last.action == "consent.withdraw"
    assert last.details["after"]["birthdays"] == 1
    assert "八月" not in str(last.details)
