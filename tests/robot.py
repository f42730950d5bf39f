"""A robot of a group for tests: an HTTP server on this machine that answers like WeCom's.

``Robot.mood`` says what it does with the next messages: a :class:`Mood`, an error number of WeCom,
or an HTTP status. Everything that reached it stands in ``Robot.heard``, also what it then did not
answer. It takes ``most_per_minute`` messages and answers 45009 to more, by the ``clock`` it is
given.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lib.kernel.clock import Clock

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
PATH = f"/cgi-bin/webhook/send?key={KEY}"


class Mood(StrEnum):
    """What the robot does with a message."""

    GOOD = "good"
    SILENT = "silent"
    DROPS_BEFORE_READING = "drops before reading"
    DROPS_AFTER_READING = "drops after reading"
    GARBAGE = "garbage"


@dataclass
class Robot:
    """The server's state; ``port`` is the one it listens on."""

    clock: Clock
    port: int = 0
    most_per_minute: int = 20
    moods: list[Mood | int] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    taken_at: list[datetime] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """The address as the owner copies it."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def apprise_address(self) -> str:
        """The same server for apprise, with the key in the path."""
        return f"json://127.0.0.1:{self.port}/{KEY}"

    @property
    def texts(self) -> list[str]:
        """What was written into the group."""
        return [text_of(message) for message in self.heard]

    def mood(self) -> Mood | int:
        """Return what to do with the message that is here now."""
        return self.moods.pop(0) if self.moods else Mood.GOOD

    def is_full(self) -> bool:
        """Whether the group takes no more this minute; counts the message otherwise."""
        now = self.clock.now()
        recent = [at for at in self.taken_at if at > now - timedelta(minutes=1)]
        if len(recent) < self.most_per_minute:
            self.taken_at.append(now)
            return False
        return True


def text_of(message: dict[str, Any]) -> str:
    """Return the text of a message of either kind."""
    return str(message["text"]["content"] if "text" in message else message["message"])


class _Answers(BaseHTTPRequestHandler):
    robot: Robot

    def do_POST(self) -> None:
        mood = self.robot.mood()
        if mood is Mood.DROPS_BEFORE_READING:
            self.close_connection = True
            self.connection.close()
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if mood is Mood.GOOD and self.robot.is_full():
            mood = 45009
        if isinstance(mood, Mood):
            self.robot.heard.append(json.loads(body))
        self._answer(mood)

    def _answer(self, mood: Mood | int) -> None:
        if mood is Mood.SILENT:
            self.robot.go_on.wait(10)
        elif mood is Mood.DROPS_AFTER_READING:
            self.close_connection = True
        elif mood is Mood.GARBAGE:
            self._say(200, b"<html>welcome</html>")
        elif mood is Mood.GOOD:
            self._say(200, b'{"errcode":0,"errmsg":"ok"}')
        elif isinstance(mood, int) and 300 <= mood < 600:
            self._say(mood, b"fault")
        else:
            self._say(200, json.dumps({"errcode": mood, "errmsg": "no"}).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing: the tests look at what was written to the logs."""


@contextmanager
def running_robot(clock: Clock) -> Iterator[Robot]:
    """Run a robot on a free port until the block ends."""
    robot = Robot(clock)
    answers = type("Answers", (_Answers,), {"robot": robot})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    server.daemon_threads = True
    robot.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    try:
        yield robot
    finally:
        robot.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
