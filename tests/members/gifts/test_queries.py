"""What comes, what is suggested, what must be bought, what was spent (R34, R35)."""

from datetime import date, timedelta

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.festivals import Festival
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.birthdays.commands import set_birthday
from lib.members.birthdays.rules import Birthday, Calendar
from lib.members.consents.commands import withdraw_consent
from lib.members.consents.rules import How, Purpose
from lib.members.gifts import commands, queries
from lib.members.gifts.choosing.queries import choices, suggestions
from lib.members.gifts.commands import Why, plan_gift
from lib.members.gifts.festivals.commands import (
    give_festival_gift,
    plan_festival,
    skip_festival,
)
from lib.members.gifts.rules import Present, State
from lib.members.profiles.commands import merge_members
from lib.shop.language import translator
from lib.shop.shop import Shop
from tests.members.gifts.cast import (
    MOON,
    NATIONAL,
    TODAY,
    TOMORROW,
    Folk,
    add_member,
    add_order,
    gift,
    like,
    put,
    with_settings,
)

BUDGET = Money(1500)


def states(shop: Shop) -> list[tuple[str, State]]:
    return [(one.upcoming.name, one.state) for one in queries.look_ahead(shop).birthdays]


def names(shop: Shop, member_id: int) -> list[str]:
    return [one.choice.name for one in suggestions(shop, member_id, BUDGET)]


def test_birthdays_of_the_days_ahead_with_their_state(folk: Folk) -> None:
    assert states(folk.shop) == [("小李", State.NOT_READY), ("王姐", State.NOTHING)]
    planned = folk.plan()
    assert states(folk.shop)[0] == ("小李", State.PLANNED)
    commands.give_gift(folk.shop, planned, 1)
    assert states(folk.shop)[0] == ("小李", State.GIVEN)
    assert (
        len(queries.look_ahead(with_settings(folk.shop, gift_first_notice_days=2)).birthdays) == 1
    )


def test_a_planned_gift_that_is_not_there_is_not_ready(folk: Folk) -> None:
    folk.plan(folk.jar(6), over_budget=True)
    assert states(folk.shop)[0] == ("小李", State.NOT_READY)


def test_goods_promised_to_orders_are_not_there_for_gifts(folk: Folk) -> None:
    add_order(folk.shop, folk.chen, 70, (folk.honey, 5))
    folk.plan()
    assert states(folk.shop)[0] == ("小李", State.NOT_READY)


def test_nobody_is_shown_who_took_the_consent_back(folk: Folk) -> None:
    folk.plan()
    withdraw_consent(folk.shop, folk.li, Purpose.BIRTHDAY, How.SPOKEN)
    assert [name for name, _state in states(folk.shop)] == ["王姐"]
    assert queries.look_ahead(folk.shop).late == ()


def test_who_may_be_written_to_is_said(folk: Folk) -> None:
    folk.agree(folk.wang, Purpose.MESSAGES)
    found = queries.look_ahead(folk.shop).birthdays
    assert [one.agrees_to_messages for one in found] == [False, True]


def test_a_planned_gift_whose_day_is_over_is_late(folk: Folk, clock: FixedClock) -> None:
    planned = folk.plan()
    clock.moment += timedelta(days=2)
    found = queries.look_ahead(folk.shop)
    assert [one.id for one in found.late] == [planned]
    assert queries.due(folk.shop).late == 1
    commands.give_gift(folk.shop, planned, 1)
    assert queries.look_ahead(folk.shop).late == ()


def test_a_lunar_birthday_that_comes_twice_in_a_year_has_a_gift_each(
    folk: Folk, clock: FixedClock
) -> None:
    """冬月廿五 fell on 6 January and on 26 December 2024: lunar 2023 and lunar 2024."""
    set_birthday(folk.shop, folk.chen, Birthday(Calendar.LUNAR, 11, 25), How.SPOKEN)
    for day, year in ((date(2024, 1, 6), 2023), (date(2024, 12, 25), 2024)):
        clock.moment = clock.moment.replace(year=day.year, month=day.month, day=day.day)
        planned = plan_gift(folk.shop, folk.chen, day, folk.mooncakes())
        assert gift(folk.shop, planned).year == year


def test_a_birthday_kept_in_both_leap_months_has_one_gift(folk: Folk, clock: FixedClock) -> None:
    born = Birthday(Calendar.LUNAR, 6, 15, leap_too=True)
    set_birthday(folk.shop, folk.chen, born, How.SPOKEN)
    clock.moment = clock.moment.replace(year=2025, month=7, day=9)
    planned = plan_gift(folk.shop, folk.chen, date(2025, 7, 9), folk.mooncakes())
    commands.give_gift(folk.shop, planned, 1)
    clock.moment = clock.moment.replace(month=8, day=8)
    (one,) = queries.look_ahead(folk.shop).birthdays
    assert (one.upcoming.day, one.state) == (date(2025, 8, 8), State.GIVEN)


def test_a_gift_given_to_the_merged_file_counts_for_the_person(folk: Folk) -> None:
    theirs = plan_gift(folk.shop, folk.wang, NATIONAL, folk.jar())
    commands.give_gift(folk.shop, theirs, 1)
    merge_members(folk.shop, folk.li, folk.wang, (1, 1))
    assert states(folk.shop) == [("小李", State.GIVEN)]
    assert [one.id for one in queries.gifts_of(folk.shop, folk.li)] == [theirs]


def test_favourites_by_purchases_say_why(folk: Folk) -> None:
    (one,) = suggestions(folk.shop, folk.li, BUDGET)
    say = translator("en")
    assert one.why(say) == "bought 2 times in 180 days, 5瓶 left, within the budget"
    assert one.because(say) == "bought 2 times in 180 days"
    assert "180天里买过2次" in one.why(translator("zh_CN"))
    assert (one.quantity, one.choice.cost) == (1, Money(1200))


def test_accepted_preferences_come_first_and_rejected_ones_never(folk: Folk) -> None:
    like(folk.shop, folk.li, "category", "蛋")
    assert names(folk.shop, folk.li) == ["土鸡蛋", "蜂蜜"]
    like(folk.shop, folk.li, "product", "蜂蜜", "rejected", folk.honey)
    assert names(folk.shop, folk.li) == ["土鸡蛋"]
    assert "likes 蛋" in suggestions(folk.shop, folk.li, BUDGET)[0].why(translator("en"))


def test_likings_of_a_merged_file_count(folk: Folk) -> None:
    like(folk.shop, folk.walker, "product", "土鸡蛋", "accepted", folk.eggs)
    merge_members(folk.shop, folk.li, folk.walker, (1, 1))
    assert names(folk.shop, folk.li) == ["土鸡蛋", "蜂蜜"]


def test_what_costs_too_much_is_promised_or_planned_is_not_suggested(folk: Folk) -> None:
    like(folk.shop, folk.li, "product", "龙井", "accepted", folk.tea)
    assert names(folk.shop, folk.li) == ["蜂蜜"], "tea costs 40.00"
    folk.plan(folk.jar(3), over_budget=True)
    add_order(folk.shop, folk.chen, 70, (folk.honey, 2))
    assert names(folk.shop, folk.li) == []
    assert "蜂蜜" not in [one.name for one in choices(folk.shop, BUDGET)]


def test_cancelled_orders_say_nothing_of_what_is_liked(folk: Folk) -> None:
    assert names(folk.shop, folk.walker) == []
    add_order(folk.shop, folk.walker, 71, (folk.honey, 1), status="cancelled")
    assert names(folk.shop, folk.walker) == []


def test_staff_see_that_it_is_within_the_budget_but_not_the_cost(
    folk: Folk, staff_shop: Shop
) -> None:
    folk.plan()
    found = choices(staff_shop, BUDGET)
    assert {one.name: one.within for one in found} == {
        "蜂蜜": True, "龙井": False, "土鸡蛋": True,
    }  # fmt: skip
    assert {one.cost for one in found} == {None}
    assert suggestions(staff_shop, folk.li, BUDGET)[0].choice.cost is None
    assert queries.look_ahead(staff_shop).birthdays[0].gift.present.cost is None  # type: ignore[union-attr]
    assert queries.gifts_of(staff_shop, folk.li)[0].present.cost is None
    assert queries.spent(staff_shop, TODAY).total is None
    allowed = with_settings(staff_shop, staff_may_see_cost=True)
    assert choices(allowed, BUDGET)[0].cost is not None


def test_what_must_be_bought_for_planned_gifts_by_when_and_from_whom(folk: Folk) -> None:
    assert queries.to_buy(folk.shop) == ()
    folk.plan(folk.jar(4), over_budget=True)
    plan_gift(folk.shop, folk.wang, NATIONAL, folk.jar(2), Why(over_budget=True))
    farm = put(folk.shop, schema.supplier, name="养蜂人", folded_name="养蜂人", kind="grower",
               shows_name=True, shows_contact=False, created_at=folk.shop.clock.now())  # fmt: skip
    put(folk.shop, schema.supply_term, supplier_id=farm, product_id=folk.honey, price_fen=1200,
        preferred=True, changed_at=folk.shop.clock.now())  # fmt: skip
    (one,) = queries.to_buy(folk.shop)
    assert (one.name, one.unit, one.needed, one.missing) == ("蜂蜜", Unit("瓶"), 6, 1)
    assert (one.by, one.gifts, one.supplier) == (NATIONAL, 2, "养蜂人")
    assert queries.due(folk.shop).to_buy == 1


def test_households_of_a_planned_festival_need_goods_too(folk: Folk, staff_shop: Shop) -> None:
    plan_festival(folk.shop, MOON, 2026, folk.jar(3), Why(over_budget=True))
    (one,) = queries.to_buy(staff_shop)
    assert (one.needed, one.missing, one.by, one.gifts, one.supplier) == (6, 1, TODAY, 2, "")
    give_festival_gift(folk.shop, MOON, 2026, folk.chen)
    (one,) = queries.to_buy(staff_shop)
    assert (one.needed, one.missing) == (3, 1)
    skip_festival(folk.shop, MOON, 2026, 1)
    assert queries.to_buy(staff_shop) == ()


def test_what_gifts_cost_in_a_month_and_by_occasion(folk: Folk, clock: FixedClock) -> None:
    commands.give_gift(folk.shop, folk.plan(), 1)
    folk.plan_moon()
    for member in (folk.li, folk.chen):
        give_festival_gift(folk.shop, MOON, 2026, member)
    found = queries.spent(folk.shop, TODAY)
    assert (found.count, found.total) == (3, Money(1800))
    assert found.by_occasion == (("birthday", 1, Money(1200)), ("mid_autumn", 2, Money(600)))
    assert [one.occasion for one in queries.given_in(folk.shop, TODAY)][-1] == "birthday"
    assert queries.spent(folk.shop, date(2026, 8, 31)).total == Money(0)
    commands.undo_gift(folk.shop, 1, 2)
    assert queries.spent(folk.shop, TODAY).total == Money(600)


def test_a_month_ends_at_midnight_of_the_shop(folk: Folk, clock: FixedClock) -> None:
    planned = folk.plan()
    clock.moment = clock.moment.replace(day=30, hour=16, minute=0)
    commands.give_gift(folk.shop, planned, 1)
    assert queries.spent(folk.shop, date(2026, 10, 1)).count == 1
    assert queries.spent(folk.shop, date(2026, 9, 1)).count == 0


def test_what_is_due_for_today(folk: Folk) -> None:
    found = queries.due(folk.shop)
    assert [one.upcoming.name for one in found.birthdays] == ["小李", "王姐"]
    assert [one.festival_day.festival for one in found.festivals] == [MOON, Festival.NATIONAL]
    assert (found.late, found.to_buy, found.is_nothing) == (0, 0, False)
    commands.give_gift(folk.shop, folk.plan(), 1)
    for festival in (MOON, Festival.NATIONAL):
        skip_festival(folk.shop, festival, 2026)
    found = queries.due(folk.shop)
    assert [one.upcoming.name for one in found.birthdays] == ["王姐"]
    assert found.festivals == ()


def test_nothing_is_due_in_an_empty_shop(shop: Shop, clock: FixedClock) -> None:
    clock.moment = clock.moment.replace(month=11, day=20)
    assert queries.due(shop).is_nothing


def test_gifts_of_a_member_are_those_that_stand(folk: Folk) -> None:
    commands.cancel_gift(folk.shop, folk.plan(), 1)
    again = folk.plan(Present(what="花", cost=Money(100)))
    (one,) = queries.gifts_of(folk.shop, folk.li)
    assert (one.id, one.present.said, one.is_open, one.day) == (again, "花", True, TOMORROW)
    assert queries.gifts_of(folk.shop, add_member(folk.shop, "新人")) == ()
