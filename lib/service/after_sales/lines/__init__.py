"""What a resident bought, as a complaint needs it: lines, what can be counted, batches (R28)."""
