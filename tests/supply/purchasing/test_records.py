"""Purchase records: how long they are kept, and what is missing in them (facts 3.1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.shop.settings import Settings
from lib.shop.shop import Shop
from lib.supply.purchasing.commands import Arrival, ArrivalLine, receive
from lib.supply.purchasing.receiving.rules import Dates, dates_of
from lib.supply.purchasing.records.queries import purchase_records
from lib.supply.purchasing.records.rules import (
    GAP_NAMES,
    GAP_REASONS,
    Gap,
    keep_until,
)
from tests.supply.cast import TODAY, add_product, add_supplier

SETTINGS = Settings()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 28), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 7, 1), 6, date(2027, 1, 1)),
        (date(2026, 9, 25), 0, date(2026, 9, 25)),
        (date(9999, 12, 1), 6, date.max),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(some.dates(date(2000, 1, 1), date(2100, 1, 1)), some.integers(0, 120))
def test_months_later_never_leaves_the_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


BOUGHT, BEST = date(2026, 8, 31), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("best_before", "produce", "printed", "kept"),
    [
        (BEST, False, True, date(2027, 6, 30)),
        (BEST, False, False, date(2027, 6, 30)),
        (None, False, False, date(2028, 8, 31)),
        (None, True, False, date(2027, 2, 28)),
        (date(2026, 9, 3), True, False, date(2027, 2, 28)),
        (BEST, True, True, date(2027, 6, 30)),
    ],
)
def test_kept_until(best_before: date | None, produce: bool, printed: bool, kept: date) -> None:
    assert keep_until(BOUGHT, best_before, SETTINGS, produce=produce, printed=printed) == kept


def test_the_months_are_settings() -> None:
    longer = replace(
        SETTINGS, keep_after_expiry_months=12, keep_without_expiry_months=36, keep_produce_months=7
    )
    assert keep_until(BOUGHT, BEST, longer, produce=False) == date(2027, 12, 31)
    assert keep_until(BOUGHT, None, longer, produce=False) == date(2029, 8, 31)
    assert keep_until(BOUGHT, None, longer, produce=True) == date(2027, 3, 31)


LINE = ArrivalLine(1, 1)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("line", "usual", "dates"),
    [
        (LINE, None, Dates(None, None, None, False)),
        (LINE, 3, Dates(None, 3, TODAY + timedelta(days=3), False)),
        (
            replace(LINE, produced_on=YESTERDAY),
            3,
            Dates(YESTERDAY, 3, YESTERDAY + timedelta(days=3), False),
        ),
        (
            replace(LINE, shelf_life_days=30),
            3,
            Dates(None, 30, TODAY + timedelta(days=30), False),
        ),
        (
            replace(LINE, produced_on=YESTERDAY, shelf_life_days=30),
            3,
            Dates(YESTERDAY, 30, YESTERDAY + timedelta(days=30), True),
        ),
        (
            replace(LINE, produced_on=YESTERDAY, shelf_life_days=30, on_package=False),
            None,
            Dates(YESTERDAY, 30, YESTERDAY + timedelta(days=30), False),
        ),
        (replace(LINE, best_before=BEST), 3, Dates(None, None, BEST, True)),
        (replace(LINE, best_before=BEST, on_package=False), 3, Dates(None, None, BEST, False)),
        (
            replace(LINE, produced_on=TODAY, shelf_life_days=0),
            None,
            Dates(TODAY, 0, TODAY, True),
        ),
    ],
)
def test_dates_of_what_came(line: ArrivalLine, usual: int | None, dates: Dates) -> None:
    assert dates_of(line, TODAY, usual) == dates


@pytest.mark.parametrize(
    "line",
    [
        replace(LINE, produced_on=TODAY + timedelta(days=1)),
        replace(LINE, shelf_life_days=-1),
        replace(LINE, shelf_life_days=99_999),
        replace(LINE, produced_on=TODAY, best_before=YESTERDAY),
    ],
)
def test_dates_that_cannot_be_meant(line: ArrivalLine) -> None:
    with pytest.raises(Refused):
        dates_of(line, TODAY, None)


def test_every_gap_has_a_name_and_a_reason() -> None:
    assert set(GAP_NAMES) == set(GAP_REASONS) == set(Gap)


def test_produce_has_the_shorter_form(shop: Shop, staff_shop: Shop) -> None:
    greens, sauce = add_product(shop, "青菜", fresh=True), add_product(shop, "酱油", "瓶", 1200)
    grower = add_supplier(shop, address="径山村", phone="138")
    factory = add_supplier(shop, "酱园", kind="factory")
    receive(shop, Arrival(grower, (ArrivalLine(greens, 500),)))
    receive(shop, Arrival(factory, (ArrivalLine(sauce, 12),)))
    produce, packaged = purchase_records(shop, TODAY, TODAY)
    assert produce.gaps == (Gap.CERTIFICATE, Gap.VOUCHER)
    assert set(packaged.gaps) == set(Gap)
    assert (produce.keep_until, packaged.keep_until) == (date(2027, 3, 25), date(2028, 9, 25))
    assert produce.unit_price == Money(399)
    assert purchase_records(staff_shop, TODAY, TODAY)[0].unit_price is None
    assert purchase_records(shop, YESTERDAY, YESTERDAY) == ()
    with pytest.raises(Refused, match="after the last"):
        purchase_records(shop, TODAY, YESTERDAY)


def test_a_complete_record_has_no_gap(shop: Shop) -> None:
    sauce = add_product(shop, "酱油", "瓶", 1200)
    factory = add_supplier(shop, "酱园", kind="factory", address="仁和路 1 号", phone="0571")
    line = ArrivalLine(
        sauce, 12, specification="500ml", lot="A7", best_before=BEST, certificate_number="SC-1"
    )
    receive(shop, Arrival(factory, (line,)))
    (record,) = purchase_records(shop, TODAY, TODAY)
    assert record.gaps == (Gap.VOUCHER,)
    assert record.keep_until == date(2027, 6, 30)


def test_the_record_stays_as_it_was_when_the_supplier_moves(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    grower = add_supplier(shop, "老周", address="径山村")
    receive(shop, Arrival(grower, (ArrivalLine(eggs, 500),)))
    with shop.store.write() as connection:
        connection.execute(update(schema.supplier).values(name="新名字", address="别处"))
    (record,) = purchase_records(shop, TODAY, TODAY)
    assert (record.supplier_name, record.supplier_address) == ("老周", "径山村")
