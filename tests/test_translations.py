"""Chinese is complete: every sentence marked in code has its translation (design.md, Languages)."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from lib.shop.language import CATALOGUES, catalogue, preferred, translator

ROOT = Path(__file__).parents[1]
START = ROOT / "lib" / "launch"  # speaks before anything is installed, from a table of its own
SOURCES = sorted(
    path
    for path in [*(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    if START not in path.parents
)
TEMPLATES = sorted((ROOT / "lib").rglob("*.html"))
MARKERS = {"_", "N_", "say", "translate"}
PLACEHOLDER = re.compile(r"\{(\w*)[^}]*\}")


@cache
def marked() -> dict[str, str]:
    """Every marked sentence → where it stands."""
    found: dict[str, str] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in MARKERS and node.args:
                argument = node.args[0]
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                assert not isinstance(argument, ast.JoinedStr), f"f-string marked at {where}"
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.setdefault(argument.value, where)
    for path in TEMPLATES:
        for match in re.finditer(r"""_\(\s*("([^"]+)"|'([^']+)')""", path.read_text("utf-8")):
            found.setdefault(match[2] or match[3], str(path.relative_to(ROOT)))
    return found


def test_every_sentence_is_marked_somewhere() -> None:
    assert len(marked()) > 100


def test_chinese_is_complete() -> None:
    chinese = catalogue("zh_CN")
    missing = {sentence: where for sentence, where in marked().items() if sentence not in chinese}
    assert not missing, "\n".join(f"{where}: {sentence}" for sentence, where in missing.items())


def test_no_translation_is_left_without_its_sentence() -> None:
    assert not catalogue("zh_CN").keys() - marked().keys(), "drop what nobody says any more"


def test_placeholders_survive_translation() -> None:
    wrong = {
        sentence: chinese
        for sentence, chinese in catalogue("zh_CN").items()
        if set(PLACEHOLDER.findall(sentence)) != set(PLACEHOLDER.findall(chinese))
    }
    assert not wrong


def test_no_sentence_has_two_translations() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for path in sorted((CATALOGUES / "zh_CN").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if not message.id:
                    continue
                other = seen.setdefault(str(message.id), (str(message.string), path.name))
                assert other[0] == message.string, f"{message.id}: {other} and {path.name}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN", "zh_CN"),
        ("zh-TW,zh;q=0.9", "zh_CN"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("de-DE,en;q=0.5", "en"),
        (None, "zh_CN"),
        ("", "zh_CN"),
        ("fr", "en"),
    ],
)
def test_the_browsers_language_comes_first(header: str | None, language: str) -> None:
    assert preferred(header) == language


def test_a_missing_sentence_stays_english() -> None:
    assert translator("zh_CN")("never marked") == "never marked"
