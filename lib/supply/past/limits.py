"""How large a file of daily figures may be: three years of a supermarket, sale by sale.

878,503 single sales of 251 vegetables are 6.2 million cells; as a workbook they unpack to about
400 MB and are read in about a minute, as CSV in some ten seconds. All of it happens in the reading
process, whose memory ends with it.
"""

from lib.trade.orders.sheets.limits import MEBIBYTE, Limits

MOST_ROWS = 1_048_576
"""What one sheet of a workbook can hold."""
LARGEST_FILE_MEBIBYTES = 200
READING_SECONDS = 240

DAILY_FIGURES = Limits(
    file_bytes=LARGEST_FILE_MEBIBYTES * MEBIBYTE,
    unpacked_bytes=1_024 * MEBIBYTE,
    rows=MOST_ROWS,
    columns=200,
    area=16 * MOST_ROWS,
    cells=12_000_000,
    cell_chars=2_000,
    text_chars=200_000_000,
    memory_bytes=1_536 * MEBIBYTE,
    cpu_seconds=READING_SECONDS,
    wall_seconds=READING_SECONDS + 20.0,
)
