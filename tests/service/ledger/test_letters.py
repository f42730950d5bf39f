"""Letters to suppliers: what is claimed and from whom, once, and nobody's name in them (R32)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.after_sales.rules import Cause, CountedIn, Defect
from lib.service.ledger.causes.rules import Scored, Trend
from lib.service.ledger.letters import queries, texts
from lib.service.ledger.letters.commands import mark_sent, unmark_sent, write_letter
from lib.service.ledger.letters.kept import body_from_json, body_to_json, facts_mark, fingerprint
from lib.service.ledger.letters.rules import (
    MOST_PHOTOS,
    Body,
    Choice,
    Facts,
    Reckoned,
    amount_of,
    bad_quantity,
    checked_choice,
    proposed_asks,
    share_of,
)
from lib.service.ledger.money.queries import lost_of_month_and_year
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.supply.papers.rules import Bearer
from lib.supply.statements import commands as claims
from lib.supply.statements.queries import statement
from lib.supply.statements.rules import ClaimStatus
from tests.conftest import NOW
from tests.service.cast import add_member, add_product, put
from tests.service.ledger.cast import add_case, at, breach, order, remedy, solved
from tests.supply.cast import add_batch, add_supplier

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
JIN, BOX = Unit.named("斤"), Unit.named("盒")
NONE = (None, None)


class Street:
    """A farm whose eggs residents complained about, with an agreement of halves."""

    def __init__(self, shop: Shop, spoilage_by: str = "shared") -> None:
        self.shop = shop
        self.eggs = add_product(shop, "土鸡蛋", "板", 2880)
        self.farm = add_supplier(shop, "青禾合作社", created_at=at(date(2026, 1, 2)))
        put(shop, schema.agreement, supplier_id=self.farm, starts_on=date(2026, 1, 2),
            cycle="weekly", spoilage_by=spoilage_by, created_at=NOW)  # fmt: skip
        self.batch = add_batch(shop, self.eggs, 40, supplier_id=self.farm, unit_price_fen=2101,
                               arrived_on=date(2026, 9, 10), code="0910-1")  # fmt: skip
        self.number = 0

    def case(self, cause: str = "grower", day: int = 12, **values: object) -> int:
        """Three of 30 eggs of one tray were bad."""
        self.number += 1
        told = at(date(2026, 9, day))
        order_id, line_id = order(self.shop, self.eggs, 1, date(2026, 9, day), self.number)
        row = {
            "product_id": self.eggs,
            "supplier_id": self.farm,
            "batch_id": self.batch,
            "order_id": order_id,
            "line_id": line_id,
            "cause": cause,
            "bad": 3,
            "of_total": 30,
            "counted_in": "pieces",
            "said": "老婆说太难吃了",
            **solved(told),
            **values,
        }
        return add_case(self.shop, told, **row)

    def facts(self, month: date = SEPTEMBER) -> Facts:
        return queries.facts(self.shop, self.farm, month)

    def write(self, month: date = SEPTEMBER, **choice: object) -> int:
        facts = self.facts(month)
        chosen = Choice(**{"asks": "请加隔板。", "claim": facts.reckoned, **choice})  # type: ignore[arg-type]
        return write_letter(self.shop, self.farm, month, chosen, facts_mark(facts))


@pytest.fixture
def street(shop: Shop) -> Street:
    return Street(shop)


@pytest.mark.parametrize(
    ("cause", "bearer", "found"),
    [
        (Cause.GROWER, None, Reckoned.WHOLE),
        (Cause.TRANSPORT, Bearer.SHOP, Reckoned.WHOLE),
        (None, Bearer.SUPPLIER, Reckoned.WHOLE),
        (Cause.UNKNOWN, Bearer.SHARED, Reckoned.HALF),
        (None, Bearer.SHOP, Reckoned.BORNE_BY_SHOP),
        (None, None, Reckoned.BORNE_BY_SHOP),
    ],
)
def test_who_answers_for_it(cause: Cause | None, bearer: Bearer | None, found: Reckoned) -> None:
    assert share_of(cause, bearer) is found


def test_how_much_was_bad() -> None:
    assert bad_quantity(JIN, 1500, 300, 1500, CountedIn.GRAMS) == 300
    assert bad_quantity(BOX, 2, 3, 60, CountedIn.PIECES) == Fraction(1, 10)
    assert bad_quantity(BOX, None, 3, 60, CountedIn.PIECES, (30, None)) == Fraction(1, 10)
    assert bad_quantity(JIN, None, 2, 3, CountedIn.UNITS) == 1000
    assert bad_quantity(BOX, None, 2, 3, CountedIn.UNITS) == 2
    assert bad_quantity(BOX, None, 50, 100, CountedIn.GRAMS) is None
    assert bad_quantity(JIN, None, 2, 9, CountedIn.PIECES) is None
    assert bad_quantity(JIN, 1500, None, None, None) is None


def test_what_a_complaint_comes_to() -> None:
    tenth, price = Fraction(1, 10), Money(2101)
    assert amount_of(tenth, price, BOX, Money(), Reckoned.WHOLE)[0] == Money(210)
    assert amount_of(tenth, price, BOX, Money(), Reckoned.HALF)[0] == Money(105)
    assert amount_of(Fraction(250), Money(399), JIN, Money(), Reckoned.WHOLE)[0] == Money(200)
    assert amount_of(tenth, price, BOX, Money(801), Reckoned.HALF)[0] == Money(105 + 401)
    nothing = amount_of(None, price, BOX, Money(), Reckoned.WHOLE)
    assert nothing == (Money(), Reckoned.NOT_COUNTED)
    assert amount_of(tenth, None, BOX, Money(), Reckoned.WHOLE) == (Money(), Reckoned.NO_PRICE)
    assert amount_of(tenth, price, BOX, Money(9), Reckoned.BORNE_BY_SHOP)[0] == Money()


@given(
    st.fractions(0, 100, max_denominator=60),
    st.integers(0, 10**6),
    st.integers(0, 10**5),
    st.sampled_from([JIN, BOX]),
)
def test_half_is_never_more_than_all(
    quantity: Fraction, price: int, freight: int, unit: Unit
) -> None:
    whole, half = (
        amount_of(quantity, Money(price), unit, Money(freight), share)[0]
        for share in (Reckoned.WHOLE, Reckoned.HALF)
    )
    assert Money() <= half <= whole
    assert abs(2 * half.fen - whole.fen) <= 3


def test_what_is_asked_follows_what_was_complained_about() -> None:
    found = proposed_asks(((Defect.OTHER, 5), (Defect.ROTTEN, 3), (Defect.SHORT, 2)))
    assert len(found) == 2
    assert "sort" in found[0]
    assert proposed_asks(()) == ()


def test_the_facts_of_a_month(street: Street) -> None:
    first = street.case("grower", 12)
    remedy(street.shop, first, amount_fen=288, freight_fen=500)
    street.case("", 13)
    street.case("storage", 14)
    street.case("", 15, status="withdrawn", closed_at=at(date(2026, 9, 15)), turn_values={})
    found = street.facts()
    assert found.supplier == "青禾合作社"
    assert (found.this.cases, found.this.sold, found.this.deliveries) == (2, 4, 1)
    assert found.this.few
    assert found.before.scored is Scored.NOTHING_DELIVERED
    assert [each.accepted for each in found.delivered] == [40]
    whole, half = found.lines
    assert (whole.amount, whole.reckoned) == (Money(210 + 500), Reckoned.WHOLE)
    assert (half.amount, half.reckoned) == (Money(105), Reckoned.HALF)
    assert (whole.price, whole.batch) == (Money(2101), "0910-1")
    assert found.reckoned == Money(815)


def test_a_letter_makes_its_claim_and_nothing_is_claimed_twice(street: Street) -> None:
    one, two = street.case(), street.case("", 13)
    letter_id = street.write()
    letter = queries.letter(street.shop, letter_id)
    assert (letter.edition, letter.claim, letter.answer) == (1, Money(315), ClaimStatus.OPEN)
    with street.shop.read() as connection:
        cases = schema.after_sales_case
        marked = connection.execute(cases.select().order_by(cases.c.id)).all()
        claim = connection.execute(schema.supplier_claim.select()).one()
    assert [row.claim_id for row in marked if row.id in (one, two)] == [claim.id] * 2
    assert (claim.amount_fen, claim.batch_id, claim.status) == (315, street.batch, "open")
    assert "A0001" in claim.reason
    again = street.facts()
    assert [line.reckoned for line in again.lines] == [Reckoned.CLAIMED] * 2
    assert again.reckoned == Money()
    with pytest.raises(Refused, match="no complaint left"):
        street.write(claim=Money(1), why="再要")
    street.case(day=14)
    second = queries.letter(street.shop, street.write())
    assert (second.edition, second.claim) == (2, Money(210))
    assert queries.letter(street.shop, letter_id).body == letter.body


def test_an_accepted_claim_is_on_the_weekly_statement_and_recovered(street: Street) -> None:
    street.case()
    street.write()
    with street.shop.read() as connection:
        claim = connection.execute(schema.supplier_claim.select()).one()
    claims.decide_claim(street.shop, claim.id, claim.version, ClaimStatus.ACCEPTED)
    found = statement(street.shop, street.farm, street.shop.today)
    assert found is not None
    assert found.body.claimed == Money(210)
    of_month, of_year = lost_of_month_and_year(street.shop, SEPTEMBER)
    assert (of_month.recovered, of_year.recovered) == (Money(210), Money(210))


def test_another_sum_needs_a_reason(street: Street) -> None:
    street.case()
    with pytest.raises(Refused, match="Write why"):
        street.write(claim=Money(500))
    with pytest.raises(Refused, match="Write why"):
        street.write(claim=Money())
    letter = queries.letter(street.shop, street.write(claim=Money(500), why="还有人工"))
    assert letter.claim == Money(500)
    assert letter.body.choice.why == "还有人工"


def test_a_sum_can_be_claimed_where_none_was_reckoned(street: Street) -> None:
    case = street.case("", bad=None, of_total=None, counted_in=None)
    letter = queries.letter(street.shop, street.write(claim=Money(500), why="说好的"))
    assert letter.claim == Money(500)
    with street.shop.read() as connection:
        cases = schema.after_sales_case
        row = connection.execute(cases.select().where(cases.c.id == case)).one()
    assert row.claim_id == letter.claim_id


def test_what_changed_meanwhile_is_told(street: Street) -> None:
    case = street.case()
    facts = street.facts()
    with street.shop.store.write() as connection:
        cases = schema.after_sales_case
        connection.execute(update(cases).where(cases.c.id == case).values(cause="storage"))
    with pytest.raises(Conflict, match="Something changed"):
        write_letter(street.shop, street.farm, SEPTEMBER, Choice("请"), facts_mark(facts))


def test_letters_are_not_written_ahead_or_about_nothing(street: Street) -> None:
    with pytest.raises(Refused, match="lies ahead"):
        street.write(OCTOBER)
    with pytest.raises(Refused, match="no letter is needed"):
        street.write(asks="")
    with pytest.raises(NotFound):
        queries.facts(street.shop, 999, SEPTEMBER)


def test_photos_are_those_of_its_cases_and_fit_the_page(street: Street) -> None:
    case = street.case()
    for number in range(MOST_PHOTOS + 1):
        sha256 = f"{number:064x}"
        add_blob(street.shop, sha256)
        put(street.shop, schema.case_photo, case_id=case, blob=sha256, by_resident=False, at=NOW)
    found = street.facts()
    assert len(found.pictures) == MOST_PHOTOS + 1
    every = tuple(each.sha256 for each in found.pictures)
    with pytest.raises(Refused, match="fit on the page"):
        checked_choice(Choice("请", every, found.reckoned), found)
    with pytest.raises(Refused, match="taken off"):
        checked_choice(Choice("请", ("f" * 64,), found.reckoned), found)
    letter = queries.letter(street.shop, street.write(photos=every[:2]))
    assert [each.sha256 for each in letter.body.pictures] == list(every[:2])


def add_blob(shop: Shop, sha256: str) -> None:
    with shop.store.write() as connection:
        connection.execute(
            schema.blob.insert().values(
                sha256=sha256, media_type="image/jpeg", size=9, created_at=NOW
            )
        )


def test_next_month_says_what_was_asked_and_what_came(street: Street, clock: FixedClock) -> None:
    for day in (12, 13, 14):
        street.case(day=day)
    for number in range(30, 40):
        order(street.shop, street.eggs, 5, date(2026, 9, 20), number)
    street.write()
    clock.forward(days=20)
    add_batch(street.shop, street.eggs, 40, supplier_id=street.farm, arrived_on=date(2026, 10, 2))
    for number in range(40, 50):
        order(street.shop, street.eggs, 6, date(2026, 10, 3), number)
    found = street.facts(OCTOBER)
    assert found.trend is Trend.BETTER
    assert found.last is not None
    assert found.last.asks == "请加隔板。"
    assert found.last.claims == ((Money(630), ClaimStatus.OPEN),)
    letter = queries.letter(
        street.shop, street.write(OCTOBER, asks="谢谢", came="10月2日起加了隔板")
    )
    say = translator("zh_CN")
    said = "\n".join(texts.last_said(letter.body, say, "zh_CN"))
    assert "请加隔板" in said
    assert "10月2日起加了隔板" in said
    assert "比上月好" in texts.standing(letter.body.facts, say, "zh_CN")


def test_a_month_without_deliveries_is_said_not_scored(street: Street, clock: FixedClock) -> None:
    clock.forward(days=20)
    order(street.shop, street.eggs, 5, date(2026, 10, 3), 50)
    add_case(street.shop, at(date(2026, 10, 4)), product_id=street.eggs, supplier_id=street.farm)
    found = street.facts(OCTOBER)
    assert (found.this.scored, found.this.per_100) == (Scored.NOTHING_DELIVERED, None)
    assert found.trend is Trend.NONE
    said = texts.standing(found, translator("zh_CN"), "zh_CN")
    assert said == ("2026年10月没有送货；之前到的货有 1 单反馈",)


def test_created_on_the_last_day_of_a_month(shop: Shop, clock: FixedClock) -> None:
    late = add_supplier(shop, "新农场", created_at=at(date(2026, 9, 30), 23, 30))
    clock.forward(days=40)
    found = queries.facts(shop, late, SEPTEMBER)
    assert found.this.scored is Scored.NOTHING_DELIVERED
    said = texts.standing(found, translator("en"), "en")
    assert said == ("Nothing was delivered in September 2026", "Known to us since 30 Sep")
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 90_000, supplier_id=late, arrived_on=date(2026, 10, 2))
    order(shop, eggs, 50_000, date(2026, 10, 3), 1)
    october = queries.facts(shop, late, OCTOBER)
    assert (october.this.scored, october.trend) == (Scored.YES, Trend.NONE)
    assert texts.standing(october, translator("en"), "en")[1] == "Known to us since 30 Sep"


def test_a_letter_names_no_resident_and_no_other_supplier(street: Street) -> None:
    other = add_supplier(street.shop, "隔壁奶站")
    add_batch(street.shop, add_product(street.shop, "牛奶", "盒"), 9, supplier_id=other)
    li = add_member(street.shop, "小李", phone="13800000831")
    case = street.case(member_id=li, cause_note="小李放阳台了", reporter_home="3-201")
    breach(street.shop, case, "reply", NOW)
    letter = queries.letter(street.shop, street.write())
    text = texts.supplier_text("芳姐", letter.body, translator("zh_CN"), "zh_CN")
    stored = str(body_to_json(letter.body))
    for said in (text, stored):
        assert "A0001" in text
        for private in ("小李", "13800000831", "3-201", "太难吃", "阳台", "隔壁", "牛奶"):
            assert private not in said


def test_a_body_comes_back_as_it_was_kept(street: Street) -> None:
    street.case()
    street.case("", 13, bad=None, of_total=None, counted_in=None, batch_id=None)
    street.write()
    facts = street.facts()
    body = Body(facts, Choice("请", (), Money(3), "因为", "来了"))
    stored = body_to_json(body)
    assert body_from_json(stored) == body
    changed = body_to_json(Body(replace(facts, supplier="别人"), body.choice))
    assert fingerprint(changed) != fingerprint(stored)
    for broken in ({}, {**stored, "reckoned": 1}, {**stored, "shape": 9}, {"facts": []}):
        with pytest.raises(ValueError, match="letter"):
            body_from_json(broken)


def test_an_altered_letter_is_not_shown(street: Street) -> None:
    street.case()
    letter_id = street.write()
    table = schema.supplier_letter
    with street.shop.store.write() as connection:
        stored = connection.execute(table.select()).one().body
        stored["facts"]["lines"][0]["amount"] = 1
        connection.execute(update(table).values(body=stored))
    with pytest.raises(Refused, match="altered"):
        queries.letter(street.shop, letter_id)


def test_sent_is_noted_once_and_taken_back(street: Street) -> None:
    street.case()
    letter_id = street.write()
    with pytest.raises(Refused, match="how it was sent"):
        mark_sent(street.shop, letter_id, 1, "  ")
    mark_sent(street.shop, letter_id, 1, "微信")
    letter = queries.letter(street.shop, letter_id)
    assert (letter.sent_at, letter.sent_how) == (NOW, "微信")
    with pytest.raises(Conflict, match="already"):
        mark_sent(street.shop, letter_id, 2, "微信")
    unmark_sent(street.shop, letter_id)
    unmark_sent(street.shop, letter_id)
    assert queries.letter(street.shop, letter_id).sent_at is None
    (card,) = queries.letters(street.shop, SEPTEMBER)
    assert (card.supplier_id, card.edition, card.sent_at) == (street.farm, 1, None)


def test_two_owners_at_once_claim_once(street: Street) -> None:
    street.case()
    facts = street.facts()
    choice = Choice("请", claim=facts.reckoned)
    write_letter(street.shop, street.farm, SEPTEMBER, choice, facts_mark(facts))
    with pytest.raises(Conflict):
        write_letter(street.shop, street.farm, SEPTEMBER, choice, facts_mark(facts))
    with street.shop.read() as connection:
        assert len(connection.execute(schema.supplier_claim.select()).all()) == 1


def test_letters_are_the_owners(street: Street, staff_shop: Shop, resident_shop: Shop) -> None:
    street.case()
    letter_id = street.write()
    for other in (staff_shop, resident_shop):
        with pytest.raises(Refused):
            queries.letter(other, letter_id)
        with pytest.raises(Refused):
            queries.letters(other, SEPTEMBER)
        with pytest.raises(Refused):
            queries.facts(other, street.farm, SEPTEMBER)
        with pytest.raises(Refused):
            mark_sent(other, letter_id, 1, "微信")


def test_the_agreement_of_the_month_counts(shop: Shop) -> None:
    street = Street(shop, "supplier")
    street.case("")
    assert street.facts().reckoned == Money(210)
    agreement = schema.agreement
    with shop.store.write() as connection:
        ended = date(2026, 9, 1) - timedelta(days=1)
        connection.execute(update(agreement).values(ends_on=ended))
    assert street.facts().lines[0].reckoned is Reckoned.BORNE_BY_SHOP
