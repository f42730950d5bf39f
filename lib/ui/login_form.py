"""The login form: streamlit-authenticator draws it, this shop checks it (R13).

Of that library nothing but the drawing of two fields and a button is used. Its own check, cookie,
token, hashing, attempt limit and file are never made: they were observed to let a token live after
logout and after a change of password, to forget or to lock for ever after wrong tries, and to need
a frame that our policy forbids. The library is asleep since 2025 and pinned; a test holds what is
relied on here, so that an upgrade that changes it fails loudly.

Import this module only where the form is shown: the library takes a second to load.
"""

from collections.abc import Callable
from typing import Any

from streamlit_authenticator import Authenticate

Check = Callable[[str, str], None]


class LoginForm(Authenticate):  # type: ignore[misc]
    """A form for login and password that hands what was typed to ``check``."""

    def __init__(self, check: Check) -> None:
        # The library's own __init__ would mount its cookie frame and hash passwords.
        self.attrs = {"login_sleep_time": 0}
        self.path = None
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _OurCheck(check)

    def draw(self, *, title: str, login: str, password: str, button: str) -> None:
        """Draw the form with these labels; ``check`` runs in the run that follows the button."""
        labels = {"Form name": title, "Username": login, "Password": password, "Login": button}
        self.login(location="main", fields=labels, key="sign_in")


class _NoCookie:
    """Stands where the library keeps its cookie: there is none."""

    def get_cookie(self) -> None:
        """Return nothing: nobody is signed in by a cookie of the library."""


class _OurCheck:
    """Stands where the library checks passwords: asks ours, and never says yes to the library."""

    def __init__(self, check: Check) -> None:
        self._check = check

    def login(self, username: str = "", password: str = "", *_: Any, **__: Any) -> bool:
        """Hand over what was typed; the answer keeps the library from signing anybody in."""
        self._check(username or "", password or "")
        return False
