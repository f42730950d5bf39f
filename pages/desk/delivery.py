"""Door delivery (R23, R24): the walk of a day, what is to be decided, for whom a need stands."""

import streamlit as st

from lib.service.delivery.needs.queries import needs
from lib.service.delivery.needs.rules import State
from lib.service.delivery.queries import walk
from lib.ui import delivery, delivery_decide, delivery_needs, session
from lib.ui.delivery import View
from lib.ui.words import _

shop = session.staff()
st.title(_("Door delivery"))
day, slot = delivery.scope(shop)
found = walk(shop, day, slot)
standing = needs(shop)
ending = sum(one.state in (State.ENDING, State.OVER) and not one.followed for one in standing)
view = delivery.view_of(found, ending)

if view is View.DECIDE:
    delivery_decide.draw(shop, found)
elif view is View.NEEDS:
    delivery_needs.draw(shop, standing)
else:
    delivery.draw_walk(shop, found)
