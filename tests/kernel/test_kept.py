"""What was worked out is kept by everything it follows from, and never without a bound."""

import pytest

from lib.kernel.kept import Kept


def test_a_kept_value_is_made_once() -> None:
    kept: Kept[str, list[int]] = Kept(2)
    first = kept.get("a", lambda: [1])
    assert kept.get("a", lambda: [2]) is first


def test_the_entry_not_asked_for_longest_goes_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.get("a", lambda: 1)
    kept.get("b", lambda: 2)
    kept.get("a", lambda: 0)
    kept.get("c", lambda: 3)
    assert len(kept) == 2
    assert kept.get("a", lambda: 9) == 1
    assert kept.get("b", lambda: 9) == 9


def test_what_could_not_be_made_is_made_anew() -> None:
    kept: Kept[str, int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 1) == 1


def test_nothing_is_a_value_too() -> None:
    kept: Kept[str, int | None] = Kept(2)
    assert kept.get("a", lambda: None) is None
    assert kept.get("a", lambda: 1) is None
