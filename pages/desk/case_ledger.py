"""The ledger of complaints: what became of every case, a month's causes, how quickly (R31)."""

from lib.ui import (
    case_ledger,
    case_ledger_causes,
    case_ledger_figures,
    case_ledger_rows,
    session,
)
from lib.ui.case_ledger import View

shop = session.staff()
view = case_ledger.heading()

if view is View.CAUSES:
    case_ledger_causes.draw(shop)
elif view is View.FIGURES:
    case_ledger_figures.draw(shop)
else:
    case_ledger_rows.draw(shop)
