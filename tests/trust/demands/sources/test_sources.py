"""The checklist of a wish: who was asked, what they said, who may read what they want (R16)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trust.demands.queries import one
from lib.trust.demands.sources import queries
from lib.trust.demands.sources.commands import add_source, change_source, remove_source
from lib.trust.demands.sources.rules import Answer, SourceDetails, likeness, progress
from tests.conftest import NOW
from tests.supply.cast import add_product, add_supplier, add_term
from tests.trust.demands.cast import add_wish, journal

QUOTE = SourceDetails(
    "老王", None, Answer.CAN, "瓶", Money(1450), Money(1880), "20瓶起", date(2026, 9, 27), "石磨"
)


@pytest.mark.parametrize(
    ("one_name", "other", "score"),
    [
        ("现磨芝麻酱", "芝麻油", 1),
        ("现磨芝麻酱", "石磨芝麻酱", 3),
        ("丹东草莓", "奶油草莓", 1),
        ("草莓", "蓝莓", 0),
        ("鸡", "土鸡蛋", 1),
        ("鸭", "土鸡蛋", 0),
        ("", "土鸡蛋", 0),
    ],
)
def test_what_is_called_alike(one_name: str, other: str, score: int) -> None:
    assert likeness(one_name, other) == score


@given(st.text(max_size=8), st.text(max_size=8))
def test_likeness_has_no_direction(one_name: str, other: str) -> None:
    assert likeness(one_name, other) == likeness(other, one_name)


def test_progress_counts_final_answers() -> None:
    assert progress([Answer.CAN, Answer.CANNOT, Answer.WAITING, Answer.TO_ASK]) == (2, 4)
    assert progress([]) == (0, 0)


def test_who_asked_when_and_what_they_said(shop: Shop, staff_shop: Shop, clock: FixedClock) -> None:
    demand = add_wish(shop)
    add_source(shop, demand, SourceDetails("老王"))
    (source,) = queries.sources(shop, demand)
    assert (source.answer, source.asked_at) == (Answer.TO_ASK, None)
    clock.moment = NOW + timedelta(hours=1)
    change_source(staff_shop, source.id, source.version, replace(QUOTE, answer=Answer.WAITING))
    clock.moment = NOW + timedelta(hours=2)
    change_source(shop, source.id, 2, QUOTE)
    (source,) = queries.sources(shop, demand)
    assert source.details == QUOTE
    assert (source.asked_at, source.asked_by) == (NOW + timedelta(hours=1), "小吴")
    card = one(shop, demand).card
    assert (card.answered, card.sources) == (1, 1)
    with pytest.raises(Conflict):
        change_source(shop, source.id, 2, QUOTE)


def test_staff_note_a_quote_and_do_not_read_it_again(shop: Shop, staff_shop: Shop) -> None:
    demand = add_wish(shop)
    source_id = add_source(staff_shop, demand, QUOTE)
    (seen,) = queries.sources(staff_shop, demand)
    assert (seen.cost, seen.has_cost, seen.price) == (None, True, Money(1880))
    change_source(staff_shop, source_id, 1, replace(seen.details, note="改天再问"))
    (kept,) = queries.sources(shop, demand)
    assert (kept.cost, kept.note) == (Money(1450), "改天再问")
    change_source(staff_shop, source_id, 2, replace(seen.details, cost=Money(1400)))
    assert queries.sources(shop, demand)[0].cost == Money(1400)
    allowed = replace(staff_shop, settings=replace(staff_shop.settings, staff_may_see_cost=True))
    assert queries.sources(allowed, demand)[0].cost == Money(1400)
    change_source(shop, source_id, 3, replace(QUOTE, cost=None))
    assert not queries.sources(shop, demand)[0].has_cost


def test_the_history_of_a_wish_tells_no_cost(shop: Shop, staff_shop: Shop) -> None:
    demand = add_wish(shop)
    add_source(shop, demand, QUOTE)
    assert "1450" in str(journal(shop, "demand.add_source")[0].details)
    assert "1450" not in str(one(staff_shop, demand).history)


def test_suppliers_that_deliver_something_alike_are_suggested(shop: Shop) -> None:
    oil, paste, milk = (add_product(shop, name) for name in ("芝麻油", "石磨芝麻酱", "牛奶"))
    far, near, other, gone = (
        add_supplier(shop, name) for name in ("调料铺", "磨坊", "奶站", "旧磨坊")
    )
    add_term(shop, far, oil)
    add_term(shop, near, paste)
    add_term(shop, near, oil, preferred=False)
    add_term(shop, other, milk)
    add_term(shop, gone, paste, preferred=False, ended_at=NOW)
    found = queries.suggestions(shop, "现磨芝麻酱")
    assert [each.name for each in found] == ["磨坊", "调料铺"]
    assert found[0].products == ("石磨芝麻酱", "芝麻油")
    assert [each.name for each in queries.suggestions(shop, "现磨芝麻酱", [near])] == ["调料铺"]
    demand = add_wish(shop)
    add_source(shop, demand, SourceDetails(supplier_id=near))
    assert queries.sources(shop, demand)[0].name == "磨坊"
    assert queries.supplier_names(shop)[other] == "奶站"


def test_what_the_list_does_not_take(shop: Shop, resident_shop: Shop) -> None:
    demand = add_wish(shop)
    add_source(shop, demand, SourceDetails("老王"))
    for details in (SourceDetails(" "), SourceDetails("老王"), SourceDetails("李", cost=Money(-1))):
        with pytest.raises(Refused):
            add_source(shop, demand, details)
    for number in range(19):
        add_source(shop, demand, SourceDetails(f"铺子{number}"))
    with pytest.raises(Refused, match="At most 20"):
        add_source(shop, demand, SourceDetails("又一家"))
    with pytest.raises(NotFound):
        add_source(shop, demand, SourceDetails(supplier_id=99))
    with pytest.raises(Refused):
        queries.sources(resident_shop, demand)


def test_a_source_taken_off_stays_in_the_journal(shop: Shop) -> None:
    demand = add_wish(shop)
    source = add_source(shop, demand, QUOTE)
    remove_source(shop, source)
    assert not queries.sources(shop, demand)
    assert "老王" in str(journal(shop, "demand.remove_source")[0].details)
    with pytest.raises(NotFound):
        remove_source(shop, source)
