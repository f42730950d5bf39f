"""What the group reads about a clearance."""

from dataclasses import replace
from datetime import date

import pytest

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.language import translator
from lib.supply.clearance.offers import REASONS, Kind
from lib.supply.clearance.texts import REASON_TEXTS, Offer, group_text

TODAY = date(2026, 9, 25)
GRAPES = Offer(
    Kind.BUY_ONE_GET_ONE, "葡萄", Unit.named("盒"), Money(1990), Money(1990), "near_date", TODAY,
    left=9, best_before=date(2026, 9, 26), lowest=Money(1890),
)  # fmt: skip


def text(offer: Offer, language: str = "zh_CN") -> str:
    return group_text(offer, TODAY, translator(language))


def test_a_gift_is_named_with_its_quantity_and_todays_price() -> None:
    assert text(GRAPES).splitlines() == [
        "🛒 葡萄 还剩9盒，明天前品尝最佳",
        "19.90元买1盒送同款1盒（现价19.90元/盒）",
        "原因：临近保质期，期内放心吃",
        "截止今晚，先到先得，要的接龙👇",
    ]


def test_a_price_is_compared_only_with_what_was_really_charged() -> None:
    lower = replace(GRAPES, kind=Kind.DISCOUNT, price=Money(1390))
    assert "近7天最低成交价18.90元/盒" in text(lower)
    assert "成交价" not in text(replace(lower, lowest=None))
    assert "成交价" not in text(replace(lower, price=Money(1890)))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("reason", list(REASONS))
def test_no_text_claims_an_original_price_and_each_says_why(kind: Kind, reason: str) -> None:
    offer = replace(
        GRAPES, kind=kind, reason=reason, partner="酸奶", partner_unit="杯",
        partner_price=Money(500),
    )  # fmt: skip
    said = text(offer)
    assert "原价" not in said
    assert translator("zh_CN")(REASON_TEXTS[reason]) in said
    assert 3 <= len(said.splitlines()) <= 8
    assert text(offer, "en") != said


def test_a_bundle_says_what_both_cost_by_themselves() -> None:
    offer = replace(
        GRAPES, kind=Kind.BUNDLE, price=Money(2200), partner="酸奶", partner_unit="杯",
        partner_price=Money(500), ends_on=date(2026, 9, 28),
    )  # fmt: skip
    assert "1盒搭1杯酸奶，一起22.00元（分开买19.90元和5.00元）" in text(offer)
    assert "截止9月28日" in text(offer)
