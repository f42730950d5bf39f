"""What is past its time in the tests of the clean-up, put straight into the tables."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import update

from lib.db import schema
from lib.members.consents.commands import give_consent
from lib.members.consents.rules import How, Purpose
from lib.members.profiles.commands import add_member
from lib.shop.shop import Shop
from tests.members.consents.cast import keep_birthday
from tests.service.cast import put

OLD = datetime(2023, 1, 10, 2, 0, tzinfo=UTC)
"""Before every border of the default settings on 25 September 2026."""


def old_member(shop: Shop, name: str, last: date | None = None, **values: Any) -> int:
    """A member since 2023 who collected their only order on ``last``; None: never ordered."""
    member_id = add_member(shop, name)
    change(shop, schema.member, member_id, created_at=OLD)
    if last is not None:
        order(shop, member_id, last, **values)
    return member_id


def order(shop: Shop, member_id: int, day: date, **values: Any) -> int:
    """An order placed on the day it was collected."""
    plain = {
        "member_id": member_id, "source": "counter", "number": member_id, "pickup_day": day,
        "delivery": False, "status": "active",
        "placed_at": datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
    }  # fmt: skip
    return put(shop, schema.customer_order, **{**plain, **values})


def old_birthday(shop: Shop) -> int:
    """A birthday of 2023 of somebody whose goods are still owed, so that the file stays."""
    member_id = old_member(shop, "久未见")
    give_consent(shop, member_id, Purpose.BIRTHDAY, How.CHAT)
    keep_birthday(shop, member_id, created_at=OLD)
    hold_money(shop, member_id)
    return member_id


def hold_money(shop: Shop, member_id: int, fen: int = 500) -> None:
    """Money the shop holds for a member."""
    payment = put(
        shop, schema.payment, member_id=member_id, kind="top_up", method="cash", amount_fen=fen,
        business_day=date(2023, 1, 10), at=OLD,
    )  # fmt: skip
    put(shop, schema.balance_entry, member_id=member_id, amount_fen=fen, payment_id=payment, at=OLD)


def old_opening(shop: Shop, member_id: int, day: date = date(2025, 9, 25)) -> int:
    """Somebody looked into a file a year ago."""
    return put(
        shop, schema.member_opening, member_id=member_id, person_id=shop.actor.id, day=day,
        what="opened", times=2, first_at=OLD, last_at=OLD,
    )  # fmt: skip


def old_post(shop: Shop, at: datetime = OLD) -> int:
    """A text that was sent to the group in 2023."""
    return put(shop, schema.group_post, topic="round", subject="buying_round:1",
               text="@小李 明早取货", at=at)  # fmt: skip


def change(shop: Shop, table: Any, row_id: int, **values: Any) -> None:
    """Change a row as no command would."""
    with shop.store.write() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))
