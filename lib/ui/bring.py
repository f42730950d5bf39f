"""The place on a page where files are dropped or chosen, several at once, and where they go.

The page leaves a mark that lib/ui/assets/bring.js fills; the files go past Streamlit to
lib/web/bring.py, piece by piece, so that neither memory nor a lost connection hurts. When they are
in, the script presses a button that nobody sees, and the page runs anew.
"""

import json
from html import escape

import streamlit as st

from lib.shop.files import intake
from lib.shop.shop import Shop
from lib.supply.traceability.rules import Details, Target
from lib.ui.words import _, language

ACCEPTED = "image/*,video/*,application/pdf"
"""Asks phones for their camera as well; what really comes is decided by its content."""


def drop_zone(shop: Shop, target: Target, about: Details) -> bool:
    """Draw the zone for evidence of ``target``; ``about`` is what is known of files chosen now.

    Returns True in the run that follows after files came in.
    """
    st.html(mark(shop, target, about))
    with st.container(key=f"bring-done-{target.word}"):
        return st.button(_("Show the new files"), key=f"bring-{target.word}")


def mark(shop: Shop, target: Target, about: Details) -> str:
    """Return the mark that bring.js fills; every text in it is escaped."""
    told = {
        "kind": about.kind.value,
        "title": about.title,
        "made_on": about.made_on.isoformat() if about.made_on else "",
        "issuer": about.issuer,
        "result": about.result,
    }
    values = {
        "linli-bring": target.word,
        "language": language(),
        "accept": ACCEPTED,
        "about": json.dumps(told, ensure_ascii=False),
        "words": json.dumps(words(shop), ensure_ascii=False),
    }
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in values.items())
    return f"<div {data}></div>"


def words(shop: Shop) -> dict[str, str]:
    """Return what the zone says, in the reader's language."""
    hint = _("or drop them here: photos to {photo} MB, videos to {clip} MB, PDF to {pdf} MB")
    return {
        "choose": _("Choose or film"),
        "hint": hint.format(
            photo=intake.LARGEST_PHOTO // intake.MEGABYTE,
            clip=shop.settings.largest_video_mb,
            pdf=intake.LARGEST_PDF // intake.MEGABYTE,
        ),
        "count": _("{done} of {all} files"),
        "waiting": _("waiting"),
        "checking": _("being checked"),
        "done": _("done"),
        "there": _("was there already"),
        "refused": _("not taken"),
        "broken": _("connection lost"),
        "retry": _("Go on"),
        "cancel": _("Cancel"),
        "dismiss": _("OK"),
    }
