"""What always holds about the shape of the code (design.md, "Holds")."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("*/*.py"))
MODULES = sorted((ROOT / "lib").rglob("*.py"))
GUARDS = {"staff", "owner", "resident"}
DOORS = {"signin.py", "door.py"}
ROOMS = tuple(f"lib/{room}/" for room in ("members", "trade", "supply", "service", "trust"))
"""Where the topics are: each with commands, queries, and modules that are pure."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_is_guarded_documented_and_short(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), "a page says what it is for"
    statements = [
        node for node in tree.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    if path.name not in DOORS:
        first = statements[0]
        assert isinstance(first, ast.Assign), "the guard is the first statement"
        call = first.value
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        assert call.func.attr in GUARDS
        role = {"public": "resident", "desk": "staff", "owner": "owner"}[path.parent.name]
        assert call.func.attr == role
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 140


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_holds_no_try_no_style_no_sql(path: Path) -> None:
    tree = tree_of(path)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    text = path.read_text(encoding="utf-8")
    for forbidden in ("unsafe_allow_html", "st.html(", "<style", "sqlalchemy", "strftime"):
        assert forbidden not in text, forbidden


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_clock_asks_the_time(path: Path) -> None:
    if name(path) in ("lib/kernel/clock.py",) or name(path).startswith("lib/launch"):
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = f"{getattr(node.func.value, 'id', '')}.{node.func.attr}"
            assert called not in ("datetime.now", "datetime.utcnow", "date.today", "time.time")


PURE = [
    path
    for path in MODULES
    if path.name == "rules.py"
    or (name(path).startswith(ROOMS) and path.name not in ("commands.py", "queries.py"))
]


def imported(path: Path) -> list[str]:
    """Return the modules that ``path`` imports, anywhere in it."""
    modules = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules.append(node.module or "")
    return modules


@pytest.mark.parametrize("path", PURE, ids=name)
def test_rules_texts_and_readers_are_pure(path: Path) -> None:
    for module in imported(path):
        assert not module.startswith(("sqlalchemy", "streamlit", "pandas", "lib.db", "lib.ui"))
        if path.name == "rules.py":
            assert not module.endswith((".commands", ".queries")), "rules ask nobody"
            assert module != "lib.shop.shop"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_nothing_is_asked_for_with_is(path: Path) -> None:
    """``IS 1`` is no question on PostgreSQL: yes and no are compared, NULL alone is asked for."""
    for node in ast.walk(tree_of(path)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in ("is_", "is_not", "isnot"):
            assert ast.unparse(node).endswith(f".{called.attr}(None)"), ast.unparse(node)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_sql_is_written_in_commands_and_queries_only(path: Path) -> None:
    where = name(path)
    if where.startswith(("lib/db/", "lib/shop/")) or path.name in ("commands.py", "queries.py"):
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or node.names[0].name
            assert not module.startswith("sqlalchemy"), f"{where} imports {module}"
            assert not module.startswith("lib.db.schema"), f"{where} imports {module}"


@pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=name)
def test_no_relative_imports_and_no_utils(path: Path) -> None:
    assert path.stem not in ("utils", "util", "helpers", "common", "misc")
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
