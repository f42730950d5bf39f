"""After-sales: every complaint answered within the hour, solved within the day (R26-R31)."""

from lib.ui import (
    after_sales,
    after_sales_board,
    after_sales_door,
    after_sales_find,
    after_sales_new,
    after_sales_one,
    session,
)
from lib.ui.after_sales import View

shop = session.staff()
view = after_sales.heading()

if view is View.ONE:
    after_sales_one.draw(shop)
elif view is View.NEW:
    after_sales_new.draw(shop)
elif view is View.FIND:
    after_sales_find.draw(shop)
else:
    after_sales_board.draw()
    after_sales_door.tell(shop)
