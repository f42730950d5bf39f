"""Values come back from both databases as they went in."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select

from lib.db import schema
from lib.db.engine import Store
from lib.db.types import Moment


def test_moments_days_flags_and_documents(store: Store) -> None:
    beijing = timezone(timedelta(hours=8))
    at = datetime(2026, 9, 25, 18, 0, 0, 123456, beijing)
    with store.write() as connection:
        connection.execute(insert(schema.closed_day).values(day=date(2026, 10, 1), reason="国庆"))
        connection.execute(
            insert(schema.setting).values(
                name="x", value={"乙": [1, None], "a": True}, changed_at=at
            )
        )
    with store.read() as connection:
        assert connection.execute(select(schema.closed_day.c.day)).scalar() == date(2026, 10, 1)
        row = connection.execute(select(schema.setting)).one()
    assert row.value == {"乙": [1, None], "a": True}
    assert row.changed_at == at
    assert row.changed_at.tzinfo is UTC


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001
