"""Robots on screen: add, test, switch, put away. An address is typed once and never shown (E17)."""

import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.messages.channels.commands import (
    add_channel,
    archive_channel,
    change_channel,
    switch_channel,
    try_channel,
)
from lib.shop.messages.outbox.queries import Channel, channels
from lib.shop.messages.outbox.rules import (
    KIND_NAMES,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    Came,
    Kind,
    said_error,
)
from lib.shop.messages.outbox.sealing import mark
from lib.shop.shop import Shop
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

TEST = N_("Test by {shop}: this robot is set up.")


def robots(shop: Shop) -> None:
    """Show every robot with what can be done to it, and the form for another."""
    found = channels(shop)
    if not found:
        show.nothing(
            _("No robot yet: texts are copied and posted by hand."),
            _("In a WeCom group: add a group robot, copy its address, and paste it here."),
        )
    for each in found:
        if each.archived_at is None:
            _one(shop, each)
    with st.expander(_("Add a robot"), icon=":material/add:", expanded=not found, key="robot-add"):
        _add(shop)
    gone = [plain(each.name) for each in found if each.archived_at is not None]
    if gone:
        st.caption(_("Put away: {names}").format(names="、".join(gone)))
    st.caption(
        _(
            "The address of a robot is a password. It is kept sealed, shown nowhere, and is part "
            "of every backup with the key that opens it."
        )
    )


def _one(shop: Shop, each: Channel) -> None:
    with st.container(border=True, key=f"robot-{each.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            ends = f" …{plain(each.ends_in)}" if each.ends_in else ""
            st.markdown(
                f"**{plain(each.name)}** · {_(KIND_NAMES[each.kind])}{ends}", width="stretch"
            )
            if not each.readable:
                show.state("late", _("address unreadable"))
            elif each.active:
                show.state("good", _("in use"))
            else:
                show.state("quiet", _("switched off"))
        with st.container(horizontal=True):
            _try(shop, each)
            with st.popover(_("Change"), icon=":material/edit:", key=f"robot-change-{each.id}"):
                _change(shop, each)
            _switch(shop, each)


def _try(shop: Shop, each: Channel) -> None:
    form = Form(f"robot-test-{each.id}")
    if st.button(_("Send a test"), icon=":material/send:", key=form.field("go")):
        say = translator(shop.settings.language)
        text = say(TEST).format(shop=shop.settings.shop_name or say("Our shop"))
        with feedback.saying(_("The test is sent: look into the group."), form):
            with st.spinner(_("Waiting for the robot")):
                outcome = try_channel(form.once(shop, each.id, text), each.id, text)
            if outcome.came is not Came.SENT:
                form.renew()  # the next touch is another try
                sentence, values = said_error(outcome.error)
                raise Refused(sentence, **values)


def _change(shop: Shop, each: Channel) -> None:
    form = Form(f"robot-{each.id}")
    version = form.seen("version", each.version)
    with st.form(form.field("form"), border=False):
        label = _("Another address (empty: as it is)")
        name, kind, address = _fields(form, each.name, each.kind, label)
        saved = st.form_submit_button(_("Save robot"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Robot saved"), form):
            bound = form.once(shop, each.id, name, kind, mark(shop.place, address))
            change_channel(bound, each.id, version, name, kind, address)
            _look_again(each)
    gone = Form(f"robot-gone-{each.id}")
    st.divider()
    sure = st.checkbox(_("Put it away for good"), key=gone.field("sure"))
    if st.button(_("Put away"), icon=":material/delete:", disabled=not sure, key=gone.field("go")):
        with feedback.saying(_("Put away; its address is forgotten"), gone):
            archive_channel(gone.once(shop, each.id), each.id, gone.seen("version", each.version))


def _switch(shop: Shop, each: Channel) -> None:
    form = Form(f"robot-switch-{each.id}")
    version = form.seen("version", each.version)
    label = _("Switch off") if each.active else _("Switch on")
    if st.button(label, icon=":material/power_settings_new:", key=form.field("go")):
        with feedback.saying(_("Switched"), form):
            bound = form.once(shop, each.id, each.active)
            switch_channel(bound, each.id, version, active=not each.active)
            _look_again(each)


def _look_again(each: Channel) -> None:
    """Let the other forms of a robot see what one of them has just changed."""
    for name in ("robot", "robot-switch", "robot-gone"):
        Form(f"{name}-{each.id}").look_again()


def _add(shop: Shop) -> None:
    form = Form("robot-new")
    with st.form(form.field("form"), border=False):
        name, kind, address = _fields(form, "", Kind.WECOM, _("Address"))
        saved = st.form_submit_button(_("Add robot"), type="primary", key=form.field("save"))
    if saved:
        with feedback.saying(_("Robot added. Send a test."), form):
            bound = form.once(shop, name, kind, mark(shop.place, address))
            add_channel(bound, name, kind, address)


def _fields(form: Form, name: str, kind: Kind, label: str) -> tuple[str, Kind, str]:
    typed = st.text_input(_("Name of the robot"), name, max_chars=LONGEST_NAME,
                          key=form.field("name"))  # fmt: skip
    chosen = st.selectbox(
        _("Kind of robot"),
        list(Kind),
        index=list(Kind).index(kind),
        format_func=lambda each: _(KIND_NAMES[each]),
        key=form.field("kind"),
    )
    address = st.text_input(
        label,
        type="password",
        max_chars=LONGEST_ADDRESS,
        autocomplete="off",
        help=_("For another service an apprise address: dingtalk://… feishu://… mailto://…"),
        key=form.field("address"),
    )
    return typed, chosen or kind, address
