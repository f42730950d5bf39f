"""Money in tables: the sign stands before the ¥, whatever the table (design.md, look)."""

import pyarrow
from streamlit.testing.v1 import AppTest

from lib.ui.show import MOST_WRITTEN


def _draw(amounts: list[int | None]) -> None:
    from datetime import date
    from types import SimpleNamespace

    import pandas as pd

    from lib.ui import show

    shop = SimpleNamespace(settings=SimpleNamespace(time_zone="UTC"), today=date(2026, 9, 25))
    frame = pd.DataFrame({"what": ["x"] * len(amounts), "sum": amounts})
    show.table(frame, "sums", shop, money_columns=["sum"])  # type: ignore[arg-type]


def written(amounts: list[int | None]) -> list[str] | None:
    """Return the amounts as they are written one by one; None where a pattern does it."""
    at = AppTest.from_function(_draw, args=(amounts,)).run()
    assert not at.exception, at.exception
    values = at.dataframe[0].proto.arrow_data.styler.display_values
    if not values:
        return None
    return list(pyarrow.ipc.open_stream(values).read_all().to_pydict()["sum"])


def test_an_amount_below_nothing_has_its_sign_before_the_yuan() -> None:
    said = written([-200, 123_450, None, -5, 0])
    assert said == ["-¥2.00", "¥1,234.50", "—", "-¥0.05", "¥0.00"]


def test_a_table_without_one_and_a_long_one_are_written_by_their_pattern() -> None:
    assert written([200, 0, None]) is None
    assert written([-200] * (MOST_WRITTEN + 1)) is None
