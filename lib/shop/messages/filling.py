"""Putting values into a wording. Pure.

A wording is plain text with ``{name}`` where a value goes; ``{{`` and ``}}`` stand for the braces
themselves.
"""

from collections.abc import Iterator, Mapping
from string import Formatter


def filled(wording: str, values: Mapping[str, object]) -> str:
    """Return ``wording`` with ``values`` in it; a line in which all values are empty is left out.

    Braces inside a value stay as they are. A placeholder without a value is left as it is written:
    a wording of an earlier version of the program is still a text.
    """
    texts = {name: str(value) for name, value in values.items()}
    lines = []
    for line in wording.split("\n"):
        parts = list(parts_of(line))
        named = [name for _text, name in parts if name is not None]
        if named and not any(texts.get(name, name) for name in named):
            continue
        said = (
            text + ("" if name is None else texts.get(name, f"{{{name}}}")) for text, name in parts
        )
        lines.append("".join(said).rstrip())
    return "\n".join(lines)


def parts_of(line: str) -> Iterator[tuple[str, str | None]]:
    """Return the literal texts of one ``line`` with the name of the placeholder behind each.

    Raises ``ValueError`` for a single brace.
    """
    for text, name, spec, conversion in Formatter().parse(line):
        if name is None:
            yield text, None
        else:
            # A conversion or a format is no part of a placeholder; it stays in its name, which is
            # then unknown.
            how = (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            yield text, name + how
