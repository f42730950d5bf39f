"""Regulars of the demo shop: points, rewards, birthdays, gifts, what they like (mission, part D).

Points of the paper cards are carried over, birthdays are told at the counter, and what residents
agreed to is written down with it; everything through the program's own commands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from lib.demo.cast import BY_NAME, Cast
from lib.demo.diary import Diary
from lib.kernel.festivals import festivals_between
from lib.kernel.lunar import lunar_of
from lib.kernel.money import Money
from lib.members.birthdays.commands import set_birthday
from lib.members.birthdays.rules import Birthday, Calendar
from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.rules import How, Purpose
from lib.members.gifts.choosing.queries import suggestions
from lib.members.gifts.commands import Why, give_gift, note_wish, plan_gift
from lib.members.gifts.festivals.commands import plan_festival, skip_festival
from lib.members.gifts.rules import Present
from lib.members.habits.commands import accept_preference, add_tag, reject_preference
from lib.members.habits.queries import suggested
from lib.members.habits.seen.commands import reckon_rhythm
from lib.members.points.commands import adjust_points, begin_points
from lib.members.points.settling.commands import settle_points
from lib.members.profiles.commands import add_member
from lib.members.profiles.queries import find_members
from lib.members.profiles.rules import Home
from lib.members.rewards.commands import (
    add_reward,
    change_reward,
    redeem,
    undo_redemption,
    use_coupon,
)
from lib.members.rewards.queries import coupons_of, redemptions_of, rewards_now
from lib.members.rewards.rules import Kind, Reward, Terms
from lib.shop.shop import SYSTEM
from lib.trade.orders.queries import orders
from lib.trade.payments.queries import money_of

SETTINGS: Mapping[str, Any] = {
    "new_member_days": 7,
    "missed_from_visits": 2,
    "privacy_contact": "到店找芳姐，或在群里@芳姐",
}
"""What makes regulars visible: the daily story is short, so that a week is long in it."""

BEGUN, CARRIED, TOLD = 40, 39, 11
"""Days ago on which points began, paper cards were carried over, birthdays were asked for."""
PAPER = (
    ("小李", 460), ("王姐", 320), ("张阿姨", 610), ("老陈", 180), ("方老师", 240), ("阿芳", 130),
    ("周周", 95), ("Lily", 205), ("赵姐", 150), ("吴老师", 310), ("陈叔", 90), ("大熊", 260),
)  # fmt: skip
"""Points on the paper cards."""

THRESHOLD, SHORT_DAYS = Money(5000), 16
"""What an order must come to for the coupon, and how long the first coupons were valid."""

SOLAR = (("王姐", 2), ("Lily", 19), ("大熊", -40), ("小美", 75), ("阿强", 130))
LUNAR = (("张阿姨", 1), ("老陈", 5), ("吴老师", -3), ("李大爷", 33), ("月月奶奶", 110))
"""Who told the birthday, and in how many days it comes (below 0: it was)."""
AGREE = ("小李", "张阿姨", "方老师", "周周", "吴老师", "Lily")
"""Who agreed to messages in the private chat."""
LIKES = (("方老师", "清淡口味"), ("周周", "爱尝新品"), ("张阿姨", "少糖"))
MANY = 8
"""Residents whose suggested preferences were gone through."""
AHEAD_DAYS, MOST_FESTIVALS = 75, 3
SWEETS = Present(what="手写贺卡和一把糖", cost=Money(280))


@dataclass
class Regulars:
    """The members the story knows by name, and what happens with them."""

    cast: Cast
    diary: Diary
    _ids: dict[str, int] = field(default_factory=dict)

    def schedule(self) -> None:
        """Note everything that happens with regulars."""
        at = self.diary.at
        at(BEGUN, time(8, 10), self._begin)
        at(CARRIED, time(13), self._carry_over)
        at(TOLD, time(12, 30), self._ask_birthdays)
        at(TOLD, time(13, 30), self._ask_consents)
        at(10, time(15), self._first_redemptions)
        at(8, time(15, 10), self._mistake)
        at(7, time(14), self._longer_coupons)
        at(4, time(16), self._gift_given)
        at(2, time(21, 35), self._preferences)
        self.diary.before(4.5, self._settle)
        self.diary.before(3.5, self._this_morning)

    def member(self, nickname: str) -> int:
        """Return a resident's member id; a file is opened for who never ordered."""
        if nickname not in self._ids:
            found = [
                one.id for one in find_members(self.cast.desk, nickname) if one.nickname == nickname
            ]
            resident = BY_NAME[nickname]
            home = Home(building=resident.building, unit=resident.unit, room=resident.room)
            self._ids[nickname] = (
                found[0] if found else add_member(self.cast.desk, nickname, home=home)
            )
        return self._ids[nickname]

    def _begin(self) -> None:
        shop, settings = self.cast.shop, self.cast.shop.settings
        begin_points(shop, settings.points_per_yuan, 100)
        eggs = self.cast.products["土鸡蛋"]
        goods = Terms(
            Kind.PRODUCT,
            settings.reward_goods_points,
            product_id=eggs,
            quantity=settings.reward_goods_grams,
        )
        add_reward(shop, goods)
        add_reward(shop, self._coupon_terms(SHORT_DAYS))

    def _coupon_terms(self, days: int) -> Terms:
        settings = self.cast.shop.settings
        return Terms(
            Kind.COUPON,
            settings.reward_coupon_points,
            value=settings.reward_coupon_value,
            threshold=THRESHOLD,
            valid_days=days,
        )

    def _carry_over(self) -> None:
        for nickname, points in PAPER:
            adjust_points(self.cast.shop, self.member(nickname), points, "纸质积分卡转来")

    def _ask_birthdays(self) -> None:
        today = self.diary.today
        for nickname, days in SOLAR:
            day = today + timedelta(days=days)
            said = f"{day.month}月{day.day}日"
            born = Birthday(Calendar.SOLAR, day.month, day.day, said_as=said)
            set_birthday(self.cast.desk, self.member(nickname), born, How.SPOKEN)
        for nickname, days in LUNAR:
            lunar = lunar_of(today + timedelta(days=days))
            said = f"农历{lunar.month}月{lunar.day}"
            born = Birthday(Calendar.LUNAR, lunar.month, min(lunar.day, 29), said_as=said)
            set_birthday(self.cast.desk, self.member(nickname), born, How.CHAT)

    def _ask_consents(self) -> None:
        for nickname in AGREE:
            give_consent(self.cast.desk, self.member(nickname), Purpose.MESSAGES, How.CHAT)
        left = self.member("小何")
        give_consent(self.cast.desk, left, Purpose.MESSAGES, How.SPOKEN)
        withdraw_consent(self.cast.desk, left, Purpose.MESSAGES, How.SPOKEN)

    def _reward(self, kind: Kind) -> Reward:
        return next(one for one in rewards_now(self.cast.desk) if one.terms.kind is kind)

    def _first_redemptions(self) -> None:
        desk, coupon = self.cast.desk, self._reward(Kind.COUPON).id
        for nickname in ("小李", "张阿姨", "吴老师", "大熊"):
            redeem(desk, self.member(nickname), coupon)

    def _mistake(self) -> None:
        desk, member = self.cast.desk, self.member("方老师")
        number = redeem(desk, member, self._reward(Kind.COUPON).id)
        found = next(one for one in redemptions_of(desk, member) if one.id == number)
        undo_redemption(desk, number, found.version, "说要换鸡蛋，点成了券")

    def _longer_coupons(self) -> None:
        reward = self._reward(Kind.COUPON)
        days = self.cast.shop.settings.coupon_valid_days
        change_reward(self.cast.shop, reward.id, reward.version, self._coupon_terms(days))

    def _gift_given(self) -> None:
        """Somebody whose lunar birthday was yesterday gets the gift today."""
        member, desk = self.member("吴老师"), self.cast.desk
        day = self.diary.today + timedelta(days=dict(LUNAR)["吴老师"])
        number = plan_gift(desk, member, day, SWEETS, Why(note="当面给"))
        give_gift(desk, number, 1)

    def _preferences(self) -> None:
        """In the evening somebody goes through what purchases suggest."""
        desk, done = self.cast.desk, 0
        for card in find_members(desk, "", limit=60):
            found = suggested(desk, card.id)
            if not found or done >= MANY:
                continue
            first, last = found[0], found[-1]
            accept_preference(desk, card.id, first.kind, first.product_id, first.name, How.SPOKEN)
            if last is not first and done % 2:
                reject_preference(desk, card.id, last.kind, last.product_id, last.name)
            done += 1
        for nickname, tag in LIKES:
            add_tag(desk, self.member(nickname), tag, How.SPOKEN)

    def _settle(self) -> None:
        program = self.cast.shop.acting(SYSTEM)
        settle_points(program)
        reckon_rhythm(program)

    def _this_morning(self) -> None:
        desk, eggs = self.cast.desk, self._reward(Kind.PRODUCT).id
        redeem(desk, self.member("王姐"), eggs, 2)
        redeem(desk, self.member("阿芳"), eggs)
        redeem(desk, self.member("Lily"), self._reward(Kind.COUPON).id)
        self._use_one()
        self._plan_gifts()

    def _use_one(self) -> None:
        """The first of an open order whose goods are dear enough takes a coupon."""
        desk = self.cast.desk
        for nickname in ("小李", "张阿姨", "大熊"):
            member = self.member(nickname)
            codes = [one.code for one in coupons_of(desk, member) if one.order_id is None]
            open_orders = orders(desk, member_id=member, limit=20)
            sums = money_of(desk, [one.id for one in open_orders])
            dear = [one.id for one in open_orders if sums[one.id].due >= THRESHOLD]
            if codes and dear:
                use_coupon(desk, dear[0], codes[0])
                return

    def _plan_gifts(self) -> None:
        desk, today = self.cast.desk, self.diary.today
        for nickname, days in (("张阿姨", dict(LUNAR)["张阿姨"]), ("王姐", dict(SOLAR)["王姐"])):
            member, day = self.member(nickname), today + timedelta(days=days)
            number = plan_gift(desk, member, day, self._present(member))
            if nickname == "张阿姨":
                note_wish(desk, number, 1)
        self._plan_festivals(today)

    def _present(self, member: int) -> Present:
        found = suggestions(self.cast.shop, member, self.cast.shop.settings.birthday_gift_budget)
        if not found:
            return SWEETS
        goods = found[0].idea.goods
        return Present(goods.product_id, found[0].quantity)

    def _plan_festivals(self, today: date) -> None:
        """The festivals of the next weeks: the first is planned, the second left out."""
        coming = festivals_between(today, today + timedelta(days=AHEAD_DAYS))[:MOST_FESTIVALS]
        for place, one in enumerate(coming):
            if place == 0:
                plan_festival(self.cast.shop, one.festival, one.year, SWEETS, Why())
            elif place == 1:
                skip_festival(self.cast.shop, one.festival, one.year)
