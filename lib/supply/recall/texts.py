"""What is sent in a recall: to one resident, and to the group without any name."""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.shop.language import Translate
from lib.shop.messages.filling import filled
from lib.shop.messages.supply_events import RECALL, RECALL_CERTAIN, RECALL_POSSIBLE


@dataclass(frozen=True)
class Message:
    """What the texts are about. ``arrived`` is the day as people say it; ``link`` may be empty."""

    shop_name: str
    product: str
    code: str
    arrived: str
    reason: str
    advice: str
    link: str = ""


def to_resident(
    message: Message,
    nickname: str,
    goods: Sequence[tuple[str, str]],
    *,
    certain: bool,
    money: str,
    say: Translate,
) -> str:
    """Return the text for one resident: with what, when, what to do, and the money.

    ``goods`` are (day, quantity) as people say them; ``money`` is the sentence on the refund.
    """
    event = RECALL_CERTAIN if certain else RECALL_POSSIBLE
    values: dict[str, object] = {
        "name": nickname,
        "product": message.product,
        "goods": "、".join(f"{day} {quantity}" for day, quantity in goods),
        "code": message.code,
        "reason": message.reason,
        "advice": message.advice,
        "money": money,
        "shop": message.shop_name,
    }
    return filled(say(event.wording), values)


def money_line(refundable: str, *, refunded: bool, say: Translate) -> str:
    """Return the sentence on the refund: ``refundable`` is still to come, empty for nothing."""
    if refundable:
        return say("We give you {amount} back.").format(amount=refundable)
    if refunded:
        return say("Your money was already given back.")
    return say("You need not pay for it.")


def to_group(message: Message, say: Translate) -> str:
    """Return the notice for the group; it names nobody."""
    values: dict[str, object] = {
        "product": message.product,
        "code": message.code,
        "day": message.arrived,
        "reason": message.reason,
        "advice": message.advice,
        "link": message.link,
        "shop": message.shop_name,
    }
    return filled(say(RECALL.wording), values)
