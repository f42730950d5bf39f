"""What is cheaper now, with the lowest price really charged before beside it (R20; facts 3.3).

A promotion is an offer of an open round below the product's usual price or with a compared price, a
running clearance, or a welfare item on offer. Beside each stands the lowest price really charged in
the days before it *began*: nobody can say that a price was raised first and lowered then.
"""
