"""Places on the globe and the distance between them, without any map service."""

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from lib.kernel.errors import Refused
from lib.kernel.words import N_

EARTH_METRES = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""

_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Position:
    """A place in millionths of a degree (about 0.1 m): latitude north, longitude east."""

    latitude_e6: int
    longitude_e6: int

    def __post_init__(self) -> None:
        if abs(self.latitude_e6) > 90 * _MILLION or abs(self.longitude_e6) > 180 * _MILLION:
            raise Refused(
                N_("Latitude lies between -90 and 90, longitude between -180 and 180 degrees.")
            )

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Read ``30.27415, 120.15515`` (latitude first; any separator, full-width too).

        A pair that can only be longitude first (the second beyond 90 never is a latitude) is
        turned round, because Chinese map services print it so. Raises ``Refused`` for all else.
        """
        numbers = _NUMBER.findall(unicodedata.normalize("NFKC", text))
        if len(numbers) != 2:
            raise Refused(N_("Write the position as two numbers, like 30.27415, 120.15515."))
        first, second = (
            int((Decimal(number) * _MILLION).to_integral_value()) for number in numbers
        )
        if abs(first) > 90 * _MILLION >= abs(second):
            first, second = second, first
        return cls(first, second)

    @property
    def said(self) -> str:
        """The position as people copy it: ``30.274150, 120.155150``."""
        return f"{self.latitude_e6 / _MILLION:.6f}, {self.longitude_e6 / _MILLION:.6f}"

    def metres_to(self, other: "Position") -> int:
        """Return the great-circle distance in whole metres (haversine)."""
        north, east = math.radians(self.latitude_e6 / _MILLION), self.longitude_e6 / _MILLION
        to_north, to_east = (
            math.radians(other.latitude_e6 / _MILLION),
            other.longitude_e6 / _MILLION,
        )
        half = (
            math.sin((to_north - north) / 2) ** 2
            + math.cos(north) * math.cos(to_north) * math.sin(math.radians(to_east - east) / 2) ** 2
        )
        return round(2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(half))))
