"""Scans and evidence in forms: choosing a file, keeping it, showing it (a PDF by its pages)."""

from typing import Any

import streamlit as st

from lib.shop.files import intake, photos, showing
from lib.shop.files.intake import Sort
from lib.shop.shop import Shop
from lib.ui.forms import Form
from lib.ui.words import _

_WIDTH = 160
MOST_PAGES = 6
"""Pages of a PDF shown side by side."""


Picture = tuple[bytes, str]
"""The content of a photo and the name of its file."""


def photo(form: Form, label: str) -> Picture | None:
    """Draw the field for one photo that the command keeps itself; None where none was chosen."""
    chosen = st.file_uploader(
        label,
        type="image",
        max_upload_size=photos.LARGEST_UPLOAD // intake.MEGABYTE,
        key=form.field("photo"),
    )
    return None if chosen is None else (chosen.getvalue(), chosen.name)


def size_of(picture: Picture | None) -> int:
    """Return the bytes of a photo: what tells one save of a form from another."""
    return 0 if picture is None else len(picture[0])


def field(form: Form, name: str, label: str, *, photo_only: bool = False) -> Any:
    """Draw the field for one photo or PDF and return what was chosen, or None."""
    return st.file_uploader(
        label,
        type="image" if photo_only else ["image", ".pdf"],
        max_upload_size=max(intake.LARGEST_PDF, intake.LARGEST_PHOTO) // intake.MEGABYTE,
        key=form.field(name),
    )


def keep(shop: Shop, chosen: Any, kinds: frozenset[Sort] = intake.SCANS) -> str | None:
    """Check and keep the chosen file and return its SHA-256; None where none was chosen.

    Raises ``Refused`` with what to do for anything that is not of ``kinds``.
    """
    if chosen is None:
        return None
    return intake.take_in(shop, chosen.getvalue(), chosen.name, kinds=kinds)


def show(shop: Shop, sha256: str | None, label: str) -> None:
    """Show a kept file as small pictures that open in full, or say that there is none."""
    if sha256 is None:
        st.caption(_("No scan kept."))
        return
    with shop.read() as connection:
        found = showing.showings(connection, [sha256]).get(sha256)
    pictures = found.pictures if found is not None else (sha256,)
    with st.container(horizontal=True):
        for picture in pictures[:MOST_PAGES]:
            with st.container(width=_WIDTH):
                st.markdown(f"[![{label}](/files/{picture}?size=small)](/files/{picture})")
        if len(pictures) > MOST_PAGES:
            st.caption(_("… and {count} more").format(count=len(pictures) - MOST_PAGES))
