"""The demo shop shows trust as it was lived: believable figures, one story, nothing ever sent."""

import socket
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.demo import wishes_told
from lib.demo.residents import RESIDENTS
from lib.kernel.money import Money
from lib.shop.messages.events import EVENTS
from lib.shop.messages.outbox import queries as outbox
from lib.shop.messages.outbox.claims import claim_next
from lib.shop.messages.outbox.rules import Status as Way
from lib.shop.messages.outbox.rules import is_loopback
from lib.shop.messages.outbox.sealing import opened
from lib.shop.messages.templates.queries import own_wordings
from lib.shop.opening import Premises
from lib.shop.quotas import Standing
from lib.shop.shop import SYSTEM, Shop
from lib.trade.products.queries import price_history
from lib.trust.community import queries as community
from lib.trust.community.activities import queries as activities
from lib.trust.community.activities.rules import Status as Held
from lib.trust.community.photos import queries as photos
from lib.trust.community.tips.queries import ratios
from lib.trust.costs.checking.queries import check_sheets
from lib.trust.costs.due.queries import sheet_due
from lib.trust.costs.queries import cost_history, newest_sheet, published_sheets, sheet
from lib.trust.costs.rules import Part
from lib.trust.demands import queries as demands
from lib.trust.demands.figures.queries import figures
from lib.trust.demands.launch.queries import bought
from lib.trust.demands.merging.queries import merges, suggestions
from lib.trust.demands.notes.queries import waiting_notes
from lib.trust.demands.rules import Source, Status
from lib.trust.promotions.queries import promotions
from lib.trust.promotions.rules import Kind
from lib.trust.welfare import queries as welfare
from lib.trust.welfare.rules import Reason, State
from tests.demo.conftest import filled

pytestmark = pytest.mark.timeout(400)
"""The first test of a process fills the shop, which a busy machine does slowly."""


def test_a_sheet_a_month_for_a_year_sealed_and_one_corrected(owner: Shop) -> None:
    sheets = published_sheets(owner)
    days = sorted(one.day for one in sheets)
    assert len(sheets) == 15
    assert (days[-1] - days[0]).days > 330
    assert all((later - earlier).days <= 28 for earlier, later in pairwise(days))
    assert check_sheets(owner).is_whole
    (correcting,) = [one for one in sheets if one.corrects]
    wrong, right = (
        {line.name: dict(line.parts) for line in sheet(owner, number).lines}["老豆腐"]
        for number in (correcting.corrects, correcting.number)
        if number is not None
    )
    assert wrong[Part.PACKAGING] == Money.of("0.30") > right.get(Part.PACKAGING, Money(0))
    assert "3 角" in sheet(owner, correcting.number).correction


def test_todays_sheet_says_what_is_on_offer(owner: Shop) -> None:
    newest = newest_sheet(owner)
    assert newest is not None
    assert newest.day == owner.today
    assert sheet_due(owner) is None


def test_costs_and_prices_moved_with_the_year(owner: Shop) -> None:
    newest = newest_sheet(owner)
    assert newest is not None
    eggs = next(line.product_id for line in newest.lines if line.name == "土鸡蛋")
    points = cost_history(owner, eggs)
    assert len({point.line.price for point in points}) >= 3
    assert len({point.line.cost for point in points}) >= 10
    sales = [one.price for one in price_history(owner, eggs) if one.kind == "sale"]
    assert sales == [Money.of("4.80"), Money.of("4.60"), Money.of("4.40")]


def test_welfare_items_of_four_months_one_on_offer_one_planned(owner: Shop) -> None:
    items = welfare.history(owner)
    assert {one.state for one in items} == {State.OVER, State.RUNNING, State.PLANNED}
    (running,) = [one for one in items if one.state is State.RUNNING]
    assert (running.product, running.household_limit) == ("土鸡蛋", 1000)
    assert running.sold.orders >= 5
    assert 0 < running.left < running.available
    assert {one.reason for one in items} >= {Reason.AT_COST, Reason.THANKS, Reason.SEASONAL}
    (planned,) = [one for one in items if one.state is State.PLANNED]
    assert planned.month > owner.today
    this = welfare.month(owner)
    assert this.quota.standing is Standing.REACHED
    assert 0 < this.meter.given.fen < this.meter.expected.fen < this.meter.budget.fen
    assert welfare.public_welfare(owner, owner.today.year).given.fen > 2000


def test_nobody_had_more_of_a_welfare_item_than_a_household_may(books: Premises) -> None:
    orders, lines = schema.customer_order, schema.order_line
    with books.store.read() as connection:
        for item in connection.execute(select(schema.welfare_item)).all():
            query = (
                select(func.sum(lines.c.quantity))
                .join(orders, orders.c.id == lines.c.order_id)
                .where(orders.c.round_id == item.round_id, lines.c.product_id == item.product_id)
                .group_by(orders.c.member_id)
            )
            assert all(
                taken <= item.household_limit for taken in connection.execute(query).scalars()
            )


def test_prices_compared_by_the_rule_and_by_a_written_basis(owner: Shop) -> None:
    found = [one for one in promotions(owner) if one.compared is not None]
    assert len(found) == 2
    ruled = next(one for one in found if not one.compared_basis)
    assert ruled.compared == ruled.lowest is not None
    assert ruled.price < ruled.lowest
    written = next(one for one in found if one.compared_basis)
    assert "超市" in written.compared_basis
    assert {one.kind for one in promotions(owner)} == set(Kind)


def test_most_wishes_were_met_in_time_but_not_all(owner: Shop) -> None:
    found = figures(owner).months
    met = sum(month.offered_in_time for month in found)
    could = sum(month.could_be_met for month in found)
    assert 60 <= 100 * met // could <= 95
    assert sum(month.collected for month in found) >= 24
    assert all(month.median_days is None or month.median_days <= 4 for month in found)
    known, buyers = (sum(getattr(month, name) for month in found) for name in ("known", "bought"))
    assert 60 <= 100 * buyers // known <= 95
    assert sum(month.wished for month in found) > known


def test_the_board_holds_every_state_and_every_clock(owner: Shop) -> None:
    board = demands.board(owner)
    assert all(board.columns[status] for status in Status)
    due = demands.due(owner)
    now = owner.clock.now()
    left = {
        card.title: round((card.due - now).total_seconds() / 3600)
        for card in board.cards
        if card.due is not None
    }
    assert (left["冻豆腐"], left["香菇"], left["新鲜羊奶"]) == (60, 20, -5)
    assert [card.title for card in due.late] == ["新鲜羊奶"]
    assert [card.title for card in due.came_back] == ["土鸡"]
    assert [(card.title, card.untold) for card in due.untold] == [("饺子皮", 1)]
    assert waiting_notes(owner) == 2
    assert len(merges(owner)) == 1
    (pair,) = suggestions(owner).pairs
    assert {pair.keep.title, pair.drop.title} == {"香菇", "鲜香菇"}


def test_every_wish_came_in_as_it_was_read(owner: Shop) -> None:
    titles = {card.title for card in demands.found(owner)}
    told = {heard.title for heard in wishes_told.HEARD} - {wishes_told.MERGED[2]}
    assert told | {title for _hours, title, _names in wishes_told.OPEN} <= titles
    everybody = [demands.one(owner, card.id) for card in demands.found(owner)]
    assert {wish.source for one in everybody for wish in one.wishes} == set(Source)
    names = {resident.nickname for resident in RESIDENTS} | {"新搬来的小赵"}
    assert {wish.name for one in everybody for wish in one.wishes} <= names


def test_who_wished_for_sesame_paste_was_told_and_bought_it(owner: Shop) -> None:
    (card,) = demands.found(owner, "现磨芝麻酱")
    this = demands.one(owner, card.id)
    assert card.untold == 0
    assert card.answered == card.sources == 1
    found = bought(owner, this)
    assert found is not None
    assert 1 <= len(found.buyers) <= found.known == 4


def test_the_group_had_a_tip_most_days_and_none_today(owner: Shop) -> None:
    due = community.due(owner)
    assert not due.tip_sent
    assert due.tip is not None
    assert not any(one.is_noisy for one in ratios(owner))
    assert [one.question for one in due.answered]
    assert due.topic_meter.standing in (Standing.OPEN, Standing.REACHED)
    assert [one.title for one in due.near] == ["新米和草莓试吃"]
    assert due.uncounted == ()


def test_the_workshop_had_guests_who_ordered_and_children_nobody_sees(owner: Shop) -> None:
    found = {one.title: one for one in activities.activities(owner)}
    made, coming = found["亲子做桂花灯笼"], found["新米和草莓试吃"]
    assert (made.status, made.heads) == (Held.HELD, 18)
    assert made.guests >= 5
    effect = activities.effect(owner, made.id)
    assert effect.is_complete
    assert effect.before.count
    assert effect.after.count
    assert 0 < coming.tasks_done < coming.tasks
    shown = photos.photos(owner, made.id)
    hidden = [one for one in shown if one.published_at is None]
    assert [(one.details.shows_children, one.details.consent) for one in hidden] == [(True, "")]
    assert all("演示" in one.details.caption for one in shown)


def test_nothing_can_leave_a_demo(owner: Shop, books: Premises) -> None:
    (robot,) = outbox.channels(owner)
    assert not robot.active
    address = opened(owner.place, outbox.sealed_address(owner, robot.id)[1])
    assert address is not None
    assert is_loopback(address.removeprefix("http://").partition(":")[0])
    (message,) = outbox.open_messages(owner)
    assert message.status is Way.FAILED
    assert claim_next(books.shop(SYSTEM)) is None
    assert set(own_wordings(owner)) == {"tip"}


def test_what_the_group_read_is_of_known_kinds(books: Premises) -> None:
    posts = schema.group_post
    with books.store.read() as connection:
        rows = connection.execute(select(posts).order_by(posts.c.id)).all()
    kinds = {row.topic for row in rows}
    assert kinds >= {
        "round", "cut_off", "price_sheet", "welfare", "tip", "topic", "topic_thanks", "activity",
        "activity_thanks", "demand_launch", "demand_not_yet", "demand_declined",
    }  # fmt: skip
    assert kinds <= set(EVENTS)
    assert not any("{" in row.text for row in rows)
    assert [row.at for row in rows] == sorted(row.at for row in rows)


def test_the_journal_stands_in_the_order_of_its_times(books: Premises) -> None:
    table = schema.journal
    with books.store.read() as connection:
        moments = list(connection.execute(select(table.c.at).order_by(table.c.id)).scalars())
    told = moments[1:]  # the people move in at the moment the program is started
    assert told == sorted(told)
    assert told[-1] <= books.clock.now()


def test_filling_elsewhere_tells_the_same_story_and_speaks_to_nobody(
    books: Premises, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any) -> None:
        raise AssertionError("the demo spoke to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    again = filled(tmp_path)
    try:
        assert _story(again) == _story(books)
    finally:
        again.store.close()


def _story(books: Premises) -> dict[str, list[Any]]:
    """Return what was told, without what is drawn at random so that nobody can guess it."""
    wanted = {
        "cost_sheet": ("number", "fingerprint", "published_at"),
        "group_post": ("topic", "subject", "text", "at", "person_id"),
        "demand": ("title", "status", "first_asked_at", "product_id", "merged_into"),
        "demand_wish": ("name", "said", "asked_at", "told_at", "member_id"),
        "welfare_item": ("price_fen", "unit_cost_fen", "round_id", "status"),
        "customer_order": ("member_id", "placed_at", "number", "status"),
        "stock_movement": ("product_id", "kind", "quantity", "business_day"),
        "after_sales_case": ("product_name", "defect", "bad", "status", "turn", "reported_at"),
        "case_entry": ("case_id", "kind", "text", "at"),
        "case_remedy": ("case_id", "kind", "quantity", "amount_fen", "at"),
        "case_breach": ("case_id", "turn", "clock", "due_at", "recorded_at"),
        "owed_goods": ("member_id", "product_name", "quantity", "due_at", "settled_at"),
        "pickup_notice": ("day", "slot", "kind", "waiting", "done_how"),
        "delivery_done": ("order_id", "left_with", "note", "at"),
        "packaging_entry": ("material", "kind", "quantity", "at"),
        "journal": ("action", "subject", "at"),
    }
    told = {}
    with books.store.read() as connection:
        for name, columns in wanted.items():
            table = schema.metadata.tables[name]
            query = select(*(table.c[column] for column in columns))
            query = query.order_by(*table.primary_key.columns)
            told[name] = [tuple(row) for row in connection.execute(query)]
    # A film is packed anew each time; its file is named by its content.
    told["journal"] = [row for row in told["journal"] if not row[1].startswith("blob:")]
    return told
