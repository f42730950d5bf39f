"""Erasing a resident: refused while something is open; afterwards the books stand, the name not."""

import pytest
from sqlalchemy import func, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.festivals import Festival
from lib.kernel.money import Money
from lib.members.erasure.commands import erase, erase_member
from lib.members.erasure.queries import done, preview
from lib.members.erasure.rules import Why
from lib.members.gifts.rules import festival_key, household_of
from lib.members.points.queries import balance_in as points_in
from lib.members.profiles import commands as members
from lib.members.profiles.queries import find_members, member, member_list, merge_suggestions
from lib.members.profiles.rules import Home
from lib.shop import journal
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox.commands import send_by_robot
from lib.shop.messages.outbox.rules import Kind, Status
from lib.shop.posts import note_post
from lib.shop.shop import OWNER_ONLY, Shop
from lib.trade.orders.commands import add_order
from lib.trade.orders.queries import order
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.payments.commands import pay_out_balance, top_up_balance
from lib.trade.payments.queries import money_of
from tests.members.erasure.cast import NEIGHBOUR, Lived, live, one, row
from tests.members.erasure.planted import ALIAS, NICKNAME, PHONE, WORDS, everything, traces
from tests.service.cast import put
from tests.stopping import Stopped, stopping_at
from tests.trade.orders.cast import EGGS

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7a2c-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
def lived(shop: Shop) -> Lived:
    return live(shop)


def test_the_books_stand_and_nobody_is_named(lived: Lived) -> None:
    shop = lived.shop
    before = money_of(shop, [lived.order, lived.others_order])
    lived.erase()
    assert traces(everything(shop)) == []
    assert money_of(shop, [lived.order, lived.others_order]) == before
    kept = order(shop, lived.order)
    assert [line.said for line in kept.lines] == ["土鸡蛋 2斤"]
    assert (kept.nickname, str(kept.home)) == (f"已注销居民{lived.member}", "")
    with shop.read() as connection:
        balance = points_in(connection, lived.member)
        assert (balance.available, balance.pending) == (0, 0)
        assert journal.verify(connection, shop.place.secret("journal")).first_bad is None


def test_neighbours_keep_what_is_theirs(lived: Lived) -> None:
    shop = lived.shop
    lived.erase()
    others = order(shop, lived.others_order)
    assert (others.nickname, str(others.home)) == (NEIGHBOUR, "5-402")
    assert others.note == f"和已注销居民{lived.member}一起拿"
    assert row(shop, schema.member, lived.like).nickname == "吹笛人二号"
    assert one(shop, schema.demand_wish, name=NEIGHBOUR).said == "草莓+1"
    assert one(shop, schema.topic_answer, name=NEIGHBOUR).text == "藕"
    text = one(shop, schema.group_post, topic="pickup").text
    assert text == f"还有 — 5-402 没取，@已注销居民{lived.member} @{NEIGHBOUR}"


def test_of_a_round_that_runs_only_her_lines_go(lived: Lived) -> None:
    lived.erase()
    content = one(lived.shop, schema.intake).content
    assert content == f"#接龙\n周五团\n\n2. 5-402 {NEIGHBOUR} 1盒豆腐"


def test_of_a_round_that_is_over_the_text_is_cleared(lived: Lived) -> None:
    lived.shop.clock.forward(days=40)  # type: ignore[attr-defined]
    lived.erase()
    assert one(lived.shop, schema.intake).content == ""


def test_photos_of_her_complaint_are_gone(lived: Lived) -> None:
    path = lived.shop.place.uploads / lived.photo[:2] / lived.photo
    assert path.is_file()
    lived.erase()
    assert not [file for file in lived.shop.place.uploads.rglob("*") if file.is_file()]
    with lived.shop.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.blob)).scalar() == 0


def test_a_photo_of_something_else_stays(lived: Lived) -> None:
    with lived.shop.store.write() as connection:
        connection.execute(update(schema.product).values(photo=lived.photo))
    lived.erase()
    assert (lived.shop.place.uploads / lived.photo[:2] / lived.photo).is_file()


def test_while_something_is_open_it_is_refused(lived: Lived) -> None:
    shop = lived.shop
    top_up_balance(shop, lived.member, Money.of(20))
    with pytest.raises(Refused, match=r"holds a balance of .*20"):
        lived.erase()
    pay_out_balance(shop, lived.member, Money.of(20))
    hers = IncomingOrder(None, NICKNAME, (Wanted(EGGS, 500),), member_id=lived.member)
    add_order(shop, hers)
    open_now = preview(shop, lived.member).unsettled
    assert open_now.due and open_now.uncollected
    with pytest.raises(Refused, match="still to be paid"):
        lived.erase()
    assert row(shop, schema.member, lived.member).nickname == NICKNAME


def test_an_open_complaint_and_a_stale_file_are_refused(lived: Lived) -> None:
    with lived.shop.store.write() as connection:
        connection.execute(update(schema.after_sales_case).values(status="new", closed_at=None))
    with pytest.raises(Refused, match="Complaints are still open"):
        lived.erase()
    with pytest.raises(Conflict):
        erase_member(lived.shop, lived.member, lived.version + 1)


def test_staff_erase_nobody(lived: Lived, staff_shop: Shop) -> None:
    with pytest.raises(Refused):
        erase_member(staff_shop, lived.member, lived.version)
    with pytest.raises(Refused):
        preview(staff_shop, lived.member)


def test_the_file_is_found_by_nothing_and_changed_by_nobody(lived: Lived) -> None:
    shop = lived.shop
    lived.erase()
    for text in (NICKNAME, ALIAS, PHONE, PHONE[-4:], "47-1903", "已注销"):
        assert lived.member not in [card.id for card in find_members(shop, text)]
    assert lived.member not in list(member_list(shop)["id"])
    assert merge_suggestions(shop) == []
    version = lived.version
    for wrong in (
        lambda: members.change_member(shop, lived.member, version, nickname="新", home=Home()),
        lambda: members.set_usual_slot(shop, lived.member, None),
        lambda: members.merge_members(shop, lived.neighbour, lived.member, (1, version)),
        lambda: members.merge_members(shop, lived.member, lived.neighbour, (version, 1)),
        lambda: members.decline_merge(shop, lived.member, lived.neighbour),
        lambda: erase_member(shop, lived.member, version),
    ):
        with pytest.raises(NotFound, match="anonymous"):
            wrong()
    assert member(shop, lived.member).erased_at == shop.clock.now()
    known = done(shop, lived.member)
    assert known is not None and known.why is Why.ASKED


def test_the_same_name_opens_a_new_file(lived: Lived) -> None:
    shop = lived.shop
    lived.erase()
    number = add_order(
        shop,
        IncomingOrder(None, NICKNAME, (Wanted(EGGS, 500),), home=Home(None, "47", None, "1903")),
    )
    assert row(shop, schema.customer_order, number).member_id != lived.member


def test_merged_files_go_together_and_stay_together(shop: Shop) -> None:
    lived = live(shop)
    second = members.add_member(shop, "笛子的小号甲", note="也是我")
    merge = members.merge_members(
        shop, lived.member, second, (lived.version, row(shop, schema.member, second).version)
    )
    lived.erase()
    assert row(shop, schema.member, second).erased_at is not None
    assert "笛子的小号甲" not in everything(shop) and "也是我" not in everything(shop)
    with pytest.raises(NotFound, match="anonymous"):
        members.unmerge(shop, merge)


def test_a_name_two_residents_bear_is_left_to_the_other(shop: Shop) -> None:
    lived = live(shop)
    twin = members.add_member(shop, NICKNAME, note=f"{NICKNAME}也叫这个")
    lived.erase()
    kept = row(shop, schema.member, twin)
    assert (kept.nickname, kept.note) == (NICKNAME, f"{NICKNAME}也叫这个")
    assert row(shop, schema.customer_order, lived.others_order).note == f"和{NICKNAME}一起拿"
    assert row(shop, schema.member, lived.member).nickname == f"已注销居民{lived.member}"
    assert row(shop, schema.customer_order, lived.order).note == ""


def test_a_home_somebody_else_lives_in_is_left_to_them(shop: Shop) -> None:
    lived = live(shop)
    members.add_member(shop, "同屋的人", home=Home(None, "47", None, "1903"))
    lived.erase()
    assert "47-1903" in one(shop, schema.group_post, topic="pickup").text
    assert row(shop, schema.customer_order, lived.order).room is None


def test_the_journal_row_of_an_erasure_says_nothing_personal(lived: Lived) -> None:
    lived.erase()
    with lived.shop.read() as connection:
        last = connection.execute(
            select(schema.journal).order_by(schema.journal.c.id.desc()).limit(1)
        ).one()
    assert (last.action, last.subject) == ("member.erase", f"member:{lived.member}")
    assert set(last.details) == {"before", "after", "erasure", "erased_rows", "why_erased"}
    assert last.details["erased_rows"]


def test_several_are_erased_in_one_go(shop: Shop) -> None:
    lived = live(shop)
    with shop.write("member.erase", by=OWNER_ONLY) as tx:
        for each in (lived.member, lived.neighbour):
            erase(tx, each, Why.RETENTION)
    assert traces(everything(shop)) == [] and NEIGHBOUR not in everything(shop)
    with shop.read() as connection:
        assert journal.verify(connection, shop.place.secret("journal")).first_bad is None


def test_what_waits_for_a_robot_about_them_is_not_sent_and_the_journal_drops_its_words(
    lived: Lived,
) -> None:
    shop, case = lived.shop, f"after_sales_case:{lived.case}"
    robot = add_channel(shop, "团机器人", Kind.WECOM, ROBOT)
    hers = send_by_robot(shop, robot, "after_sales", case, f"请您看看，{WORDS}")
    others = send_by_robot(shop, robot, "pickup", "pickup:today", f"请 @{NEIGHBOUR} 来取")
    lived.erase()
    assert traces(everything(shop)) == []
    said = [row(shop, schema.message_delivery, each[0]) for each in (hers, others)]
    assert [(one.status, one.text) for one in said] == [
        (Status.CANCELLED, "—"), (Status.WAITING, f"请 @{NEIGHBOUR} 来取"),
    ]  # fmt: skip


def test_texts_that_were_emptied_before_stay_empty(lived: Lived) -> None:
    shop, posts = lived.shop, schema.group_post
    subject = f"after_sales_case:{lived.case}"
    with shop.store.write() as connection:
        connection.execute(update(posts).where(posts.c.subject == subject).values(text=""))
    lived.erase()
    with shop.read() as connection:
        query = select(posts.c.text).where(posts.c.subject == subject)
        assert set(connection.execute(query).scalars()) == {""}


def test_the_key_of_a_gift_gives_no_door_away(lived: Lived) -> None:
    """The digest of a home is found again by trying every home of the estate."""
    shop, home = lived.shop, Home(None, "47", None, "1903")
    key = festival_key(Festival.MID_AUTUMN, 2026, lived.member, home)
    assert household_of(lived.member, home) in key
    gift = put(
        shop, schema.gift, member_id=lived.member, occasion="mid_autumn", year=2026, key=key,
        day=shop.today, what="月饼", given_at=shop.clock.now(), planned_at=shop.clock.now(),
    )  # fmt: skip
    lived.erase()
    assert household_of(lived.member, home) not in everything(shop)
    assert row(shop, schema.gift, gift).key == f"mid_autumn:2026:gift:{gift}"


def test_full_width_figures_and_the_plain_form_of_a_decorated_name_are_found(shop: Shop) -> None:
    member = members.add_member(shop, "小李🌸", phone=PHONE, home=Home(None, "47", None, "1903"))
    note_post(shop, "x", "pickup:today", "电话１３９１１１１７７４７，住４７－１９０３")
    note_post(shop, "x", "pickup:today", "请 @小李 来取，@王姐 也来")
    erase_member(shop, member, row(shop, schema.member, member).version)
    found = everything(shop)
    assert "７７４７" not in found and "１９０３" not in found and "@小李" not in found
    assert "@王姐 也来" in found


@pytest.mark.parametrize("number", [3, 40, 90, 140])
def test_stopped_half_way_it_leaves_nothing(shop: Shop, number: int) -> None:
    lived = live(shop)
    before = everything(shop)
    with stopping_at(shop, number), pytest.raises(Stopped):
        lived.erase()
    assert everything(shop) == before
    assert (shop.place.uploads / lived.photo[:2] / lived.photo).is_file()
