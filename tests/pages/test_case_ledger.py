"""The ledger of complaints on screen: cases, sums, files, a month's causes, how quickly (R31)."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.service.ledger.figures.queries import figures
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.ui.case_ledger_figures import _every_count
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member
from tests.service.ledger import cast
from tests.service.ledger.cast import HOUR, add_case, at, give, owe, remedy
from tests.service.ledger.test_letters import Street
from tests.supply.cast import TODAY


@pytest.fixture
def street(shop: Shop) -> Street:
    made = Street(shop)
    li = add_member(shop, "小李")
    case = made.case("grower", 12, member_id=li, cause_note="路上颠的")
    remedy(shop, case, amount_fen=288, freight_fen=500)
    give(shop, owe(shop, case, li, made.eggs), made.eggs, 1, TODAY)
    made.case("", 13)
    late = at(date(2026, 9, 14))
    add_case(shop, late, first_reply_at=late + 2 * HOUR, status="solved", product_name="青菜",
             turn_values={"solved_at": late + 25 * HOUR})  # fmt: skip
    return made


def opened(screen: Open, shop: Shop, view: str = "cases", language: str = "en") -> AppTest:
    at_page = screen(shop, "case_ledger", language)
    at_page.query_params["view"] = view
    at_page.run()
    assert not at_page.exception, at_page.exception
    return at_page


def said(at_page: AppTest) -> str:
    labels = [str(each.label) for each in (*at_page.get("link_button"), *at_page.get("page_link"))]
    return "\n".join((text_of(at_page), *labels)).replace("\\", "")


def links(at_page: AppTest) -> str:
    return "\n".join(each.proto.url for each in at_page.get("link_button"))


def chosen(at_page: AppTest, key: str, value: object) -> AppTest:
    next(each for each in at_page.selectbox if each.key == key).select(value)
    at_page.run()
    assert not at_page.exception, at_page.exception
    return at_page


@pytest.mark.parametrize(
    ("language", "money", "goods", "late"),
    [("en", "Money back (yuan)", "Goods at cost", "1 h 00 min late"),
     ("zh_CN", "退款（元）", "补货成本", "已超 1 小时 00 分")],
)  # fmt: skip
def test_every_case_with_what_became_of_it(
    screen: Open, shop: Shop, street: Street, language: str, money: str, goods: str, late: str
) -> None:
    page = opened(screen, shop, language=language)
    frame = page.dataframe[0].value
    assert list(frame.iloc[:, 0]) == ["A0003", "A0002", "A0001"]
    assert list(frame[money]) == [0, 0, 2.88]
    assert list(frame[goods])[2] == 3.99
    assert late in frame.to_csv()
    assert "小李" in frame.to_csv()
    text = said(page)
    for part in ("¥2.88", "¥3.99", "¥5.00"):
        assert part in text, part


def test_staff_see_everything_but_what_it_cost(
    screen: Open, shop: Shop, staff_shop: Shop, street: Street
) -> None:
    page = opened(screen, staff_shop)
    assert "Goods at cost" not in page.dataframe[0].value.columns
    assert "3.99" not in said(page) + page.dataframe[0].value.to_csv()
    causes = opened(screen, staff_shop, "causes")
    assert "Recovered" not in said(causes)
    assert "Write to the suppliers" not in said(causes)
    save_settings(shop, {"staff_may_see_cost": True}, {})
    assert "Goods at cost" in opened(screen, staff_shop).dataframe[0].value.columns


def test_the_filter_and_its_sums(screen: Open, shop: Shop, street: Street) -> None:
    page = opened(screen, shop)
    chosen(page, "ledger-cause", "grower")
    assert list(page.dataframe[0].value["Case no."]) == ["A0001"]
    page.toggle(key="ledger-late").set_value(True).run()
    assert "No case is found" in said(page)
    chosen(page, "ledger-cause", None)
    assert list(page.dataframe[0].value["Case no."]) == ["A0003"]
    page.toggle(key="ledger-late").set_value(False).run()
    page.text_input(key="ledger-text").set_value("小李").run()
    assert list(page.dataframe[0].value["Case no."]) == ["A0001"]


def test_a_searched_name_never_stands_in_an_address(
    screen: Open, shop: Shop, street: Street
) -> None:
    page = opened(screen, shop)
    assert "cases=" not in links(page)
    page.text_input(key="ledger-text").set_value("小李").run()
    assert "cases=1" in links(page)
    assert "%E5" not in links(page)
    assert not any("小李" in str(each) for each in page.query_params.values())


def test_other_days_that_cannot_be_are_said(screen: Open, shop: Shop, street: Street) -> None:
    page = opened(screen, shop)
    page.segmented_control(key="ledger-days-this").set_value("own").run()
    page.date_input(key="ledger-first").set_value(TODAY + timedelta(days=3)).run()
    assert "first day lies after the last" in said(page)
    page.date_input(key="ledger-first").set_value(date(2026, 9, 14)).run()
    assert list(page.dataframe[0].value["Case no."]) == ["A0003"]


def test_an_empty_month_is_designed(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    assert "没找到售后单" in said(opened(screen, shop, language="zh_CN"))
    assert "Nobody complained in September 2026" in said(opened(screen, staff_shop, "causes"))
    assert "近十二个月没有人反馈问题" in said(opened(screen, shop, "figures", "zh_CN"))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_causes_of_a_month(screen: Open, shop: Shop, street: Street, language: str) -> None:
    for number in range(60, 64):
        cast.order(shop, street.eggs, 50, date(2026, 9, 20), number)
    for minute in range(3):
        add_case(shop, at(date(2026, 9, 20), 10, minute), product_id=street.eggs,
                 supplier_id=street.farm, cause="transport")  # fmt: skip
    page = opened(screen, shop, "causes", language)
    products, suppliers = (each.value for each in page.dataframe[:2])
    row = products[products.iloc[:, 0] == "土鸡蛋"].iloc[0]
    assert "2.5" in row.iloc[2]
    assert "202" in row.iloc[2]
    assert "202" in suppliers[suppliers.iloc[:, 0] == "青禾合作社"].iloc[0].iloc[2]
    expected = {"en": "nothing sold in August 2026", "zh_CN": "2026年8月没有卖出"}
    assert expected[language] in products.to_csv()
    text = said(page)
    assert "¥11.87" in text  # 2.88 back, 3.99 of goods, 5.00 freight
    assert len(page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")) == 2


def test_how_quickly(screen: Open, staff_shop: Shop, street: Street) -> None:
    add_case(staff_shop, NOW - timedelta(minutes=5))
    page = opened(screen, staff_shop, "figures")
    frame = page.dataframe[0].value
    assert list(frame["Month"]) == ["2026-09"]
    row = frame.iloc[0]
    assert (row["Complaints"], row["Answered in time"]) == (4, "2 of 3")
    assert row["Solved in time"] == "2 of 3"
    assert "2 of 3" in said(page)
    every = _every_count(figures(staff_shop)[:1]).iloc[0]
    assert list(every)[1:7] == [4, 2, 1, 2, 1, 1], "the file has in time, late and running apart"


def test_the_months_fit_a_screen_and_the_causes_stand_last(
    screen: Open, shop: Shop, street: Street
) -> None:
    add_case(shop, at(date(2026, 9, 20), 10, 0), product_id=street.eggs, supplier_id=street.farm)
    assert len(opened(screen, shop, "figures").dataframe[0].value.columns) <= 9
    for table in opened(screen, shop, "causes").dataframe[:2]:
        assert table.value.columns[-1] == "Causes"


def test_the_file_holds_all_pages(screen: Open, shop: Shop) -> None:
    import pandas as pd

    for minute in range(55):
        add_case(shop, at(date(2026, 9, 20), 10, minute))
    page = opened(screen, shop)
    assert len(page.dataframe[0].value) == 50
    button: Any = next(each for each in page.get("download_button") if "CSV" in each.label)
    assert button is not None
    from lib.service.ledger.queries import MOST_ROWS, ledger
    from lib.service.ledger.rules import Wanted
    from lib.service.ledger.texts import as_table
    from lib.shop import export
    from lib.shop.language import translator

    rows = ledger(shop, Wanted(date(2026, 9, 1), date(2026, 9, 30)), limit=MOST_ROWS)
    say = translator("zh_CN")
    made = export.rows_to_excel(
        as_table(rows, say, residents=True, cost=True), [say("Freight")], [say("Told us at")],
        "Asia/Shanghai",
    )  # fmt: skip
    frame = pd.read_excel(io.BytesIO(made), engine="calamine")
    assert len(frame) == 55
    assert str(frame["告知时间"].iloc[0])[:16] == "2026-09-20 10:54"
