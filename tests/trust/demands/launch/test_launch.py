"""From a wish to an offer in one step; everybody who asked is told once (R16, R18)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.posts import add_post, posts
from lib.shop.shop import Shop
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Times
from lib.trust.demands import commands, queries
from lib.trust.demands.launch.commands import (
    NewProduct,
    Place,
    launch_product,
    offer_product,
    take_back_tell,
    tell,
)
from lib.trust.demands.launch.queries import bought, cost_line, offer_of, telling
from lib.trust.demands.rules import Status
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, add_product, add_round, put
from tests.shop.files import samples
from tests.supply.cast import add_supplier
from tests.trust.demands.cast import add_wish, journal, move, row, wish, wishes

PASTE = Details("现磨芝麻酱", "瓶", Money(1880), purchase_price=Money(1450))
NEXT_WEEK = Plan("", Times(NOW, NOW + timedelta(hours=9), date(2026, 9, 26)))


def count(shop: Shop, table) -> int:
    with shop.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_one_step_makes_product_terms_round_and_cost_line(shop: Shop) -> None:
    demand, mill = add_wish(shop), add_supplier(shop, "磨坊")
    new = NewProduct(PASTE, mill, household_limit=2, available=40)
    product = launch_product(
        shop, demand, 1, new, Place(plan=NEXT_WEEK), samples.photo((80, 60)), "a.jpg"
    )
    stands = row(shop, demand)
    assert (stands.status, stands.product_id, stands.offered_at) == ("offered", product, NOW)
    with shop.read() as connection:
        term = connection.execute(select(schema.supply_term)).one()
        offer = connection.execute(select(schema.round_offer)).one()
        photo = connection.execute(select(schema.product.c.photo)).scalar_one()
    assert (term.supplier_id, term.product_id, term.price_fen) == (mill, product, 1450)
    assert (offer.round_id, offer.price_fen) == (stands.round_id, 1880)
    assert (offer.household_limit, offer.available) == (2, 40)
    assert photo
    line = cost_line(shop, product)
    assert line is not None
    assert (line.purchase, line.price) == (Money(1450), Money(1880))
    (noted,) = journal(shop, "demand.launch")
    assert noted.subject == f"demand:{demand}"
    assert noted.details["after"]["product_id"] == product
    assert noted.details["after"]["round_id"] == stands.round_id
    assert {each["subject"].split(":")[0] for each in noted.details["more"]} == {
        "product", "supply_term", "buying_round",
    }  # fmt: skip


def test_nothing_stays_of_a_launch_that_is_refused(shop: Shop) -> None:
    demand, over = add_wish(shop), add_round(shop)
    for new, place in (
        (NewProduct(PASTE), Place(round_id=over)),
        (NewProduct(PASTE, 99), Place()),
        (NewProduct(replace(PASTE, purchase_price=None), add_supplier(shop)), Place()),
        (NewProduct(PASTE, household_limit=9, available=3), Place(plan=NEXT_WEEK)),
        (NewProduct(replace(PASTE, name="")), Place()),
    ):
        with pytest.raises((Refused, NotFound)):
            launch_product(shop, demand, 1, new, place)
    assert count(shop, schema.product) == 0
    assert row(shop, demand).version == 1
    with pytest.raises(Refused):
        Place(1, NEXT_WEEK)


def test_a_product_is_the_owner_s_to_make(shop: Shop, staff_shop: Shop) -> None:
    demand = add_wish(shop)
    with pytest.raises(Refused):
        launch_product(staff_shop, demand, 1, NewProduct(PASTE), Place())
    product = add_product(shop, "芝麻酱", "瓶", 1900)
    standing = add_round(shop, cut_off=NOW + timedelta(hours=3))
    offer_product(staff_shop, demand, 1, product, Place(round_id=standing), Money(1800))
    this = queries.one(staff_shop, demand)
    assert (this.card.status, this.card.product, this.card.round_id) == (
        Status.OFFERED, "芝麻酱", standing,
    )  # fmt: skip
    offer = offer_of(staff_shop, this)
    assert offer is not None
    assert (offer.price, offer.cut_off_at) == (Money(1800), NOW + timedelta(hours=3))


def test_a_product_that_stands_in_the_round_keeps_its_price_there(shop: Shop) -> None:
    product = add_product(shop, "芝麻酱", "瓶", 1900)
    standing = add_round(shop, cut_off=NOW + timedelta(hours=3))
    first, second = add_wish(shop), add_wish(shop, "芝麻酱两瓶装")
    offer_product(shop, first, 1, product, Place(round_id=standing), Money(1800))
    offer_product(shop, second, 1, product, Place(round_id=standing), Money(100))
    assert offer_of(shop, queries.one(shop, second)).price == Money(1800)
    assert count(shop, schema.round_offer) == 1


def test_what_may_not_be_offered(shop: Shop) -> None:
    demand, product = add_wish(shop), add_product(shop, "芝麻酱", "瓶")
    with pytest.raises(NotFound):
        offer_product(shop, demand, 1, 99, Place())
    with pytest.raises(Refused, match="no more orders"):
        offer_product(shop, demand, 1, product, Place(round_id=add_round(shop)))
    with pytest.raises(Conflict):
        offer_product(shop, demand, 9, product, Place())
    offer_product(shop, demand, 1, product, Place())
    with pytest.raises(Refused, match="stands elsewhere"):
        offer_product(shop, demand, 2, product, Place())
    with shop.store.write() as connection:
        table = schema.product
        connection.execute(table.update().values(stopped_at=NOW, stop_reason="召回"))
    with pytest.raises(Refused, match="not sold at present"):
        offer_product(shop, add_wish(shop, "草莓"), 1, product, Place())


def test_two_who_put_one_wish_on_offer_make_one_product(shop: Shop, staff_shop: Shop) -> None:
    demand, product = add_wish(shop), add_product(shop, "芝麻酱", "瓶")
    offer_product(staff_shop, demand, 1, product, Place())
    with pytest.raises(Conflict, match="小吴 put this wish on offer"):
        launch_product(shop, demand, 1, NewProduct(PASTE), Place())
    assert count(shop, schema.product) == 1


def test_off_sale_it_goes_back_and_the_hit_stays(shop: Shop, clock: FixedClock) -> None:
    demand = offered(shop, "张阿姨")
    everybody = telling(shop, queries.one(shop, demand)).pieces[0]
    tell(shop, demand, everybody.wish_ids, everybody.text)
    clock.moment = NOW + timedelta(days=20)
    move(shop, demand, Status.CHECKING)
    assert row(shop, demand).offered_at == NOW
    product = row(shop, demand).product_id
    offer_product(shop, demand, row(shop, demand).version, product, Place())
    assert (row(shop, demand).offered_at, row(shop, demand).status_at) == (NOW, clock.moment)


def test_put_on_offer_by_mistake_and_taken_back_at_once_is_no_hit(shop: Shop) -> None:
    demand = offered(shop, "张阿姨")
    move(shop, demand, Status.CHECKING)
    stands = row(shop, demand)
    assert (stands.offered_at, stands.answered_at, stands.next_on) == (None, None, None)


def offered(shop: Shop, *names: str) -> int:
    """A wish of ``names`` that is on offer in a round."""
    demand = add_wish(shop, "现磨芝麻酱", *names)
    product = add_product(shop, "芝麻酱", "瓶", 1880)
    standing = add_round(shop, cut_off=NOW + timedelta(hours=10), day=date(2026, 9, 26))
    offer_product(shop, demand, row(shop, demand).version, product, Place(round_id=standing))
    return demand


def told(shop: Shop, demand: int) -> set[str]:
    return {one.name for one in wishes(shop, demand) if one.told_at is not None}


def test_exactly_those_in_a_message_are_told(shop: Shop, staff_shop: Shop) -> None:
    names = [f"住户{number:03}" for number in range(60)]
    short = replace(shop, settings=replace(shop.settings, message_bytes=400))
    demand = offered(shop, *names)
    first = telling(short, queries.one(short, demand))
    assert len(first.pieces) > 2
    assert [one.name for piece in first.pieces for one in piece.called] == names
    for piece in first.pieces:
        assert len(piece.text.encode()) <= 400
        assert all(f"@{one.name}" in piece.text for one in piece.called)
    sent = first.pieces[1]
    tell(staff_shop, demand, sent.wish_ids, sent.text)
    assert told(shop, demand) == {one.name for one in sent.called}
    left = telling(short, queries.one(short, demand))
    assert not {one.name for piece in left.pieces for one in piece.called} & told(shop, demand)
    assert (left.told[0].by, len(left.told[0].names)) == ("小吴", len(sent.called))
    assert posts(shop, "demand_launch", subjects=[f"demand:{demand}"])[0].text == sent.text
    with pytest.raises(Refused, match="小吴 told"):
        tell(shop, demand, sent.wish_ids, sent.text)
    with pytest.raises(Refused, match="小吴 told"):  # half of it: nobody is ticked by a part
        tell(shop, demand, (*sent.wish_ids[:1], *left.pieces[0].wish_ids), "…")
    assert told(shop, demand) == {one.name for one in sent.called}


def test_a_tick_is_taken_back_with_its_post(shop: Shop, clock: FixedClock) -> None:
    demand = offered(shop, "张阿姨")
    (piece,) = telling(shop, queries.one(shop, demand)).pieces
    tell(shop, demand, piece.wish_ids, piece.text)
    clock.moment = NOW + timedelta(hours=1)
    commands.add_wishes(shop, demand, [wish("李姐")])
    (later,) = telling(shop, queries.one(shop, demand)).pieces  # told separately
    assert [one.name for one in later.called] == ["李姐"]
    tell(shop, demand, later.wish_ids, later.text)
    assert take_back_tell(shop, demand, NOW) == 1
    assert told(shop, demand) == {"李姐"}
    assert len(posts(shop, "demand_launch")) == 1
    with pytest.raises(NotFound):
        take_back_tell(shop, demand, NOW)


def test_a_text_that_a_robot_sent_tells_those_it_calls(shop: Shop, staff_shop: Shop) -> None:
    demand = offered(shop, "小李", "小李子", "张 阿姨", "")
    channel = {"name": "群机器人", "kind": "wecom", "sealed_address": "x", "active": True}
    robot = put(shop, schema.message_channel, **channel, created_at=NOW)
    with staff_shop.write("group_post.add") as tx:
        text = "芝麻酱来了\n@小李子 @张 阿姨\n接龙"
        add_post(tx, "demand_launch", f"demand:{demand}", text, channel_id=robot)
    assert told(shop, demand) == {"小李子", "张 阿姨"}
    (sent,) = telling(shop, queries.one(shop, demand)).told
    assert sent.by == "小吴"
    with pytest.raises(Refused, match="A robot sent this"):
        take_back_tell(shop, demand, NOW)


def test_who_was_not_told_stays_in_view(shop: Shop, clock: FixedClock) -> None:
    demand = offered(shop, "张阿姨", "")
    clock.moment = NOW + timedelta(days=60)
    (card,) = queries.board(shop).columns[Status.OFFERED]
    assert (card.id, card.untold, card.people) == (demand, 1, 2)
    assert [one.id for one in queries.due(shop).untold] == [demand]
    (piece,) = telling(shop, queries.one(shop, demand)).pieces
    tell(shop, demand, piece.wish_ids, piece.text)
    assert not queries.due(shop).untold
    assert not queries.board(shop).columns[Status.OFFERED]


def test_only_an_offer_is_told(shop: Shop) -> None:
    demand = add_wish(shop)
    (asked,) = wishes(shop, demand)
    with pytest.raises(Refused, match="not on offer"):
        tell(shop, demand, [asked.id], "…")
    other = offered(shop, "李姐")
    with pytest.raises(Refused, match="calls nobody"):
        tell(shop, other, [], "…")
    with pytest.raises((NotFound, Refused)):
        tell(shop, other, [9999], "…")


def test_the_text_says_what_until_when_and_for_whom(shop: Shop) -> None:
    demand = offered(shop, "张阿姨", "李姐")
    (piece,) = telling(shop, queries.one(shop, demand)).pieces
    assert piece.text == (
        "🎁 您要的来了：芝麻酱 18.8元/瓶\n"
        "@张阿姨 @李姐\n"
        "今晚20:30截单，明天（周六）取货\n"
        "想要的接龙 👇"
    )


def test_a_wish_of_nobody_s_name_has_a_text_all_the_same(shop: Shop) -> None:
    demand = offered(shop, "")
    found = telling(shop, queries.one(shop, demand))
    assert (found.pieces, found.nameless) == ((), 1)
    assert "芝麻酱" in found.general
    assert "@" not in found.general


def test_who_wished_late_hears_of_the_round_that_takes_orders(
    shop: Shop, clock: FixedClock
) -> None:
    demand = offered(shop, "张阿姨")
    clock.moment = NOW + timedelta(days=3)
    this = queries.one(shop, demand)
    assert offer_of(shop, this).cut_off_at is None
    assert "截单" not in telling(shop, this).pieces[0].text
    again = add_round(shop, "周一团", cut_off=clock.moment + timedelta(hours=5))
    with shop.store.write() as connection:
        values = {"round_id": again, "product_id": this.card.product_id, "price_fen": 1780}
        connection.execute(schema.round_offer.insert().values(**values, position=1))
    assert offer_of(shop, this).price == Money(1780)


def test_who_bought_what_they_wished_for(shop: Shop, clock: FixedClock) -> None:
    zhang, li, wang = (add_member(shop, name) for name in ("张阿姨", "李姐", "王叔"))
    passer = add_member(shop, "路人")
    before = add_product(shop, "别的")
    demand = offered(shop, "张阿姨", "李姐", "王叔", "没档案的")
    product = row(shop, demand).product_id
    day = timedelta(days=1)
    add_order(shop, zhang, 1, (product, 1), placed_at=NOW + day)
    add_order(shop, zhang, 2, (product, 2), placed_at=NOW + 2 * day)
    add_order(shop, li, 3, (product, 1), placed_at=NOW + 14 * day)  # the days are over
    add_order(shop, wang, 4, (before, 500), placed_at=NOW + day)
    add_order(shop, wang, 5, (product, 1), placed_at=NOW + day, status="cancelled")
    add_order(shop, wang, 6, (product, 1), placed_at=NOW - day)
    add_order(shop, passer, 7, (product, 1), placed_at=NOW + day)
    found = bought(shop, queries.one(shop, demand))
    assert found is not None
    assert (found.wished, found.known, found.until) == (4, 3, NOW + 14 * day)
    assert [(one.name, one.quantity) for one in found.buyers] == [("张阿姨", 1)]


def test_a_merged_member_bought_as_the_one_it_became(shop: Shop) -> None:
    old, new = add_member(shop, "张阿姨"), add_member(shop, "老张")
    demand = offered(shop, "张阿姨")
    with shop.store.write() as connection:
        table = schema.member
        connection.execute(table.update().where(table.c.id == old).values(merged_into=new))
    add_order(shop, new, 1, (row(shop, demand).product_id, 1), placed_at=NOW)
    found = bought(shop, queries.one(shop, demand))
    assert found is not None
    assert [one.member_id for one in found.buyers] == [old]


def test_nothing_was_bought_of_what_is_not_on_offer(shop: Shop, staff_shop: Shop) -> None:
    assert bought(shop, queries.one(shop, add_wish(shop))) is None
    with pytest.raises(Refused):
        cost_line(staff_shop, 1)
