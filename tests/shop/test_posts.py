"""What was posted in the group is kept with who and when, and taken back when it was a slip."""

from datetime import timedelta

import pytest

from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.shop.posts import note_post, posts, take_back_post
from lib.shop.shop import Shop
from tests.conftest import NOW


def test_a_post_is_kept_with_who_and_when(shop: Shop, staff_shop: Shop, clock: FixedClock) -> None:
    note_post(staff_shop, "origin", "batch:1", "土鸡蛋到了\n看这里")
    clock.forward(days=1)
    note_post(shop, "origin", "batch:2", "菠菜到了")
    note_post(shop, "recall", "recall:1", "召回")
    found = posts(shop, "origin")
    assert [(one.subject, one.person, one.at - NOW) for one in found] == [
        ("batch:2", "芳姐", timedelta(days=1)),
        ("batch:1", "小吴", timedelta(0)),
    ]
    assert found[1].text == "土鸡蛋到了\n看这里"
    assert len(posts(shop, "origin", since=NOW + timedelta(hours=1))) == 1
    assert [one.subject for one in posts(shop, "origin", subjects=["batch:1"])] == ["batch:1"]


def test_a_slip_is_taken_back_once(shop: Shop) -> None:
    post = note_post(shop, "origin", "batch:1", "土鸡蛋到了")
    take_back_post(shop, post)
    assert posts(shop, "origin") == ()
    with pytest.raises(NotFound):
        take_back_post(shop, post)


def test_no_text_no_post(shop: Shop, resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        note_post(shop, "origin", "batch:1", "  ")
    with pytest.raises(Refused):
        posts(resident_shop, "origin")
