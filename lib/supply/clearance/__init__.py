"""Slow movers and what is done about them (practices R6, R7).

``rules`` judges sequences of days, ``days`` makes them out of the stock ledger and past figures,
``queries`` finds the runs now or in any period, ``offers`` reckons what a clearance costs and
saves, ``texts`` says it to the group, ``commands`` begins and ends clearances, ``running`` measures
them.
"""
