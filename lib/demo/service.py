"""Service in the demo shop: complaints, delivery, reminders, packaging (mission, part C).

Everything happens through the program's own commands at the moments it would have happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.demo import complaints_now, complaints_usual
from lib.demo.cast import Cast
from lib.demo.complaints import Complaints
from lib.demo.complaints_past import Past
from lib.demo.counter import Counter
from lib.demo.deliveries import HOMES, Deliveries
from lib.demo.diary import Diary
from lib.demo.shelf.simulation import Period

SETTINGS: Mapping[str, Any] = {"delivery_homes": HOMES, "public_service_figures": True}
"""What makes service visible."""


@dataclass
class Service:
    """What the daily story tells service of, and what service adds to it."""

    complaints: Complaints
    past: Past
    deliveries: Deliveries

    @classmethod
    def noted(cls, diary: Diary, cast: Cast) -> "Service":
        """Note everything of service in the diary and return who hears of the daily story."""
        complaints = Complaints(cast, diary)
        found = cls(complaints, Past(complaints), Deliveries(cast, diary))
        found.past.schedule()
        found.deliveries.schedule()
        Counter(complaints).schedule()
        complaints_now.schedule(complaints)
        return found

    def shelf_was_kept(self, period: Period, batches: Mapping[int, int]) -> None:
        """Hear what came to the shelf in a period of the past, and look batches up."""
        self.past.arrived += [
            (each.name, each.day, batches[each.number]) for each in period.arrived
        ]
        self.past.look_up_batches()

    def ordered(self, number: int, added: Sequence[int]) -> list[int]:
        """Hear of the orders of a round; return those that are collected at the counter."""
        return self.deliveries.of_round(number, added)

    def collected(self, order_ids: Sequence[int], bad: Sequence[int]) -> None:
        """Hear of orders that were collected, and with which of them something was wrong."""
        complaints_usual.hear(self.complaints, order_ids, bad)
