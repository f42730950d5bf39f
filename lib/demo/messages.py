"""The demo shop's own words for a text, and a robot that is switched off.

The robot's address is of this very machine and nobody listens there: nothing is ever sent from a
demo. The one message it failed to send is told as it would have been booked.
"""

from datetime import time
from functools import partial

from lib.demo.cast import Cast
from lib.demo.diary import Diary
from lib.shop.messages.channels.commands import add_channel, switch_channel
from lib.shop.messages.events import TIP
from lib.shop.messages.outbox import claims
from lib.shop.messages.outbox.commands import send_by_robot
from lib.shop.messages.outbox.queries import channels
from lib.shop.messages.outbox.rules import Came, Kind, Outcome
from lib.shop.messages.templates.commands import change_wording
from lib.shop.shop import SYSTEM

WORDED, TRIED = 95, 16
"""Days ago on which the tip got other words, and on which a robot was tried."""
WORDING = "💡 芳姐说：{tip}"
ROBOT = "邻里群机器人（演示，已关）"
NOWHERE = "http://127.0.0.1:9/cgi-bin/webhook/send?key=demo-nobody-listens-here"


def schedule(diary: Diary, cast: Cast) -> None:
    """Note when the owner changed a wording and tried a robot."""
    diary.at(WORDED, time(14), partial(change_wording, cast.shop, TIP.key, WORDING, 0))
    diary.at(TRIED, time(14, 20), partial(_try_a_robot, cast))


def _try_a_robot(cast: Cast) -> None:
    """Add a robot, let one message fail, switch it off again; nobody is spoken to."""
    shop = cast.shop
    robot = add_channel(shop, ROBOT, Kind.WECOM, NOWHERE)
    text = "🔔 试一下机器人：今天 18:00–21:00 取货，记得带袋子 ♻️"
    send_by_robot(shop, robot, "pickup", "buying_round:1", text)
    program = shop.acting(SYSTEM)
    claim = claims.claim_next(program)
    assert claim is not None
    claims.book(program, claim, Outcome(Came.NEVER, "robot"))
    (kept,) = channels(shop)
    switch_channel(shop, robot, kept.version, active=False)
