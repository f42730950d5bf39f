"""The cases of the ledger: what is asked for, what they add up to, a page of them, the files."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.months import months_later
from lib.service.after_sales.rules import CAUSE_NAMES, DEFECT_NAMES, Cause, Defect
from lib.service.ledger import queries, texts
from lib.service.ledger.album.queries import album
from lib.service.ledger.album.rules import MOST_NAMED, as_query
from lib.service.ledger.queries import MOST_ROWS, PAGE
from lib.service.ledger.rules import STANDING_NAMES, Standing, Sums, Wanted, checked, month_of
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.ui import choice, feedback, navigation, show
from lib.ui.words import _, language

THIS, LAST, YEAR, OWN = "this", "last", "year", "own"
NO_CAUSE, NO_SUPPLIER = "", 0


def draw(shop: Shop) -> None:
    """Draw sums, filter, the page of cases and what can be taken along."""
    place = st.container()
    wanted = _asked(shop)
    if wanted is None:
        return
    found = queries.sums(shop, wanted)
    with place:
        _figures(found)
    if not found.count:
        show.nothing(
            _("No case is found."), _("Choose other days, or ask for fewer things at once.")
        )
        return
    _table(shop, wanted, found)
    _files(shop, wanted)


def _figures(found: Sums) -> None:
    count = str(found.count)
    cases = count
    if found.withdrawn:
        cases = _("{count} ({withdrawn} withdrawn)").format(count=count, withdrawn=found.withdrawn)
    items: list[tuple[str, str] | tuple[str, str, str]] = [
        (_("Complaints"), cases),
        (_("A promise ran out"), str(found.late), _("First reply, solution or owed goods.")),
        (_("Paid back"), show.money(found.refunds)),
    ]
    if found.goods_cost is not None:
        said = _("Goods given, at what they cost the shop.")
        if found.unpriced:
            said += " " + _("{count} without a known price are not in it.").format(
                count=found.unpriced
            )
        items.append((_("Goods given"), show.money(found.goods_cost), said))
    items.append((_("Freight borne"), show.money(found.freight)))
    items.append((_("Opened again"), str(found.reopened)))
    show.figures(*items)


def _asked(shop: Shop) -> Wanted | None:
    """Draw the filter and return what is asked for; None while its days cannot be."""
    first, last = _days(shop)
    text = st.text_input(
        _("Find"),
        placeholder=_("A0012, name, goods, their words"),
        icon=":material/search:",
        max_chars=60,
        key="ledger-text",
        label_visibility="collapsed",
    )
    try_days = Wanted(first, last, text=text)
    if not _may_be(try_days):
        return None
    goods, sources = queries.choices(shop, try_days)
    with st.expander(_("Narrow it down"), icon=":material/filter_alt:", key="ledger-narrow"):
        return _narrowed(try_days, goods, sources)


def _may_be(wanted: Wanted) -> bool:
    """Say what is wrong with the days, if anything is."""
    for error in _wrong(wanted):
        st.error(feedback.refusal(error), icon=":material/info:")
        return False
    return True


def _wrong(wanted: Wanted) -> list[ShopError]:
    try:
        checked(wanted)
    except ShopError as error:
        return [error]
    return []


def _days(shop: Shop) -> tuple[date, date]:
    names = {
        THIS: _("This month"),
        LAST: _("Last month"),
        YEAR: _("Twelve months"),
        OWN: _("Other days"),
    }
    asked = st.query_params.get("days", THIS)
    start = asked if asked in names else THIS
    chosen = choice.of_views(_("Days"), names, start, f"ledger-days-{start}")
    first, last = month_of(shop.today)
    if chosen == LAST:
        return month_of(first - timedelta(days=1))
    if chosen == YEAR:
        return months_later(first, -11), last
    if chosen == OWN:
        with st.container(horizontal=True):
            first = st.date_input(
                _("From"), first, format="YYYY-MM-DD", key="ledger-first", width=150
            )
            last = st.date_input(
                _("To"), shop.today, format="YYYY-MM-DD", key="ledger-last", width=150
            )
    return first, last


def _narrowed(wanted: Wanted, goods: Mapping[int, str], sources: Mapping[int, str]) -> Wanted:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        product = _one_of(_("Product"), goods, "product")
        supplier = _one_of(
            _("Supplier"), {**sources, NO_SUPPLIER: _("not known whose")}, "supplier"
        )
        cause = _one_of(
            _("Cause"),
            {**{each: _(name) for each, name in CAUSE_NAMES.items()},
             NO_CAUSE: _("not found out yet")},
            "cause",
        )  # fmt: skip
        defect = _one_of(
            _("What is wrong"), {each: _(name) for each, name in DEFECT_NAMES.items()}, "defect"
        )
        standing = _one_of(
            _("State"), {each: _(name) for each, name in STANDING_NAMES.items()}, "state"
        )
        late = st.toggle(_("Only where a promise ran out"), key="ledger-late")
    return replace(
        wanted,
        product_id=product,
        supplier_id=supplier,
        cause=Cause(cause) if cause else cause,
        defect=Defect(defect) if defect else None,
        standing=Standing(standing) if standing else None,
        late_only=late,
    )


def _one_of(label: str, names: Mapping[Any, str], key: str) -> Any:
    return st.selectbox(
        label,
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("all"),
        key=f"ledger-{key}",
        width=210,
    )


def _table(shop: Shop, wanted: Wanted, found: Sums) -> None:
    pages = -(-found.count // PAGE)
    page = st.pagination(pages, key=f"ledger-page-{pages}") if pages > 1 else 1
    rows = queries.ledger(shop, wanted, offset=(int(page or 1) - 1) * PAGE)
    say, cost = translator(language()), shop.may_see_cost
    table = texts.as_table(rows, say, residents=True, cost=cost)
    money = [say(each) for each in texts.MONEY if cost or each != texts.AT_COST]

    def whole() -> pd.DataFrame:
        every = queries.ledger(shop, wanted, limit=MOST_ROWS)
        return pd.DataFrame(texts.as_table(every, say, residents=True, cost=cost))

    picked = choice.of_rows(
        pd.DataFrame(table),
        "complaints",
        shop,
        money_columns=money,
        moment_columns=[say(each) for each in texts.MOMENTS],
        config={_("Case no."): st.column_config.TextColumn(pinned=True)},
        whole=whole if pages > 1 else None,
    )
    if found.count > MOST_ROWS:
        st.caption(
            _("The file holds the newest {count} cases. Choose fewer days for the others.").format(
                count=MOST_ROWS
            )
        )
    if picked is not None:
        st.switch_page(
            navigation.page("after_sales"), query_params={"case": str(rows[picked].card.id)}
        )


def _files(shop: Shop, wanted: Wanted) -> None:
    """Offer the table with its photos as one file; a searched text never stands in its address."""
    ids = queries.case_ids(shop, wanted, MOST_NAMED + 1) if wanted.text else None
    if ids is not None and len(ids) > MOST_NAMED:
        st.caption(_("For the file with photos search more exactly, or clear the search."))
        return
    found = album(shop, wanted)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button(
            _("Table and {count} photos (ZIP)").format(count=len(found.shots)),
            f"/case-photos?{urlencode(as_query(wanted, ids))}",
            icon=":material/photo_library:",
        )
        st.caption(_("Photos are named by case number; residents are not in it."))
    if found.left_out:
        show.state(
            "soon",
            _("{count} photos of the oldest cases do not fit").format(count=found.left_out),
        )
