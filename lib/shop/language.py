"""Two languages from gettext catalogues.

Sentences in code are English. ``locale/zh_CN/*.po`` holds the Chinese; the catalogues are read
as they are with Babel, so that no build step stands between a correction and the screen. Nothing
here is process-wide: a session carries its language, routes and commands name theirs.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

LANGUAGES = {"zh_CN": "中文", "en": "English"}
CATALOGUES = Path(__file__).parent / "locale"

Translate = Callable[[str], str]


@lru_cache(maxsize=4)
def catalogue(language: str) -> dict[str, str]:
    """Return msgid → sentence for ``language``; empty for English, the language of the code."""
    sentences: dict[str, str] = {}
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string and not message.fuzzy:
                    sentences[str(message.id)] = str(message.string)
    return sentences


@lru_cache(maxsize=4)
def locale(language: str) -> Locale:
    """Return Babel's locale of ``language``; looking it up by name costs a millisecond a date."""
    return Locale.parse(language)


@lru_cache(maxsize=4)
def translator(language: str) -> Translate:
    """Return the function that says a msgid in ``language``; a missing one stays English."""
    sentences = catalogue(language)
    return lambda sentence: sentences.get(sentence, sentence)


def preferred(header: str | None) -> str:
    """Return the language for a browser's locale or Accept-Language ``header``.

    Chinese of any kind, or nothing said, gives Chinese: the shop is in China.
    """
    for part in (header or "zh").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return "zh_CN" if not header else "en"
