"""Packing the dossier of a batch. Files go from disk to disk; none is held in memory."""

import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lib.kernel.clock import local
from lib.shop.files import storage
from lib.shop.files.showing import Showing
from lib.shop.language import translator
from lib.shop.shop import DESK, Shop
from lib.supply.batches.queries import moved
from lib.supply.dossier.queries import Sheets, sheets
from lib.supply.purchasing.receiving.queries import Batch, batch
from lib.supply.stock.rules import KIND_NAMES
from lib.supply.suppliers.rules import PAPER_NAMES, PaperKind
from lib.supply.traceability.queries import Evidence, evidence_of
from lib.supply.traceability.rules import LABELS, Kind, Target

SUMMARY = "index.html"
_ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf", "video/mp4": "mp4"}
_TAGS = {"zh_CN": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Made:
    """A finished dossier on disk; whoever sends it removes it. ``name`` names nobody."""

    path: Path
    name: str


@dataclass(frozen=True)
class Packed:
    """A file of the dossier: its name inside, and the address of its bytes."""

    name: str
    sha256: str


def build(shop: Shop, batch_id: int) -> Made:
    """Write the dossier of a batch beside the uploads and return where; raises ``NotFound``.

    It is a temporary file: one that nobody removed goes with the next sweep of the uploads.
    """
    shop.require(DESK)
    this = batch(shop, batch_id)
    evidence = [one for one in _evidence(shop, this) if shop.may_see_cost or _shows_no_cost(one)]
    wanted = [this.photo, this.voucher if shop.may_see_cost else None]
    others = sheets(shop, batch_id, this.supplier_id, tuple(one for one in wanted if one))
    listed = _Listed(this, evidence, others)
    html = _summary(shop, listed)
    folder = shop.place.uploads / storage.UNFINISHED
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".zip", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as target, zipfile.ZipFile(target, "w") as packed:
            packed.writestr(SUMMARY, html, zipfile.ZIP_DEFLATED)
            for one in listed.files():
                source = storage.path_of(shop.place, one.sha256)
                if source.is_file():
                    packed.write(source, one.name, zipfile.ZIP_STORED)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Made(path, f"linli-batch-{_neutral(this.code)}.zip")


class _Listed:
    """The parts of a dossier with the name each of their files has inside it."""

    def __init__(self, this: Batch, evidence: list[Evidence], others: Sheets) -> None:
        self.batch = this
        self.others = others
        self.evidence = [
            (one, _name("evidence", number, one.kind.value, one.file))
            for number, one in enumerate(evidence, 1)
        ]
        self.papers = [
            (one, _name("papers", number, one.kind, one.file) if one.file else "")
            for number, one in enumerate(others.papers, 1)
        ]
        self.record = [
            (word, _name("record", number, word, others.files[sha256]), sha256)
            for number, (word, sha256) in enumerate(
                (("voucher", this.voucher), ("rejected", this.photo)), 1
            )
            if sha256 and sha256 in others.files
        ]

    def files(self) -> Iterator[Packed]:
        """Yield every file once under each of its names."""
        for _word, name, sha256 in self.record:
            yield Packed(name, sha256)
        for paper, name in self.papers:
            if paper.file:
                yield Packed(name, paper.file.sha256)
        for one, name in self.evidence:
            yield Packed(name, one.file.sha256)


def _evidence(shop: Shop, this: Batch) -> list[Evidence]:
    targets = (
        Target(batch_id=this.id),
        Target(product_id=this.product_id),
        Target(supplier_id=this.supplier_id),
    )
    return [one for target in targets for one in evidence_of(shop, target)]


def _shows_no_cost(one: Evidence) -> bool:
    return one.kind is not Kind.RECEIPT


def _summary(shop: Shop, listed: _Listed) -> str:
    settings, say = shop.settings, translator(shop.settings.language)
    this = listed.batch
    made_at = local(shop.clock.now(), settings.time_zone)
    values: dict[str, Any] = {
        "_": say,
        "tag": _TAGS[settings.language],
        "shop_name": settings.shop_name,
        "batch": this,
        "said": this.unit.said,
        "price": f"¥{this.unit_price.yuan:.2f}" if this.unit_price is not None else "",
        "record": listed.record,
        "papers": [(_paper_word(paper.kind, say), paper, name) for paper, name in listed.papers],
        "evidence": [
            (say(LABELS[one.kind]), _whose(one.target, say), one, name)
            for one, name in listed.evidence
        ],
        "moved": [(say(KIND_NAMES[one.kind]), one) for one in moved(shop, this.id)],
        "days": [(say(KIND_NAMES[one.kind]), one) for one in listed.others.moved],
        "recalls": listed.others.recalls,
        "made_at": f"{made_at:%Y-%m-%d %H:%M}",
        "moment": lambda value: f"{local(value, settings.time_zone):%Y-%m-%d %H:%M}",
    }
    return _templates().get_template("dossier.html").render(**values)


def _whose(target: Target, say: Any) -> str:
    if target.batch_id is not None:
        return str(say("of the batch"))
    return str(say("of the product") if target.product_id is not None else say("of the supplier"))


def _paper_word(kind: str, say: Any) -> str:
    names = {each.value: word for each, word in PAPER_NAMES.items()}
    return str(say(names.get(kind, PAPER_NAMES[PaperKind.OTHER])))


def _name(folder: str, number: int, word: str, file: Showing) -> str:
    ending = _ENDINGS.get(file.media_type, "bin")
    return f"{folder}/{number:02}-{_neutral(word)}.{ending}"


def _neutral(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", text).strip("-").lower() or "batch"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
