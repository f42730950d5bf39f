"""What is sent in a recall: to one resident, and to the group without any name."""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.shop.language import Translate


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
    listed = "、".join(f"{day} {quantity}" for day, quantity in goods)
    opening = (
        say("@{name} The {product} you collected ({goods}) is of batch {code}, which we call back.")
        if certain
        else say(
            "@{name} The {product} you collected ({goods}) may be of batch {code}, which we call "
            "back."
        )
    )
    lines = [
        opening.format(name=nickname, product=message.product, goods=listed, code=message.code),
        say("Reason: {reason}").format(reason=message.reason),
        message.advice,
        money,
        say("We are sorry for the trouble."),
    ]
    return "\n".join(line for line in [*lines, message.shop_name] if line)


def money_line(refundable: str, *, refunded: bool, say: Translate) -> str:
    """Return the sentence on the refund: ``refundable`` is still to come, empty for nothing."""
    if refundable:
        return say("We give you {amount} back.").format(amount=refundable)
    if refunded:
        return say("Your money was already given back.")
    return say("You need not pay for it.")


def to_group(message: Message, say: Translate) -> str:
    """Return the notice for the group; it names nobody."""
    lines = [
        say("Recall: {product}, batch {code}, arrived on {day}.").format(
            product=message.product, code=message.code, day=message.arrived
        ),
        say("Reason: {reason}").format(reason=message.reason),
        message.advice,
        say(
            "Its sale is stopped. We write to every neighbour who bought it; if in doubt, ask us "
            "or compare the batch on the label."
        ),
        say("Details: {link}").format(link=message.link) if message.link else "",
    ]
    return "\n".join(line for line in [*lines, message.shop_name] if line)
