"""What changed between two pastes, and the keys that survive shifted numbers."""

from decimal import Decimal

from lib.trade.orders.chain import (
    catalogue_from_dicts,
    chain_identity,
    compare_chains,
    entry_keys,
    parse_chain,
)
from tests.trade.orders.chain.shelves import SHELVES

MARKET = catalogue_from_dicts(SHELVES["market"])


def parsed(*lines, title="周三团"):
    return parse_chain("\n".join(["#接龙", title, "", *lines]), MARKET)


def difference(old, new):
    return compare_chains(parsed(*old).entries, parsed(*new).entries)


def test_the_same_paste_changes_nothing():
    lines = ["1. 小李 鸡蛋2斤", "2. 老王 白菜1份 晚上拿"]
    assert difference(lines, lines).is_empty


def test_spacing_and_numbers_are_no_change():
    assert difference(
        ["1. 小李 鸡蛋2斤", "2. 老王 白菜1份"], ["2.小李  鸡蛋 2斤", "4、老王 白菜1份"]
    ).is_empty


def test_a_changed_quantity_is_named_exactly():
    found = difference(["1. 小李 鸡蛋2斤 白菜1份"], ["1. 小李 鸡蛋3斤 豆腐1盒"])
    (change,) = found.changed
    assert change.fields == ("items",)
    assert set(change.items) == {
        ("土鸡蛋", Decimal(2), Decimal(3)),
        ("小白菜", Decimal(1), Decimal(0)),
        ("老豆腐", Decimal(0), Decimal(1)),
    }


def test_a_deleted_entry_does_not_shift_the_others():
    old = ["1. 小李 鸡蛋2斤", "2. 老王 白菜1份", "3. 老陈 豆腐1盒"]
    found = difference(old, ["1. 小李 鸡蛋2斤", "2. 老陈 豆腐1盒", "3. 阿芳 鸡蛋1斤"])
    assert [e.nickname for e in found.removed] == ["老王"]
    assert [e.nickname for e in found.added] == ["阿芳"]
    assert found.changed == ()


def test_a_second_order_of_the_same_nickname_is_added():
    found = difference(["1. 小李 鸡蛋2斤"], ["1. 小李 鸡蛋2斤", "2. 小李 白菜1份"])
    assert len(found.added) == 1
    assert not found.changed


def test_a_cancellation_is_a_change_to_nothing():
    (change,) = difference(["1. 小李 鸡蛋2斤"], ["1. 小李 鸡蛋2斤（取消）"]).changed
    assert change.fields == ("status", "items")
    assert change.items == (("土鸡蛋", Decimal(2), Decimal(0)),)


def test_a_renamed_resident_of_the_same_flat_is_the_same():
    (change,) = difference(["1. 3-201 小李 鸡蛋2斤"], ["1. 3-201 李姐 鸡蛋2斤"]).changed
    assert change.fields == ("nickname",)


def test_pickup_and_note_are_compared():
    (change,) = difference(["1. 小李 鸡蛋2斤"], ["1. 小李 鸡蛋2斤 晚上拿 不要破的"]).changed
    assert change.fields == ("pickup_slot", "note")


def test_the_identity_is_header_and_title():
    assert chain_identity(parsed("1. 小李 鸡蛋2斤")) == chain_identity(parsed("1. 老王 鸡蛋1斤"))
    assert chain_identity(parsed(title="周三团")) != chain_identity(parsed(title="周四团"))


def test_entry_keys_survive_new_numbers_and_tell_repeats_apart():
    first = entry_keys(parsed("1. 小李 鸡蛋2斤", "2. 老王 白菜1份", "3. 小李 豆腐1盒").entries)
    later = entry_keys(parsed("4. 老王 白菜1份", "7. 小李 鸡蛋2斤", "8. 小李 豆腐1盒").entries)
    assert len(set(first)) == 3
    assert set(first) == set(later)
