"""The sender: takes what is due, gives it to the robots, books what came of it.

It runs in one worker thread of the program (lib/web/opening_hours). Two of them, or a second
process, do each other no harm: a message is claimed by a conditional update, and one whose sender
vanished is not sent again but shown as perhaps sent.
"""

import threading
from datetime import datetime

from lib.shop.messages.outbox import claims, rules, speaking
from lib.shop.messages.outbox.claims import Claim
from lib.shop.messages.outbox.rules import Came, Outcome
from lib.shop.messages.outbox.sealing import opened
from lib.shop.shop import Shop

MOST_AT_ONCE = 500


def send_due(shop: Shop, stopping: threading.Event | None = None) -> datetime | None:
    """Send everything that is due, one after another; return when the next is, None for nothing.

    ``shop`` acts as the program itself. Stops early when ``stopping`` is set.
    """
    for _number in range(MOST_AT_ONCE):
        if stopping is not None and stopping.is_set():
            return None
        claim = claims.claim_next(shop)
        if claim is None:
            return claims.next_due(shop)
        claims.book(shop, claim, _given(shop, claim))
    return shop.clock.now()


def _given(shop: Shop, claim: Claim) -> Outcome:
    address = opened(shop.place, claim.sealed_address)
    if address is None:
        return Outcome(Came.NEVER, "sealed")
    seconds = shop.settings.message_timeout_seconds
    return speaking.speak(rules.Kind(claim.kind), address, claim.text, seconds)
