"""What the owner is about to publish, kept while it is being put together. Pure.

The preview page reads it from the owner's draft, so that no title and no name stands in an address.
"""

import json
from dataclasses import dataclass
from datetime import date

FORM = "publish_sheet"
"""The form, and the draft of :mod:`lib.shop.drafts`, that hold an intent."""


@dataclass(frozen=True)
class Intent:
    """The next sheet as typed: heading, goods, which sheet it corrects and what was wrong there.

    ``first`` and ``last`` are the days whose books it is computed from, ``round_id`` the round
    that alone counts; None for the usual days and for every round.
    """

    title: str
    day: date
    product_ids: tuple[int, ...]
    corrects: int | None = None
    correction: str = ""
    first: date | None = None
    last: date | None = None
    round_id: int | None = None

    @property
    def text(self) -> str:
        """The intent as a draft keeps it."""
        return json.dumps(
            {
                "title": self.title,
                "day": self.day.isoformat(),
                "products": list(self.product_ids),
                "corrects": self.corrects,
                "correction": self.correction,
                "first": self.first.isoformat() if self.first else None,
                "last": self.last.isoformat() if self.last else None,
                "round": self.round_id,
            },
            ensure_ascii=False,
        )

    @classmethod
    def of_text(cls, text: str) -> "Intent | None":
        """Return the intent that :attr:`text` keeps; None for the text of another program."""
        try:
            kept = json.loads(text)
            return cls(
                str(kept["title"]),
                date.fromisoformat(kept["day"]),
                tuple(int(number) for number in kept["products"]),
                kept["corrects"],
                str(kept["correction"]),
                date.fromisoformat(kept["first"]) if kept["first"] else None,
                date.fromisoformat(kept["last"]) if kept["last"] else None,
                kept["round"],
            )
        except (ValueError, KeyError, TypeError):
            return None
