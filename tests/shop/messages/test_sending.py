"""Sending by robots: once, in order, again where that is safe, shown where it is not (E17)."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.shop.messages.channels.commands import (
    add_channel,
    archive_channel,
    change_channel,
    switch_channel,
    try_channel,
)
from lib.shop.messages.outbox import claims, speaking
from lib.shop.messages.outbox.commands import (
    cancel_message,
    confirm_message,
    queue,
    retry_message,
    send_by_robot,
)
from lib.shop.messages.outbox.queries import due, open_messages, under_way
from lib.shop.messages.outbox.rules import Came, Kind, Outcome, Status
from lib.shop.messages.outbox.sending import send_due
from lib.shop.posts import posts, take_back_post
from lib.shop.shop import SYSTEM, SYSTEM_ONLY, FormKey, Repeated, Shop
from tests.robot import Mood, Robot
from tests.shop.messages.conftest import Program

_delivery = schema.message_delivery


def send(
    shop: Shop, channel: int, text: str = "晚上8点截单", subject: str = "buying_round:1"
) -> int:
    return send_by_robot(shop, channel, "round", subject, text)[0]


def statuses(shop: Shop) -> list[str]:
    with shop.read() as connection:
        rows = connection.execute(select(_delivery.c.status).order_by(_delivery.c.id))
        return list(rows.scalars())


def test_a_message_is_sent_and_stands_in_the_log(
    staff_shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    send(staff_shop, channel)
    assert [one.status for one in open_messages(staff_shop)] == [Status.WAITING]
    clock.forward(seconds=3)
    assert send_due(program()) is None
    assert robot.heard == [{"msgtype": "text", "text": {"content": "晚上8点截单"}}]
    [post] = posts(staff_shop, "round", subjects=["buying_round:1"])
    assert (post.text, post.person, post.robot) == ("晚上8点截单", "小吴", "小团")
    assert post.at == clock.now()
    assert open_messages(staff_shop) == ()
    assert send_due(program()) is None
    assert len(robot.heard) == 1
    with pytest.raises(Refused):
        take_back_post(staff_shop, post.id)


def test_the_same_text_waits_for_a_robot_once(
    shop: Shop, channel: int, robot: Robot, program: Program
) -> None:
    send(shop, channel)
    with pytest.raises(Refused, match="on its way"):
        send(shop, channel)
    send(shop, channel, subject="buying_round:2")
    send_due(program())
    send(shop, channel)
    assert len(robot.heard) == 2
    with pytest.raises(Refused, match="no text"):
        send(shop, channel, "  ")


def test_two_senders_at_once_send_once(
    shop: Shop, channel: int, robot: Robot, program: Program
) -> None:
    for number in range(4):
        send(shop, channel, f"第{number}条", f"buying_round:{number}")
    gate = threading.Barrier(3)

    def sender() -> None:
        gate.wait()
        while send_due(program()) is not None:
            pass

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(sender) for _number in range(3)]:
            done.result()
    assert sorted(robot.texts) == [f"第{number}条" for number in range(4)]
    assert len(posts(shop, "round")) == 4


def test_a_claim_is_given_to_one_sender(shop: Shop, channel: int, program: Program) -> None:
    send(shop, channel)
    assert claims.claim_next(program()) is not None
    assert claims.claim_next(program()) is None


def test_a_program_killed_between_sending_and_booking_does_not_send_again(
    shop: Shop,
    channel: int,
    robot: Robot,
    program: Program,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(shop, channel)

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(claims, "book", killed)
        send_due(program())
    assert len(robot.heard) == 1
    assert posts(shop, "round") == ()
    again = send_due(program())
    assert again is not None
    clock.moment = again
    send_due(program())
    assert len(robot.heard) == 1
    [message] = open_messages(shop)
    assert (message.status, message.error) == (Status.PERHAPS, "stopped")
    confirm_message(shop, message.id)
    assert len(posts(shop, "round")) == 1
    assert due(shop).count == 0


@pytest.mark.parametrize(
    ("mood", "error"),
    [(500, "server:500"), (502, "server:502"), (Mood.GARBAGE, "answer"), (-1, "code:-1")],
)
def test_a_fault_of_the_server_is_tried_again_with_growing_waits(
    shop: Shop,
    channel: int,
    robot: Robot,
    program: Program,
    clock: FixedClock,
    mood: Mood | int,
    error: str,
) -> None:
    robot.moods = [mood] * 3
    sender = program(message_tries=3)
    send(shop, channel)
    waits = []
    while (at := send_due(sender)) is not None:
        assert open_messages(shop)[0].error == error
        waits.append(at - clock.now())
        clock.moment = at
    assert waits == [timedelta(seconds=30), timedelta(minutes=1)]
    [message] = open_messages(shop)
    assert (message.status, message.tries) == (Status.FAILED, 3)
    assert due(shop).failed == 1
    retry_message(shop, message.id)
    assert send_due(sender) is None
    assert len(posts(shop, "round")) == 1


def test_an_address_nobody_answers_at_is_tried_again_by_itself(
    shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    nobody = add_channel(shop, "没人", Kind.WECOM, "http://127.0.0.1:9/x")
    send(shop, nobody)
    at = send_due(program())
    assert open_messages(shop)[0].error == "refused"
    change_channel(shop, nobody, 1, "没人", Kind.WECOM, robot.address)
    assert at is not None
    clock.moment = at
    assert send_due(program()) is None
    assert len(robot.heard) == 1


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        (93000, "robot"),
        (40008, "message"),
        (99999, "code:99999"),
        (404, "http:404"),
        (302, "http:302"),
    ],
)
def test_a_refusal_is_final_at_once(
    shop: Shop, channel: int, robot: Robot, program: Program, mood: int, error: str
) -> None:
    robot.moods = [mood]
    send(shop, channel)
    assert send_due(program()) is None
    [message] = open_messages(shop)
    assert (message.status, message.tries, message.error) == (Status.FAILED, 1, error)


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        (Mood.SILENT, "timeout"),
        (504, "timeout"),
        (Mood.DROPS_AFTER_READING, "dropped"),
        (Mood.DROPS_BEFORE_READING, "dropped"),
    ],
)
def test_where_it_is_not_known_whether_it_arrived_nobody_sends_it_again_but_a_person(
    shop: Shop,
    channel: int,
    robot: Robot,
    program: Program,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    mood: Mood | int,
    error: str,
) -> None:
    robot.moods = [mood]
    speak = speaking.speak
    monkeypatch.setattr(speaking, "speak", lambda *told: speak(*told[:3], 0.2))  # type: ignore[arg-type]
    send(shop, channel)
    assert send_due(program()) is None
    clock.forward(days=1)
    assert send_due(program()) is None
    [message] = open_messages(shop)
    assert (message.status, message.error) == (Status.PERHAPS, error)
    assert due(shop).perhaps == 1
    assert posts(shop, "round") == ()
    retry_message(shop, message.id)
    assert send_due(program()) is None
    assert [one.text for one in posts(shop, "round")] == ["晚上8点截单"]


def test_the_rate_of_a_robot_is_kept_and_never_refused(
    shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    robot.most_per_minute = 3
    sender = program(robot_messages_per_minute=3)
    for number in range(7):
        send(shop, channel, f"第{number}条", f"buying_round:{number}")
    sent = []
    while (at := send_due(sender)) is not None:
        sent.append(len(robot.heard))
        assert timedelta(0) < at - clock.now() <= timedelta(minutes=1)
        clock.moment = at
    assert sent == [3, 6]
    assert robot.texts == [f"第{number}条" for number in range(7)]


def test_a_clock_that_was_a_day_ahead_holds_nothing_up(
    shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    sender = program(robot_messages_per_minute=1)
    clock.moment += timedelta(days=1)
    send(shop, channel, "钟快的时候发的", "buying_round:1")
    send_due(sender)
    send(shop, channel, "钟快的时候写的", "buying_round:2")
    clock.moment -= timedelta(days=1)
    send(shop, channel, "钟对了写的", "buying_round:3")
    for _minute in range(3):
        at = send_due(sender)
        clock.moment = at or clock.moment
    assert robot.texts == ["钟快的时候发的", "钟快的时候写的", "钟对了写的"]


def test_a_sender_that_vanished_before_the_clock_was_put_back_is_given_up(
    shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    clock.moment += timedelta(days=1)
    send(shop, channel)
    assert claims.claim_next(program()) is not None
    clock.moment -= timedelta(days=1)
    send_due(program())
    assert statuses(shop) == [Status.PERHAPS]
    assert robot.heard == []


def test_a_robot_that_takes_no_more_is_left_alone_for_a_minute(
    shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    robot.most_per_minute = 2
    for number in range(4):
        send(shop, channel, f"第{number}条", f"buying_round:{number}")
    at = send_due(program())
    assert len(robot.heard) == 2
    assert at == clock.now() + timedelta(minutes=1)
    assert [one.error for one in open_messages(shop)] == ["busy", ""]
    clock.moment = at
    send_due(program())
    assert robot.texts == [f"第{number}条" for number in range(4)]


LONG = "\n".join(f"第{number}行 " + "好吃" * 20 for number in range(9))


def test_a_long_text_goes_in_pieces_in_order_and_stands_in_the_log_once(
    shop: Shop, channel: int, robot: Robot, program: Program
) -> None:
    with shop.write("message.queue") as tx:
        small = replace(tx, settings=replace(tx.settings, message_bytes=400))
        made = queue(small, [channel], "round", "buying_round:1", LONG)
    assert len(made) == 3
    assert send_due(program()) is None
    assert [text.split(" ")[0] for text in robot.texts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert all(len(text.encode()) <= 400 for text in robot.texts)
    assert [one.text for one in posts(shop, "round")] == [LONG]


def in_pieces(shop: Shop, channel: int) -> Sequence[int]:
    small = replace(shop, settings=replace(shop.settings, message_bytes=400))
    return send_by_robot(small, channel, "round", "buying_round:1", LONG)


def test_a_piece_that_failed_stops_the_later_ones_until_a_person_decides(
    shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    made = in_pieces(shop, channel)
    robot.moods = [Mood.GOOD, 93000]
    assert send_due(program()) is None
    clock.forward(days=1)
    assert send_due(program()) is None
    assert statuses(shop) == ["sent", "failed", "waiting"]
    retry_message(shop, made[1])
    assert send_due(program()) is None
    assert len(robot.heard) == 3
    assert [one.text for one in posts(shop, "round")] == [LONG]


def test_a_text_cancelled_half_way_says_in_the_log_what_was_sent(
    shop: Shop, channel: int, robot: Robot, program: Program
) -> None:
    made = in_pieces(shop, channel)
    robot.moods = [Mood.GOOD, 93000]
    send_due(program())
    cancel_message(shop, made[2])
    assert statuses(shop) == ["sent", "cancelled", "cancelled"]
    [post] = posts(shop, "round")
    assert post.text == robot.texts[0]
    with pytest.raises(NotFound):
        cancel_message(shop, made[2])


def test_what_waited_while_the_program_was_off_is_sent_after_the_start(
    shop: Shop, channel: int, robot: Robot, program: Program, clock: FixedClock
) -> None:
    send(shop, channel)
    clock.forward(hours=9)
    assert send_due(program()) is None
    assert len(robot.heard) == 1


def test_a_robot_that_is_off_keeps_its_messages_waiting(
    shop: Shop, channel: int, robot: Robot, program: Program
) -> None:
    send(shop, channel)
    switch_channel(shop, channel, 1, active=False)
    assert send_due(program()) is None
    with pytest.raises(Refused, match="switched off"):
        send(shop, channel, "另一条")
    switch_channel(shop, channel, 2, active=True)
    send_due(program())
    assert len(robot.heard) == 1


def test_a_robot_put_away_cancels_what_waits_for_it(
    shop: Shop, channel: int, robot: Robot, program: Program
) -> None:
    send(shop, channel)
    archive_channel(shop, channel, 1)
    assert statuses(shop) == ["cancelled"]
    assert send_due(program()) is None
    assert robot.heard == []


def test_a_message_that_is_leaving_is_not_cancelled(
    shop: Shop, channel: int, program: Program
) -> None:
    message = send(shop, channel)
    claim = claims.claim_next(program())
    assert claim is not None
    for act in (lambda: cancel_message(shop, message), lambda: archive_channel(shop, channel, 1)):
        with pytest.raises(Refused, match="right now"):
            act()
    claims.book(program(), claim, Outcome(Came.SENT))
    claims.book(program(), claim, Outcome(Came.NEVER, "robot"))
    assert statuses(shop) == ["sent"]
    assert len(posts(shop, "round")) == 1


def test_a_slow_sender_books_what_was_given_up_as_sent(
    shop: Shop, channel: int, program: Program, clock: FixedClock
) -> None:
    send(shop, channel)
    claim = claims.claim_next(program())
    assert claim is not None
    clock.forward(hours=1)
    assert send_due(program()) is None
    assert statuses(shop) == ["perhaps"]
    claims.book(program(), claim, Outcome(Came.LATER, "server:500"))
    assert statuses(shop) == ["perhaps"]
    claims.book(program(), claim, Outcome(Came.SENT))
    assert statuses(shop) == ["sent"]


def test_any_other_service_is_spoken_to_through_apprise(
    shop: Shop, robot: Robot, program: Program, clock: FixedClock
) -> None:
    channel = add_channel(shop, "飞书群", Kind.APPRISE, robot.apprise_address)
    send(shop, channel, "晚上{8}点 *截单*\n要的接龙👇")
    assert send_due(program()) is None
    assert robot.texts == ["晚上{8}点 *截单*\n要的接龙👇"]
    assert posts(shop, "round")[0].robot == "飞书群"
    robot.moods = [500, Mood.DROPS_AFTER_READING]
    send(shop, channel, "第二条")
    at = send_due(program())
    assert open_messages(shop)[0].error == "server:500"
    assert at is not None
    clock.moment = at
    assert send_due(program()) is None
    assert (open_messages(shop)[0].status, open_messages(shop)[0].error) == (
        Status.PERHAPS,
        "dropped",
    )


def test_a_robot_is_tested_at_once_and_leaves_no_post(
    shop: Shop, channel: int, robot: Robot
) -> None:
    assert try_channel(shop, channel, "测试").came is Came.SENT
    robot.moods = [93000]
    assert try_channel(shop, channel, "测试") == Outcome(Came.NEVER, "robot")
    assert robot.texts == ["测试"]
    assert posts(shop, "test") == ()


def test_a_double_click_sends_one_test(shop: Shop, channel: int, robot: Robot) -> None:
    bound = shop.once(FormKey.of("robot-test", channel))
    assert try_channel(bound, channel, "测试").came is Came.SENT
    with pytest.raises(Repeated):
        try_channel(bound, channel, "测试")
    assert robot.texts == ["测试"]


def test_what_is_under_way_of_one_text_is_known_to_its_page(
    shop: Shop, staff_shop: Shop, channel: int
) -> None:
    send(shop, channel)
    send(shop, channel, subject="buying_round:2")
    [one] = under_way(staff_shop, "round", "buying_round:1")
    assert (one.robot, one.by) == ("小团", "芳姐")
    assert under_way(staff_shop, "pickup", "buying_round:1") == ()


def test_the_program_itself_can_queue_a_reminder(
    shop: Shop, channel: int, robot: Robot, program: Program
) -> None:
    with shop.acting(SYSTEM).write("message.queue", by=SYSTEM_ONLY) as tx:
        queue(tx, [channel], "pickup", "pickup:20260925-evening", "还有3单未取")
    send_due(program())
    [post] = posts(shop, "pickup")
    assert (post.person, post.robot) == ("", "小团")
