"""No page of the desk shows staff a resident's whole phone number; the end of it finds (R33).

Every member in the books has a number that begins alike: those digits may stand nowhere, neither on
a page nor in a table that it exports.
"""

import re

import pytest
from sqlalchemy import select, update

from lib.db import schema
from lib.members.profiles.queries import find_members, member_list
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.rules import Defect, NewCase
from lib.service.after_sales.rules import Source as ToldBy
from lib.shop.shop import Role, Shop
from lib.ui import members_file, navigation
from tests.pages.conftest import Open
from tests.pages.test_sheet_page import upload
from tests.pages.test_staff_see_no_cost import looks
from tests.service.delivery.cast import Lane, lane
from tests.trade.orders.sheet_cast import open_round

START = "1390817"
WHOLE = re.compile(rf"{START}[ -]?\d{{4}}")
DESK = [entry.url for entry in navigation.TABLE if Role.STAFF in entry.who]
DEEPER: dict[str, tuple[dict[str, str], ...]] = {
    "members": (
        *({"member": "member", "part": part} for part in members_file.Part),
        {"who": "1234"},
    ),
    "orders": ({"order": "order"}, {"text": "1234"}),
    "delivery": ({"view": "decide"}, {"view": "needs"}),
    "pickup": ({"order": "order"},),
    "after_sales": ({"case": "case"}, {"new": "order"}),
    "rewards": ({"member": "member"},),
    "gifts": ({"member": "member"},),
}
"""Addresses that open one thing or part of a page, by a word of the stage or as it is."""


@pytest.fixture
def stage(shop: Shop) -> dict[str, int]:
    here: Lane = lane(shop)
    new = NewCase(
        ToldBy.CHAT, Defect.ROTTEN, "散黄", member_id=here.members["王奶奶"],
        line_id=here.lines["王奶奶"][0],
    )  # fmt: skip
    case = open_case(shop, new)
    members = schema.member
    with shop.store.write() as connection:
        for number in connection.execute(select(members.c.id)).scalars().all():
            tail = "1234" if number == here.members["王奶奶"] else f"{5000 + number}"
            mine = update(members).where(members.c.id == number)
            connection.execute(mine.values(phone=f"{START}{tail}", phone_tail=tail))
    return {"member": here.members["王奶奶"], "order": here.orders["王奶奶"], "case": case}


def test_staff_see_masks_on_every_page_of_the_desk(
    screen: Open, staff_shop: Shop, stage: dict[str, int]
) -> None:
    at = screen(staff_shop, language="zh_CN")
    for url in DESK:
        at.switch_page(navigation.page(url))
        for asked in ({}, *DEEPER.get(url, ())):
            for name, word in asked.items():
                at.query_params[name] = str(stage.get(word, word))
            at.run()
            assert not at.exception, (url, asked, at.exception)
            shown = looks(at)
            assert not WHOLE.search(shown), (url, asked)
            if (url, asked.get("part")) == ("members", "overview"):
                assert "139****1234" in shown
        at.query_params.clear()


def test_the_owner_sees_the_number(screen: Open, shop: Shop, stage: dict[str, int]) -> None:
    at = screen(shop, language="zh_CN")
    at.switch_page(navigation.page("members"))
    at.query_params["member"] = str(stage["member"])
    at.run()
    assert f"{START}1234" in looks(at)


def test_the_export_of_members_is_masked_for_staff(
    shop: Shop, staff_shop: Shop, stage: dict[str, int]
) -> None:
    assert stage
    assert not WHOLE.search(member_list(staff_shop).to_csv())
    assert WHOLE.search(member_list(shop).to_csv())
    assert all(one.phone and "****" in one.phone for one in find_members(staff_shop, "1234"))


def test_a_file_with_phones_shows_no_whole_one_in_its_preview(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    open_round(shop)
    at = upload(screen(staff_shop, "sheet"), "kuaituantuan_orders.xlsx")
    assert at.metric
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", looks(at))
