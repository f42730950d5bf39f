"""The look-up by day: what it finds is what the dates say, and it walks through no table (R34)."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text

from lib.db import schema
from lib.db.engine import Store
from lib.members.birthdays.queries import Upcoming, upcoming
from lib.members.birthdays.rules import Birthday, Calendar, Leap, next_dates
from lib.members.consents.commands import give_consent
from lib.members.consents.rules import How, Purpose
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.members.birthdays.cast import resident
from tests.service.cast import TODAY, add_member
from tests.statements import statements_of


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Plans are read as SQLite writes them; the rest needs one database only."""
    return sqlite_store


def ahead(shop: Shop, first: date, last: date) -> tuple[Upcoming, ...]:
    with shop.read() as connection:
        return upcoming(connection, first, last, shop.settings)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["solar", "lunar"]),
            st.integers(1, 12),
            st.integers(1, 28) | st.sampled_from([29, 30]),
            st.sampled_from(["yes", "no", "unknown"]),
            st.booleans(),
        ),
        max_size=12,
    ),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.integers(0, 60),
)
def test_the_look_up_finds_whom_the_dates_say(
    shop: Shop,
    kept: list[tuple[str, int, int, str, bool]],
    first: date,
    days: int,
) -> None:
    expected = set()
    with shop.store.write() as connection:
        connection.execute(delete(schema.birthday))
    for number, (calendar, month, day, leap, too) in enumerate(kept, 1):
        if calendar == "solar" and (month, day) == (2, 30):
            continue
        member = _agreeing(shop, number)
        with shop.store.write() as connection:
            connection.execute(
                insert(schema.birthday).values(
                    member_id=member, calendar=calendar, month=month, day=day, leap=leap,
                    leap_too=too and calendar == "lunar", created_at=NOW,
                )
            )  # fmt: skip
        one = Birthday(
            Calendar(calendar), month, day, Leap(leap), leap_too=too and calendar == "lunar"
        )
        coming = next_dates(one, first, shop.settings, count=4)
        last = first + timedelta(days=days)
        expected |= {(member, on.day, on.year) for on in coming if on.day <= last}
    assert {
        (one.member_id, one.day, one.year) for one in ahead(shop, first, first + timedelta(days))
    } == expected


def _agreeing(shop: Shop, number: int) -> int:
    members = schema.member
    with shop.read() as connection:
        known = connection.execute(
            select(members.c.id).where(members.c.nickname == f"住户{number}")
        ).scalar()
    if known is not None:
        return int(known)
    member = add_member(shop, f"住户{number}")
    give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    return member


def test_a_window_is_one_statement_that_goes_by_the_index(shop: Shop, store: Store) -> None:
    resident(shop, "王奶奶", "农历八月十八")
    many = [
        {"nickname": f"住户{number}", "folded_nickname": f"住户{number}", "created_at": NOW}
        for number in range(2000)
    ]
    with shop.store.write() as connection:
        connection.execute(insert(schema.member), many)
        ids = connection.execute(select(schema.member.c.id)).scalars().all()
        born = {"calendar": "lunar", "leap": "no", "leap_too": False, "created_at": NOW}
        connection.execute(
            insert(schema.birthday),
            [{"member_id": i, "month": i % 7 + 1, "day": i % 29 + 1, **born} for i in ids[1:]],
        )
        text_id = connection.execute(select(schema.consent_text.c.id)).scalar_one()
        agreed = {"purpose": "birthday", "given": True, "text_id": text_id, "how": "chat"}
        connection.execute(
            insert(schema.consent), [{"member_id": i, "at": NOW, **agreed} for i in ids[1:]]
        )
        connection.execute(text("ANALYZE"))
    with statements_of(store) as said:
        assert [one.name for one in ahead(shop, TODAY, TODAY + timedelta(days=7))] == ["王奶奶"]
    (statement,) = said
    values = tuple(range(statement.count("?")))
    with shop.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    steps = "\n".join(str(step[3]) for step in plan)
    assert "ix_birthday_calendar_month_day" in steps
    assert "SCAN" not in steps.replace("SCAN CONSTANT ROW", ""), steps
