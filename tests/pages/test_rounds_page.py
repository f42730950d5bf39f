"""The rounds page as owner and staff use it, in both languages (E2)."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.products import commands as products
from lib.trade.products.queries import products as products_in_use
from lib.trade.products.rules import Details
from lib.trade.rounds import commands, queries
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered, State
from lib.trust.costs.commands import publish_sheet
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.pages.test_products_page import press, widget
from tests.service.cast import add_member, add_order


@pytest.fixture
def shelf(shop: Shop) -> list[int]:
    goods = [("土鸡蛋", "斤", "4.80"), ("老豆腐", "盒", "3"), ("小白菜", "份", "3.5")]
    return [
        products.add_product(
            shop, Details(name, unit, Money.of(price), purchase_price=Money.of("1.23"))
        )
        for name, unit, price in goods
    ]


@pytest.fixture
def running(shop: Shop, shelf: list[int]) -> int:
    offers = [Offered(shelf[0], Money.of("4.60"), 1000), Offered(shelf[1], Money.of("3"))]
    return commands.open_round(shop, Plan("周五团", queries.proposed(shop)), offers)


def edit_table(at: AppTest, form: str, field: str, rows: dict[int, dict[str, object]]) -> None:
    """Type into a table: row number → column → value."""
    key = f"{form}:{field}:{at.session_state[f'form:{form}'][:8]}"
    at.session_state[key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh_CN", ("上团", "价格", "每户限")), ("en", ("Offer", "Price", "Per household"))],
)
def test_a_round_is_opened_from_ticked_products(
    screen: Open, staff_shop: Shop, shelf: list[int], language: str, words: tuple[str, str, str]
) -> None:
    offer, price, limit = words
    at = screen(staff_shop, "rounds", language)
    order = [each.name for each in products_in_use(staff_shop)]
    eggs, tofu = order.index("土鸡蛋"), order.index("老豆腐")
    edit_table(
        at, "round_new", "offers", {eggs: {offer: True, price: 4.55, limit: 2}, tofu: {offer: True}}
    )
    widget(at, "text_input", "round_new:title").set_value("周五团")
    press(at, "round_new:save")
    found = queries.rounds(staff_shop)
    assert [(each.title, each.state) for each in found] == [("周五团", State.OPEN)]
    offers = {each.name: each for each in queries.offers(staff_shop, found[0].id)}
    assert set(offers) == {"土鸡蛋", "老豆腐"}
    assert (str(offers["土鸡蛋"].price), offers["土鸡蛋"].household_limit) == ("4.55", 1000)
    assert "【周五团】" in text_of(at)


def test_a_round_without_products_is_refused_in_place(
    screen: Open, shop: Shop, shelf: list[int]
) -> None:
    at = screen(shop, "rounds", "zh_CN")
    press(at, "round_new:save")
    assert "至少选一个商品" in text_of(at)
    assert queries.rounds(shop) == ()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_running_round_is_shown_with_its_texts(
    screen: Open, staff_shop: Shop, running: int, language: str
) -> None:
    at = screen(staff_shop, "rounds", language)
    shown = text_of(at)
    assert "土鸡蛋 4.6元/斤" in shown
    assert "⏰周五团" in shown
    assert {"zh_CN": "9 小时", "en": "9 h"}[language] in shown or "9" in at.metric[0].value
    assert "1.23" not in shown + str([each.value for each in at.dataframe])


def test_a_round_is_extended(screen: Open, staff_shop: Shop, running: int) -> None:
    at = screen(staff_shop, "rounds")
    field = widget(at, "datetime_input", f"round_extend_{running}:cut_off")
    assert f"{field.value:%d %H:%M}" == "25 21:00"
    field.set_value(field.value + timedelta(minutes=90))
    press(at, f"round_extend_{running}:save")
    extended = queries.one_round(staff_shop, running)
    assert f"{extended.cut_off_at:%H:%M}" == "14:30"


def test_a_round_is_closed_early_and_extended_again(
    screen: Open, staff_shop: Shop, running: int
) -> None:
    at = screen(staff_shop, "rounds")
    press(at, f"round_close_{running}:close")
    assert queries.one_round(staff_shop, running).state is State.CLOSED_EARLY
    press(at, f"round_extend_{running}:save")
    assert queries.one_round(staff_shop, running).state is State.OPEN


def test_an_action_on_what_somebody_changed_is_stopped(
    screen: Open, shop: Shop, staff_shop: Shop, running: int
) -> None:
    at = screen(staff_shop, "rounds")
    this = queries.one_round(shop, running)
    commands.extend_round(shop, running, this.version, this.cut_off_at + timedelta(hours=2))
    press(at, f"round_close_{running}:close")
    assert "芳姐" in text_of(at)
    assert queries.one_round(shop, running).state is State.OPEN


@pytest.mark.parametrize(("same", "price"), [(False, "4.80"), (True, "4.60")])
def test_the_last_round_is_copied_in_one_click(
    screen: Open, staff_shop: Shop, clock: FixedClock, running: int, same: bool, price: str
) -> None:
    clock.forward(days=3)
    at = screen(staff_shop, "rounds")
    if same:
        widget(at, "toggle", f"round_copy_{running}:same").set_value(True)
        at.run()
    press(at, f"round_copy_{running}:save")
    (newest,) = queries.rounds(staff_shop, 1)
    assert (newest.copied_from, newest.title) == (running, "周一团 9月28日")
    assert str(queries.offers(staff_shop, newest.id)[0].price) == price
    assert "周一团" in text_of(at)


def test_prices_of_a_running_round_are_changed(
    screen: Open, staff_shop: Shop, running: int
) -> None:
    at = screen(staff_shop, "rounds")
    edit_table(at, f"round_offers_{running}", "prices", {0: {"Price": 5.1}, 1: {"In all": 30.0}})
    press(at, f"round_offers_{running}:save")
    eggs, tofu = queries.offers(staff_shop, running)
    assert (str(eggs.price), eggs.household_limit, tofu.available) == ("5.10", 1000, 30)


def test_a_product_comes_into_the_round_and_goes(
    screen: Open, staff_shop: Shop, running: int, shelf: list[int]
) -> None:
    at = screen(staff_shop, "rounds")
    widget(at, "multiselect", f"round_add_offer_{running}:products").set_value([shelf[2]])
    press(at, f"round_add_offer_{running}:save")
    assert len(queries.offers(staff_shop, running)) == 3
    widget(at, "selectbox", f"round_remove_offer_{running}:product").set_value(shelf[2])
    press(at, f"round_remove_offer_{running}:save")
    assert len(queries.offers(staff_shop, running)) == 2


def test_a_closed_day_is_kept_and_opened_again(screen: Open, staff_shop: Shop) -> None:
    at = screen(staff_shop, "rounds", "zh_CN")
    widget(at, "text_input", "closed_day:reason").set_value("中秋休息")
    press(at, "closed_day:save")
    assert [each.reason for each in queries.closed_days(staff_shop)] == ["中秋休息"]
    day = queries.closed_days(staff_shop)[0].day
    press(at, f"open_day_{day}:remove")
    assert queries.closed_days(staff_shop) == ()


def test_without_products_the_page_says_what_to_do(screen: Open, staff_shop: Shop) -> None:
    shown = text_of(screen(staff_shop, "rounds", "zh_CN"))
    assert "还没有商品" in shown


def test_all_rounds_are_listed(screen: Open, staff_shop: Shop, running: int) -> None:
    at = screen(staff_shop, "rounds")
    assert "周五团" in str(at.dataframe[-1].value)


@pytest.mark.parametrize("asked", ["99", "x", "-1", "1.5"])
def test_a_made_up_address_shows_the_running_round(
    screen: Open, staff_shop: Shop, running: int, asked: str
) -> None:
    at = screen(staff_shop, "rounds")
    at.query_params["round"] = asked
    at.run()
    assert not at.exception
    assert "周五团" in text_of(at)


def test_a_published_cost_is_said_only_at_the_price_of_the_sheet(
    screen: Open, shop: Shop, staff_shop: Shop, running: int, shelf: list[int]
) -> None:
    publish_sheet(shop, "公示", shop.today, shelf[:2])
    shown = text_of(screen(staff_shop, "rounds", "zh_CN"))
    assert "土鸡蛋成本公开：进价1.23+本店留3.37=4.6" in shown
    assert "老豆腐成本公开：进价1.23+本店留1.77=3" in shown
    commands.change_offers(shop, running, [Offered(shelf[0], Money.of("5"))])
    shown = text_of(screen(staff_shop, "rounds", "zh_CN"))
    assert "土鸡蛋成本公开" not in shown
    assert "老豆腐成本公开" in shown


@pytest.fixture
def sold(shop: Shop, shelf: list[int], running: int) -> int:
    """The running round, whose eggs were charged 4.80 two days ago."""
    add_order(
        shop, add_member(shop, "阿芳"), 1, (shelf[0], 1000), placed_at=NOW - timedelta(days=2)
    )
    return running


def test_a_compared_price_is_set_beside_the_lowest_charged(
    screen: Open, staff_shop: Shop, sold: int
) -> None:
    at = screen(staff_shop, "rounds")
    editor = next(each.value for each in at.dataframe if "Lowest in 7 days" in each.value)
    assert editor["Lowest in 7 days"].tolist()[0] == 4.8
    edit_table(at, f"round_offers_{sold}", "prices", {0: {"Compared price": 4.9}})
    press(at, f"round_offers_{sold}:save")
    assert "4.80" in text_of(at).replace("\\", "")
    assert queries.offers(staff_shop, sold)[0].compared is None
    edit_table(at, f"round_offers_{sold}", "prices", {0: {"Compared price": 4.8}})
    press(at, f"round_offers_{sold}:save")
    assert str(queries.offers(staff_shop, sold)[0].compared) == "4.80"
    assert "近7天最低成交价 4.8元" in text_of(at)


@pytest.mark.parametrize(("language", "button"), [("zh_CN", "保存依据"), ("en", "Save the basis")])
def test_the_owner_writes_a_basis_with_its_day(
    screen: Open, shop: Shop, sold: int, language: str, button: str
) -> None:
    at = screen(shop, "rounds", language)
    product = queries.offers(shop, sold)[0].product_id
    widget(at, "text_input", f"round_proof_{sold}:compared-{product}").set_value("6.9")
    widget(at, "text_input", f"round_proof_{sold}:basis-{product}").set_value("原价")
    press(at, f"round_proof_{sold}:save")
    assert queries.offers(shop, sold)[0].compared is None
    widget(at, "text_input", f"round_proof_{sold}:basis-{product}").set_value("超市同款")
    assert button in [each.label for each in at.button]
    press(at, f"round_proof_{sold}:save")
    offer = queries.offers(shop, sold)[0]
    assert (str(offer.compared), offer.basis) == ("6.90", "超市同款 2026-09-25")
    assert offer.household_limit == 1000


def test_staff_find_no_form_for_a_basis(screen: Open, staff_shop: Shop, sold: int) -> None:
    at = screen(staff_shop, "rounds")
    assert "Save the basis" not in [each.label for each in at.button]


def test_a_compared_price_that_no_longer_holds_is_named(
    screen: Open, shop: Shop, sold: int
) -> None:
    this = queries.offers(shop, sold)[0]
    commands.change_offers(
        shop, sold, [Offered(this.product_id, this.price, compared=Money.of("4.80"))]
    )
    with shop.store.write() as connection:
        connection.execute(
            schema.customer_order.update().values(status="cancelled", cancelled_at=NOW)
        )
    shown = text_of(screen(shop, "rounds", "zh_CN"))
    assert "不再显示：土鸡蛋" in shown
    assert "最低成交价 4.8元" not in shown
