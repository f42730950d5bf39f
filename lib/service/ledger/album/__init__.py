"""The ledger with its photos as one file: named by case number only, nobody's name in it (R31)."""
