"""What is typed into the forms of supply is read or refused with a sentence (reliability D7)."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.quantity import Unit
from lib.supply.past import values
from lib.supply.stock.rules import typed_amount
from lib.supply.suppliers.rules import typed_distance, typed_position, typed_quantity
from lib.trade.products.rules import typed_price
from lib.ui import quantities

MOST = 2**63
"""What a column of the database does not hold any more."""
JIN, BOX = Unit.named("斤"), Unit.named("盒")
NUMBERISH = st.text(
    "0123456789０９一二半.,，。-+−eE%¥￥元斤盒kg公里°北纬东经NE'\" \t\n٣½∞", max_size=24
)
TYPED = st.one_of(
    NUMBERISH,
    st.text(max_size=40),
    st.floats().map(str),
    st.integers().map(str),
    st.dates().map(str),
    st.tuples(st.floats(), st.floats()).map(lambda pair: f"{pair[0]}, {pair[1]}"),
)
COUNTS = st.one_of(st.none(), st.floats(), st.integers(-3, 10**9).map(float))

READERS: dict[str, Callable[[str], object]] = {
    "price": typed_price,
    "distance": typed_distance,
    "position": typed_position,
    "weight": lambda text: typed_quantity(text, JIN, {"箱": 12_000}),
    "pieces": lambda text: typed_quantity(text, BOX, {"箱": 12}),
}
CELLS: dict[str, Callable[[str], object]] = {
    "day": values.day_of,
    "number": values.number,
    "quantity": lambda text: values.quantity(text, "斤"),
    "price": values.price,
}


@pytest.mark.parametrize("name", READERS)
@given(text=TYPED)
@example(text="1e999999999")
@example(text="9" * 400)
@example(text="NaN")
@example(text="\ud800")
@settings(max_examples=60)
def test_a_text_is_read_or_refused(name: str, text: str) -> None:
    try:
        READERS[name](text)
    except Refused as error:
        assert error.sentence.format(**error.values)


@pytest.mark.parametrize("name", CELLS)
@given(text=TYPED)
@example(text="1e999999999")
@example(text="9" * 400)
@settings(max_examples=60)
def test_a_cell_of_past_figures_is_read_or_no_figure(name: str, text: str) -> None:
    try:
        found = CELLS[name](text)
    except ValueError:
        return
    assert found is None or isinstance(found, int | date)


@given(count=COUNTS, unit=st.sampled_from([JIN, BOX]))
@example(count=float("inf"), unit=JIN)
@example(count=1e308, unit=JIN)
@example(count=1e308, unit=BOX)
@settings(max_examples=150)
def test_a_count_is_read_or_refused(count: float | None, unit: Unit) -> None:
    assert 0 <= quantities.lenient(unit, count) < MOST
    try:
        assert 0 <= quantities.typed(unit, count, "土鸡蛋") < MOST
    except Refused as error:
        assert error.sentence.format(**error.values)
    try:
        amount = typed_amount(count, unit)
    except Refused as error:
        assert error.sentence.format(**error.values)
    else:
        assert amount is None or 0 <= amount < MOST
