"""What binds a supplier: agreements (R2) and licences with their validity (R9).

A paper that was withdrawn or an agreement that was ended stays in the books; nothing is deleted.
Which papers a supplier must show is one rule, ``rules.requirements``, whose sources stand there and
on the screen.
"""
