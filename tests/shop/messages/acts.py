"""Every command of messages and of the log of what was sent, on books in which each can be done."""

from lib.shop.messages.channels import commands as channels
from lib.shop.messages.outbox import commands as outbox
from lib.shop.messages.outbox.claims.commands import book, claim_next
from lib.shop.messages.outbox.rules import Came, Kind, Outcome
from lib.shop.messages.templates import commands as templates
from lib.shop.posts import note_post, take_back_post
from lib.shop.shop import SYSTEM, Shop
from tests.once import Act, Stage, Topic

NOBODY = "http://127.0.0.1:9/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
"""The address of a robot that does not answer."""
LONG = "好吃\n" * 400


def set_the_stage(shop: Shop) -> Stage:
    """A robot, a message that perhaps arrived, a wording of the owner's and a post by hand."""
    channel = channels.add_channel(shop, "小团", Kind.WECOM, NOBODY)
    [message] = outbox.send_by_robot(shop, channel, "round", "buying_round:1", "第一条")
    system = shop.acting(SYSTEM)
    claim = claim_next(system)
    assert claim is not None
    book(system, claim, Outcome(Came.UNSURE, "dropped"))
    templates.change_wording(shop, "pickup", "{homes}", 0)
    post = note_post(shop, "round", "buying_round:1", "开团啦")
    return Stage({"channel": channel, "message": message, "post": post})


ACTS: dict[str, Act] = {
    "templates.change_wording": lambda shop, it: templates.change_wording(
        shop, "cut_off", "{when}", 0
    ),
    "templates.reset_wording": lambda shop, it: templates.reset_wording(shop, "pickup", 1),
    "channels.add_channel": lambda shop, it: channels.add_channel(
        shop, "新的", Kind.WECOM, "http://127.0.0.1:9/x"
    ),
    "channels.change_channel": lambda shop, it: channels.change_channel(
        shop, it.channel, 1, "大团", Kind.WECOM
    ),
    "channels.switch_channel": lambda shop, it: channels.switch_channel(
        shop, it.channel, 1, active=False
    ),
    "channels.archive_channel": lambda shop, it: channels.archive_channel(shop, it.channel, 1),
    "channels.try_channel": lambda shop, it: channels.try_channel(shop, it.channel, "试一试"),
    "outbox.send_by_robot": lambda shop, it: outbox.send_by_robot(
        shop, it.channel, "round", "buying_round:2", LONG
    ),
    "outbox.retry_message": lambda shop, it: outbox.retry_message(shop, it.message),
    "outbox.confirm_message": lambda shop, it: outbox.confirm_message(shop, it.message),
    "outbox.cancel_message": lambda shop, it: outbox.cancel_message(shop, it.message),
}

MESSAGES = Topic(
    "lib.shop.messages",
    set_the_stage,
    ACTS,
    heavy=("outbox.send_by_robot", "outbox.confirm_message", "channels.archive_channel"),
    both=("outbox.send_by_robot",),
    owner_only=frozenset(name for name in ACTS if not name.startswith("outbox.")),
    otherwise=dict.fromkeys(
        ("outbox.claims.claim_next", "outbox.claims.book"),
        "tests/shop/messages/test_sending.py::test_two_senders_at_once_send_once",
    ),
)

POSTS = Topic(
    "lib.shop.posts",
    set_the_stage,
    {
        "note_post": lambda shop, it: note_post(shop, "tip", "tip:1", "【今日小贴士】"),
        "take_back_post": lambda shop, it: take_back_post(shop, it.post),
    },
    heavy=("note_post", "take_back_post"),
)
