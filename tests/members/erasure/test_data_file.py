"""A resident's data as a file: complete, readable, nobody else's, no purchase cost (PIPL 45)."""

import io
import json
import zipfile
from typing import Any

import pytest

from lib.kernel.errors import NotFound, Refused
from lib.members.erasure.data_file.queries import FILE_NAME, data_file
from lib.members.erasure.data_file.rules import SECTIONS
from lib.members.erasure.places import DELETED_ROWS, PLACES, Way
from lib.shop.shop import Shop
from tests.members.erasure.cast import NEIGHBOUR, Lived, live
from tests.members.erasure.planted import ALIAS, NICKNAME, PHONE, WORDS, put_everywhere


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """The JSON, and every CSV by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tables = {
            name: archive.read(name).decode("utf-8-sig")
            for name in archive.namelist()
            if name.endswith(".csv")
        }
        return json.loads(archive.read("data.json")), tables


@pytest.fixture
def lived(shop: Shop) -> Lived:
    return live(shop)


def test_all_of_hers_stands_in_it_and_nothing_of_others(lived: Lived) -> None:
    content = data_file(lived.shop, lived.member)
    body, tables = unpacked(content)
    said = json.dumps(body, ensure_ascii=False)
    told = [f"{WORDS}{each}" for each in ("轻放", "鸡蛋坏了", "想要草莓", "笋", "敲两下")]
    for word in (NICKNAME, ALIAS, PHONE, "1903", "土鸡蛋", "9.60", "微信转账", *told):
        assert word in said, word
    for other in (NEIGHBOUR, "5-402", "芳姐", "藕", "老豆腐", "4.50"):
        assert other not in said, other
        assert not any(other in table for table in tables.values()), other
    assert "会员档案" in body and "订单" in body
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("photo-01.jpg") == b"rotten eggs"
        assert not any(NICKNAME in name for name in archive.namelist())
    assert NICKNAME not in FILE_NAME


def test_a_spreadsheet_runs_nothing_of_it(shop: Shop) -> None:
    from lib.members.profiles.commands import add_member

    member = add_member(shop, "=1+1", note="@SUM(A1)")
    _body, tables = unpacked(data_file(shop, member))
    assert "'=1+1" in tables["01-member.csv"] and "'@SUM(A1)" in tables["01-member.csv"]


def test_tables_say_yes_and_no_and_order_numbers_as_they_are(lived: Lived) -> None:
    """Numbers with gaps among them do not turn into 7.0, and no word of the program is left."""
    _body, tables = unpacked(data_file(lived.shop, lived.member))
    every = "\n".join(tables.values())
    assert "True" not in every and "False" not in every and ",否," in every
    assert ".0\r" not in every and ".0," not in every
    assert "9.60" in every and ",付款,1" in every


def test_staff_and_an_anonymous_file_give_nothing(lived: Lived, staff_shop: Shop) -> None:
    with pytest.raises(Refused):
        data_file(staff_shop, lived.member)
    lived.erase()
    with pytest.raises(NotFound, match="anonymous"):
        data_file(lived.shop, lived.member)


def test_every_place_that_is_theirs_stands_in_the_file(shop: Shop) -> None:
    """What an erasure empties or deletes is what the resident may have a copy of."""
    left_out = {
        "case_link": "a hash", "not_same_member": "names another", "member_merge": "names another",
        "packaging_entry": "bags of the shop", "stock_movement": "the shop's stock",
    }  # fmt: skip
    own = {
        name for name, place in PLACES.items()
        if any(way & (Way.EMPTIED | Way.DELETED) for way in place.ways().values())
    } | set(DELETED_ROWS)  # fmt: skip
    assert own - set(SECTIONS) == set(left_out) - {"member_merge"}
    planted = put_everywhere(shop)
    body, _tables = unpacked(data_file(shop, planted.member))
    assert len(body) > 20 and "SECRET_product_cost" not in json.dumps(body)
