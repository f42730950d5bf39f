"""Door delivery by need (R23, R24): who gets goods brought, the walk, the touch at the door.

What was decided here:

* A need is stored, never a reason. The hint says how to hand over; words about health, pregnancy
  or a child are refused (:mod:`lib.service.delivery.health`), and a resident's own words of that
  kind in an order's note are left out of the walking list.
* Withdrawal and the end of a need delete the hint (PIPL, articles 15 and 47). That a need stood,
  from when until when, and the shop's own consent text with day and way are kept for three years
  as proof that it was lawful (articles 14 and 69); then the row is deleted.
* Goods are brought to homes inside the community only, and without a need only where somebody
  decided so; both are looked at again in the transaction that books the touch at the door.
* What bringing costs the shop follows the mark "to deliver" (lib/trust/books): the walk is made
  for it, whether or not the tick was set. Brought and taken back is therefore one walk; "collects
  instead" and a cancelled order take the cost away.
"""
