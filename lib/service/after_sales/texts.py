"""What a resident is told about a complaint: got it, a photo please, settled, is all well. Pure.

The wording is the owner's (see :mod:`lib.shop.messages`); here its values are worked out. All of it
goes into the private chat: amounts are nobody else's business.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales.cards.queries import Card
from lib.service.after_sales.remedies.rules import Kind, Pledge, Remedy
from lib.shop.language import Translate
from lib.trade.rounds.announcement import said_moment, short

PHOTO_PLEASE = N_("Could you send a photo of the bad ones and one of the whole pack?")
OPTIONS = N_("As you like: {options}")
_MARKS = "①②③④⑤⑥"
Said = Callable[[Money, Translate], str]
"""How an amount of money is written."""


def said_amount(amount: Money, say: Translate) -> str:
    """Return an amount as a message says it: 5.6元."""
    return say(N_("{amount} yuan")).format(amount=short(amount))


def reply_values(
    card: Card, options: Sequence[str], now: datetime, zone_name: str, say: Translate
) -> dict[str, str]:
    """Return the values of the first reply; ``options`` are what the pledge offers, in words.

    A photo is asked for where there is none. A photo that is awaited moves the solution; what is
    said is the moment as it stands.
    """
    return {
        **about_values(card, say),
        "ask": "" if card.photos else say(PHOTO_PLEASE),
        "options": said_options(options, say),
        "until": said_moment(card.solution.due_at, now, zone_name, say),
    }


def about_values(card: Card, say: Translate) -> dict[str, str]:
    """Return the values that all texts about a case share."""
    return {
        "who": f"@{card.name} " if card.name else "",
        "product": card.product or say(N_("your purchase")),
        "number": card.number,
    }


def said_options(options: Sequence[str], say: Translate) -> str:
    """Return what a resident may choose from; a single option is said as it is."""
    if not options:
        return ""
    if len(options) == 1:
        return say(N_("We offer: {option}")).format(option=options[0])
    numbered = zip(_MARKS, options, strict=False)
    return say(OPTIONS).format(options=" ".join(f"{mark}{option}" for mark, option in numbered))


def said_remedy(one: Remedy, unit: Unit | None, say: Translate, amount: Said = said_amount) -> str:
    """Return one thing that is done, in words; ``amount`` writes money."""
    money = amount(one.amount, say) if one.amount is not None else ""
    goods = unit.said(one.quantity) if unit is not None and one.quantity is not None else ""
    if one.kind is Kind.REFUND:
        return say(N_("{amount} back")).format(amount=money) if money else say(N_("money back"))
    if one.kind is Kind.RETURN:
        known = say(N_("taken back, {amount} back")).format(amount=money)
        return known if money else say(N_("taken back, money back"))
    if one.kind is Kind.ONE_MORE:
        known = say(N_("{quantity} more with the next order")).format(quantity=goods)
        return known if goods else say(N_("one more with the next order"))
    if one.kind is Kind.EXCHANGE:
        known = say(N_("exchanged for {quantity} of the same")).format(quantity=goods)
        return known if goods else say(N_("exchanged"))
    return say(N_("talked over and explained"))


def said_done(
    remedies: Iterable[Remedy], unit: Unit | None, say: Translate, amount: Said = said_amount
) -> str:
    """Return what is done together: ``退5.6元，再下次补1板``; freight is said where we bear it."""
    found = list(remedies)
    parts = [said_remedy(one, unit, say, amount) for one in found]
    text = parts[0] if parts else ""
    for part in parts[1:]:
        text = say(N_("{first} and {second}")).format(first=text, second=part)
    if any(one.freight_by_shop for one in found):
        return say(N_("{done} (we pay the way)")).format(done=text)
    return text


def offered(pledge: Pledge, unit: Unit | None, say: Translate) -> tuple[str, ...]:
    """Return what the pledge offers, one text for each of its options."""
    return tuple(said_done(option.remedies, unit, say) for option in pledge.options)
