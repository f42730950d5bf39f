"""Fields of the settings page: one widget per kind, the default beside it, slots as rows."""

from dataclasses import fields, replace
from datetime import time
from typing import Any

import streamlit as st

from lib.kernel.money import Money
from lib.shop.settings import About, Kind, Settings, Slot, about
from lib.shop.settings_commands import Stored
from lib.shop.settings_effects import effect
from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.forms import Form
from lib.ui.words import _, plain

DEFAULTS = Settings()
_NEW_SLOT = Slot("", "", time(9), time(11))


def names_in(group: str) -> list[str]:
    """Return the settings of ``group`` in their order."""
    return [item.name for item in fields(Settings) if about(item.name).group == group]


def draw(form: Form, name: str, shop: Shop, stored: Stored) -> Any:
    """Draw setting ``name`` with its explanation and return the value as typed."""
    this, value = about(name), getattr(shop.settings, name)
    with st.container(border=True):
        typed = _widget(form, name, this, value)
        st.caption(_explained(this))
        sentence = said_effect(shop.settings, name)
        if sentence:
            st.caption(f":material/arrow_right_alt: {sentence}")
        st.caption(_origin(name, value, stored, shop))
    return typed


def said_effect(settings: Settings, name: str) -> str:
    """Return what setting ``name`` does now in one sentence; empty where nothing is to be said."""
    found = effect(settings, name)
    if found is None:
        return ""
    sentence, values = found
    shown = {
        key: plain(show.money(value) if isinstance(value, Money) else value)
        for key, value in values.items()
    }
    return _(sentence).format(**shown)


def label(name: str) -> str:
    """Return the label of a setting."""
    return _(about(name).label)


def differs(name: str, shop: Shop) -> bool:
    """Whether a setting has another value than its default."""
    return bool(getattr(shop.settings, name) != getattr(DEFAULTS, name))


def default_of(name: str) -> str:
    """Return the default of a setting as people read it."""
    return said_value(name, getattr(DEFAULTS, name))


def said_value(name: str, value: Any) -> str:
    """Return the value of a setting as people read it."""
    this = about(name)
    if this.kind is Kind.MONEY:
        return show.money(value)
    if this.kind is Kind.YES_NO:
        return _("yes") if value else _("no")
    if this.kind is Kind.CHOICE:
        return _(dict(this.choices).get(value, value))
    if this.kind is Kind.SLOTS:
        return "、".join(f"{_(slot.name)} {slot.hours}" for slot in value)
    if this.kind is Kind.WEEKDAYS:
        return "、".join(show.weekday(day) for day in value)
    text = str(value) if value != "" else _("empty")
    return f"{text} {_(this.unit)}" if this.unit else text


def _widget(form: Form, name: str, this: About, value: Any) -> Any:
    label, key = _(this.label), form.field(name)
    if this.unit:
        label = f"{label} ({_(this.unit)})"
    if this.kind is Kind.YES_NO:
        return st.toggle(label, value, key=key)
    if this.kind is Kind.WHOLE:
        return st.number_input(label, this.least, this.most, value, step=1, key=key, width=260)
    if this.kind is Kind.MONEY:
        typed = st.number_input(
            f"{label} (¥)", 0.0, None, float(value.yuan), 0.5, "%.2f", key, width=260
        )
        return Money.of(f"{typed:.2f}")
    if this.kind is Kind.CHOICE:
        words = {choice: _(said) for choice, said in this.choices}
        return st.radio(
            label,
            list(words),
            list(words).index(value),
            format_func=words.__getitem__,
            horizontal=True,
            key=key,
        )
    if this.kind is Kind.SLOTS:
        return _slots(form, label, value)
    if this.kind is Kind.WEEKDAYS:
        days = st.pills(
            label,
            range(7),
            selection_mode="multi",
            default=list(value),
            format_func=show.weekday,
            key=key,
        )
        return tuple(sorted(days))
    if this.kind is Kind.LONG_TEXT:
        return st.text_area(label, value, key=key)
    return st.text_input(label, value, max_chars=80, key=key)


def _slots(form: Form, label: str, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    st.markdown(f"**{label}**")
    typed = [_slot(form, slot) for slot in slots]
    added = _slot(form, _NEW_SLOT)
    if added is not None and added.name:
        typed.append(replace(added, key=f"s{form.key[:8]}"))
    return tuple(slot for slot in typed if slot is not None)


def _slot(form: Form, slot: Slot) -> Slot | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            _("Slot name") if slot.key else _("New slot"),
            _(slot.name) if slot.name else "",
            placeholder=_("empty: none added"),
            max_chars=20,
            key=form.field(f"slot-name-{slot.key}"),
            width=220,
        )
        with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
            start = st.time_input(
                _("From"), slot.start, key=form.field(f"slot-from-{slot.key}"), width=100
            )
            end = st.time_input(_("To"), slot.end, key=form.field(f"slot-to-{slot.key}"), width=100)
            dropped = bool(slot.key) and st.checkbox(
                _("Remove"), key=form.field(f"slot-drop-{slot.key}")
            )
    if dropped:
        return None
    # An untouched name stays the msgid, so that it is still translated for everybody.
    kept = slot.name if name == _(slot.name) else name
    return Slot(slot.key, kept, start or slot.start, end or slot.end)


def _explained(this: About) -> str:
    mark = f" `{this.practice}`" if this.practice else ""
    return plain(_(this.explains)) + mark


def _origin(name: str, value: Any, stored: Stored, shop: Shop) -> str:
    default = _("Default: {value}").format(value=plain(default_of(name)))
    if value == getattr(DEFAULTS, name):
        return default
    if stored.changed_at is None:
        return default
    changed = _("changed {time} by {name}").format(
        time=plain(show.moment(stored.changed_at, shop)), name=plain(stored.changed_by or "—")
    )
    return f"{default} · {changed}"
