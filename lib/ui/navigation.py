"""Every page of the program in one table.

A page is drawn only for those whom its row names, and guards itself besides: registering a page
does not permit it. Residents' browsers never receive the name or path of a staff page; somebody
who opens a deep link without a session gets the sign-in form at that very address, so that the
link still stands after signing in.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

import streamlit as st
from streamlit.navigation.page import Page

from lib.kernel.words import N_
from lib.shop.people.queries import has_owner
from lib.shop.shop import DESK, OWNER_ONLY, Role, Shop
from lib.ui.words import _

PAGES = Path(__file__).parents[2] / "pages"
SIGN_IN = "public/signin.py"
EVERYBODY = frozenset(Role)

DAY, SUPPLY, STOCK, TRUST, SERVICE, MEMBERS, HOUSE = (
    N_("The day"),
    N_("Supply"),
    N_("Stock and origin"),
    N_("Trust"),
    N_("Service"),
    N_("Members"),
    N_("The shop"),
)


@dataclass(frozen=True)
class Entry:
    """One page: its file, its address, its title, its icon, its section, and who may open it."""

    file: str
    url: str
    title: str
    icon: str
    section: str
    who: frozenset[Role]
    hidden: bool = False


TABLE = (
    Entry("desk/today.py", "today", N_("Today"), "today", DAY, DESK),
    Entry("desk/chain.py", "chain", N_("Chain orders in"), "content_paste", DAY, DESK),
    Entry("desk/sheet.py", "sheet", N_("Order files in"), "upload_file", DAY, DESK),
    Entry("desk/counter.py", "counter", N_("Walk-in order"), "point_of_sale", DAY, DESK),
    Entry("desk/orders.py", "orders", N_("Orders"), "receipt_long", DAY, DESK),
    Entry("desk/cashup.py", "cashup", N_("Cash-up"), "payments", DAY, DESK),
    Entry("owner/plan.py", "plan", N_("Plan"), "event_repeat", SUPPLY, OWNER_ONLY),
    Entry(
        "owner/purchase.py", "purchase", N_("Purchase orders"), "shopping_cart", SUPPLY, OWNER_ONLY
    ),
    Entry("desk/receive.py", "receive", N_("Receive goods"), "inventory", SUPPLY, DESK),
    Entry("owner/suppliers.py", "suppliers", N_("Suppliers"), "agriculture", SUPPLY, OWNER_ONLY),
    Entry(
        "owner/statements.py",
        "statements",
        N_("Weekly statements"),
        "request_quote",
        SUPPLY,
        OWNER_ONLY,
    ),
    Entry("owner/products.py", "products", N_("Products"), "nutrition", SUPPLY, OWNER_ONLY),
    Entry("desk/rounds.py", "rounds", N_("Rounds"), "campaign", SUPPLY, DESK),
    Entry("owner/labels.py", "labels", N_("Community labels"), "loyalty", SUPPLY, OWNER_ONLY),
    Entry("desk/stock.py", "stock", N_("Stock"), "warehouse", STOCK, DESK),
    Entry("desk/slow.py", "slow", N_("Slow movers"), "trending_down", STOCK, DESK),
    Entry("desk/rhythm.py", "rhythm", N_("Weekly rhythm"), "calendar_view_week", STOCK, DESK),
    Entry("desk/batches.py", "batches", N_("Batches"), "qr_code_2", STOCK, DESK),
    Entry("desk/evidence.py", "evidence", N_("Evidence"), "add_a_photo", STOCK, DESK),
    Entry("desk/recall.py", "recall", N_("Recall"), "assignment_return", STOCK, DESK),
    Entry("owner/history.py", "history", N_("Past figures in"), "history_edu", STOCK, OWNER_ONLY),
    Entry("public/prices.py", "prices", N_("Open prices"), "sell", TRUST, EVERYBODY),
    Entry("public/origin.py", "origin", N_("Where it comes from"), "yard", TRUST, EVERYBODY),
    Entry("owner/costs.py", "costs", N_("Price sheets"), "balance", TRUST, OWNER_ONLY),
    Entry("owner/profit.py", "profit", N_("Profit"), "savings", TRUST, OWNER_ONLY),
    Entry("owner/welfare.py", "welfare", N_("Welfare items"), "favorite", TRUST, OWNER_ONLY),
    Entry("desk/demands.py", "demands", N_("Wishes"), "volunteer_activism", TRUST, DESK),
    Entry("desk/community.py", "community", N_("Group calendar"), "diversity_3", TRUST, DESK),
    Entry("desk/messages.py", "messages", N_("Messages"), "forum", TRUST, DESK),
    Entry("desk/pick.py", "pick", N_("Picking"), "shelves", SERVICE, DESK),
    Entry("desk/pickup.py", "pickup", N_("Pickup desk"), "shopping_bag", SERVICE, DESK),
    Entry("desk/slots.py", "slots", N_("Slots and reminders"), "schedule", SERVICE, DESK),
    Entry("desk/after_sales.py", "after_sales", N_("After-sales"), "support_agent", SERVICE, DESK),
    Entry("desk/delivery.py", "delivery", N_("Door delivery"), "directions_walk", SERVICE, DESK),
    Entry("desk/packaging.py", "packaging", N_("Packaging"), "package_2", SERVICE, DESK),
    Entry(
        "desk/case_ledger.py",
        "case_ledger",
        N_("Complaints ledger"),
        "fact_check",
        SERVICE,
        DESK,
    ),
    Entry("owner/letters.py", "letters", N_("Supplier letters"), "mail", SERVICE, OWNER_ONLY),
    Entry("desk/members.py", "members", N_("Members"), "group", MEMBERS, DESK),
    Entry("desk/rewards.py", "rewards", N_("Points and rewards"), "redeem", MEMBERS, DESK),
    Entry("desk/gifts.py", "gifts", N_("Birthdays and festivals"), "cake", MEMBERS, DESK),
    Entry("owner/settings.py", "settings", N_("Settings"), "tune", HOUSE, OWNER_ONLY),
    Entry("owner/people.py", "people", N_("Staff"), "badge", HOUSE, OWNER_ONLY),
    Entry("owner/privacy.py", "privacy", N_("Personal data"), "shield_person", HOUSE, OWNER_ONLY),
    Entry("owner/journal.py", "journal", N_("Journal"), "history", HOUSE, OWNER_ONLY),
    Entry("desk/account.py", "account", N_("My account"), "account_circle", HOUSE, DESK),
)


def pages_for(shop: Shop) -> dict[str, list[Page]]:
    """Return the pages of ``shop``'s actor by translated section, home first."""
    role = shop.actor.role
    sections: dict[str, list[Page]] = {}
    # A default page loses its own address: a root that leads on keeps /today and /prices open.
    home = st.Page(PAGES / "public/home.py", title="Linli", default=True, visibility="hidden")
    sections[""] = [home]
    for entry in (entry for entry in TABLE if role in entry.who):
        page = st.Page(
            PAGES / entry.file,
            title=_(entry.title),
            icon=f":material/{entry.icon}:",
            url_path=entry.url,
            visibility="hidden" if entry.hidden else "visible",
        )
        sections.setdefault(_(entry.section) if role in DESK else "", []).append(page)
    if role not in DESK:
        sections[""].extend(_doors(role))
    return sections


def page(url: str) -> str:
    """Return the file of the page at ``url`` for ``st.page_link`` and ``st.switch_page``."""
    entry = next(entry for entry in TABLE if entry.url == url)
    return str(PAGES / entry.file)


def first_page(shop: Shop) -> str:
    """Return the file of the page that the root address leads ``shop``'s actor to."""
    if shop.actor.role in DESK:
        return page("today")
    return page("prices") if has_owner(shop) else str(PAGES / SIGN_IN)


def _doors(role: Role) -> list[Page]:
    asked = urlparse(st.context.url or "").path.strip("/").split("/")[-1]
    guarded = {entry.url for entry in TABLE if role not in entry.who}
    doors = [_sign_in_page("signin", hidden=False)]
    if asked in guarded:
        doors.append(_sign_in_page(asked, hidden=True))
    return doors


def _sign_in_page(url: str, *, hidden: bool) -> Page:
    return st.Page(
        PAGES / SIGN_IN if not hidden else PAGES / "public/door.py",
        title=_("Sign in"),
        icon=":material/login:",
        url_path=url,
        visibility="hidden" if hidden else "visible",
    )
