"""Nothing that was not published reaches a resident's browser (F-13, D11)."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet
from lib.ui import navigation
from tests.pages.conftest import Open
from tests.plant import NUMBER, SECRET, plant, publish_origin

PUBLIC = [entry.url for entry in navigation.TABLE if entry.file.startswith("public/")]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("url", PUBLIC)
def test_a_secret_in_every_column_stays_inside(
    screen: Open, shop: Shop, url: str, language: str
) -> None:
    product = plant(shop)
    publish_origin(shop)
    publish_sheet(shop, "周五团", shop.today, [product])
    at = screen(None, url, language)
    check(at)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("stopped", [False, True])
def test_one_batch_tells_what_was_published_only(
    screen: Open, shop: Shop, language: str, stopped: bool
) -> None:
    plant(shop)
    token = publish_origin(shop, stopped=stopped)
    at = screen(None, "origin", language)
    at.query_params["batch"] = token
    at.run()
    check(at)


def check(at: AppTest) -> None:
    """Look at every byte that was sent to the browser."""
    sent = b"".join(
        element.proto.SerializeToString()
        for element in (*at.main, *at.sidebar)
        if getattr(element, "proto", None) is not None
    )
    assert "土鸡蛋".encode() in sent
    for secret in (SECRET, f"{SECRET.lower()}_login", str(NUMBER), "芳姐"):
        assert secret.encode() not in sent
