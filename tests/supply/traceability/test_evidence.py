"""Evidence: adding, publishing, withdrawing, who sees it, how old the last test is (R8, R9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.files import care
from lib.shop.files.showing import CLIP, PDF, PICTURE
from lib.shop.shop import RESIDENT, Shop
from lib.supply.traceability import commands, queries, rules
from lib.supply.traceability.rules import Details, Freshness, Kind, Target
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier

REPORT, PAGE, PAGE_SMALL = "a1" * 32, "a2" * 32, "a3" * 32
FILM, POSTER = "b1" * 32, "b2" * 32
PHOTO, SMALL = "c1" * 32, "c2" * 32


def book(shop: Shop, sha256: str, media_type: str = PICTURE, small: str | None = None) -> str:
    with shop.write("test.blob") as tx:
        values = {"media_type": media_type, "size": 7, "small": small, "created_at": tx.now}
        tx.execute(insert(schema.blob).values(sha256=sha256, **values))
    return sha256


@pytest.fixture
def files(shop: Shop) -> None:
    for small, whole in ((PAGE_SMALL, PAGE), (SMALL, PHOTO)):
        book(shop, small)
        book(shop, whole, small=small)
    book(shop, POSTER)
    book(shop, REPORT, PDF)
    book(shop, FILM, CLIP)
    with shop.write("test.page") as tx:
        for blob, picture in ((REPORT, PAGE), (FILM, POSTER)):
            tx.execute(insert(schema.blob_page).values(blob=blob, position=0, picture=picture))


@pytest.fixture
def batch(shop: Shop) -> tuple[int, int, int]:
    """A batch with its product and supplier."""
    supplier, product = add_supplier(shop), add_product(shop, "土鸡蛋", fresh=True)
    return add_batch(shop, product, 5000, supplier_id=supplier), product, supplier


def version_of(shop: Shop, evidence_id: int) -> int:
    with shop.read() as connection:
        query = select(schema.evidence.c.version).where(schema.evidence.c.id == evidence_id)
        return int(connection.execute(query).scalar_one())


def publish(shop: Shop, evidence_id: int) -> None:
    commands.publish_evidence(shop, evidence_id, version_of(shop, evidence_id))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, Freshness.FRESH), (89, Freshness.FRESH), (90, Freshness.FRESH), (91, Freshness.OLD)],
)
def test_a_test_is_old_beyond_the_days_of_the_setting(days: int, expected: Freshness) -> None:
    assert rules.freshness(TODAY - timedelta(days=days), TODAY, 90) is expected
    assert rules.freshness(None, TODAY, 90) is Freshness.MISSING


@pytest.mark.parametrize("columns", [{}, {"batch_id": 1, "product_id": 1}])
def test_evidence_is_about_exactly_one_thing(columns: dict[str, int]) -> None:
    with pytest.raises(Refused):
        Target(**columns)


def test_a_target_is_one_word() -> None:
    assert Target.of_word(Target(batch_id=12).word) == Target(batch_id=12)
    for word in ("", "batch", "batch-", "batch-0", "batch-x", "member-1", "batch-1e3", "batch-١"):
        with pytest.raises(Refused):
            Target.of_word(word)


def test_evidence_lies_with_what_it_is_about(
    shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    target = Target(batch_id=batch[0])
    first = commands.add_evidence(shop, target, PHOTO, Kind.GROWING, made_on=TODAY)
    commands.add_evidence(
        shop, target, REPORT, Kind.TEST_REPORT, " 农残\n检测 ", TODAY, "市检测中心", "合格"
    )
    report, photo = queries.evidence_of(shop, target)
    assert (report.typed_title, report.issuer, report.result) == ("农残 检测", "市检测中心", "合格")
    assert report.file.is_document
    assert (report.file.pictures, report.file.thumbnail) == ((PAGE,), PAGE_SMALL)
    assert (photo.id, photo.file.thumbnail, photo.is_published) == (first, SMALL, False)
    assert photo.titled(str) == f"Growing or breeding {TODAY:%Y-%m-%d}"
    assert queries.evidence_of(shop, Target(product_id=batch[1])) == ()


def test_a16_the_same_file_is_there_once_but_may_serve_two(
    shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    of_batch, of_supplier = Target(batch_id=batch[0]), Target(supplier_id=batch[2])
    first = commands.add_evidence(shop, of_batch, PHOTO, Kind.GROWING)
    with pytest.raises(Refused, match="already there"):
        commands.add_evidence(shop, of_batch, PHOTO, Kind.OTHER)
    commands.add_evidence(shop, of_supplier, PHOTO, Kind.GROWING)
    commands.remove_evidence(shop, first, 1)
    commands.add_evidence(shop, of_batch, PHOTO, Kind.GROWING)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"sha256": "0" * 64}, NotFound),
        ({"target": Target(supplier_id=999)}, NotFound),
        ({"made_on": TODAY + timedelta(days=1)}, Refused),
    ],
)
def test_nothing_is_added_that_cannot_be(
    shop: Shop,
    files: None,
    batch: tuple[int, int, int],
    values: dict[str, Any],
    error: type[Exception],
) -> None:
    given = {"target": Target(batch_id=batch[0]), "sha256": PHOTO, "kind": Kind.GROWING, **values}
    with pytest.raises(error):
        commands.add_evidence(shop, **given)  # type: ignore[arg-type]
    with shop.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.evidence)).scalar() == 0


def test_residents_neither_add_nor_list(
    resident_shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    with pytest.raises(Refused):
        commands.add_evidence(resident_shop, Target(batch_id=batch[0]), PHOTO, Kind.GROWING)
    with pytest.raises(Refused):
        queries.evidence_of(resident_shop, Target(batch_id=batch[0]))


def test_a27_published_evidence_is_public_until_it_is_withdrawn(
    shop: Shop, staff_shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    added = [
        commands.add_evidence(staff_shop, Target(batch_id=batch[0]), sha256, Kind.TEST_REPORT)
        for sha256 in (REPORT, FILM, PHOTO)
    ]
    resident = shop.acting(RESIDENT)
    seen = (PAGE, PAGE_SMALL, FILM, POSTER, PHOTO, SMALL)
    assert not any(queries.is_public_evidence(resident, sha256) for sha256 in (REPORT, *seen))
    for evidence_id in added:
        publish(staff_shop, evidence_id)
    assert all(queries.is_public_evidence(resident, sha256) for sha256 in seen)
    assert not queries.is_public_evidence(resident, REPORT), "a PDF is seen by its pages only"
    commands.withdraw_evidence(shop, added[0], 2)
    commands.remove_evidence(shop, added[1], 2)
    assert [queries.is_public_evidence(resident, sha256) for sha256 in seen] == [
        False, False, False, False, True, True,
    ]  # fmt: skip


def test_a_picture_stays_public_while_one_of_two_rows_shows_it(
    shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    one = commands.add_evidence(shop, Target(batch_id=batch[0]), PHOTO, Kind.GROWING)
    other = commands.add_evidence(shop, Target(product_id=batch[1]), PHOTO, Kind.GROWING)
    publish(shop, one)
    publish(shop, other)
    commands.withdraw_evidence(shop, one, 2)
    assert queries.is_public_evidence(shop.acting(RESIDENT), PHOTO)
    commands.withdraw_evidence(shop, other, 2)
    assert not queries.is_public_evidence(shop.acting(RESIDENT), PHOTO)


def test_public_evidence_goes_from_the_batch_outwards(
    shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    batch_id, product, supplier = batch
    rows = [
        commands.add_evidence(shop, Target(supplier_id=supplier), FILM, Kind.GROWING,
                              made_on=TODAY),
        commands.add_evidence(shop, Target(product_id=product), PHOTO, Kind.CERTIFICATE),
        commands.add_evidence(shop, Target(batch_id=batch_id), REPORT, Kind.TEST_REPORT),
        commands.add_evidence(shop, Target(batch_id=batch_id), PHOTO, Kind.GROWING),
    ]  # fmt: skip
    for evidence_id in rows[:3]:
        publish(shop, evidence_id)
    found = queries.public_evidence(shop.acting(RESIDENT), batch_id)
    assert [item.id for item in found] == [rows[2], rows[1], rows[0]]
    assert queries.public_evidence(shop.acting(RESIDENT), 999) == ()


def test_a_stale_screen_overwrites_nothing(
    shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    row = commands.add_evidence(shop, Target(batch_id=batch[0]), PHOTO, Kind.GROWING)
    commands.change_evidence(shop, row, 1, Details(Kind.OTHER, "大棚", date(2026, 9, 1)))
    for stale in (
        lambda: commands.change_evidence(shop, row, 1, Details(Kind.GROWING)),
        lambda: commands.publish_evidence(shop, row, 1),
        lambda: commands.remove_evidence(shop, row, 1),
    ):
        with pytest.raises(Conflict):
            stale()
    found = queries.evidence(shop, row)
    assert found is not None
    assert (found.kind, found.typed_title, found.made_on) == (Kind.OTHER, "大棚", date(2026, 9, 1))


def test_publishing_twice_is_publishing_once(
    shop: Shop, files: None, batch: tuple[int, int, int]
) -> None:
    row = commands.add_evidence(shop, Target(batch_id=batch[0]), PHOTO, Kind.GROWING)
    commands.publish_evidence(shop, row, 1)
    commands.publish_evidence(shop, row, 1)
    assert version_of(shop, row) == 2


def test_what_was_removed_keeps_its_row_and_its_file(
    shop: Shop, files: None, batch: tuple[int, int, int], clock: Any
) -> None:
    row = commands.add_evidence(shop, Target(batch_id=batch[0]), PHOTO, Kind.GROWING)
    commands.remove_evidence(shop, row, 1)
    assert queries.evidence(shop, row) is None
    with pytest.raises(NotFound):
        commands.publish_evidence(shop, row, 2)
    clock.forward(days=3)
    care.sweep(shop)
    with shop.read() as connection:
        kept = connection.execute(select(schema.blob.c.sha256)).scalars().all()
        assert version_of(shop, row) == 2
    assert {PHOTO, SMALL} <= set(kept)


def test_freshness_of_the_last_test(shop: Shop, files: None, batch: tuple[int, int, int]) -> None:
    batch_id, product, supplier = batch
    of = {Target(supplier_id=supplier), Target(product_id=product)}
    assert {item.target for item in queries.due(shop).missing} == {Target(product_id=product)}
    assert {item.target for item in queries.tested(shop)} == of
    old, fresh = TODAY - timedelta(days=91), TODAY - timedelta(days=47)
    commands.add_evidence(shop, Target(batch_id=batch_id), REPORT, Kind.TEST_REPORT, made_on=old)
    commands.add_evidence(shop, Target(batch_id=batch_id), FILM, Kind.GROWING, made_on=TODAY)
    assert [item.days for item in queries.due(shop).old] == [91]
    row = commands.add_evidence(
        shop, Target(product_id=product), PHOTO, Kind.TEST_REPORT, made_on=fresh
    )
    assert queries.due(shop) == queries.Due((), ())
    assert {item.target: item.days for item in queries.tested(shop)} == {
        Target(supplier_id=supplier): 91,
        Target(product_id=product): 47,
    }
    commands.remove_evidence(shop, row, 1)
    assert {item.target: item.last for item in queries.tested(shop)}[
        Target(product_id=product)
    ] == old
