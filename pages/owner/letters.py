"""Letters to suppliers: one page a month on what was complained about, and what we ask (R32)."""

from lib.ui import letters, letters_one, session

shop = session.owner()
month = letters.heading(shop)
supplier_id = letters.asked_supplier()

if supplier_id is None:
    letters.listing(shop, month)
else:
    letters_one.draw(shop, supplier_id, month)
