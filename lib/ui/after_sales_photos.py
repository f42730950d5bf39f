"""Photos of cases: choosing, pasting, taking one with this device; looking at those that came."""

from collections.abc import Sequence
from contextlib import suppress
from html import escape
from typing import Any

import streamlit as st

from lib.kernel.errors import ShopError
from lib.service.after_sales.commands import add_photo, remove_photo
from lib.service.after_sales.queries import Case, Photo
from lib.service.after_sales.rules import number
from lib.shop.files import intake, photos
from lib.shop.files.photos import Photo as Cleaned
from lib.shop.shop import Repeated, Shop
from lib.ui import after_sales, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_WIDTH = 168


def field(shop: Shop, form: Form) -> tuple[Cleaned, ...]:
    """Draw the field for photos and return those that are clean and in place, none of them booked.

    A phone offers its camera by itself; what was copied elsewhere is pasted anywhere on the page.
    One that is no photo is said at once and keeps nobody from saving.
    """
    with st.container(key=f"paste-here-{form.name}", gap="xxsmall"):
        chosen = st.file_uploader(
            _("Photos"),
            type="image",
            accept_multiple_files=True,
            max_upload_size=photos.LARGEST_UPLOAD // intake.MEGABYTE,
            help=_("Several at once. A picture copied in WeChat is pasted with Ctrl+V."),
            key=form.field("photos"),
        )
        shot = _camera(form)
    return _cleaned(shop, form, [*chosen, *([shot] if shot is not None else [])])


def _camera(form: Form) -> Any:
    """A phone's own camera is in the field above; this is the one of a laptop, when asked for."""
    if after_sales.is_phone():
        return None
    wanted = st.toggle(
        _("Use the camera of this computer"), key=form.field("camera-on"), value=False
    )
    if not wanted:
        return None
    return st.camera_input(_("Photo"), key=form.field("camera"), label_visibility="collapsed")


def _cleaned(shop: Shop, form: Form, uploads: list[Any]) -> tuple[Cleaned, ...]:
    """Clean each upload once, as it comes: saving then takes no time."""
    done: dict[str, Cleaned | str] = st.session_state.setdefault(form.field("cleaned"), {})
    for upload in uploads:
        if upload.file_id not in done:
            try:
                done[upload.file_id] = photos.put(shop.place, upload.getvalue(), upload.name)
            except ShopError as error:
                done[upload.file_id] = feedback.refusal(error)
    found = [done[upload.file_id] for upload in uploads]
    for refused in (each for each in found if isinstance(each, str)):
        st.error(refused, icon=":material/broken_image:")
    kept = {each.sha256: each for each in found if isinstance(each, Cleaned)}
    return tuple(kept.values())


def add(shop: Shop, case: Case) -> None:
    """Draw the field for more photos of a case; an awaited one lets the clock go on."""
    form = Form(f"case-photos-{case.id}")
    label = _("Add photos") if case.pictures else _("No photo yet: add some")
    box = st.expander(
        label, icon=":material/add_a_photo:", key=f"case-photo-add-{case.id}", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        taken = field(shop, form)
        if taken and st.button(
            _("Keep {count} photos").format(count=len(taken)),
            type="primary",
            key=form.field("save"),
        ):
            with after_sales.saying(case, _("Photos kept"), form):
                _keep(shop, form, case, taken)


def _keep(shop: Shop, form: Form, case: Case, taken: Sequence[Cleaned]) -> None:
    """Book the photos one by one; each is booked once, however often the button is pressed."""
    for photo in taken:
        each = Form(f"{form.name}-{photo.sha256[:12]}")
        with suppress(Repeated):
            add_photo(each.once(shop, photo.sha256), case.id, photo)
        each.renew()


def grid(shop: Shop, case: Case) -> None:
    """Show the photos of a case small; each opens in full, says whose it is, and can be taken off.

    A picture that was in another case before is pointed out (R28).
    """
    with st.container(horizontal=True, key="case-photos"):
        for photo in case.pictures:
            with st.container(width=_WIDTH, gap="xxsmall", key=f"photo-{photo.id}"):
                st.html(_picture(photo.sha256))
                for other in photo.elsewhere:
                    _was_before(photo, other)
                _about(shop, case, photo)


def _about(shop: Shop, case: Case, photo: Photo) -> None:
    form = Form(f"case-photo-{photo.id}")
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        who = _("the resident") if photo.by_resident else plain(photo.person)
        st.caption(f"{who} {show.moment(photo.at, shop)}", width="stretch")
        with st.popover("", icon=":material/close:", type="tertiary", key=form.field("pop")):
            st.caption(_("It is kept out of sight, and what happened says so."))
            if st.button(_("Take this photo off"), key=form.field("save")):
                with after_sales.saying(case, _("Photo taken off"), form):
                    remove_photo(form.once(shop, photo.id), photo.id)


def _picture(sha256: str) -> str:
    address, said = f"/files/{escape(sha256)}", escape(_("Photo"))
    image = f'<img src="{address}?size=small" alt="{said}" loading="lazy">'
    return f'<a class="linli-media linli-thumb" href="{address}" target="_blank">{image}</a>'


def _was_before(photo: Photo, case_id: int) -> None:
    st.button(
        _("was already in {number}").format(number=number(case_id)),
        icon=":material/content_copy:",
        type="tertiary",
        help=_("This very picture belongs to another case."),
        key=f"photo-{photo.id}-was-in-{case_id}",
        on_click=after_sales.open_one,
        args=(case_id,),
    )
