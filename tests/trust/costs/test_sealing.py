"""What is published stays: whoever publishes at once, whatever comes later, whatever is tried."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

import lib
from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trust.books.rules import Scope
from lib.trust.costs import queries
from lib.trust.costs.checking.queries import check_sheets
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.rules import Cost, Part, Period
from tests.supply.cast import add_batch
from tests.trust.books.cast import leave
from tests.trust.costs.test_publishing import add_product

SOURCES = sorted(Path(next(iter(lib.__path__))).rglob("*.py"))


def published_row(shop: Shop, number: int = 1) -> tuple[object, ...]:
    query = select(schema.cost_sheet).where(schema.cost_sheet.c.number == number)
    with shop.read() as connection:
        return tuple(connection.execute(query).one())


def test_a_sheet_says_the_days_it_was_computed_from_and_what_was_typed(shop: Shop) -> None:
    eggs = add_product(shop)
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(5))}, {})
    scope = Scope(shop.today - timedelta(days=6), shop.today)
    draft = draft_sheet(shop, scope)
    seen = draft.digest([eggs])
    publish_sheet(shop, "一", shop.today, [eggs], scope=scope, looked_at=seen)
    sheet = queries.sheet(shop, 1)
    assert sheet.period == Period(scope.first, scope.last)
    assert sheet.lines == draft.chosen([eggs])
    assert sheet.lines[0].by_hand == {Part.PURCHASE, Part.OTHER}
    body = published_row(shop)[schema.cost_sheet.c.keys().index("body")]
    assert isinstance(body, dict)
    assert body["period"] == [scope.first.isoformat(), scope.last.isoformat()]
    assert body["lines"][0]["by_hand"] == ["other", "purchase"]


def test_other_days_than_those_looked_at_are_not_published(shop: Shop) -> None:
    eggs = add_product(shop)
    seen = draft_sheet(shop).digest([eggs])
    scope = Scope(shop.today - timedelta(days=1), shop.today)
    with pytest.raises(Conflict, match="changed since you looked"):
        publish_sheet(shop, "一", shop.today, [eggs], scope=scope, looked_at=seen)
    assert queries.published_sheets(shop) == []


def test_a_batch_that_arrives_later_changes_the_next_sheet_never_a_published_one(
    shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop, purchase_price_fen=450)
    publish_sheet(shop, "一", shop.today, [eggs])
    before = published_row(shop)
    clock.forward(days=1)
    batch = add_batch(shop, eggs, 5000, arrived_on=shop.today, unit_price_fen=480)
    leave(shop, eggs, 2000, batch, on=shop.today)
    seen = draft_sheet(shop).digest([eggs])
    publish_sheet(shop, "二", shop.today, [eggs], looked_at=seen)
    assert published_row(shop) == before
    assert queries.sheet(shop, 1).lines[0].purchase == Money(450)
    second = queries.sheet(shop, 2).lines[0]
    assert second.purchase == Money(480)
    assert Part.PURCHASE not in second.by_hand
    assert check_sheets(shop).is_whole


def test_a_price_that_no_batch_says_is_remarked_on(shop: Shop) -> None:
    eggs = add_product(shop)
    said = [remark.sentence for remark in draft_sheet(shop).remarks([eggs])]
    assert any("no batch says" in sentence for sentence in said)
    batch = add_batch(shop, eggs, 5000)
    leave(shop, eggs, 1000, batch)
    assert not any("no batch" in one.sentence for one in draft_sheet(shop).remarks([eggs]))


def test_a_batch_booked_after_the_owner_looked_stops_the_publication(shop: Shop) -> None:
    eggs = add_product(shop)
    seen = draft_sheet(shop).digest([eggs])
    leave(shop, eggs, 1000, add_batch(shop, eggs, 5000, unit_price_fen=520))
    with pytest.raises(Conflict, match="changed since you looked"):
        publish_sheet(shop, "一", shop.today, [eggs], looked_at=seen)


def test_owners_and_tabs_publishing_at_once_keep_numbers_and_chain_whole(shop: Shop) -> None:
    eggs = add_product(shop)
    start = threading.Barrier(6)
    numbers: list[int] = []
    repeats: list[object] = []
    same = FormKey.of("one form in two tabs", [eggs])

    def publish(name: str, bound: Shop) -> None:
        start.wait()
        try:
            numbers.append(publish_sheet(bound, name, shop.today, [eggs]))
        except Repeated as repeated:
            repeats.append(repeated.result)

    tabs = [(f"第{number}个", shop) for number in range(4)]
    tabs += [("同一张表", shop.once(same)), ("同一张表", shop.once(same))]
    threads = [threading.Thread(target=publish, args=tab) for tab in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4, 5]
    assert len(repeats) == 1
    assert repeats[0] in numbers
    assert [item.number for item in queries.published_sheets(shop)] == [5, 4, 3, 2, 1]
    assert check_sheets(shop).is_whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cost_sheet SET title = 'x'",
        "UPDATE cost_sheet SET body = '{}' WHERE number = 1",
        "UPDATE cost_sheet SET number = 9",
        "UPDATE cost_sheet SET published_by = NULL",
        "DELETE FROM cost_sheet",
        "DELETE FROM cost_sheet WHERE number = 2",
    ],
)
def test_the_database_refuses_to_change_a_sheet(shop: Shop, statement: str) -> None:
    eggs = add_product(shop)
    for title in "一二":
        publish_sheet(shop, title, shop.today, [eggs])
    before = [published_row(shop, number) for number in (1, 2)]
    with pytest.raises(Exception, match="append-only"), shop.store.write() as connection:
        connection.execute(text(statement))
    assert [published_row(shop, number) for number in (1, 2)] == before


def test_no_command_of_the_program_changes_a_sheet() -> None:
    """Only ``publish_sheet`` adds to the table, and no source changes or deletes in it."""
    changing = re.compile(r"(?:\bupdate|\bdelete|\bchange)\(\s*(?:schema\.cost_sheet|_?sheets?\b)")
    for path in SOURCES:
        source = path.read_text("utf-8")
        if "cost_sheet" in source:
            assert not changing.search(source), path
        assert not re.search(r"(?i)(UPDATE|DELETE FROM|INSERT INTO)\s+cost_sheet", source), path
    assert changing.search("tx.change(schema.cost_sheet, 1, 1, title='x')")
    assert changing.search("tx.execute(update(sheets).values(title='x'))")


def test_every_command_of_costs_leaves_published_sheets_as_they_are(
    shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "一", shop.today, [eggs])
    before = published_row(shop)
    clock.forward(hours=1)
    set_costs(shop, eggs, {Part.LOSS: Cost(rate=500), Part.OTHER: Cost(Money(3))}, {})
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(price_fen=1, name="别的"))
    publish_sheet(shop, "一", shop.today, [eggs], corrects=1, correction="写错了")
    assert published_row(shop) == before
    showing = queries.showing(shop, 1)
    assert showing is not None
    assert [item.number for item in showing.corrected_by] == [2]
