"""The demo shop shows regulars as they are kept: points, gifts, consents of every kind (E18)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.members.gifts.queries import look_ahead
from lib.members.gifts.rules import State
from lib.members.habits.queries import preferences_of
from lib.members.habits.seen.queries import glance
from lib.members.points.queries import held
from lib.members.rewards import queries as rewards
from lib.shop.opening import Premises
from lib.shop.shop import Shop

pytestmark = pytest.mark.timeout(400)
"""The first test of a process fills the shop, which a busy machine does slowly."""


def test_every_room_of_members_has_something(books: Premises) -> None:
    with books.store.read() as connection:
        for name, least in (
            ("points_rule", 1),
            ("points_entry", 100),
            ("reward", 3),
            ("redemption", 6),
            ("coupon", 4),
            ("birthday", 8),
            ("gift", 3),
            ("festival_plan", 2),
            ("preference", 8),
            ("consent", 15),
            ("member_rhythm", 30),
        ):
            count = select(func.count()).select_from(schema.metadata.tables[name])
            assert int(connection.execute(count).scalar_one()) >= least, name


def test_points_wait_are_there_and_are_spent(books: Premises, owner: Shop) -> None:
    with books.store.read() as connection:
        found = held(connection)
        kinds = set(connection.execute(select(schema.points_entry.c.kind)).scalars())
    assert found.available > 0
    assert found.pending > 0
    assert {"earned", "settled", "adjusted", "redeemed", "returned"} <= kinds
    assert rewards.liability(owner).value.fen > 0


def test_gifts_are_ahead_planned_and_given(owner: Shop) -> None:
    ahead = look_ahead(owner)
    assert any(one.gift is not None and one.gift.is_open for one in ahead.birthdays)
    assert any(one.gift is None for one in ahead.birthdays)
    with owner.read() as connection:
        given = select(func.count()).where(schema.gift.c.given_at.is_not(None))
        assert connection.execute(given).scalar_one()
    assert State.SKIPPED in {one.state for one in look_ahead(owner, 75).festivals}


def test_coupons_run_out_soon_and_one_is_used(books: Premises, owner: Shop) -> None:
    assert rewards.due(owner).coupons
    coupons = schema.coupon
    with books.store.read() as connection:
        used = select(func.count()).where(coupons.c.order_id.is_not(None))
        void = select(func.count()).where(coupons.c.void_at.is_not(None))
        last = connection.execute(select(func.max(coupons.c.valid_until))).scalar_one()
        assert connection.execute(used).scalar_one() == 1
        assert connection.execute(void).scalar_one() == 1
    assert last > owner.today + timedelta(days=owner.settings.coupon_notice_days)


def test_some_are_missed_some_are_new(owner: Shop) -> None:
    found = glance(owner)
    assert found.missed
    assert found.regulars
    with owner.read() as connection:
        liked = connection.execute(select(schema.preference.c.member_id)).scalars().all()
    assert preferences_of(owner, liked[0])
