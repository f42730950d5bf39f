"""Costs are kept and sheets published once and for good, on a real database."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trust.costs import queries
from lib.trust.costs.checking.queries import check_sheets
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.rules import Cost, Part


def add_product(shop: Shop, name: str = "土鸡蛋", **values: Any) -> int:
    row = {
        "name": name,
        "folded_name": name,
        "is_fresh": True,
        "is_daily": False,
        "is_fragile": False,
        "sale_unit": "斤",
        "unit_grams": 500,
        "price_fen": 580,
        "purchase_price_fen": 450,
        "created_at": shop.clock.now(),
    } | values
    with shop.store.write() as connection:
        done = connection.execute(
            insert(schema.product).values(**row).returning(schema.product.c.id)
        )
        return int(done.scalar_one())


def add_round(shop: Shop, product_id: int, price_fen: int, title: str = "周五团") -> None:
    now = shop.clock.now()
    with shop.store.write() as connection:
        done = connection.execute(
            insert(schema.buying_round)
            .values(
                title=title,
                opens_at=now,
                cut_off_at=now + timedelta(hours=8),
                pickup_day=shop.today,
                created_at=now,
            )
            .returning(schema.buying_round.c.id)
        )
        connection.execute(
            insert(schema.round_offer).values(
                round_id=done.scalar_one(), product_id=product_id, price_fen=price_fen, position=1
            )
        )


def without_triggers(shop: Shop, connection: Any) -> None:
    if shop.store.is_sqlite:
        connection.execute(text("DROP TRIGGER cost_sheet_no_update"))
        connection.execute(text("DROP TRIGGER cost_sheet_no_delete"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def test_costs_are_kept_and_enter_the_draft(shop: Shop) -> None:
    eggs = add_product(shop)
    set_costs(
        shop,
        eggs,
        {Part.LOSS: Cost(rate=240), Part.PACKAGING: Cost(Money(20), basis="小芳家的袋子")},
        {},
    )
    item = draft_sheet(shop).products[0]
    assert item.line is not None
    assert item.line.loss == Money(11)
    assert item.line.kept == Money(580 - 450 - 11 - 20)
    assert item.costs[Part.PACKAGING].basis == "小芳家的袋子"
    assert item.versions == {Part.LOSS: 1, Part.PACKAGING: 1}


def test_a_stale_cost_is_not_overwritten(shop: Shop) -> None:
    eggs = add_product(shop)
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(1))}, {})
    with pytest.raises(Conflict):
        set_costs(shop, eggs, {Part.OTHER: Cost(Money(2))}, {})
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(2))}, {Part.OTHER: 1})
    with pytest.raises(Conflict, match="芳姐 changed this"):
        set_costs(shop, eggs, {Part.OTHER: Cost(Money(3))}, {Part.OTHER: 1})
    assert draft_sheet(shop).products[0].costs[Part.OTHER].amount == Money(2)


def test_what_did_not_change_is_not_written(shop: Shop) -> None:
    eggs = add_product(shop)
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(1))}, {})
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(1))}, {Part.OTHER: 1})
    assert draft_sheet(shop).products[0].versions == {Part.OTHER: 1}


def test_a_rate_can_become_an_amount(shop: Shop) -> None:
    eggs = add_product(shop)
    set_costs(shop, eggs, {Part.LOSS: Cost(rate=500)}, {})
    set_costs(shop, eggs, {Part.LOSS: Cost(Money(5))}, {Part.LOSS: 1})
    assert draft_sheet(shop).products[0].costs[Part.LOSS] == Cost(Money(5))


def test_costs_of_an_archived_or_unknown_product_are_refused(shop: Shop) -> None:
    old = add_product(shop, archived_at=shop.clock.now())
    for product in (old, 999):
        with pytest.raises(NotFound):
            set_costs(shop, product, {Part.OTHER: Cost(Money(1))}, {})


def test_costs_are_the_owners(shop: Shop, staff_shop: Shop, resident_shop: Shop) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "周五团", shop.today, [eggs])
    for other in (staff_shop, resident_shop):
        with pytest.raises(Refused):
            draft_sheet(other)
        with pytest.raises(Refused):
            set_costs(other, eggs, {Part.OTHER: Cost(Money(1))}, {})
        with pytest.raises(Refused):
            publish_sheet(other, "周五团", shop.today, [eggs])


def test_sheets_are_numbered_and_chained(shop: Shop, resident_shop: Shop) -> None:
    eggs = add_product(shop)
    assert queries.newest_sheet(resident_shop) is None
    assert queries.showing(resident_shop) is None
    assert publish_sheet(shop, "一", shop.today, [eggs]) == 1
    assert publish_sheet(shop, "二", shop.today + timedelta(days=1), [eggs]) == 2
    first, second = queries.sheet(resident_shop, 1), queries.newest_sheet(resident_shop)
    assert second is not None
    assert (first.previous, second.previous) == ("", first.fingerprint)
    assert second.data_as_of == shop.clock.now()
    assert second.day == shop.today + timedelta(days=1)
    assert [heading.number for heading in queries.published_sheets(resident_shop)] == [2, 1]
    assert check_sheets(shop).is_whole
    with pytest.raises(NotFound):
        queries.sheet(resident_shop, 3)


def test_a_published_sheet_stays_when_prices_change(shop: Shop) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "一", shop.today, [eggs])
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(price_fen=680, name="新蛋"))
    publish_sheet(shop, "二", shop.today, [eggs])
    assert queries.sheet(shop, 1).lines[0].price == Money(580)
    assert queries.sheet(shop, 1).lines[0].name == "土鸡蛋"
    history = queries.cost_history(shop, eggs)
    assert [(point.number, point.line.price.fen) for point in history] == [(1, 580), (2, 680)]


def test_the_price_of_an_open_round_counts_and_of_several_the_highest(
    shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop)
    add_round(shop, eggs, 550, "早团")
    add_round(shop, eggs, 560, "晚团")
    item = draft_sheet(shop).products[0]
    assert item.line is not None
    assert (item.line.price, item.round_title) == (Money(560), "晚团")
    clock.forward(hours=8)
    item = draft_sheet(shop).products[0]
    assert item.line is not None
    assert (item.line.price, item.round_title) == (Money(580), None)


def test_products_without_a_purchase_price_are_named(shop: Shop) -> None:
    eggs = add_product(shop)
    pears = add_product(shop, "梨", purchase_price_fen=None)
    draft = draft_sheet(shop)
    assert draft.missing == ("梨",)
    assert len(draft.lines) == 1
    with pytest.raises(Refused, match="梨"):
        publish_sheet(shop, "一", shop.today, [eggs, pears])
    assert queries.published_sheets(shop) == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"product_ids": []}, "empty sheet"),
        ({"product_ids": [999]}, "no longer on sale"),
        ({"title": " "}, "title"),
        ({"title": "找 13812345678"}, "phone number"),
        ({"days": -1}, "dated back"),
        ({"days": 32}, "dated back"),
        ({"correction": "写错了"}, "Choose the sheet"),
        ({"corrects": 1}, "what was wrong"),
        ({"corrects": 9, "correction": "写错了"}, "no sheet number 9"),
    ],
)
def test_what_cannot_be_published(shop: Shop, values: dict[str, Any], says: str) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "一", shop.today, [eggs])
    given = {"title": "二", "product_ids": [eggs], "days": 0} | values
    day = shop.today + timedelta(days=given.pop("days"))
    with pytest.raises((Refused, NotFound), match=says):
        publish_sheet(shop, given.pop("title"), day, given.pop("product_ids"), **given)
    assert len(queries.published_sheets(shop)) == 1


def test_a_correction_names_what_it_corrects_and_why(shop: Shop, resident_shop: Shop) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "一", shop.today, [eggs])
    publish_sheet(shop, "二", shop.today, [eggs], corrects=1, correction="袋子钱忘了写")
    first = queries.showing(resident_shop, 1)
    assert first is not None
    assert [(item.number, item.correction) for item in first.corrected_by] == [(2, "袋子钱忘了写")]
    second = queries.showing(resident_shop)
    assert second is not None
    assert second.sheet.corrects == 1
    assert [heading.number for heading in second.others] == [1]


def test_only_what_was_looked_at_is_published(shop: Shop) -> None:
    eggs = add_product(shop)
    seen = draft_sheet(shop).digest([eggs])
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(1))}, {})
    with pytest.raises(Conflict, match="changed since you looked"):
        publish_sheet(shop, "一", shop.today, [eggs], looked_at=seen)
    seen = draft_sheet(shop).digest([eggs])
    assert publish_sheet(shop, "一", shop.today, [eggs], looked_at=seen) == 1


def test_a_double_click_publishes_once(shop: Shop) -> None:
    eggs = add_product(shop)
    form = FormKey.of("publish", [eggs])
    publish_sheet(shop.once(form), "一", shop.today, [eggs])
    with pytest.raises(Repeated) as repeated:
        publish_sheet(shop.once(form), "一", shop.today, [eggs])
    assert repeated.value.result == 1
    assert len(queries.published_sheets(shop)) == 1


def test_a_published_row_can_be_neither_changed_nor_deleted(shop: Shop) -> None:
    publish_sheet(shop, "一", shop.today, [add_product(shop)])
    for statement in ("UPDATE cost_sheet SET title = 'x'", "DELETE FROM cost_sheet"):
        with pytest.raises(Exception, match="append-only"), shop.store.write() as connection:
            connection.execute(text(statement))


def test_altered_figures_are_shown_to_nobody(shop: Shop, resident_shop: Shop) -> None:
    publish_sheet(shop, "一", shop.today, [add_product(shop)])
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        connection.execute(text("UPDATE cost_sheet SET body = replace(body, '580', '480')"))
    for ask in (queries.newest_sheet, queries.showing):
        with pytest.raises(Refused, match="altered"):
            ask(resident_shop)


def test_the_edition_changes_with_what_the_page_prints(shop: Shop) -> None:
    eggs = add_product(shop)
    empty = queries.edition(shop.store)
    assert empty.fingerprint == ""
    publish_sheet(shop, "一", shop.today, [eggs])
    first = queries.edition(shop.store)
    with shop.store.write() as connection:
        connection.execute(
            insert(schema.setting).values(
                name="shop_name", value="芳姐", changed_at=shop.clock.now()
            )
        )
    second = queries.edition(shop.store)
    assert len({empty, first, second}) == 3
    assert second.name("shop_name") == "芳姐"
    assert second.name("community", "—") == "—"


def test_only_pictures_of_published_products_are_public(shop: Shop, resident_shop: Shop) -> None:
    shas = ["a" * 64, "b" * 64]
    with shop.store.write() as connection:
        for sha in shas:
            connection.execute(
                insert(schema.blob).values(
                    sha256=sha, media_type="image/jpeg", size=1, created_at=shop.clock.now()
                )
            )
    eggs = add_product(shop, photo=shas[0])
    add_product(shop, "梨", photo=shas[1])
    assert not queries.is_published_photo(resident_shop, shas[0])
    publish_sheet(shop, "一", shop.today, [eggs])
    assert queries.is_published_photo(resident_shop, shas[0])
    assert not queries.is_published_photo(resident_shop, shas[1])
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(photo=None))
    assert not queries.is_published_photo(resident_shop, shas[0])


def test_the_journal_says_what_was_published(shop: Shop) -> None:
    publish_sheet(shop, "一", shop.today, [add_product(shop)])
    with shop.read() as connection:
        details = connection.execute(
            select(schema.journal.c.details).where(schema.journal.c.action == queries.PUBLISH)
        ).scalar_one()
    assert details["after"]["fingerprint"] == queries.sheet(shop, 1).fingerprint


def test_goods_belong_to_the_sheet_of_their_day(
    shop: Shop, resident_shop: Shop, clock: FixedClock
) -> None:
    eggs, other = add_product(shop), add_product(shop, "豆腐")
    monday = shop.today
    assert queries.sheet_on(resident_shop, eggs, monday) is None
    publish_sheet(shop, "一", monday, [eggs])
    publish_sheet(shop, "二", monday, [eggs, other], corrects=1, correction="写错了")
    clock.forward(days=3)
    publish_sheet(shop, "三", shop.today, [eggs])
    for days, number in ((-1, 1), (0, 2), (2, 2), (3, 3), (9, 3)):
        found = queries.sheet_on(resident_shop, eggs, monday + timedelta(days=days))
        assert found is not None
        assert found.line.product_id == eggs
        assert found.number == (2 if days == -1 else number), days
    tofu = queries.sheet_on(resident_shop, other, monday + timedelta(days=9))
    assert tofu is not None
    assert tofu.number == 2


def test_an_altered_sheet_belongs_to_no_goods(shop: Shop) -> None:
    eggs = add_product(shop)
    publish_sheet(shop, "一", shop.today, [eggs])
    with shop.store.write() as connection:
        without_triggers(shop, connection)
        connection.execute(update(schema.cost_sheet).values(title="改过的"))
    assert queries.sheet_on(shop, eggs, shop.today) is None
