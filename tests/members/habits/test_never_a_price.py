"""What is known of a member never sets a price: no code that makes prices can see it (R33)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3] / "lib"
MAKING_PRICES = ("trade", "trust", "supply", "service", "web")
TABLES = {"preference", "member_rhythm"}
ALLOWED = {ROOT / "web" / "clockwork.py", ROOT / "service" / "today" / "members.py"}
"""The clockwork reckons the rhythm, Today says who is missed; neither makes a price."""


def reads(path: Path) -> set[str]:
    """Return which tables and modules of habits a file names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in TABLES:
            found.add(node.attr)
        if isinstance(node, ast.Constant) and node.value in TABLES:
            found.add(str(node.value))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "lib.members.habits"
        ):
            found.add(str(node.module))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lib.db.schema"):
            found |= TABLES & {name.name for name in node.names}
    return found


@pytest.mark.parametrize("wing", MAKING_PRICES)
def test_no_code_that_makes_prices_reads_what_a_member_likes(wing: str) -> None:
    files = [path for path in sorted((ROOT / wing).rglob("*.py")) if path not in ALLOWED]
    assert len(files) > 5
    assert {str(path): names for path in files if (names := reads(path))} == {}


def test_the_test_would_find_it() -> None:
    assert reads(ROOT / "members" / "habits" / "queries.py") >= {"preference"}
