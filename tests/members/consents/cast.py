"""Birthdays, gifts and likings of the tests of consents, put straight into the tables."""

from typing import Any

from sqlalchemy import func, select

from lib.db import schema
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.cast import TODAY, put


def keep_birthday(shop: Shop, member_id: int, **values: Any) -> None:
    """A birthday on the ninth of the eighth lunar month."""
    with shop.store.write() as connection:
        connection.execute(
            schema.birthday.insert().values(
                **{
                    "member_id": member_id, "calendar": "lunar", "month": 8, "day": 9,
                    "leap": "no", "leap_too": False, "said_as": "八月初九", "created_at": NOW,
                }
                | values
            )
        )  # fmt: skip


def plan_gift(shop: Shop, member_id: int, **values: Any) -> int:
    """A gift for the birthday of this year, planned and not given."""
    plain = {
        "member_id": member_id, "occasion": "birthday", "year": 2026,
        "key": f"birthday:{member_id}:2026", "day": TODAY, "what": "一盒月饼",
        "reason": "买过 5 次鸡蛋", "planned_at": NOW,
    }  # fmt: skip
    return put(shop, schema.gift, **{**plain, **values})


def like(shop: Shop, member_id: int, tag: str = "清淡口味") -> int:
    """A neutral tag the resident named."""
    return put(
        shop, schema.preference, member_id=member_id, kind="tag", name=tag, state="accepted", at=NOW
    )


def count(shop: Shop, table: Any, *conditions: Any) -> int:
    """How many rows of a table fit."""
    query = select(func.count()).select_from(table).where(*conditions)
    with shop.read() as connection:
        return int(connection.execute(query).scalar_one())
