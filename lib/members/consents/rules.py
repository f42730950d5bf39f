"""What is agreed to, and how somebody agreed. Pure."""

from enum import StrEnum

from lib.kernel.words import N_


class Purpose(StrEnum):
    """What a resident agrees to; each has a consent of its own (PIPL 13, 14; R33, R34)."""

    BIRTHDAY = "birthday"
    PREFERENCES = "preferences"
    MESSAGES = "messages"


PURPOSES = {
    Purpose.BIRTHDAY: N_("Birthday"),
    Purpose.PREFERENCES: N_("What they like"),
    Purpose.MESSAGES: N_("Offers and good wishes"),
}

EFFECTS = {
    Purpose.BIRTHDAY: N_("The birthday is deleted and a planned birthday gift given up."),
    Purpose.PREFERENCES: N_("Everything noted of what they like is deleted."),
    Purpose.MESSAGES: N_("Nobody writes offers or good wishes to them any more."),
}
"""What happens at once when a consent is taken back."""


class How(StrEnum):
    """How somebody agreed, or took it back."""

    SPOKEN = "spoken"
    CHAT = "chat"
    PAPER = "paper"
    FAMILY = "family"
    CLEAN_UP = "clean_up"


ASKED = (How.SPOKEN, How.CHAT, How.PAPER, How.FAMILY)
"""The ways a person can say it; the clean-up only ends consents."""

HOW_GIVEN = {
    How.SPOKEN: N_("Read out, agreed aloud"),
    How.CHAT: N_("Agreed in the chat"),
    How.PAPER: N_("Signed on paper"),
    How.FAMILY: N_("The family agreed in their name"),
}

HOW_TAKEN_BACK = {
    How.SPOKEN: N_("Said so"),
    How.CHAT: N_("Wrote so in the chat"),
    How.PAPER: N_("On paper"),
    How.FAMILY: N_("The family said so"),
    How.CLEAN_UP: N_("Ended by the monthly clean-up"),
}
