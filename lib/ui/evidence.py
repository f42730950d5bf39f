"""Evidence on screen: what it is about, bringing it in, looking at it, publishing it (R8, R9)."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.shop import Shop
from lib.supply.traceability import commands, queries
from lib.supply.traceability.queries import Choice, Evidence, Tested
from lib.supply.traceability.rules import LABELS, PAPERS, Details, Freshness, Kind, Target
from lib.ui import bring, choice, feedback, media, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

ABOUT = {"batch": N_("A batch"), "product": N_("A product"), "supplier": N_("A supplier")}
_CHOOSE = {
    "batch": N_("Choose the batch"),
    "product": N_("Choose the product"),
    "supplier": N_("Choose the supplier"),
}
_STATES: dict[Freshness, tuple[show.State, str]] = {
    Freshness.FRESH: ("good", N_("recent")),
    Freshness.OLD: ("soon", N_("old")),
    Freshness.MISSING: ("soon", N_("no test report yet")),
}
_FOLLOWED = "evidence-followed"
"""What the address named last: a link that leads somewhere else wins over what was chosen."""
COLUMNS = 4
AT_FIRST = 12
"""Pieces of evidence shown before somebody asks for all of them."""


def choose(shop: Shop) -> Target | None:
    """Ask what the evidence is about; the address carries it: ``?batch=12``. None for nothing."""
    asked = asked_for()
    is_new = asked != st.session_state.get(_FOLLOWED)
    st.session_state[_FOLLOWED] = asked
    if asked is not None and is_new:
        st.session_state["evidence-about"] = asked.word.split("-")[0]
    st.session_state.setdefault("evidence-about", "batch")
    chosen_about = st.segmented_control(
        _("Evidence of"),
        list(ABOUT),
        required=True,
        format_func={each: _(word) for each, word in ABOUT.items()}.__getitem__,
        key="evidence-about",
        on_change=_forget_target,
    )
    about = str(chosen_about)
    number = asked.columns().get(f"{about}_id") if asked else None
    found = queries.choices(shop, about, also=number)
    names = {each: _named(choice, shop) for each, choice in found.items()}
    if is_new and number in names:
        st.session_state[f"evidence-{about}"] = number
    chosen = st.selectbox(
        _(_CHOOSE[about]),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Type to search"),
        key=f"evidence-{about}",
    )
    if chosen != number:
        _forget_target()
        if chosen is not None:
            st.query_params[about] = str(chosen)
            st.rerun()
    return Target(**{f"{about}_id": chosen}) if chosen is not None else None


def asked_for() -> Target | None:
    """Return the target that the address names; None for none or for something else."""
    for about in ABOUT:
        asked = st.query_params.get(about, "")
        if asked:
            try:
                return Target.of_word(f"{about}-{asked}")
            except Refused:
                return None
    return None


def overview(shop: Shop) -> None:
    """Show how old the last tests are, the oldest first; a row leads to its evidence."""
    tested = queries.tested(shop)
    counts = {state: sum(item.freshness is state for item in tested) for state in Freshness}
    show.figures(
        (_("No test report yet"), str(counts[Freshness.MISSING])),
        (
            _("Last test too old"),
            str(counts[Freshness.OLD]),
            _("Older than {days} days, as the settings say.").format(
                days=shop.settings.test_fresh_days
            ),
        ),
        (_("Test is fresh"), str(counts[Freshness.FRESH])),
    )
    picked = _tests(shop, tested)
    if picked is not None:
        st.query_params.clear()
        about, _dash, number = picked.word.partition("-")
        st.query_params[about] = number
        st.rerun()


def _tests(shop: Shop, tested: Sequence[Tested]) -> Target | None:
    if tested:
        st.caption(_("Tap the box at the left of a row to see and add its evidence."))
    picked = choice.of_rows(
        pd.DataFrame([_row(item) for item in tested]),
        "tests",
        shop,
        config={_("Name"): st.column_config.TextColumn(pinned=True, width=140)},
        empty=_("No supplier yet, and nothing has come in. Evidence begins with either."),
    )
    return None if picked is None else tested[picked].target


def _row(item: Tested) -> dict[str, object]:
    of_product = item.target.product_id is not None
    return {
        _("Name"): item.name,
        _("Kind"): _("Product") if of_product else _("Supplier"),
        _("Test"): _(_STATES[item.freshness][1]),
        _("Days since"): item.days,
        _("Last test"): item.last,
    }


def freshness(shop: Shop, target: Target, found: Sequence[Evidence]) -> None:
    """Say in one sentence how old the last test of this is."""
    reports = [item.made_on for item in found if item.kind is Kind.TEST_REPORT and item.made_on]
    last = max(reports, default=None)
    if target.batch_id is None:
        known = {item.target: item.last for item in queries.tested(shop)}
        last = max((day for day in (last, known.get(target)) if day), default=None)
    if last is None:
        show.state("soon", _("no test report yet"))
        return
    days = (shop.today - last).days
    old = days > shop.settings.test_fresh_days
    said = _("last test {days} days ago") if days else _("tested today")
    show.state("soon" if old else "good", said.format(days=days))


def add(shop: Shop, target: Target) -> None:
    """Ask what is coming, and draw the place where files are dropped."""
    with st.container(border=True, key="evidence-add"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = st.selectbox(
                _("What it shows"),
                list(Kind),
                format_func=_labels().__getitem__,
                key="evidence-kind",
                width=240,
            )
            made_on = st.date_input(
                _("Day of the test") if kind in PAPERS else _("Day of filming"),
                value=shop.today,
                max_value=shop.today,
                format="YYYY-MM-DD",
                key=f"evidence-day-{kind in PAPERS}",
                width=180,
            )
        issuer = result = ""
        if kind in PAPERS:
            with st.container(horizontal=True):
                issuer = st.text_input(_("Issued by"), key="evidence-issuer", width=280)
                result = st.text_input(_("Result"), key="evidence-result", width=200)
        details = Details(Kind(kind or Kind.OTHER), "", made_on, issuer, result)
        bring.drop_zone(shop, target, details)
        st.caption(
            _(
                "Place and date hidden in photos and videos are taken out. Nothing is seen by "
                "residents until you publish it."
            )
        )


def grid(shop: Shop, found: Sequence[Evidence]) -> None:
    """Show the evidence as thumbnails; one opens by its button."""
    if not found:
        show.nothing(
            _("No evidence here yet."),
            _("A minute of film from the field says more than a long text."),
        )
        return
    _publish_all(shop, [item for item in found if not item.is_published])
    shown = found if st.session_state.get("evidence-all") else found[:AT_FIRST]
    with st.container(key="evidence-grid"):
        for first in range(0, len(shown), COLUMNS):
            row = zip(st.columns(COLUMNS), shown[first : first + COLUMNS], strict=False)
            for column, item in row:
                with column, st.container(border=True, key=f"evidence-card-{item.id}"):
                    _card(shop, item)
    if len(shown) < len(found):
        more = _("Show all {count}").format(count=len(found))
        st.button(more, key="evidence-more", on_click=_show_all)


def _card(shop: Shop, item: Evidence) -> None:
    title = item.titled(_)
    media.thumbnail(item.file, title)
    st.markdown(f"**{plain(title)}**")
    with st.container(horizontal=True, vertical_alignment="center"):
        _badge(item)
        if item.made_on and item.typed_title:
            st.caption(show.day(item.made_on, shop), width="content")
    if st.button(_("Open"), key=f"open-{item.id}", width="stretch"):
        st.query_params["item"] = str(item.id)
        st.rerun()


def _badge(item: Evidence) -> None:
    if item.is_published:
        show.state("good", _("published"))
    else:
        show.state("quiet", _("internal"))


def _publish_all(shop: Shop, internal: Sequence[Evidence]) -> None:
    if len(internal) < 2:
        return
    form = Form("publish_all")
    seen = form.seen("versions", {item.id: item.version for item in internal})
    with st.popover(_("Publish all {count} internal ones").format(count=len(internal))):
        warning()
        if st.button(
            _("Publish {count} for residents").format(count=len(seen)),
            type="primary",
            key=form.field("publish"),
        ):
            with feedback.saying(_("Published: residents see them now"), form):
                commands.publish_several(form.once(shop, seen), seen)
    if set(seen) != {item.id for item in internal}:
        form.look_again()


def opened(found: Sequence[Evidence]) -> Evidence | None:
    """Return the piece that the address names by ``?item=``, if it is among ``found``."""
    asked = st.query_params.get("item", "")
    return next((item for item in found if str(item.id) == asked), None)


def one(shop: Shop, item: Evidence) -> None:
    """Show one piece in full with everything that can be done about it."""
    if st.button(
        _("All evidence of this"), icon=":material/arrow_back:", type="tertiary", key="back"
    ):
        _close()
    title = item.titled(_)
    st.subheader(plain(title))
    with st.container(horizontal=True, vertical_alignment="center"):
        _badge(item)
        facts = [_(LABELS[item.kind]), show.day(item.made_on, shop) if item.made_on else ""]
        facts += [plain(item.issuer), plain(item.result)]
        st.caption(" · ".join(fact for fact in facts if fact), width="content")
    media.whole(item.file, title)
    if item.file.is_document:
        st.link_button(
            _("Download the PDF"),
            f"/files/{item.file.sha256}",
            icon=":material/download:",
            help=_("For the desk only: residents see the pictures of its pages."),
        )
    _publishing(shop, item)
    _change(shop, item)
    _remove(shop, item)


def warning() -> None:
    """Say what to look for before residents see it."""
    st.warning(
        _(
            "Residents and anybody with the link will see it. Are there people on it, children "
            "above all, number plates, or somebody's phone number? Ask them first, or choose "
            "another picture."
        ),
        icon=":material/family_restroom:",
    )


def _publishing(shop: Shop, item: Evidence) -> None:
    form = Form(f"publish-{item.id}")
    version = form.seen("version", item.version)
    with st.container(border=True, key="evidence-publishing"):
        if item.is_published:
            since = _("Residents see it since {moment}.")
            st.markdown(since.format(moment=show.moment(item.published_at, shop)))
            if st.button(_("Withdraw from residents"), key=form.field("withdraw")):
                with feedback.saying(_("Withdrawn: residents no longer see it"), form):
                    commands.withdraw_evidence(form.once(shop, version), item.id, version)
                    _keep_up(form, item)
            return
        warning()
        if st.button(_("Publish for residents"), type="primary", key=form.field("publish")):
            with feedback.saying(_("Published: residents see it now"), form):
                commands.publish_evidence(form.once(shop, version), item.id, version)
                _keep_up(form, item)


def _change(shop: Shop, item: Evidence) -> None:
    form = Form(f"evidence-{item.id}")
    version = form.seen("version", item.version)
    with st.expander(_("Change what is known of it")), st.form(form.field("form"), border=False):
        details = _fields(form, item, shop)
        if st.form_submit_button(_("Save"), key=form.field("save")):
            with feedback.saying(_("Evidence saved"), form):
                commands.change_evidence(
                    form.once(shop, details, version), item.id, version, details
                )
                _keep_up(form, item)


def _fields(form: Form, item: Evidence, shop: Shop) -> Details:
    kind = st.selectbox(
        _("What it shows"),
        list(Kind),
        index=list(Kind).index(item.kind),
        format_func=_labels().__getitem__,
        key=form.field("kind"),
    )
    title = st.text_input(
        _("Title for residents"),
        item.typed_title,
        placeholder=_("empty: what it shows and its day"),
        max_chars=60,
        key=form.field("title"),
    )
    made_on = st.date_input(
        _("Day of the test or filming"),
        value=item.made_on,
        max_value=shop.today,
        format="YYYY-MM-DD",
        key=form.field("made_on"),
    )
    issuer = st.text_input(_("Issued by"), item.issuer, key=form.field("issuer"))
    result = st.text_input(_("Result"), item.result, key=form.field("result"))
    return Details(Kind(kind or Kind.OTHER), title, made_on, issuer, result)


def _remove(shop: Shop, item: Evidence) -> None:
    form = Form(f"remove-{item.id}")
    version = form.seen("version", item.version)
    with st.popover(_("Remove"), icon=":material/delete:"):
        st.markdown(
            _("It leaves every screen, also the residents'. The file is kept with the records.")
        )
        if st.button(_("Remove this evidence"), key=form.field("remove")):
            with feedback.saying(_("Evidence removed"), form):
                commands.remove_evidence(form.once(shop, version), item.id, version)
                st.query_params.pop("item", None)


def _keep_up(form: Form, item: Evidence) -> None:
    form.keep_up(*(f"{what}-{item.id}" for what in ("publish", "evidence", "remove")))


def _labels() -> dict[Kind, str]:
    return {kind: _(label) for kind, label in LABELS.items()}


def _named(choice: Choice, shop: Shop) -> str:
    parts = [choice.name, choice.code, show.day(choice.day, shop) if choice.day else ""]
    return " · ".join(part for part in parts if part)


def _forget_target() -> None:
    for name in (*ABOUT, "item"):
        st.query_params.pop(name, None)


def _close() -> None:
    st.query_params.pop("item", None)
    st.rerun()


def _show_all() -> None:
    st.session_state["evidence-all"] = True
