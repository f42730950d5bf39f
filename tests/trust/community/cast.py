"""What the tests of the group calendar stand on: a street of members, goods, one of each topic."""

from datetime import date, timedelta

from lib.shop.files import intake
from lib.shop.shop import Shop
from lib.trust.community.activities import commands as activities
from lib.trust.community.activities.rules import Details, Kind
from lib.trust.community.photos import commands as photos
from lib.trust.community.photos.rules import Details as Photo
from lib.trust.community.topics import commands as topics
from lib.trust.community.topics.queries import answers
from lib.trust.community.topics.rules import Details as Question
from lib.trust.community.topics.rules import NewAnswer
from tests.service.cast import TODAY
from tests.shop.files import samples

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def plan(day: date = TODAY, **more: object) -> Details:
    """An activity as it is typed."""
    values: dict[str, object] = {"kind": Kind.WORKSHOP, "title": "亲子灯笼", "day": day}
    return Details(**{**values, **more})  # type: ignore[arg-type]


def add_activity(shop: Shop, day: date = TODAY, **more: object) -> int:
    """Plan an activity."""
    return activities.add_activity(shop, plan(day, **more))


def add_topic(shop: Shop, question: str = "想吃什么水果？", day: date = TODAY) -> int:
    """Plan a topic."""
    return topics.plan_topic(shop, Question(question, day))


def answer(shop: Shop, topic_id: int, *said: tuple[str, str]) -> list[int]:
    """Take in answers and return their ids."""
    topics.add_answers(shop, topic_id, [NewAnswer(name, text) for name, text in said])
    return [one.id for one in answers(shop, topic_id)]


def taken(shop: Shop, size: tuple[int, int] = (80, 60)) -> intake.Taken:
    """A photo put in place, with a place hidden in it."""
    return intake.put(shop, samples.photo(size), "a.jpg", kinds=intake.PHOTOS)


def add_photo(
    shop: Shop, activity_id: int, *, children: bool = True, consent: str = "", side: int = 80
) -> int:
    """Keep a photo of an activity."""
    details = Photo(children, "", consent)
    return photos.add_photo(shop, activity_id, taken(shop, (side, 60)), details)
