"""Coupons: money off one order, once, by their code (R37)."""
