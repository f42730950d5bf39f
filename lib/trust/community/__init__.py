"""The group calendar: activities, daily tips, topics, and the week in which they stand.

``tips`` (R13) is the bank and what was sent of it, ``topics`` (R14) are questions whose answers
become demands, ``activities`` (R12) with their ``photos``, ``week`` puts all of it on seven days.
"""
