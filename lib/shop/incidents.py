"""Faults of the program: logged under a number, never shown with their contents (R20, D9).

The log lies in the data folder and rotates, at most 50 MB in all. Messages of libraries may quote
what people typed; anything that looks like a phone number, a session or a one-time code is masked
before it is written.
"""

import logging
import re
import secrets
from logging.handlers import RotatingFileHandler
from pathlib import Path

from lib.shop.place import Place

LOG_BYTES = 10 * 1024 * 1024
LOG_FILES = 5
LOGGER = logging.getLogger("linli")
_HEARD = ("linli", "streamlit", "uvicorn.error")
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_SECRET = re.compile(r"[A-Za-z0-9_-]{43,}|/upload_file/\S+|[?&]code=[^&\s]+")


class Masking(logging.Formatter):
    """Writes a record without phone numbers, session tokens, upload paths and one-time codes."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the masked text of ``record``, traceback included."""
        return masked(super().format(record))


def masked(text: str) -> str:
    """Return ``text`` without what identifies a person or opens a door."""
    return _SECRET.sub("***", _PHONE.sub(r"\1****\2", text))


def keep_log(place: Place) -> Path:
    """Write the log of this process into the data folder; return the file."""
    path = place.logs / "linli.log"
    handler = RotatingFileHandler(
        path, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True
    )
    handler.setFormatter(Masking("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.INFO)
    LOGGER.setLevel(logging.INFO)
    for name in _HEARD:
        logger = logging.getLogger(name)
        for old in [old for old in logger.handlers if isinstance(old, RotatingFileHandler)]:
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
    return path


def record(fault: BaseException) -> str:
    """Log ``fault`` with its traceback; return its number, for example ``K7QF-3M``."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
    number = f"{letters[:4]}-{letters[4:]}"
    LOGGER.error("incident %s", number, exc_info=fault)
    return number
