"""Lists of who is still to come, an hour before a slot and after its end (R22).

A list is made once for a day and slot, by whichever process looks first; a program that was off
makes it late, never twice.
"""
