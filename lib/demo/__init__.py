"""The demo shop: invented people and figures, so that a newcomer sees every page full (E18).

Its folder carries a marker. A folder with books but without it belongs to a real shop: the demo
refuses to touch that.
"""

from dataclasses import replace

from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.opening import Premises
from lib.shop.people.demo_logins import move_in
from lib.shop.people.queries import has_owner

MARKER = "demo-shop.txt"
FULL = "Invented people and figures. This folder may be deleted at any time.\n"


def fill(books: Premises) -> None:
    """Fill an empty demo shop; a filled one stays as it is.

    Raises ``Refused`` when the books hold people and the folder is not a demo's.
    """
    marker = books.place.folder / MARKER
    if has_owner(books.shop()):
        if not marker.exists():
            raise Refused(
                N_("{folder} holds a real shop. Name another folder for the demo with --data."),
                folder=books.place.folder,
            )
        if marker.read_text("utf-8") != FULL:
            raise Refused(
                N_("The demo shop in {folder} was not finished. Delete that folder, start again."),
                folder=books.place.folder,
            )
        return
    from lib.demo.story import tell  # the whole program is needed only to tell the story once

    marker.write_text("being filled\n", "utf-8")
    owner = move_in(books.shop())
    clock = FixedClock(books.clock.now())
    tell(replace(books.shop(owner), clock=clock))
    marker.write_text(FULL, "utf-8")
