"""What a shopkeeper can be told went wrong.

A :class:`ShopError` carries an English sentence (a gettext msgid with ``{placeholders}``) and the
values for it, and is fit to be read to the owner once translated. Everything else that is raised
is a fault of the program: it is logged under an incident number and never shown.
"""

from collections.abc import Callable


class ShopError(Exception):
    """Something the person at the screen can understand and act on.

    ``sentence`` is a marked msgid that says what happened and what to do; ``values`` fill its
    placeholders. Values are shown to people: no secret goes into them.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def said(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the reader's language with its values filled in."""
        return translate(self.sentence).format(**self.values)

    def __str__(self) -> str:
        return self.said()


class NotFound(ShopError):  # noqa: N818 - reads as a sentence at the point of raising
    """The thing asked for is not there, or not for this person."""


class Refused(ShopError):  # noqa: N818
    """The request breaks a rule of the shop; nothing was changed."""


class Conflict(ShopError):  # noqa: N818
    """Somebody else changed the same thing first; nothing was overwritten."""
