"""Names of the cookies, known to the routes that set them and to the screens that read them."""

from collections.abc import Mapping
from itertools import cycle

SESSION = "linli_session"
DEVICE = "linli_device"
LANGUAGE = "linli_language"
SECURE_PREFIX = "__Host-"
FORGERY = "_streamlit_xsrf"


def find(cookies: Mapping[str, str], name: str) -> str | None:
    """Return the cookie ``name``; the one that came by TLS counts first."""
    return cookies.get(SECURE_PREFIX + name) or cookies.get(name)


def binding(cookies: Mapping[str, str]) -> str:
    """Return the random value by which the screens and the routes know the same browser; or "".

    It is Streamlit's own against forged requests, ``2|mask|masked value|time``, masked anew on
    every answer. A one-time code works only beside the value it was issued beside, so that nobody
    can be signed in as somebody else by a link.
    """
    parts = cookies.get(FORGERY, "").strip("\"'").split("|")
    try:
        _, mask, masked, _ = parts
        pairs = zip(bytes.fromhex(masked), cycle(bytes.fromhex(mask)), strict=False)
        return bytes(one ^ other for one, other in pairs).hex()
    except ValueError:
        return ""
