"""Photos of an activity on screen: bring, say who agreed, publish one by one, take back (R12)."""

import streamlit as st

from lib.shop.files import intake
from lib.shop.shop import Shop
from lib.trust.community.photos import commands, queries
from lib.trust.community.photos.queries import Photo
from lib.trust.community.photos.rules import LONGEST_CAPTION, LONGEST_CONSENT, Details
from lib.ui import community, feedback, media, scans, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_WIDTH = 260
_FORMS = ("photo-publish", "photo-edit")


def photos(shop: Shop, activity_id: int) -> None:
    """Draw the photos of an activity with their consent, and the field for one more."""
    st.subheader(_("Photos"))
    found = queries.photos(shop, activity_id)
    with st.expander(_("Add a photo"), icon=":material/add_a_photo:", expanded=not found):
        _add(shop, activity_id)
    if not found:
        show.nothing(
            _("No photo yet."), _("Nothing is seen outside the shop until you publish it.")
        )
        return
    with st.container(horizontal=True, gap="small"):
        for photo in found:
            with st.container(border=True, width=_WIDTH, key=f"photo-{photo.id}"):
                _one(shop, photo)


def _add(shop: Shop, activity_id: int) -> None:
    form = Form(f"photo-add-{activity_id}")
    picture = scans.photo(form, _("Photo"))
    details = _fields(form, None, shop)
    st.caption(_("Place and date hidden in the photo are taken out."))
    if st.button(_("Keep the photo"), type="primary", key=form.field("save")):
        with feedback.saying(_("The photo is kept, for the shop only"), form):
            content, name = picture or (b"", "")
            taken = intake.put(shop, content, name, kinds=intake.PHOTOS)
            bound = form.once(shop, activity_id, details, scans.size_of(picture))
            commands.add_photo(bound, activity_id, taken, details)


def _fields(form: Form, known: Details | None, shop: Shop) -> Details:
    caption = st.text_input(
        _("Caption"),
        known.caption if known else "",
        max_chars=LONGEST_CAPTION,
        key=form.field("caption"),
    )
    children = st.toggle(
        _("Children can be seen on it"),
        known.shows_children if known else True,
        key=form.field("children"),
    )
    if not children:
        return Details(shows_children=False, caption=caption)
    consent = st.text_input(
        _("Which parent agreed, and how?"),
        known.consent if known else "",
        max_chars=LONGEST_CONSENT,
        placeholder=_("mother of the girl in red, in WeChat"),
        help=_("Empty while nobody agreed. Never write the name of a child."),
        key=form.field("consent"),
    )
    on = st.date_input(
        _("When"),
        (known.consent_on if known else None) or shop.today,
        max_value=shop.today,
        format="YYYY-MM-DD",
        key=form.field("on"),
    )
    return Details(True, caption, consent, on if consent.strip() else None)


def _one(shop: Shop, photo: Photo) -> None:
    details = photo.details
    media.thumbnail(photo.file, details.caption or _("Photo"))
    if details.caption:
        st.markdown(plain(details.caption))
    if photo.is_published:
        show.state("good", _("published"))
    elif photo.waits_for_consent:
        show.state("late", _("children: ask the parents"))
    else:
        show.state("quiet", _("for the shop only"))
    if details.consent and details.consent_on:
        said = _("Agreed: {who}, {day}")
        st.caption(said.format(who=plain(details.consent), day=show.day(details.consent_on, shop)))
    _publishing(shop, photo)
    with st.popover(_("Change"), icon=":material/edit:", key=f"photo-change-{photo.id}"):
        _change(shop, photo)


def _publishing(shop: Shop, photo: Photo) -> None:
    form = Form(f"photo-publish-{photo.id}")
    version = form.seen("version", photo.version)
    if photo.is_published:
        since = _("Everybody with the link sees it since {moment}.")
        st.caption(since.format(moment=show.moment(photo.published_at, shop)))
        st.link_button(
            _("Open to save"), f"/files/{photo.file.sha256}", icon=":material/open_in_new:"
        )
        if st.button(
            _("Hide it again"), icon=":material/visibility_off:", key=form.field("withdraw")
        ):
            with feedback.saying(_("Withdrawn: nobody outside sees it any more"), form):
                commands.withdraw_photo(form.once(shop, version), photo.id, version)
                community.look_anew(photo.id, *_FORMS)
        return
    if st.button(
        _("Let everybody see it"), icon=":material/visibility:", key=form.field("publish")
    ):
        with feedback.saying(_("Published: it may go to the group"), form):
            commands.publish_photo(form.once(shop, version), photo.id, version)
            community.look_anew(photo.id, *_FORMS)


def _change(shop: Shop, photo: Photo) -> None:
    form = Form(f"photo-edit-{photo.id}")
    version = form.seen("version", photo.version)
    details = _fields(form, photo.details, shop)
    if photo.is_published and not details.may_be_published:
        st.warning(_("Without consent it is withdrawn at once."), icon=":material/visibility_off:")
    if st.button(_("Save"), type="primary", key=form.field("save")):
        with feedback.saying(_("Photo saved"), form):
            commands.change_photo(form.once(shop, details, version), photo.id, version, details)
            community.look_anew(photo.id, *_FORMS)
    if st.button(_("Remove the photo"), icon=":material/delete:", key=form.field("remove")):
        with feedback.saying(_("Photo removed"), form):
            commands.remove_photo(form.once(shop, version, "remove"), photo.id, version)
