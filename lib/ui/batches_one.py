"""One batch on screen: what is left, its papers and pictures, the group, what became of it."""

import streamlit as st

from lib.shop.messages.supply_events import ORIGIN
from lib.shop.messages.wording import speaker
from lib.shop.shop import Shop
from lib.supply.batches import queries
from lib.supply.origin import texts
from lib.supply.origin.queries import origin_of_batch
from lib.supply.origin.rules import path_of
from lib.supply.purchasing.receiving.queries import Batch
from lib.supply.stock.rules import KIND_NAMES
from lib.trade.rounds.announcement import said_day
from lib.ui import addresses, costs, messages_text, navigation, recall, show
from lib.ui.words import _, plain


def head(shop: Shop, this: Batch) -> None:
    """Show product, supplier, what is left, and whether anything stands in the way."""
    st.markdown(f"### {plain(this.product_name)} · {plain(this.code)}")
    proof = queries.proofs(shop, [this.id])[this.id]
    with st.container(horizontal=True):
        if this.stopped_at is not None:
            show.state("late", _("Sale stopped"))
        if this.undone_at is not None:
            show.state("quiet", _("Receiving was taken back"))
        if proof.tested_on:
            show.state("good", _("Tested: {day}").format(day=show.day(proof.tested_on, shop)))
        else:
            show.state("soon", _("No test report"))
    show.figures(
        (_("Left"), this.unit.said(this.on_hand)),
        (_("Arrived"), show.day(this.arrived_on, shop)),
        (_("Best before"), show.day(this.best_before, shop) if this.best_before else "—"),
        (_("Evidence"), f"{proof.published} / {proof.pieces}", _("published / all of this batch")),
    )


def ways(shop: Shop, this: Batch) -> None:
    """Offer evidence, origin page, label, dossier, and the means to stop or call back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            navigation.page("evidence"),
            label=_("Evidence"),
            icon=":material/add_a_photo:",
            query_params={"batch": str(this.id)},
        )
        for word, path, icon in (
            (_("Label"), f"/print/label/{this.id}", "label"),
            (_("Label, 80 mm roll"), f"/print/label/{this.id}?paper=80mm", "receipt"),
            (_("Origin page"), path_of(this.token), "open_in_new"),
            (_("Dossier"), f"/dossier/{this.id}", "folder_zip"),
        ):
            st.link_button(word, path, icon=f":material/{icon}:")
        recall.begin(shop, this)


def address(shop: Shop, this: Batch) -> str:
    """Return the address of the light page as residents open it."""
    return addresses.of_path(shop, path_of(this.token))


def for_the_group(shop: Shop, this: Batch) -> None:
    """Show the text and the poster to post, the tick, and what was posted."""
    st.subheader(_("For the group"))
    say = speaker(shop)
    link = address(shop, this)
    day = said_day(this.arrived_on, shop.today, say)
    text = texts.group_text(origin_of_batch(shop, this.id), day, link, say)
    if this.stopped_at is not None:
        st.caption(_("Its sale is stopped: nothing is posted."))
        return
    messages_text.offer(shop, ORIGIN, queries.subject(this.id), text, f"origin-{this.id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(_("Poster"), icon=":material/image:", key="poster"):
            _poster(this)
        with st.popover(_("QR code"), icon=":material/qr_code_2:", key="qr"):
            picture = costs.qr_picture(link)
            st.image(picture, width=220, alt=_("QR code of the origin page"))
            st.code(link, language=None, wrap_lines=True)
    if not shop.settings.public_address:
        st.caption(
            _(
                "The address is the one of this browser. If residents use another, write it into "
                "the settings."
            )
        )


def _poster(this: Batch) -> None:
    shape = st.segmented_control(
        _("Shape"),
        ["card", "tall"],
        default="card",
        required=True,
        format_func={"card": _("for the group, 3:4"), "tall": _("whole phone, 9:16")}.__getitem__,
        key="poster-shape",
    )
    dark = st.toggle(_("Dark"), key="poster-dark")
    picture = f"/print/poster/{this.id}.png?tall={int(shape == 'tall')}&dark={int(dark)}"
    st.html(
        f'<img src="{picture}" alt="" loading="lazy" '
        'style="width:100%;max-width:20rem;border-radius:.5rem">'
    )
    st.link_button(
        _("Open to save"),
        picture,
        icon=":material/open_in_new:",
        help=_("On a phone keep a finger on the picture to save or send it."),
    )


def moved(shop: Shop, this: Batch) -> None:
    """Show what became of the goods, summed."""
    st.subheader(_("What became of it"))
    sums = queries.moved(shop, this.id)
    show.figures(
        *(
            (_(KIND_NAMES[one.kind]), f"{one.quantity:+d}"[0] + this.unit.said(abs(one.quantity)))
            for one in sums
        )
    )


def record(this: Batch) -> None:
    """Show the purchase record of the batch (facts of the field, 3.1)."""
    with st.expander(_("Purchase record"), icon=":material/contract:", key="record"):
        price = this.unit_price
        rows = [
            (_("Product"), this.product_name),
            (_("Specification"), this.specification),
            (_("Received"), this.unit.said(this.received)),
            (_("Rejected"), f"{this.unit.said(this.rejected)} {this.reject_reason}"),
            (_("Produced"), this.produced_on.isoformat() if this.produced_on else ""),
            (_("Lot"), this.lot),
            (_("Shelf life"), _days(this)),
            (_("Certificate number"), this.certificate_number),
            (_("Supplier"), this.supplier_name),
            (_("Address"), this.supplier_address),
            (_("Contact"), this.supplier_contact),
            (_("Keep until"), this.keep_until.isoformat()),
        ]
        if price is not None:
            rows.append((_("Purchase price"), f"{show.money(price)} / {this.unit.word}"))
        for word, value in rows:
            st.markdown(f":small[{word}]  \n{plain(value) or '—'}")


def _days(this: Batch) -> str:
    if this.shelf_life_days is None:
        return ""
    return _("{count} days").format(count=this.shelf_life_days)
