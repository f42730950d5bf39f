"""Clearances: what one is reckoned from, and what those that ran or run did (R7)."""
