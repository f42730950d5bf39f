"""How the demo shop's complaints stand right now: one of every kind waits for the newcomer."""

from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial

from lib.demo import complaints_told as told
from lib.demo.complaints import FREIGHT, MINUTE, About, Complaints
from lib.members.profiles.commands import add_member
from lib.members.profiles.queries import member
from lib.members.profiles.rules import Home
from lib.service.after_sales import commands as cases
from lib.service.after_sales.links.commands import new_link, report_case
from lib.service.after_sales.links.rules import Report
from lib.service.after_sales.remedies.commands import solve
from lib.service.after_sales.remedies.rules import Disposal, Kind, Remedy, Solution
from lib.service.after_sales.rules import Result, Source
from lib.shop.shop import RESIDENT
from lib.trade.orders import queries as orders

NEIGHBOUR = Home(building="6", unit="1", room="902")
COUNTER = Home(building="11", room="304")
KEY = f"{528:032x}"
"""Of the form a resident sent; the address made of it is secret in every shop."""
LATE, SHORT, AWAITED, JOINING, FRESH, PAGE = 27, 21.5, 5, 0.6, 1 / 3, 0.2
"""Hours ago at which what is open now was told."""


def schedule(all_of: Complaints) -> None:
    """Note what is open now."""
    now = _Now(all_of)
    diary = all_of.diary
    diary.at(9, time(10, 20), now.promised_long_ago)
    diary.at(3, time(11, 5), now.exchange)
    diary.before(LATE, now.late)
    diary.before(LATE - 24.1, all_of.record_breaches)
    diary.before(SHORT, now.few_hours_left)
    diary.at(1, time(14), now.solved_yesterday)
    diary.before(AWAITED, now.photo_awaited)
    diary.before(JOINING, now.joins_todays_bag)
    diary.before(FRESH, now.not_read_yet)
    diary.before(PAGE, now.from_the_page)
    diary.before(0, all_of.record_breaches)


@dataclass
class _Now:
    all: Complaints

    def promised_long_ago(self) -> None:
        """Eggs promised to somebody who buys at the counter only and did not come since."""
        who = add_member(self.all.cast.desk, "苏阿婆", home=NEIGHBOUR)
        about = self.all.counter(who, "土鸡蛋", 2)
        case_id = self.all.open(about, Source.COUNTER)
        self.all.solve(case_id, about, goods=True)
        self._content_later(case_id, "不急，我下次买菜顺便拿")
        self.all.diary.at_moment(
            self.all.now + timedelta(days=7, minutes=1), self.all.record_breaches
        )

    def exchange(self) -> None:
        """Rice with a fault is exchanged; the freight is the shop's, the new bag comes later."""
        who = add_member(self.all.cast.desk, "钟叔", home=COUNTER)
        about = self.all.counter(who, "东北大米")
        case_id = self.all.open(about, Source.PHONE)
        what = self.all.words(about)
        again = (Remedy(Kind.EXCHANGE, 1, freight_by_shop=True),)
        solution = Solution(
            again, freight=FREIGHT, disposal=Disposal.TO_SUPPLIER, cause=what.cause,
            cause_note=what.cause_note, text="换一袋新的给您送到店里，运费我们出 🙏",
            planned_on=self.all.diary.today + timedelta(days=1),
        )  # fmt: skip
        solve(self.all.cast.shop, case_id, self.all.version(case_id), solution)
        self._content_later(case_id, "运费你们出，没话说")

    def late(self) -> None:
        """Answered at once, and then forgotten."""
        about = self._lately("阳光玫瑰葡萄", "海南西瓜", "菠菜")
        case_id = self.all.open(about, Source.CHAT)
        self.all.diary.at_moment(self.all.now + 20 * MINUTE, partial(self.all.reply, case_id))

    def few_hours_left(self) -> None:
        """Being worked on; the resident has a private address."""
        about = self._lately("土鸡蛋", "小白菜")
        case_id = self.all.open(about, Source.CHAT)
        self.all.diary.at_moment(self.all.now + 15 * MINUTE, partial(self.all.reply, case_id))
        new_link(self.all.cast.desk, case_id)

    def solved_yesterday(self) -> None:
        """To be asked today."""
        about = self._lately("红富士苹果", "原味酸奶", "土鸡蛋")
        case_id = self.all.open(about, Source.COUNTER)
        self.all.solve(case_id, about, goods=False)

    def photo_awaited(self) -> None:
        """The clock stands still until the resident sends a photo."""
        about = self._lately("老豆腐", "五花肉", "全麦吐司")
        case_id = self.all.open(about, Source.CHAT)
        version = self.all.version(case_id)
        cases.ask_photo(self.all.cast.desk, case_id, version, told.PHOTO_PLEASE)

    def joins_todays_bag(self) -> None:
        """One more goes into a bag that is collected today."""
        waiting = orders.orders(self.all.cast.desk, day=self.all.cast.shop.today)
        handed = set(self.all.handed)
        coming = [one for one in waiting if one.id not in handed and not one.delivery]
        if not coming:
            return
        about = self.all.counter(self.all.chance.choice(coming).member_id, "小葱", 2)
        case_id = self.all.open(about, Source.CHAT)
        self.all.solve(case_id, about, goods=True)

    def not_read_yet(self) -> None:
        """Told a moment ago; nobody answered yet."""
        about = self._lately("小白菜", "土鸡蛋", "原味酸奶")
        self.all.open(about, Source.CHAT, with_photo=True)

    def from_the_page(self) -> None:
        """A resident wrote on the public page; nobody knows yet who it is."""
        about = self._lately("红富士苹果", "阳光玫瑰葡萄", "菠菜")
        who = member(self.all.cast.desk, about.member_id).card
        what = self.all.words(about)
        report = Report(
            what.defect.value, about.name, "坏了一部分", what.said, who.nickname, str(who.home)
        )
        resident = self.all.cast.shop.acting(RESIDENT)
        report_case(resident, KEY, report, self.all.photo(about.name))

    def _content_later(self, case_id: int, words: str) -> None:
        ask = partial(self.all.follow_up, case_id, Result.SATISFIED, words)
        self.all.later(timedelta(hours=24), ask)

    def _lately(self, *names: str) -> About:
        about = self.all.newest(*names)
        if about is None:  # nobody collected anything: it was bought at the counter
            who = add_member(self.all.cast.desk, "小程", home=Home(building="2", room="501"))
            return self.all.counter(who, names[0])
        return about
