"""Suppliers and terms in the books (R1, R9)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.position import Position
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.suppliers import commands, queries
from lib.supply.suppliers.rules import Details, Kind, PaperKind, TermDetails
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term, put

NEAR = Details(
    "青禾合作社",
    Kind.GROWER,
    contact_name="王师傅",
    phone="13800138000",
    address="径山镇某村 8 号",
    district="余杭区径山镇",
    position=Position.parse("30.37, 119.98"),
)


def at_home(shop: Shop) -> Shop:
    """The shop that knows where it is."""
    save_settings(shop, {"shop_position": "30.27415, 120.15515"}, {})
    return replace(shop, settings=replace(shop.settings, shop_position="30.27415, 120.15515"))


def test_a_supplier_is_kept_with_its_distance(shop: Shop) -> None:
    here = at_home(shop)
    made = queries.supplier(here, commands.add_supplier(here, NEAR))
    assert (made.metres, made.is_local) == (19_905, True)
    assert made.details == NEAR
    assert [each.id for each in queries.suppliers(here)] == [made.id]


def test_without_the_shops_position_the_distance_is_unknown(shop: Shop) -> None:
    made = queries.supplier(shop, commands.add_supplier(shop, NEAR))
    assert (made.metres, made.is_local) == (None, False)


def test_beyond_the_radius_a_reason_is_required(shop: Shop) -> None:
    here = at_home(shop)
    far = Details("海边渔场", Kind.GROWER, position=Position.parse("29.87, 121.55"))
    with pytest.raises(Refused, match="is beyond the 30 km"):
        commands.add_supplier(here, far)
    assert queries.suppliers(here) == ()


def test_a_name_is_used_once_among_those_in_use(shop: Shop) -> None:
    first = commands.add_supplier(shop, NEAR)
    with pytest.raises(Refused, match="already a supplier called"):
        commands.add_supplier(shop, Details(" 青禾 合作社", Kind.TRADER))
    commands.archive_supplier(shop, first)
    commands.add_supplier(shop, NEAR)
    with pytest.raises(Refused):
        commands.restore_supplier(shop, first)


def test_a_stale_change_is_told(shop: Shop) -> None:
    made = commands.add_supplier(shop, NEAR)
    commands.change_supplier(shop, made, 1, Details("青禾", Kind.GROWER))
    with pytest.raises(Conflict):
        commands.change_supplier(shop, made, 1, NEAR)
    with pytest.raises(NotFound):
        commands.change_supplier(shop, 99, 1, Details("新", Kind.GROWER))


def test_staff_cannot_change_suppliers_and_see_a_masked_phone(shop: Shop, staff_shop: Shop) -> None:
    made = commands.add_supplier(shop, NEAR)
    with pytest.raises(Refused):
        commands.add_supplier(staff_shop, Details("别家", Kind.TRADER))
    assert queries.supplier(staff_shop, made).phone == "138****8000"
    assert queries.supplier(shop, made).phone == "13800138000"


def test_the_journal_keeps_no_phone(shop: Shop) -> None:
    made = commands.add_supplier(shop, NEAR)
    with shop.read() as connection:
        details = connection.execute(
            select(schema.journal.c.details).where(schema.journal.c.subject == f"supplier:{made}")
        ).scalar_one()
    assert "13800138000" not in str(details)


def test_residents_read_only_what_is_meant_for_them(shop: Shop, resident_shop: Shop) -> None:
    made = commands.add_supplier(shop, NEAR)
    seen = queries.public_supplier(resident_shop, made)
    assert (seen.name, seen.district, seen.contact) == ("青禾合作社", "余杭区径山镇", "")
    assert "8 号" not in repr(seen)
    with pytest.raises(Refused):
        queries.suppliers(resident_shop)


def test_a_hidden_name_stays_hidden(shop: Shop, resident_shop: Shop) -> None:
    made = add_supplier(shop, shows_name=False, shows_contact=True, phone="057188880000")
    seen = queries.public_supplier(resident_shop, made)
    assert (seen.name, seen.contact) == ("", "057188880000")


def preferred(shop: Shop, product: int) -> list[int]:
    """Who is preferred for the product, straight from the table."""
    terms = schema.supply_term
    query = select(terms.c.supplier_id).where(
        terms.c.product_id == product, terms.c.preferred, terms.c.ended_at.is_(None)
    )
    with shop.read() as connection:
        return list(connection.execute(query).scalars())


def test_exactly_one_supplier_of_a_product_is_preferred(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    one, two, three = (add_supplier(shop, name) for name in ("甲", "乙", "丙"))
    first = commands.set_term(shop, one, eggs, TermDetails(Money(500)))
    assert preferred(shop, eggs) == [one]
    second = commands.set_term(shop, two, eggs, TermDetails(Money(480)))
    assert preferred(shop, eggs) == [one]
    commands.set_term(shop, three, eggs, TermDetails(Money(450), preferred=True))
    assert preferred(shop, eggs) == [three]
    commands.set_term(shop, two, eggs, TermDetails(Money(480), preferred=True), 1)
    assert preferred(shop, eggs) == [two]
    commands.end_term(shop, second)
    assert preferred(shop, eggs) == [three]
    commands.archive_supplier(shop, three)
    assert preferred(shop, eggs) == [one]
    commands.restore_supplier(shop, three)
    assert preferred(shop, eggs) == [one]
    commands.end_term(shop, first)
    assert preferred(shop, eggs) == [three]
    assert queries.preferred_terms(shop, [eggs])[eggs].supplier_name == "丙"


def test_the_preferred_one_cannot_be_unset(shop: Shop) -> None:
    eggs, one = add_product(shop, "土鸡蛋"), add_supplier(shop)
    commands.set_term(shop, one, eggs, TermDetails(Money(500)))
    commands.set_term(shop, one, eggs, TermDetails(Money(510), preferred=False), 1)
    assert preferred(shop, eggs) == [one]


def test_a_new_price_is_journalled_from_and_to(shop: Shop) -> None:
    eggs, one = add_product(shop, "土鸡蛋"), add_supplier(shop)
    term = commands.set_term(shop, one, eggs, TermDetails(Money(500), 15_000, 5_000, 20))
    commands.set_term(shop, one, eggs, TermDetails(Money(520), 15_000, 5_000, 20), 1)
    with shop.read() as connection:
        details = connection.execute(
            select(schema.journal.c.details)
            .where(schema.journal.c.subject == f"supply_term:{term}")
            .order_by(schema.journal.c.id.desc())
        ).scalar()
    assert (details["before"]["price_fen"], details["after"]["price_fen"]) == (500, 520)
    kept = queries.terms_of(shop, one)[0]
    assert (kept.price, kept.case_quantity, kept.minimum_quantity, kept.shelf_life_days) == (
        Money(520), 15_000, 5_000, 20,
    )  # fmt: skip


def test_stale_and_repeated_terms_are_told(shop: Shop) -> None:
    eggs, one = add_product(shop, "土鸡蛋"), add_supplier(shop)
    commands.set_term(shop, one, eggs, TermDetails(Money(500)))
    with pytest.raises(Conflict):
        commands.set_term(shop, one, eggs, TermDetails(Money(510)))
    commands.set_term(shop, one, eggs, TermDetails(Money(510)), 1)
    with pytest.raises(Conflict):
        commands.set_term(shop, one, eggs, TermDetails(Money(505)), 1)
    with pytest.raises(NotFound):
        commands.set_term(shop, one, 99, TermDetails(Money(505)))


def test_terms_that_ended_can_begin_again(shop: Shop) -> None:
    eggs, one = add_product(shop, "土鸡蛋"), add_supplier(shop)
    term = commands.set_term(shop, one, eggs, TermDetails(Money(500)))
    commands.end_term(shop, term)
    assert queries.terms_of(shop, one) == ()
    with pytest.raises(NotFound):
        commands.end_term(shop, term)
    assert commands.set_term(shop, one, eggs, TermDetails(Money(530))) == term
    assert queries.terms_of(shop, one)[0].preferred


def test_staff_see_terms_without_prices(shop: Shop, staff_shop: Shop) -> None:
    eggs, one = add_product(shop, "土鸡蛋"), add_supplier(shop)
    add_term(shop, one, eggs)
    assert queries.terms_of(staff_shop, one)[0].price is None


def add_paper(shop: Shop, supplier: int, until: date | None, kind: str = "production_permit",
              **values: object) -> int:  # fmt: skip
    row = {"supplier_id": supplier, "kind": kind, "valid_until": until,
           "created_at": shop.clock.now(), **values}  # fmt: skip
    return put(shop, schema.supplier_paper, **row)


def test_an_expired_paper_is_told_of_every_product_of_its_supplier(shop: Shop) -> None:
    eggs, milk, rice = (add_product(shop, name) for name in ("土鸡蛋", "牛奶", "米"))
    one, two = add_supplier(shop, "甲"), add_supplier(shop, "乙")
    for product in (eggs, milk):
        add_term(shop, one, product)
    add_term(shop, two, rice)
    add_paper(shop, one, TODAY - timedelta(days=1))
    add_paper(shop, two, TODAY + timedelta(days=61))
    found = queries.paper_warnings(shop, [eggs, milk, rice])
    assert sorted(found) == sorted([eggs, milk])
    warning = found[eggs][0]
    assert (warning.supplier_name, warning.kind, warning.expired) == (
        "甲", PaperKind.PRODUCTION_PERMIT, True,
    )  # fmt: skip


def test_on_its_last_day_a_paper_is_not_expired(shop: Shop) -> None:
    eggs, one = add_product(shop, "土鸡蛋"), add_supplier(shop)
    add_term(shop, one, eggs)
    add_paper(shop, one, TODAY)
    assert [each.expired for each in queries.paper_warnings(shop, [eggs])[eggs]] == [False]


def test_a_renewed_or_withdrawn_paper_is_told_of_no_longer(shop: Shop) -> None:
    eggs, one = add_product(shop, "土鸡蛋"), add_supplier(shop)
    add_term(shop, one, eggs)
    add_paper(shop, one, TODAY - timedelta(days=9))
    add_paper(shop, one, TODAY + timedelta(days=900))
    gone = {"withdrawn_at": shop.clock.now()}
    add_paper(shop, one, TODAY - timedelta(days=9), "quarantine", **gone)
    assert queries.paper_warnings(shop, [eggs]) == {}


def test_a_supplier_created_on_the_last_day_of_a_month_scores_nothing(shop: Shop) -> None:
    """Fault of other systems: it must neither divide by zero nor be 100 % from nothing."""
    last = date(2026, 9, 30)
    add_supplier(shop, typed_metres=1000)
    share = queries.month_share(shop, last)
    assert (share.total, share.percent) == (Money(0), None)
    assert queries.month_purchases(shop, last) == {}


def test_the_months_share_counts_what_was_received_in_it(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    near, far, somewhere = (
        add_supplier(shop, "近", typed_metres=30_000),
        add_supplier(shop, "远", typed_metres=30_001),
        add_supplier(shop, "某处"),
    )
    add_batch(shop, eggs, 3000, supplier_id=near, arrived_on=date(2026, 9, 1))
    add_batch(shop, eggs, 1000, supplier_id=near, arrived_on=date(2026, 9, 30))
    add_batch(shop, eggs, 5000, supplier_id=near, arrived_on=date(2026, 8, 31))
    add_batch(shop, eggs, 5000, supplier_id=near, arrived_on=date(2026, 10, 1))
    add_batch(shop, eggs, 1000, supplier_id=far)
    add_batch(shop, eggs, 500, supplier_id=somewhere, unit_price_fen=333)
    add_batch(shop, eggs, 500, supplier_id=somewhere, unit_price_fen=None)
    add_batch(shop, eggs, 500, supplier_id=near, undone_at=shop.clock.now())
    share = queries.month_share(shop, TODAY)
    assert (share.local, share.far, share.unknown) == (Money(3200), Money(800), Money(333))
    assert share.unpriced == 1
    bought = queries.month_purchases(shop, TODAY)
    assert bought[somewhere].amount == Money(333)
    assert (bought[somewhere].batches, bought[somewhere].unpriced) == (2, 1)
