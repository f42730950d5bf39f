"""Decisions about needs for delivery (R23). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.service.delivery.health import refuse_health
from lib.shop.settings import Settings

LONGEST_HINT = 80
LONGEST_CONSENT = 1000
LONGEST_DAYS = 366
"""No need is stored for longer than a year at once, whatever is typed."""

CONSENT_KEPT = timedelta(days=3 * 366)
"""How long that a need stood is kept after its end, as proof of the consent."""


class ConsentHow(StrEnum):
    """How a resident agreed."""

    SPOKEN = "spoken"
    CHAT = "chat"
    PAPER = "paper"
    FAMILY = "family"


CONSENT_NAMES = {
    ConsentHow.SPOKEN: N_("Read out, agreed aloud"),
    ConsentHow.CHAT: N_("Agreed in the chat"),
    ConsentHow.PAPER: N_("Signed on paper"),
    ConsentHow.FAMILY: N_("The family agreed in their name"),
}


class State(StrEnum):
    """Where a need stands on a day."""

    COMING = "coming"
    RUNNING = "running"
    ENDING = "ending"
    OVER = "over"
    ENDED = "ended"


@dataclass(frozen=True)
class NewNeed:
    """A need as it is asked for. ``consent_text`` is what was read out or sent, word for word."""

    member_id: int
    from_on: date
    until_on: date
    hint: str
    consent_on: date
    consent_how: str
    consent_text: str


def proposed_days(after: date | None, today: date, settings: Settings) -> tuple[date, date]:
    """Return first and last day proposed for a need that follows one that ends ``after``."""
    first = today if after is None else max(today, after + timedelta(days=1))
    return first, first + timedelta(days=settings.delivery_need_days - 1)


def checked_need(new: NewNeed, today: date) -> NewNeed:
    """Return ``new`` cleaned; raises ``Refused`` with what is wrong."""
    if new.from_on < today:
        raise Refused(N_("A need begins today or later."))
    if new.until_on < new.from_on:
        raise Refused(N_("The last day lies before the first."))
    if (new.until_on - new.from_on).days >= LONGEST_DAYS:
        raise Refused(N_("A need is stored for a year at most, then it is asked again."))
    if new.consent_on > today:
        raise Refused(N_("The consent lies in the future."))
    if new.consent_how not in set(ConsentHow):
        raise Refused(N_("Say how the resident agreed."))
    consent = clean(new.consent_text, LONGEST_CONSENT, lines=True)
    if not consent:
        raise Refused(N_("Without a consent text nothing is stored."))
    return NewNeed(
        new.member_id,
        new.from_on,
        new.until_on,
        checked_hint(new.hint),
        new.consent_on,
        ConsentHow(new.consent_how),
        consent,
    )


def checked_hint(hint: str) -> str:
    """Return ``hint`` cleaned; raises ``Refused`` when it tells why instead of how."""
    kept = clean(hint, LONGEST_HINT)
    refuse_health(kept)
    return kept


def state_of(
    from_on: date,
    until_on: date,
    today: date,
    warning_days: int,
    *,
    ended: bool,
    followed: bool,
) -> State:
    """Return where a need stands; one that another one follows is not about to end."""
    if ended:
        return State.ENDED
    if until_on < today:
        return State.OVER
    if from_on > today:
        return State.COMING
    soon = until_on <= today + timedelta(days=warning_days)
    return State.ENDING if soon and not followed else State.RUNNING
