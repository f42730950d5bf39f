"""The parts of the products page: the list, the form, photo, history, pasting a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from lib.kernel.clock import local
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import folded
from lib.shop.files import photos
from lib.shop.shop import Shop
from lib.trade.products import commands, queries, rules
from lib.trade.products.queries import PriceChange, Product
from lib.trade.products.rules import Details
from lib.ui import feedback, show, suppliers
from lib.ui import money as money_ui
from lib.ui.forms import Form
from lib.ui.words import _, plain

_PHOTO_WIDTH = 480
IN_USE, ARCHIVED = "in_use", "archived"


def listing(shop: Shop, found: Sequence[Product], name: str) -> None:
    """Show products with photo, prices, tags and margin, what papers ran out, the export below."""
    suppliers.offered_with_bad_papers(shop, {each.id: each.name for each in found})
    frame = pd.DataFrame([_row(each) for each in found])
    small = [f"/files/{each.photo}?size=small" if each.photo else None for each in found]
    yuan = st.column_config.NumberColumn(format="¥%,.2f")
    percent = st.column_config.NumberColumn(format="%.1f %%")
    shown = frame.copy()
    shown.insert(0, _("Photo"), small)
    st.dataframe(
        shown,
        hide_index=True,
        row_height=48,
        placeholder="—",
        column_config={
            _("Photo"): st.column_config.ImageColumn(width=56),
            _("Name"): st.column_config.TextColumn(pinned=True),
            **{_(label): yuan for label in _MONEY},
            _("Margin %"): percent,
        },
        key=f"table-{name}",
    )
    show.exports(frame, name, shop)


def tags(each: Product | Details) -> str:
    """Return the tags of a product in words."""
    said = ((each.is_fresh, _("fresh")), (each.is_daily, _("daily goods")))
    return " ".join(word for has, word in (*said, (each.is_fragile, _("fragile"))) if has)


_PRICE, _PER_JIN, _PURCHASE, _MARGIN = "Price", "Per 500 g", "Purchase price", "Margin"
_MONEY = (_PRICE, _PER_JIN, _PURCHASE, _MARGIN)


def _row(each: Product) -> dict[str, object]:
    margin = each.margin
    money = (
        each.price,
        each.price_per_jin,
        each.purchase_price,
        margin.amount if margin else None,
    )
    yuan = [None if amount is None else float(amount.yuan) for amount in money]
    percent = margin.percent if margin else None
    return {
        _("Name"): each.name,
        _("Price"): yuan[0],
        _("Unit"): each.unit.word,
        _("Per 500 g"): yuan[1],
        _("Purchase price"): yuan[2],
        _("Margin"): yuan[3],
        _("Margin %"): None if percent is None else float(percent),
        _("Tags"): tags(each),
        _("Category"): each.category,
        _("Other names"): "、".join(each.aliases),
        _("Packages"): rules.conversions_said(each.conversions, each.unit),
    }


@dataclass(frozen=True)
class Typed:
    """What stands in the product form, unread: numbers and lists are still text."""

    details: Details
    price: str
    purchase_price: str
    aliases: str
    conversions: str

    def read(self) -> Details:
        """Return the details; raises ``Refused`` for what cannot be read."""
        return replace(
            self.details,
            price=rules.typed_price(self.price),
            purchase_price=rules.known_price(self.purchase_price),
            aliases=rules.aliases_of(self.aliases),
            conversions=rules.conversions_of(self.conversions, self.details.unit),
        )


def fields(shop: Shop, form: Form, start: Details, *, folded: bool) -> Typed:
    """Show the fields of a product; only name, unit and price stand outside when ``folded``."""
    new = not start.name
    name = st.text_input(
        _("Name"), start.name, max_chars=rules.LONGEST_NAME, key=form.field("name")
    )
    with st.container(horizontal=True):
        units = list(dict.fromkeys([*rules.COMMON_UNITS, start.unit]))
        unit = st.selectbox(
            _("Sale unit"),
            units,
            index=units.index(start.unit),
            accept_new_options=True,
            help=_("What the price is per. Choose one or type another, for example 捆."),
            key=form.field("unit"),
        )
        price = st.text_input(
            _("Price (yuan per unit)"),
            "" if new else str(start.price.yuan),
            placeholder="4.80",
            key=form.field("price"),
        )
    aliases = st.text_input(
        _("Other names in the chat"),
        "、".join(start.aliases),
        placeholder="鸡蛋、柴鸡蛋",
        help=_("What residents write when they mean it, separated by commas."),
        key=form.field("aliases"),
    )
    with st.expander(_("More: tags, purchase price, content, packages"), expanded=not folded):
        return _further(shop, form, start, Typed(start, price, "", aliases, ""), name, unit or "")


def _further(shop: Shop, form: Form, start: Details, typed: Typed, name: str, unit: str) -> Typed:
    with st.container(horizontal=True):
        fresh = st.checkbox(_("Fresh"), start.is_fresh, key=form.field("fresh"))
        daily = st.checkbox(_("Daily goods"), start.is_daily, key=form.field("daily"))
        fragile = st.checkbox(_("Fragile"), start.is_fragile, key=form.field("fragile"))
    categories = list(dict.fromkeys(["", *queries.categories(shop), start.category]))
    with st.container(horizontal=True):
        bought = st.text_input(
            _("Purchase price (yuan per unit)"),
            money_ui.written(start.purchase_price),
            placeholder="4.50",
            key=form.field("purchase"),
        )
        category = st.selectbox(
            _("Category"),
            categories,
            index=categories.index(start.category),
            format_func=lambda word: word or "—",
            accept_new_options=True,
            key=form.field("category"),
        )
    with st.container(horizontal=True):
        grams = _count(form, "grams", _("One unit weighs (g)"), start.content_grams)
        pieces = _count(form, "pieces", _("One unit holds (pieces)"), start.content_pieces)
    conversions = st.text_input(
        _("Packages"),
        rules.conversions_said(start.conversions, Unit.named(start.unit)),
        placeholder="1板=30个、1箱=360个",
        help=_("How many sale units a package word in the chat means."),
        key=form.field("packages"),
    )
    description = st.text_area(
        _("What to tell residents (origin, harvest day)"),
        start.description,
        max_chars=rules.LONGEST_DESCRIPTION,
        help=_("Stands in the announcement. Write only what you know."),
        height=80,
        key=form.field("description"),
    )
    details = Details(
        name,
        unit,
        start.price,
        category or "",
        fresh,
        daily,
        fragile,
        grams,
        pieces,
        None,
        description,
    )
    return replace(typed, details=details, purchase_price=bought, conversions=conversions)


def _count(form: Form, name: str, label: str, start: int | None) -> int | None:
    return st.number_input(
        label,
        min_value=1,
        max_value=rules.LARGEST_AMOUNT,
        value=start,
        step=1,
        key=form.field(name),
    )


def edit(shop: Shop, this: Product) -> None:
    """Show the form that changes a product."""
    form = Form(f"product_edit_{this.id}")
    version = form.seen("version", this.version)
    with st.form(form.field("form"), border=False):
        typed = fields(shop, form, form.seen("details", this.details), folded=False)
        saved = st.form_submit_button(
            _("Save changes"), type="primary", icon=":material/save:", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Changes saved"), form):
            details = typed.read()
            bound = form.once(shop, version, repr(details))
            commands.change_product(bound, this.id, version, details)


def _keep_up(this: Product) -> None:
    """Let the edit form know the version that our own change made, keeping what is typed there.

    A form that saw an older version than ``this`` still has somebody else's change to be told of.
    """
    form = Form(f"product_edit_{this.id}")
    if form.seen("version", this.version) == this.version:
        form.look_again()


def add(shop: Shop) -> None:
    """Show the form for a new product: name, unit and price are enough."""
    form = Form("product_add")
    with st.form(form.field("form"), border=False):
        typed = fields(shop, form, Details("", rules.COMMON_UNITS[0], Money()), folded=True)
        saved = st.form_submit_button(
            _("Add product"), type="primary", icon=":material/add:", key=form.field("save")
        )
    if saved:
        with feedback.saying(_("Product added"), form):
            details = typed.read()
            commands.add_product(form.once(shop, repr(details)), details)


def photo(shop: Shop, this: Product) -> None:
    """Show the photo with the means to set it from a file or the camera, and to take it off."""
    form = Form(f"product_photo_{this.id}")
    if this.photo:
        with st.container(width=_PHOTO_WIDTH):
            st.markdown(f"![{plain(this.name)}](/files/{this.photo})")
    else:
        st.caption(_("No photo yet. Residents look rather than read."))
    chosen = st.file_uploader(
        _("Photo from the phone or computer (JPG, PNG, WebP, HEIC; up to 20 MB)"),
        type="image",
        max_upload_size=photos.LARGEST_UPLOAD // 1024 // 1024,
        key=form.field("file"),
    )
    if st.toggle(_("Use the camera of this device"), key=form.field("camera_on")):
        chosen = st.camera_input(_("Camera"), key=form.field("camera")) or chosen
    st.caption(_("Place and device are removed from the picture before it is kept."))
    with st.container(horizontal=True):
        keep = st.button(
            _("Keep this photo"),
            type="primary",
            icon=":material/add_a_photo:",
            disabled=chosen is None,
            key=form.field("save"),
        )
        if keep and chosen is not None:
            with feedback.saying(_("Photo kept"), form):
                content = chosen.getvalue()
                commands.set_photo(form.once(shop, len(content)), this.id, content, chosen.name)
                _keep_up(this)
        if this.photo and st.button(
            _("Take the photo off"), icon=":material/hide_image:", key=form.field("remove")
        ):
            with feedback.saying(_("Photo taken off; residents no longer see it"), form):
                commands.set_photo(form.once(shop, None), this.id, None)
                _keep_up(this)


def history(shop: Shop, this: Product) -> None:
    """Show every price the product had, as a picture and as a table."""
    changes = queries.price_history(shop, this.id)
    kinds = {"sale": _("Sale price"), "purchase": _("Purchase price")}
    if len(changes) > len({change.kind for change in changes}):
        _price_chart(shop, changes, kinds)
    rows = [
        {
            _("Valid from"): change.at,
            _("Which price"): kinds[change.kind],
            _("Price"): None if change.price is None else change.price.fen,
            _("Changed by"): change.by,
        }
        for change in changes
    ]
    show.table(
        pd.DataFrame(rows),
        f"prices-{this.id}",
        shop,
        money_columns=[_("Price")],
        moment_columns=[_("Valid from")],
    )


def _price_chart(shop: Shop, changes: Sequence[PriceChange], kinds: dict[str, str]) -> None:
    now = shop.clock.now()
    latest = {change.kind: change for change in reversed(changes)}
    ends = [replace(change, at=now) for change in latest.values()]
    values = [
        {
            "at": f"{local(change.at, shop.settings.time_zone):%Y-%m-%dT%H:%M:%S}",
            "kind": kinds[change.kind],
            "yuan": float(change.price.yuan),
        }
        for change in (*changes, *ends)
        if change.price is not None
    ]
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": 220,
            "mark": {"type": "line", "interpolate": "step-after", "point": {"size": 50}},
            "encoding": {
                "x": {
                    "field": "at",
                    "type": "temporal",
                    "title": None,
                    "axis": {"format": "%m-%d", "tickCount": 6, "labelOverlap": True},
                },
                "y": {
                    "field": "yuan",
                    "type": "quantitative",
                    "title": _("yuan per unit"),
                    "scale": {"zero": False, "padding": 8},
                    "axis": {"format": ".2f"},
                },
                "color": {
                    "field": "kind",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": list(kinds.values()), "range": ["#3c8a5b", "#8a7a5c"]},
                    "legend": {"orient": "bottom"},
                },
            },
        },
        width="stretch",
        key="price-chart",
        alt=_("Steps: sale price and purchase price over time"),
    )


def keep_or_archive(shop: Shop, this: Product) -> None:
    """Show the means to take a product out of use, or back into it."""
    form = Form(f"product_archive_{this.id}")
    if this.archived_at is not None:
        st.write(_("Archived {when}.").format(when=show.moment(this.archived_at, shop)))
        if st.button(_("Take back into use"), type="primary", key=form.field("restore")):
            with feedback.saying(_("Back in use"), form):
                commands.restore_product(form.once(shop), this.id)
                _keep_up(this)
        return
    st.write(_("It is offered no more then. Its orders and prices stay, and it can be taken back."))
    if st.button(_("Archive"), icon=":material/archive:", key=form.field("archive")):
        with feedback.saying(_("Archived"), form):
            commands.archive_product(form.once(shop), this.id)
            _keep_up(this)


def paste(shop: Shop) -> None:
    """Show the field for a pasted product list, what is read of it, and the means to add it."""
    form = Form("product_paste")
    text = st.text_area(
        _("One product a line: name, unit, price, other names"),
        placeholder="土鸡蛋 斤 4.8 鸡蛋,柴鸡蛋\n老豆腐 盒 3",
        height=140,
        key=form.field("text"),
    )
    if not text.strip():
        return
    taken = queries.names_in_use(shop)
    good, rows = [], []
    for line in rules.listed(text):
        known = line.details is not None and folded(line.details.name) in taken
        if line.details is not None and not known:
            good.append(line.details)
        rows.append(_pasted_row(line, known))
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=form.field("preview"))
    label = _("Add {count} products").format(count=len(good))
    if st.button(label, type="primary", disabled=not good, key=form.field("add")):
        with feedback.saying(_("Products added"), form):
            commands.add_products(form.once(shop, repr(good)), good)


def _pasted_row(line: rules.ListedLine, known: bool) -> dict[str, object]:
    details = line.details
    problem = feedback.refusal(line.problem) if line.problem else ""
    return {
        _("Line"): line.number,
        _("Name"): details.name if details else line.text,
        _("Unit"): details.unit if details else "",
        _("Price"): str(details.price) if details else "",
        _("Other names"): "、".join(details.aliases) if details else "",
        _("What is wrong"): _("already there, left out") if known else problem,
    }


def shared_words(shop: Shop) -> None:
    """Warn of words that several products answer to: the chain reader will ask back."""
    for word, names in queries.shared_words(shop).items():
        st.warning(
            _("{word} may mean {names}: a chain order with this word will be asked back.").format(
                word=plain(word), names=plain("、".join(names))
            ),
            icon=":material/question_mark:",
        )


def choose(found: Sequence[Product]) -> Product | None:
    """Show the choice of one product and return it; it stands in the address (``?product=3``)."""
    by_id = {each.id: each for each in found}
    asked = st.query_params.get("product", "")
    named = int(asked) if asked.isdecimal() else None
    ids = list(by_id)
    chosen = st.selectbox(
        _("Open a product"),
        ids,
        index=ids.index(named) if named in by_id else None,
        format_func=lambda number: by_id[number].name,
        placeholder=_("Choose to edit, add a photo, see prices"),
        key="product",
    )
    if chosen is None:
        st.query_params.pop("product", None)
        return None
    st.query_params["product"] = str(chosen)
    return by_id[chosen]
