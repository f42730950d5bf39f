""" "n bad of m" on a screen: what is wrong by one touch, how much of it by another (R28)."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lib.service.after_sales.counting import Goods, ways_to_count, whole_of
from lib.service.after_sales.rules import (
    DEFECT_NAMES,
    CountedIn,
    Defect,
)
from lib.ui import after_sales
from lib.ui.forms import Form
from lib.ui.words import _, plain

UNCOUNTED = frozenset({Defect.SERVICE})
"""Of what is no goods nothing is counted."""
_OTHER = 0
"""The choice of a number that is not offered."""
_MOST_PILLS = 6
_GRAMS = (50, 100, 250, 500, 1000)


@dataclass(frozen=True)
class Counted:
    """What was typed: all None while nothing was."""

    bad: int | None = None
    of_total: int | None = None
    counted_in: CountedIn | None = None


def defect(form: Form, default: Defect | None = None) -> Defect | None:
    """Ask what is wrong; None while nobody said."""
    names = {each: f"{after_sales.defect_icon(each)} {_(DEFECT_NAMES[each])}" for each in Defect}
    return st.pills(
        _("What is wrong"),
        list(names),
        format_func=names.__getitem__,
        default=default,
        key=form.field("defect"),
    )


def amount(form: Form, goods: Goods | None, was: Counted | None = None) -> Counted:
    """Ask how much of it is bad, counted as fits the goods; ``was`` is what stands there."""
    before = was or Counted()
    way = _way(form, goods, before)
    whole = whole_of(goods, way) if goods is not None else None
    word = after_sales.unit_word(way, goods.unit.word if goods is not None else "")
    bad = _bad(form, way, whole, word, before)
    if whole is not None:
        return Counted(bad, whole, way) if bad is not None else Counted()
    total = st.number_input(
        _("of how many ({unit})").format(unit=word),
        min_value=1,
        value=before.of_total if before.counted_in is way else None,
        step=1,
        key=form.field(f"total-{way}"),
        width=160,
    )
    if bad is None and total is None:
        return Counted()
    return Counted(bad, None if total is None else int(total), way)


def _way(form: Form, goods: Goods | None, before: Counted) -> CountedIn:
    ways = ways_to_count(goods) if goods is not None else (CountedIn.PIECES, CountedIn.UNITS)
    if before.counted_in is not None and before.counted_in not in ways:
        ways = (before.counted_in, *ways)
    if len(ways) == 1:
        return ways[0]
    unit = goods.unit.word if goods is not None else ""
    names = {way: _way_name(way, unit) for way in ways}
    chosen = st.segmented_control(
        _("Counted in"),
        list(names),
        format_func=names.__getitem__,
        default=before.counted_in or ways[0],
        required=True,
        key=form.field("way"),
        label_visibility="collapsed",
    )
    return CountedIn(chosen or ways[0])


def _way_name(way: CountedIn, unit: str) -> str:
    if way is CountedIn.UNITS:
        return _("by {unit}").format(unit=plain(unit)) if unit else _("by sale unit")
    return _("by piece") if way is CountedIn.PIECES else _("by gram")


def _bad(form: Form, way: CountedIn, whole: int | None, word: str, before: Counted) -> int | None:
    offered = _offered(way, whole)
    stands = before.bad if before.counted_in is way else None
    names = {each: _pill(way, each, whole, word) for each in offered}
    names[_OTHER] = _("another number")
    label = _("How much of it is bad")
    if whole is not None:
        label = _("How much of {total} {unit} is bad").format(total=whole, unit=word)
    chosen = st.pills(
        label,
        list(names),
        format_func=names.__getitem__,
        default=None if stands is None else stands if stands in names else _OTHER,
        key=form.field(f"bad-{way}"),
    )
    if chosen != _OTHER:
        return chosen
    typed = st.number_input(
        _("Number ({unit})").format(unit=word),
        min_value=1,
        max_value=whole,
        value=stands,
        step=10 if way is CountedIn.GRAMS else 1,
        key=form.field(f"number-{way}"),
        width=160,
    )
    return None if typed is None else int(typed)


def _offered(way: CountedIn, whole: int | None) -> Sequence[int]:
    """Return the numbers that one touch chooses."""
    if way is CountedIn.GRAMS:
        small = [grams for grams in _GRAMS if whole is None or grams < whole]
    else:
        small = [each for each in range(1, _MOST_PILLS + 1) if whole is None or each < whole]
    return [*small, whole] if whole is not None else small


def _pill(way: CountedIn, count: int, whole: int | None, word: str) -> str:
    if count == whole:
        return _("all of it")
    return f"{count} {word}" if way is CountedIn.GRAMS else str(count)
