"""Whole chains that combine what the samples test one at a time, in the contract's shape."""

import json
from pathlib import Path

import pytest

from lib.trade.orders import chain_as_contract
from tests.trade.orders.chain.scoring import score

CASES = json.loads(Path(__file__).with_name("harder.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_harder_chain_matches_the_contract(case):
    assert score(case, chain_as_contract(case["input"], case["catalogue"])) == []
