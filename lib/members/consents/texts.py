"""What a resident is told before agreeing, in the shop's language (PIPL 14, 17). Pure.

The wording is an event's: the owner may word it otherwise; every version that somebody agreed to
is kept word for word.
"""

from lib.kernel.words import N_
from lib.members.consents.rules import Purpose
from lib.shop.language import Translate
from lib.shop.messages.event import Event
from lib.shop.messages.filling import filled
from lib.shop.messages.member_events import (
    CONSENT_BIRTHDAY,
    CONSENT_MESSAGES,
    CONSENT_PREFERENCES,
)
from lib.shop.settings import Settings

EVENTS: dict[Purpose, Event] = {
    Purpose.BIRTHDAY: CONSENT_BIRTHDAY,
    Purpose.PREFERENCES: CONSENT_PREFERENCES,
    Purpose.MESSAGES: CONSENT_MESSAGES,
}


def consent_values(purpose: Purpose, settings: Settings, say: Translate) -> dict[str, object]:
    """Return the values of the text that asks for consent to ``purpose``."""
    months = {
        Purpose.BIRTHDAY: settings.keep_birthday_months,
        Purpose.PREFERENCES: settings.keep_order_contact_months,
        Purpose.MESSAGES: settings.keep_order_contact_months,
    }
    return {
        "shop_name": settings.privacy_operator or settings.shop_name or say(N_("Linli")),
        "months": months[purpose],
        "proof": settings.keep_consent_months,
        "contact": settings.privacy_contact,
    }


def wording(purpose: Purpose, settings: Settings, say: Translate) -> str:
    """Return what is read out or sent before somebody agrees to ``purpose``.

    ``say`` translates into the shop's language and knows the owner's wordings.
    """
    return filled(say(EVENTS[purpose].wording), consent_values(purpose, settings, say))
