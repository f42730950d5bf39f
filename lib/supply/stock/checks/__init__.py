"""Whether the sums of stock are those of its ledger: the sum *is* the balance (E4)."""
