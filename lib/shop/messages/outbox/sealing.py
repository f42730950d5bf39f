"""Sealing the addresses of robots: who has the database alone cannot send in the shop's name.

The key lies in the data folder beside the database and is part of every backup.
"""

import base64
import hashlib
import hmac

from lib.shop.messages.outbox.rules import SHOWN_SIGNS
from lib.shop.place import Place

_KEY_FILE = "messages"
_PURPOSE = b"linli: addresses of robots"


def sealed(place: Place, address: str) -> str:
    """Return ``address`` so that only this shop can read it."""
    from cryptography.fernet import Fernet

    return Fernet(_key(place)).encrypt(address.encode()).decode()


def opened(place: Place, token: str) -> str | None:
    """Return the address that was :func:`sealed`; None when the key is not the one of then."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(_key(place)).decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def is_readable(place: Place, token: str) -> bool:
    """Whether a sealed address can still be opened."""
    return opened(place, token) is not None


def ending(place: Place, token: str) -> str:
    """Return the last signs of a sealed address, to tell robots apart; empty if it is unreadable.

    Never more than a quarter of it.
    """
    address = opened(place, token) or ""
    return address[-SHOWN_SIGNS:] if len(address) >= 4 * SHOWN_SIGNS else ""


def mark(place: Place, address: str) -> str:
    """Return what stands for ``address`` in the fingerprint of a form; it tells nothing of it."""
    return hmac.new(_key(place), address.encode(), hashlib.sha256).hexdigest()


def _key(place: Place) -> bytes:
    body = hmac.new(place.secret(_KEY_FILE), _PURPOSE, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(body)
