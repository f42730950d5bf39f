"""Needs for delivery: for whom, from when until when, and how the resident agreed (R23)."""
