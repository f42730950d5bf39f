"""Wishes that residents write on the light page: nobody signs in, a person reads each (R15).

A note is nothing but its words and, if given, the name used in the group. No address of a browser
is kept; what was decided is deleted after :data:`lib.shop.upkeep.NOTES_KEPT`.
"""
