"""Member files on a real database: adding, finding, attaching, merging, taking back."""

import pytest
from sqlalchemy import insert, select

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.members.profiles import commands, queries
from lib.members.profiles.rules import Certainty, Hint, Home
from lib.shop.shop import Shop

PHONE = "13800138000"
DOOR = Home(building="3", room="201")


def attach(shop: Shop, nickname: str, **hint: object) -> int:
    with shop.write("test.attach") as tx:
        return commands.member_for(tx, nickname, **hint)


def order_of(shop: Shop, member_id: int, number: int = 1) -> int:
    with shop.write("test.order") as tx:
        return tx.add(
            schema.customer_order,
            member_id=member_id,
            source="counter",
            number=number,
            pickup_day=tx.today,
            delivery=False,
            status="active",
            placed_at=tx.now,
        )


def ids(cards: list[queries.Card]) -> list[int]:
    return [card.id for card in cards]


def test_a_member_is_found_by_everything_the_shop_knows(shop: Shop) -> None:
    lee = commands.add_member(shop, "快乐的小李", phone="138 0013 8000", home=DOOR)
    zeng = commands.add_member(shop, "曾阿姨", home=Home.of(None, "12栋", "2单元", "1203"))
    for text in ("小李", "快乐", "8000", PHONE, "3-201", "3栋201", "201", "kldxl", "xl", "xiaoli",
                 "XL", "3-201 小李"):  # fmt: skip
        assert ids(queries.find_members(shop, text)) == [lee], text
    for text in ("zay", "cay", "zeng", "1203", "12-2-1203", "12栋2单元1203"):
        assert ids(queries.find_members(shop, text)) == [zeng], text
    for text in ("%", "_", "'; DROP TABLE member", "3-201 曾", "13800138001", "x" * 5000):
        assert queries.find_members(shop, text) == [], text
    assert ids(queries.find_members(shop, "")) == [zeng, lee]
    assert ids(queries.find_members(shop, "", limit=1)) == [zeng]


def test_the_exact_name_comes_first(shop: Shop) -> None:
    longer = commands.add_member(shop, "小李妈妈")
    exact = commands.add_member(shop, "小李")
    assert ids(queries.find_members(shop, "小李")) == [exact, longer]


def test_staff_see_a_masked_phone_and_find_by_its_end(shop: Shop, staff_shop: Shop) -> None:
    member_id = commands.add_member(shop, "小李", phone=PHONE)
    assert queries.find_members(staff_shop, "8000")[0].phone == "138****8000"
    assert queries.member(staff_shop, member_id).card.phone == "138****8000"
    assert PHONE not in queries.member_list(staff_shop).to_csv()
    assert queries.member(shop, member_id).card.phone == PHONE
    assert PHONE in queries.member_list(shop).to_csv()


def test_residents_see_no_members(resident_shop: Shop) -> None:
    for query in (
        lambda: queries.find_members(resident_shop, "小李"),
        lambda: queries.member(resident_shop, 1),
        lambda: queries.merge_suggestions(resident_shop),
        lambda: queries.member_list(resident_shop),
        lambda: queries.household(resident_shop, DOOR),
        lambda: queries.matches(resident_shop, [Hint("小李")]),
    ):
        with pytest.raises(Refused):
            query()
    with pytest.raises(Refused):
        commands.add_member(resident_shop, "小李")


def test_one_phone_is_one_member(shop: Shop) -> None:
    first = commands.add_member(shop, "小李", phone=PHONE)
    with pytest.raises(Refused, match="小李"):
        commands.add_member(shop, "阿芳", phone=PHONE)
    other = commands.add_member(shop, "阿芳")
    with pytest.raises(Refused, match="小李"):
        commands.change_member(shop, other, 1, nickname="阿芳", home=Home(), phone=PHONE)
    commands.change_member(shop, first, 1, nickname="小李", home=DOOR, phone=PHONE)
    with pytest.raises(Refused, match="nickname"):
        commands.add_member(shop, " \u200b ")


def test_a_change_keeps_the_old_name_findable_and_the_phone_untouched(shop: Shop) -> None:
    member_id = commands.add_member(shop, "小李", phone=PHONE)
    commands.change_member(
        shop, member_id, 1, nickname="李姐", home=Home.of(room="201室"), note="爱吃甜"
    )
    profile = queries.member(shop, member_id)
    assert (profile.card.nickname, profile.card.phone) == ("李姐", PHONE)
    assert (profile.card.home, profile.note) == (Home(room="201"), "爱吃甜")
    assert profile.card.other_names == ("小李",)
    assert ids(queries.find_members(shop, "小李")) == [member_id]
    with pytest.raises(Conflict):
        commands.change_member(shop, member_id, 1, nickname="别的", home=Home())
    commands.change_member(shop, member_id, 2, nickname="小李", home=Home(), phone="")
    profile = queries.member(shop, member_id)
    assert (profile.card.phone, profile.card.other_names) == (None, ("李姐",))


def test_no_phone_number_stands_in_the_journal(shop: Shop) -> None:
    member_id = commands.add_member(shop, "小李", phone=PHONE)
    commands.change_member(shop, member_id, 1, nickname="小李", home=DOOR, phone="13900139000")
    with shop.read() as connection:
        rows = connection.execute(select(schema.journal.c.details)).scalars().all()
    assert "138****8000" in str(rows)
    assert PHONE not in str(rows)
    assert "13900139000" not in str(rows)


def test_an_order_goes_to_the_member_it_names_or_opens_a_file(shop: Shop) -> None:
    lee = attach(shop, "小李", building="3栋", room="201")
    assert attach(shop, "小李") == lee
    assert attach(shop, "小李", building="3", room="201", phone=PHONE) == lee
    assert queries.member(shop, lee).card.phone == PHONE
    assert attach(shop, "李小姐", phone=PHONE) == lee
    assert queries.member(shop, lee).card.other_names == ("李小姐",)
    mother = attach(shop, "小李妈妈", building="3", room="201")
    namesake = attach(shop, "小李", building="5", room="302")
    assert len({lee, mother, namesake}) == 3
    assert attach(shop, "随便", member_id=mother) == mother
    with pytest.raises(NotFound):
        attach(shop, "随便", member_id=999)


def test_an_unusable_phone_does_not_stop_an_order(shop: Shop) -> None:
    lee = attach(shop, "小李", phone="1380013")
    assert queries.member(shop, lee).card.phone is None
    other = attach(shop, "", building="3", room="201")
    assert queries.member(shop, other).card.nickname == "3-201"


def test_a_file_is_filled_but_never_overwritten(shop: Shop) -> None:
    lee = attach(shop, "小李", building="3", room="201", phone=PHONE)
    assert attach(shop, "小李", phone=PHONE, building="9", room="909") == lee
    assert queries.member(shop, lee).card.home == DOOR


def test_a_whole_chain_is_matched_at_once(shop: Shop) -> None:
    lee = commands.add_member(shop, "小李", home=DOOR, phone=PHONE)
    commands.add_member(shop, "王姐", home=Home(building="5", room="302"))
    hints = [Hint("小李", DOOR), Hint("谁", phone=PHONE), Hint("路人"), Hint("小李妈", DOOR),
             Hint("王姐", DOOR)]  # fmt: skip
    found = queries.matches(shop, hints * 200)
    assert [match.certainty for match in found[:5]] == [
        Certainty.SAME, Certainty.SAME, Certainty.NONE, Certainty.LIKELY, Certainty.AMBIGUOUS,
    ]  # fmt: skip
    assert found[0].member_id == found[1].member_id == lee
    assert len(found) == 1000


def test_a_household_is_who_lives_behind_one_door(shop: Shop) -> None:
    first = commands.add_member(shop, "小李", home=DOOR)
    second = commands.add_member(shop, "小李妈妈", home=DOOR)
    commands.add_member(shop, "邻居", home=Home(building="3", room="202"))
    assert ids(queries.household(shop, DOOR)) == [first, second]
    assert queries.household(shop, Home(building="3")) == []


def test_suggestions_name_a_reason_and_stay_away_once_declined(shop: Shop) -> None:
    one = commands.add_member(shop, "小李", home=DOOR)
    other = commands.add_member(shop, "小李妈妈", home=DOOR)
    commands.add_member(shop, "王姐", home=DOOR)
    (suggestion,) = queries.merge_suggestions(shop)
    assert {suggestion.first.id, suggestion.second.id} == {one, other}
    assert "room" in suggestion.reason
    commands.decline_merge(shop, other, one)
    commands.decline_merge(shop, one, other)
    assert queries.merge_suggestions(shop) == []


def test_a_member_that_ordered_under_anothers_name_is_suggested(shop: Shop) -> None:
    one = commands.add_member(shop, "小李")
    commands.change_member(shop, one, 1, nickname="李姐", home=Home())
    other = commands.add_member(shop, "小李")
    (suggestion,) = queries.merge_suggestions(shop)
    assert (suggestion.first.id, suggestion.second.id) == (one, other)
    commands.decline_merge(shop, one, other)
    assert queries.merge_suggestions(shop) == []


def test_a_merge_moves_everything_and_is_taken_back_exactly(shop: Shop) -> None:
    keep = commands.add_member(shop, "小李", home=DOOR)
    drop = commands.add_member(shop, "李小姐", phone=PHONE, note="要小袋")
    mine, theirs = order_of(shop, keep, 1), order_of(shop, drop, 2)
    before = queries.member(shop, keep), queries.member(shop, drop)
    merge = commands.merge_members(shop, keep, drop, (1, 1))
    profile = queries.member(shop, drop)
    assert profile.card.id == keep
    assert (profile.card.phone, profile.note) == (PHONE, "要小袋")
    assert profile.card.other_names == ("李小姐",)
    assert [(done.id, done.nickname, done.orders) for done in profile.merges] == [
        (merge, "李小姐", 1)
    ]
    assert ids(queries.find_members(shop, "李小姐")) == [keep]
    assert owner_of(shop, theirs) == keep
    later = order_of(shop, keep, 3)
    commands.unmerge(shop, merge)
    after = queries.member(shop, keep), queries.member(shop, drop)
    for old, new in zip(before, after, strict=True):
        assert (old.card.nickname, old.card.phone, old.note) == (
            new.card.nickname, new.card.phone, new.note,
        )  # fmt: skip
        assert (old.card.home, old.card.other_names) == (new.card.home, new.card.other_names)
    assert [owner_of(shop, order) for order in (mine, theirs, later)] == [keep, drop, keep]
    with pytest.raises(Refused, match="already"):
        commands.unmerge(shop, merge)


def test_a_merge_of_a_merged_member_brings_its_own_along(shop: Shop) -> None:
    a, b, c = (commands.add_member(shop, name) for name in ("甲", "乙", "丙"))
    inner = commands.merge_members(shop, b, c, (1, 1))
    outer = commands.merge_members(shop, a, b, (1, 2))
    assert queries.member(shop, c).card.id == a
    with pytest.raises(Refused, match="further"):
        commands.unmerge(shop, inner)
    commands.unmerge(shop, outer)
    assert queries.member(shop, c).card.id == b
    commands.unmerge(shop, inner)
    assert queries.member(shop, c).card.id == c


def test_a_stale_merge_is_refused(shop: Shop) -> None:
    keep, drop = commands.add_member(shop, "小李"), commands.add_member(shop, "小李2")
    commands.change_member(shop, drop, 1, nickname="小李2", home=DOOR)
    with pytest.raises(Conflict):
        commands.merge_members(shop, keep, drop, (1, 1))
    with pytest.raises(Refused, match="different"):
        commands.merge_members(shop, keep, keep, (1, 1))
    commands.merge_members(shop, keep, drop, (1, 2))
    with pytest.raises(Refused, match="already"):
        commands.merge_members(shop, keep, drop, (2, 3))


def test_a_merge_is_not_taken_back_once_the_money_was_spent_together(shop: Shop) -> None:
    keep, drop = commands.add_member(shop, "小李"), commands.add_member(shop, "李小姐")
    ledger(shop, drop, 500)
    merge = commands.merge_members(shop, keep, drop, (1, 1))
    ledger(shop, keep, -300)
    with pytest.raises(Refused, match="balance"):
        commands.unmerge(shop, merge)
    assert queries.member(shop, drop).card.id == keep


def ledger(shop: Shop, member_id: int, fen: int) -> None:
    with shop.write("test.ledger") as tx:
        payment = tx.add(
            schema.payment, member_id=member_id, kind="top_up", method="cash", amount_fen=fen,
            business_day=tx.today, at=tx.now,
        )  # fmt: skip
        tx.execute(
            insert(schema.balance_entry).values(
                member_id=member_id, amount_fen=fen, payment_id=payment, at=tx.now
            )
        )


def owner_of(shop: Shop, order_id: int) -> int:
    orders = schema.customer_order
    with shop.read() as connection:
        query = select(orders.c.member_id).where(orders.c.id == order_id)
        return int(connection.execute(query).scalar_one())
