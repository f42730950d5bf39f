"""What the paste as a whole says: flags, footer, what was left out, spans, other slots."""

from datetime import time

from lib.trade.orders.chain import Slot, catalogue_from_dicts, parse_chain
from lib.trade.orders.chain.flags import SENTENCES, Flag
from tests.trade.orders.chain.shelves import SHELVES

EGGS = catalogue_from_dicts(SHELVES["eggs"])
MARKET = catalogue_from_dicts(SHELVES["market"])


def test_every_flag_has_a_sentence():
    assert set(SENTENCES) == set(Flag)


def test_title_example_and_footer_are_told_apart():
    chain = parse_chain("#接龙\n土鸡蛋\n例 3-201 小李 2斤\n\n1. 老王 3斤\n\n三点截单", EGGS)
    assert (chain.title, chain.example, chain.footer) == ("土鸡蛋", "例 3-201 小李 2斤", "三点截单")


def test_spans_point_into_the_original_text():
    paste = "\ufeff#接龙\r\n标题\r\n\r\n1. 小\u200b李 鸡蛋２斤 香菜1把"
    (entry,) = parse_chain(paste, MARKET).entries
    start, end = entry.unmatched[0].span
    assert paste[start:end] == "香菜1把"
    assert [paste[a:b] for a, b in entry.items[0].spans] == ["鸡蛋", "２斤"]
    assert paste[slice(*entry.span)] == entry.text.replace("小李", "小\u200b李")


def test_only_a_quoted_chain_orders_nothing_and_says_so():
    chain = parse_chain("「小王：#接龙\n蛋\n\n1. 小王 1斤」\n- - - - - - - -\n好", EGGS)
    assert chain.entries == ()
    assert Flag.ONLY_QUOTED in chain.flags


def test_text_without_numbers_says_so():
    assert Flag.NO_ENTRIES in parse_chain("#接龙\n蛋\n\n1 老王 3斤\n2 老陈 1斤", EGGS).flags


def test_an_order_below_the_chain_is_pointed_out():
    assert Flag.POSSIBLE_ENTRY in parse_chain("#接龙\n蛋\n\n1. 老王 3斤\n\n老马 2斤", EGGS).flags
    assert parse_chain("#接龙\n蛋\n\n1. 老王 3斤\n\n满10斤送货", EGGS).flags == ()


def test_somebody_overwritten_by_the_newest_copy_is_pointed_out():
    first = "#接龙\n蛋\n\n1. 老王 3斤\n2. 老陈 1斤\n\n"
    second = "#接龙\n蛋\n\n1. 老王 3斤\n2. 小李 2斤\n"
    chain = parse_chain(first + second, EGGS)
    assert [entry.nickname for entry in chain.entries] == ["老王", "小李"]
    assert chain.flags == (Flag.ENTRY_MISSING,)
    assert chain.earlier_snapshots == 1


def test_slots_of_the_shop_decide():
    slots = (Slot("evening", time(17), time(19)),)
    text = "#接龙\n蛋\n\n1. 老王 3斤 17:30拿\n2. 小李 1斤 20:00拿\n3. 老陈 1斤 早上拿"
    found = [entry.pickup_slot for entry in parse_chain(text, EGGS, slots).entries]
    assert found == ["evening", None, None]


def test_phones_are_collected():
    (entry,) = parse_chain("#接龙\n\n1. 小李 2斤 138 0013 8000", EGGS).entries
    assert entry.phones == ("13800138000",)
    assert entry.unmatched == ()


def test_an_empty_catalogue_and_an_empty_text_are_fine():
    assert parse_chain("", ()).entries == ()
    (entry,) = parse_chain("#接龙\n\n1. 小李 鸡蛋2斤", ()).entries
    assert [doubt.text for doubt in entry.unmatched] == ["鸡蛋2斤"]
