"""Past figures in: files chosen together, looked at, booked once, undone."""

import random
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.shop.shop import Shop
from lib.supply.past import queries
from lib.supply.past.commands import save_layout
from lib.trade.products.queries import products
from lib.ui import navigation
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_product
from tests.supply.past.cast import LOSS, NAMES, SALES, WHOLESALE, Rows, read, text_file

FOUR = {"销售.csv": SALES, "批发.csv": WHOLESALE, "损耗.csv": LOSS, "名称.csv": NAMES}


def give(at: AppTest, files: dict[str, Rows | bytes]) -> None:
    """Choose ``files`` and press the button that reads them."""
    at.file_uploader[0].set_value(
        [
            (name, rows if isinstance(rows, bytes) else text_file(rows, "gb18030"), "text/csv")
            for name, rows in files.items()
        ]
    )
    at.run()
    press(at, "read")


def press(at: AppTest, name: str) -> None:
    next(one for one in at.button if f":{name}:" in (one.key or "")).click()
    at.run()
    assert not at.exception, at.exception


def figure(at: AppTest, label: str) -> str:
    return str(next(one.value for one in at.metric if one.label == label))


def supermarket(days: int, count: int) -> dict[str, Rows]:
    """Return the four files of a supermarket with ``count`` vegetables over ``days`` days."""
    rng = random.Random(20)
    codes = [str(102900005110000 + number) for number in range(count)]
    names = [NAMES[0], *[[code, f"蔬菜{code[-3:]}", "1", f"类{code[-1]}"] for code in codes]]
    loss = [LOSS[0], *[[code, "", rng.randint(1, 60)] for code in codes]]
    sales, wholesale = [SALES[0]], [WHOLESALE[0]]
    for number in range(days):
        day = date(2020, 7, 1) + timedelta(days=number)
        for code in codes:
            wholesale.append([str(day), code, "3.21"])
            for _ in range(3):
                amount = f"{rng.randint(100, 1500) / 1000:.3f}"
                sales.append([str(day), "9:00", code, amount, "7.600", "销售", "否"])
    return {"附件2.csv": sales, "附件3.csv": wholesale, "附件4.csv": loss, "附件1.csv": names}


def test_four_files_are_joined_looked_at_and_booked_once(screen: Open, shop: Shop) -> None:
    at = screen(shop, "history", "zh_CN")
    give(at, FOUR)
    assert (figure(at, "日数据"), figure(at, "商品")) == ("2", "2")
    assert "没有备货数" in text_of(at)
    assert queries.imports(shop) == ()
    press(at, "book")
    assert "导入了 2 条日数据，新建 2 个商品" in text_of(at)
    assert {each.name for each in products(shop)} == {"云南生菜", "西兰花"}
    give(at, FOUR)
    press(at, "book")
    assert "已经导入过" in text_of(at)
    assert figure(at, "日数据") == "2"
    assert len(queries.imports(shop)) == 1


def test_prepared_is_reckoned_when_ticked_and_the_list_says_so(screen: Open, shop: Shop) -> None:
    at = screen(shop, "history")
    give(at, FOUR)
    next(one for one in at.checkbox if ":reckon:" in one.key).check()
    at.run()
    press(at, "book")
    assert "prepared reckoned from the loss rate on 2 product-days" in text_of(at)
    assert queries.imports(shop)[0].reckoned == 2


def test_doubtful_rows_are_named_and_the_good_ones_come_in(screen: Open, shop: Shop) -> None:
    add_product(shop, "生菜", "斤")
    rows = [
        ["日期", "品名", "期初(斤)", "到货(斤)", "销量(斤)"],
        ["2024-05-01", "生菜", 2, 8, 3],
        ["2024-05-02", "生菜", 2, 8, "三五斤"],
    ]
    at = screen(shop, "history")
    give(at, {"日报.csv": rows})
    findings = next(one.value for one in at.dataframe if "What is wrong" in one.value.columns)
    assert findings["Row"].tolist() == [3]
    assert "三五斤" in findings["What is wrong"][0]
    press(at, "book")
    assert queries.imports(shop)[0].days == 1
    assert len(products(shop)) == 1


def test_only_products_that_come_in_are_counted(screen: Open, shop: Shop) -> None:
    add_product(shop, "生菜", "斤")
    add_product(shop, "菠菜", "份")
    rows = [
        ["日期", "品名", "销量(斤)"],
        ["2024-05-01", "生菜", 3],
        ["2024-05-01", "菠菜", 2],
    ]
    at = screen(shop, "history")
    give(at, {"日报.csv": rows})
    assert "1 product-days of 1 products; 0 new products." in text_of(at)
    assert any("菠菜" in one.value for one in at.warning)


def test_a_file_that_is_none_is_refused_by_name(screen: Open, shop: Shop) -> None:
    at = screen(shop, "history")
    give(at, {"好.csv": SALES, "坏.xlsx": b"PK\x03\x04" + bytes(100)})
    assert "坏" in at.error[0].value
    assert not [one for one in at.button if ":book:" in (one.key or "")]


def test_columns_nobody_knows_are_explained_once(screen: Open, shop: Shop) -> None:
    rows = [["甲", "乙", "丙"], ["2024-05-01", "生菜", 3]]
    at = screen(shop, "history")
    give(at, {"怪.csv": rows})
    assert "No daily sales were found" in text_of(at)
    layout = {"columns": {"0": "day", "1": "name", "2": "sold"}, "unit": "斤"}
    save_layout(shop, read(rows).tables[0].layout.fingerprint, layout)
    press(at, "other")
    give(at, {"怪.csv": rows})
    assert figure(at, "Product-days") == "1"


def test_an_import_is_undone_on_its_card(screen: Open, shop: Shop) -> None:
    at = screen(shop, "history")
    give(at, FOUR)
    press(at, "book")
    press(at, "undo")
    assert queries.imports(shop) == ()
    assert "No past figures yet." in text_of(at)


def test_staff_cannot_open_it(screen: Open, staff_shop: Shop) -> None:
    at = screen(staff_shop)
    with pytest.raises(ValueError, match="navigation page"):
        at.switch_page(navigation.page("history"))


def test_a_supermarket_through_the_page_and_its_runs(screen: Open, shop: Shop) -> None:
    at = screen(shop, "history")
    give(at, supermarket(30, 6))
    assert figure(at, "Product-days") == "180"
    next(one for one in at.checkbox if ":reckon:" in one.key).check()
    at.run()
    press(at, "book")
    at.switch_page(navigation.page("slow"))
    at.query_params["view"] = "period"
    at.run()
    assert not at.exception, at.exception
    assert figure(at, "Product-days judged") == "180"
    assert queries.imports(shop)[0].days == 180
