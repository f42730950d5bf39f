"""A member's file: the data as a file for the resident, and erasing it (PIPL 45, 47; R33)."""

import streamlit as st

from lib.kernel.words import N_
from lib.members.erasure.commands import erase_member
from lib.members.erasure.data_file.queries import FILE_NAME, data_file
from lib.members.erasure.queries import Preview, done, preview
from lib.members.erasure.rules import WHY_NAMES, Unsettled, Why
from lib.members.profiles.openings.commands import note_opening
from lib.members.profiles.openings.rules import What
from lib.members.profiles.queries import Card, Profile
from lib.shop.shop import OWNER_ONLY, Shop
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

_TABLES = {
    "activity_guest": N_("visits to activities"),
    "after_sales_case": N_("complaints, without what was said"),
    "birthday": N_("birthday"),
    "case_photo": N_("photos of complaints"),
    "consent": N_("consents, as proof without a name"),
    "customer_order": N_("orders, without name, home and notes"),
    "delivery_need": N_("needs for delivery"),
    "gift": N_("gifts, as cost"),
    "member_alias": N_("other names"),
    "payment": N_("payments, without reasons"),
    "points_entry": N_("rows of points"),
    "preference": N_("likings"),
    "topic_answer": N_("answers in the group"),
}


def of_member(shop: Shop, card: Card) -> None:
    """Offer the owner a member's data as a file, and to erase it; staff see nothing here."""
    if shop.actor.role not in OWNER_ONLY:
        return
    st.markdown(f"#### {_('Their data')}")
    _give_out(shop, card)
    with st.expander(
        _("Erase this resident's data"),
        icon=":material/person_off:",
        key="erase",
        on_change="rerun",
    ) as box:
        if box.open:
            _erase(shop, card, preview(shop, card.id))


def anonymous(shop: Shop, profile: Profile) -> None:
    """Say that a file was made anonymous, when and why, and which backups still hold the data."""
    st.subheader(plain(profile.card.nickname))
    found = done(shop, profile.card.id)
    if found is None:
        return
    show.state("quiet", _("anonymous since {when}").format(when=show.moment(found.at, shop)))
    st.caption(_(WHY_NAMES[found.why]))
    st.info(
        _("Orders and payments stay, because the law wants the books kept. Nobody is named."),
        icon=":material/person_off:",
    )
    if found.backups_until is not None and found.backups_until > shop.clock.now():
        st.warning(_held(shop, found.backups_until), icon=":material/inventory_2:")


def _give_out(shop: Shop, card: Card) -> None:
    def made() -> bytes:
        note_opening(shop, card.id, What.EXPORTED)
        return data_file(shop, card.id)

    st.caption(
        _(
            "Everything the shop holds about them, to hand over when they ask. It is written down "
            "that the file was given out."
        )
    )
    st.download_button(
        _("Data as a file"),
        data=made,
        file_name=FILE_NAME,
        mime="application/zip",
        icon=":material/folder_zip:",
        key="data-file",
        on_click="ignore",
    )


def _erase(shop: Shop, card: Card, seen: Preview) -> None:
    st.caption(
        _(
            "For good, and also what was merged in here: nobody can bring it back. The books keep "
            "their sums without a name."
        )
    )
    _lists(seen)
    if seen.unsettled:
        _to_settle(seen.unsettled)
        return
    if seen.backups_until is not None:
        st.warning(_held(shop, seen.backups_until), icon=":material/inventory_2:")
    form = Form(f"erase-{card.id}")
    version = form.seen("version", seen.version)
    with st.form(form.field("form"), border=False):
        typed = st.text_input(
            _("Type {number} to confirm").format(number=card.id), key=form.field("typed")
        )
        pressed = st.form_submit_button(
            _("Erase for good"),
            icon=":material/person_off:",
            type="primary",
            key=form.field("save"),
        )
    if pressed and typed.strip() != str(card.id):
        st.error(_("Type the number of the file, so that it is the right one."))
    elif pressed:
        with feedback.saying(_("Erased; nobody is named any more"), form):
            erase_member(form.once(shop, card.id), card.id, version, Why.ASKED)


def _lists(seen: Preview) -> None:
    goes, stays = (
        [f"{_(_TABLES[name])} ({count})" for name, count in each]
        for each in (seen.goes, seen.stays)
    )
    always = [_("name, phone, home, notes"), _("what they wrote, in texts and messages")]
    with st.container(horizontal=True):
        with st.container(border=True, width=300):
            st.markdown(f"**{_('Goes')}**")
            st.markdown("\n".join(f"- {each}" for each in (*always, *goes)))
            if seen.points > 0:
                st.caption(_("{points} points lapse.").format(points=seen.points))
            if seen.coupons:
                st.caption(_("Coupons become void: {coupons}.").format(coupons=seen.coupons))
        with st.container(border=True, width=300):
            st.markdown(f"**{_('Stays in the books')}**")
            st.markdown("\n".join(f"- {each}" for each in stays) or "—")


def _to_settle(unsettled: Unsettled) -> None:
    show.state("late", _("Settle this first"))
    for sentence, values in unsettled.sentences():
        said = {
            name: show.money(value) if name == "amount" else plain(value)  # type: ignore[arg-type]
            for name, value in values.items()
        }
        st.markdown(f"- {_(sentence).format(**said)}")


def _held(shop: Shop, until: object) -> str:
    return _(
        "Backups made before still hold the data; the last of them goes by {day}. Copies you took "
        "elsewhere are yours to delete."
    ).format(day=show.moment(until, shop))  # type: ignore[arg-type]
