"""What is past its time goes, kind by kind and never a day early; the books stay (PIPL 19, 47)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.members.clean_up import queries
from lib.members.clean_up.commands import clean_up
from lib.members.clean_up.rules import Kind, borders, month_of
from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.queries import agreeing, consents_of
from lib.members.consents.rules import How, Purpose
from lib.members.profiles.commands import add_member
from lib.shop.opening import shop_for
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from tests.members.clean_up.cast import (
    OLD,
    change,
    hold_money,
    old_birthday,
    old_member,
    old_opening,
    old_post,
    order,
)
from tests.members.consents.cast import count, keep_birthday
from tests.service.cast import TODAY, put

MONTH = date(2026, 9, 1)
VISIT = date(2026, 3, 25) - timedelta(days=Settings().after_sales_days)
"""The last day of the last pickup of a file that is made anonymous on 25 September 2026."""


def waits(shop: Shop, kind: Kind) -> int:
    return queries.preview(shop).counts[kind]


@given(st.dates(date(2020, 3, 1), date(2060, 1, 1)), st.integers(1, 120))
def test_nothing_is_past_its_time_before_the_months_are_over(today: date, months: int) -> None:
    limit = borders(Settings(keep_source_text_months=months, keep_opening_months=months), today)
    assert limit.text == limit.opening
    assert (today - limit.text).days >= months * 28
    assert (today - limit.text).days <= months * 31
    assert limit.visit < limit.today


def test_a_file_goes_the_day_its_time_is_over_and_not_before(shop: Shop) -> None:
    gone = old_member(shop, "走了的", VISIT)
    old_member(shop, "差一天", VISIT + timedelta(days=1))
    old_member(shop, "还来的", VISIT, placed_at=OLD)
    order(shop, 3, TODAY, number=77)
    found = queries.preview(shop)
    assert [one.member_id for one in found.members] == [gone]
    assert (found.members[0].nickname, found.members[0].last_on) == ("走了的", VISIT)
    assert found.counts[Kind.MEMBERS] == 1


def test_answers_of_nobody_with_a_file_go_and_those_of_members_stay_with_it(shop: Shop) -> None:
    topic = put(shop, schema.topic, question="想吃什么", planned_on=TODAY, created_at=OLD)
    member = add_member(shop, "王姐")
    for number, (who, at) in enumerate(
        ((None, OLD), (member, OLD), (None, shop.clock.now())), start=1
    ):
        put(
            shop, schema.topic_answer, topic_id=topic, member_id=who, name=f"某人{number}",
            text="藕", at=at,
        )  # fmt: skip
    assert waits(shop, Kind.ANSWERS) == 1
    assert clean_up(shop, MONTH)[Kind.ANSWERS] == 1
    with shop.read() as connection:
        left = connection.execute(select(schema.topic_answer.c.name)).scalars()
        assert sorted(left) == ["某人2", "某人3"]


def test_somebody_who_never_ordered_goes_too(shop: Shop) -> None:
    gone = old_member(shop, "只问过")
    assert [one.member_id for one in queries.preview(shop).members] == [gone]


def test_an_order_for_a_coming_day_keeps_the_file(shop: Shop) -> None:
    member = old_member(shop, "预订的")
    order(shop, member, TODAY + timedelta(days=3), placed_at=OLD)
    assert waits(shop, Kind.MEMBERS) == 0


@pytest.mark.parametrize("why", ["balance", "owed", "case", "need"])
def test_nobody_goes_with_whom_the_shop_is_not_finished(shop: Shop, why: str) -> None:
    member = old_member(shop, "有事的", VISIT)
    if why == "balance":
        hold_money(shop, member)
    elif why == "owed":
        product = put(
            shop, schema.product, name="土鸡蛋", folded_name="土鸡蛋", is_fresh=True, is_daily=True,
            is_fragile=True, sale_unit="斤", unit_grams=500, price_fen=480, created_at=OLD,
        )  # fmt: skip
        put(
            shop, schema.owed_goods, member_id=member, product_id=product, product_name="土鸡蛋",
            sale_unit="斤", source="points", quantity=500, due_at=OLD, created_at=OLD,
        )  # fmt: skip
    elif why == "case":
        put(
            shop, schema.after_sales_case, member_id=member, source="chat", defect="rotten",
            reported_at=OLD, reply_due_at=OLD, status="working", created_at=OLD,
        )  # fmt: skip
    else:
        put(
            shop, schema.delivery_need, member_id=member, from_on=TODAY, until_on=TODAY,
            consent_on=TODAY, consent_how="chat", consent_text="…", hint="", created_at=OLD,
        )  # fmt: skip
    found = queries.preview(shop)
    assert (found.counts[Kind.MEMBERS], found.held_back) == (0, 1)


def test_the_books_stay_and_the_person_is_gone(shop: Shop) -> None:
    member = old_member(shop, "走了的", VISIT)
    clean_up(shop, MONTH)
    with shop.read() as connection:
        row = connection.execute(select(schema.member).where(schema.member.c.id == member)).one()
        why = connection.execute(select(schema.erasure.c.why)).scalar_one()
    assert row.erased_at is not None and "走了的" not in str(row)
    assert why == "retention"
    assert count(shop, schema.customer_order) == 1
    assert queries.preview(shop).total == 0


def test_a_birthday_ends_with_its_consent(shop: Shop) -> None:
    member = old_birthday(shop)
    assert waits(shop, Kind.BIRTHDAYS) == 1
    clean_up(shop, MONTH)
    assert count(shop, schema.birthday) == 0
    newest = consents_of(shop, member).history[0]
    assert (newest.given, newest.how) == (False, How.CLEAN_UP)


def test_a_birthday_of_somebody_who_orders_stays(shop: Shop) -> None:
    member = old_birthday(shop)
    order(shop, member, date(2024, 9, 26), placed_at=OLD)
    assert waits(shop, Kind.BIRTHDAYS) == 0


def test_a_birthday_noted_lately_stays(shop: Shop) -> None:
    member = old_member(shop, "新问的")
    keep_birthday(shop, member)
    assert waits(shop, Kind.BIRTHDAYS) == 0


def test_proof_goes_when_its_consent_has_ended_long_ago(shop: Shop, clock: FixedClock) -> None:
    member, other = old_member(shop, "收回的"), old_member(shop, "一直同意")
    for one in (member, other):
        give_consent(shop, one, Purpose.MESSAGES, How.CHAT)
    withdraw_consent(shop, member, Purpose.MESSAGES, How.CHAT)
    clock.moment = datetime(2029, 9, 24, 2, 0, tzinfo=UTC)
    assert waits(shop, Kind.CONSENTS) == 0
    clock.forward(days=1)
    assert waits(shop, Kind.CONSENTS) == 2
    for one in (member, other):
        hold_money(shop, one)
    clean_up(shop, month_of(shop.today))
    assert not consents_of(shop, member).history
    with shop.read() as connection:
        assert agreeing(connection, Purpose.MESSAGES, [member, other]) == {other}
    assert count(shop, schema.erasing) == 0


def test_an_earlier_consent_that_was_given_anew_goes_alone(shop: Shop, clock: FixedClock) -> None:
    member = old_member(shop, "又同意了")
    give_consent(shop, member, Purpose.MESSAGES, How.CHAT)
    withdraw_consent(shop, member, Purpose.MESSAGES, How.CHAT)
    give_consent(shop, member, Purpose.MESSAGES, How.PAPER)
    hold_money(shop, member)
    clock.moment = datetime(2030, 1, 1, 2, 0, tzinfo=UTC)
    clean_up(shop, month_of(shop.today))
    history = consents_of(shop, member).history
    assert [(one.given, one.how) for one in history] == [(True, How.PAPER)]


def test_texts_are_emptied_and_what_was_read_from_them_stays(shop: Shop) -> None:
    old_post(shop)
    old_post(shop, shop.clock.now())
    number = put(
        shop, schema.buying_round, title="周五团", opens_at=OLD, cut_off_at=OLD + timedelta(days=1),
        pickup_day=date(2023, 1, 12), created_at=OLD,
    )  # fmt: skip
    chain = put(
        shop, schema.intake, kind="chain", round_id=number, identity="i", fingerprint="f",
        content="1. 小李 3-201 鸡蛋2斤", file_name="小李.xlsx", at=OLD, summary={},
    )  # fmt: skip
    member = old_member(shop, "小李")
    hold_money(shop, member)
    entry = order(
        shop, member, date(2023, 1, 12), intake_id=chain, source_body={"text": "小李 3-201"}
    )
    found = queries.preview(shop).counts
    assert (found[Kind.POSTS], found[Kind.CHAINS], found[Kind.ENTRIES]) == (1, 1, 1)
    clean_up(shop, MONTH)
    posts, orders = schema.group_post, schema.customer_order
    assert count(shop, posts) == 2 and count(shop, posts, posts.c.text == "") == 1
    assert count(shop, orders, orders.c.id == entry, orders.c.source_body.is_(None)) == 1
    with shop.read() as connection:
        row = connection.execute(select(schema.intake)).one()
    assert (row.content, row.file_name, row.fingerprint) == ("", "", "f")
    assert queries.preview(shop).total == 0


def test_names_on_answered_wishes_and_closed_reports_go(shop: Shop) -> None:
    plain = {"folded_title": "酸奶", "title": "酸奶", "first_asked_at": OLD, "status_at": OLD}
    done = put(shop, schema.demand, **plain, status="declined", reason="起订太多", created_at=OLD)
    waiting = put(shop, schema.demand, **plain, status="new", created_at=OLD)
    for demand in (done, waiting):
        put(
            shop, schema.demand_wish, demand_id=demand, name="小李", folded_name="小李",
            said="想喝酸奶", source="chat", asked_at=OLD,
        )  # fmt: skip
    put(
        shop, schema.after_sales_case, source="page", defect="rotten", reporter_name="小李",
        reporter_home="3-201", reported_at=OLD, reply_due_at=OLD, status="closed", closed_at=OLD,
        created_at=OLD,
    )  # fmt: skip
    with shop.store.write() as connection:
        connection.execute(schema.heard_line.insert().values(fingerprint="f" * 64, at=OLD))
    clean_up(shop, MONTH)
    wishes, cases = schema.demand_wish, schema.after_sales_case
    assert count(shop, wishes, wishes.c.name == "", wishes.c.folded_name.is_(None)) == 1
    assert count(shop, wishes, wishes.c.name == "小李", wishes.c.demand_id == waiting) == 1
    assert count(shop, cases, cases.c.reporter_name == "", cases.c.reporter_home == "") == 1
    assert count(shop, schema.heard_line) == 0


def test_looks_go_after_their_months(shop: Shop) -> None:
    member = old_birthday(shop)
    old_opening(shop, member)
    kept = old_opening(shop, member, date(2025, 9, 26))
    clean_up(shop, MONTH)
    with shop.read() as connection:
        assert connection.execute(select(schema.member_opening.c.id)).scalars().all() == [kept]


def test_it_is_due_until_it_was_done_this_month(shop: Shop, clock: FixedClock) -> None:
    assert queries.due(shop) is None
    old_post(shop)
    found = queries.due(shop)
    assert found is not None and (found.month, found.members, found.others) == (MONTH, 0, 1)
    clean_up(shop, MONTH)
    old_post(shop)
    assert queries.due(shop) is None
    clock.forward(days=10)
    assert queries.due(shop) is not None
    (done,) = queries.done_before(shop)
    assert (done.month, done.counts, done.by) == (MONTH, {Kind.POSTS: 1}, "芳姐")


def test_a_page_left_open_over_the_month_cleans_nothing(shop: Shop, clock: FixedClock) -> None:
    old_post(shop)
    clock.forward(days=10)
    with pytest.raises(Refused, match="another month"):
        clean_up(shop, MONTH)


def test_with_nothing_to_do_it_leaves_no_row(shop: Shop) -> None:
    with pytest.raises(Refused, match="Nothing is past"):
        clean_up(shop, MONTH)
    assert count(shop, schema.clean_up) == 0


def test_staff_neither_see_nor_do_it(staff_shop: Shop) -> None:
    for refused in (queries.preview, queries.due, queries.done_before):
        with pytest.raises(Refused):
            refused(staff_shop)
    with pytest.raises(Refused):
        clean_up(staff_shop, MONTH)


def test_what_is_left_goes_with_the_next_touch(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.members.clean_up.commands.CHUNK", 2)
    for _number in range(3):
        old_post(shop)
    assert clean_up(shop, MONTH)[Kind.POSTS] == 2
    assert waits(shop, Kind.POSTS) == 1
    assert clean_up(shop, MONTH)[Kind.POSTS] == 1


def test_a_changed_setting_counts_at_once(shop: Shop) -> None:
    post = old_post(shop, shop.clock.now() - timedelta(days=40))
    assert waits(shop, Kind.POSTS) == 0
    with shop.store.write() as connection:
        connection.execute(
            schema.setting.insert().values(
                name="keep_source_text_months", value=1, changed_at=shop.clock.now()
            )
        )
    assert waits(shop_for(shop.store, shop.place, shop.clock, shop.actor), Kind.POSTS) == 1
    change(shop, schema.group_post, post, text="")
