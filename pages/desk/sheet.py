"""Order files in: choose a file, look at what it says, confirm once (E1)."""

import streamlit as st

from lib.ui import (
    round_choice,
    session,
    sheet_books,
    sheet_file,
    sheet_goods,
    sheet_limits,
    sheet_review,
)
from lib.ui.forms import Form
from lib.ui.words import _

shop = session.staff()
st.title(_("Order files in"))
sheet_books.result()
chosen = round_choice.choose(shop, "sheet")
if chosen is None:
    st.stop()

form = Form("sheet")
upload = sheet_file.choose_file(shop, form)
if upload is None:
    st.stop()
if upload.reading is None:
    sheet_file.found(shop, form, upload)
    st.stop()

decisions = sheet_books.choices(form, upload)
desk = sheet_books.against_books(shop, upload, chosen, decisions)
sheet_review.overview(shop, desk, upload.entries, chosen)
sheet_goods.goods(shop, form, upload, desk, chosen)
sheet_review.doubtful(shop, form, upload, desk)
excesses = sheet_limits.found(shop, desk, chosen)
sheet_limits.decide(shop, upload, excesses)
sheet_review.changes(desk)
sheet_review.orders(shop, desk)
sheet_file.found(shop, form, upload)
sheet_books.confirm(shop, form, upload, desk, chosen, excesses)
