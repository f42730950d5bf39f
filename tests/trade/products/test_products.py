"""Products through commands and queries, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.products import commands, queries
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan, close_round, open_round
from lib.trade.rounds.queries import one_round, proposed
from lib.trade.rounds.rules import Offered

EGGS = Details(
    "土鸡蛋",
    "斤",
    Money.of("4.80"),
    category="蛋",
    is_fresh=True,
    is_fragile=True,
    purchase_price=Money.of("4.50"),
    aliases=("鸡蛋", "柴鸡蛋"),
    conversions={"板": 1500},
)


def changes_of(shop: Shop, product_id: int) -> list[tuple[str, str]]:
    history = queries.price_history(shop, product_id)
    return [(change.kind, str(change.price)) for change in history]


def changed(details: Details, **values: object) -> Details:
    return replace(details, **values)


def test_a_product_comes_back_as_it_was_typed(shop: Shop) -> None:
    eggs = queries.product(shop, commands.add_product(shop, EGGS))
    assert eggs.details == changed(EGGS, aliases=tuple(sorted(EGGS.aliases)))
    assert eggs.unit.grams == 500
    assert str(eggs.price_per_jin) == "4.80"
    assert eggs.margin is not None
    assert str(eggs.margin.amount) == "0.30"


def test_name_unit_and_price_are_enough(shop: Shop) -> None:
    tofu = queries.product(shop, commands.add_product(shop, Details("老豆腐", "盒", Money.of("3"))))
    assert tofu.unit.grams is None
    assert tofu.price_per_jin is None
    assert tofu.purchase_price is None
    assert tofu.aliases == ()


def test_a_name_is_used_once_among_products_in_use(shop: Shop) -> None:
    first = commands.add_product(shop, EGGS)
    with pytest.raises(Refused, match="already a product called 土鸡蛋"):
        commands.add_product(shop, changed(EGGS, name=" 土 鸡蛋 "))
    commands.archive_product(shop, first)
    second = commands.add_product(shop, EGGS)
    with pytest.raises(Refused, match="already"):
        commands.restore_product(shop, first)
    commands.archive_product(shop, second)
    commands.restore_product(shop, first)
    assert [each.id for each in queries.products(shop)] == [first]
    assert [each.id for each in queries.products(shop, archived=True)] == [second]


def test_every_price_leaves_a_trace_and_an_unchanged_one_none(
    shop: Shop, clock: FixedClock
) -> None:
    eggs = commands.add_product(shop, EGGS)
    clock.forward(days=1)
    assert commands.set_price(shop, eggs, Money.of("5.20"))
    assert not commands.set_price(shop, eggs, Money.of("5.20"))
    assert commands.set_purchase_price(shop, eggs, None)
    version = queries.product(shop, eggs).version
    commands.change_product(shop, eggs, version, changed(EGGS, price=Money.of("4.80")))
    assert changes_of(shop, eggs) == [
        ("purchase", "4.50"),
        ("sale", "4.80"),
        ("purchase", "None"),
        ("sale", "5.20"),
        ("purchase", "4.50"),
        ("sale", "4.80"),
    ]
    latest = queries.price_history(shop, eggs)[0]
    assert (latest.at, latest.by) == (clock.now(), "芳姐")


def test_a_change_that_changes_no_price_leaves_no_price_row(shop: Shop) -> None:
    eggs = commands.add_product(shop, EGGS)
    commands.change_product(shop, eggs, 1, changed(EGGS, category="禽蛋", aliases=("鸡蛋",)))
    assert len(changes_of(shop, eggs)) == 2
    assert queries.product(shop, eggs).aliases == ("鸡蛋",)


def test_a_stale_edit_is_told_who_was_first(shop: Shop) -> None:
    eggs = commands.add_product(shop, EGGS)
    commands.change_product(shop, eggs, 1, changed(EGGS, category="禽蛋"))
    with pytest.raises(Conflict, match="芳姐"):
        commands.change_product(shop, eggs, 1, changed(EGGS, category="别的"))
    assert queries.product(shop, eggs).category == "禽蛋"


def test_staff_see_products_without_cost_and_cannot_change_them(
    shop: Shop, staff_shop: Shop, resident_shop: Shop
) -> None:
    eggs = commands.add_product(shop, EGGS)
    seen = queries.product(staff_shop, eggs)
    assert (seen.purchase_price, seen.margin) == (None, None)
    assert {change.kind for change in queries.price_history(staff_shop, eggs)} == {"sale"}
    for command in (
        lambda: commands.add_product(staff_shop, changed(EGGS, name="别的")),
        lambda: commands.change_product(staff_shop, eggs, 1, EGGS),
        lambda: commands.set_price(staff_shop, eggs, Money(1)),
        lambda: commands.set_purchase_price(staff_shop, eggs, Money(1)),
        lambda: commands.archive_product(staff_shop, eggs),
        lambda: commands.set_photo(staff_shop, eggs, b"x"),
    ):
        with pytest.raises(Refused):
            command()
    for query in (queries.products, queries.catalogue, queries.shared_words, queries.categories):
        with pytest.raises(Refused):
            query(resident_shop)


def test_staff_see_cost_when_the_owner_allows_it(shop: Shop, staff_shop: Shop) -> None:
    eggs = commands.add_product(shop, EGGS)
    allowed = replace(staff_shop, settings=replace(shop.settings, staff_may_see_cost=True))
    assert queries.product(allowed, eggs).purchase_price == Money.of("4.50")


@pytest.mark.parametrize("search", ["鸡蛋", "柴鸡", "土", "蛋", " 土 鸡 蛋 "])
def test_a_product_is_found_by_name_alias_and_category(shop: Shop, search: str) -> None:
    commands.add_product(shop, EGGS)
    commands.add_product(shop, Details("老豆腐", "盒", Money.of("3"), aliases=("tofu",)))
    assert [each.name for each in queries.products(shop, search)] == ["土鸡蛋"]
    assert [each.name for each in queries.products(shop, "TOFU")] == ["老豆腐"]
    assert queries.products(shop, "%") == ()


def test_shared_words_are_named_with_their_products(shop: Shop) -> None:
    commands.add_product(shop, EGGS)
    commands.add_product(shop, Details("鸡蛋", "板", Money.of("25")))
    assert queries.shared_words(shop) == {"鸡蛋": ("鸡蛋", "土鸡蛋")}


def test_the_catalogue_speaks_in_base_amounts(shop: Shop, staff_shop: Shop) -> None:
    eggs = commands.add_product(shop, EGGS)
    tofu = commands.add_product(shop, Details("老豆腐", "盒", Money.of("3"), content_grams=400))
    archived = commands.add_product(shop, Details("旧货", "份", Money.of("1")))
    commands.archive_product(shop, archived)
    items = {item.product_id: item for item in queries.catalogue(staff_shop)}
    assert set(items) == {eggs, tofu}
    assert items[eggs].conversions == {"板": 1500}
    assert items[eggs].sale_unit.price_of(items[eggs].price, 1500) == Money.of("14.40")
    assert (items[tofu].unit, items[tofu].unit_grams, items[tofu].content_grams) == (
        "盒",
        None,
        400,
    )


def test_the_catalogue_of_a_round_has_its_prices_and_order(shop: Shop) -> None:
    eggs = commands.add_product(shop, EGGS)
    tofu = commands.add_product(shop, Details("老豆腐", "盒", Money.of("3")))
    plan = Plan("", proposed(shop))
    offered = [Offered(tofu, Money.of("2.80")), Offered(eggs, Money.of("4.60"), 1000, 5000)]
    round_id = open_round(shop, plan, offered)
    items = queries.catalogue(shop, round_id)
    assert [(each.product_id, str(each.price)) for each in items] == [
        (tofu, "2.80"),
        (eggs, "4.60"),
    ]
    assert (items[1].household_limit, items[1].available) == (1000, 5000)
    assert queries.catalogue(shop, 999) == ()


def test_a_unit_that_an_open_round_relies_on_stays(shop: Shop) -> None:
    eggs = commands.add_product(shop, EGGS)
    plan = Plan("", proposed(shop))
    round_id = open_round(shop, plan, [Offered(eggs, Money.of("4.80"))])
    by_kilogram = changed(EGGS, unit="公斤")
    by_piece = changed(EGGS, unit="份", conversions={})
    for wanted in (by_kilogram, by_piece):
        with pytest.raises(Refused, match="still takes orders"):
            commands.change_product(shop, eggs, 1, wanted)
    with pytest.raises(Refused, match="still takes orders"):
        commands.archive_product(shop, eggs)
    close_round(shop, round_id, one_round(shop, round_id).version)
    with pytest.raises(Refused, match="already sold by 斤"):
        commands.change_product(shop, eggs, 1, by_piece)
    commands.change_product(shop, eggs, 1, by_kilogram)
    assert queries.product(shop, eggs).unit.grams == 1000


def test_a_unit_that_a_clearance_is_priced_by_stays(shop: Shop, clock: FixedClock) -> None:
    """4.00 a jin must not become 4.00 a kilogram on the public page."""
    eggs = commands.add_product(shop, EGGS)
    by_kilogram = changed(EGGS, unit="公斤")
    with shop.store.write() as connection:
        row = {
            "product_id": eggs, "kind": "discount", "price_fen": 400, "reason": "fresh",
            "starts_on": shop.today, "ends_on": shop.today, "on_hand": 1, "expected_sold": 1,
            "started_at": shop.clock.now(),
        }  # fmt: skip
        connection.execute(insert(schema.clearance).values(**row))
    with pytest.raises(Refused, match="being cleared at a price per 斤"):
        commands.change_product(shop, eggs, 1, by_kilogram)
    clock.forward(days=1)
    commands.change_product(shop, eggs, 1, by_kilogram)
    assert queries.product(shop, eggs).unit.grams == 1000


def test_a_pasted_list_is_added_whole_or_not_at_all(shop: Shop) -> None:
    commands.add_product(shop, EGGS)
    wanted = [Details("老豆腐", "盒", Money.of("3")), EGGS]
    with pytest.raises(Refused, match="土鸡蛋"):
        commands.add_products(shop, wanted)
    assert len(queries.products(shop)) == 1
    assert len(commands.add_products(shop, wanted[:1])) == 1


def test_a_double_click_is_one_product(shop: Shop) -> None:
    form = FormKey.of("once", [EGGS.name])
    commands.add_product(shop.once(form), EGGS)
    with pytest.raises(Repeated):
        commands.add_product(shop.once(form), EGGS)
    with shop.read() as connection:
        count = connection.execute(select(func.count()).select_from(schema.product)).scalar_one()
    assert count == 1


def test_what_is_not_there_is_said(shop: Shop) -> None:
    for call in (
        lambda: queries.product(shop, 99),
        lambda: commands.archive_product(shop, 99),
        lambda: commands.set_price(shop, 99, Money(1)),
    ):
        with pytest.raises(NotFound):
            call()


def test_the_journal_tells_from_what_to_what(shop: Shop) -> None:
    eggs = commands.add_product(shop, EGGS)
    commands.set_price(shop, eggs, Money.of("5"))
    with shop.read() as connection:
        row = connection.execute(
            select(schema.journal).order_by(schema.journal.c.id.desc()).limit(1)
        ).one()
    assert row.action == "product.price"
    assert (row.details["before"]["price"], row.details["after"]["price"]) == (480, 500)


def add_blob(shop: Shop, sha256: str) -> None:
    with shop.write("test.blob") as tx:
        values = {"sha256": sha256, "media_type": "image/jpeg", "size": 1, "created_at": tx.now}
        tx.execute(insert(schema.blob).values(values))


def bear_photo(shop: Shop, product_id: int, sha256: str) -> None:
    with shop.write("test.photo") as tx:
        row = tx.execute(select(schema.product).where(schema.product.c.id == product_id)).one()
        tx.change(schema.product, product_id, row.version, photo=sha256)


def test_a_is_offered_photo_only_while_its_product_is_offered(
    shop: Shop, clock: FixedClock, resident_shop: Shop
) -> None:
    photo = "a" * 64
    add_blob(shop, photo)
    eggs = commands.add_product(shop, EGGS)
    bear_photo(shop, eggs, photo)
    assert not queries.is_offered_photo(resident_shop, photo)
    times = proposed(shop)
    later = Plan("", type(times)(clock.now().replace(hour=5), times.cut_off_at, times.pickup_day))
    open_round(shop, later, [Offered(eggs, Money.of("4.80"))])
    assert not queries.is_offered_photo(resident_shop, photo)
    clock.forward(hours=3)
    assert queries.is_offered_photo(resident_shop, photo)
    commands.set_photo(shop, eggs, None)
    assert not queries.is_offered_photo(resident_shop, photo)
