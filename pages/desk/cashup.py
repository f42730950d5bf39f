"""Cash-up: the day's money by method, the till counted against the books (E9)."""

import streamlit as st

from lib.trade.payments.queries import cash_ups, day_money, payments
from lib.ui import money_cashup, session, show
from lib.ui.words import _

shop = session.staff()
st.title(_("Cash-up"))

chosen = st.date_input(
    _("Day"), value=shop.today, max_value=shop.today, key="cashup-day", width=200
)
day = chosen or shop.today
money = day_money(shop, day)
counts = cash_ups(shop)
money_cashup.figures(money)
money_cashup.last_count(shop, counts, money)
money_cashup.count(shop, money)
if money.people:
    st.markdown(f"#### {_('By person')}")
    money_cashup.by_person(money)
st.markdown(f"#### {_('Money of {day}').format(day=show.day(day, shop))}")
money_cashup.rows(shop, payments(shop, day=day), day)
st.markdown(f"#### {_('Earlier counts')}")
money_cashup.counts(shop, counts)
