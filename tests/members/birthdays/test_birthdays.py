"""Birthdays in the books: kept with consent, changed, removed, found by day (R34)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.members.birthdays.commands import remove_birthday, set_birthday
from lib.members.birthdays.queries import Upcoming, birthday_of, upcoming
from lib.members.birthdays.rules import Birthday, Calendar, Leap
from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.queries import consents_of
from lib.members.consents.rules import How, Purpose
from lib.members.profiles.commands import merge_members, unmerge
from lib.shop.shop import RESIDENT, Shop
from tests.conftest import NOW
from tests.members.birthdays.cast import keep, resident, rows
from tests.service.cast import TODAY, add_member, put

SOLAR, LUNAR = Calendar.SOLAR, Calendar.LUNAR


@pytest.fixture
def wang(shop: Shop) -> int:
    return add_member(shop, "王奶奶", building="3", room="1203")


def found(shop: Shop, first: date = TODAY, days: int = 7) -> list[tuple[str, date, int]]:
    """Whose birthday is kept in a window."""
    return [(one.name, one.day, one.year) for one in ahead(shop, first, days)]


def ahead(shop: Shop, first: date = TODAY, days: int = 7) -> tuple[Upcoming, ...]:
    with shop.read() as connection:
        return upcoming(connection, first, first + timedelta(days=days), shop.settings)


def test_a_birthday_is_kept_with_its_consent_and_no_year(shop: Shop, wang: int) -> None:
    keep(shop, wang, "农历八月十五", How.SPOKEN)
    kept = birthday_of(shop, wang)
    assert kept is not None
    assert kept.version == 1
    assert kept.birthday == Birthday(LUNAR, 8, 15, Leap.UNKNOWN, said_as="农历八月十五")
    consent = consents_of(shop, wang).state(Purpose.BIRTHDAY)
    assert consent.stands
    assert consent.newest is not None
    assert consent.newest.how is How.SPOKEN
    assert found(shop) == [("王奶奶", date(2026, 9, 25), 2026)]


def test_without_consent_nothing_is_kept(shop: Shop, wang: int) -> None:
    with pytest.raises(Refused, match="Without consent"):
        keep(shop, wang, "农历八月十五", None)
    with pytest.raises(Refused, match="how the resident agreed"):
        keep(shop, wang, "农历八月十五", How.CLEAN_UP)
    assert rows(shop) == []
    assert not consents_of(shop, wang).state(Purpose.BIRTHDAY).stands


def test_under_a_consent_that_stands_it_is_changed_without_asking_again(
    shop: Shop, wang: int
) -> None:
    give_consent(shop, wang, Purpose.BIRTHDAY, How.PAPER)
    keep(shop, wang, "3/8", None)
    keep(shop, wang, "正月初三", None, version=1)
    kept = birthday_of(shop, wang)
    assert kept is not None
    assert (kept.version, kept.birthday.calendar, kept.birthday.month) == (2, LUNAR, 1)
    assert len(consents_of(shop, wang).history) == 1


def test_a_consent_taken_back_ends_it_at_once(shop: Shop, wang: int) -> None:
    keep(shop, wang, "农历八月十五")
    assert found(shop)
    withdraw_consent(shop, wang, Purpose.BIRTHDAY, How.CHAT)
    assert rows(shop) == []
    assert found(shop) == []
    assert birthday_of(shop, wang) is None


def test_a_row_without_a_standing_consent_is_shown_to_nobody(shop: Shop, wang: int) -> None:
    values = {"calendar": "solar", "month": 9, "day": 26, "leap": "no", "leap_too": False}
    with shop.store.write() as connection:
        connection.execute(
            insert(schema.birthday).values(member_id=wang, created_at=NOW, version=4, **values)
        )
    assert found(shop) == []
    assert birthday_of(shop, wang) is None
    keep(shop, wang, "3/8")
    kept = birthday_of(shop, wang)
    assert kept is not None
    assert kept.birthday.month == 3


@pytest.mark.parametrize(
    ("birthday", "why"),
    [
        (Birthday(SOLAR, 13, 1), "no month 13"),
        (Birthday(SOLAR, 2, 30), "at most 29 days"),
        (Birthday(LUNAR, 8, 31), "at most 30 days"),
        (Birthday(LUNAR, 8, 0), "no day 0"),
        (Birthday(LUNAR, 1, 2, Leap.YES), "never came twice"),
        (Birthday(SOLAR, 8, 15, year=2020), "children"),
        (Birthday(SOLAR, 8, 15, year=2027), "future"),
        (Birthday(SOLAR, 1, 1, year=1900), "120 years"),
        (Birthday(SOLAR, 8, 15, said_as="女儿 8月15日"), "children"),
    ],
)
def test_what_cannot_be_is_refused_whoever_asks(
    shop: Shop, wang: int, birthday: Birthday, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        set_birthday(shop, wang, birthday, How.CHAT)
    assert rows(shop) == []


def test_a_leap_month_has_no_meaning_in_the_solar_calendar(shop: Shop, wang: int) -> None:
    set_birthday(shop, wang, Birthday(SOLAR, 6, 2, Leap.YES, leap_too=True), How.CHAT)
    assert [(row.leap, row.leap_too) for row in rows(shop)] == [("no", False)]


def test_two_who_change_it_at_once_do_not_overwrite_each_other(shop: Shop, wang: int) -> None:
    keep(shop, wang, "3/8")
    with pytest.raises(Conflict, match="芳姐 changed this"):
        keep(shop, wang, "3/9")
    keep(shop, wang, "3/9", version=1)
    with pytest.raises(Conflict):
        remove_birthday(shop, wang, 1)
    remove_birthday(shop, wang, 2)
    assert rows(shop) == []
    with pytest.raises(Refused, match="No birthday is kept"):
        remove_birthday(shop, wang, 2)
    assert consents_of(shop, wang).state(Purpose.BIRTHDAY).stands


def test_who_may_not_see_it_is_refused(shop: Shop, wang: int) -> None:
    for act in (
        lambda: birthday_of(shop.acting(RESIDENT), wang),
        lambda: keep(shop.acting(RESIDENT), wang, "3/8"),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(NotFound):
        keep(shop, wang + 999, "3/8")


def test_the_journal_does_not_know_the_day(shop: Shop, wang: int) -> None:
    keep(shop, wang, "农历八月初九")
    keep(shop, wang, "1965-12-31", version=1)
    remove_birthday(shop, wang, 2)
    journal = schema.journal
    with shop.read() as connection:
        lines = connection.execute(
            select(journal.c.action, journal.c.subject, journal.c.details).where(
                journal.c.action.startswith("birthday.")
            )
        ).all()
    assert [line.action for line in lines] == ["birthday.set", "birthday.set", "birthday.remove"]
    for line in lines:
        assert line.subject == f"birthday:{wang}"
        assert not any(word in str(line.details) for word in ("八月", "1965", "lunar", "12"))


def gift(shop: Shop, member_id: int, year: int, day: date, **values: object) -> int:
    key = f"birthday:{member_id}:{year}"
    return put(
        shop, schema.gift, member_id=member_id, occasion="birthday", year=year, key=key, day=day,
        what="寿面", planned_at=NOW, **values,
    )  # fmt: skip


def gifts(shop: Shop) -> list[tuple[date, bool]]:
    with shop.read() as connection:
        table = connection.execute(select(schema.gift).order_by(schema.gift.c.id))
        return [(row.day, row.cancelled_at is not None) for row in table]


def test_a_planned_gift_follows_the_day_and_is_given_up_with_it(shop: Shop, wang: int) -> None:
    keep(shop, wang, "农历八月十八")
    gift(shop, wang, 2026, date(2026, 9, 28))
    gift(shop, wang, 2025, date(2025, 10, 9), given_at=NOW)
    keep(shop, wang, "农历八月廿八", None, version=1)
    assert gifts(shop) == [(date(2026, 10, 8), False), (date(2025, 10, 9), False)]
    keep(shop, wang, "10月9日", None, version=2)
    assert gifts(shop) == [(date(2026, 10, 8), True), (date(2025, 10, 9), False)]
    gift(shop, wang, 2027, date(2027, 10, 9))
    remove_birthday(shop, wang, 3)
    assert [gone for _day, gone in gifts(shop)] == [True, False, True]


def test_the_days_ahead(shop: Shop) -> None:
    resident(shop, "甲", "9月26日")
    resident(shop, "乙", "农历八月廿二")  # 2 October
    resident(shop, "丙", "10月3日")
    resident(shop, "丁", "农历八月十四")
    resident(shop, "戊", "9月25日")
    assert found(shop) == [
        ("戊", date(2026, 9, 25), 2026),
        ("甲", date(2026, 9, 26), 2026),
        ("乙", date(2026, 10, 2), 2026),
    ]
    assert found(shop, days=-1) == []
    one = ahead(shop)[0]
    assert (str(one.home), one.birthday.said_as) == ("", "9月25日")


def test_one_of_the_lunar_year_that_falls_in_next_january(shop: Shop, wang: int) -> None:
    keep(shop, wang, "腊月初八")
    assert found(shop, date(2027, 1, 1), 30) == [("王奶奶", date(2027, 1, 15), 2026)]
    twice = found(shop, date(2022, 1, 1), 364)
    assert twice == [("王奶奶", date(2022, 1, 10), 2021), ("王奶奶", date(2022, 12, 30), 2022)]
    assert found(shop, date(2023, 1, 1), 364) == []


def test_the_settings_decide_in_the_look_up(shop: Shop, wang: int) -> None:
    keep(shop, wang, "农历六月十五")
    zhang = resident(shop, "张姐", "2月29日")
    year = (date(2025, 1, 1), 364)
    assert found(shop, *year) == [
        ("张姐", date(2025, 2, 28), 2025), ("王奶奶", date(2025, 7, 9), 2025),
    ]  # fmt: skip
    other = replace(shop.settings, leap_month_birthday="leap", leap_day_birthday="after")
    assert found(replace(shop, settings=other), *year) == [
        ("张姐", date(2025, 3, 1), 2025), ("王奶奶", date(2025, 8, 8), 2025),
    ]  # fmt: skip
    keep(shop, wang, "六月十五 闰月也过", None, version=1)
    assert [day for name, day, _year in found(shop, *year) if name == "王奶奶"] == [
        date(2025, 7, 9), date(2025, 8, 8),
    ]  # fmt: skip
    assert birthday_of(shop, zhang)


def test_whose_file_was_made_anonymous_is_not_found(shop: Shop, wang: int) -> None:
    keep(shop, wang, "9月26日")
    members = schema.member
    with shop.store.write() as connection:
        connection.execute(update(members).where(members.c.id == wang).values(erased_at=NOW))
    assert found(shop) == []
    with pytest.raises(NotFound, match="anonymous"):
        keep(shop, wang, "9月27日", version=1)


def test_merged_files_have_one_birthday_and_get_it_back(shop: Shop, wang: int) -> None:
    other = resident(shop, "王阿姨", "9月26日")
    merge = merge_members(shop, wang, other, (1, 1))
    kept = birthday_of(shop, wang)
    assert kept is not None
    assert (kept.birthday.day, kept.version) == (26, 1)
    assert found(shop) == [("王奶奶", date(2026, 9, 26), 2026)]
    assert ahead(shop)[0].member_id == wang
    keep(shop, wang, "9月27日", version=1)
    assert found(shop) == [("王奶奶", date(2026, 9, 27), 2026)]
    unmerge(shop, merge)
    assert found(shop) == [
        ("王阿姨", date(2026, 9, 26), 2026), ("王奶奶", date(2026, 9, 27), 2026),
    ]  # fmt: skip


def test_of_two_merged_files_the_one_that_was_kept_says_the_day(shop: Shop, wang: int) -> None:
    keep(shop, wang, "9月27日")
    first = resident(shop, "王阿姨", "9月26日")
    second = resident(shop, "老王家", "9月28日")
    merge_members(shop, wang, first, (1, 1))
    merge_members(shop, wang, second, (2, 1))
    assert found(shop) == [("王奶奶", date(2026, 9, 27), 2026)]
    with shop.store.write() as connection:
        mine = schema.birthday.c.member_id == wang
        connection.execute(delete(schema.birthday).where(mine))
    assert found(shop) == [("王奶奶", date(2026, 9, 28), 2026)]
    kept = birthday_of(shop, wang)
    assert kept is not None
    assert kept.birthday.day == 28
    remove_birthday(shop, wang, kept.version)
    assert rows(shop) == []
