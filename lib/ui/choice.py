"""Choosing one of several: by a list whose choice stands in the address, or in a table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.forms import Form

Thing = TypeVar("Thing")


def of_names(label: str, names: Mapping[int, str], parameter: str) -> int | None:
    """Ask for one of ``names`` by id; see :func:`of`. None when there is nothing to choose."""
    if not names:
        return None
    return of(label, list(names), parameter, said=names.__getitem__, written=str)


def of(
    label: str,
    things: Sequence[Thing],
    parameter: str,
    *,
    said: Callable[[Thing], str],
    written: Callable[[Thing], str],
    usual: int = 0,
) -> Thing:
    """Ask for one of ``things``; the address carries it as ``?parameter=<written(thing)>``.

    A link to the same page with another value chooses that one: the list is made anew for every
    value in the address. A value that is not among them is ignored, and the ``usual`` one stands.
    """
    asked = st.query_params.get(parameter, "")
    known = [number for number, thing in enumerate(things) if written(thing) == asked]
    index = known[0] if known else usual
    words = {thing: said(thing) for thing in things}
    chosen = st.selectbox(
        label, things, index=index, format_func=words.__getitem__, key=f"choose-{parameter}-{asked}"
    )
    if chosen != things[index]:
        st.query_params[parameter] = written(chosen)
    return chosen


def of_rows(frame: pd.DataFrame, name: str, shop: Shop, **table: Any) -> int | None:
    """Show a table (see :func:`lib.ui.show.table`) and return the row a person picked in it.

    The row is told once: who comes back to the list finds nothing picked.
    """
    selection = Form(f"{name}_selection")
    event = show.table(
        frame,
        name,
        shop,
        key=selection.field("rows"),
        on_select="rerun",
        selection_mode="single-row",
        **table,
    )
    picked = event.selection.rows if event is not None else []
    if not picked:
        return None
    selection.renew()
    return int(picked[0])


def of_views(label: str, names: Mapping[str, str], asked: str, key: str) -> str:
    """Let one part of a page be chosen, ``asked`` at first; only that part is read and drawn."""
    chosen = st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        default=asked,
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    return str(chosen or asked)
