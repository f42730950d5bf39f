"""Showing figures the way people read them: money, dates, states, tables, texts to copy.

Pages format nothing themselves. Late is persimmon, soon is amber, in order is leaf, everywhere and
always with a word.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd
import streamlit as st
from babel.dates import format_date, get_day_names, get_month_names

from lib.kernel.clock import local
from lib.kernel.money import Money
from lib.shop import export
from lib.shop.language import locale
from lib.shop.shop import Shop
from lib.ui.words import _, language, plain

State = Literal["late", "soon", "good", "quiet"]
Emphasis = Literal["primary", "secondary", "tertiary"]
_COLOURS: dict[State, Any] = {"late": "red", "soon": "orange", "good": "green", "quiet": "gray"}
_ICONS: dict[State, str] = {
    "late": ":material/error:",
    "soon": ":material/schedule:",
    "good": ":material/check_circle:",
    "quiet": ":material/circle:",
}


MOST_WRITTEN = 500
"""Rows of a table in which amounts below nothing are written with the sign before the ¥."""


def money(amount: Money | None) -> str:
    """Return ``¥1,234.50``, a minus sign before the ¥, or a dash for nothing known."""
    if amount is None:
        return "—"
    return f"{'-' if amount.fen < 0 else ''}¥{abs(amount.yuan):,.2f}"


def day(value: date, shop: Shop) -> str:
    """Return a day as people say it: 今天, 明天, 周三 11月25日; with the year if another."""
    ahead = (value - shop.today).days
    if ahead in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[ahead]
    chinese = language() == "zh_CN"
    if value.year != shop.today.year:
        pattern = "y年M月d日" if chinese else "d MMM y"
    else:
        pattern = "EEE M月d日" if chinese else "EEE d MMM"
    return format_date(value, pattern, locale=locale(language()))


def month(value: date) -> str:
    """Return the month of a day: 2026年9月, September 2026."""
    pattern = "y年M月" if language() == "zh_CN" else "MMMM y"
    return format_date(value, pattern, locale=locale(language()))


def month_name(number: int) -> str:
    """Return the name of a month, 1 for January: 五月, May."""
    return str(get_month_names("wide", "stand-alone", locale(language()))[number])


def weekday(number: int) -> str:
    """Return the short name of a day of the week, 0 for Monday: 周一, Mon."""
    return str(get_day_names("abbreviated", locale=locale(language()))[number])


def moment(value: datetime | None, shop: Shop) -> str:
    """Return a moment as people say it: 今天 18:00; a dash for none."""
    if value is None:
        return "—"
    here = local(value, shop.settings.time_zone)
    return f"{day(here.date(), shop)} {here:%H:%M}"


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units: 2 h 05 min, 3 d 4 h."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=f"{minutes % 60:02}")
    return _("{minutes} min").format(minutes=minutes)


def brief_span(length: timedelta) -> str:
    """Return a length of time in its largest unit, rounded down: 3 d, 5 h, 40 min."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes >= 1440:
        return _("{days} d").format(days=minutes // 1440)
    if minutes >= 60:
        return _("{hours} h").format(hours=minutes // 60)
    return _("{minutes} min").format(minutes=minutes)


def slot(key: str | None, shop: Shop, *, usual: bool = False) -> str:
    """Return the name and hours of a pickup slot; a dash for none.

    ``usual``: nobody said it, the resident usually comes in it (R21).
    """
    found = shop.settings.slot(key)
    if found is None:
        return "—"
    said = f"{_(found.name)} {found.hours}"
    return _("{slot} (usual)").format(slot=said) if usual else said


def state(kind: State, text: str) -> None:
    """Show a badge: colour, icon and word say the same."""
    st.badge(text, icon=_ICONS[kind], color=_COLOURS[kind])


def figures(*items: tuple[str, str] | tuple[str, str, str]) -> None:
    """Show the numbers that matter first: ``(label, value)`` or ``(label, value, help)``."""
    with st.container(horizontal=True):
        for item in items:
            st.metric(item[0], item[1], help=item[2] if len(item) > 2 else None, border=True)


def nothing(sentence: str, hint: str = "") -> None:
    """Show a designed empty state: what is missing and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f":material/potted_plant: **{sentence}**", text_alignment="center")
        if hint:
            st.caption(hint, text_alignment="center")


def copyable(text: str, key: str) -> None:
    """Show a group text with a copy button that also works on a plain-http address."""
    with st.container(key=f"copy-{key}"):
        st.code(text, language=None, wrap_lines=True)


def table(
    frame: pd.DataFrame,
    name: str,
    shop: Shop,
    *,
    money_columns: Sequence[str] = (),
    moment_columns: Sequence[str] = (),
    config: dict[str, Any] | None = None,
    empty: str = "",
    key: str = "",
    whole: Callable[[], pd.DataFrame] | None = None,
    **options: Any,
) -> Any:
    """Show a table with its Excel and CSV export below it (E12).

    ``money_columns`` hold integer fen, ``moment_columns`` aware UTC; both are shown and exported
    in yuan and in the shop's time. ``name`` is the file name (ASCII, nothing personal) and,
    unless ``key`` is given, the key. ``whole`` makes what is exported where ``frame`` is one page
    of it; it runs when a file is asked for, outside the session. Returns what ``st.dataframe``
    returns.
    """
    if frame.empty:
        nothing(empty or _("Nothing here yet."))
        return None
    ready = export.readable(frame, money_columns, moment_columns, shop.settings.time_zone)
    below = _below_nothing(ready, money_columns)
    columns: dict[str, Any] = {
        column: st.column_config.NumberColumn(format=None if column in below else "¥%,.2f")
        for column in money_columns
    }
    for column in moment_columns:
        columns[column] = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")
    shown = st.dataframe(
        ready.style.format(dict.fromkeys(below, _yuan), na_rep="—") if below else ready,
        hide_index=True,
        placeholder="—",
        column_config={**columns, **(config or {})},
        key=key or f"table-{name}",
        **options,
    )
    zone = shop.settings.time_zone
    exports(
        ready,
        name,
        shop,
        None
        if whole is None
        else lambda: export.readable(whole(), money_columns, moment_columns, zone),
    )
    return shown


def _below_nothing(frame: pd.DataFrame, money_columns: Sequence[str]) -> list[str]:
    """Return the columns with amounts below nothing, which a pattern would write ``¥-2.00``.

    Their cells are written one by one, which takes three times as long: only up to
    :data:`MOST_WRITTEN` rows.
    """
    if len(frame) > MOST_WRITTEN:
        return []
    return [column for column in money_columns if (frame[column] < 0).any()]


def _yuan(amount: Any) -> str:
    return money(Money(round(amount * 100)))


def exports(
    frame: pd.DataFrame,
    name: str,
    shop: Shop,
    whole: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """Show the Excel and CSV buttons of a table; the file is made when one is pressed.

    ``whole`` makes the table of the file where ``frame`` is only a page of it.
    """
    made = whole or (lambda: frame)
    file_name = f"linli-{name}-{shop.today:%Y%m%d}"
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            _("Excel"),
            data=lambda: export.to_excel(made()),
            file_name=f"{file_name}.xlsx",
            mime=export.EXCEL,
            icon=":material/download:",
            key=f"excel-{name}",
            type="tertiary",
            on_click="ignore",
        )
        st.download_button(
            _("CSV"),
            data=lambda: export.to_csv(made()),
            file_name=f"{file_name}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"csv-{name}",
            type="tertiary",
            on_click="ignore",
        )


def name_of(text: object) -> str:
    """Return text typed by people, safe inside any markdown."""
    return plain(text)
