"""Whatever two wishes hold, merging and taking apart gives back what was (R15)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.db import schema
from lib.db.engine import Store
from lib.shop.shop import Shop
from lib.trust.demands import commands
from lib.trust.demands.merging.commands import merge_demands, undo_merge
from tests.service.cast import add_member
from tests.trust.demands.cast import row, wish, wishes
from tests.trust.demands.merging.test_merging import picture


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


PEOPLE = st.lists(
    st.tuples(st.sampled_from(["甲", "乙", "丙", ""]), st.sampled_from([0, 0, 1, 2]),
              st.integers(1, 9)),
    min_size=1, max_size=5,
)  # fmt: skip
NOTE = st.text("甲乙", max_size=2)


def residents(shop: Shop, demand: int) -> set[str]:
    return {one.name for one in wishes(shop, demand) if one.name}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keep=PEOPLE, drop=PEOPLE, later=PEOPLE, notes=st.tuples(NOTE, NOTE))
def test_merge_then_undo_is_the_identity_and_nobody_is_lost(
    shop: Shop, keep: list[Any], drop: list[Any], later: list[Any], notes: tuple[str, str]
) -> None:
    with shop.store.write() as connection:
        for table in (schema.demand_merge, schema.demand_wish, schema.demand, schema.member):
            connection.execute(table.delete())
    members = [None, add_member(shop, "甲"), add_member(shop, "丁")]

    def take(title: str, people: list[Any], note: str) -> int:
        came = [wish(name, hours, member_id=members[place]) for name, place, hours in people]
        return commands.add_demand(shop, title, came, note).demand_id

    one, other = take("草莓", keep, notes[0]), take("奶油草莓", drop, notes[1])
    before, who = picture(shop), (residents(shop, one), residents(shop, other))
    asked = wishes(shop, other)
    made = merge_demands(shop, one, row(shop, one).version, other, row(shop, other).version)
    known = {mine.member_id for mine in wishes(shop, one) if mine.member_id}
    for mine in asked:
        assert row(shop, one).first_asked_at <= mine.asked_at
        assert mine.member_id in known if mine.member_id else True
        assert mine.name in residents(shop, one) if mine.name and not mine.member_id else True
    undo_merge(shop, made)
    assert picture(shop) == before
    again = merge_demands(shop, one, row(shop, one).version, other, row(shop, other).version)
    commands.add_wishes(shop, one, [wish(f"新{name}", hours) for name, _place, hours in later])
    undo_merge(shop, again)
    assert residents(shop, other) == who[1]
    assert residents(shop, one) == who[0] | {f"新{name}" for name, *_more in later}
