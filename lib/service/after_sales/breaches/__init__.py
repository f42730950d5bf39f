"""Promises that ran out, written down when it happens even if nobody looks (R26, R27, R29)."""
