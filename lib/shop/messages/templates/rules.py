"""Whether a wording can be used: its braces, its placeholders (E17). Pure."""

import re
from collections.abc import Iterable

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.messages.event import Event
from lib.shop.messages.filling import parts_of

LONGEST_WORDING = 3000
_WIDE = re.compile(r"｛\s*(\w+)\s*｝")


def checked(event: Event, typed: str) -> str:
    """Return the wording ``typed`` for ``event`` as it is kept.

    Full-width braces around the name of a placeholder become plain ones. Raises ``Refused`` for an
    empty or too long text, a single brace, an unknown placeholder and a missing required one.
    """
    wording = _narrow(event, clean(typed, LONGEST_WORDING + 1, lines=True))
    if not wording:
        raise Refused(N_("The text is empty. Write one, or go back to the program's."))
    if len(wording) > LONGEST_WORDING:
        raise Refused(
            N_("The text is longer than {most} characters. Shorten it."), most=LONGEST_WORDING
        )
    used = _used(wording)
    unknown = [name for name in used if name not in event.names]
    if unknown:
        raise Refused(
            N_("There is no placeholder {name} here. There are: {names}"),
            name=f"{{{unknown[0]}}}",
            names=_listed(each.name for each in event.placeholders),
        )
    missing = event.required - set(used)
    if missing:
        raise Refused(
            N_("The text must say {names}; without it nobody can use it."),
            names=_listed(name for name in _order(event) if name in missing),
        )
    return wording


def _narrow(event: Event, text: str) -> str:
    def narrow(match: re.Match[str]) -> str:
        return f"{{{match[1]}}}" if match[1] in event.names else match[0]

    return _WIDE.sub(narrow, text)


def _used(wording: str) -> list[str]:
    names = []
    for number, line in enumerate(wording.split("\n"), 1):
        try:
            names += [name for _text, name in parts_of(line) if name is not None]
        except ValueError as error:
            raise Refused(
                N_(
                    "A brace stands alone in line {number}. A placeholder has one on either side; "
                    "write {open} for a brace that is meant as such."
                ),
                number=number,
                open="{{",
            ) from error
    return names


def _order(event: Event) -> list[str]:
    return [each.name for each in event.placeholders]


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names)
