"""What stands on the price page beside the sheet: live from the books, and public.

Sheets never change; this does. It is read anew when the journal has a new row, the day changes, or
a round opens or is cut off, and then by one visitor for all.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lib.kernel.clock import local_day
from lib.shop.language import translator
from lib.shop.opening import Premises
from lib.shop.shop import RESIDENT, Shop
from lib.trust.costs.marks import Mark, product_marks
from lib.trust.costs.queries import Edition
from lib.trust.promotions import texts
from lib.trust.promotions.queries import running
from lib.trust.promotions.rules import Kind, Promotion, Running
from lib.web.light import Latest
from lib.web.said import money, short_day


@dataclass(frozen=True)
class Live:
    """What is true now: marks of goods, promotions, this year's welfare items, and two settings.

    ``days`` is how far a compared price looks back, ``wishes`` whether residents may send one.
    """

    marks: tuple[Mark, ...] = ()
    running: Running = field(default_factory=Running)
    days: int = 7
    wishes: bool = False


NOTHING_LIVE = Live()
_latest: Latest[Live] = Latest()


def live_now(books: Premises, edition: Edition) -> Live:
    """Return what is live; the books are asked anew only when something in them changed."""
    now = books.clock.now()
    today = local_day(now, edition.time_zone)
    return _latest.value(
        books.place.database_url,
        (edition.change, today),
        lambda: _read(books.shop(RESIDENT)),
        lambda live: _holds(live, now),
    )


def _holds(live: Live, now: datetime) -> bool:
    return live.running.holds(now)


def _read(shop: Shop) -> Live:
    return Live(
        tuple(product_marks(shop).values()),
        running(shop),
        shop.settings.compared_price_days,
        shop.settings.wish_box,
    )


def promotions_shown(live: Live, language: str) -> list[dict[str, Any]]:
    """Return what the template shows of the promotions, in the order they are read."""
    return [_promotion(one, live.days, language) for one in live.running.promotions]


def _promotion(one: Promotion, days: int, language: str) -> dict[str, Any]:
    say = translator(language)

    def day(value: Any) -> str:
        return short_day(value, language)

    return {
        "name": one.name,
        "kind": say(texts.KINDS[one.kind]),
        "welfare": one.kind is Kind.WELFARE,
        "price": texts.price_line(one, say, money),
        "lines": [
            line
            for line in (
                texts.worth_line(one, say, money),
                texts.compared_line(one, days, say, money),
                texts.reason_line(one, say),
                texts.time_line(one, say, day),
            )
            if line
        ],
        "proof": texts.proof_line(one, days, say, day, money),
    }
