"""Who got goods of a batch without an order: as a gift, or for points. Nothing to pay back."""
