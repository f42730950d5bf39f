"""What stands before a closed page: the first-run set-up, or the sign-in form.

A good password gives a one-time code; the page then follows a link to ``/auth/finish``, which sets
the cookie and leads back to the very address that was asked for, its query included. The link is
followed by lib/ui/assets/frame.js, and can be pressed where that script is missing.
"""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from lib.kernel.errors import ShopError
from lib.shop.opening import premises
from lib.shop.people import cookies
from lib.shop.people.commands import create_owner
from lib.shop.people.demo_logins import DEMO_LOGINS
from lib.shop.people.entering import Browser, check_sign_in
from lib.shop.people.queries import has_owner
from lib.shop.people.rules import network_of
from lib.shop.shop import RESIDENT, Shop
from lib.ui import feedback, shell
from lib.ui.forms import Form
from lib.ui.words import _

AFTER_SETUP = "/settings"
SIGN_IN = "signin"


def show() -> None:
    """Show the sign-in form in place of a page; at the first run, the set-up of the owner."""
    shop = premises().shop(RESIDENT)
    with st.container(width=460, horizontal_alignment="center", key="door"):
        if has_owner(shop):
            _sign_in(shop)
        else:
            _set_up(shop)


def browser() -> Browser:
    """Return where this screen's visitor comes from."""
    here = st.context.cookies
    return Browser(
        network_of(st.context.ip_address),
        cookies.binding(here),
        cookies.find(here, cookies.DEVICE),
    )


def way_back() -> str:
    """Return the address to come back to: the page asked for, with its query."""
    page = urlsplit(st.context.url or "").path.rstrip("/").split("/")[-1]
    asked = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    query = f"?{urlencode(asked)}" if asked else ""
    return f"/{'' if page == SIGN_IN else page}{query}"


def _sign_in(shop: Shop) -> None:
    from lib.ui.login_form import LoginForm  # takes a second to import

    place = st.empty()
    codes: list[str] = []

    def check(login: str, password: str) -> None:
        if _has_cookies():
            codes.append(check_sign_in(shop, login, password, browser()))

    try:
        with place.container():
            LoginForm(check).draw(
                title=_("Sign in"), login=_("Login"), password=_("Password"), button=_("Sign in")
            )
    except ShopError as refusal:
        st.error(feedback.refusal(refusal), icon=":material/info:")
    if codes:
        place.empty()
        _follow(codes[0], way_back())
        return
    st.caption(_("Forgot the password? The owner can give you a new one."))
    if shop.place.demo:
        _demo_logins()


def _set_up(shop: Shop) -> None:
    st.title(_("Welcome"))
    st.markdown(_("This shop has no owner yet. Its set-up code stands where Linli was started."))
    form = Form("set_up")
    place = st.empty()
    with place.container(), st.form(form.field("form"), border=True):
        code = st.text_input(_("Set-up code"), key=form.field("code"), autocomplete="off")
        name = st.text_input(
            _("Your name"),
            key=form.field("name"),
            help=_("Colleagues and the journal see it, for example 芳姐."),
        )
        login = st.text_input(_("Login"), key=form.field("login"), autocomplete="username")
        password = st.text_input(
            _("Password"),
            type="password",
            key=form.field("password"),
            autocomplete="new-password",
            help=_("At least 8 characters. Three or four words make a good one."),
        )
        again = st.text_input(
            _("Password once more"),
            type="password",
            key=form.field("again"),
            autocomplete="new-password",
        )
        pressed = st.form_submit_button(
            _("Create the owner's account"), type="primary", key=form.field("save")
        )
    if not pressed or not _has_cookies():
        return
    if password != again:
        st.error(_("The two passwords differ."), icon=":material/info:")
        return
    try:
        entrance = create_owner(
            shop, code=code, login=login, name=name, password=password, browser=browser()
        )
    except ShopError as refusal:
        st.error(feedback.refusal(refusal), icon=":material/info:")
        return
    place.empty()
    _follow(entrance, AFTER_SETUP)


def _has_cookies() -> bool:
    if cookies.binding(st.context.cookies):
        return True
    st.error(
        _("Your browser refuses cookies. Allow them for this address and reload the page."),
        icon=":material/cookie_off:",
    )
    return False


def _follow(code: str, way: str) -> None:
    href = f"/auth/finish?{urlencode({'code': code, 'next': way})}"
    st.html(shell.follow_link(href, _("Signed in. Go on to the shop")))


def _demo_logins() -> None:
    with st.container(border=True):
        st.markdown(f"**{_('Demo shop: sign in as')}**")
        for person in DEMO_LOGINS:
            st.caption(f"{_(person.role)} · {person.name}")
            st.code(f"{person.login}\n{person.password}", language=None)
