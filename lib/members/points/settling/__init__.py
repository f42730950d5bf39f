"""Making points available when the after-sales window of their order has closed (R36)."""
