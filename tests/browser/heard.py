"""What a browser is told, also where nobody sees it: the messages of its websocket (E14, D11)."""

import re
import struct

from playwright.sync_api import Page, WebSocket


class Heard:
    """Every message that a browser gets over the websocket."""

    def __init__(self, page: Page) -> None:
        self.frames: list[bytes] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._keep)

    def _keep(self, body: bytes | str) -> None:
        self.frames.append(body.encode() if isinstance(body, str) else body)

    def tells(self, fen: int) -> list[str]:
        """Return how ``fen`` was told: as a text or as a number of a table."""
        ways = {
            "yuan": rb"(?<![0-9])%d\.%02d(?![0-9])" % divmod(fen, 100),
            "fen": rb"(?<![0-9a-z])%d(?![0-9a-z])" % fen,
            "float": re.escape(struct.pack("<d", fen / 100)),
            "whole": re.escape(struct.pack("<q", fen)),
        }
        everything = b"|".join(self.frames)
        return [way for way, said in ways.items() if re.search(said, everything)]
