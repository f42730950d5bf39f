"""My account: name, password, and the browsers in which I am signed in."""

import streamlit as st

from lib.shop.people.commands import end_other_sessions, end_session, rename
from lib.shop.people.queries import my_sessions, myself
from lib.ui import feedback, password_form, people, session, show
from lib.ui.forms import Form
from lib.ui.words import _

shop = session.staff()
me = myself(shop)
sessions = my_sessions(shop)
st.title(_("My account"))
show.figures(
    (_("Login"), me.login),
    (_("Role"), people.role(me.role)),
    (_("Signed-in browsers"), str(len(sessions))),
)

st.header(_("Browsers"))
st.caption(_("Sign out a browser you do not know, then change your password."))
for browser in sessions:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(people.browser(browser, shop))
        if browser.here:
            show.state("good", _("this browser"))
        else:
            form = Form(f"end_session_{browser.id}")
            if st.button(_("Sign this one out"), key=form.field("end")):
                with feedback.saying(_("That browser was signed out."), form):
                    end_session(form.once(shop, browser.id), browser.id)
if len(sessions) > 1:
    form = Form("end_sessions")
    if st.button(_("Sign out everywhere else"), icon=":material/logout:", key=form.field("end")):
        with feedback.saying(_("All other browsers were signed out."), form):
            end_other_sessions(form.once(shop))

st.header(_("Password"))
password_form.usual(shop)

st.header(_("Name"))
form = Form("own_name")
with st.form(form.field("form"), border=True):
    name = st.text_input(
        _("Name that colleagues and the journal show"), value=me.name, key=form.field("name")
    )
    if st.form_submit_button(_("Save name"), key=form.field("save")):
        with feedback.saying(_("Name saved."), form):
            rename(form.once(shop, name), me.id, me.version, name)
