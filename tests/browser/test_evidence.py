"""Evidence in a real browser: several files at once, broken off, refused, published, looked at."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from lib.db.engine import open_store
from lib.kernel.clock import SystemClock
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Actor, Role
from lib.supply.traceability import queries
from lib.supply.traceability.rules import Target
from tests.browser.conftest import fill_in, new_page, sign_in
from tests.browser.screens import SLOW, one, press, settle
from tests.serving import Running
from tests.shop.files import samples
from tests.supply.cast import add_batch, add_product, add_supplier

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ZONE = "[data-linli-bring]"


@pytest.fixture
def batch(owned: Running) -> int:
    """A batch of eggs that came in today."""
    known = one(owned, "SELECT id FROM batch")
    if isinstance(known, int):
        return known
    store = open_store(Place.at(owned.folder).database_url)
    place, actor = Place.at(owned.folder), Actor(1, "芳姐", Role.OWNER)
    shop = shop_for(store, place, SystemClock(), actor)
    made = add_batch(
        shop,
        add_product(shop, "土鸡蛋", fresh=True),
        5000,
        supplier_id=add_supplier(shop),
        arrived_on=shop.today,
    )
    store.close()
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody brings: a photo, a clip, a report; an exe in disguise; a film too large."""
    folder = tmp_path_factory.mktemp("brought")
    (folder / "大棚.jpg").write_bytes(samples.photo((1200, 900), where=samples.PLACE, turned=6))
    (folder / "喂鸡.mp4").write_bytes(samples.clip(seconds=3, size=(320, 240)))
    (folder / "报告.pdf").write_bytes(samples.pdf(2))
    (folder / "坏.png").write_bytes(b"MZ" + bytes(5000))
    with (folder / "太大.mp4").open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    return folder


def evidence_of(server: Running, batch: int) -> tuple[queries.Evidence, ...]:
    store = open_store(Place.at(server.folder).database_url)
    place, actor = Place.at(server.folder), Actor(1, "芳姐", Role.OWNER)
    found = queries.evidence_of(
        shop_for(store, place, SystemClock(), actor), Target(batch_id=batch)
    )
    store.close()
    return found


def row(page: Page, name: str) -> Locator:
    return page.locator(f"{ZONE} li", has_text=name)


def wait_until_brought(page: Page) -> None:
    page.wait_for_function(f"() => !document.querySelector('{ZONE}[data-busy]')", timeout=SLOW)
    settle(page)


def cards(page: Page) -> Locator:
    return page.locator(".st-key-evidence-grid .linli-thumb")


def test_several_files_at_once(owned: Running, page: Page, batch: int, folder: Path) -> None:
    foreign: list[str] = []
    page.on(
        "request",
        lambda asked: (
            foreign.append(asked.url)
            if asked.url.startswith("http") and not asked.url.startswith(owned.address)
            else None
        ),
    )
    sign_in(page, owned, f"/evidence?batch={batch}")
    expect(page.get_by_role("button", name="Choose or film")).to_be_visible(timeout=SLOW)
    settle(page)
    names = ["大棚.jpg", "喂鸡.mp4", "报告.pdf", "坏.png", "太大.mp4"]
    page.locator(f"{ZONE} input").set_input_files([folder / name for name in names])
    expect(row(page, "报告.pdf")).to_contain_text("waiting")
    expect(page.get_by_role("status").filter(has_text="files")).to_have_text(
        "5 of 5 files", timeout=SLOW
    )
    wait_until_brought(page)
    expect(row(page, "坏.png")).to_contain_text("is not a photo, a video or a PDF")
    expect(row(page, "太大.mp4")).to_contain_text("Record a shorter one")
    expect(row(page, "大棚.jpg")).to_have_count(0)
    expect(cards(page)).to_have_count(3, timeout=SLOW)
    expect(page.get_by_role("button", name="Show the new files")).to_be_hidden()
    found = evidence_of(owned, batch)
    assert sorted(item.file.media_type for item in found) == [
        "application/pdf", "image/jpeg", "video/mp4",
    ]  # fmt: skip
    assert [item.is_published for item in found] == [False] * 3
    assert foreign == []


def test_files_are_dropped_and_go_on_after_a_broken_connection(
    owned: Running, page: Page, batch: int
) -> None:
    sign_in(page, owned, f"/evidence?batch={batch}")
    expect(page.get_by_role("button", name="Choose or film")).to_be_visible(timeout=SLOW)
    settle(page)
    offsets: list[str] = []

    def broken(route: Route) -> None:
        offset = route.request.url.split("offset=")[1].split("&")[0]
        offsets.append(offset)
        if offset == "0":
            route.continue_()
        else:
            route.abort("connectionreset")

    page.route("**/bring/*?offset=*", broken)
    drop(page, "路上.mp4", long_clip())
    expect(row(page, "路上.mp4")).to_contain_text("connection lost", timeout=SLOW)
    assert offsets[0] == "0" and "0" not in offsets[1:], "the first piece is not sent again"
    before = len(evidence_of(owned, batch))
    page.unroute("**/bring/*?offset=*")
    page.get_by_role("button", name="Go on").click()
    wait_until_brought(page)
    expect(cards(page)).to_have_count(before + 1, timeout=SLOW)
    drop(page, "路上.mp4", long_clip())
    expect(row(page, "路上.mp4")).to_contain_text("was there already", timeout=SLOW)


def test_published_on_a_phone_seen_by_a_resident_and_withdrawn(
    owned: Running, browser: Browser, batch: int
) -> None:
    clip = next(item for item in evidence_of(owned, batch) if item.file.is_clip)
    context, page = new_page(browser, **PHONE)
    page.goto(f"{owned.address}/evidence?batch={batch}&item={clip.id}")
    fill_in(page)
    expect(page.get_by_text("Are there people on it")).to_be_visible(timeout=SLOW)
    settle(page)
    resident, other = new_page(browser, **PHONE)
    way = f"{owned.address}/files/{clip.file.sha256}"
    assert resident.request.get(way).status == 404
    press(page, "Publish for residents")
    expect(page.get_by_text("Residents see it since")).to_be_visible(timeout=SLOW)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 390, "nothing runs out of the screen"
    other.goto(f"{owned.address}/p/origin/{token_of(owned, batch)}")
    played = other.locator("video").first.evaluate(PLAYED)
    assert played > 0, "the clip plays on the resident's page"
    assert resident.request.get(way, headers={"Range": "bytes=0-9"}).status == 206
    press(page, "Withdraw from residents")
    expect(page.get_by_role("button", name="Publish for residents")).to_be_visible(timeout=SLOW)
    assert resident.request.get(way).status == 404
    context.close()
    resident.close()


PLAYED = """async (video) => {
  video.muted = true;
  await video.play();
  await new Promise((go) => video.addEventListener("timeupdate", () => {
    if (video.currentTime > 0) go();
  }));
  return video.currentTime;
}"""
DROP = """([zone, name, body]) => {
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { lastModified: 1 }));
  const options = { dataTransfer: data, bubbles: true, cancelable: true };
  zone.dispatchEvent(new DragEvent("dragover", options));
  zone.dispatchEvent(new DragEvent("drop", options));
}"""


def drop(page: Page, name: str, content: bytes) -> None:
    """Drop a file on the zone as from a folder of the desktop."""
    zone = page.locator(ZONE).element_handle()
    page.evaluate(DROP, [zone, name, base64.b64encode(content).decode()])


def long_clip() -> bytes:
    """A clip that takes several pieces."""
    filler = 900 * 1024
    return samples.clip(size=(320, 180)) + filler.to_bytes(4, "big") + b"free" + bytes(filler - 8)


def token_of(server: Running, batch: int) -> str:
    return str(one(server, f"SELECT token FROM batch WHERE id = {batch}"))
