"""The weekly rhythm of what residents want (R4), and the plan of small lots, often (R5).

Everything begins with :func:`queries.daily_demand`: what was wanted of a product on a day, and
whether that figure says anything. Days on which a product sold out, days the shop was closed and
days nobody kept books of it are marked and left out of every mean: selling out is not low demand.
``rules`` reads the rhythm, ``plan`` turns it into quantities; which forecast is used and why
stands in docs/plan.md, measured by ``bench/plan_rules.py``.
"""
