"""Where residents are told of their door, and what the desk has of private addresses (R28)."""

import pytest

from lib.db import schema
from lib.service.after_sales import commands
from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet
from tests.pages.conftest import Open, text_of
from tests.pages.test_after_sales import at_case, press
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, new, rows, set_to


@pytest.fixture
def bought(shop: Shop) -> Bought:
    return cast.buy(shop)


def test_the_text_for_the_group_names_the_address(
    screen: Open, shop: Shop, staff_shop: Shop, bought: Bought
) -> None:
    set_to(shop, public_address="https://shop.example.cn", reply_minutes=45)
    at = screen(staff_shop, "after_sales", "zh")
    (text,) = [each.value for each in at.code if "/p/help" in each.value]
    assert "https://shop.example.cn/p/help" in text
    assert "45分钟内回复，24小时内办好" in text
    set_to(shop, case_door=False)
    shut = screen(staff_shop, "after_sales")
    assert not [each for each in shut.code if "/p/help" in each.value]


def test_an_address_is_made_said_in_the_shops_words_and_kept_nowhere(
    screen: Open, shop: Shop, staff_shop: Shop, bought: Bought
) -> None:
    set_to(shop, public_address="https://shop.example.cn")
    case_id = commands.open_case(shop, new(bought.line))
    at = at_case(screen, staff_shop, case_id)
    press(at, f"case-link-new-{case_id}")
    (text,) = [each.value for each in at.code if "/p/case/" in each.value]
    assert text.startswith("@小李")
    assert "土鸡蛋" in text
    token = text.split("/p/case/")[1][:43]
    kept = str([tuple(row) for table in schema.metadata.sorted_tables if "id" in table.c
                for row in rows(shop, table)])  # fmt: skip
    assert token not in kept
    assert "valid while the case is open" in text_of(at)
    later = at_case(screen, staff_shop, case_id)
    assert not [each for each in later.code if "/p/case/" in each.value]


def test_residents_find_the_door_and_the_figure_on_the_price_page(
    screen: Open, shop: Shop, resident_shop: Shop, bought: Bought
) -> None:
    publish_sheet(shop, "周五团", shop.today, [bought.eggs])
    commands.open_case(shop, new(bought.line))
    at = screen(resident_shop, "prices", "en")
    assert "How quickly we help" not in text_of(at)
    set_to(shop, public_service_figures=True)
    at = screen(resident_shop, "prices", "en")
    seen = text_of(at)
    assert "How quickly we help when something is wrong" in seen
    assert "complaints so far: 1." in seen
    assert "1 are still within their time" in seen
    chinese = text_of(screen(resident_shop, "prices", "zh"))
    assert "到现在共 1 单反馈" in chinese
    links = [each.proto.url for each in at.get("link_button")]
    assert "/p/help" in links
    set_to(shop, case_door=False)
    at = screen(resident_shop, "prices", "en")
    assert "/p/help" not in [each.proto.url for each in at.get("link_button")]
