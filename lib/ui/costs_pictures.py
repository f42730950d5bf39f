"""Pictures of a published sheet for the group on screen: choose, look, save (E17).

Drawn from the sheet alone, and kept per choice: the same sheet and choice is the same picture.
"""

from functools import lru_cache

import streamlit as st

from lib.kernel.words import N_
from lib.shop.language import LANGUAGES
from lib.shop.pictures import WIDTH
from lib.shop.shop import Shop
from lib.trust.costs import poster
from lib.trust.costs.poster import MOST_GOODS, Frame, Kind, Look, Picture
from lib.trust.costs.rules import Sheet
from lib.ui import costs, show
from lib.ui.words import _

_KINDS = {
    Kind.CARD: N_("Poster 3:4"),
    Kind.TALL: N_("Poster 9:16"),
    Kind.LONG: N_("Long picture with every product"),
}
_SHOWN_WIDTH = 420
"""Pixels on the screen: as large as on a phone."""

_KEPT = 12


def draw(shop: Shop, sheet: Sheet) -> None:
    """Ask what the picture shows and show it with a button to save it."""
    kind = st.segmented_control(
        _("Picture"),
        list(_KINDS),
        default=Kind.CARD,
        required=True,
        format_func={kind: _(name) for kind, name in _KINDS.items()}.__getitem__,
        key="picture-kind",
    )
    kind = Kind(kind)
    goods = () if kind is Kind.LONG else _goods(sheet)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        language = st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            default=shop.settings.language,
            required=True,
            format_func=LANGUAGES.__getitem__,
            key="picture-language",
        )
        dark = st.toggle(_("Dark"), key="picture-dark")
    if kind is not Kind.LONG and not goods:
        show.nothing(_("Choose the products for the poster."))
        return
    look = Look(kind, str(language), goods, dark)
    name = " · ".join(part for part in (shop.settings.shop_name, shop.settings.community) if part)
    frame = Frame(name, costs.address(shop), shop.settings.time_zone)
    _show(sheet, _pictures(sheet.fingerprint, sheet, look, frame))


def _goods(sheet: Sheet) -> tuple[int, ...]:
    names = {line.product_id: f"{line.name} / {line.unit}" for line in sheet.lines}
    chosen = st.multiselect(
        _("Products on the poster"),
        list(names),
        default=list(names)[:MOST_GOODS],
        max_selections=MOST_GOODS,
        format_func=names.__getitem__,
        placeholder=_("Choose"),
        key=f"picture-goods-{sheet.number}",
    )
    return tuple(chosen)


def _show(sheet: Sheet, pictures: tuple[Picture, ...]) -> None:
    for number, picture in enumerate(pictures, 1):
        part = f"-{number}" if len(pictures) > 1 else ""
        said = _("Picture {number} of {count}").format(number=number, count=len(pictures))
        st.image(
            picture.png,
            width=min(_SHOWN_WIDTH, WIDTH),
            alt=said if part else _("Picture of the price sheet"),
        )
        st.download_button(
            _("Save {picture}").format(picture=said) if part else _("Save the picture"),
            picture.png,
            f"linli-prices-{sheet.number}{part}.png",
            "image/png",
            icon=":material/download:",
            key=f"picture-save{part}",
            type="primary" if not part else "secondary",
            on_click="ignore",
        )


@lru_cache(maxsize=_KEPT)
def _pictures(_fingerprint: str, sheet: Sheet, look: Look, frame: Frame) -> tuple[Picture, ...]:
    return poster.draw(sheet, look, frame)
