"""Staff: who has an account, what they may do, and who signed in when."""

import streamlit as st

from lib.shop.people.commands import add_staff
from lib.shop.people.queries import login_events, people
from lib.ui import feedback, session, show
from lib.ui import people as parts
from lib.ui.forms import Form
from lib.ui.words import _

shop = session.owner()
everybody = people(shop)
st.title(_("Staff"))
show.figures(
    (_("People"), str(sum(person.active for person in everybody))),
    (_("Signed-in browsers"), str(sum(person.browsers for person in everybody))),
)
parts.tell_password()
for person in everybody:
    parts.card(person, shop)

st.header(_("Add somebody"))
form = Form("add_staff")
with st.form(form.field("form"), border=True):
    name = st.text_input(_("Name"), key=form.field("name"))
    login = st.text_input(
        _("Login"), key=form.field("login"), help=_("Short and easy to type, for example xiaowu.")
    )
    if st.form_submit_button(_("Add"), type="primary", key=form.field("save")):
        with feedback.saying(_("Added. Tell them login and one-time password."), form):
            password = add_staff(form.once(shop, login, name), login=login, name=name)
            parts.keep_password(name, password)

st.header(_("Sign-ins"))
show.table(
    parts.login_table(login_events(shop)),
    "sign-ins",
    shop,
    moment_columns=(_("When"),),
    empty=_("Nobody has signed in yet."),
)
