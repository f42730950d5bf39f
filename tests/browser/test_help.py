"""A resident reports with two photos on a phone, follows the case, and says it is not right yet."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import books
from tests.browser.screens import chinese
from tests.browser.test_residents import resident
from tests.serving import Running
from tests.shop.files import samples

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    target = io.BytesIO()
    samples.picture((320, 240)).save(target, "HEIF")
    return target.getvalue()


def fits(page: Page) -> None:
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_a_report_with_photos_its_page_and_the_answer(
    demo: Running, browser: Browser, tmp_path: Path
) -> None:
    turned, iphone = tmp_path / "IMG_1.jpg", tmp_path / "IMG_2.HEIC"
    turned.write_bytes(samples.photo((320, 200), turned=6, where=samples.PLACE))
    iphone.write_bytes(heic())
    page = resident(browser, script=False)
    page.goto(f"{demo.address}/p/prices")
    page.get_by_role("link", name=chinese("Something wrong with your goods?")).click()
    fits(page)
    page.get_by_label(chinese("Rotten, spoiled or smells")).check()
    page.locator("#what").fill("土鸡蛋")
    page.locator("#bad").fill("30 个里坏了 3 个")
    page.locator("#name").fill("王阿姨")
    page.locator("#photos").set_input_files([turned, iphone])
    page.get_by_role("button", name=chinese("Send it to the shop")).click()
    expect(page.get_by_role("heading", name=chinese("Keep this page"))).to_be_visible()
    fits(page)
    private = page.url.split("?")[0]
    assert "/p/case/" in private
    expect(page.locator("img.code")).to_be_visible()
    pictures = page.locator(".photos img")
    expect(pictures).to_have_count(2)
    pictures.first.scroll_into_view_if_needed()

    shown = page.context.request.get(private + "/photo/" + _number(pictures.first))
    picture = Image.open(io.BytesIO(shown.body()))
    assert picture.size == (200, 320)
    assert samples.PLACE.encode() not in shown.body()

    page.locator("#text").fill("整盒的照片晚点补")
    page.get_by_role("button", name=chinese("Send it to the shop")).click()
    expect(page.get_by_text(chinese("The shop has it. Thank you."))).to_be_visible()
    expect(page.get_by_text("整盒的照片晚点补")).to_be_visible()

    _solve(demo, "整盒的照片晚点补")
    page.goto(private)
    expect(page.get_by_role("heading", name=chinese("Is all well now?"))).to_be_visible()
    page.locator("#feedback").fill("补的也碎了")
    page.get_by_role("button", name=chinese("No, please look again")).click()
    expect(
        page.get_by_role("heading", name=chinese("The shop is looking after it"))
    ).to_be_visible()
    expect(page.get_by_text("补的也碎了")).to_be_visible()
    fits(page)
    page.context.close()


def _number(picture: object) -> str:
    address = str(picture.get_attribute("src"))  # type: ignore[attr-defined]
    return address.split("/photo/")[1].split("?")[0]


def _solve(demo: Running, said: str) -> None:
    """Let the case of ``said`` be solved, as the desk does."""
    with books(demo) as connection:
        case = connection.execute("SELECT case_id FROM case_entry WHERE text = ?", [said])
        connection.execute(
            "UPDATE after_sales_case SET status = 'solved' WHERE id = ?", [case.fetchone()[0]]
        )
