"""Every command of letters to suppliers, on books in which each can be done."""

from datetime import date
from typing import Any

from lib.kernel.money import Money
from lib.service.ledger.letters import commands
from lib.service.ledger.letters.kept import facts_mark
from lib.service.ledger.letters.queries import facts
from lib.service.ledger.letters.rules import Choice
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic
from tests.service.ledger.test_letters import Street

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)


def set_the_stage(shop: Shop) -> Stage:
    """A letter that was written, one that was sent, and complaints for one more."""
    street = Street(shop)
    written, sent = (street.write(AUGUST, asks=asks, claim=Money()) for asks in ("一", "二"))
    commands.mark_sent(shop, sent, 1, "微信")
    street.case()
    street.case("", 13)
    looked_at = facts_mark(facts(shop, street.farm, SEPTEMBER))
    return Stage({"farm": street.farm, "written": written, "sent": sent, "looked_at": looked_at})


def _write(shop: Shop, it: Any) -> int:
    choice = Choice("请加隔板。", claim=Money(315))
    return commands.write_letter(shop, it.farm, SEPTEMBER, choice, it.looked_at)


ACTS: dict[str, Act] = {
    "letters.write_letter": _write,
    "letters.mark_sent": lambda shop, it: commands.mark_sent(shop, it.written, 1, "当面"),
    "letters.unmark_sent": lambda shop, it: commands.unmark_sent(shop, it.sent),
}

LEDGER = Topic(
    "lib.service.ledger",
    set_the_stage,
    ACTS,
    heavy=("letters.write_letter",),
    both=("letters.write_letter",),
    owner_only=frozenset(ACTS),
)
