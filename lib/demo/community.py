"""The group of the demo shop: a tip most days, questions with their answers, activities."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import partial

from lib.demo import scenes
from lib.demo.cast import Cast
from lib.demo.diary import Diary
from lib.kernel.money import Money
from lib.shop.files import intake
from lib.shop.language import translator
from lib.shop.messages.events import ACTIVITY, ACTIVITY_THANKS, TOPIC, TOPIC_THANKS
from lib.shop.posts import note_post
from lib.trust.community.activities import queries as activities
from lib.trust.community.activities.commands import (
    add_activity,
    add_guests,
    cancel_activity,
    hold_activity,
    tick_task,
)
from lib.trust.community.activities.queries import Task
from lib.trust.community.activities.rules import Details, Kind
from lib.trust.community.photos.commands import add_photo, publish_photo
from lib.trust.community.photos.rules import Details as Photo
from lib.trust.community.tips import queries as tips
from lib.trust.community.tips.commands import fill_bank, send_tip
from lib.trust.community.topics import queries as topics
from lib.trust.community.topics.commands import (
    add_answers,
    close_topic,
    make_demand,
    plan_topic,
)
from lib.trust.community.topics.rules import Details as Question
from lib.trust.community.topics.rules import NewAnswer

TIPS_SINCE, NO_TIP = 22, (20, 16, 13, 9)
"""Days ago since when tips are sent, and days on which nobody found the time."""


@dataclass(frozen=True)
class Asked:
    """A question to the group ``ago`` days ago, with what was answered: nickname and words.

    ``question`` is one that comes with the program. ``wishes`` are made of the answers: title, and
    who wished. ``stays_open``: nobody closed it yet.
    """

    ago: int
    question: str
    answers: tuple[tuple[str, str], ...]
    wishes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stays_open: bool = False


ASKED = (
    Asked(
        25, "What do the children take to school for a snack?",
        (("豆豆妈", "苹果切块，最近想换冬枣"), ("琪琪妈", "冬枣+1，脆的那种"),
         ("米粒妈妈", "沾化冬枣就很好"), ("果果爸", "小面包，你家吐司就行")),
        (("沾化冬枣", ("豆豆妈", "琪琪妈", "米粒妈妈")),),
    ),
    Asked(
        21, "Which fruit should be on offer this week?",
        (("王姐", "赣南脐橙上市了吧"), ("张阿姨", "脐橙，甜的"), ("老马", "跟王姐，赣南的"),
         ("小何", "都行，新鲜就好"), ("月月奶奶", "软一点的，老人咬得动")),
        (("赣南脐橙", ("王姐", "张阿姨", "老马")),),
    ),
    Asked(
        18, "When is collecting easiest for you: morning, noon or evening?",
        (("大伟", "晚上，七点以后"), ("李大爷", "早上遛弯顺路"), ("Sunny", "晚上+1"),
         ("周周", "中午也想有一个钟头")),
    ),
    Asked(
        14, "How do you find our packaging: too much, too little?",
        (("方老师", "保鲜袋能自己带就更好了"), ("若琳", "冰袋可以回收吗"), ("老宋", "刚好")),
    ),
    Asked(
        11, "What did your grandmother cook that is hard to get today?",
        (("陈叔", "外婆的土鸡汤，要真正的土鸡"), ("胡姐", "土鸡+1，超市的炖不香"),
         ("吴老师", "跟一个土鸡"), ("可可", "桂花糖芋艿，自己会做")),
        (("土鸡", ("陈叔", "胡姐", "吴老师")),),
    ),
    Asked(
        7, "What is missing for your breakfast?",
        (("小美", "手工年糕，煎一煎最香"), ("老杨", "年糕，手工的"), ("阿强", "我也投年糕"),
         ("木木", "现在这样挺好")),
        (("手工年糕", ("小美", "老杨", "阿强")),),
    ),
    Asked(
        4, "Which fruit should be on offer this week?",
        (("桃子", "草莓！丹东的"), ("樱花🌸", "丹东草莓+1"), ("小太阳☀️", "草莓，孩子念叨好几天了"),
         ("圆圆", "丹东草莓"), ("子涵", "草莓我要两盒"), ("廖工", "橙子接着来就行"),
         ("静静", "有没有蓝莓？")),
        (("丹东草莓", ("桃子", "樱花🌸", "小太阳☀️", "圆圆", "子涵")),),
        stays_open=True,
    ),
)  # fmt: skip
TOMORROW = "What should be ready for the festival?"

SWAPPED, MADE, CALLED_OFF, COMING = 61, 33, 12, -3
"""Days ago of the activities; one is still to come."""
GUESTS = ("豆豆妈", "琪琪妈", "米粒妈妈", "果果爸", "张阿姨", "王姐", "方老师", "胡姐", "小美")
PLACE = "3 栋楼下小广场"


def schedule(diary: Diary, cast: Cast, wished: Callable[[str, tuple[str, ...]], None]) -> None:
    """Note what happened in the group; ``wished`` hears of every wish made of answers."""
    diary.at(TIPS_SINCE, time(8, 30), partial(fill_bank, cast.shop))
    for ago in range(TIPS_SINCE - 1, 0, -1):
        if ago not in NO_TIP:
            diary.at(ago, time(10, 40), partial(_send_todays_tip, cast))
    for asked in ASKED:
        this = _Topic(cast, asked, wished)
        diary.at(asked.ago + 1, time(16), this.plan)
        diary.at(asked.ago, time(12, 10), this.ask)
        diary.at(asked.ago, time(19), this.hear)
        diary.at(asked.ago, time(21), this.thank)
        if not asked.stays_open:
            diary.at(asked.ago - 2, time(17, 40), this.close)
    diary.before(5, partial(_plan_tomorrows_topic, cast))
    _schedule_activities(diary, cast)


def _send_todays_tip(cast: Cast) -> None:
    tip = tips.today(cast.desk).tip
    assert tip is not None
    send_tip(cast.desk, tip.id, tips.text_of(cast.desk, tip))


@dataclass
class _Topic:
    """One question from its plan to its end."""

    cast: Cast
    asked: Asked
    wished: Callable[[str, tuple[str, ...]], None]
    _id: int = 0

    def plan(self) -> None:
        shop = self.cast.desk
        question = translator(shop.settings.language)(self.asked.question)
        self._id = plan_topic(shop, Question(question, _later(shop.today, 1)))

    def ask(self) -> None:
        text = topics.text_of(self.cast.desk, topics.topic(self.cast.desk, self._id))
        note_post(self.cast.desk, TOPIC.key, f"topic:{self._id}", text)

    def hear(self) -> None:
        shop = self.cast.desk
        add_answers(shop, self._id, [NewAnswer(who, words) for who, words in self.asked.answers])
        for title, names in self.asked.wishes:
            heard = topics.answers(shop, self._id)
            make_demand(shop, [one.id for one in heard if one.name in names], title)
            self.wished(title, names)

    def thank(self) -> None:
        text = topics.thanks_of(self.cast.desk, topics.topic(self.cast.desk, self._id))
        note_post(self.cast.desk, TOPIC_THANKS.key, f"topic:{self._id}", text)

    def close(self) -> None:
        close_topic(self.cast.desk, self._id, topics.topic(self.cast.desk, self._id).version)


def _plan_tomorrows_topic(cast: Cast) -> None:
    shop = cast.desk
    question = translator(shop.settings.language)(TOMORROW)
    plan_topic(shop, Question(question, _later(shop.today, 1), "冬至、元旦都算上，提前备货不慌"))


def _schedule_activities(diary: Diary, cast: Cast) -> None:
    swap = _Activity(
        cast,
        Details(
            Kind.SWAP, "邻里闲置交换", _day(diary, SWAPPED), "14:30", PLACE,
            "三张长桌、价签、记号笔", "书、玩具、花盆都可以；食品和药品不换", expected_heads=30,
        ),
        heads=26, cost="38.00", guests=GUESTS[4:8], done=5,
    )  # fmt: skip
    made = _Activity(
        cast,
        Details(
            Kind.WORKSHOP, "亲子做桂花灯笼", _day(diary, MADE), "15:00", PLACE,
            "竹圈 20 个、彩纸、桂花、圆头剪刀 10 把、湿巾", "做好的灯笼带回家；家长请陪着",
            expected_heads=16,
        ),
        goods=("红富士苹果", "原味酸奶"), heads=18, cost="96.00", guests=GUESTS, done=6, unasked=1,
    )  # fmt: skip
    off = _Activity(
        cast,
        Details(
            Kind.TASTING, "烤红薯试吃", _day(diary, CALLED_OFF), "16:00", PLACE,
            "小烤炉、红薯 20 斤",
        ),
        done=2,
    )  # fmt: skip
    coming = _Activity(
        cast,
        Details(
            Kind.TASTING, "新米和草莓试吃", _day(diary, COMING), "15:00", PLACE,
            "电饭煲、小碗 40 个、牙签、纸巾、垃圾桶", "现煮一锅新米饭，配芝麻酱；草莓每人两颗",
            Money.of("80.00"), 25,
        ),
        goods=("东北大米", "现磨芝麻酱", "丹东草莓"), done=5,
    )  # fmt: skip
    for this, ago in ((swap, SWAPPED), (made, MADE), (off, CALLED_OFF)):
        diary.at(ago + 5, time(13, 30), this.plan)
        diary.at(ago + 4, time(11, 30), this.announce)
        diary.at(ago + 1, time(17), this.tick)
    for this, ago in ((swap, SWAPPED), (made, MADE)):
        diary.at(ago, time(17, 20), this.held)
        diary.at(ago - 1, time(11), this.thank)
        diary.at(ago - 1, time(11, 5), this.tick_the_rest)
    diary.at(MADE, time(20, 30), partial(_photos, made))
    diary.at(CALLED_OFF, time(9, 40), off.call_off)
    diary.at(2, time(13, 30), coming.plan)
    diary.at(1, time(11, 30), coming.announce)
    diary.at(1, time(17), coming.tick)


@dataclass
class _Activity:
    """One activity from its plan to the thanks.

    ``done`` lines of its checklist are ticked beforehand, the others afterwards but for one, if
    parents are still ``unasked``.
    """

    cast: Cast
    details: Details
    goods: tuple[str, ...] = ()
    heads: int | None = None
    cost: str = "0"
    guests: tuple[str, ...] = ()
    done: int = 0
    unasked: int = 0
    id: int = 0

    @property
    def version(self) -> int:
        return activities.activity(self.cast.desk, self.id).version

    def plan(self) -> None:
        shown = [self.cast.products[name] for name in self.goods]
        self.id = add_activity(self.cast.desk, self.details, shown)

    def announce(self) -> None:
        shop = self.cast.desk
        text = activities.announcement_of(shop, activities.activity(shop, self.id))
        note_post(shop, ACTIVITY.key, f"activity:{self.id}", text)

    def tick(self) -> None:
        self._tick(activities.tasks(self.cast.desk, self.id)[: self.done])

    def tick_the_rest(self) -> None:
        *left, parents, thanks = activities.tasks(self.cast.desk, self.id)[self.done :]
        self._tick([*left, *([] if self.unasked else [parents]), thanks])

    def _tick(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            tick_task(self.cast.desk, task.id, task.version, done=True)

    def held(self) -> None:
        shop = self.cast.desk
        hold_activity(shop, self.id, self.version, self.heads, Money.of(self.cost))
        found = activities.matched(shop, self.guests)
        add_guests(shop, self.id, [one.member.member_id for one in found if one.member])

    def thank(self) -> None:
        shop = self.cast.desk
        text = activities.thanks_of(shop, activities.activity(shop, self.id))
        note_post(shop, ACTIVITY_THANKS.key, f"activity:{self.id}", text)

    def call_off(self) -> None:
        cancel_activity(self.cast.desk, self.id, self.version, "下雨，小广场没有棚，改到月底试吃")


def _photos(activity: _Activity) -> None:
    """Drawn pictures; one shows children whose parents were not asked yet and stays in the shop."""
    agreed = "演示：图是画的；照片里两个孩子的妈妈都在微信里回了“可以发”"
    shots = (
        ("lanterns", 0, 0, Photo(shows_children=False, caption="做好的灯笼（演示画）"), True),
        ("lanterns", 5, 2, Photo(True, "孩子们糊灯笼（演示画）", agreed), True),
        ("table", 6, 4, Photo(True, "合影（演示画），家长还没问"), False),
    )
    shop = activity.cast.desk
    for what, heads, children, details, published in shots:
        picture = scenes.as_png(scenes.gathering(what, heads, children))
        taken = intake.put(shop, picture, "lantern.png", kinds=intake.PHOTOS)
        number = add_photo(shop, activity.id, taken, details)
        if published:
            publish_photo(shop, number, 1)


def _day(diary: Diary, ago: int) -> date:
    return _later(diary.today, -ago)


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
