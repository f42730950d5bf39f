"""What is due now, from every wing, in one look: the home of owner and staff (E16)."""
