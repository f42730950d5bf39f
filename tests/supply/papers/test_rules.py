"""Which papers are asked for, how long they last, what an agreement may be (R2, R9)."""

from datetime import date, timedelta

import pytest

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.supply.papers import rules
from lib.supply.papers.rules import AgreementDetails, Goods, PaperDetails, Standing
from lib.supply.suppliers.rules import Kind, PaperKind

TODAY = date(2026, 9, 25)
FRESH, PACKED, DAILY, MEAT = (
    Goods(food=True, fresh=True, meat=False),
    Goods(food=True, fresh=False, meat=False),
    Goods(food=False, fresh=False, meat=False),
    Goods(food=True, fresh=True, meat=True),
)
LICENCE, PRODUCTION, OPERATION, FILING, QUARANTINE = (
    PaperKind.BUSINESS_LICENCE,
    PaperKind.PRODUCTION_PERMIT,
    PaperKind.OPERATION_PERMIT,
    PaperKind.PREPACKAGED_FILING,
    PaperKind.QUARANTINE,
)


@pytest.mark.parametrize(
    ("kind", "goods", "asked"),
    [
        (Kind.GROWER, [FRESH], []),
        (Kind.GROWER, [MEAT], [(QUARANTINE,)]),
        (Kind.PROCESSOR, [], [(LICENCE,)]),
        (Kind.PROCESSOR, [FRESH], [(LICENCE,), (PRODUCTION,)]),
        (Kind.PROCESSOR, [DAILY], [(LICENCE,)]),
        (Kind.FACTORY, [PACKED, DAILY], [(LICENCE,), (PRODUCTION,)]),
        (Kind.TRADER, [], [(LICENCE,)]),
        (Kind.TRADER, [FRESH], [(LICENCE,)]),
        (Kind.TRADER, [PACKED], [(LICENCE,), (OPERATION, FILING)]),
        (Kind.TRADER, [MEAT], [(LICENCE,), (QUARANTINE,)]),
        (Kind.TRADER, [DAILY], [(LICENCE,)]),
    ],
)
def test_what_is_asked_of_whom(
    kind: Kind, goods: list[Goods], asked: list[tuple[PaperKind, ...]]
) -> None:
    found = rules.requirements(kind, goods)
    assert [each.kinds for each in found if each.must] == asked


def test_a_growers_licence_is_good_to_have() -> None:
    assert [each.must for each in rules.requirements(Kind.GROWER, [FRESH])] == [False]


@pytest.mark.parametrize(
    ("name", "category", "daily", "meat"),
    [
        ("五花肉", "鲜肉", False, True),
        ("三黄鸡", "肉禽蛋", False, True),
        ("土鸡蛋", "肉禽蛋", False, False),
        ("小青菜", "蔬菜", False, False),
        ("剁肉板", "肉类", True, False),
        ("Pork", "Meat", False, True),
        ("五花肉", "", False, False),
    ],
)
def test_meat_is_told_by_the_category(name: str, category: str, daily: bool, meat: bool) -> None:
    goods = Goods.of(name, category, is_daily=daily, is_fresh=True)
    assert (goods.meat, goods.food) == (meat, not daily)


@pytest.mark.parametrize(
    ("held", "standing"),
    [
        ([], Standing.MISSING),
        ([(LICENCE, None)], Standing.MISSING),
        ([(OPERATION, TODAY - timedelta(days=1))], Standing.EXPIRED),
        ([(OPERATION, TODAY)], Standing.HELD),
        ([(FILING, None)], Standing.HELD),
        ([(OPERATION, TODAY - timedelta(days=1)), (FILING, None)], Standing.HELD),
    ],
)
def test_how_a_supplier_stands_with_a_paper(
    held: list[tuple[PaperKind, date | None]], standing: Standing
) -> None:
    asked = rules.requirements(Kind.TRADER, [PACKED])[1]
    assert rules.standing(asked, held, TODAY) is standing


@pytest.mark.parametrize(
    ("kind", "issued", "end"),
    [
        (PRODUCTION, date(2021, 3, 5), date(2026, 3, 4)),
        (OPERATION, date(2024, 1, 1), date(2028, 12, 31)),
        (OPERATION, date(2024, 2, 29), date(2029, 2, 28)),
        (PaperKind.SCALE_VERIFICATION, date(2026, 9, 1), date(2027, 8, 31)),
        (LICENCE, date(2021, 3, 5), None),
        (FILING, date(2021, 3, 5), None),
    ],
)
def test_the_usual_end_of_a_paper(kind: PaperKind, issued: date, end: date | None) -> None:
    assert rules.proposed_end(kind, issued) == end


@pytest.mark.parametrize(
    "details",
    [
        PaperDetails(PRODUCTION),
        PaperDetails(FILING, valid_until=TODAY),
        PaperDetails(LICENCE, issued_on=TODAY + timedelta(days=1)),
        PaperDetails(PRODUCTION, issued_on=TODAY, valid_until=TODAY - timedelta(days=1)),
    ],
)
def test_papers_that_cannot_be(details: PaperDetails) -> None:
    with pytest.raises(Refused):
        rules.checked_paper(details, TODAY)


@pytest.mark.parametrize(
    ("kind", "number", "unusual"),
    [
        (PRODUCTION, "SC10633010800001", False),
        (PRODUCTION, "sc 1063301 0800001", False),
        (PRODUCTION, "SC106", True),
        (OPERATION, "JY13301080000011", False),
        (FILING, "YB13301080000011", False),
        (LICENCE, "91330108MA2CABCD1X", False),
        (LICENCE, "913", True),
        (LICENCE, "", False),
        (PaperKind.OTHER, "whatever", False),
    ],
)
def test_an_unusual_number_is_pointed_out(kind: PaperKind, number: str, unusual: bool) -> None:
    assert rules.looks_unusual(kind, number) is unusual


@pytest.mark.parametrize(
    "details",
    [
        AgreementDetails(TODAY, TODAY - timedelta(days=1)),
        AgreementDetails(TODAY, notice_days=366),
        AgreementDetails(TODAY, notice_days=-1),
        AgreementDetails(TODAY, minimum_order=Money(-1)),
        AgreementDetails(TODAY, prepayment=Money(-1)),
    ],
)
def test_agreements_that_cannot_be(details: AgreementDetails) -> None:
    with pytest.raises(Refused):
        rules.checked_agreement(details)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [((1, 5), (6, 9), False), ((1, 5), (5, 9), True), ((1, None), (9, 9), True),
     ((6, 9), (1, 5), False), ((6, 9), (1, None), True)],
)  # fmt: skip
def test_spans_that_share_a_day(
    one: tuple[int, int | None], other: tuple[int, int | None], shared: bool
) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else date(2026, 9, number)

    spans = [(day(first), day(last)) for first, last in (one, other)]
    assert rules.overlaps(spans[0][0], spans[0][1], spans[1][0], spans[1][1]) is shared  # type: ignore[arg-type]
