"""What a week comes to: lines, claims, which week bears what (R2)."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.language import translator
from lib.supply.statements import rules
from lib.supply.statements.rules import Body, ClaimDetails, ClaimLine, Line, State
from lib.supply.statements.texts import merged, supplier_text

MONDAY = date(2026, 9, 14)
JIN = Unit.named("斤")


def line(number: int = 1, accepted: int = 5000, price: int | None = 400, **values: object) -> Line:
    """Ten jin of eggs at 4.00 unless told otherwise."""
    plain = {"rejected": 0, "arrived_on": MONDAY, "unit": JIN, "product": "土鸡蛋", **values}
    money = None if price is None else Money(price)
    return Line(
        batch_id=number,
        code=f"B{number:04}",
        accepted=accepted,
        price=money,
        **plain,  # type: ignore[arg-type]
    )


def claim(number: int = 1, fen: int = 800, **values: object) -> ClaimLine:
    """An accepted claim of 8.00."""
    return ClaimLine(number, Money(fen), MONDAY, "3-501 的李阿姨说坏了", **values)  # type: ignore[arg-type]


def test_a_week_runs_monday_to_sunday() -> None:
    assert rules.week_of(MONDAY) == (MONDAY, date(2026, 9, 20))


def test_a_line_is_rounded_half_up() -> None:
    assert line(accepted=250, price=555).amount == Money(278)
    assert line(accepted=0, price=400, rejected=900).amount == Money(0)
    assert line(price=None).amount is None
    assert line(accepted=0, price=None, rejected=9).amount == Money(0)


def test_received_less_claims_is_payable() -> None:
    body = Body((line(), line(2, 250, 555)), (claim(),))
    assert (body.received, body.claimed, body.payable) == (Money(4278), Money(800), Money(3478))
    assert Body((), (claim(),)).payable == Money(-800)


lines = st.builds(
    line,
    st.integers(1, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    rejected=st.integers(0, 10**6),
    unit=st.sampled_from([JIN, Unit.named("个"), Unit.named("公斤")]),
)
claims = st.builds(claim, st.integers(1, 10**6), st.integers(1, 10**7))
bodies = st.builds(
    Body, st.lists(lines, max_size=9).map(tuple), st.lists(claims, max_size=4).map(tuple)
)


@given(bodies)
def test_the_lines_add_up_to_what_is_payable_to_the_fen(body: Body) -> None:
    amounts = [each.amount.fen for each in body.lines if each.amount is not None]
    assert body.payable.fen == sum(amounts) - sum(each.amount.fen for each in body.claims)


@given(bodies)
def test_a_closed_body_is_read_back_as_it_was(body: Body) -> None:
    stored = json.loads(json.dumps(rules.body_to_json(body)))
    assert rules.body_from_json(stored) == body
    assert rules.ids_in(stored)[0] == {each.batch_id for each in body.lines}


def test_an_altered_body_is_noticed() -> None:
    stored = rules.body_to_json(Body((line(),), (claim(),)))
    stored["lines"][0]["price"] = 390
    with pytest.raises(ValueError, match="does not come to"):
        rules.body_from_json(stored)
    with pytest.raises(ValueError, match="not the body"):
        rules.body_from_json({"lines": [{}], "claims": []})


def test_what_came_too_late_goes_to_the_next_open_week() -> None:
    week = timedelta(days=7)
    day = MONDAY + timedelta(days=2)
    assert rules.booked_week(5, day, {}) == MONDAY
    assert rules.booked_week(5, day, {MONDAY: {5, 6}}) == MONDAY
    assert rules.booked_week(5, day, {MONDAY: {6}}) == MONDAY + week
    assert rules.booked_week(5, day, {MONDAY: {6}, MONDAY + week: {5}}) == MONDAY + week
    assert rules.booked_week(5, day, {MONDAY: {6}, MONDAY + week: {7}}) == MONDAY + 2 * week


@pytest.mark.parametrize(
    ("today", "body", "closed", "settled", "state"),
    [
        (MONDAY, Body((line(),)), False, False, State.RUNNING),
        (date(2026, 9, 20), Body((line(),)), False, False, State.RUNNING),
        (date(2026, 9, 21), Body((line(),)), False, False, State.TO_CLOSE),
        (date(2026, 9, 21), Body(), False, False, State.NOTHING),
        (date(2026, 9, 21), Body((line(),)), True, False, State.TO_PAY),
        (date(2026, 9, 21), Body((), (claim(),)), True, False, State.TO_PAY),
        (date(2026, 9, 21), Body((line(),), (claim(fen=4000),)), True, False, State.NOTHING),
        (date(2026, 9, 21), Body((line(),)), True, True, State.SETTLED),
    ],
)
def test_where_a_statement_stands(
    today: date, body: Body, closed: bool, settled: bool, state: State
) -> None:
    assert rules.state_of(MONDAY, today, body, closed=closed, settled=settled) is state


def test_a_week_is_closed_when_over_and_priced() -> None:
    rules.check_may_close(MONDAY, date(2026, 9, 21), Body((line(),)))
    with pytest.raises(Refused, match="runs until Sunday"):
        rules.check_may_close(MONDAY, date(2026, 9, 20), Body((line(),)))
    with pytest.raises(Refused, match="土鸡蛋 has no price"):
        rules.check_may_close(MONDAY, date(2026, 9, 21), Body((line(price=None),)))


@pytest.mark.parametrize(
    ("details", "came"),
    [
        (ClaimDetails(Money(0), "坏了"), None),
        (ClaimDetails(Money(-5), "坏了"), None),
        (ClaimDetails(Money(5), "  "), None),
        (ClaimDetails(Money(5), "坏了", 0), None),
        (ClaimDetails(Money(5), "坏了", 1001), 1000),
    ],
)
def test_claims_that_cannot_be(details: ClaimDetails, came: int | None) -> None:
    with pytest.raises(Refused):
        rules.checked_claim(details, came)


def test_the_text_for_the_supplier_adds_up_and_names_no_resident() -> None:
    body = Body(
        (line(rejected=1000), line(2, 0, 400, rejected=500), line(3, 250, 555, late=True)),
        (claim(code="B0001", product="土鸡蛋", unit=JIN, quantity=1000),),
    )
    text = supplier_text("邻里小店", "青禾合作社", MONDAY, body, translator("zh_CN"))
    assert text.splitlines() == [
        "【周结对账】青禾合作社 9-14 至 9-20",
        "9-14 土鸡蛋 10斤 × 4.00 = 40.00 （拒收 3斤）",
        "9-14 土鸡蛋 0.5斤 × 5.55 = 2.78 （补录）",
        "9-14 索赔 土鸡蛋 2斤 −8.00",
        "货款 42.78 − 索赔 8.00 = 应付 34.78 元",
        "请核对。邻里小店",
    ]
    assert "李阿姨" not in text


def test_the_text_adds_up_the_same_goods_of_a_day_at_one_price() -> None:
    body = Body(
        (
            line(1, 333, 550),
            line(2, 333, 550),
            line(3, 100, 560),
            line(4, 100, None),
            line(5, 333, 550, arrived_on=date(2026, 9, 15)),
        )
    )
    rows = merged(body.lines)
    assert [row.accepted for row in rows] == [666, 100, 100, 333]
    assert rows[2].amount is None
    assert total(row.amount for row in rows if row.amount is not None) == body.received


def test_the_text_says_a_week_without_deliveries_and_what_is_owed() -> None:
    say = translator("en")
    assert "No deliveries this week." in supplier_text("", "S", MONDAY, Body(), say)
    owed = supplier_text("", "S", MONDAY, Body((), (claim(),)), say)
    assert owed.endswith("Goods 0.00 − claims 8.00: you owe us 8.00 yuan")
    assert "price not known" in supplier_text("", "S", MONDAY, Body((line(price=None),)), say)
