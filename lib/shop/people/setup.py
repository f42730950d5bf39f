"""The one-time set-up code: who can read this machine's files may create the owner (C11).

There is no default account and no default password. While the shop has no owner, every start writes
a new code into ``setup-code.txt`` (readable by this user only); creating the owner removes it.
"""

import hmac
import os
import secrets

from lib.shop.people.queries import has_owner
from lib.shop.place import Place
from lib.shop.shop import Shop

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPS, GROUP_LETTERS = 3, 4


def prepare_setup_code(shop: Shop) -> str | None:
    """Write a new code if the shop has no owner, else remove an old one; return the code."""
    if has_owner(shop):
        forget_setup_code(shop.place)
        return None
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LETTERS)) for _ in range(GROUPS))
    code = "-".join(groups)
    path = shop.place.setup_code_file
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{code}\n")
    return code


def is_setup_code(place: Place, typed: str) -> bool:
    """Whether ``typed`` is the code; compared in constant time, spaces and case forgiven."""
    try:
        code = place.setup_code_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return hmac.compare_digest(_bare(code).encode(), _bare(typed).encode())


def forget_setup_code(place: Place) -> None:
    """Remove the code: the shop has its owner."""
    place.setup_code_file.unlink(missing_ok=True)


def _bare(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())
