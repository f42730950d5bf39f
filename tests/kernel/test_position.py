"""Distances without a map service, and positions as people copy them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.position import Position

HANGZHOU = Position.parse("30.27415, 120.15515")


@pytest.mark.parametrize(
    "text",
    [
        "30.27415, 120.15515",
        "30.27415 120.15515",
        "（30.27415，120.15515）",
        "120.15515,30.27415",
        "３０.２７４１５，１２０.１５５１５",
    ],
)
def test_positions_as_people_copy_them(text: str) -> None:
    assert Position.parse(text) == HANGZHOU


@pytest.mark.parametrize("text", ["", "杭州", "30.27415", "1,2,3", "91, 181", "200, 95"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        Position.parse(text)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ("30.27415, 120.15515", "30.27415, 120.15515", 0),
        ("0, 0", "0, 1", 111_195),
        ("0, 0", "1, 0", 111_195),
        ("0, 179.5", "0, -179.5", 111_195),
        ("90, 0", "-90, 0", 20_015_115),
    ],
)
def test_great_circle_distances(one: str, other: str, metres: int) -> None:
    """One degree of a great circle is 111,195 m on a sphere of the mean radius."""
    assert abs(Position.parse(one).metres_to(Position.parse(other)) - metres) <= 1


PLACES = st.builds(
    Position, st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)
)


@given(one=PLACES, other=PLACES)
def test_the_way_back_is_as_long(one: Position, other: Position) -> None:
    assert abs(one.metres_to(other) - other.metres_to(one)) <= 1
    assert Position.parse(one.said) == one
