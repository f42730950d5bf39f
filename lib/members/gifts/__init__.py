"""Gifts for birthdays and festivals: looked ahead, chosen, bought in time, given once (R34, R35).

A gift has a key that names who gets it for what in which year; of a birthday that is the member,
of a festival the household. One stands per key, whoever is at which screen. Families of merged
files are one person: what was given to any of them counts. What a gift costs is fixed when it is
given, from the batches it came out of; the books know it as a gift, not as a loss.
"""
