"""How large an order file may be before it is refused (reliability A18).

The figures bound what one upload can cost the server, whatever the file claims about itself. A
year of a three-person shop is about 5,000 orders; the largest export met had 60 columns.
"""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file; sizes in bytes, times in seconds.

    ``file_bytes`` the file itself; ``unpacked_bytes`` all its parts together once unpacked;
    ``parts`` entries of the archive; ``area`` rows times columns of one sheet; ``cells`` filled
    cells and ``text_chars`` characters of the whole file; ``cell_chars`` of one cell;
    ``memory_bytes`` address space and ``cpu_seconds`` of the reading process (where the system
    can enforce them); ``wall_seconds`` until the reading process is ended from outside.
    """

    file_bytes: int = 20 * MEBIBYTE
    unpacked_bytes: int = 160 * MEBIBYTE
    parts: int = 2_000
    sheets: int = 40
    rows: int = 20_000
    columns: int = 600
    area: int = 3_000_000
    cells: int = 500_000
    cell_chars: int = 32_767
    text_chars: int = 12_000_000
    memory_bytes: int = 768 * MEBIBYTE
    cpu_seconds: int = 8
    wall_seconds: float = 9.0

    @property
    def file_megabytes(self) -> int:
        """The file limit as people read it."""
        return self.file_bytes // MEBIBYTE
