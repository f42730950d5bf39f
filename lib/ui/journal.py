"""The journal on screen: one readable sentence per row, filters, export."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from lib.kernel.clock import local
from lib.kernel.money import Money
from lib.shop import export
from lib.shop.journal import Verdict
from lib.shop.journal_changes import Change, changes_of, facts_of, label_of_field
from lib.shop.journal_changes import is_money as is_money_field
from lib.shop.journal_queries import MOST_EXPORTED, Choices, Entry, Wanted, entries
from lib.shop.journal_words import ACTIONS, SUBJECTS
from lib.shop.language import translator
from lib.shop.settings import Settings, about
from lib.shop.shop import SYSTEM, Shop
from lib.ui import show
from lib.ui.journal_values import word_of
from lib.ui.words import _, language, plain

Translate = Callable[[str], str]
LONGEST_VALUE = 80
MOST_CHANGES = 12
_SEPARATOR = " · "
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_REFERENCE = re.compile(r"([a-z_]+):(\d+)")


def filters(known: Choices) -> Wanted:
    """Ask whose, which and what rows to show; the address remembers it."""
    with st.container(horizontal=True):
        days = st.date_input(
            _("Days"),
            (),  # type: ignore[arg-type]  # how an empty range is asked for
            format="YYYY-MM-DD",
            key="journal-days",
            width=250,
        )
        actor = st.selectbox(
            _("Who"),
            known.actors,
            index=None,
            placeholder=_("everybody"),
            key="journal-actor",
            width=170,
        )
        action = st.selectbox(
            _("Action"),
            known.actions,
            index=None,
            format_func={name: said_action(name) for name in known.actions}.__getitem__,
            placeholder=_("everything"),
            key="journal-action",
            width=230,
        )
        kind = st.selectbox(
            _("About"),
            list(SUBJECTS),
            index=None,
            format_func={name: _(said) for name, said in SUBJECTS.items()}.__getitem__,
            placeholder=_("everything"),
            key="journal-kind",
            width=170,
        )
    first = days[0] if isinstance(days, tuple) and days else None
    last = days[1] if isinstance(days, tuple) and len(days) == 2 else first
    return Wanted(first, last, actor, action, st.query_params.get("about") or kind)


def row(entry: Entry, shop: Shop) -> None:
    """Show one row: what, about whom or what, from what to what; then when and who."""
    about_what = subject_of(entry, _)
    title = f"**{plain(said_action(entry.action))}**"
    if about_what:
        title += f" · {plain(about_what)}"
    with st.container(border=True, gap="small"):
        st.markdown(title)
        said = [
            said_change(change, _, shop.settings.time_zone) for change in changes_of(entry.details)
        ]
        said += [said_fact(name, value, _) for name, value in facts_of(entry.details).items()]
        if said:
            st.markdown(_SEPARATOR.join(plain(sentence) for sentence in said[:MOST_CHANGES]))
        if len(said) > MOST_CHANGES:
            with st.expander(_("{count} more").format(count=len(said) - MOST_CHANGES)):
                st.markdown(_SEPARATOR.join(plain(sentence) for sentence in said[MOST_CHANGES:]))
        st.caption(f"{plain(show.moment(entry.at, shop))} · {plain(actor_of(entry, _))}")


def sentences(entry: Entry, translate: Translate, zone: str) -> list[str]:
    """Return what an entry changed, and what else it says, one sentence each."""
    changes = [said_change(change, translate, zone) for change in changes_of(entry.details)]
    facts = facts_of(entry.details)
    return changes + [said_fact(name, value, translate) for name, value in facts.items()]


def said_action(action: str) -> str:
    """Return what an action is called; its own name where it has no other."""
    return _(ACTIONS.get(action, action))


def subject_of(entry: Entry, translate: Translate) -> str:
    """Return what an entry is about: ``Product 土鸡蛋``, ``Order 12``."""
    kind, _colon, number = entry.subject.partition(":")
    if not kind:
        return ""
    if kind == "setting":
        return f"{translate(SUBJECTS[kind])} {_setting_label(number, translate)}"
    return f"{translate(SUBJECTS.get(kind, kind))} {entry.name or number}".strip()


def actor_of(entry: Entry, translate: Translate) -> str:
    """Return who did it; the program goes by no name of a person."""
    return translate("the program") if entry.actor == SYSTEM.name else entry.actor


def said_change(change: Change, translate: Translate, zone: str) -> str:
    """Return one change: ``price: 5.80 → 6.80``; what did not exist is left out."""
    before = _said_of(change.field, change.before, translate, zone)
    after = _said_of(change.field, change.after, translate, zone)
    values = after if change.before is None else f"{before} → {after}"
    if not change.field:
        return values
    return _named(_field_label(change.field, translate), values, translate)


def said_fact(name: str, value: Any, translate: Translate) -> str:
    """Return a fact beside the change, like a reason."""
    said = _said_of(name, value, translate, "UTC")
    return _named(_field_label(name, translate), said, translate)


def _named(name: str, value: str, translate: Translate) -> str:
    return translate("{name}: {about}").format(name=name, about=value)


def _said_of(field: str, value: Any, translate: Translate, zone: str) -> str:
    word = word_of(field, value)
    return translate(word) if word else _said(value, is_money_field(field), translate, zone)


def _said(value: Any, is_money: bool, translate: Translate, zone: str) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if is_money and isinstance(value, int):
        return show.money(Money(value))
    if isinstance(value, list):
        between = "；" if any(isinstance(item, dict) for item in value) else "、"
        return between.join(_said(item, is_money, translate, zone) for item in value) or "—"
    if isinstance(value, dict):
        return "、".join(
            f"{_field_label(name, translate)} {_said_of(name, item, translate, zone)}"
            for name, item in value.items()
            if item not in (None, "", [])
        )
    reference = _REFERENCE.fullmatch(str(value))
    if reference and reference[1] in SUBJECTS:
        return f"{translate(SUBJECTS[reference[1]])} {reference[2]}"
    return _moment_or_text(str(value), zone)[:LONGEST_VALUE]


def _moment_or_text(text: str, zone: str) -> str:
    if _FINGERPRINT.fullmatch(text):
        return text[:8]
    if len(text) < 20 or text[10] != "T":
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{local(moment, zone):%Y-%m-%d %H:%M}" if moment.tzinfo else text


def _field_label(field: str, translate: Translate) -> str:
    if field in Settings.__dataclass_fields__:
        return _setting_label(field, translate)
    return translate(label_of_field(field))


def _setting_label(name: str, translate: Translate) -> str:
    known = name in Settings.__dataclass_fields__
    return translate(about(name).label) if known else name


def exports(shop: Shop, wanted: Wanted) -> None:
    """Offer all rows of the filter as a file, at most :data:`MOST_EXPORTED`; made when pressed."""
    translate = translator(language())

    def frame() -> pd.DataFrame:
        found = entries(shop, wanted, size=MOST_EXPORTED)
        return frame_of(found, shop, translate)

    name = f"linli-journal-{shop.today:%Y%m%d}"
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            _("Excel"),
            lambda: export.to_excel(frame()),
            f"{name}.xlsx",
            export.EXCEL,
            icon=":material/download:",
            key="excel-journal",
            type="tertiary",
            on_click="ignore",
        )
        st.download_button(
            _("CSV"),
            lambda: export.to_csv(frame()),
            f"{name}.csv",
            "text/csv",
            icon=":material/download:",
            key="csv-journal",
            type="tertiary",
            on_click="ignore",
        )


def frame_of(found: Sequence[Entry], shop: Shop, translate: Translate) -> pd.DataFrame:
    """Return journal rows as a table with the shop's own time."""
    zone = shop.settings.time_zone
    return pd.DataFrame(
        [
            {
                translate("No."): entry.id,
                translate("When"): local(entry.at, zone).replace(tzinfo=None),
                translate("Who"): actor_of(entry, translate),
                translate("Action"): translate(ACTIONS.get(entry.action, entry.action)),
                translate("About"): subject_of(entry, translate),
                translate("Changes"): "; ".join(sentences(entry, translate, zone)),
            }
            for entry in found
        ]
    )


def verdict(result: Verdict) -> None:
    """Say whether the journal is as it was written."""
    if result.first_bad is None:
        show.state(
            "good", _("All {count} rows are as they were written.").format(count=result.rows)
        )
        return
    show.state("late", _("Row {number} does not fit.").format(number=result.first_bad))
    st.error(
        _("From this row on the journal was changed from outside. Restore a backup made before."),
        icon=":material/gpp_bad:",
    )
