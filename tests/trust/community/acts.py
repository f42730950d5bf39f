"""Every command of the group calendar, on books in which each can be done."""

from lib.kernel.money import Money
from lib.shop.files import intake
from lib.shop.shop import Shop
from lib.trust.community.activities import commands as activities
from lib.trust.community.activities.queries import tasks
from lib.trust.community.photos import commands as photos
from lib.trust.community.photos.rules import Details as Photo
from lib.trust.community.tips import commands as tips
from lib.trust.community.tips.rules import Details as Tip
from lib.trust.community.tips.rules import Kind
from lib.trust.community.topics import commands as topics
from lib.trust.community.topics.rules import Details as Topic
from lib.trust.community.topics.rules import NewAnswer
from tests import once
from tests.once import Act, Stage
from tests.service.cast import TODAY, add_member, add_product
from tests.shop.files import samples
from tests.trust.community.cast import YESTERDAY, add_activity, add_photo, add_topic, answer, plan


def set_the_stage(shop: Shop) -> Stage:
    """Fill the books; ``taken`` is a photo put in place, unbooked."""
    ids = {"eggs": add_product(shop, "汤圆"), "li": add_member(shop, "小李")}
    ids["wang"] = add_member(shop, "王姐")
    ids["activity"] = this = add_activity(shop, YESTERDAY)
    ids["task"] = tasks(shop, this)[0].id
    activities.add_guests(shop, this, [ids["li"]])
    ids["cancelled"] = add_activity(shop)
    activities.cancel_activity(shop, ids["cancelled"], 1, "下雨")
    ids["photo"] = add_photo(shop, this, side=80)
    ids["agreed"] = add_photo(shop, this, consent="妈妈，微信", side=90)
    ids["published"] = add_photo(shop, this, children=False, side=100)
    photos.publish_photo(shop, ids["published"], 1)
    ids["tip"] = tips.add_tip(shop, Tip(Kind.COOKING, "一条"))
    ids["topic"], ids["unasked"] = add_topic(shop), add_topic(shop, "没问过？")
    ids["answer"], ids["other"] = answer(shop, ids["topic"], ("小李", "草莓"), ("王姐", "大草莓"))
    return Stage({**ids, "taken": intake.put(shop, samples.photo((110, 60)), "b.jpg")})


ACTS: dict[str, Act] = {
    "activities.add_activity": lambda s, on: activities.add_activity(s, plan(), [on.eggs]),
    "activities.change_activity": lambda s, on: activities.change_activity(
        s, on.activity, 1, plan(title="换个名字"), [on.eggs]
    ),
    "activities.set_tasks": lambda s, on: activities.set_tasks(s, on.activity, 1, ["一", "二"]),
    "activities.tick_task": lambda s, on: activities.tick_task(s, on.task, 1, done=True),
    "activities.hold_activity": lambda s, on: activities.hold_activity(
        s, on.activity, 1, 12, Money(900)
    ),
    "activities.cancel_activity": lambda s, on: activities.cancel_activity(
        s, on.activity, 1, "下雨"
    ),
    "activities.plan_again": lambda s, on: activities.plan_again(s, on.cancelled, 2),
    "activities.add_guests": lambda s, on: activities.add_guests(s, on.activity, [on.wang]),
    "activities.remove_guest": lambda s, on: activities.remove_guest(s, on.activity, on.li),
    "photos.add_photo": lambda s, on: photos.add_photo(s, on.activity, on.taken, Photo(False)),
    "photos.change_photo": lambda s, on: photos.change_photo(
        s, on.photo, 1, Photo(True, "灯笼", "妈妈，微信")
    ),
    "photos.publish_photo": lambda s, on: photos.publish_photo(s, on.agreed, 1),
    "photos.withdraw_photo": lambda s, on: photos.withdraw_photo(s, on.published, 2),
    "photos.remove_photo": lambda s, on: photos.remove_photo(s, on.photo, 1),
    "tips.fill_bank": lambda s, on: tips.fill_bank(s),
    "tips.add_tip": lambda s, on: tips.add_tip(s, Tip(Kind.COOKING, "又一条")),
    "tips.change_tip": lambda s, on: tips.change_tip(s, on.tip, 1, Tip(Kind.SEASON, "改", 3, 5)),
    "tips.archive_tip": lambda s, on: tips.archive_tip(s, on.tip, 1),
    "tips.send_tip": lambda s, on: tips.send_tip(s, on.tip, "【今日小贴士】"),
    "topics.plan_topic": lambda s, on: topics.plan_topic(s, Topic("又问？", TODAY)),
    "topics.change_topic": lambda s, on: topics.change_topic(s, on.topic, 1, Topic("改？", TODAY)),
    "topics.drop_topic": lambda s, on: topics.drop_topic(s, on.unasked, 1),
    "topics.close_topic": lambda s, on: topics.close_topic(s, on.topic, 1),
    "topics.add_answers": lambda s, on: topics.add_answers(
        s, on.topic, [NewAnswer("小李", "榴莲"), NewAnswer("", "山竹")]
    ),
    "topics.remove_answer": lambda s, on: topics.remove_answer(s, on.answer),
    "topics.make_demand": lambda s, on: topics.make_demand(s, [on.answer, on.other], "草莓"),
}

COMMUNITY = once.Topic(
    "lib.trust.community",
    set_the_stage,
    ACTS,
    heavy=(
        "activities.add_activity",
        "activities.set_tasks",
        "tips.send_tip",
        "topics.make_demand",
        "photos.add_photo",
    ),
    both=("topics.make_demand",),
)
