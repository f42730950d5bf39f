"""Finding a resident by whatever somebody says or scans at the counter (R33, E8).

Two steps: what an index answers (a number, a phone, a room, a card, a whole name or how it begins)
comes first and is nearly always all there is. Only where that leaves room in the list are names
searched for what stands inside them, which reads every name of the shop: at 20,000 members some
ten milliseconds, so there is no second copy of the names to keep, and to erase.
"""
