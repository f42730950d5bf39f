"""Pictures and clips of kept files on a screen. Our own door decides at each look who sees them."""

from html import escape

import streamlit as st

from lib.shop.files.showing import Showing
from lib.ui.words import _


def thumbnail(file: Showing, name: str) -> None:
    """Show what a file is at a glance: small, with the length of a clip or the pages of a PDF."""
    mark = ""
    if file.is_clip:
        mark = f"▶ {length(file.seconds)}"
    elif file.is_document:
        mark = _("PDF, {count} pages").format(count=len(file.pictures))
    corner = f"<span>{escape(mark)}</span>" if mark else ""
    picture = f'<img src="/files/{file.thumbnail}" alt="{escape(name)}" loading="lazy">'
    st.html(f'<div class="linli-media linli-thumb">{picture}{corner}</div>')


def whole(file: Showing, name: str) -> None:
    """Show a photo, play a clip, or show the pages of a PDF."""
    if file.is_clip:
        st.html(player(file))
        return
    if not file.is_document:
        st.html(_leading_to(file.sha256, name, "linli-media linli-photo"))
        return
    count = len(file.pictures)
    pages = [
        _leading_to(picture, name if count == 1 else f"{name} {number}/{count}", "linli-media")
        for number, picture in enumerate(file.pictures, 1)
    ]
    st.html(f'<div class="linli-pages">{"".join(pages)}</div>' if count > 1 else pages[0])


def _leading_to(picture: str, name: str, style: str) -> str:
    """Return a picture that opens alone when it is touched."""
    image = f'<img src="/files/{picture}" alt="{escape(name)}" loading="lazy">'
    return f'<a class="{style}" href="/files/{picture}" target="_blank">{image}</a>'


def player(file: Showing) -> str:
    """Return the player of a clip: nothing is loaded but its first picture until it is started."""
    poster = f' poster="/files/{file.pictures[0]}"' if file.pictures[0] != file.sha256 else ""
    return (
        '<div class="linli-media"><video controls playsinline preload="none"'
        f'{poster} src="/files/{file.sha256}"></video></div>'
    )


def length(seconds: int | None) -> str:
    """Return the length of a clip: 1:05."""
    return f"{(seconds or 0) // 60}:{(seconds or 0) % 60:02}"
