"""The page of wishes: the board, one wish, its sources, its offer, its messages (R15-R18)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trust.demands import commands, queries
from lib.trust.demands.launch.commands import Place, offer_product
from lib.trust.demands.rules import Status
from lib.trust.demands.sources.commands import add_source
from lib.trust.demands.sources.queries import sources
from lib.trust.demands.sources.rules import Answer, SourceDetails
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_product, add_round
from tests.supply.cast import add_supplier, add_term
from tests.trust.demands.cast import add_wish, move, row, wish, wishes

QUOTE = SourceDetails("老王", None, Answer.CAN, "瓶", Money(1450), Money(1880))


def widget(at: AppTest, kind: str, form: str, name: str) -> Any:
    return next(item for item in at.get(kind) if (item.key or "").startswith(f"{form}:{name}"))


def press(at: AppTest, form: str, name: str = "save") -> None:
    widget(at, "button", form, name).click()
    at.run()
    assert not at.exception, at.exception


def opened(screen: Open, shop: Shop, demand: int, do: str = "", language: str = "en") -> AppTest:
    """The page with one wish open, and the form ``do`` of what is next."""
    at = screen(shop, "demands", language)
    at.query_params["demand"] = str(demand)
    if do:
        at.query_params["do"] = do
    at.run()
    assert not at.exception, at.exception
    return at


def test_an_empty_board_says_how_it_begins(screen: Open, shop: Shop) -> None:
    assert "No wishes yet" in text_of(screen(shop, "demands"))
    assert "还没有心愿" in text_of(screen(shop, "demands", "zh_CN"))


def test_the_board_says_what_is_late_and_how_many_asked(screen: Open, staff_shop: Shop) -> None:
    add_wish(staff_shop, "现磨芝麻酱", "张阿姨", "李姐", hours_ago=80)
    add_wish(staff_shop, "草莓")
    said = text_of(screen(staff_shop, "demands"))
    assert "8 h late" in said
    assert "2 asked" in said
    assert "**New wish 2**" in said
    chinese = text_of(screen(staff_shop, "demands", "zh_CN"))
    assert "已超 8 小时" in chinese
    assert "2 人想要" in chinese


def test_a_wish_is_typed_in_and_joins_its_like(screen: Open, shop: Shop) -> None:
    demand = add_wish(shop, "草莓")
    at = screen(shop, "demands")
    widget(at, "text_input", "wish_add", "title").input("草莓")
    widget(at, "text_input", "wish_add", "names").input("李姐、王叔")
    press(at, "wish_add")
    assert len(wishes(shop, demand)) == 3
    assert "stands already (New wish): 2 more counted" in text_of(at)


def test_a_card_moved_from_the_board(screen: Open, shop: Shop) -> None:
    demand = add_wish(shop)
    at = screen(shop, "demands")
    at.session_state["wishes-move"] = (demand, 1, "checking")
    at.run()
    assert row(shop, demand).status == "checking"
    assert "Wish moved" in text_of(at)


def test_who_moves_a_card_second_is_told_and_sees_its_new_state(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    demand = add_wish(shop)
    at = screen(shop, "demands")
    move(staff_shop, demand, Status.NOT_YET, "没货", date(2026, 9, 28))
    at.session_state["wishes-move"] = (demand, 1, "checking")
    at.run()
    said = text_of(at)
    assert "小吴 answered this wish with not yet at 10:30" in said.replace("\\", "")
    assert "**Not yet 1**" in said
    assert row(shop, demand).status == "not_yet"


def test_an_answer_without_a_reason_is_refused_and_keeps_what_was_typed(
    screen: Open, shop: Shop
) -> None:
    demand = add_wish(shop)
    at = opened(screen, shop, demand, "not_yet")
    form = f"answer-{demand}-not_yet"
    widget(at, "date_input", form, "day").set_value(date(2026, 9, 28))
    press(at, form)
    assert "Write the reason" in text_of(at)
    assert widget(at, "date_input", form, "day").value == date(2026, 9, 28)
    widget(at, "text_input", form, "reason").input("经销商起订50箱")
    widget(at, "date_input", form, "day").set_value(None)
    press(at, form)
    assert "on which day" in text_of(at)
    assert widget(at, "text_input", form, "reason").value == "经销商起订50箱"
    widget(at, "date_input", form, "day").set_value(date(2026, 9, 28))
    press(at, form)
    assert (row(shop, demand).status, row(shop, demand).next_on) == ("not_yet", date(2026, 9, 28))
    assert "@张阿姨 您要的现磨芝麻酱：经销商起订50箱，周一9月28日前回复您" in text_of(at)


def test_a_form_open_while_somebody_else_moves_the_wish_loses_nothing(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    demand = add_wish(shop)
    at = opened(screen, shop, demand, "declined")
    form = f"answer-{demand}-declined"
    move(staff_shop, demand, Status.CHECKING)
    offer_product(staff_shop, demand, 2, add_product(shop, "芝麻酱"), Place())
    widget(at, "text_input", form, "reason").input("进不到货")
    press(at, form)
    said = text_of(at).replace("\\", "")
    assert "小吴 put this wish on offer at 10:30" in said
    assert "小吴 moved this wish today 10:30: it is now “On offer”" in said
    assert widget(at, "text_input", form, "reason").value == "进不到货"
    assert row(shop, demand).status == "offered"
    at.button(key="wish-look-again").click()
    at.run()
    assert "Tell who asked" in text_of(at)


def test_staff_note_a_quote_and_read_only_that_it_is_noted(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    demand = add_wish(shop)
    add_term(shop, add_supplier(shop, "磨坊"), add_product(shop, "石磨芝麻酱", "瓶"))
    at = opened(screen, staff_shop, demand)
    press(at, f"source_suggested_{demand}_1")
    (source,) = sources(shop, demand)
    widget(at, "radio", f"source_{source.id}", "answer").set_value(Answer.CAN)
    widget(at, "text_input", f"source_{source.id}", "cost").input("14.5x")
    press(at, f"source_{source.id}")
    assert "14" in widget(at, "text_input", f"source_{source.id}", "cost").value
    widget(at, "text_input", f"source_{source.id}", "cost").input("14.50")
    widget(at, "text_input", f"source_{source.id}", "price").input("18.80")
    press(at, f"source_{source.id}")
    assert sources(shop, demand)[0].cost == Money(1450)
    said = text_of(at).replace("\\", "")
    assert "quoted: noted" in said
    assert "18.80" in said
    assert "14.50" not in said
    assert "14.50" in text_of(opened(screen, shop, demand)).replace("\\", "")


def test_the_owner_makes_product_and_round_in_one_step(screen: Open, shop: Shop) -> None:
    demand = add_wish(shop, "现磨芝麻酱", "张阿姨", "李姐")
    source = add_source(shop, demand, QUOTE)
    at = opened(screen, shop, demand, "offered")
    form = f"launch-{demand}-{source}"
    assert widget(at, "text_input", form, "cost").value == "14.50"
    assert widget(at, "text_input", form, "price").value == "18.80"
    assert "Price less purchase price: ¥4.30" in text_of(at).replace("\\", "")
    widget(at, "text_input", form, "price").input("")
    press(at, form)
    assert "Write the price" in text_of(at)
    widget(at, "text_input", form, "price").input("18.80")
    press(at, form)
    stands = row(shop, demand)
    assert stands.status == "offered"
    with shop.read() as connection:
        offer = connection.execute(select(schema.round_offer)).one()
    assert (offer.round_id, offer.price_fen) == (stands.round_id, 1880)
    said = text_of(at)
    assert "Now tell everybody who asked" in said
    assert "@张阿姨 @李姐" in said
    assert "On the next price sheet" in at.expander[0].label
    press(at, f"told-{demand}-{wishes(shop, demand)[0].id}-2")
    assert all(one.told_at == NOW for one in wishes(shop, demand))
    assert "Everybody with a name was told" in text_of(at)
    press(at, f"untold-{demand}-{NOW:%Y%m%d%H%M%S%f}")
    assert all(one.told_at is None for one in wishes(shop, demand))


def test_staff_offer_what_is_in_the_catalogue(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    demand = add_wish(shop)
    product = add_product(shop, "芝麻酱", "瓶")
    standing = add_round(shop, cut_off=NOW + timedelta(hours=5))
    at = opened(screen, staff_shop, demand, "offered", "zh_CN")
    assert "新商品由店主建" in text_of(at)
    form = f"link-{demand}"
    press(at, form)
    assert row(shop, demand).status == "new"
    widget(at, "selectbox", form, "product").set_value(product)
    at.run()
    press(at, form)
    assert (row(shop, demand).product_id, row(shop, demand).round_id) == (product, standing)
    assert "@张阿姨" in text_of(at)


@pytest.mark.parametrize("asked", ["99", "x", "1e9", "9" * 30])
def test_an_address_of_no_wish_says_so(screen: Open, shop: Shop, asked: str) -> None:
    at = screen(shop, "demands")
    at.query_params["demand"] = asked
    at.run()
    assert not at.exception
    assert "This wish does not exist" in text_of(at)


def test_residents_are_added_and_taken_off(screen: Open, shop: Shop) -> None:
    demand = add_wish(shop, "草莓", "张阿姨")
    at = opened(screen, shop, demand)
    widget(at, "text_input", f"wish_add_{demand}", "names").input("李姐 , 张阿姨")
    press(at, f"wish_add_{demand}")
    assert "1 added, 1 stood there already" in text_of(at)
    first = wishes(shop, demand)[0].id
    widget(at, "selectbox", f"wish_remove_{demand}", "wish").set_value(first)
    press(at, f"wish_remove_{demand}")
    assert [one.name for one in wishes(shop, demand)] == ["李姐"]


def test_the_figures_of_the_month(screen: Open, shop: Shop) -> None:
    offered = add_wish(shop, "草莓", hours_ago=30)
    offer_product(shop, offered, 1, add_product(shop, "草莓"), Place())
    move(shop, add_wish(shop, "羊奶", hours_ago=100), Status.DECLINED, "没货")
    at = screen(shop, "demands")
    at.query_params["view"] = "figures"
    at.run()
    assert not at.exception
    said = text_of(at)
    assert "100% (1/1)" in said
    assert "50% (1/2)" in said
    assert "1.3" in said


def test_old_wishes_are_found(screen: Open, shop: Shop, clock: Any) -> None:
    move(shop, add_wish(shop, "活鸡"), Status.DECLINED, "没有许可")
    clock.moment = NOW + timedelta(days=30)
    at = screen(shop, "demands")
    at.session_state["wishes-find"] = True
    at.run()
    at.text_input(key="wishes-search").input("张阿姨")
    at.run()
    assert list(at.dataframe[0].value["Wish"]) == ["活鸡"]
    assert commands.add_demand(shop, "活鸡", [wish()]).created
    assert len(queries.found(shop, "活鸡")) == 2
