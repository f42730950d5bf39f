"""吹笛人 and her neighbours, with everything a resident leaves behind, by the real commands."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from lib.db import schema
from lib.members.erasure.commands import erase_member
from lib.members.points.commands import begin_points
from lib.members.profiles import commands as members
from lib.members.profiles.rules import Home
from lib.service.after_sales import commands as cases
from lib.service.after_sales.photos.commands import add_photo
from lib.service.after_sales.rules import Defect, NewCase, Result, Source
from lib.service.delivery.needs.commands import add_need
from lib.service.delivery.needs.rules import NewNeed
from lib.service.pickup.commands import hand_over
from lib.shop.drafts import keep
from lib.shop.files import storage
from lib.shop.posts import note_post
from lib.shop.shop import Shop
from lib.trade.orders.commands import book_intake
from lib.trade.orders.rules import Booking, IncomingOrder, Wanted
from lib.trade.orders.rules import Source as OrderSource
from lib.trade.payments.commands import pay_order
from lib.trust.community.topics import commands as topics
from lib.trust.community.topics.rules import Details, NewAnswer
from lib.trust.demands import commands as demands
from lib.trust.demands.rules import NewWish
from lib.trust.demands.rules import Source as WishSource
from tests.members.erasure.planted import ALIAS, HOME, NICKNAME, PHONE, WORDS
from tests.trade.orders.cast import EGGS, TOFU, open_friday

NEIGHBOUR, NAMESAKE_LIKE = "王姐", "吹笛人二号"
CHAIN = f"#接龙\n周五团\n1. {HOME} {NICKNAME} 2斤鸡蛋 {WORDS}\n2. 5-402 {NEIGHBOUR} 1盒豆腐"


@dataclass(frozen=True)
class Lived:
    """Ids of the resident, of her order, complaint and photo, and of the neighbours."""

    shop: Shop
    member: int
    order: int
    case: int
    photo: str
    neighbour: int
    others_order: int
    like: int

    @property
    def version(self) -> int:
        """The version of her file now."""
        return int(row(self.shop, schema.member, self.member).version)

    def erase(self) -> None:
        """Erase her data as the owner does."""
        erase_member(self.shop, self.member, self.version)


def live(shop: Shop) -> Lived:
    """Let her order, pay, collect, complain, wish, answer, need delivery; the neighbour too."""
    begin_points(shop, 1, 100)
    member = members.add_member(
        shop, ALIAS, phone=PHONE, home=Home(None, "47", None, "1903"), note=f"{WORDS}备注"
    )
    file = row(shop, schema.member, member)
    members.change_member(
        shop, member, file.version, nickname=NICKNAME, home=Home(None, "47", None, "1903"),
        note=f"{WORDS}又一条",
    )  # fmt: skip
    like = members.add_member(shop, NAMESAKE_LIKE)
    order, others = _order(shop, member)
    case, sha256 = _complain(shop, member, order)
    _talk(shop, member, case, order)
    with shop.read() as connection:
        neighbour = connection.execute(
            select(schema.member.c.id).where(schema.member.c.nickname == NEIGHBOUR)
        ).scalar_one()
    return Lived(shop, member, order, case, sha256, neighbour, others, like)


def _order(shop: Shop, member: int) -> tuple[int, int]:
    round_id = open_friday(shop)
    hers = IncomingOrder(
        key="a" * 32, nickname=NICKNAME, wanted=(Wanted(EGGS, 1000),),
        home=Home(None, "47", None, "1903"), phone=PHONE, note=f"{WORDS}轻放",
        body={"no": "1", "text": CHAIN.split("\n")[2], "who": f"{NICKNAME}|47|1903"},
    )  # fmt: skip
    others = IncomingOrder(
        key="b" * 32, nickname=NEIGHBOUR, wanted=(Wanted(TOFU, 1),),
        home=Home(None, "5", None, "402"), note=f"和{NICKNAME}一起拿",
        body={"no": "2", "text": CHAIN.split("\n")[3]},
    )  # fmt: skip
    booking = Booking(
        OrderSource.CHAIN, "周五团", "f", basis=None, additions=[hers, others], content=CHAIN,
        file_name=f"{NICKNAME}的接龙.txt",
    )  # fmt: skip
    booked = book_intake(shop, round_id, booking)
    order, other = booked.added
    for each in (order, other):
        pay_order(shop, each)
        hand_over(shop, each)
    return order, other


def _complain(shop: Shop, member: int, order: int) -> tuple[int, str]:
    line = one(shop, schema.order_line, order_id=order).id
    case = cases.open_case(
        shop, NewCase(Source.CHAT, Defect.ROTTEN, f"{WORDS}鸡蛋坏了", line_id=line)
    )
    sha256 = _photo(shop)
    add_photo(shop, case, sha256)
    version = row(shop, schema.after_sales_case, case).version
    cases.reply(shop, case, version, f"@{NICKNAME} 收到，抱歉")
    with shop.write("case.solve") as tx:
        cases.mark_solved(tx, cases.case_row(tx, case), {"practice": "R10"})
        tx.note(f"after_sales_case:{case}", after={"status": "solved"})
    version = row(shop, schema.after_sales_case, case).version
    cases.follow_up(shop, case, version, Result.SATISFIED, f"{WORDS}满意")
    return case, sha256


def _photo(shop: Shop) -> str:
    """A photo and its thumbnail in place and booked, without the work of cleaning it."""
    small, sha256 = (storage.put(shop.place, said) for said in (b"small", b"rotten eggs"))
    now = shop.clock.now()
    rows = [
        {"sha256": small, "media_type": "image/jpeg", "size": 5, "small": None, "created_at": now},
        {"sha256": sha256, "media_type": "image/jpeg", "size": 11, "small": small,
         "created_at": now},
    ]  # fmt: skip
    with shop.store.write() as connection:
        connection.execute(insert(schema.blob), rows)
    return sha256


def _talk(shop: Shop, member: int, case: int, order: int) -> None:
    now = shop.clock.now()
    wish = NewWish(NICKNAME, f"{WORDS}想要草莓", WishSource.CHAT, now)
    demands.add_demand(shop, "草莓", [wish, NewWish(NEIGHBOUR, "草莓+1", WishSource.CHAT, now)])
    topic = topics.plan_topic(shop, Details("想吃什么", shop.today))
    topics.add_answers(shop, topic, [NewAnswer(NICKNAME, f"{WORDS}笋"), NewAnswer(NEIGHBOUR, "藕")])
    add_need(shop, NewNeed(
        member, shop.today, shop.today + timedelta(days=30), f"{WORDS}敲两下", shop.today,
        "spoken", f"{WORDS}同意",
    ))  # fmt: skip
    note_post(shop, "after_sales", f"after_sales_case:{case}", f"@{NICKNAME} {WORDS}处理好了")
    note_post(shop, "pickup", "pickup:today", f"还有 {HOME} 5-402 没取，@{NICKNAME} @{NEIGHBOUR}")
    keep(shop, "chain", CHAIN)


def row(shop: Shop, table: Any, row_id: int) -> Any:
    """One row by its id."""
    return one(shop, table, id=row_id)


def one(shop: Shop, table: Any, **wanted: Any) -> Any:
    """The only row with the wanted values."""
    with shop.read() as connection:
        return connection.execute(select(table).filter_by(**wanted)).one()
