"""Who goes beyond a limit: across orders, people and rounds; decided, never silent (E4, R19)."""

import threading
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from lib.db import schema
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Hint, Home
from lib.shop.shop import Shop
from lib.trade.orders import chain_limits, commands, queries
from lib.trade.orders.allowance.queries import Coming, beyond
from lib.trade.orders.allowance.rules import (
    Asked,
    Household,
    Limits,
    Taken,
    Why,
    excesses,
    household_of,
)
from lib.trade.orders.chain_review import Decision, Decisions, Review, booking, review
from lib.trade.orders.rules import CUT, Change, IncomingOrder, Wanted, cut_to
from lib.trade.products.queries import catalogue
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Offered, Times
from tests.supply.cast import put
from tests.trade.orders.cast import EGGS, TOFU, open_friday
from tests.trade.orders.test_orders import chain, incoming, keyed

LI: Household = ("home", "3", "201")
WANG: Household = ("member", "7")


def boxes(household: int | None = 2, available: int | None = None) -> list[Limits]:
    return [Limits(1, "老豆腐", Unit.named("盒"), household, available)]


def has(order_id: int, amount: int, household: Household = LI, **more: object) -> Taken:
    return Taken(order_id, 1, household, f"邻居{order_id}", amount, amount, **more)  # type: ignore[arg-type]


def asks(amount: int, household: Household = LI, **more: object) -> Asked:
    return Asked("a", household, "小李", {1: amount}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limits", "taken", "asked", "allowed", "why"),
    [
        (boxes(), [], asks(2), None, None),
        (boxes(), [], asks(3), 2, Why.HOUSEHOLD),
        (boxes(), [has(1, 1)], asks(2), 1, Why.HOUSEHOLD),
        (boxes(), [has(1, 1), has(2, 1)], asks(1), 0, Why.HOUSEHOLD),
        (boxes(), [has(1, 2, WANG)], asks(2), None, None),
        (boxes(), [has(1, 5)], asks(1), 0, Why.HOUSEHOLD),
        (boxes(None, 3), [has(1, 2, WANG)], asks(2), 1, Why.AVAILABLE),
        (boxes(2, 3), [has(1, 2, WANG)], asks(3), 1, Why.AVAILABLE),
        (boxes(2, 2), [], asks(3), 2, Why.HOUSEHOLD),
        (boxes(2, 3), [has(1, 2, here=False)], asks(1), 0, Why.HOUSEHOLD),
        (boxes(None, 3), [has(1, 2, here=False)], asks(3), None, None),
        (boxes(), [], asks(9, permitted=True), None, None),
    ],
)
def test_how_much_may_be_booked(
    limits: list[Limits], taken: list[Taken], asked: Asked, allowed: int | None, why: Why | None
) -> None:
    found = excesses(limits, taken, [asked])
    assert [(one.allowed, one.why) for one in found] == ([] if why is None else [(allowed, why)])


def test_an_order_that_changes_keeps_what_it_has() -> None:
    taken = [has(1, 5), has(2, 1)]
    assert excesses(boxes(), taken, [asks(5, order_id=1)]) == []
    assert excesses(boxes(), taken, [asks(4, order_id=1)]) == []
    (found,) = excesses(boxes(), taken, [asks(6, order_id=1)])
    assert (found.allowed, found.holders) == (5, (("邻居2", 1),))


def test_what_leaves_frees_its_share_and_less_is_booked_first() -> None:
    assert excesses(boxes(), [has(1, 2)], [asks(2)], leaving=[1]) == []
    both = [asks(2), asks(0, order_id=1)]
    assert excesses(boxes(), [has(1, 2)], both) == []


def test_two_entries_of_one_paste_count_together_and_those_permitted_last() -> None:
    (found,) = excesses(boxes(), [], [asks(2), asks(2)])
    assert (found.allowed, found.holders) == (0, (("小李", 2),))
    assert excesses(boxes(), [], [asks(5, permitted=True), asks(2)]) == []


def test_scales_take_from_what_there_is_but_breach_no_limit() -> None:
    heavy = Taken(1, 1, LI, "小李", 2, 3)
    assert excesses(boxes(4, 5), [heavy], [asks(2)]) == []
    assert excesses(boxes(4, 4), [heavy], [asks(2)])[0].allowed == 1


def test_a_household_is_a_door_or_somebody_alone() -> None:
    door = Home(building="3", room="201")
    assert household_of(door, 1) == household_of(door, 2)
    assert household_of(Home(building="3", unit="1", room="201"), 1) != household_of(door, 1)
    assert household_of(Home(room="201"), 1) != household_of(Home(room="201"), 2)


@pytest.mark.parametrize("building", ["3", "03", "003"])
def test_one_door_written_in_another_way_is_one_household(building: str) -> None:
    """A second portion for the same home is not had by writing 03 for 3, or 12a for 12A."""
    door = household_of(Home(building="3", unit="1", room="12A"), 1)
    assert household_of(Home(building=building, unit="01", room="12a"), 2) == door
    assert household_of(Home(building="30", unit="1", room="12A"), 2) != door


amounts_asked = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 2)), max_size=6)


@settings(max_examples=80)
@given(st.integers(1, 6), st.integers(1, 9), amounts_asked)
def test_keeping_to_what_is_allowed_keeps_every_limit(
    limit: int, available: int, wanted: list[tuple[int, int]]
) -> None:
    offer = boxes(limit, available)
    asked = [
        Asked(str(index), ("home", str(home)), "x", {1: amount})
        for index, (amount, home) in enumerate(wanted)
    ]
    allowed = {one.key: one.allowed for one in excesses(offer, [], asked)}
    kept = [
        Asked(one.key, one.household, "x", {1: allowed.get(one.key, one.wanted[1])})
        for one in asked
    ]
    assert excesses(offer, [], kept) == []
    assert excesses(offer, [], list(reversed(kept))) == []
    assert sum(one.wanted[1] for one in kept) <= available
    for home in {one.household for one in kept}:
        assert sum(one.wanted[1] for one in kept if one.household == home) <= limit


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 900)), max_size=5),
    st.dictionaries(st.integers(1, 3), st.integers(0, 900), max_size=3),
)
def test_cutting_leaves_at_most_what_is_said(
    goods: list[tuple[int, int]], most: dict[int, int]
) -> None:
    wanted = [Wanted(product, amount, Money(amount)) for product, amount in goods]
    for product in range(1, 4):
        before = sum(one.amount for one in wanted if one.product_id == product)
        kept = [one for one in cut_to(wanted, most) if one.product_id == product]
        assert sum(one.amount for one in kept) == min(before, most.get(product, before))
        assert all(one.paid_amount == Money(one.amount) for one in kept)


# Typed at the desk


def test_the_refusal_says_who_of_the_home_has_how_much(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    commands.add_order(shop, incoming(Wanted(EGGS, 500)), round_id=round_id)
    with pytest.raises(Refused, match=r"2斤 per household; this home has 1斤 already \(小李 1斤\)"):
        commands.add_order(shop, incoming(Wanted(EGGS, 750), nickname="李太太"), round_id=round_id)
    with pytest.raises(Refused, match=r"limited to 2斤 per household\.$"):
        stranger = IncomingOrder(None, "王姐", (Wanted(EGGS, 1500),))
        commands.add_order(shop, stranger, round_id=round_id)


def test_changing_and_restoring_an_order_keep_the_limit_too(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    first = commands.add_order(shop, incoming(Wanted(EGGS, 1000)), round_id=round_id)
    with pytest.raises(Refused, match="per household"):
        commands.change_lines(shop, first, 1, [Wanted(EGGS, 1500)])
    commands.change_lines(shop, first, 1, [Wanted(EGGS, 1000), Wanted(TOFU, 1)])
    commands.cancel_order(shop, first, 2, "改主意")
    commands.add_order(shop, incoming(Wanted(EGGS, 1000), nickname="李太太"), round_id=round_id)
    with pytest.raises(Refused, match="李太太 2斤"):
        commands.restore_order(shop, first, 3)


def test_an_order_beyond_a_limit_set_later_may_stay_as_it_is(shop: Shop) -> None:
    round_id = open_friday(shop)
    first = commands.add_order(shop, incoming(Wanted(EGGS, 2000)), round_id=round_id)
    with shop.store.write() as connection:
        connection.execute(update(schema.round_offer).values(household_limit=1000))
    commands.change_lines(shop, first, 1, [Wanted(EGGS, 2000), Wanted(TOFU, 1)])
    with pytest.raises(Refused):
        commands.change_lines(shop, first, 2, [Wanted(EGGS, 2500)])


# Coming in as a chain


def test_a_chain_beyond_a_limit_is_not_booked_undecided(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    booking = chain([keyed("a", "小李", Wanted(EGGS, 1500))])
    with pytest.raises(Conflict, match="小李 wants 3斤 of 土鸡蛋 and may have 2斤"):
        commands.book_intake(shop, round_id, booking)
    assert queries.orders(shop) == []


def test_only_the_owner_lets_one_go_beyond_and_it_is_marked(shop: Shop, staff_shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000, available=2000)
    orders = [
        keyed("a", "小李", Wanted(EGGS, 1500), beyond="病人要补"),
        keyed("b", "王姐", Wanted(EGGS, 500)),
    ]
    with pytest.raises(Refused, match="Only the owner"):
        commands.book_intake(staff_shop, round_id, chain(orders))
    booked = commands.book_intake(shop, round_id, chain(orders))
    reasons = [queries.order(shop, number).check_reason for number in booked.added]
    assert reasons == ["more than the household limit", None]
    with shop.read() as connection:
        (details,) = connection.execute(
            select(schema.journal.c.details).where(schema.journal.c.action == "order.intake")
        ).scalars()
    assert details["beyond"] == ["病人要补"]


def test_a_change_in_the_chain_counts_with_the_others_of_the_home(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    orders = [
        keyed("a", "小李", Wanted(EGGS, 500), home=Home(building="3", room="201")),
        keyed("b", "李太太", Wanted(EGGS, 500), home=Home(building="3", room="201")),
    ]
    first = commands.book_intake(shop, round_id, chain(orders))
    more = Change(first.added[0], 1, keyed("a", "小李", Wanted(EGGS, 1000)))
    with pytest.raises(Conflict, match="may have 1斤"):
        commands.book_intake(shop, round_id, chain([], "b", basis=first.intake_id, changes=[more]))
    less = Change(first.added[1], 1, keyed("b", "李太太", Wanted(TOFU, 1)))
    commands.book_intake(
        shop, round_id, chain([], "b", basis=first.intake_id, changes=[more, less])
    )


def test_two_pastes_at_once_want_the_last_ones_and_one_gets_them(shop: Shop) -> None:
    round_id, outcomes = open_friday(shop, available=500), []

    def paste(name: str) -> None:
        one = chain([keyed(name, name, Wanted(EGGS, 500))], name, basis=None)
        try:
            commands.book_intake(shop, round_id, one)
            outcomes.append("got")
        except Conflict:
            outcomes.append("told")

    threads = [threading.Thread(target=paste, args=(f"邻居{index}",)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["got", "told"]


# What the preview says is what booking does

PASTE = """#接龙
周五团

1. 3-201 小李 鸡蛋2斤
2. 3-201 李太太 鸡蛋1斤 豆腐1盒
3. 王姐 鸡蛋3斤
4. 王姐 鸡蛋1斤
"""


def read(shop: Shop, round_id: int, text: str = PASTE) -> Review:
    return review(text, catalogue(shop, round_id), shop.settings.slots)


def keep_all(shop: Shop, round_id: int, paste: Review) -> Decisions:
    found = beyond(shop, round_id, chain_limits.coming(paste, Decisions()))
    rows = {}
    for row in paste.rows:
        mine = [one for one in found if one.key == str(row.index)]
        if mine:
            rows[row.index] = chain_limits.kept(row, Decision(), mine)
    return Decisions(rows)


def test_a_preview_marks_two_members_of_one_home_and_two_entries_of_one(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    paste = read(shop, round_id)
    found = beyond(shop, round_id, chain_limits.coming(paste, Decisions()))
    assert [(one.key, one.allowed, one.held_by) for one in found] == [
        ("1", 0, "小李 2斤"),
        ("2", 1000, ""),
        ("3", 0, "王姐 2斤"),
    ]
    with pytest.raises(Conflict):
        commands.book_intake(shop, round_id, booking(paste, Decisions()))


def test_kept_to_the_limit_the_rest_is_cut_and_said(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    paste = read(shop, round_id)
    decided = keep_all(shop, round_id, paste)
    assert beyond(shop, round_id, chain_limits.coming(paste, decided)) == []
    commands.book_intake(shop, round_id, booking(paste, decided))
    booked = {
        one.nickname: ([line.said for line in one.standing], one.check_reason)
        for one in queries.orders(shop)
    }
    assert booked == {
        "小李": (["土鸡蛋 2斤"], None),
        "李太太": (["老豆腐 1盒"], CUT),
        "王姐": (["土鸡蛋 2斤"], CUT),
    }


def test_orders_booked_earlier_count_in_the_preview(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    commands.add_order(shop, incoming(Wanted(EGGS, 500), nickname="李爷爷"), round_id=round_id)
    paste = read(shop, round_id, "#接龙\n周五团\n\n1. 3-201 小李 鸡蛋2斤\n")
    (found,) = beyond(shop, round_id, chain_limits.coming(paste, Decisions()))
    assert (found.allowed, found.held_by) == (500, "李爷爷 1斤")


def test_without_limits_nothing_is_asked(shop: Shop) -> None:
    round_id = open_friday(shop)
    paste = read(shop, round_id)
    assert beyond(shop, round_id, chain_limits.coming(paste, Decisions())) == []


# A welfare item offered twice in a month is one item


def second_round(shop: Shop) -> int:
    now = shop.clock.now()
    times = Times(now, now + timedelta(hours=8), shop.today + timedelta(days=1))
    return open_round(shop, Plan("加开团", times), [Offered(EGGS, Money(470), 1000)])


def add_welfare(shop: Shop, round_id: int, month: date) -> None:
    now = shop.clock.now()
    put(
        shop, schema.welfare_item, product_id=EGGS, month=month, price_fen=470,
        household_limit=1000, available=50_000, reason="thanks", status="offered",
        round_id=round_id, offered_at=now, unit_cost_fen=500, created_at=now,
    )  # fmt: skip


@pytest.mark.parametrize(("month", "allowed"), [(9, 500), (8, None)])
def test_a_welfare_item_is_limited_across_its_rounds_of_the_month(
    shop: Shop, month: int, allowed: int | None
) -> None:
    first = open_friday(shop, household_limit=1000)
    other = second_round(shop)
    add_welfare(shop, first, date(2026, month, 1))
    add_welfare(shop, other, date(2026, 9, 1))
    commands.add_order(shop, incoming(Wanted(EGGS, 500)), round_id=first)
    home = Home(building="3", room="201")
    asked = [Coming("x", Hint("李太太", home), {EGGS: 1000})]
    assert [one.allowed for one in beyond(shop, other, asked)] == ([allowed] if allowed else [])
    order = incoming(Wanted(EGGS, 1000), nickname="李太太")
    if allowed is None:
        commands.add_order(shop, order, round_id=other)
    else:
        with pytest.raises(Refused, match=r"小李 1斤"):
            commands.add_order(shop, order, round_id=other)
