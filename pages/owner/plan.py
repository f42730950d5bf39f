"""The plan: what to buy on the next delivery days, and the orders made of it (R5)."""

from datetime import date

import streamlit as st

from lib.supply.rhythm.back_test.queries import back_test
from lib.supply.rhythm.plan import queries
from lib.ui import plan, plan_orders, plan_staples, session
from lib.ui.words import _

shop = session.owner()
st.title(_("Plan"))

found = queries.plan(shop)
if found.staples:
    plan.figures(shop, found)
    plan.helpless(found)
chosen = plan.choose(shop, found)

if chosen == plan.STAPLES:
    plan_staples.staples(shop, found.staples)
elif chosen == plan.TRIED:
    plan_staples.tried(shop, back_test(shop))
else:
    day = next((one for one in found.days if one.day == date.fromisoformat(chosen)), None)
    if day is not None:
        orders = queries.orders_of(shop, day.day)
        plan.one_day(shop, day, len(orders), day_is_first=day == found.days[0])
        plan_orders.of_day(shop, orders)
        plan_staples.line_of(shop, back_test(shop))
