"""What after-sales add up to (R31, R32): the ledger, the causes of a month, letters to suppliers.

A case and the doubles joined with it are one complaint, that of the case that was kept. Withdrawn
cases stand in the ledger and count in no rate; a promise that had run out before stays broken.
"""
