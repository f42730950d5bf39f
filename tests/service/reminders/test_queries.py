"""What the page and Today read of the lists: who may, what is open, who is to come now."""

from datetime import timedelta

import pytest

from lib.kernel.errors import Refused
from lib.service.pickup.commands import hand_over, move_slot
from lib.service.reminders.queries import coming, due, notices
from lib.service.reminders.rules import Kind, since
from lib.shop.posts import note_post
from lib.shop.shop import Shop
from tests.service.cast import TODAY, Street
from tests.service.reminders.cast import make_at
from tests.statements import statements_of


def test_the_lists_of_a_day_are_read_with_what_became_of_them(street: Street) -> None:
    shop = street.shop
    make_at(shop, "17:00")
    note_post(shop, "pickup", "pickup:20260925-evening", "来拿")
    found = {(one.slot, one.kind): one for one in notices(shop, TODAY, TODAY)}
    evening = found["evening", Kind.BEFORE]
    assert (evening.waiting, evening.hours, evening.late) == (2, "18:00-21:00", False)
    assert evening.posted_at == shop.clock.now()
    assert not evening.open
    assert found["noon", Kind.AFTER].open
    assert {one.called for one in evening.orders} == {"3-201", "#14"}
    assert notices(shop, TODAY - timedelta(days=3), TODAY - timedelta(days=1)) == ()


def test_who_is_to_come_now_stands_beside_who_was_on_the_list(street: Street) -> None:
    shop = street.shop
    make_at(shop, "17:00")
    (evening,) = [one for one in notices(shop, TODAY, TODAY) if one.slot == "evening"]
    hand_over(shop, street.orders["小李"])
    move_slot(shop, street.orders["王阿姨"], "evening", TODAY, 1)
    now = {bag.order_id: str(bag.home) for bag in coming(shop, TODAY)["evening"]}
    changed = since(evening.orders, now)
    assert [one.called for one in changed.gone] == ["3-201"]
    assert changed.new == (street.orders["王阿姨"],)


def test_today_asks_little_while_nothing_is_open(shop: Shop, street: Street) -> None:
    with statements_of(shop.store) as statements:
        assert due(shop) == ()
    assert len(statements) == 1
    make_at(shop, "21:40")
    with statements_of(shop.store) as statements:
        assert [(one.slot, one.waiting) for one in due(shop)] == [("noon", 1), ("evening", 2)]
    assert len(statements) == 3


def test_residents_see_no_lists(street: Street, resident_shop: Shop) -> None:
    for read in (lambda: due(resident_shop), lambda: coming(resident_shop, TODAY)):
        with pytest.raises(Refused):
            read()
    with pytest.raises(Refused):
        notices(resident_shop, TODAY, TODAY)
