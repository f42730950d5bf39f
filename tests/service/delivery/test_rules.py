"""What lies inside, which floor a room is on, how one walks, what becomes of an order (R23)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.members.profiles.rules import Home
from lib.service.delivery.rules import (
    Choice,
    Place,
    Verdict,
    checked_note,
    floor_of,
    place_of,
    verdict,
    walking_key,
)
from lib.shop.settings.homes import read_homes

ONE_ESTATE = read_homes("1-20\nA,B")
TWO_AREAS = read_homes("8弄 1-16\n东区 3,5,7-9\n二期\n40")


@pytest.mark.parametrize(
    ("home", "place"),
    [
        (Home.of(building="1", room="201"), Place.INSIDE),
        (Home.of(building="20号楼"), Place.INSIDE),
        (Home.of(building="021"), Place.OUTSIDE),
        (Home.of(building="03"), Place.INSIDE),
        (Home.of(building="b"), Place.INSIDE),
        (Home.of(building="C"), Place.OUTSIDE),
        (Home.of("西区", "3"), Place.INSIDE),
        (Home.of(room="201"), Place.UNKNOWN),
        (Home(), Place.UNKNOWN),
    ],
)
def test_one_estate(home: Home, place: Place) -> None:
    assert place_of(home, ONE_ESTATE) is place


@pytest.mark.parametrize(
    ("home", "place"),
    [
        (Home.of("8弄", "16"), Place.INSIDE),
        (Home.of("8", "16号"), Place.INSIDE),
        (Home.of("8弄", "17"), Place.OUTSIDE),
        (Home.of("东区", "5"), Place.INSIDE),
        (Home.of("东", "6"), Place.OUTSIDE),
        (Home.of("二期", "99"), Place.INSIDE),
        (Home.of("西区", "3"), Place.OUTSIDE),
        (Home.of("西区", "40"), Place.OUTSIDE),
        (Home.of(building="40"), Place.INSIDE),
        (Home.of("东区"), Place.UNKNOWN),
    ],
)
def test_areas(home: Home, place: Place) -> None:
    assert place_of(home, TWO_AREAS) is place


def test_without_the_setting_every_building_is_inside() -> None:
    assert place_of(Home.of("远处", "99"), ()) is Place.INSIDE
    assert place_of(Home(), ()) is Place.UNKNOWN


@pytest.mark.parametrize(
    ("room", "floor"),
    [
        ("1203", 12), ("302", 3), ("0801", 8), ("101", 1), ("2905", 29), ("1203A", 12),
        ("１２０３", 12), ("12", None), ("7", None), ("B102", None), ("", None), (None, None),
        ("10203", None), ("0001", None), ("东", None),
    ],
)  # fmt: skip
def test_the_floor_of_a_room(room: str | None, floor: int | None) -> None:
    assert floor_of(room) == floor


def test_one_walks_by_building_unit_and_floor() -> None:
    walk = [
        Home(None, "3", "1", "101"),
        Home(None, "3", "1", "0302"),
        Home(None, "3", "1", "1203"),
        Home(None, "3", "1", "门卫"),
        Home(None, "3", "2", "201"),
        Home(None, "12", None, "101"),
        Home(None, "A", None, "101"),
        Home("东", "1", None, "101"),
        Home(),
    ]
    mixed = walk[::2] + walk[1::2]
    assert sorted(mixed, key=walking_key) == walk


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.text(max_size=4))] * 4), max_size=8))
@settings(max_examples=60)
def test_any_homes_can_be_walked(parts: list[tuple[str | None, ...]]) -> None:
    homes = [Home(*one) for one in parts]
    there = sorted(homes, key=walking_key)
    assert [walking_key(one) for one in there] == sorted(map(walking_key, homes))


@pytest.mark.parametrize(
    ("place", "choice", "has_need", "becomes"),
    [
        (Place.INSIDE, None, True, Verdict.BRING),
        (Place.INSIDE, None, False, Verdict.DECIDE),
        (Place.INSIDE, Choice.BRING, False, Verdict.BRING),
        (Place.INSIDE, Choice.COLLECT, False, Verdict.DECIDE),
        (Place.OUTSIDE, Choice.BRING, True, Verdict.OUTSIDE),
        (Place.UNKNOWN, Choice.BRING, True, Verdict.ASK_HOME),
    ],
)
def test_what_becomes_of_an_order(
    place: Place, choice: Choice | None, has_need: bool, becomes: Verdict
) -> None:
    assert verdict(place, choice, has_need=has_need) is becomes


def test_a_note_of_a_handing_over_tells_no_reason() -> None:
    assert checked_note("  给 502 ") == "给 502"
    with pytest.raises(Refused, match="never why"):
        checked_note("孕妇的先生拿了")
