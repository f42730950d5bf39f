"""What the origin pages are told: published facts, nearest first, and nothing else (R8, R9)."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.shop.files import photos
from lib.shop.shop import Shop
from lib.supply.origin import queries
from lib.supply.origin.rules import Level
from lib.supply.traceability.rules import Freshness
from tests.conftest import NOW
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, put


def picture(shop: Shop, colour: str = "#5f8f45") -> str:
    """Keep a small photo and return its address."""
    target = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(target, "PNG")
    return photos.store_photo(shop, target.getvalue(), "photo.png")


def add_evidence(shop: Shop, blob: str, *, published: bool = True, **values: Any) -> int:
    """Put a piece of evidence straight into the books."""
    row = {
        "kind": "test_report", "title": "", "blob": blob, "made_on": TODAY, "issuer": "杭州质检所",
        "result": "合格", "created_at": NOW, "published_at": NOW if published else None,
    }  # fmt: skip
    return put(shop, schema.evidence, **{**row, **values})


def add_paper(shop: Shop, supplier: int, kind: str = "production_permit", **values: Any) -> int:
    """Put a paper of a supplier straight into the books."""
    row = {"kind": kind, "number": "SC10633010900001", "created_at": NOW}
    return put(shop, schema.supplier_paper, supplier_id=supplier, **{**row, **values})


def token_of(shop: Shop, batch: int) -> str:
    with shop.read() as connection:
        return connection.execute(
            schema.batch.select().where(schema.batch.c.id == batch)
        ).one().token  # fmt: skip


def change(shop: Shop, table: Any, row_id: int, **values: Any) -> None:
    with shop.store.write() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))


def test_a_batch_leads_to_its_own_report_first(shop: Shop, resident_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    supplier = add_supplier(shop, typed_metres=12_400, distance_how="地图")
    old, new = (add_batch(shop, eggs, 5000, supplier_id=supplier) for _ in range(2))
    mine = add_evidence(shop, picture(shop), batch_id=new, made_on=TODAY - timedelta(days=3))
    add_evidence(shop, picture(shop, "#111111"), batch_id=old, made_on=TODAY)
    general = add_evidence(shop, picture(shop, "#222222"), product_id=eggs, made_on=TODAY)
    farm = add_evidence(shop, picture(shop, "#333333"), supplier_id=supplier, kind="growing")
    found = queries.origin(resident_shop, token_of(shop, new))
    assert [piece.id for piece in found.pieces] == [mine, general, farm]
    assert found.report is not None
    assert (found.report.id, found.report.level, found.report.days) == (mine, Level.BATCH, 3)
    assert [piece.id for piece in found.of(Level.SUPPLIER)] == [farm]
    assert (found.source.name, found.source.km) == ("青禾合作社", "12.4")


def test_without_an_own_report_it_says_whose_it_is(shop: Shop, resident_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000)
    age = shop.settings.test_fresh_days
    day = TODAY - timedelta(days=age)
    add_evidence(shop, picture(shop), product_id=eggs, made_on=day)
    report = queries.origin(resident_shop, token_of(shop, batch)).report
    assert report is not None
    assert (report.level, report.freshness) == (Level.PRODUCT, Freshness.FRESH)
    add_evidence(shop, picture(shop, "#111111"), batch_id=batch, made_on=day - timedelta(days=1))
    report = queries.origin(resident_shop, token_of(shop, batch)).report
    assert report is not None
    assert (report.level, report.freshness) == (Level.BATCH, Freshness.OLD)


def test_what_was_not_published_or_was_removed_is_not_there(
    shop: Shop, resident_shop: Shop
) -> None:
    batch = add_batch(shop, add_product(shop, "土鸡蛋"), 5000)
    add_evidence(shop, picture(shop), batch_id=batch, published=False)
    add_evidence(shop, picture(shop), batch_id=batch, removed_at=NOW)
    assert queries.origin(resident_shop, token_of(shop, batch)).pieces == ()


def test_names_and_contacts_are_shown_where_the_shop_says_so(
    shop: Shop, resident_shop: Shop
) -> None:
    supplier = add_supplier(
        shop, shows_name=False, phone="13900001234", address="径山村 8 号", latitude_e6=30_400_000,
        longitude_e6=119_800_000,
    )  # fmt: skip
    batch = add_batch(shop, add_product(shop, "土鸡蛋"), 5000, supplier_id=supplier)
    add_paper(shop, supplier)
    found = queries.origin(resident_shop, token_of(shop, batch))
    assert (found.source.name, found.source.contact) == ("", "")
    assert [paper.number for paper in found.certificates] == [""], "a number leads to the name"
    said = repr(found)
    for secret in ("青禾", "13900001234", "径山村", "30400000", "119800000", "400"):
        assert secret not in said


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (1, True), (None, True)])
def test_only_certificates_in_force_count(
    shop: Shop, resident_shop: Shop, days: int | None, counts: bool
) -> None:
    supplier = add_supplier(shop)
    batch = add_batch(shop, add_product(shop, "土鸡蛋"), 5000, supplier_id=supplier)
    until = None if days is None else TODAY + timedelta(days=days)
    scan = picture(shop)
    add_paper(shop, supplier, valid_until=until, scan=scan, published_at=NOW)
    found = queries.origin(resident_shop, token_of(shop, batch)).certificates
    assert [(paper.number, paper.pictures) for paper in found] == (
        [("SC10633010900001", (scan,))] if counts else []
    )
    assert queries.is_origin_picture(resident_shop, scan) is counts


def test_a_paper_is_pictured_only_where_it_is_published(shop: Shop, resident_shop: Shop) -> None:
    supplier, scan = add_supplier(shop), picture(shop)
    batch = add_batch(shop, add_product(shop, "土鸡蛋"), 5000, supplier_id=supplier)
    paper = add_paper(shop, supplier, scan=scan)
    found = queries.origin(resident_shop, token_of(shop, batch)).certificates
    assert [(one.number, one.pictures) for one in found] == [("SC10633010900001", ())]
    assert not queries.is_origin_picture(resident_shop, scan)
    change(shop, schema.supplier_paper, paper, published_at=NOW, withdrawn_at=NOW)
    assert not queries.is_origin_picture(resident_shop, scan)


def test_the_picture_of_a_product_with_batches_is_for_anybody(
    shop: Shop, resident_shop: Shop
) -> None:
    eggs, photo = add_product(shop, "土鸡蛋"), picture(shop)
    change(shop, schema.product, eggs, photo=photo)
    assert not queries.is_origin_picture(resident_shop, photo)
    add_batch(shop, eggs, 1000)
    assert queries.is_origin_picture(resident_shop, photo)


@pytest.mark.parametrize(
    "token", ["", "x", "token9999999", "' OR 1=1", "../etc", "蛋" * 9, "a" * 99]
)
def test_an_unknown_address_is_not_found(shop: Shop, resident_shop: Shop, token: str) -> None:
    add_batch(shop, add_product(shop, "土鸡蛋"), 5000)
    with pytest.raises(NotFound):
        queries.origin(resident_shop, token)


def test_a_stopped_batch_says_so_with_the_words_written_for_residents(
    shop: Shop, resident_shop: Shop
) -> None:
    batch = add_batch(shop, add_product(shop, "土鸡蛋"), 5000, stop_reason="3-201 小李说有怪味")
    put(shop, schema.recall, batch_id=batch, reason="沙门氏菌超标", advice="请别吃", started_at=NOW)
    token = token_of(shop, batch)
    assert queries.origin(resident_shop, token).called_back is None, "not stopped any more"
    change(shop, schema.batch, batch, stopped_at=NOW)
    found = queries.origin(resident_shop, token)
    assert found.stopped_on == TODAY
    assert found.called_back is not None
    assert (found.called_back.reason, found.called_back.advice) == ("沙门氏菌超标", "请别吃")
    assert "小李" not in repr(found)


def test_current_batches_lie_in_the_shop_and_may_be_sold(shop: Shop, resident_shop: Shop) -> None:
    names = ("好的", "卖完的", "停售的", "过期的", "下架的", "暂停的", "估计过期的")
    products = {name: add_product(shop, name) for name in names}
    gone = {"best_before": TODAY - timedelta(days=1)}
    batches = {
        name: add_batch(
            shop,
            product,
            1000,
            **(gone if "过期" in name else {}),
            best_before_printed=name == "过期的",
        )
        for name, product in products.items()
    }
    change(shop, schema.batch, batches["卖完的"], on_hand=0)
    change(shop, schema.batch, batches["停售的"], stopped_at=NOW)
    change(shop, schema.product, products["下架的"], archived_at=NOW)
    change(shop, schema.product, products["暂停的"], stopped_at=NOW)
    add_evidence(shop, picture(shop), product_id=products["好的"], kind="growing")
    found = {one.product: one for one in queries.current_batches(resident_shop)}
    assert set(found) == {"好的", "估计过期的"}
    assert (found["好的"].has_evidence, found["好的"].tested_on) == (True, None)
    assert not found["估计过期的"].has_evidence
