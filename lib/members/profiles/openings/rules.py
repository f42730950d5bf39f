"""What can be done with a member's file that is written down. Pure."""

from enum import StrEnum

from lib.kernel.words import N_


class What(StrEnum):
    """How somebody looked at a member's file."""

    OPENED = "opened"
    EXPORTED = "exported"
    PRINTED = "printed"


WHATS = {
    What.OPENED: N_("opened"),
    What.EXPORTED: N_("given out as a file"),
    What.PRINTED: N_("printed"),
}
