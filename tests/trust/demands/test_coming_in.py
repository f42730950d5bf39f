"""Every write by which wishes come in or become one: twice, and stopped half way (B1, B2, B5)."""

from collections.abc import Callable

import pytest

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.errors import Conflict
from lib.shop.shop import RESIDENT, FormKey, Repeated, Shop
from lib.trust.demands.chat.commands import take_chat
from lib.trust.demands.chat.rules import Pick
from lib.trust.demands.merging.commands import (
    keep_apart,
    merge_demands,
    suggest_again,
    undo_merge,
)
from lib.trust.demands.notes.commands import (
    leave_note,
    put_note_aside,
    take_note,
    take_note_back,
)
from lib.trust.demands.notes.rules import Written
from tests.conftest import NOW
from tests.service.cast import put
from tests.trust.demands.cast import add_wish, row
from tests.trust.demands.stopping import everything, leaves_nothing_when_stopped

Act = Callable[[Shop], object]


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """The keys are tested on both databases in tests/shop."""
    return sqlite_store


@pytest.fixture
def acts(shop: Shop) -> dict[str, Act]:
    """Return every act by name, on books in which each can be done."""
    one, two = add_wish(shop, "草莓", "小李", "王姐"), add_wish(shop, "奶油草莓", "王姐", "老周")
    three, four = add_wish(shop, "黑木耳"), add_wish(shop, "木耳")
    merged = merge_demands(shop, three, row(shop, three).version, four, row(shop, four).version)
    keep_apart(shop, one, three)
    leave_note(shop.acting(RESIDENT), f"{1:032x}", Written("想要米", "小李"), "local")
    aside = put(shop, schema.wish_note, key="aside", text="想要面", name="", status="put_aside",
                at=NOW, decided_at=NOW)  # fmt: skip
    picks = [Pick("a", "山药", "小李", "想要山药"), Pick("b", "山药", "王姐", "+1")]
    return {
        "take_chat": lambda shop: take_chat(shop, picks, ["c"]),
        "merge": lambda shop: merge_demands(shop, one, 1, two, 1),
        "undo": lambda shop: undo_merge(shop, merged),
        "keep_apart": lambda shop: keep_apart(shop, one, two),
        "suggest_again": lambda shop: suggest_again(shop, one, three),
        "take_note": lambda shop: take_note(shop, aside - 1, "米"),
        "put_aside": lambda shop: put_note_aside(shop, aside - 1),
        "take_back": lambda shop: take_note_back(shop, aside),
    }


NAMES = ("take_chat", "merge", "undo", "keep_apart", "suggest_again", "take_note", "put_aside",
         "take_back")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_twice_is_once_and_stopped_leaves_nothing(
    shop: Shop, acts: dict[str, Act], name: str
) -> None:
    act = acts[name]
    assert set(acts) == set(NAMES)
    assert leaves_nothing_when_stopped(shop, act) > 3
    after = everything(shop)
    with pytest.raises(Repeated):
        act(shop.once(FormKey.of("stopped", act.__name__)))
    with pytest.raises(Conflict):
        act(shop.once(FormKey.of("stopped", "other values")))
    assert everything(shop) == after


def test_residents_may_only_leave_a_note(resident_shop: Shop, acts: dict[str, Act]) -> None:
    before = everything(resident_shop)
    for act in acts.values():
        with pytest.raises(Exception, match="owner"):
            act(resident_shop)
    assert everything(resident_shop) == before
