"""What the columns of a brought file mean: shown with an example, correctable."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from lib.ui.words import _

Meaning = TypeVar("Meaning")


def edited(
    headings: Sequence[str],
    examples: Sequence[str],
    meanings: Sequence[Meaning],
    labels: Mapping[Meaning, str],
    key: str,
) -> list[Meaning]:
    """Draw one row per column and return what each means now; ``labels`` are all there are."""
    heading, example, means = _("Column"), _("Example"), _("Means")
    said = [labels[meaning] for meaning in meanings]
    frame = st.data_editor(
        pd.DataFrame({heading: headings, example: examples, means: said}),
        hide_index=True,
        disabled=[heading, example],
        column_config={
            means: st.column_config.SelectboxColumn(options=list(labels.values()), required=True)
        },
        key=key,
    )
    known = {label: meaning for meaning, label in labels.items()}
    return [known[label] for label in frame[means]]
