"""The text for the group says what the origin page says, and no more (E17, R8)."""

from dataclasses import replace
from datetime import date

import pytest

from lib.kernel.quantity import Unit
from lib.shop.language import translator
from lib.supply.origin.rules import (
    Current,
    Level,
    Origin,
    Piece,
    Source,
    in_force,
    is_token,
    newest_per_product,
    report_of,
)
from lib.supply.origin.texts import group_text, source_line, test_line
from lib.supply.suppliers.rules import Kind as SupplierKind
from lib.supply.traceability.rules import Freshness, Kind

test_line.__test__ = False  # type: ignore[attr-defined]
DAY = date(2026, 9, 25)
SOURCE = Source("青禾合作社", SupplierKind.GROWER, "余杭区径山镇", 12_400, "", "")
REPORT = Piece(
    7, Level.BATCH, Kind.TEST_REPORT, "", ("a" * 64,), None, None, None, None, DAY, "质检所",
    "合格", 0, Freshness.FRESH,
)  # fmt: skip
ORIGIN = Origin(
    1, "token", "0925-1", 2, "土鸡蛋", Unit("斤", 500), None, DAY, None, None, False, SOURCE,
    (REPORT,),
)  # fmt: skip
LINK = "https://shop.example.cn/p/origin/token"


def test_it_says_what_came_from_where_and_the_own_test() -> None:
    text = group_text(ORIGIN, "今天(周五)", LINK, translator("zh_CN"))
    assert text.splitlines() == [
        "【到货】土鸡蛋，今天(周五)到店。",
        "青禾合作社 · 余杭区径山镇 · 距本店 12.4 公里",
        "9月25日检测 · 质检所 · 合格",
        f"产地、视频、检测报告：{LINK}",
    ]


def test_what_is_hidden_or_not_of_this_batch_is_not_said() -> None:
    say = translator("en")
    nameless = replace(ORIGIN, source=replace(SOURCE, name="", metres=None, district=""))
    assert source_line(nameless, say) == "grower"
    general = replace(ORIGIN, pieces=(replace(REPORT, level=Level.PRODUCT),))
    assert test_line(general, say) == ""
    assert test_line(replace(ORIGIN, pieces=()), say) == ""
    bare = replace(ORIGIN, pieces=(replace(REPORT, made_on=None, issuer="", result=""),))
    assert test_line(bare, say) == "Tested"


def test_the_report_to_lead_to_is_the_nearest_and_of_those_the_newest() -> None:
    older = replace(REPORT, id=8, made_on=date(2026, 9, 1))
    of_product = replace(REPORT, id=9, level=Level.PRODUCT, made_on=date(2026, 9, 26))
    unseen = replace(REPORT, id=10, pictures=(), made_on=date(2026, 9, 27))
    film = replace(REPORT, id=11, kind=Kind.GROWING, made_on=date(2026, 9, 28))
    undated = replace(REPORT, id=12, made_on=None)
    for pieces, expected in (
        ((older, REPORT, of_product, unseen, film), 7),
        ((of_product, older), 8),
        ((of_product, film), 9),
        ((undated, older), 8),
        ((undated,), 12),
        ((unseen, film), None),
        ((), None),
    ):
        found = report_of(pieces)
        assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("until", "withdrawn", "counts"),
    [
        (None, False, True),
        (DAY, False, True),
        (date(2026, 9, 24), False, False),
        (DAY, True, False),
    ],
)
def test_a_paper_counts_on_its_last_day(until: date | None, withdrawn: bool, counts: bool) -> None:
    assert in_force(until, withdrawn, DAY) is counts


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("Zk3x_9-Q", True),
        ("", False),
        ("a b", False),
        ("蛋", False),
        ("a" * 65, False),
        ("a/b", False),
    ],
)
def test_what_can_be_an_address(text: str, fine: bool) -> None:
    assert is_token(text) is fine


def test_of_several_batches_the_last_that_came_stands_for_the_product() -> None:
    def batch(product: int, day: int, code: str) -> Current:
        return Current(product, "蛋", f"t{code}", code, date(2026, 9, day), True)

    found = newest_per_product([batch(1, 3, "a"), batch(1, 5, "b"), batch(2, 4, "c")])
    assert [one.code for one in found] == ["b", "c"]
