"""Decisions about photos of activities (R12): children are shown only by consent. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_

LONGEST_CAPTION = 80
LONGEST_CONSENT = 200
MOST_PHOTOS = 60
"""Photos of one activity."""


@dataclass(frozen=True)
class Details:
    """What is known of a photo.

    ``consent`` says who agreed and how ("the mother of the girl in red, in WeChat"), ``consent_on``
    the day. A child's name is never asked for.
    """

    shows_children: bool
    caption: str = ""
    consent: str = ""
    consent_on: date | None = None

    def checked(self, today: date) -> "Details":
        """Return it cleaned; raises ``Refused`` for half a consent and one of a day to come.

        Consent without a day is of today; a photo without children keeps none.
        """
        consent = clean(self.consent, LONGEST_CONSENT) if self.shows_children else ""
        on = (self.consent_on or today) if consent else None
        if on is not None and on > today:
            raise Refused(N_("Consent cannot be of a day to come."))
        caption = clean(self.caption, LONGEST_CAPTION)
        return replace(self, caption=caption, consent=consent, consent_on=on)

    @property
    def may_be_published(self) -> bool:
        """Whether nothing stands against showing it to anybody."""
        return not self.shows_children or bool(self.consent)
