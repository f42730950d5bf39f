"""Owed goods (欠补): promised and not given yet; a ledger that joins the next pick list (R29).

Everything at the desk that puts goods out or hands them over asks here what a resident has coming
beside what was ordered.
"""
