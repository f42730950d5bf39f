"""What after-sales add up to (R31, R32): the ledger, the causes of a month, letters to suppliers."""
