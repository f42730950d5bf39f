"""Single entries (entries.txt) and whole chains (chains.txt) with results decided by hand."""

from pathlib import Path

import pytest

from tests.trade.orders.chain.table import chains, check, check_chain, rows

HERE = Path(__file__).parent
ENTRIES = rows((HERE / "entries.txt").read_text(encoding="utf-8"))
CHAINS = chains((HERE / "chains.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("shelf", "text", "want"), ENTRIES, ids=lambda value: value)
def test_an_entry_is_read_as_decided(shelf, text, want):
    assert check(shelf, text, want) == []


@pytest.mark.parametrize(("name", "shelf", "paste", "wanted"), CHAINS, ids=[c[0] for c in CHAINS])
def test_a_chain_is_read_as_decided(name, shelf, paste, wanted):
    assert check_chain(shelf, paste, wanted) == []


def test_the_tables_are_not_empty():
    assert len(ENTRIES) > 200
    assert len(CHAINS) > 20
