"""Booking past figures: all or nothing, once, and taken back."""

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.shop.shop import Shop
from lib.supply.past import commands, matching, queries
from lib.supply.past.commands import Imported, PastProduct, Wanted, import_past, undo_import
from lib.supply.past.joining import Joined, fingerprint_of, join
from lib.trade.products.queries import products
from tests.service.cast import add_product
from tests.supply.past.cast import SALES, read, supermarket


def wanted(shop: Shop, joined: Joined, fingerprint: str = "f") -> Wanted:
    """Return everything of ``joined`` as the page would book it unasked."""
    shelf = {each.id: each for each in queries.shelf(shop)}
    _layouts, remembered = queries.remembered(shop)
    choices = matching.proposed(joined.goods, tuple(shelf.values()), remembered)
    goods = []
    for good in joined.goods:
        if mine := shelf.get(choices[good.key].product_id or 0):
            done = matching.booked(good, joined.unit, mine.unit, mine.conversions)
            goods.append(PastProduct(good.key, done.rows, mine.id))
        else:
            new = matching.details_of(good, joined.unit, is_fresh=True)
            done = matching.booked(good, joined.unit, new.sale_unit, {})
            goods.append(PastProduct(good.key, done.rows, new=new))
    return Wanted("文件.csv", fingerprint, goods, joined.unit, joined.reckoned)


def days(shop: Shop) -> list[tuple[object, ...]]:
    table = schema.past_day
    query = select(table.c.product_id, table.c.day, table.c.prepared, table.c.sold,
                   table.c.amount_fen, table.c.unit_cost_fen, table.c.loss_per_10000)  # fmt: skip
    with shop.read() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(table.c.day))]


def count(shop: Shop, name: str) -> int:
    with shop.read() as connection:
        table = schema.metadata.tables[name]
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_product_days_stand_in_the_books_with_everything_the_files_say(shop: Shop) -> None:
    done = import_past(shop, wanted(shop, supermarket(reckon=True)))
    assert (done.days, done.new_products, done.known) == (2, 2, 0)
    lettuce = days(shop)[0]
    assert lettuce[2:] == (1180, 1000, 760, 432, 1525)
    [one] = queries.imports(shop)
    assert (one.days, one.products, one.reckoned) == (2, 2, 2)
    made = {each.name: each for each in products(shop)}
    assert made["云南生菜"].category == "花叶类"
    assert made["云南生菜"].unit.word == "公斤"


def test_a_product_of_the_shop_is_used_and_remembered_by_its_code(shop: Shop) -> None:
    mine = add_product(shop, "云南生菜", "斤")
    import_past(shop, wanted(shop, supermarket()))
    assert days(shop)[0][0] == mine
    assert days(shop)[0][3] == 1000
    assert queries.remembered(shop)[1]["c:102900005110001"] == mine


def test_the_same_files_twice_add_nothing(shop: Shop) -> None:
    import_past(shop, wanted(shop, supermarket()))
    with pytest.raises(Refused, match="already"):
        import_past(shop, wanted(shop, supermarket()))
    with pytest.raises(Refused, match="Nothing of this is new: 2"):
        import_past(shop, wanted(shop, supermarket(), "another set"))
    assert (count(shop, "past_day"), count(shop, "past_import"), count(shop, "product")) == (
        2, 1, 2,
    )  # fmt: skip


def test_days_that_stand_there_are_left_as_they_are(shop: Shop) -> None:
    import_past(shop, wanted(shop, supermarket()))
    more = [*SALES, ["2023-06-29", "11:00", "102900005110002", "1", "12", "销售", "否"],
            ["2023-06-30", "11:00", "102900005110002", "1", "12", "销售", "否"]]  # fmt: skip
    done = import_past(shop, wanted(shop, join([read(more)]), "more"))
    assert (done.days, done.known, done.other) == (1, 2, 1)
    assert [row[3] for row in days(shop)] == [1000, 2000, 1000]


def test_an_import_is_undone_with_what_it_made(shop: Shop) -> None:
    add_product(shop, "西兰花", "斤")
    done = import_past(shop, wanted(shop, supermarket()))
    assert done.import_id is not None
    assert undo_import(shop, done.import_id) == 2
    assert (count(shop, "past_day"), queries.imports(shop)) == (0, ())
    assert [each.name for each in products(shop)] == ["西兰花"]
    with pytest.raises(NotFound):
        undo_import(shop, done.import_id)
    again = import_past(shop, wanted(shop, supermarket()))
    assert (again.days, again.new_products) == (2, 1)


def test_a_product_with_orders_outlives_the_import_that_made_it(shop: Shop) -> None:
    from tests.supply.cast import add_batch

    done = import_past(shop, wanted(shop, supermarket()))
    mine = next(each.id for each in products(shop) if each.name == "西兰花")
    add_batch(shop, mine, 500)
    assert done.import_id is not None
    undo_import(shop, done.import_id)
    assert [each.id for each in products(shop)] == [mine]


def test_killed_halfway_nothing_stands_there(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(commands, "_remember", die)
    with pytest.raises(SystemExit):
        import_past(shop, wanted(shop, supermarket()))
    for name in ("past_day", "past_import", "product", "journal"):
        assert count(shop, name) == 0


def test_only_the_owner_brings_figures_in(shop: Shop, staff_shop: Shop) -> None:
    everything = wanted(shop, supermarket())
    with pytest.raises(Refused):
        import_past(staff_shop, everything)
    with pytest.raises(Refused):
        queries.imports(staff_shop)


def test_a_name_is_for_the_contents_of_the_files(shop: Shop) -> None:
    name = fingerprint_of([read(SALES, "甲.csv")])
    done = import_past(shop, wanted(shop, join([read(SALES)]), name))
    assert isinstance(done, Imported)
    with pytest.raises(Refused):
        import_past(shop, wanted(shop, join([read(SALES, "乙.csv")]), name))
