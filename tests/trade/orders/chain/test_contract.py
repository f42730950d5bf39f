"""The 15 sample chains come out exactly as the contract expects."""

import json
from pathlib import Path

import pytest

from lib.trade.orders import chain_as_contract
from tests.trade.orders.chain.scoring import score

SAMPLES = Path(__file__).parents[3] / "samples" / "jielong.json"
CASES = json.loads(SAMPLES.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_sample_chain_matches_the_contract(case):
    actual = chain_as_contract(case["input"], case["catalogue"])
    assert score(case, actual) == []
    assert case["expected"]["title_contains"] in actual["title"]


def test_the_scorer_notices_a_wrong_quantity():
    case = CASES[0]
    actual = chain_as_contract(case["input"].replace("2斤", "9斤"), case["catalogue"])
    assert score(case, actual)
