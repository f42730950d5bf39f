"""Two wishes become one and come apart again; nobody who asked is lost (R15)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trust.demands import commands
from lib.trust.demands.merging import queries
from lib.trust.demands.merging.commands import (
    keep_apart,
    merge_demands,
    suggest_again,
    undo_merge,
)
from lib.trust.demands.merging.rules import Asked, first_after_undo, note_of, plan
from lib.trust.demands.rules import Status
from tests.conftest import NOW
from tests.service.cast import add_member, add_product, put
from tests.statements import statements_of
from tests.stopping import everything
from tests.trust.demands.cast import add_wish, journal, move, row, wish, wishes

HOUR = timedelta(hours=1)


def merge(shop: Shop, keep: int, drop: int) -> int:
    return merge_demands(shop, keep, row(shop, keep).version, drop, row(shop, drop).version)


def names(shop: Shop, demand: int) -> set[str]:
    return {one.name for one in wishes(shop, demand)}


def picture(shop: Shop) -> dict[str, Any]:
    """Everything a merge may touch, but versions and the merge itself."""
    kept = {}
    for table in (schema.demand, schema.demand_wish, schema.demand_source):
        with shop.read() as connection:
            rows = connection.execute(table.select().order_by(table.c.id)).mappings()
            kept[table.name] = [
                {name: value for name, value in one.items() if name != "version"} for one in rows
            ]
    return kept


def test_everybody_is_kept_once_with_the_earlier_moment(shop: Shop) -> None:
    keep = commands.add_demand(shop, "草莓", [wish("小李", 5), wish("王姐", 2), wish("")]).demand_id
    drop = commands.add_demand(shop, "奶油草莓", [wish("王姐", 9), wish("老周", 1), wish("")])
    merge(shop, keep, drop.demand_id)
    assert names(shop, keep) == {"小李", "王姐", "老周", ""}
    assert len(wishes(shop, keep)) == 5
    asked = {one.name: one.asked_at for one in wishes(shop, keep) if one.name}
    assert asked["王姐"] == NOW - 9 * HOUR
    assert row(shop, keep).first_asked_at == NOW - 9 * HOUR
    assert row(shop, drop.demand_id).merged_into == keep
    (noted,) = journal(shop, "demand.merge")
    assert "王姐" not in str(noted.details)


def test_notes_and_sources_go_along_and_come_back(shop: Shop) -> None:
    keep = commands.add_demand(shop, "草莓", [wish()], "要甜的").demand_id
    drop = commands.add_demand(shop, "奶油草莓", [wish("老周")], "礼盒装").demand_id
    source = put(shop, schema.demand_source, demand_id=drop, name="果农", answer="can",
                 created_at=NOW)  # fmt: skip
    before = picture(shop)
    made = merge(shop, keep, drop)
    assert row(shop, keep).note == "要甜的\n礼盒装"
    with shop.read() as connection:
        (moved,) = connection.execute(schema.demand_source.select()).all()
    assert (moved.id, moved.demand_id) == (source, keep)
    undo_merge(shop, made)
    assert picture(shop) == before


def test_undo_restores_and_who_came_in_meanwhile_stays(shop: Shop) -> None:
    zhang = add_member(shop, "张阿姨")
    keep = commands.add_demand(shop, "草莓", [wish("张阿姨", 2), wish("小李", 3)]).demand_id
    others = [wish("老张", 8, member_id=zhang), wish("赵姐", 6)]
    drop = commands.add_demand(shop, "奶油草莓", others)
    before = picture(shop)
    made = merge(shop, keep, drop.demand_id)
    commands.add_wishes(shop, drop.demand_id, [wish("新来的", 1)])  # goes on to the kept one
    commands.add_wishes(shop, keep, [wish("赵姐", 7)])
    undo_merge(shop, made)
    assert names(shop, keep) == {"张阿姨", "小李", "新来的"}
    assert names(shop, drop.demand_id) == {"老张", "赵姐"}
    assert row(shop, keep).first_asked_at == NOW - 3 * HOUR
    after = picture(shop)
    assert after["demand"][1]["first_asked_at"] == before["demand"][1]["first_asked_at"]
    assert wishes(shop, keep)[0].asked_at == NOW - 2 * HOUR


def test_a_note_written_meanwhile_stays(shop: Shop) -> None:
    keep, drop = add_wish(shop, "草莓"), commands.add_demand(shop, "奶油草莓", [wish()], "礼盒")
    made = merge(shop, keep, drop.demand_id)
    commands.change_demand(shop, keep, row(shop, keep).version, "草莓", "问过果农")
    undo_merge(shop, made)
    assert row(shop, keep).note == "问过果农"


def test_a_row_taken_off_meanwhile_is_not_brought_back(shop: Shop) -> None:
    keep = add_wish(shop, "草莓", "小李", hours_ago=2)
    drop = add_wish(shop, "奶油草莓", "王姐", hours_ago=9)
    made = merge(shop, keep, drop)
    commands.remove_wish(shop, next(one.id for one in wishes(shop, keep) if one.name == "王姐"))
    undo_merge(shop, made)
    assert (names(shop, keep), names(shop, drop)) == ({"小李"}, set())
    assert row(shop, keep).first_asked_at == NOW - 2 * HOUR


def test_later_merges_come_apart_first(shop: Shop) -> None:
    keep, second, third = (add_wish(shop, title) for title in ("草莓", "奶油草莓", "大草莓"))
    before = picture(shop)
    first, last = merge(shop, keep, second), merge(shop, keep, third)
    with pytest.raises(Refused, match="大草莓"):
        undo_merge(shop, first)
    undo_merge(shop, last)
    undo_merge(shop, first)
    assert picture(shop) == before
    with pytest.raises(Refused):
        undo_merge(shop, first)


def test_what_was_merged_on_comes_apart_first(shop: Shop) -> None:
    one, two, three = (add_wish(shop, title) for title in ("草莓", "奶油草莓", "大草莓"))
    first = merge(shop, two, one)
    merge(shop, three, two)
    with pytest.raises(Refused, match="奶油草莓"):
        undo_merge(shop, first)
    with pytest.raises(Conflict, match="奶油草莓"):
        merge(shop, two, three)


def test_two_staff_merging_at_once_are_told(shop: Shop, staff_shop: Shop) -> None:
    keep, drop = add_wish(shop, "草莓"), add_wish(shop, "奶油草莓")
    seen = (row(shop, keep).version, row(shop, drop).version)
    move(staff_shop, keep, Status.CHECKING)
    with pytest.raises(Conflict, match="小吴"):
        merge_demands(shop, keep, seen[0], drop, seen[1])
    merge(staff_shop, keep, drop)
    with pytest.raises(Conflict, match="merged"):
        merge_demands(shop, keep, row(shop, keep).version, drop, seen[1])
    assert len(journal(shop, "demand.merge")) == 1


@pytest.mark.parametrize("status", ["offered", "declined"])
def test_what_was_answered_meanwhile_is_not_merged(shop: Shop, status: str) -> None:
    keep, drop = add_wish(shop, "草莓"), add_wish(shop, "奶油草莓")
    product = add_product(shop, "草莓")
    with shop.store.write() as connection:
        connection.execute(
            update(schema.demand)
            .where(schema.demand.c.id == keep)
            .values(status=status, offered_at=NOW, product_id=product, reason="没有货源")
        )
    with pytest.raises(Conflict, match="草莓"):
        merge(shop, keep, drop)


def test_an_offered_wish_stays_one(shop: Shop) -> None:
    keep, drop = add_wish(shop, "草莓"), add_wish(shop, "奶油草莓")
    made = merge(shop, keep, drop)
    with shop.store.write() as connection:
        connection.execute(
            update(schema.demand)
            .where(schema.demand.c.id == keep)
            .values(status="offered", offered_at=NOW, product_id=add_product_id(connection))
        )
    with pytest.raises(Refused, match="on offer"):
        undo_merge(shop, made)


def add_product_id(connection: Any) -> int:
    row_id = connection.execute(
        schema.product.insert()
        .values(name="草莓", folded_name="草莓", is_fresh=True, is_daily=False, is_fragile=False,
                sale_unit="盒", price_fen=2500, created_at=NOW)
        .returning(schema.product.c.id)
    )  # fmt: skip
    return int(row_id.scalar_one())


def test_nonsense_is_refused(shop: Shop, resident_shop: Shop) -> None:
    one = add_wish(shop, "草莓")
    with pytest.raises(Refused):
        merge(shop, one, one)
    with pytest.raises(NotFound):
        merge_demands(shop, one, 1, 99, 1)
    with pytest.raises(NotFound):
        undo_merge(shop, 99)
    with pytest.raises(Refused):
        keep_apart(shop, one, one)
    for query in (queries.suggestions, queries.merges, queries.kept_apart, queries.mergeable):
        with pytest.raises(Refused):
            query(resident_shop)


def test_suggestions_name_both_sides_and_leave_what_was_decided(shop: Shop) -> None:
    few = add_wish(shop, "奶油草莓", "老周")
    many = add_wish(shop, "草莓", "小李", "王姐")
    add_wish(shop, "黑木耳")
    (pair,) = queries.suggestions(shop).pairs
    assert (pair.keep.id, pair.drop.id) == (many, few)
    assert (pair.keep.people, pair.keep.names) == (2, ("小李", "王姐"))
    keep_apart(shop, many, few)
    keep_apart(shop, few, many)
    assert queries.suggestions(shop).pairs == ()
    (apart,) = queries.kept_apart(shop)
    assert {apart.first, apart.second} == {"草莓", "奶油草莓"}
    suggest_again(shop, many, few)
    assert len(queries.suggestions(shop).pairs) == 1
    with pytest.raises(NotFound):
        suggest_again(shop, many, few)


def test_the_setting_says_how_alike(shop: Shop) -> None:
    add_wish(shop, "草莓"), add_wish(shop, "奶油草莓")
    strict = with_setting(shop, similar_percent=100)
    assert queries.suggestions(strict).pairs == ()
    assert queries.near(strict, ["奶油大草莓"]) == {"奶油大草莓": ()}
    assert queries.near(shop, ["草莓"])["草莓"][0].percent == 100


def with_setting(shop: Shop, **values: Any) -> Shop:
    return replace(shop, settings=replace(shop.settings, **values))


def test_merges_are_listed_until_they_come_apart(shop: Shop) -> None:
    keep = add_wish(shop, "草莓", "小李", "王姐")
    drop = add_wish(shop, "奶油草莓", "王姐", "老周")
    made = merge(shop, keep, drop)
    (found,) = queries.merges(shop)
    assert (found.kept, found.dropped, found.by) == ("草莓", "奶油草莓", "芳姐")
    assert (found.moved, found.both) == (1, 1)
    undo_merge(shop, made)
    assert queries.merges(shop) == ()


def test_near_looks_at_what_stands(shop: Shop) -> None:
    old, open_one = add_wish(shop, "草莓"), add_wish(shop, "奶油草莓")
    move(shop, old, Status.DECLINED, "没有货源")
    long_ago = shop.clock.now() - timedelta(days=shop.settings.demand_bought_days + 1)
    assert {one.id for one in queries.near(shop, ["草莓"])["草莓"]} == {old, open_one}
    with shop.store.write() as connection:
        connection.execute(
            update(schema.demand).where(schema.demand.c.id == old).values(status_at=long_ago)
        )
    assert [one.id for one in queries.near(shop, ["草莓", ""])["草莓"]] == [open_one]


def title_of(number: int) -> str:
    """Of ten open wishes in a row six are written alike, the others like nothing."""
    first = 0x4E00 + 2 * (number - number % 100 if number % 20 else number)
    return f"{chr(first)}{chr(first + 1)}"


def test_few_statements_whatever_the_number_of_wishes(shop: Shop) -> None:
    """5,000 wishes in the table, of which the newest open ones are compared."""
    with shop.store.write() as connection:
        connection.execute(
            schema.demand.insert(),
            [
                {"title": title_of(number), "folded_title": title_of(number), "reason": "x",
                 "status": "new" if number % 10 == 0 else "declined",
                 "first_asked_at": NOW - number * HOUR, "status_at": NOW - timedelta(days=300),
                 "created_at": NOW}
                for number in range(5000)
            ],
        )  # fmt: skip
    with statements_of(shop.store) as said:
        found = queries.suggestions(shop)
        assert len(queries.mergeable(shop)) == queries.MOST_COMPARED
    assert len(said) <= 8
    assert len(found.pairs) == queries.MOST_PAIRS
    assert found.more > 0


PEOPLE = st.lists(
    st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from([None, 1, 2, 3]), st.integers(1, 9)),
    max_size=6,
)


def rows_of(people: list[tuple[str, int | None, int]], start: int) -> list[Asked]:
    """Rows as the books could hold them: one per member, one per name unless members differ."""
    rows: list[Asked] = []
    for name, member, hours in people:
        if member is not None and any(row.member_id == member for row in rows):
            continue
        same = [row for row in rows if row.name == name]
        if any(member is None or row.member_id is None for row in same):
            continue
        key = f"{name}#{member}" if same else name
        rows.append(Asked(start + len(rows), member, key, NOW - hours * HOUR))
    return rows


@settings(max_examples=150)
@given(PEOPLE, PEOPLE)
def test_a_plan_keeps_every_resident_once(one: list[Any], other: list[Any]) -> None:
    keep, drop = rows_of(one, 1), rows_of(other, 100)
    made = plan(keep, drop)
    moved = {place: new for place, _old, new in made.moves}
    assert len(moved) + made.both == len(drop)
    keys = [row.key for row in keep] + list(moved.values())
    assert len(keys) == len(set(keys))
    gained = {gain.id: gain for gain in made.gains}
    after = [*keep, *(row for row in drop if row.id in moved)]
    members = [gained[r.id].member_after if r.id in gained else r.member_id for r in after]
    known = [member for member in members if member is not None]
    assert len(known) == len(set(known))
    assert set(known) >= {row.member_id for row in drop if row.member_id is not None}
    assert {row.name for row in keep} <= {row.name for row in after}


def test_no_name_and_no_member_always_moves() -> None:
    made = plan([Asked(1, None, None, NOW)], [Asked(2, None, None, NOW), Asked(3, 7, None, NOW)])
    assert [move[0] for move in made.moves] == [2, 3]


def test_notes_are_joined_once() -> None:
    assert note_of("", "礼盒") == "礼盒"
    assert note_of("要礼盒", "礼盒") == "要礼盒"
    assert note_of("甜", "礼盒") == "甜\n礼盒"


def test_the_start_after_taking_apart() -> None:
    before, merged = NOW - 2 * HOUR, NOW - 9 * HOUR
    assert first_after_undo(before, merged, merged, [before]) == before
    assert first_after_undo(before, merged, NOW - 9 * HOUR, [NOW - 3 * HOUR]) == NOW - 3 * HOUR
    assert first_after_undo(before, merged, NOW - HOUR, [NOW - HOUR]) == NOW - HOUR
    assert first_after_undo(before, merged, NOW, []) == before


def test_the_same_form_twice_merges_once(shop: Shop) -> None:
    keep, drop = add_wish(shop, "草莓"), add_wish(shop, "奶油草莓")
    versions = row(shop, keep).version, row(shop, drop).version
    bound = shop.once(FormKey.of("form", "merge"))
    made = merge_demands(bound, keep, versions[0], drop, versions[1])
    after = everything(shop)
    with pytest.raises(Repeated) as again:
        merge_demands(bound, keep, versions[0], drop, versions[1])
    assert again.value.result == made
    assert everything(shop) == after
