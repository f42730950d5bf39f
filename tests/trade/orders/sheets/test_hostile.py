"""Files from strangers are refused with a sentence, and cost the server nothing (A18, A19)."""

import io
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from lib.kernel.errors import ShopError
from lib.trade import orders
from lib.trade.orders import sheets
from lib.trade.orders.sheets import Limits, UnreadableFile, propose, read_workbook
from tests.trade.orders.sheets.build import text, xlsx

SAMPLES = Path(__file__).parents[3] / "samples" / "orders"

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = (
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(sheets: list[str], extra: dict[str, str] | None = None) -> bytes:
    """Return a workbook of raw sheet XML, with further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        names = range(1, len(sheets) + 1)
        listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in names)
        links = "".join(
            f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in names
        )
        package = "http://schemas.openxmlformats.org/package/2006"
        archive.writestr(
            "[Content_Types].xml", f'{HEAD}<Types xmlns="{package}/content-types">{TYPES}</Types>'
        )
        archive.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook {SPACE} xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{HEAD}<Relationships xmlns="{package}/relationships">{links}</Relationships>',
        )
        main = f'<Relationship Id="r0" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr(
            "_rels/.rels",
            f'{HEAD}<Relationships xmlns="{package}/relationships">{main}</Relationships>',
        )
        for number, body in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", body)
        for name, body in (extra or {}).items():
            archive.writestr(name, body)
    return out.getvalue()


def sheet(rows: str, before: str = "") -> str:
    return f"{HEAD}{before}<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>"


def cell(place: str, value: int = 1) -> str:
    return f'<c r="{place}"><v>{value}</v></c>'


def far_cell() -> bytes:
    return packed([sheet(f'<row r="1048576">{cell("XFD1048576")}</row>')])


def many_rows() -> bytes:
    return packed(
        [sheet("".join(f'<row r="{n}">{cell(f"A{n}")}</row>' for n in range(1, 500_001)))]
    )


def many_sheets() -> bytes:
    return packed([sheet(f'<row r="1">{cell("A1")}</row>')] * 100)


def many_columns() -> bytes:
    letters = [
        chr(65 + a) + chr(65 + b) + chr(65 + c)
        for a in range(23)
        for b in range(26)
        for c in range(26)
    ]
    return packed([sheet('<row r="1">' + "".join(cell(f"{n}1") for n in letters) + "</row>")])


def laughs() -> bytes:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    body = '<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>'
    return packed([sheet(body, f"<!DOCTYPE x [{entities}]>")])


def outside_entity() -> bytes:
    body = '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
    return packed([sheet(body, '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>')])


def zip_bomb() -> bytes:
    return packed([sheet(" " * 170_000_000 + f'<row r="1">{cell("A1")}</row>')])


def lying_bomb() -> bytes:
    """A bomb whose directory claims that it unpacks to a few bytes."""
    data = bytearray(zip_bomb())
    real = len(sheet(" " * 170_000_000 + f'<row r="1">{cell("A1")}</row>'))
    size = struct.pack("<L", real)
    return bytes(data).replace(size, struct.pack("<L", 900))


def slip() -> bytes:
    return packed([sheet("")], {"../../../tmp/evil.xml": "<x/>"})


def macros() -> bytes:
    return packed([sheet("")], {"xl/vbaProject.bin": "x"})


def cut() -> bytes:
    whole = (SAMPLES / "kuaituantuan_orders.xlsx").read_bytes()
    return whole[: len(whole) // 2]


def flipped() -> bytes:
    whole = bytearray((SAMPLES / "kuaituantuan_orders.xlsx").read_bytes())
    for place in range(200, len(whole) - 200, 97):
        whole[place] ^= 0x55
    return bytes(whole)


def ole_noise() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40


def long_line() -> bytes:
    return b"a," * 25_000_000


def long_cell() -> bytes:
    return "订单号,下单人,商品,金额\n".encode() + b"1," + b"x" * 400_000 + b",y,1\n"


def many_commas() -> bytes:
    return b"," * 18_000_000 + b"\n"


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "far cell": (far_cell, "too_many_rows"),
    "500k rows": (many_rows, "too_many_rows"),
    "100 sheets": (many_sheets, "too_many_sheets"),
    "16k columns": (many_columns, "too_many_columns"),
    "billion laughs": (laughs, "unsafe_entities"),
    "outside entity": (outside_entity, "unsafe_entities"),
    "zip bomb": (zip_bomb, "unpacks_too_large"),
    "lying bomb": (lying_bomb, "damaged"),
    "zip slip": (slip, "unsafe_names"),
    "macros": (macros, "macros"),
    "truncated": (cut, "damaged"),
    "flipped bits": (flipped, "damaged"),
    "old container with noise": (ole_noise, "damaged"),
    "50 MB line": (long_line, "file_too_large"),
    "400 kB cell": (long_cell, "cell_too_long"),
    "18 million commas": (many_commas, "too_many_columns"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(900), "not_a_workbook"),
    "program": (lambda: b"MZ" + bytes(range(256)) * 64, "not_a_workbook"),
    "document": (lambda: b"%PDF-1.7 ...", "not_a_workbook"),
    "nothing": (lambda: b"", "empty"),
    "blanks": (lambda: b"\r\n \r\n", "empty"),
    "other zip": (lambda: _zip({"a.txt": "x"}), "not_a_workbook"),
}


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    make, cause = FILES[name]
    path = tmp_path / "orders.xlsx"
    path.write_bytes(make())
    resident = psutil.Process().memory_info().rss
    with pytest.raises(UnreadableFile) as refused:
        propose(read_workbook(path))
    assert refused.value.cause == cause
    assert len(refused.value.said()) > 20
    assert psutil.Process().memory_info().rss - resident < 50 * 1024 * 1024


def test_external_links_are_not_followed() -> None:
    data = packed(
        [sheet('<row r="1"><c r="A1"><f>[1]x!A1</f><v>7</v></c></row>')],
        {"xl/externalLinks/externalLink1.xml": f"<externalLink {SPACE}/>"},
    )
    assert read_workbook(data).sheets[0].rows == ((7,),)


def test_time_is_limited() -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        read_workbook(b"a,b\n1,2\n", limits=Limits(wall_seconds=0.001))
    assert refused.value.cause == "too_slow"
    assert time.monotonic() - started < 30


def test_memory_is_limited_where_the_system_can() -> None:
    pytest.importorskip("resource")
    rows = [["x" * 600 + str(n)] for n in range(19_000)]
    with pytest.raises(UnreadableFile) as refused:
        read_workbook(text(rows), limits=Limits(memory_bytes=40 * 1024 * 1024))
    assert refused.value.cause == "too_big"


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_workbook(tmp_path / "gone.xlsx")
    assert "gone.xlsx" in refused.value.said()


def test_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(xlsx([["跟团号", "下单人", "商品", "金额"], [1, "甲", "鸡蛋x1", 10]]))
    assert len(propose(read_workbook(path)).orders) == 1


def test_child_ignores_the_callers_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    (tmp_path / "lib").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert read_workbook(b"a,b\n1,2\n").sheets[0].rows == (("a", "b"), ("1", "2"))


def test_unclosed_quote_names_the_place() -> None:
    data = '订单号,下单人,商品,金额\n1,甲,"鸡蛋x1,10\n2,乙,豆腐x1,3\n'.encode()
    with pytest.raises(ShopError) as refused:
        read_workbook(data)
    assert "Row 2, column 3" in refused.value.said()


@pytest.mark.parametrize("module", ["lib.trade.orders.sheets.child", "lib.supply.past.child"])
def test_child_stays_light(module: str) -> None:
    """It starts for every file, so it holds neither big libraries nor the parser of chains."""
    import subprocess
    import sys

    root = Path(__file__).parents[4]
    heavy = ("pandas", "streamlit", "sqlalchemy", "numpy", "lib.trade.orders.chain",
             "lib.trade.orders.sheets.reading", "lib.trade.orders.sheets.goods")  # fmt: skip
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package", [orders, sheets])
def test_every_public_name_comes_at_its_first_use(package: ModuleType) -> None:
    for name in package.__all__:
        assert getattr(package, name).__module__.startswith(package.__name__), name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # noqa: B018
