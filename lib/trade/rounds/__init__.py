"""Rounds: several products offered at a price until a cut-off, collected on one day (E2).

``rules`` tells what state a round is in and proposes times, ``announcement`` writes the texts for
the group, ``commands`` open, change, extend, close and copy, ``queries`` read.
"""
