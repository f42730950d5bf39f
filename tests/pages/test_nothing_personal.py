"""Nothing that was not published reaches a resident's browser (F-13, D11)."""

import pytest

from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet
from lib.ui import navigation
from tests.pages.conftest import Open
from tests.plant import NUMBER, SECRET, plant

PUBLIC = [entry.url for entry in navigation.TABLE if entry.file.startswith("public/")]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("url", PUBLIC)
def test_a_secret_in_every_column_stays_inside(
    screen: Open, shop: Shop, url: str, language: str
) -> None:
    product = plant(shop)
    publish_sheet(shop, "周五团", shop.today, [product])
    at = screen(None, url, language)
    sent = b"".join(
        element.proto.SerializeToString()
        for element in (*at.main, *at.sidebar)
        if getattr(element, "proto", None) is not None
    )
    assert "土鸡蛋".encode() in sent
    for secret in (SECRET, f"{SECRET.lower()}_login", str(NUMBER), "芳姐"):
        assert secret.encode() not in sent
