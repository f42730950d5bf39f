"""What stands on the price page beside the sheet: live from the books, and public.

Sheets never change; this does. It is read anew when the journal has a new row, the day changes, or
a round opens or is cut off, and then by one visitor for all.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from lib.kernel.clock import local_day
from lib.kernel.latest import Latest
from lib.service.ledger.figures.queries import month_figures
from lib.service.ledger.figures.rules import ServiceFigures
from lib.service.ledger.figures.texts import KEPT_FRESH, public_lines
from lib.shop.language import translator
from lib.shop.opening import Premises
from lib.shop.shop import RESIDENT, Shop
from lib.trust.costs.marks import Mark, product_marks
from lib.trust.costs.queries import Edition
from lib.trust.promotions import texts
from lib.trust.promotions.queries import running
from lib.trust.promotions.rules import Kind, Promotion, Running
from lib.trust.welfare.queries import PublicItem, PublicWelfare, public_welfare
from lib.trust.welfare.rules import REASON_NAMES
from lib.web.said import money, said_month, short_day

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Live:
    """What is true now: marks of goods, promotions, this year's welfare items, and two settings.

    Two are equal when they show the same; that is worked out once, not at every view.

    ``today`` is the shop's day, ``days`` how far a compared price looks back, ``wishes`` and
    ``help`` whether residents may send one and report what is wrong. ``service`` are this month's
    complaints where the owner shows them, with the ``promised`` minutes and hours, as they stood at
    ``read_at``.
    """

    marks: tuple[Mark, ...] = ()
    running: Running = field(default_factory=Running)
    welfare: PublicWelfare | None = None
    today: date = date.min
    days: int = 7
    wishes: bool = False
    help: bool = False
    service: ServiceFigures | None = None
    promised: tuple[int, int] = (0, 0)
    read_at: datetime = LONG_AGO

    @cached_property
    def shown(self) -> tuple[int, tuple[object, ...]]:
        """Everything that is shown, with its hash before it."""
        values = (
            self.marks, self.running, self.welfare, self.today, self.days, self.wishes, self.help,
            self.service, self.promised,
        )  # fmt: skip
        return hash(values), values

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Live) and self.shown == other.shown)

    def __hash__(self) -> int:
        return self.shown[0]


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
    """Whether nothing ran out by the clock alone: a promotion, or the time of a promise."""
    waits = live.service is not None and live.service.running
    lags = waits and not live.read_at <= now < live.read_at + KEPT_FRESH
    return live.running.holds(now) and not lags


def _read(shop: Shop) -> Live:
    settings = shop.settings
    return Live(
        tuple(product_marks(shop).values()),
        running(shop),
        public_welfare(shop, shop.today.year),
        shop.today,
        settings.compared_price_days,
        settings.wish_box,
        settings.case_door,
        month_figures(shop, shop.today) if settings.public_service_figures else None,
        (settings.reply_minutes, settings.solve_hours),
        shop.clock.now(),
    )


def service_shown(live: Live, language: str) -> tuple[str, ...]:
    """Return what the template says of this month's complaints; nothing where it is not shown."""
    if live.service is None:
        return ()
    month = said_month(live.service.month, language)
    return public_lines(live.service, month, *live.promised, translator(language))


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


def welfare_shown(live: Live, language: str) -> dict[str, Any] | None:
    """Return what the template shows of this year's welfare items; None where there are none."""
    if live.welfare is None or not live.welfare.items:
        return None
    return {
        "year": live.today.year,
        "month": [
            _welfare(one, language) for one in live.welfare.items if _is_of_month(one, live.today)
        ],
        "items": [_welfare(one, language) for one in live.welfare.items],
        "given": live.welfare.given,
    }


def _is_of_month(one: PublicItem, today: date) -> bool:
    return one.month == today.replace(day=1)


def _welfare(one: PublicItem, language: str) -> dict[str, Any]:
    say = translator(language)
    return {
        "name": one.product,
        "day": short_day(one.day, language),
        "price": f"{money(one.price)} / {one.unit.word}",
        "cost": say("costs us {cost}").format(cost=money(one.unit_cost)),
        "reason": say(REASON_NAMES[one.reason]),
        "sold": say("{sold} sold").format(sold=one.unit.said(one.sold)) if one.sold else "",
        "given": one.given,
    }
