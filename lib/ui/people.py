"""Parts of the pages about people: roles, browsers, the one-time password that is shown once."""

import pandas as pd
import streamlit as st

from lib.shop.people.commands import change_role, rename, reset_staff, set_active
from lib.shop.people.queries import LoginEvent, Person, Session
from lib.shop.shop import Role, Shop
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_TOLD = "one_time_password"


def role(of: Role) -> str:
    """Return a role in the reader's language."""
    return _("Owner") if of is Role.OWNER else _("Staff")


def browser(session: Session, shop: Shop) -> str:
    """Return where and when a browser was last used."""
    network = network_name(session.network)
    last = show.moment(session.last_seen_at, shop)
    since = show.moment(session.created_at, shop)
    return _("**{network}** · last used {last} · signed in {since}").format(
        network=plain(network), last=plain(last), since=plain(since)
    )


def network_name(network: str) -> str:
    """Return a network as people read it."""
    return _("this machine") if network == "local" else network


def keep_password(name: str, password: str) -> None:
    """Keep a one-time password in this screen until it has been told."""
    st.session_state[_TOLD] = (name, password)


def tell_password() -> None:
    """Show the one-time password that was just made, until somebody says it was told."""
    if _TOLD not in st.session_state:
        return
    name, password = st.session_state[_TOLD]
    with st.container(border=True, key="one-time-password"):
        st.markdown(
            _(
                "One-time password for **{name}**. It is shown only now and works for 7 days."
            ).format(name=plain(name))
        )
        show.copyable(password, "one-time-password")
        if st.button(_("I have passed it on"), key="one-time-password-told", type="primary"):
            del st.session_state[_TOLD]
            st.rerun()


def card(person: Person, shop: Shop) -> None:
    """Show one account with what the owner may do about it."""
    with st.container(border=True, key=f"person-{person.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(person.name)}** · {plain(person.login)} · {role(person.role)}")
            _state(person)
        seen = _("Last seen {when}").format(when=plain(show.moment(person.last_seen_at, shop)))
        signed = _("Signed-in browsers: {count}").format(count=person.browsers)
        st.caption(f"{seen} · {signed}")
        if person.id == shop.actor.id:
            return
        with st.expander(_("Change"), key=f"change-{person.id}"):
            _change(person, shop)


def _state(person: Person) -> None:
    if not person.active:
        show.state("quiet", _("disabled"))
    elif person.must_change_password:
        show.state("soon", _("has not chosen a password yet"))
    else:
        show.state("good", _("active"))


def _change(person: Person, shop: Shop) -> None:
    name_form = Form(f"rename_{person.id}")
    with st.form(name_form.field("form"), border=False):
        name = st.text_input(_("Name"), value=person.name, key=name_form.field("name"))
        if st.form_submit_button(_("Save name"), key=name_form.field("save")):
            with feedback.saying(_("Name saved."), name_form):
                rename(name_form.once(shop, name), person.id, person.version, name)
    with st.container(horizontal=True):
        _reset_button(person, shop)
        _role_button(person, shop)
        _active_button(person, shop)


def _reset_button(person: Person, shop: Shop) -> None:
    form = Form(f"reset_{person.id}")
    if st.button(_("New one-time password"), key=form.field("go"), icon=":material/key:"):
        with feedback.saying(_("New password made; their browsers were signed out."), form):
            password = reset_staff(form.once(shop, person.id), person.id, person.version)
            keep_password(person.name, password)


def _role_button(person: Person, shop: Shop) -> None:
    form = Form(f"role_{person.id}")
    to_staff = person.role is Role.OWNER
    label = _("Make staff") if to_staff else _("Make owner")
    if st.button(label, key=form.field("go"), icon=":material/swap_vert:"):
        new = Role.STAFF if to_staff else Role.OWNER
        with feedback.saying(_("Role changed; their browsers were signed out."), form):
            change_role(form.once(shop, person.id, new), person.id, person.version, new)


def _active_button(person: Person, shop: Shop) -> None:
    form = Form(f"active_{person.id}")
    label = _("Disable") if person.active else _("Enable")
    icon = ":material/block:" if person.active else ":material/check:"
    notice = _("Disabled; their browsers were signed out.") if person.active else _("Enabled.")
    if st.button(label, key=form.field("go"), icon=icon):
        with feedback.saying(notice, form):
            set_active(
                form.once(shop, person.id, not person.active),
                person.id,
                person.version,
                active=not person.active,
            )


def login_table(events: tuple[LoginEvent, ...]) -> pd.DataFrame:
    """Return the tries to sign in as a table."""
    columns = [_("When"), _("Who"), _("What"), _("Network")]
    rows = [
        (event.at, event.name or _("unknown login"), _(event.outcome), network_name(event.network))
        for event in events
    ]
    return pd.DataFrame(rows, columns=columns)
