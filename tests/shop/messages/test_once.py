"""Every command of messages twice with one form key changes the books once (reliability R6)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.errors import Conflict
from lib.shop.messages.channels.commands import (
    add_channel,
    archive_channel,
    change_channel,
    switch_channel,
)
from lib.shop.messages.outbox.commands import (
    cancel_message,
    confirm_message,
    retry_message,
    send_by_robot,
)
from lib.shop.messages.outbox.rules import Kind
from lib.shop.messages.outbox.sending import send_due
from lib.shop.messages.templates.commands import change_wording, reset_wording
from lib.shop.shop import FormKey, Repeated, Shop
from tests.robot import Mood, Robot
from tests.shop.messages.conftest import Program
from tests.trade.orders.test_atomic import Stopped, stopping_at

Act = Callable[[Shop], object]
TABLES = (
    schema.message_template,
    schema.message_channel,
    schema.message_delivery,
    schema.group_post,
    schema.journal,
)


def everything(shop: Shop) -> list[object]:
    with shop.read() as connection:
        return [connection.execute(select(table)).all() for table in TABLES]


@pytest.fixture
def perhaps(shop: Shop, channel: int, robot: Robot, program: Program) -> int:
    """A message that perhaps arrived, with a longer text waiting behind it."""
    robot.moods = [Mood.DROPS_AFTER_READING]
    [message] = send_by_robot(shop, channel, "round", "buying_round:1", "第一条")
    send_due(program())
    change_wording(shop, "pickup", "{homes}", 0)
    return message


ACTS: dict[str, Callable[[int, int], Act]] = {
    "change_wording": lambda *_ids: lambda shop: change_wording(shop, "cut_off", "{when}", 0),
    "reset_wording": lambda *_ids: lambda shop: reset_wording(shop, "pickup", 1),
    "add_channel": lambda *_ids: (
        lambda shop: add_channel(shop, "新的", Kind.WECOM, "http://127.0.0.1:9/x")
    ),
    "change_channel": lambda channel, _message: (
        lambda shop: change_channel(shop, channel, 1, "大团", Kind.WECOM)
    ),
    "switch_channel": lambda channel, _message: (
        lambda shop: switch_channel(shop, channel, 1, active=False)
    ),
    "archive_channel": lambda channel, _message: lambda shop: archive_channel(shop, channel, 1),
    "send_by_robot": lambda channel, _message: (
        lambda shop: send_by_robot(shop, channel, "round", "buying_round:2", "好吃\n" * 400)
    ),
    "retry_message": lambda _channel, message: lambda shop: retry_message(shop, message),
    "confirm_message": lambda _channel, message: lambda shop: confirm_message(shop, message),
    "cancel_message": lambda _channel, message: lambda shop: cancel_message(shop, message),
}


@pytest.mark.parametrize("name", ACTS)
def test_the_same_form_saved_twice_changes_the_books_once(
    shop: Shop, channel: int, perhaps: int, name: str
) -> None:
    act = ACTS[name](channel, perhaps)
    before = everything(shop)
    act(shop.once(FormKey.of("form", name)))
    after = everything(shop)
    assert after != before
    with pytest.raises(Repeated):
        act(shop.once(FormKey.of("form", name)))
    with pytest.raises(Conflict):
        act(shop.once(FormKey.of("form", "other values")))
    assert everything(shop) == after


@pytest.mark.parametrize("name", ["send_by_robot", "confirm_message", "archive_channel"])
def test_a_command_stopped_at_any_statement_leaves_nothing(
    shop: Shop, channel: int, perhaps: int, name: str
) -> None:
    act, before = ACTS[name](channel, perhaps), everything(shop)
    for number in range(1, 100):
        with stopping_at(shop, number) as count:
            try:
                act(shop)
                break
            except Stopped:
                pass
        assert everything(shop) == before, f"stopped at statement {number}"
    assert count[0] > 3
    assert everything(shop) != before
