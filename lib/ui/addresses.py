"""Addresses: of the light pages as people outside open them, and of the screen that is open."""

from urllib.parse import urlsplit

import streamlit as st

from lib.shop.shop import Shop

_SAID = "address_said"


def say_again(page: str) -> None:
    """Tell the browser the address after a link from page ``page`` to itself.

    Streamlit follows such a link without writing it into the address. The next touch would be sent
    from the address that stands there still, and open the list again instead of saving what was
    touched. Parameters that a field keeps by itself (``bind``) are left to it.
    """
    asked = {
        name: value
        for name, value in st.query_params.to_dict().items()
        if name not in st.session_state
    }
    known = st.session_state.get(_SAID)
    st.session_state[_SAID] = (page, asked)
    if known is None or known[0] != page or known[1] == asked:
        return
    if asked:
        st.query_params.update(asked)
    elif not st.query_params:
        st.query_params.clear()


def of_path(shop: Shop, path: str) -> str:
    """Return the whole address of ``path``: under the shop's public address, else as opened here.

    Only the path where neither is known.
    """
    base = shop.settings.public_address
    if not base:
        here = urlsplit(st.context.url or "")
        base = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    return base + path
