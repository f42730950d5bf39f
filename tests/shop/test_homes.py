"""The buildings of the community, as an owner types them (R23)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.shop.settings import checked
from lib.shop.settings.homes import Buildings, read_homes


@pytest.mark.parametrize(
    ("line", "area", "buildings"),
    [
        ("1-3", None, "1 2 3"),
        ("3", None, "3"),
        ("3,5,7-9", None, "3 5 7 8 9"),
        ("3、5， 7 － 9", None, "3 5 7 8 9"),
        ("1至3号楼", None, "1 2 3"),
        ("1号楼、2栋", None, "1 2"),
        ("01-03", None, "1 2 3"),
        ("A-C", None, "A B C"),
        ("a，b2 12c", None, "A B2 12C"),
        ("8弄 1-3", "8弄", "1 2 3"),
        ("8弄1-3", "8弄", "1 2 3"),
        ("8弄", "8弄", ""),
        ("东区 3,5", "东区", "3 5"),
        ("东区3、5", "东区", "3 5"),
        ("A区 1", "A区", "1"),
        ("二期 1-2", "二期", "1 2"),
        ("阳光花园 1-2", "阳光花园", "1 2"),
        ("翠苑 1-2", "翠苑", "1 2"),
        ("西门 4", "西门", "4"),
    ],
)
def test_a_line(line: str, area: str | None, buildings: str) -> None:
    assert read_homes(line) == (Buildings(area, frozenset(buildings.split())),)


@pytest.mark.parametrize(
    "line", ["abc", "9-1", "1-2-3", "A-3", "1-99999", "3栋！", "东门", "-", "。"]
)
def test_a_wrong_line_is_named(line: str) -> None:
    with pytest.raises(Refused, match="Line 3") as error:
        checked("delivery_homes", f"1-20\n\n{line}")
    assert error.value.values["text"] == line


def test_several_lines_and_none() -> None:
    assert read_homes("") == read_homes(" \n\n") == ()
    assert [one.area for one in read_homes("1-20\n8弄 1\n\n西区 2")] == [None, "8弄", "西区"]


@given(st.text(max_size=60))
@settings(max_examples=80)
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        found = read_homes(text)
    except Refused:
        return
    assert all(one.area or one.buildings for one in found)
