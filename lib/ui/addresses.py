"""Addresses of the light pages as people outside open them."""

from urllib.parse import urlsplit

import streamlit as st

from lib.shop.shop import Shop


def of_path(shop: Shop, path: str) -> str:
    """Return the whole address of ``path``: under the shop's public address, else as opened here.

    Only the path where neither is known.
    """
    base = shop.settings.public_address
    if not base:
        here = urlsplit(st.context.url or "")
        base = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    return base + path
