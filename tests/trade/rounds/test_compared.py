"""A price set beside an offer: computed, or with a written basis (facts 3.3 §16, §17)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.trade.rounds import commands, queries
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, add_product


@pytest.fixture
def eggs(shop: Shop) -> int:
    """Eggs at 5.80 that one household bought two days ago."""
    product = add_product(shop, "土鸡蛋", "斤", 580)
    add_order(shop, add_member(shop, "阿芳"), 1, (product, 1000), placed_at=NOW - timedelta(days=2))
    return product


def opened(shop: Shop, *offers: Offered) -> int:
    return commands.open_round(shop, Plan("周五团", queries.proposed(shop)), offers)


def only(shop: Shop, round_id: int) -> queries.Offer:
    (offer,) = queries.offers(shop, round_id)
    return offer


def offer(
    eggs: int, compared: str | None = "5.80", basis: str = "", price: str = "4.80"
) -> Offered:
    return Offered(
        eggs,
        Money.of(price),
        compared=None if compared is None else Money.of(compared),
        basis=basis,
    )


def test_the_lowest_price_charged_may_stand_beside_the_offer(shop: Shop, eggs: int) -> None:
    found = only(shop, opened(shop, offer(eggs)))
    assert (found.compared, found.basis) == (Money(580), "")
    assert "土鸡蛋：近7天最低成交价 5.8元，现价4.8元/斤" in queries.announcement_text(shop, 1)


def test_a_higher_one_is_refused_and_nothing_is_opened(shop: Shop, eggs: int) -> None:
    with pytest.raises(Refused, match="5\\.90"):
        opened(shop, offer(eggs, "5.90"))
    with pytest.raises(Refused, match="no comparison"):
        opened(shop, offer(eggs, "4.80"))
    with pytest.raises(Refused, match="Nobody was ever charged"):
        opened(shop, offer(add_product(shop, "豆腐", "盒", 300), "9"))
    assert queries.rounds(shop) == ()


def test_a_written_basis_allows_a_higher_one_and_is_said(shop: Shop, eggs: int) -> None:
    opened(shop, offer(eggs, "6.90", " 超市同款 2026-09-24 "))
    text = queries.announcement_text(shop, 1)
    assert "土鸡蛋：超市同款 2026-09-24 6.9元，现价4.8元/斤" in text
    assert "近7天" not in text


def test_only_the_owner_writes_a_basis(shop: Shop, staff_shop: Shop, eggs: int) -> None:
    with pytest.raises(Refused, match="Only the owner"):
        opened(staff_shop, offer(eggs, "6.90", "超市同款"))
    round_id = opened(staff_shop, offer(eggs))
    wanted = offer(eggs, "6.90", "超市同款")
    commands.change_offers(shop, round_id, [wanted])
    assert commands.change_offers(staff_shop, round_id, [replace(wanted, available=9000)]) == 1
    with pytest.raises(Refused, match="Only the owner"):
        commands.change_offers(staff_shop, round_id, [replace(wanted, compared=Money(990))])
    assert only(shop, round_id).compared == Money(690)


@pytest.mark.parametrize("basis", ["原价", "x"])
def test_a_basis_that_says_nothing_is_refused(shop: Shop, eggs: int, basis: str) -> None:
    with pytest.raises(Refused):
        opened(shop, offer(eggs, "6.90", basis))


def test_a_basis_without_its_price_is_refused(shop: Shop, eggs: int) -> None:
    with pytest.raises(Refused, match="write that price"):
        opened(shop, offer(eggs, None, "超市同款"))


def test_it_is_set_and_taken_off_in_a_running_round(shop: Shop, eggs: int) -> None:
    round_id = opened(shop, offer(eggs, None))
    assert commands.change_offers(shop, round_id, [offer(eggs)]) == 1
    assert commands.change_offers(shop, round_id, [offer(eggs)]) == 0
    assert only(shop, round_id).compared == Money(580)
    commands.change_offers(shop, round_id, [offer(eggs, None)])
    assert only(shop, round_id).compared is None
    with shop.read() as connection:
        in_order = schema.journal.select().order_by(schema.journal.c.id)
        rows = connection.execute(in_order).all()
    assert rows[-1].details["before"]["compared_fen"] == 580


def test_what_the_round_itself_sold_is_no_lower_price_before(
    shop: Shop, eggs: int, clock: FixedClock
) -> None:
    round_id = opened(shop, offer(eggs))
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(price_fen=480))
    clock.forward(hours=1)
    add_order(shop, 1, 2, (eggs, 1000), round_id=round_id, placed_at=clock.now())
    clock.forward(hours=1)
    assert "近7天最低成交价 5.8元" in queries.announcement_text(shop, round_id)


def test_a_price_raised_within_the_round_cannot_be_compared_with_before(
    shop: Shop, eggs: int, clock: FixedClock
) -> None:
    round_id = opened(shop, offer(eggs, None, price="4.80"))
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(price_fen=480))
    add_order(shop, 1, 2, (eggs, 1000), round_id=round_id, placed_at=clock.now())
    clock.forward(hours=1)
    with pytest.raises(Refused, match="4\\.80"):
        commands.change_offers(shop, round_id, [offer(eggs, "5.80", price="5.50")])


def test_what_no_longer_holds_is_not_shown(shop: Shop, eggs: int, clock: FixedClock) -> None:
    round_id = opened(shop, offer(eggs))
    with shop.store.write() as connection:
        connection.execute(
            update(schema.customer_order).values(status="cancelled", cancelled_at=NOW)
        )
    text = queries.announcement_text(shop, round_id)
    assert "5.8元" not in text
    assert "近7天" not in text


def test_a_copy_of_the_round_carries_no_compared_price(shop: Shop, eggs: int) -> None:
    first = opened(shop, offer(eggs, "6.90", "超市同款"))
    plan = Plan("周六团", queries.proposed(shop))
    copied = commands.copy_round(shop, first, plan, todays_prices=False)
    found = only(shop, copied)
    assert (found.price, found.compared, found.basis) == (Money(480), None, "")


def test_products_added_later_follow_the_same_rule(shop: Shop, eggs: int) -> None:
    tofu = add_product(shop, "豆腐", "盒", 300)
    round_id = opened(shop, Offered(tofu, Money(300)))
    with pytest.raises(Refused):
        commands.add_offers(shop, round_id, [offer(eggs, "9.90")])
    commands.add_offers(shop, round_id, [offer(eggs)])
    assert queries.offers(shop, round_id)[1].compared == Money(580)


def test_a_photo_of_the_basis_is_kept_with_it(shop: Shop, eggs: int) -> None:
    sha = "a" * 64
    with shop.store.write() as connection:
        row = {"sha256": sha, "media_type": "image/jpeg", "size": 1, "created_at": NOW}
        connection.execute(insert(schema.blob).values(**row))
    wanted = replace(offer(eggs, "6.90", "超市同款"), photo=sha)
    round_id = opened(shop, wanted)
    assert only(shop, round_id).compared_photo == sha
    commands.change_offers(shop, round_id, [replace(wanted, compared=None, basis="")])
    assert only(shop, round_id).compared_photo is None


def test_the_days_are_the_settings(shop: Shop, eggs: int) -> None:
    sold = NOW - timedelta(days=20)
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(price_fen=500))
    add_order(shop, 1, 2, (eggs, 1000), placed_at=sold)
    opened(shop, offer(eggs))
    save_settings(shop, {"compared_price_days": 30}, {})
    from lib.shop.opening import shop_for

    longer = shop_for(shop.store, shop.place, shop.clock, shop.actor)
    with pytest.raises(Refused, match="30"):
        opened(longer, offer(eggs))
    assert "近" not in queries.announcement_text(longer, 1)
