"""Welfare items (R19): one or two goods a month at or slightly below cost, said aloud.

``rules`` decides what a welfare item may cost and what it gives back, ``commands`` plan one and put
it into a round, ``queries`` read months, years and what residents see, ``texts`` say it.
"""
