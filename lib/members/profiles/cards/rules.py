"""What stands on a card; pure."""

from dataclasses import dataclass

from lib.members.profiles.finding.rules import CARD

MOST_AT_ONCE = 60
"""Cards given or printed in one go: six sheets of paper."""

PAGE = "/members"
"""The page that opens a file by ``?card=``, behind the sign-in."""


@dataclass(frozen=True)
class MemberCard:
    """A member and the bare code of their card."""

    member_id: int
    nickname: str
    code: str

    @property
    def said(self) -> str:
        """The code as it stands on the card: ``M-7CDFGHJK``."""
        return said_code(self.code)


def said_code(code: str) -> str:
    """Return a code as it stands on a card, unlike that of a coupon."""
    return f"{CARD}{code}"


def scanned(code: str, public_address: str) -> str:
    """Return what the QR code of a card holds: the page of members with the code, or the code.

    With an address a phone's camera opens the file for staff; a stranger gets to the sign-in.
    """
    return f"{public_address}{PAGE}?card={code}" if public_address else said_code(code)
