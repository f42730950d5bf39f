"""The demo shop: full, consistent, and never in a real shop's folder (E18)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lib import demo
from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import total
from lib.shop import journal
from lib.shop.opening import Premises, open_books
from lib.shop.people.demo_logins import move_in
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.trade.orders import queries as orders
from lib.trade.payments.queries import money_of
from lib.trust.costs.checking.queries import check_sheets

pytestmark = pytest.mark.timeout(400)
"""The first test of a process fills the shop, which a busy machine does slowly."""


def test_every_room_has_something(books: Premises) -> None:
    with books.store.read() as connection:
        for name, least in (
            ("product", 14),
            ("customer_order", 100),
            ("member", 50),
            ("payment", 50),
            ("handover", 50),
            ("cost_sheet", 15),
            ("cash_up", 5),
            ("buying_round", 13),
            ("welfare_item", 6),
            ("demand", 24),
            ("demand_wish", 60),
            ("demand_source", 15),
            ("demand_merge", 2),
            ("wish_note", 4),
            ("tip_sent", 17),
            ("topic", 8),
            ("topic_answer", 25),
            ("activity", 4),
            ("activity_guest", 10),
            ("activity_photo", 3),
            ("group_post", 80),
            ("message_template", 1),
            ("message_channel", 1),
            ("message_delivery", 1),
        ):
            found = connection.execute(
                select(func.count()).select_from(schema.metadata.tables[name])
            ).scalar_one()
            assert found >= least, name


def test_it_stands_in_the_present(books: Premises, owner: Shop) -> None:
    shop = owner
    assert orders.orders(shop, day=shop.today)
    newest = orders.orders(shop)[0]
    assert newest.placed_at <= books.clock.now()


def test_its_books_add_up_and_are_sealed(books: Premises, owner: Shop) -> None:
    shop = owner
    with shop.read() as connection:
        assert journal.verify(connection, shop.place.secret("journal")).first_bad is None
    assert check_sheets(shop).is_whole
    some = orders.orders(shop, limit=200)
    money = money_of(shop, [one.id for one in some])
    for one in some:
        assert one.goods == total(line.money for line in one.standing)
        assert money[one.id].owed + money[one.id].allowance == one.comes_to


def test_filling_again_changes_nothing(books: Premises) -> None:
    with books.store.read() as connection:
        before = connection.execute(select(func.count()).select_from(schema.journal)).scalar()
    demo.fill(books)
    with books.store.read() as connection:
        assert (
            connection.execute(select(func.count()).select_from(schema.journal)).scalar() == before
        )


def test_a_real_shop_is_never_filled(tmp_path: Path) -> None:
    place = Place.at(tmp_path, demo=True)
    clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
    store = open_books(place, clock)
    real = Premises(place, store, clock)
    move_in(real.shop())
    with pytest.raises(Refused, match="real shop"):
        demo.fill(real)
    store.close()


def test_a_demo_that_was_interrupted_says_so(tmp_path: Path) -> None:
    place = Place.at(tmp_path, demo=True)
    clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
    store = open_books(place, clock)
    half = Premises(place, store, clock)
    move_in(half.shop())
    (tmp_path / demo.MARKER).write_text("being filled\n")
    with pytest.raises(Refused, match="not finished"):
        demo.fill(half)
    store.close()
