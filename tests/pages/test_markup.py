"""What people type about trust stays text: no picture, link or formula of theirs is drawn (D1, D2).

A picture in a wish would be fetched by every browser of the shop and tell a stranger who looks.
"""

from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.shop.shop import Shop
from tests.pages.conftest import Open
from tests.shop.messages.acts import MESSAGES
from tests.trust.community.acts import COMMUNITY
from tests.trust.demands.acts import DEMANDS
from tests.trust.welfare.acts import WELFARE

PICTURE, TAG = "![x](http://evil.example/?d)", "<s>"
TYPED = {
    "activity": ("title", "place", "note"),
    "activity_photo": ("caption", "consent"),
    "activity_task": ("text",),
    "buying_round": ("title",),
    "demand": ("title", "note", "reason"),
    "demand_source": ("name", "minimum", "note"),
    "demand_wish": ("name", "said"),
    "group_post": ("text",),
    "member": ("nickname",),
    "message_channel": ("name",),
    "message_delivery": ("text",),
    "person": ("name",),
    "product": ("name",),
    "tip": ("text",),
    "topic": ("question", "note"),
    "topic_answer": ("name", "text"),
    "welfare_item": ("note",),
    "wish_note": ("text", "name"),
}
"""What owner, staff and residents write in the tables of trust and of what it stands on."""
NO_MARKUP = {
    "arrow_data_frame", "code", "data_editor", "dataframe", "date_input", "json", "multiselect",
    "number_input", "selectbox", "text", "text_area", "text_input",
}  # fmt: skip
"""Elements that show a value as it is."""


@pytest.fixture
def stage(shop: Shop) -> dict[str, Any]:
    """Every topic with something of each kind, and a picture behind every word that was typed."""
    known: dict[str, Any] = {}
    for topic in (WELFARE, DEMANDS, COMMUNITY, MESSAGES):
        known |= topic.set_the_stage(shop).known
    with shop.store.write() as connection:
        for name, columns in TYPED.items():
            table = schema.metadata.tables[name]
            for column in map(table.c.__getitem__, columns):
                # Without a consent no word of one may stand there.
                written = update(table).where((column != "") | (column.name != "consent"))
                connection.execute(written.values({column: column + f" {PICTURE}{TAG}"}))
    return known


WAYS: tuple[tuple[str, dict[str, str]], ...] = (
    ("today", {}),
    ("demands", {}),
    *(("demands", {"view": view}) for view in ("in", "same", "notes", "figures")),
    *(("demands", {"demand": wish}) for wish in ("sesame", "offered")),
    ("demands", {"demand": "sesame", "do": "offered"}),
    ("community", {}),
    *(("community", {"view": view}) for view in ("activities", "tips", "topics")),
    ("community", {"activity": "activity"}),
    ("community", {"topic": "topic"}),
    ("welfare", {}),
    ("messages", {}),
    ("rounds", {}),
    ("costs", {}),
    ("profit", {}),
)


def test_no_page_draws_what_was_typed(screen: Open, shop: Shop, stage: dict[str, Any]) -> None:
    seen = 0
    for url, asked in WAYS:
        at = screen(shop, url)
        for name, word in asked.items():
            at.query_params[name] = str(stage.get(word, word))
        at.run()
        assert not at.exception, (url, asked, at.exception)
        drawn, shown = markup(at)
        assert not drawn, (url, asked, drawn)
        seen += shown
    assert seen > 30, "what was typed is there, escaped"


def markup(at: AppTest) -> tuple[list[str], int]:
    """Return what draws a typed picture, and how many elements show it escaped."""
    drawn, shown = [], 0
    for element in (*at.main, *at.sidebar):
        proto = getattr(element, "proto", None)
        if proto is None or element.type in NO_MARKUP:
            continue
        sent = proto.SerializeToString()
        shown += b"evil" in sent
        if (TAG if element.type == "html" else PICTURE).encode() in sent:
            drawn.append(f"{element.type}: {sent[:200]!r}")
    return drawn, shown
