"""Codes that are read right, and coupons that hold or do not (R37)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.members.coupons import rules
from lib.members.coupons.rules import Coupon, State

DAY = date(2026, 12, 24)
COUPON = Coupon(
    1, 1, 1, "CDFG4679", Money(1000), Money(3000), DAY, datetime(2026, 9, 25, tzinfo=UTC),
    None, False, 1,
)  # fmt: skip


def test_a_code_has_no_sign_that_is_taken_for_another_and_says_nothing_of_anybody() -> None:
    assert not set("0O1ILB8S5Z2UV") & set(rules.ALPHABET)
    codes = {rules.new_code() for _each in range(200)}
    assert len(codes) == 200
    assert all(len(one) == 8 and set(one) <= set(rules.ALPHABET) for one in codes)


@given(st.text(rules.ALPHABET, min_size=8, max_size=8), st.sampled_from([" ", "-", "", "  "]))
def test_however_it_is_typed_it_is_read(code: str, between: str) -> None:
    assert rules.read_code(f" {code[:4].lower()}{between}{code[4:]}\n") == code
    wide = code.translate({number: number + 0xFEE0 for number in range(33, 127)})
    assert rules.read_code(wide) == code


@pytest.mark.parametrize("text", ["", "  ", "CDFG467", "CDFG46799", "OOOO0000", "券码在这里呀呀呀"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        rules.read_code(text)


@pytest.mark.parametrize(
    ("coupon", "today", "state"),
    [
        (COUPON, DAY, State.OPEN),
        (COUPON, date(2026, 12, 25), State.EXPIRED),
        (replace(COUPON, order_id=3), date(2026, 12, 25), State.USED),
        (replace(COUPON, void=True), DAY, State.VOID),
    ],
)
def test_how_a_coupon_stands(coupon: Coupon, today: date, state: State) -> None:
    assert coupon.state(today) is state


@pytest.mark.parametrize(
    ("coupon", "goods", "room", "sentence"),
    [
        (COUPON, 3000, 3000, None),
        (COUPON, 2999, 2999, "holds from"),
        (COUPON, 3000, 1, None),
        (COUPON, 3000, 0, "Nothing is left"),
        (replace(COUPON, threshold=Money(0)), 1, 1, None),
        (replace(COUPON, order_id=9), 9000, 9000, "used before"),
        (replace(COUPON, void=True), 9000, 9000, "taken back"),
        (replace(COUPON, valid_until=date(2026, 12, 23)), 9000, 9000, "ran out"),
    ],
)
def test_whether_it_may_be_used(
    coupon: Coupon, goods: int, room: int, sentence: str | None
) -> None:
    if sentence is None:
        rules.check_use(coupon, DAY, Money(goods), Money(room))
        return
    with pytest.raises(Refused, match=sentence):
        rules.check_use(coupon, DAY, Money(goods), Money(room))


@given(room=st.integers(-500, 20_000))
def test_it_takes_off_what_is_due_and_never_more_than_its_value(room: int) -> None:
    off = rules.taken_off(COUPON, Money(room))
    assert Money(0) <= off <= COUPON.value
    assert off == COUPON.value or off.fen == max(room, 0)
