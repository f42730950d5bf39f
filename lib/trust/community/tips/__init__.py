"""One useful thing a day for the group (R13): the bank, what fits today, what was sent."""
