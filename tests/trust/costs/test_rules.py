"""Cost lines add up to the price, whatever they are; fingerprints find every alteration."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.trust.costs.rules import (
    HIGHEST_RATE,
    Cost,
    Line,
    Part,
    Sheet,
    body_of,
    check_intact,
    check_published_text,
    checked_cost,
    digest,
    fingerprint_of,
    lines_of,
    loss_of,
    remarks_on,
    short_fingerprint,
    text_of,
)

MOMENT = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
fen = st.integers(0, 10_000_000)


def line(**amounts: int) -> Line:
    values = {
        "price": 480, "purchase": 420, "loss": 10, "packaging": 20, "delivery": 10, "other": 0,
    } | amounts  # fmt: skip
    money = {name: Money(value) for name, value in values.items()}
    return Line(product_id=1, name="土鸡蛋", unit="斤", grams=500, pieces=None, **money)


def sheet(number: int, previous: str, *lines: Line) -> Sheet:
    blank = Sheet(
        number=number,
        title="周五团",
        day=date(2026, 9, 25),
        data_as_of=MOMENT,
        lines=lines or (line(),),
        corrects=None,
        correction="",
        previous=previous,
        fingerprint="",
    )
    return replace(blank, fingerprint=fingerprint_of(text_of(blank)))


@given(st.builds(line, price=fen, purchase=fen, loss=fen, packaging=fen, delivery=fen, other=fen))
def test_the_parts_always_add_up_to_the_price(some: Line) -> None:
    assert sum(amount.fen for _part, amount in some.parts) == some.price.fen
    assert some.is_given == (some.kept < Money(0))
    assert lines_of(body_of([some])) == (some,)


@given(purchase=fen, rate=st.integers(0, HIGHEST_RATE))
def test_a_loss_rate_makes_the_sold_goods_carry_what_was_lost(purchase: int, rate: int) -> None:
    loss = loss_of(Money(purchase), Cost(rate=rate))
    raised = purchase + loss.fen
    assert abs(raised * (10_000 - rate) - purchase * 10_000) <= 5_000 + 10_000 // 2
    assert loss.fen >= 0


@pytest.mark.parametrize(
    ("purchase", "cost", "expected"),
    [
        (500, Cost(rate=240), 12),  # 5.00 / 0.976 = 5.1229…
        (500, Cost(rate=0), 0),
        (500, Cost(rate=5000), 500),
        (1, Cost(rate=3333), 0),
        (1, Cost(rate=3334), 1),  # 1 / 0.6666 = 1.50015, half-up
        (500, Cost(Money(7)), 7),
        (0, Cost(rate=9000), 0),
    ],
)
def test_loss_by_rate_and_by_amount(purchase: int, cost: Cost, expected: int) -> None:
    assert loss_of(Money(purchase), cost) == Money(expected)


@pytest.mark.parametrize(
    ("part", "cost", "says"),
    [
        (Part.LOSS, Cost(), "either"),
        (Part.LOSS, Cost(Money(1), 1), "either"),
        (Part.PACKAGING, Cost(rate=100), "Only loss"),
        (Part.LOSS, Cost(rate=9001), "between 0 and 90"),
        (Part.LOSS, Cost(rate=-1), "between 0 and 90"),
        (Part.OTHER, Cost(Money(-1)), "negative"),
        (Part.OTHER, Cost(Money(10**12 + 1)), "negative"),
    ],
)
def test_impossible_costs_are_refused(part: Part, cost: Cost, says: str) -> None:
    with pytest.raises(Refused, match=says):
        checked_cost(part, cost)


def test_parts_leave_out_what_is_zero_but_never_purchase_and_rest() -> None:
    bare = line(price=100, purchase=100, loss=0, packaging=0, delivery=0, other=0)
    assert [part for part, _amount in bare.parts] == [Part.PURCHASE, Part.KEPT]


@pytest.mark.parametrize(
    ("some", "per_jin", "per_piece"),
    [
        (line(), 480, None),
        (replace(line(price=2880), grams=None, pieces=30), None, 96),
        (replace(line(price=1990), grams=1500, pieces=1), 663, None),
        (replace(line(price=555), grams=250), 1110, None),
        (replace(line(), grams=None), None, None),
    ],
)
def test_price_of_500_g_and_of_a_piece(
    some: Line, per_jin: int | None, per_piece: int | None
) -> None:
    assert (some.per_jin.fen if some.per_jin else None) == per_jin
    assert (some.per_piece.fen if some.per_piece else None) == per_piece


@pytest.mark.parametrize(
    ("some", "says"),
    [
        (line(price=0), ["no price"]),
        (line(price=459), ["below cost"]),
        (line(price=460), []),
        (line(price=920), []),
        (line(price=921), ["more than half"]),
        (line(purchase=0), ["more than half", "of zero"]),
        (line(loss=140), ["below cost"]),
        (line(price=700, loss=141), ["third"]),
    ],
)
def test_remarks_before_publishing(some: Line, says: list[str]) -> None:
    found = [remark.sentence for remark in remarks_on(some)]
    assert len(found) == len(says)
    for word, sentence in zip(says, found, strict=True):
        assert word in sentence


@pytest.mark.parametrize(
    "text",
    ["找 13812345678", "138 1234 5678", "电话:138-1234-5678。", "１３８１２３４５６７８",
     "138—1234—5678", "+8613812345678", "86 13812345678", "0086-138.1234.5678",
     "0571-88123456", "(021) 64321234"],
)  # fmt: skip
def test_phone_numbers_are_not_published(text: str) -> None:
    with pytest.raises(Refused, match="phone number"):
        check_published_text(text)


@pytest.mark.parametrize(
    "text", ["9月25日 周五团", "约500g/份", "202609251381234567890", "2026-09-25 100 份"]
)
def test_other_numbers_are(text: str) -> None:
    check_published_text(text)


def test_the_short_fingerprint_is_readable() -> None:
    assert short_fingerprint("3f2a91bc" + "0" * 56) == "3f2a 91bc"


def test_a_body_that_does_not_add_up_is_no_body() -> None:
    body = body_of([line()])
    body["lines"][0]["kept"] += 1
    with pytest.raises(ValueError, match="add up"):
        lines_of(body)
    for wrong in ({}, {"lines": [{}]}, {"lines": [None]}, {"lines": None}):
        with pytest.raises(ValueError, match="body of a sheet"):
            lines_of(wrong)


def test_an_altered_sheet_is_not_shown() -> None:
    whole = sheet(1, "")
    body = body_of(whole.lines)
    assert check_intact(whole, body) is whole
    with pytest.raises(Refused, match="altered"):
        check_intact(replace(whole, lines=(line(price=481),)), body_of([line(price=481)]))
    with pytest.raises(Refused, match="altered"):
        check_intact(whole, body | {"note": "x"})


def test_the_digest_changes_with_every_figure() -> None:
    assert digest([line()]) == digest([line()])
    assert digest([line()]) != digest([line(other=1)])
    assert digest([line()]) != digest([replace(line(), name="鸡蛋")])
