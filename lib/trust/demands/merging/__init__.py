"""Wishes that may be one: suggested, merged by a person, taken apart again (R15).

``likeness`` compares titles, ``rules`` plans who goes where; both are pure. Nothing is ever merged
by itself.
"""
