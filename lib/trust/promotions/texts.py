"""What residents read beside a promotion. Pure; ``day`` and ``money`` say days and amounts."""

from collections.abc import Callable
from datetime import date

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.supply.clearance.texts import REASON_TEXTS
from lib.trade.charged.texts import meaning
from lib.trust.promotions.rules import Kind, Promotion, Terms
from lib.trust.welfare.rules import REASON_NAMES, Reason

Translate = Callable[[str], str]
Day = Callable[[date], str]
Amount = Callable[[Money], str]

KINDS: dict[Kind, str] = {
    Kind.WELFARE: N_("Welfare item"),
    Kind.ROUND: N_("In this round"),
    Kind.CLEARANCE: N_("Clearance"),
}


def price_line(one: Promotion, translate: Translate, money: Amount) -> str:
    """Return the price with what it buys: ``¥4.80/斤``, ``¥19.90 for 2盒``."""
    if one.terms is Terms.PAIR:
        said = N_("{price} for 2 {unit}")
        return translate(said).format(price=money(one.price), unit=one.unit.word)
    if one.terms is Terms.BUNDLE:
        said = N_("{price} for 1 {unit} and 1 {partner_unit} {partner}")
        return translate(said).format(
            price=money(one.price),
            unit=one.unit.word,
            partner=one.partner,
            partner_unit=one.partner_unit,
        )
    return f"{money(one.price)} / {one.unit.word}"


def worth_line(one: Promotion, translate: Translate, money: Amount) -> str:
    """Return what is given with it at today's price (facts 3.3 §18); empty for a plain price."""
    if one.now is None or one.terms is Terms.UNIT:
        return ""
    if one.terms is Terms.PAIR:
        said = N_("Buy 1, get 1 of the same; 1 {unit} costs {now} today")
        return translate(said).format(unit=one.unit.word, now=money(one.now))
    said = N_("Bought apart today: {now} and {partner_price}")
    apart = one.partner_price or Money(0)
    return translate(said).format(now=money(one.now), partner_price=money(apart))


def proof_line(one: Promotion, days: int, translate: Translate, day: Day, money: Amount) -> str:
    """Return the lowest price really charged before the promotion began, in a resident's words."""
    if one.lowest is None or one.lowest_on is None:
        return translate(N_("Not sold here before"))
    if not one.is_recent:
        sentence = N_("Not sold in the {days} days before; last charged: {price} on {day}")
    elif one.averaged:
        sentence = N_(
            "Lowest price charged in the {days} days before: {price}, the average of {day}"
        )
    else:
        sentence = N_("Lowest price charged in the {days} days before: {price} on {day}")
    return translate(sentence).format(days=days, price=money(one.lowest), day=day(one.lowest_on))


def compared_line(one: Promotion, days: int, translate: Translate, money: Amount) -> str:
    """Return the price set beside it and what that is; empty for none."""
    if one.compared is None:
        return ""
    said = meaning(one.compared, one.compared_basis, one.limit, days, translate)
    if not said:
        return ""
    return translate(N_("{meaning}: {price}")).format(meaning=said, price=money(one.compared))


def time_line(one: Promotion, translate: Translate, day: Day) -> str:
    """Return since when it is cheaper, and until when."""
    if one.to_day is None:
        return translate(N_("Since {from_day}")).format(from_day=day(one.from_day))
    if one.to_day == one.from_day:
        return translate(N_("Only {day}")).format(day=day(one.to_day))
    said = N_("{from_day} to {to_day}")
    return translate(said).format(from_day=day(one.from_day), to_day=day(one.to_day))


def reason_line(one: Promotion, translate: Translate) -> str:
    """Return why it is cheaper; empty where nothing was said."""
    if one.kind is Kind.CLEARANCE and one.reason in REASON_TEXTS:
        return translate(REASON_TEXTS[one.reason])
    if one.kind is Kind.WELFARE and one.reason in set(Reason):
        said = translate(REASON_NAMES[Reason(one.reason)])
        return translate(N_("Why: {reason}")).format(reason=said)
    return ""
