"""Until when personal data is kept, and what a clean-up does (PIPL 19, 47). Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.clock import day_bounds
from lib.kernel.months import months_later
from lib.kernel.words import N_
from lib.shop.settings import Settings

CHUNK = 500
"""So many rows of a kind go in one clean-up; what is left goes with the next touch."""

MOST_MEMBERS = 10
"""So many files are made anonymous with one touch: each is searched for in the whole of the books,
which takes seconds in big ones while nobody else can write. What is left goes with the next."""


class Kind(StrEnum):
    """What a clean-up takes away."""

    MEMBERS = "members"
    BIRTHDAYS = "birthdays"
    CONSENTS = "consents"
    CHAINS = "chains"
    ENTRIES = "entries"
    POSTS = "posts"
    MESSAGES = "messages"
    LISTS = "lists"
    WISHES = "wishes"
    ANSWERS = "answers"
    HEARD = "heard"
    REPORTS = "reports"
    OPENINGS = "openings"


NAMES = {
    Kind.MEMBERS: N_("Member files made anonymous"),
    Kind.BIRTHDAYS: N_("Birthdays deleted"),
    Kind.CONSENTS: N_("Proofs of consents that ended deleted"),
    Kind.CHAINS: N_("Pasted chains and order files emptied"),
    Kind.ENTRIES: N_("Words of orders as they came in deleted"),
    Kind.POSTS: N_("Texts sent to the group or to residents emptied"),
    Kind.MESSAGES: N_("Messages of the robots emptied"),
    Kind.LISTS: N_("Lists of who was still to come deleted"),
    Kind.WISHES: N_("Names and words of answered wishes deleted"),
    Kind.ANSWERS: N_("Answers in the group by nobody with a file deleted"),
    Kind.HEARD: N_("Marks of chat lines that were read deleted"),
    Kind.REPORTS: N_("Names and doors of closed reports without a member deleted"),
    Kind.OPENINGS: N_("Notes of who looked into a file deleted"),
}

BY_SETTING = {
    Kind.MEMBERS: "keep_order_contact_months",
    Kind.BIRTHDAYS: "keep_birthday_months",
    Kind.CONSENTS: "keep_consent_months",
    Kind.CHAINS: "keep_source_text_months",
    Kind.ENTRIES: "keep_source_text_months",
    Kind.POSTS: "keep_source_text_months",
    Kind.MESSAGES: "keep_source_text_months",
    Kind.LISTS: "keep_source_text_months",
    Kind.WISHES: "keep_source_text_months",
    Kind.ANSWERS: "keep_source_text_months",
    Kind.HEARD: "keep_source_text_months",
    Kind.REPORTS: "keep_source_text_months",
    Kind.OPENINGS: "keep_opening_months",
}
"""The setting that says how long each kind is kept."""


@dataclass(frozen=True)
class Borders:
    """What lies on or before these days has been kept long enough; ``…_at`` is when a day ends.

    ``visit`` is the last pickup of a member who is made anonymous: the after-sales window that
    followed it is over for the months of the setting.
    """

    today: date
    visit: date
    visit_at: datetime
    birthday: date
    birthday_at: datetime
    consent_at: datetime
    text: date
    text_at: datetime
    opening: date


def borders(settings: Settings, today: date) -> Borders:
    """Return what is past its time on ``today``."""
    kept = {name: months_later(today, -getattr(settings, name)) for name in BY_SETTING.values()}
    visit = kept["keep_order_contact_months"] - timedelta(days=settings.after_sales_days)
    birthday, text = kept["keep_birthday_months"], kept["keep_source_text_months"]

    def end_of(day: date) -> datetime:
        return day_bounds(day, settings.time_zone)[1]

    return Borders(
        today=today,
        visit=visit,
        visit_at=end_of(visit),
        birthday=birthday,
        birthday_at=end_of(birthday),
        consent_at=end_of(kept["keep_consent_months"]),
        text=text,
        text_at=end_of(text),
        opening=kept["keep_opening_months"],
    )


def month_of(today: date) -> date:
    """Return the first day of the month a clean-up belongs to."""
    return today.replace(day=1)
